"""Scanning texts under a policy: which rules count, and which files may hold secrets."""

import os
import sys

from codex_guard.model import Finding, Text
from codex_guard.policy.policy import Policy
from codex_guard.secrets import index, search

_ALLOWED = "the policy allows secrets in this file"


def texts(texts_: list[Text], policy: Policy) -> tuple[Finding, ...]:
    """Return the findings in several texts, in order."""
    rules = index.load()
    found: list[Finding] = []
    for text in texts_:
        found += search.scan(text, rules, policy.disabled_secret_rules)
    return tuple(found)


def suppress_allowed(
    findings: tuple[Finding, ...], policy: Policy, worktree: str, cwd: str
) -> tuple[Finding, ...]:
    """Mark the findings in files that the policy allows to hold secrets, and the same values elsewhere.

    The same value in the call that wrote such a file is the same secret, so it is marked too.
    """
    if not policy.allowed_paths or not findings:
        return findings
    spec = _patterns(policy.allowed_paths)
    allowed = set()
    for finding in findings:
        path = os.path.relpath(os.path.join(cwd, finding.where), worktree)
        if not path.startswith("..") and spec(path):
            allowed.add(finding.secret)
    return tuple(f.replace(suppressed=_ALLOWED) if f.secret in allowed else f for f in findings)


def counted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that count: those that nothing suppresses."""
    return tuple(finding for finding in findings if finding.suppressed is None)


def _patterns(lines: tuple[str, ...]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    try:
        import pathspec  # noqa: PLC0415 - 30 ms, paid only for a finding under such a policy
    except ImportError:
        # Started without site: the package's folder is known, its neighbours' may not be (editable install).
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        prefix = os.path.dirname(os.path.dirname(sys.executable))
        sys.path.append(os.path.join(prefix, "lib", version, "site-packages"))
        import pathspec  # noqa: PLC0415
    return pathspec.PathSpec.from_lines("gitwildmatch", lines).match_file

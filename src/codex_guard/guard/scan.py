"""Scanning texts under a policy: which rules count, and which files may hold secrets."""

import os
import sys

from codex_guard.errors import GuardError
from codex_guard.model import Finding, Text
from codex_guard.policy.policy import Policy
from codex_guard.secrets import index, search

_PASSES = 4
_ALLOWED = "the policy allows secrets in this file"


def texts(texts_: list[Text], policy: Policy) -> tuple[Finding, ...]:
    """Return the findings in several texts, in order."""
    rules = index.load()
    found: list[Finding] = []
    for text in texts_:
        found += search.scan(text, rules, policy.disabled_secret_rules)
    return tuple(found)


def masked(body: str, findings: tuple[Finding, ...], policy: Policy) -> str:
    """Return the scanned ``body`` masked, so that it passes when it is judged again.

    Of findings that overlap one is kept; what another said of the rest shows once that one is masked.
    """
    from codex_guard.secrets.masking import mask  # noqa: PLC0415 - a clean text never comes here

    for _ in range(_PASSES):
        body = mask(body, findings)
        findings = texts([Text("", body)], policy)
        if not findings:
            break
    return body


def suppress_allowed(
    findings: tuple[Finding, ...], policy: Policy, worktree: str, cwd: str
) -> tuple[Finding, ...]:
    """Mark the findings in files that the policy allows to hold secrets; ``where`` of each is a file."""
    if not policy.allowed_paths or not findings:
        return findings
    allows = _patterns(policy.allowed_paths)
    marked = []
    for finding in findings:
        path = os.path.relpath(os.path.join(cwd, finding.where), worktree)
        inside = path != ".." and not path.startswith("../")
        marked.append(finding.replace(suppressed=_ALLOWED) if inside and allows(path) else finding)
    return tuple(marked)


def once(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings with each value once, the first: for texts that were looked at in two ways."""
    return tuple({finding.secret: finding for finding in reversed(findings)}.values())[::-1]


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
    try:
        return pathspec.GitIgnoreSpec.from_lines(lines).match_file
    except ValueError as error:
        raise GuardError(f"The policy's secrets.allowed_paths hold no gitignore pattern: {error}.") from error

"""Scanning texts under a policy: which rules count, and which findings."""

from codex_guard.model import Finding, Text
from codex_guard.policy.policy import Policy
from codex_guard.secrets import index, search

_PASSES = 4


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


def once(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings with each value once, the first: for texts that were looked at in two ways."""
    return tuple({finding.secret: finding for finding in reversed(findings)}.values())[::-1]


def counted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that count: those that nothing suppresses."""
    return tuple(finding for finding in findings if finding.suppressed is None)

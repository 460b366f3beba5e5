"""Putting a mask where a secret stood."""

from codex_guard.model import Finding


def mask(body: str, findings: tuple[Finding, ...]) -> str:
    """Return the scanned ``body`` with every finding's value replaced by ``<masked:RULE>``.

    A value is masked wherever it stands in ``body``, not only where it was found.
    """
    pieces: list[str] = []
    at = 0
    for finding in sorted(findings, key=lambda finding: finding.start):
        if finding.start >= at:
            pieces += (body[at : finding.start], str(finding.secret))
            at = finding.end
    pieces.append(body[at:])
    return veil("".join(pieces), findings)


def veil(text: str, findings: tuple[Finding, ...]) -> str:
    """Return another ``text`` with the findings' values replaced wherever they stand, the longest first."""
    for secret in sorted({finding.secret for finding in findings}, key=lambda secret: -len(secret.reveal())):
        text = text.replace(secret.reveal(), str(secret))
    return text

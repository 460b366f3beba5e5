"""Putting a mask where a secret stood."""

from codex_guard.model import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_MANY = 50  # values: each costs a pass over the text
_TELLING = 8  # characters of a value that tell something of it: its provider's prefix alone does not


def mask(body: str, findings: tuple[Finding, ...]) -> str:
    """Return the scanned ``body`` with every finding's value replaced by ``<masked:RULE>``.

    A value is masked wherever it stands in ``body``, not only where it was found.
    """
    pieces: list[str] = []
    at = 0
    for finding in sorted(findings, key=lambda finding: finding.start):
        if finding.start >= at:
            pieces += (body[at : finding.start], str(finding.secret))
        at = max(at, finding.end)  # of those that overlap, the whole stretch
    pieces.append(body[at:])
    return veil("".join(pieces), findings)


def veil(text: str, findings: tuple[Finding, ...]) -> str:
    """Return another ``text`` with the findings' values replaced wherever they stand, the longest first."""
    return veiler(findings)(text)


def veiler(findings: tuple[Finding, ...]) -> "Callable[[str], str]":
    """Return what veils one text after the other, as ``veil`` does."""
    values = _values(findings)
    if len(values) > _MANY:
        size = min(len(value) for value, _ in values)
        heads: dict[str, list[tuple[str, str]]] = {}
        for value, shown in values:
            heads.setdefault(value[:size], []).append((value, shown))
        return lambda text: _veiled(text, heads, size)

    def veiled(text: str) -> str:
        for value, shown in values:
            text = text.replace(value, shown)
        return text

    return veiled


def _veiled(text: str, heads: dict[str, list[tuple[str, str]]], size: int) -> str:
    """Veil many values in one pass over the text; of those that overlap, the whole stretch.

    ``heads`` are the values by their first ``size`` characters, which is what the shortest has.
    """
    pieces: list[str] = []
    end = 0
    for at in range(len(text) - size + 1):
        for value, shown in heads.get(text[at : at + size], ()):
            if text.startswith(value, at):
                if at >= end:
                    pieces += (text[end:at], shown)
                end = max(end, at + len(value))
                break
    pieces.append(text[end:])
    return "".join(pieces)


def veil_cut(text: str, findings: tuple[Finding, ...]) -> str:
    """Veil a ``text`` of lines that were cut anywhere: the start of a value at a line's end goes too."""
    values = _values(findings)
    lines = veil(text, findings).split("\n") if values else [text]
    for number, line in enumerate(lines):
        kept = line.rstrip(" …)")
        for value, shown in values:
            start = _start_at_end(kept, value)
            if start:
                lines[number] = kept[:-start] + shown + line[len(kept) :]
                break
    return "\n".join(lines)


def _values(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Return each value, and each telling line of a value, with its mask; the longest first."""
    values: dict[str, str] = {}
    for finding in findings:
        shown = str(finding.secret)
        for secret in (finding.secret, finding.spelled):
            value = secret.reveal() if secret is not None else ""
            if value:
                values[value] = shown
            for line in value.splitlines():
                if len(line.strip()) >= _TELLING:
                    values.setdefault(line.strip(), shown)
    return sorted(values.items(), key=lambda item: -len(item[0]))


def _start_at_end(text: str, value: str) -> int:
    """Return how many characters of the value's start end the ``text``; 0 for less than tell something."""
    for size in range(min(len(value) - 1, len(text)), _TELLING - 1, -1):
        if text.endswith(value[:size]):
            return size
    return 0

"""Many short texts looked at as one: a search has a cost of its own, which a line alone does not pay for."""

from bisect import bisect_right

from codex_guard.guard.traces import marks, strings
from codex_guard.guard.traces.marks import Mark, Values
from codex_guard.model import Finding, Secret
from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from codex_guard.guard.traces.marks import Find
    from codex_guard.guard.traces.strings import Piece


class Masked(Record):
    """A text that held secrets: the ``key`` it was added under, as it was, as it is masked, and those."""

    key: "Hashable"
    old: str
    new: str
    secrets: tuple[Secret, ...]


class Batch:
    """Texts that are collected, looked at together, and given back masked.

    ``find`` and ``values`` are as for ``marks.of``.
    """

    def __init__(self, find: "Find", values: Values) -> None:
        self._find, self._values = find, values
        self._texts: list[tuple[Hashable, str]] = []
        self._pieces: list[tuple[int, Piece]] = []
        self._starts: list[int] = []
        self._shown: list[str] = []
        #: Characters that were collected so far.
        self.size = 0

    def add(self, key: "Hashable", text: str) -> None:
        """Collect a text: a line of JSON, of which the strings are looked at, or any other."""
        for piece in strings.pieces(text):
            self._starts.append(self.size + len(piece.before))
            self._pieces.append((len(self._texts), piece))
            shown = f"{piece.before}{piece.text}{piece.behind}"
            self._shown.append(shown)
            self.size += len(shown)
        self._texts.append((key, text))

    def masked(self, told: str = "", findings: "Iterable[Finding]" = ()) -> "Iterator[Masked]":
        """Yield the texts that hold secrets, in order; ``findings`` is what is known of the text ``told``."""
        findings = tuple(findings)
        first = [
            Mark(start + finding.start, start + finding.end, finding.secret)
            for start, (_, piece) in zip(self._starts, self._pieces, strict=True)
            if findings and piece.text == told
            for finding in findings
        ]
        spans: dict[int, list[tuple[Piece, int, int]]] = {}
        secrets: dict[int, list[Secret]] = {}
        for mark in marks.of("".join(self._shown), self._find, self._values, first):
            at = max(bisect_right(self._starts, mark.start) - 1, 0)
            counted = False
            while at < len(self._starts) and self._starts[at] < mark.end:
                number, piece = self._pieces[at]
                start = max(mark.start - self._starts[at], 0)
                end = min(mark.end - self._starts[at], len(piece.text))
                if start < end:
                    spans.setdefault(number, []).append((piece, start, end))
                    if not counted:
                        secrets.setdefault(number, []).append(mark.secret)
                        counted = True
                at += 1
        for number, found in spans.items():
            key, old = self._texts[number]
            yield Masked(key, old, strings.masked(old, found), tuple(secrets.get(number, ())))

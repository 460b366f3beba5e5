"""Candidate search and judgement: a text in, findings out.

Keywords come first: a rule's regex is compiled only when one of its keywords stands in the text, and
tried only near it. A clean text therefore costs one lower-casing and one substring search a keyword.
"""

from codex_guard.model import Finding, Secret, Text
from codex_guard.record import Record
from codex_guard.secrets import keywords

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from re import Pattern

    from codex_guard.secrets.index import Entry, Index

_SEVERITY = {"critical": 0, "high": 1, "medium": 2, "low": 3}


class _Candidate(Record):
    """A confirmed match, before it is known whether a better one covers it."""

    entry: "Entry"
    start: int
    end: int
    rank: int


def scan(text: Text, index: "Index", disabled: "Collection[str]" = ()) -> tuple[Finding, ...]:
    """Return the secrets in ``text``, in the order of their places; overlapping ones once.

    ``disabled`` are ids of rules to leave out. Work is linear in the text for each rule whose keyword
    is in it.
    """
    body = text.body
    touched = keywords.places(lower(body), index.keywords)
    if not touched:
        return ()
    candidates: list[_Candidate] = []
    for number, places in touched.items():
        entry = index.entry(number)
        if entry.id not in disabled:
            candidates.extend(_confirmed(body, entry, places))
    return _findings(text, _best(candidates))


def lower(text: str) -> str:
    """Lower-case without moving a place: ``İ`` alone grows in ``str.lower`` (Unicode SpecialCasing)."""
    if not text.isascii() and "\u0130" in text:
        text = text.replace("\u0130", "I")
    return text.lower()


def _windows(places: list[int], before: int, after: int) -> "Iterator[tuple[int, int]]":
    """Join the surroundings of the places (at least one) into stretches that do not overlap."""
    places.sort()
    start = max(0, places[0] - before)
    end = places[0] + after
    for place in places:
        if place - before > end:
            yield start, end
            start = place - before
        end = place + after
    yield start, end


def _confirmed(body: str, entry: "Entry", places: list[int]) -> "Iterator[_Candidate]":
    """Yield what the rule matches near its keywords and what stands up to confirmation."""
    windows = [
        window for window in _windows(places, entry.before, entry.after) if _may_match(body, window, entry)
    ]
    if not windows:
        return
    from codex_guard.secrets import confirm  # noqa: PLC0415 - a clean text never comes here

    regex: Pattern[str] = entry.pattern()
    for window_start, window_end in windows:
        for found in regex.finditer(body, window_start, window_end):
            # What reaches the window's end may go on behind it: half a secret must not stay unmasked.
            match = found if found.end() < window_end else regex.match(body, found.start()) or found
            start, end = match.span(entry.group)
            if start < 0 or start == end:
                continue
            value = body[start:end]
            if entry.bounded and not confirm.is_bounded(body, start, end):
                continue
            rank = _rank(entry, places, start, end)
            if not entry.structured and confirm.is_placeholder(value, formatted=rank == 0):
                continue
            if entry.entropy and confirm.entropy(value) < entry.entropy:
                continue
            if entry.generic and not confirm.looks_secret(value, quoted=_is_quoted(body, start, end)):
                continue
            yield _Candidate(entry, start, end, rank)


def masked(text: str, index: "Index") -> str:
    """Return a sentence or a name with the secrets masked that are found in it."""
    from codex_guard.secrets.masking import mask  # noqa: PLC0415 - a clean text never comes here

    return mask(text, scan(Text("", text), index))


def _may_match(body: str, window: tuple[int, int], entry: "Entry") -> bool:
    """Say whether a window has a run without white space that is long enough for the rule."""
    if not entry.solid:
        return True
    start, end = window
    return max(map(len, body[start:end].split()), default=0) >= entry.solid


def _is_quoted(body: str, start: int, end: int) -> bool:
    return start > 0 and body[start - 1] in "\"'`" and body[end : end + 1] == body[start - 1]


def _rank(entry: "Entry", places: list[int], start: int, end: int) -> int:
    """Say how much the rule knows: 0 a provider's format, 1 a provider by name or a common format, 2 neither.

    A format is told by its keyword standing in the secret itself; one that is ``structured`` (a JWT, a
    PEM block) is many providers'. ``places`` are in order, as ``_windows`` leaves them.
    """
    if entry.generic:
        return 2
    if entry.structured:
        return 1
    from bisect import bisect_left  # noqa: PLC0415 - a clean text never comes here

    at = bisect_left(places, start)
    return 0 if at < len(places) and places[at] < end else 1


def _best(candidates: list[_Candidate]) -> list[_Candidate]:
    """Of overlapping candidates keep one: a format before a name, then severity, then length."""
    ranked = sorted(
        candidates,
        key=lambda c: (c.rank, _SEVERITY[c.entry.severity], c.start - c.end, c.entry.id),
    )
    # Each kept stretch claims its characters; a set of claimed places keeps this linear.
    kept: list[_Candidate] = []
    claimed: set[int] = set()
    for candidate in ranked:
        span = range(candidate.start, candidate.end)
        if claimed.isdisjoint(span):
            claimed.update(span)
            kept.append(candidate)
    kept.sort(key=lambda candidate: candidate.start)
    return kept


def _findings(text: Text, kept: list[_Candidate]) -> tuple[Finding, ...]:
    body = text.body
    found = []
    line, line_start, counted = text.first_line, 0, 0
    for candidate in kept:
        entry, start = candidate.entry, candidate.start
        line += body.count("\n", counted, start)
        line_start = body.rfind("\n", 0, start) + 1
        counted = start
        found.append(
            Finding(
                rule=entry.id,
                title=entry.title,
                severity=entry.severity,
                revoke=entry.revoke,
                where=text.where,
                line=line,
                column=start - line_start + 1,
                start=start,
                end=candidate.end,
                secret=Secret(body[start : candidate.end], entry.id),
            )
        )
    return tuple(found)

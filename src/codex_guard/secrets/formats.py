"""Secrets that a format tells: a provider's own, or a place where credentials stand."""

from bisect import bisect_left

from codex_guard.secrets import candidate, confirm, keywords
from codex_guard.secrets.candidate import Candidate
from codex_guard.secrets.strictness import LENIENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Pattern

    from codex_guard.secrets.index import Entry


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


def candidates(body: str, entry: "Entry", places: list[int], strictness: str) -> "Iterator[Candidate]":
    """Yield what the rule matches near its keywords and what stands up to confirmation."""
    regex: Pattern[str] | None = None
    for window_start, window_end in _windows(places, entry.before, entry.after):
        if entry.solid and not keywords.has_run(body, window_start, window_end, entry.solid):
            continue
        regex = regex or entry.pattern()
        for found in regex.finditer(body, window_start, window_end):
            # What reaches the window's end may go on behind it: half a secret must not stay unmasked.
            match = found if found.end() < window_end else regex.match(body, found.start()) or found
            start, end = match.span(entry.group)
            if start < 0 or start == end or (entry.bounded and not confirm.is_bounded(body, start, end)):
                continue
            one = _judged(body, entry, start, end, _rank(entry, places, start, end))
            if one is not None and not (one.doubtful and strictness == LENIENT):
                yield one


def _judged(body: str, entry: "Entry", start: int, end: int, rank: int) -> Candidate | None:
    """Return the match as a candidate, or None where it is no secret."""
    value = body[start:end]
    proven = confirm.holds(entry.check, value)
    if entry.check and not proven and entry.structured:
        return None
    if confirm.is_documented(value):
        return None
    if not (proven or entry.structured) and confirm.is_placeholder(value, formatted=rank == candidate.FORMAT):
        return None
    if entry.entropy and confirm.entropy(value) < entry.entropy:
        return None
    if entry.generic and not _looks_secret(body, start, end):
        return None
    return Candidate(entry, start, end, rank, doubtful=bool(entry.check) and not proven)


def _looks_secret(body: str, start: int, end: int) -> bool:
    from codex_guard.secrets.naming import looks  # noqa: PLC0415 - a provider's format is told without

    quoted = start > 0 and body[start - 1] in "\"'`" and body[end : end + 1] == body[start - 1]
    return looks.looks_secret(body[start:end], quoted=quoted)


def _rank(entry: "Entry", places: list[int], start: int, end: int) -> int:
    """Say how much the rule knows; see ``candidate``.

    A format is told by its keyword standing in the secret itself; one that is ``structured`` (a JWT, a
    PEM block) is many providers'. ``places`` are in order, as ``_windows`` leaves them.
    """
    if entry.generic:
        return candidate.PLACE
    if entry.structured:
        return candidate.PROVIDER
    at = bisect_left(places, start)
    return candidate.FORMAT if at < len(places) and places[at] < end else candidate.PROVIDER

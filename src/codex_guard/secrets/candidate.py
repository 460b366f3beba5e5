"""What may be a secret, before it is known whether a better candidate covers it."""

from bisect import bisect_left

from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from codex_guard.secrets.index import Entry

_SEVERITY = {"critical": 0, "high": 1, "medium": 2, "low": 3}
#: How much a rule knows of what it found: a provider's own format; a provider by its name, or a format
#: that many use; a place where credentials stand; a name alone.
FORMAT, PROVIDER, PLACE, NAME = 0, 1, 2, 3


class Candidate(Record):
    """A confirmed match: its rule, its offsets, and its rank (``FORMAT`` to ``NAME``).

    ``doubtful``: its checksum does not hold, so that it is cut short, mistyped or made up.
    """

    entry: "Entry"
    start: int
    end: int
    rank: int
    doubtful: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """Return where it stands."""
        return self.start, self.end


def best(candidates: list[Candidate]) -> "list[tuple[Candidate, int, int]]":
    """Of overlapping candidates keep one: by rank, then severity, then length. In the order of places.

    With each comes the stretch that it and those that it keeps out cover: what the best one leaves of a
    longer value, such as a password around a token, is no less secret.
    """
    kept: list[tuple[Candidate, int, int]] = []
    for group in _overlapping(candidates):
        if len(group) == 1:
            kept.append((group[0], group[0].start, group[0].end))
            continue
        group.sort(key=lambda c: (c.rank, _SEVERITY[c.entry.severity], c.start - c.end, c.entry.id))
        chosen: list[Candidate] = []
        at: list[int] = []
        for one in group:
            number = bisect_left(at, one.end)  # those before begin before its end
            if not number or chosen[number - 1].end <= one.start:
                at.insert(number, one.start)
                chosen.insert(number, one)
        kept += _stretches(chosen, at, group)
    return kept


def _overlapping(candidates: list[Candidate]) -> "Iterator[list[Candidate]]":
    """Yield the candidates in order, those that overlap each other in one list."""
    group: list[Candidate] = []
    end = 0
    for one in sorted(candidates, key=lambda c: (c.start, c.end)):
        if group and one.start >= end:
            yield group
            group = []
        end = max(end, one.end) if group else one.end
        group.append(one)
    if group:
        yield group


def _stretches(
    chosen: list[Candidate], at: list[int], group: list[Candidate]
) -> "Iterator[tuple[Candidate, int, int]]":
    starts, ends = [one.start for one in chosen], [one.end for one in chosen]
    for one in group:
        # The first and the last of those that it overlaps: what is between them is covered by neither.
        first = max(bisect_left(at, one.start) - 1, 0)
        first += chosen[first].end <= one.start
        last = bisect_left(at, one.end) - 1
        for number in range(first, last + 1):
            starts[number] = min(starts[number], one.start if number == first else ends[number - 1])
            ends[number] = max(ends[number], one.end if number == last else at[number + 1])
    yield from zip(chosen, starts, ends, strict=True)

"""What may be a secret, before it is known whether a better candidate covers it."""

from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
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


def best(candidates: list[Candidate]) -> list[Candidate]:
    """Of overlapping candidates keep one: by rank, then severity, then length. In the order of places."""
    ranked = sorted(
        candidates,
        key=lambda c: (c.rank, _SEVERITY[c.entry.severity], c.start - c.end, c.entry.id),
    )
    # Each kept stretch claims its characters; a set of claimed places keeps this linear.
    kept: list[Candidate] = []
    claimed: set[int] = set()
    for candidate in ranked:
        span = range(candidate.start, candidate.end)
        if claimed.isdisjoint(span):
            claimed.update(span)
            kept.append(candidate)
    kept.sort(key=lambda candidate: candidate.start)
    return kept

"""Which stretches of a text are to be masked: what is found, and wherever else the same values stand."""

from codex_guard.model import Finding, Secret, Text
from codex_guard.record import Record
from codex_guard.secrets import known
from codex_guard.secrets.known import Known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Find = Callable[[str], tuple[Finding, ...]]

_PASSES = 4
_TELLING = 8  # characters of a value: a shorter one stands in other words
_MOST = 200  # values that are looked for: each costs a pass over the text
_KEPT = frozenset("\r\n")


class Mark(Record):
    """A stretch of a text (offsets in characters), and the secret that stands there."""

    start: int
    end: int
    secret: Secret


class Values:
    """The values found so far: what told one in one place need not stand beside it in another."""

    def __init__(self) -> None:
        self._known: dict[Secret, Known] = {}

    def add(self, findings: "Iterable[Finding]") -> None:
        """Remember what the findings show, both the secret and how it is spelled."""
        for finding in findings:
            for secret in (finding.secret, finding.spelled):
                telling = secret is not None and len(secret.reveal()) >= _TELLING
                if secret is not None and telling and len(self._known) < _MOST:
                    self._known.setdefault(secret, Known(secret.kind, secret))

    def marks(self, body: str) -> list[Mark]:
        """Return where the values stand, also encoded."""
        stands = known.stands(Text("", body), tuple(self._known.values()))
        return [Mark(stand.start, stand.end, stand.known.secret) for stand in stands]


def of(body: str, find: "Find", values: Values, first: "Iterable[Mark]" = ()) -> tuple[Mark, ...]:
    """Return the stretches to mask, in order and apart; masked, the text shows nothing more.

    ``find`` gives the findings of a text that count; ``first`` are marks that are known already. ``values``
    grows by what is found. Work is linear in the text for each pass and each value.
    """
    marks = [*first, *values.marks(body)]
    for _ in range(_PASSES):
        body = starred(body, marks)
        findings = find(body)
        if not findings:
            break
        values.add(findings)
        marks += [Mark(finding.start, finding.end, finding.secret) for finding in findings]
        marks += values.marks(body)
    return _apart(marks)


def starred(body: str, marks: "Iterable[Mark]") -> str:
    """Return the text with each marked character replaced by ``*``; the ends of lines stay."""
    pieces: list[str] = []
    at = 0
    for mark in _apart(marks):
        pieces.append(body[at : mark.start])
        pieces += (star(character) for character in body[mark.start : mark.end])
        at = mark.end
    return "".join((*pieces, body[at:]))


def star(character: str) -> str:
    """Return what stands for a masked character."""
    return character if character in _KEPT else "*"


def _apart(marks: "Iterable[Mark]") -> tuple[Mark, ...]:
    """Join marks that overlap, under the first one's secret."""
    apart: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
        if not apart or mark.start >= apart[-1].end:
            apart.append(mark)
        elif mark.end > apart[-1].end:
            apart[-1] = apart[-1].replace(end=mark.end)
    return tuple(apart)

"""What a look through Codex's folder goes by, and what it says of one file."""

from codex_guard.guard.traces.batch import Batch, Masked
from codex_guard.guard.traces.marks import Values
from codex_guard.model import Finding
from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.traces.marks import Find

#: Bytes of one text, a line or a cell, that is looked at.
LARGEST = 32 << 20
#: Characters that are looked at together.
TOGETHER = 1 << 20
_LISTED = 200  # places of one file that are kept for the ledger; all are counted


class Look(Record):
    """What is looked for: ``find`` gives a text's findings, ``values`` are those so far; ``apply``: mask."""

    find: "Find"
    values: Values
    apply: bool

    def batch(self) -> Batch:
        """Return a fresh batch."""
        return Batch(self.find, self.values)


class Scrubbed:
    """What was found in one file so far: how often by each rule, how much of it is masked, and what is wrong.

    ``places`` are the first masked places, for the ledger; ``problems`` are the ends of sentences.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.rules: dict[str, int] = {}
        self.masked = 0
        self.places: list[Finding] = []
        self.problems: dict[str, None] = {}

    @property
    def found(self) -> int:
        """How many secrets were found, masked or not."""
        return sum(self.rules.values())

    def count(self, one: Masked) -> None:
        """Count what a text holds."""
        for secret in one.secrets:
            self.rules[secret.kind] = self.rules.get(secret.kind, 0) + 1

    def mask(self, one: Masked, line: int) -> None:
        """Count the text as masked; ``line`` is its number in the file, or 0."""
        self.masked += len(one.secrets)
        for secret in one.secrets[: _LISTED - len(self.places)]:
            self.places.append(Finding(secret.kind, "", "", "", self.name, line, 1, 0, 0, secret))

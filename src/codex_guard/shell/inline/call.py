"""One call in a program."""

from codex_guard.record import Record
from codex_guard.shell.inline.things import UNKNOWN, Thing


class Call(Record):
    """A call by its full name; ``receiver`` is what a method is called on."""

    name: str
    receiver: Thing | None
    given: tuple[Thing, ...]
    named: tuple[tuple[str, Thing], ...]

    @property
    def first(self) -> Thing:
        """The first argument."""
        return self.given[0] if self.given else UNKNOWN

    @property
    def subject(self) -> Thing:
        """What a method is called on, or a function's first argument."""
        if self.name.startswith(".") and self.receiver is not None:
            return self.receiver
        return self.first if self.given or not self.named else self.named[0][1]

"""A program that would be started, and what feeds it."""

from codex_guard.record import Record
from codex_guard.shell.meaning import Scope, Value


class Invocation(Record):
    """One program that would be started.

    ``argv`` begins with the program; ``scope`` says where; ``targets`` are its output redirections as
    (operator, path); ``upstream`` is the stage of the pipeline that is piped into it; ``inner`` what
    substitutions in its words run; ``source`` the text for people; ``stdin`` the text it reads, where known;
    ``fed`` the known texts of the process substitutions among its words.
    """

    argv: tuple[Value, ...]
    scope: Scope
    source: str
    targets: tuple[tuple[str, Value], ...] = ()
    upstream: "Stage | None" = None
    inner: "tuple[Invocation, ...]" = ()
    stdin: str | None = None
    fed: tuple[str, ...] = ()

    @property
    def program(self) -> str:
        """The program's name without its folder."""
        return self.argv[0].text.rpartition("/")[2] if self.argv else ""


class Stage(Record):
    """What one part of a pipeline starts; ``before`` is the part that is piped into it."""

    started: tuple[Invocation, ...]
    before: "Stage | None" = None


class Feed(Record):
    """What a command reads: the pipeline's stage before it, and the text where that is known."""

    stage: Stage | None = None
    text: str | None = None

"""A program that would be started, what feeds it, and what it starts itself."""

from codex_guard.record import Record
from codex_guard.shell.meaning import HOLE, Scope, Value


class Invocation(Record):
    """One program that would be started.

    ``argv`` begins with the program; ``scope`` says where; ``targets`` are its output redirections as
    (operator, path); ``upstream`` is the stage of the pipeline that is piped into it; ``inner`` what
    substitutions in its words run; ``source`` the text for people; ``stdin`` the text it reads, where known;
    ``fed`` the known texts of the process substitutions among its words; ``sources`` are the files that its
    input redirections name. ``elsewhere``: it runs in a ``container``, on a ``host``, in a ``pod`` or on
    another ``machine``, where the folders of this one mean nothing. ``captured``: it stands in a
    substitution, so that what it prints becomes an argument or a variable.
    """

    argv: tuple[Value, ...]
    scope: Scope
    source: str
    targets: tuple[tuple[str, Value], ...] = ()
    upstream: "Stage | None" = None
    inner: "tuple[Invocation, ...]" = ()
    stdin: str | None = None
    fed: tuple[str, ...] = ()
    sources: tuple[Value, ...] = ()
    elsewhere: str = ""
    captured: bool = False

    @property
    def program(self) -> str:
        """The program's name without its folder."""
        return self.argv[0].text.rpartition("/")[2] if self.argv else ""


class Stage(Record):
    """What one part of a pipeline starts; ``before`` is the part that is piped into it.

    ``wholly``: it is a simple command, and no redirection leads its output anywhere but into the pipe.
    """

    started: tuple[Invocation, ...]
    before: "Stage | None" = None
    wholly: bool = False


class Feed(Record):
    """What a command reads: the pipeline's stage before it, and the text where that is known."""

    stage: Stage | None = None
    text: str | None = None


class Start(Record):
    """What a wrapper starts: a command (``argv``) or a ``script`` with ``$0`` and on in ``arguments``.

    ``folder`` is where, if it is not the wrapper's own; ``here``: in the shell itself, as ``eval`` does;
    ``elsewhere``: not on this machine, as in ``Invocation``. ``variables`` are set for it alone.
    """

    argv: tuple[Value, ...] = ()
    script: str | None = None
    arguments: tuple[Value, ...] | None = None
    folder: str | None = None
    here: bool = False
    elsewhere: str = ""
    variables: tuple[tuple[str, str], ...] = ()


def whole(started: list[Invocation]) -> tuple[Invocation, ...]:
    """Return what is started together with what the words of that start."""
    return (*started, *(inner for each in started for inner in each.inner))


def behind(started: list[Invocation], feed: Feed, printed: str | None, *, wholly: bool = False) -> Feed:
    """Return what is read behind a stage of a pipeline that starts ``started``; ``wholly``: see ``Stage``."""
    if printed is not None and HOLE in printed and not printed.strip(HOLE + "\n"):
        printed = None
    return Feed(Stage(whole(started), feed.stage, wholly), printed)

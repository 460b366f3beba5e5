"""An invocation's arguments as its program reads them: flags, operands, and the files it reads and writes."""

from codex_guard.record import Record
from codex_guard.shell import programs
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import Value

_COPIERS = frozenset(("cp", "gcp", "mv", "gmv", "ln", "install", "rsync", "scp"))
_PACKERS = frozenset(("tar", "gtar", "bsdtar"))
_DD = frozenset(("dd", "gdd", "dcfldd"))
# Options whose value is no file that is read.
_UNREAD = frozenset(
    ("o", "O", "out", "output", "output-document", "g", "glob", "iglob", "include", "exclude", "exclude-dir",
     "t", "target-directory", "ignore", "ignore-dir", "label", "suffix", "transform")
)  # fmt: skip
# Their operands are addresses.
_CLIENTS = frozenset(("curl", "wget", "http", "https", "xh", "ssh", "nc", "ncat", "aria2c"))
# Values that take an option back.
_OFF = frozenset(("false", "none", "no", "off", "0"))


class Arguments(Record):
    """What an invocation was given.

    ``flags`` are short letters, clusters and single-dash words; ``names`` what stood behind ``--``. Both
    are without dashes, and ``names`` holds ``name=value`` besides the name. ``options`` are those with a
    value, by name. ``operands`` are all the rest: the first ``lead`` stand before any option that is not
    known, those at ``loose`` may be the value of such a one. ``written`` are
    the operands that the program writes to, ``read`` the files that it reads.
    """

    flags: frozenset[str]
    names: frozenset[str]
    operands: tuple[Value, ...]
    written: tuple[Value, ...] = ()
    read: tuple[Value, ...] = ()
    options: tuple[tuple[str, Value], ...] = ()
    loose: frozenset[int] = frozenset()
    lead: int = 0

    def option(self, *names: str) -> list[Value]:
        """Return the values of the options with one of these names, in order."""
        return [value for name, value in self.options if name in names]


def read_arguments(invocation: Invocation) -> Arguments:
    """Tell flags from operands as getopt_long does, or as the program does where that differs."""
    program = invocation.program
    if program == "kill":
        return _kill(invocation.argv)
    if program == "tar" and (more := invocation.scope.lookup("TAR_OPTIONS")):
        words = tuple([Value(word) for word in more.split()])
        invocation = invocation.replace(argv=(*invocation.argv[:1], *words, *invocation.argv[1:]))
    if program in ("find", "gfind"):
        from codex_guard.shell.wrapped import find  # noqa: PLC0415 - for find only

        found = _Reader(program, find.own(invocation.argv)).whole()
        starts = tuple(find.starts(invocation.argv))
        return found.replace(
            operands=starts, written=starts, read=starts, loose=frozenset(), lead=len(starts)
        )
    found = _Reader(program, invocation.argv).whole()
    if program in _DD:
        return found.replace(written=_prefixed("of=", found), read=_prefixed("if=", found))
    if program == "tee":
        return found.replace(written=found.operands, read=invocation.sources)
    if program in _COPIERS:
        found = _copied(found)
    elif program in _CLIENTS:
        return found.replace(read=(*_prefixed("file://", found), *invocation.sources))
    else:
        grammar = programs.of(program)
        texts = 0 if _is_given(grammar.given, found) else grammar.texts
        found = found.replace(written=found.operands, read=found.operands[texts:])
        if program in _PACKERS and (folders := found.option("C", "directory")):
            found = found.replace(read=tuple([_below(folders[-1], value) for value in found.read]))
    given = _UNREAD | programs.of(program).given
    values = [value for name, value in found.options if name not in given]
    return found.replace(read=(*found.read, *invocation.sources, *values))


def is_remote(value: Value) -> bool:
    """Say whether an argument is ``host:path`` or an rsync address."""
    host, colon, _ = value.text.partition(":")
    return (bool(colon) and "/" not in host) or value.text.startswith(("rsync://", "scp://", "sftp://"))


def _is_given(names: frozenset[str], found: Arguments) -> bool:
    return not (names.isdisjoint(found.flags) and names.isdisjoint(found.names))


def _prefixed(prefix: str, found: Arguments) -> tuple[Value, ...]:
    return tuple([Value(v.text[len(prefix) :], v.glob) for v in found.operands if v.text.startswith(prefix)])


def _copied(found: Arguments) -> Arguments:
    """Say of a program that copies or moves what it reads and where it writes."""
    operands, folders = found.operands, found.option("t", "target-directory")
    written, read = operands, operands
    if folders:
        written = tuple(folders)
    elif len(operands) > 1:
        written, read = operands[-1:], operands[:-1]
    elif "d" not in found.flags and "directory" not in found.names:
        written = ()
    # Into a folder, each file goes under its own name.
    inside = [_into(folder, value) for folder in written[:1] for value in read]
    return found.replace(written=(*written, *inside), read=read)


def _below(folder: Value, value: Value) -> Value:
    return value if value.text.startswith("/") else Value(f"{folder.text}/{value.text}", value.glob)


def _into(folder: Value, value: Value) -> Value:
    name = value.text.rstrip("/").rpartition("/")[2]
    return Value(f"{folder.text}/{name.rpartition(':')[2] if is_remote(value) else name}", value.glob)


class _Reader:
    """Goes through the arguments of one invocation once."""

    def __init__(self, program: str, argv: tuple[Value, ...]) -> None:
        self.program = program
        self.argv = argv
        self.grammar = programs.of(program)
        self.takes = self.grammar.before | self.grammar.values
        self.flags: set[str] = set()
        self.names: set[str] = set()
        self.operands: list[Value] = []
        self.options: list[tuple[str, Value]] = []
        self.loose: set[int] = set()
        self.lead: int | None = None
        self.at = 1

    def whole(self) -> Arguments:
        """Read all of them."""
        undecided = False  # whether the argument before may take this one as its value
        if self.program == "tar" and not self._first().startswith("-"):
            self._bundle(self._first())
        while self.at < len(self.argv):
            value = self.argv[self.at]
            self.at += 1
            if value.text == "--":
                self.names |= {""} if self.at < len(self.argv) else set()
                self.operands += self.argv[self.at :]
                break
            if value.text.startswith("-") and len(value.text) > 1:
                undecided = self._option(value.text) and not self._is_switch(value.text)
                if undecided and self.operands and self.lead is None:
                    self.lead = len(self.operands)
            else:
                self._operand(value, loose=undecided)
                undecided = False
        return Arguments(
            frozenset(self.flags),
            frozenset(self.names),
            tuple(self.operands),
            options=tuple(self.options),
            loose=frozenset(self.loose),
            lead=len(self.operands) if self.lead is None else self.lead,
        )

    def _is_switch(self, text: str) -> bool:
        return self.grammar.complete or text.lstrip("-") in self.grammar.switches

    def _first(self) -> str:
        return self.argv[1].text if len(self.argv) > 1 else "-"

    def _bundle(self, letters: str) -> None:
        """Read tar's first argument, letters without a dash whose values follow it in order."""
        self.flags |= {letters, *letters}
        self.at = 2
        for letter in letters:
            if letter in self.takes and self.at < len(self.argv):
                self.options.append((letter, self.argv[self.at]))
                self.at += 1

    def _operand(self, value: Value, *, loose: bool) -> None:
        if loose:
            self.loose.add(len(self.operands))
        elif len(self.operands) == len(self.loose):  # the first that is surely one: the subcommand
            self.takes = self.grammar.values | programs.of(f"{self.program} {value.text}").values
        self.operands.append(value)

    def _option(self, text: str) -> bool:
        """Read an option and the value it surely takes; says whether it may take another."""
        if text.startswith("--"):
            name, equals, given = text[2:].partition("=")
            self.names.add(text[2:])
            if given not in _OFF:
                self.names.add(name)
            return self._valued(name, given if equals else None)
        name, equals, given = text[1:].partition("=")
        if (
            equals and len(name) > 1 and (name in self.takes or self.takes.isdisjoint(name))
        ):  # -target=x, as Go's flag package takes it
            self.names.add(text[1:])
            self.flags |= {name} if given not in _OFF else set()
            return self._valued(name, given)
        if text[1:] in self.takes:
            self.flags.add(text[1:])
            return self._valued(text[1:], None)
        letters, attached = _cluster(text[1:], self.takes)
        self.flags |= {letters, *letters}
        return self._valued(letters[-1:], attached)

    def _valued(self, name: str, given: str | None) -> bool:
        whole = self._whole(name)
        if given:
            self.options.append((whole or name, Value(given)))
        elif given is None and whole:
            if self.at < len(self.argv):
                self.options.append((whole, self.argv[self.at]))
            self.at += 1
        else:
            return given is None
        return False

    def _whole(self, name: str) -> str:
        """Return the option that takes a value and is meant by ``name``; empty where there is none.

        A name can be cut short, a letter cannot.
        """
        if name in self.takes or name in self.grammar.switches:
            return name if name in self.takes else ""
        return next((known for known in self.takes if known.startswith(name)), "") if len(name) > 2 else ""  # noqa: PLR2004


def _cluster(text: str, takes_value: frozenset[str]) -> tuple[str, str | None]:
    """Split ``rft/etc`` into letters and a value; None where that may be the next argument."""
    for at, letter in enumerate(text, 1):
        if letter in takes_value:
            return text[:at], text[at:] or None
    return text, None


def _kill(argv: tuple[Value, ...]) -> Arguments:
    """Read kill's arguments: a first one with a dash is the signal, a later one a process group."""
    at = 1
    flags: frozenset[str] = frozenset()
    first = argv[1].text if len(argv) > 1 else ""
    if first in ("-s", "-n", "--signal"):
        at = 3
    elif first.startswith("-") and first != "--":
        flags, at = frozenset((first.lstrip("-"),)), 2
    if len(argv) > at and argv[at].text == "--":
        at += 1
    return Arguments(flags, flags, argv[at:])

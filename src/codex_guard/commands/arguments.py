"""An invocation's arguments as its program reads them: flags, operands, and where it writes to."""

from codex_guard.record import Record
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import Value
from codex_guard.shell.wrappers import find_starts

# Options of git before its subcommand that take a value.
_GIT_GLOBAL = frozenset(("C", "c", "git-dir", "work-tree", "namespace", "exec-path", "config-env"))
# Short options that take a value, attached or as the next argument: its letters are no flags.
_VALUES = {
    "cp": "tS", "mv": "tS", "ln": "tS", "install": "tSgmo", "rsync": "efTB", "truncate": "sr", "touch": "drt",
    "git clean": "e", "git push": "o", "git checkout": "bB", "git restore": "s", "git branch": "u",
    "git commit": "mFCct", "git stash": "m", "git switch": "cC", "git tag": "mFu", "git reset": "",
}  # fmt: skip
_COPIERS = frozenset(("cp", "gcp", "mv", "gmv", "ln", "install", "rsync", "scp"))
_DD = frozenset(("dd", "gdd", "dcfldd"))


class Arguments(Record):
    """``flags`` are short letters, clusters and single-dash words; ``names`` what stood behind ``--``.

    Both are without dashes, and ``names`` holds ``name=value`` besides the name. ``written`` are the
    operands that the program writes to, where it reads the others; ``read`` those others.
    """

    flags: frozenset[str]
    names: frozenset[str]
    operands: tuple[Value, ...]
    written: tuple[Value, ...] = ()
    read: tuple[Value, ...] = ()


def read_arguments(invocation: Invocation) -> Arguments:
    """Tell flags from operands as getopt_long does, or as the program does where that differs."""
    program = invocation.program
    if program == "kill":
        return _kill(invocation.argv)
    flags, names, operands, folder = _options(program, invocation.argv)
    if program == "find":
        operands = find_starts(invocation.argv)
    elif program in _DD:
        written = [Value(v.text[3:], v.glob) for v in operands if v.text.startswith("of=")]
        return Arguments(flags, names, tuple(operands), tuple(written))
    written, read = operands, operands
    if program in _COPIERS:
        if folder is not None:
            written = [folder]
        elif len(operands) > 1:
            written, read = operands[-1:], operands[:-1]
        elif "d" not in flags and "directory" not in names:
            written = []
        # Into a folder, each file goes under its own name.
        written = [*written, *(_into(into, value) for into in written[:1] for value in read)]
    return Arguments(flags, names, tuple(operands), tuple(written), tuple(read))


def _into(folder: Value, value: Value) -> Value:
    return Value(f"{folder.text}/{value.text.rstrip('/').rpartition('/')[2]}", value.glob)


def _options(
    program: str, argv: tuple[Value, ...]
) -> tuple[frozenset[str], frozenset[str], list[Value], Value | None]:
    """Return flags, names, operands, and the folder that ``-t`` names."""
    flags: set[str] = set()
    names: set[str] = set()
    rest: list[Value] = []
    folder: Value | None = None
    at = 1
    while at < len(argv):
        text = argv[at].text
        at += 1
        if text == "--":
            names |= {""} if at < len(argv) else set()
            rest += argv[at:]
            break
        if text.startswith("--"):
            name, equals, value = text[2:].partition("=")
            names |= {name, text[2:]}
            if program == "git" and not rest and name in _GIT_GLOBAL:
                at += not equals
            elif program in _COPIERS and len(name) > 1 and "target-directory".startswith(name):
                folder = Value(value) if equals else argv[at] if at < len(argv) else None
                at += not equals
        elif text.startswith("-") and len(text) > 1:
            key = f"git {rest[0].text}" if program == "git" and rest else program
            letters, attached = _cluster(text[1:], "Cc" if key == "git" else _VALUES.get(key, ""))
            flags |= {letters, *letters}
            if letters[-1:] == "t" and program in _COPIERS:
                folder = Value(attached) if attached else argv[at] if at < len(argv) else None
            at += attached is None
        else:
            rest.append(argv[at - 1])
    return frozenset(flags), frozenset(names), rest, folder


def _cluster(text: str, takes_value: str) -> tuple[str, str | None]:
    """Split ``rft/etc`` into letters and a value; None where that is the next argument."""
    for at, letter in enumerate(text, 1):
        if letter in takes_value:
            return text[:at], text[at:] or None
    return text, ""


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

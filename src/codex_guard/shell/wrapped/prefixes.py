"""Programs whose command stands behind their own options: ``sudo X``, ``uv run X``, ``docker exec BOX X``."""

from codex_guard.record import Record
from codex_guard.shell.invocation import Invocation, Start
from codex_guard.shell.meaning import Value
from codex_guard.shell.wrapped.table import GLOBALS, PREFIXES, SAME
from codex_guard.shell.wrapped.traits import (
    ASSIGN,
    BUILTINS,
    DASHED,
    EACH,
    ELSEWHERE,
    FOLDERS,
    INTERSPERSED,
    JOINED,
    MANAGERS,
    OPERANDS_FIRST,
    PAIRS,
    QUERIES,
    REST,
    SCRIPTS,
    SHELLS,
    TOOLS,
)

_MOST_SPLITS = 20  # times that env splits an argument
_MOST_WORDS = 3  # of a subcommand


class Behind(Record):
    """What stands behind the options of a wrapper: its ``command``, and what was passed on the way there."""

    command: tuple[Value, ...]
    options: tuple[tuple[str, Value], ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    operands: tuple[Value, ...] = ()

    def option(self, *names: str) -> Value | None:
        """Return the value of the last option with one of these names."""
        return next((value for name, value in reversed(self.options) if name in names), None)


def started(invocation: Invocation) -> list[Start]:
    """Return what a wrapper of the table starts; nothing where the program is none."""
    key, argv = _subcommand(invocation)
    if key not in PREFIXES:
        return _tool(key, argv)
    behind = read(key, argv)
    elsewhere = ELSEWHERE.get(key, "")
    found = [
        Start(script=value.text, elsewhere=elsewhere)
        for name, value in behind.options
        if name in SCRIPTS.get(key, "").split()
    ]
    command = behind.command
    entry = behind.option("entrypoint")
    if entry is not None:
        command = (entry, *command)
    if not (command or found) and _runs_a_shell(key, behind) and reads(invocation):
        return [Start((Value("sh"),), elsewhere=elsewhere)]
    if not command or found:
        return found
    if key in EACH:
        return [Start(script=value.text) for value in command]
    if key in JOINED:
        return [Start(script=" ".join([value.text for value in command]), elsewhere=elsewhere)]
    folder = behind.option(*FOLDERS.get(key, "").split())
    return [
        Start(
            command,
            folder=folder.text if folder is not None else None,
            here=key in BUILTINS,
            elsewhere=elsewhere,
            variables=behind.variables,
        )
    ]


def _tool(program: str, argv: tuple[Value, ...]) -> list[Start]:
    """Return the tool that ``yarn X`` starts, or a script of ``npm run X`` that is called like one."""
    if program not in MANAGERS:
        return []
    names = takes_value(GLOBALS[program])
    at = 1
    while at < len(argv) and (argv[at].text[:1] == "-" or argv[at].text in ("run", "run-script")):
        text = argv[at].text
        at += 1 + (text[:1] == "-" and option(text, names)[1] is None)
    if at >= len(argv) or argv[at].text not in TOOLS:
        return []
    rest = argv[at + 1 :]
    return [Start((argv[at], *(rest[1:] if rest[:1] == (Value("--"),) else rest)))]


def _runs_a_shell(key: str, behind: Behind) -> bool:
    """Say whether a wrapper without a command starts a shell; sudo needs an option for it."""
    wanted = SHELLS.get(key)
    return wanted is not None and (not wanted or behind.option(*wanted.split()) is not None)


def reads(invocation: Invocation) -> bool:
    """Say whether something is fed to a program."""
    return invocation.stdin is not None or invocation.upstream is not None


def _subcommand(invocation: Invocation) -> tuple[str, tuple[Value, ...]]:
    """Return the table's key for a program and its subcommand, and the arguments from the latter on."""
    argv = invocation.argv
    program = SAME.get(invocation.program, invocation.program)
    if program not in GLOBALS:
        return program, argv
    names = takes_value(GLOBALS[program])
    key, at = program, 1
    while at < len(argv):
        text = argv[at].text
        if text.startswith("-") and len(text) > 1:
            at += 1 + (option(text, names)[1] is None)
            continue
        key = SAME.get(f"{key} {text}", f"{key} {text}")
        if key in PREFIXES:
            return key, argv[at:]
        if key in GLOBALS:
            names = takes_value(GLOBALS[key])
        at += 1
        if key.count(" ") >= _MOST_WORDS:
            break
    return program, argv


def takes_value(spec: str) -> frozenset[str]:
    """Return the options that take a value: the letters of the first word, and the names behind it."""
    letters, _, names = spec.partition(" ")
    return frozenset(letters) | frozenset(names.split())


def read(key: str, argv: tuple[Value, ...]) -> Behind:
    """Read the options of the wrapper ``key``, whose ``argv`` begins with it."""
    names, skip = takes_value(PREFIXES[key]), OPERANDS_FIRST.get(key, 0)
    rest, pairs = REST.get(key, "").split(), PAIRS.get(key, "").split()
    options: list[tuple[str, Value]] = []
    variables: list[tuple[str, str]] = []
    operands: list[Value] = []
    at, splits, dashed = 1, 0, False
    while at < len(argv):
        text = argv[at].text
        at += 1
        if text == "--":
            dashed = True
            break
        if text.startswith("-") and len(text) > 1:
            name, given = option(text, names)
            if name in rest:
                return Behind(argv[at:], tuple(options), tuple(variables), tuple(operands))
            if key == "xargs" and text.startswith("-i"):  # it takes only what is attached
                name, given = "i", text[2:]
            value = Value(given or "")
            if given is None and at < len(argv):
                value = argv[at]
                at += 1 + (name in pairs)
            options += [(letter, Value("")) for letter in _before(text, name)]
            options.append((name, value))
            if key == "env" and name in ("S", "split-string") and splits < _MOST_SPLITS:
                # What stands in one argument is split; then env goes on reading.
                argv = (argv[0], *(Value(piece) for piece in value.text.split()), *argv[at:])
                at, splits = 1, splits + 1
            if any(each in QUERIES.get(key, "") for each, _ in options):
                return Behind((), tuple(options))
        elif key in ASSIGN and (text == "-" or ("=" in text and text.partition("=")[0].isidentifier())):
            name, _, given = text.partition("=")
            variables += [(name, given)] if given else []
        elif skip or key in DASHED:
            operands.append(argv[at - 1])
            skip -= bool(skip)
            if not skip and key not in INTERSPERSED and key not in DASHED:
                at += argv[at : at + 1] == (Value("--"),)
                break
        else:
            at -= 1
            break
    command = () if key in DASHED and not dashed else argv[at + skip :]
    return Behind(command, tuple(options), tuple(variables), tuple(operands))


def _before(text: str, name: str) -> str:
    """Return the letters that stand before ``name`` in a cluster such as ``-iu``."""
    return "" if text.startswith("--") or len(name) > 1 else text[1:].partition(name)[0]


def option(text: str, names: frozenset[str]) -> tuple[str, str | None]:
    """Return an option's name and value; None where the value is the next argument."""
    if text.startswith("--") or text[1:] in names:
        name, equals, value = text.lstrip("-").partition("=")
        return name, value if equals or name not in names else None
    for at, letter in enumerate(text[1:], 2):
        if letter in names:
            return letter, text[at:] or None
    return text[-1], ""

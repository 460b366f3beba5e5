"""Programs that start other programs: what they would start."""

from codex_guard.record import Record
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Value

# Options that take a value, so that the next argument is not the command. Letters and long names.
_PREFIXES: dict[str, frozenset[str]] = {
    "sudo": frozenset("ughpCrtDRTU") | {"user", "group", "host", "prompt", "chdir", "role", "type"},
    "doas": frozenset("uC"),
    "env": frozenset("uCPS") | {"unset", "chdir", "split-string"},
    "nice": frozenset("n") | {"adjustment"},
    "ionice": frozenset("cnpPu") | {"class", "classdata"},
    "nohup": frozenset(),
    "setsid": frozenset(),
    "timeout": frozenset("sk") | {"signal", "kill-after"},
    "time": frozenset("fo") | {"format", "output"},
    "command": frozenset(),
    "builtin": frozenset(),
    "exec": frozenset("a"),
    "stdbuf": frozenset("ioe") | {"input", "output", "error"},
    "xargs": frozenset("aEILnPsd")
    | {"arg-file", "delimiter", "max-args", "max-procs", "max-lines", "max-chars"},
    "parallel": frozenset("jJNI") | {"jobs", "colsep"},
    "watch": frozenset("n") | {"interval"},
    "chroot": frozenset(),
    "busybox": frozenset(),
    "caffeinate": frozenset("tw"),
    "unshare": frozenset(),
    "systemd-run": frozenset("pu") | {"unit", "property"},
}
_OPERANDS_FIRST = {"timeout": 1, "chroot": 1}
_ASSIGN = frozenset(("env", "sudo", "doas"))
_FOLDER = {"env": ("C", "chdir"), "sudo": ("D", "chdir")}
# Asking where a command is starts nothing.
_QUERIES = {"command": frozenset("vV")}
_IN_THE_SHELL = frozenset(("command", "builtin"))
SHELLS = frozenset(("sh", "bash", "zsh", "dash", "ksh", "ash", "fish"))
_EXEC = frozenset(("-exec", "-execdir", "-ok", "-okdir"))
_FILTERS = frozenset(("-name", "-iname", "-path", "-regex", "-newer", "-mtime", "-mmin", "-size", "-empty"))
_STDIN = frozenset(("-", "/dev/stdin", "/proc/self/fd/0", "/dev/fd/0"))
# Letters behind which an interpreter finds its program or module.
_INLINE = {"python": "cm", "perl": "eE", "ruby": "e", "node": "ep", "php": "r", "osascript": "e", "pwsh": "c"}
_MOST = 1_000  # arguments that a wrapper adds
_MOST_SPLITS = 20  # times that env splits an argument


class Start(Record):
    """What a wrapper starts: a command (``argv``) or a ``script`` with ``$0`` and on in ``arguments``.

    ``folder`` is where, if it is not the wrapper's own; ``here``: in the shell itself, as ``eval`` does.
    """

    argv: tuple[Value, ...] = ()
    script: str | None = None
    arguments: tuple[Value, ...] | None = None
    folder: str | None = None
    here: bool = False


def started(invocation: Invocation) -> list[Start]:
    """Return what ``invocation`` starts, as far as it can be known."""
    program, argv = invocation.program, invocation.argv
    if program in _PREFIXES:
        return _prefixed(invocation)
    if program in SHELLS:
        return _shell(invocation)
    if program == "su":
        return [Start(script=text) for text in _switched(argv)]
    if program in ("source", "."):
        return [Start(script=text, here=True) for text in invocation.fed]
    if program in ("eval", "trap"):
        rest = argv[2:] if argv[1:2] == (Value("--"),) else argv[1:]
        text = " ".join([value.text for value in (rest if program == "eval" else rest[:1])])
        return [Start(script=text, here=program == "eval")]
    if program == "find":
        return [Start(command) for command in _executed(argv)]
    if program.startswith("python"):
        return _module(argv)
    # `$SUDO rm …`, where the variable may well be empty.
    return [Start(argv[1:])] if program == HOLE and len(argv) > 1 else []


def reads_stdin(invocation: Invocation) -> bool:
    """Say whether a shell or interpreter takes its program from standard input."""
    if invocation.program in SHELLS:
        return _read_shell(invocation.argv)[2]
    letters = next((found for name, found in _INLINE.items() if invocation.program.startswith(name)), "")
    for value in invocation.argv[1:]:
        if not value.text.startswith("-") or value.text == "-":
            return value.text in _STDIN
        if not value.text.startswith("--") and not set(letters).isdisjoint(value.text):
            return False
    return not any(value.text in ("--eval", "--print", "--version", "--help") for value in invocation.argv)


def _prefixed(invocation: Invocation) -> list[Start]:
    program = invocation.program
    inner, folder, options = _behind_options(program, invocation.argv)
    if program in ("xargs", "parallel") and inner:
        return [Start(command) for command in _piped_into(inner, options, invocation)]
    if program in ("parallel", "watch") and inner:
        return [Start(script=" ".join([value.text for value in inner]))]
    return [Start(inner, folder=folder, here=program in _IN_THE_SHELL)] if inner else []


def _behind_options(
    program: str, argv: tuple[Value, ...]
) -> tuple[tuple[Value, ...], str | None, dict[str, str]]:
    """Return the command behind a wrapper's options, the folder it runs in, and the options."""
    takes_value, skip = _PREFIXES[program], _OPERANDS_FIRST.get(program, 0)
    options: dict[str, str] = {}
    at, splits = 1, 0
    while at < len(argv):
        text = argv[at].text
        at += 1
        if text == "--":
            break
        if text.startswith("-") and len(text) > 1:
            name, given = _option(text, takes_value)
            if program == "xargs" and text.startswith("-i"):  # it takes only what is attached
                name, given = "i", text[2:]
            if given is None and at < len(argv):
                given = argv[at].text
                at += 1
            options[name] = given or ""
            if program == "env" and name in ("S", "split-string") and splits < _MOST_SPLITS:
                # What stands in one argument is split; then env goes on reading.
                argv = (argv[0], *(Value(piece) for piece in (given or "").split()), *argv[at:])
                at, splits = 1, splits + 1
            if name in _QUERIES.get(program, ()):
                return (), None, options
        elif program in _ASSIGN and (text == "-" or ("=" in text and text.partition("=")[0].isidentifier())):
            continue
        elif skip:
            skip -= 1
        else:
            at -= 1
            break
    folder = next((options[name] for name in _FOLDER.get(program, ()) if name in options), None)
    return argv[at + skip :], folder, options


def _option(text: str, takes_value: frozenset[str]) -> tuple[str, str | None]:
    """Return an option's name and value; None where the value is the next argument."""
    if text.startswith("--"):
        name, equals, value = text[2:].partition("=")
        return name, value if equals or name not in takes_value else None
    for at, letter in enumerate(text[1:], 2):
        if letter in takes_value:
            return letter, text[at:] or None
    return text[-1], ""


def _piped_into(
    inner: tuple[Value, ...], options: dict[str, str], invocation: Invocation
) -> list[tuple[Value, ...]]:
    """Return what xargs starts: with its input behind the arguments, or in place of a mark."""
    items = _items(invocation)
    mark = next((options[name] or "{}" for name in ("I", "i", "replace") if name in options), None)
    if mark is None or not any(mark in value.text for value in inner):
        return [(*inner, *items)]
    return [_filled(inner, mark, item) for item in items[: _MOST // len(inner) + 1]]


def _filled(command: tuple[Value, ...], mark: str, item: Value) -> tuple[Value, ...]:
    return tuple([Value(value.text.replace(mark, item.text), value.glob) for value in command])


def _items(invocation: Invocation) -> tuple[Value, ...]:
    """Return the arguments that xargs reads: what is echoed into it, or something unknown."""
    if invocation.stdin is not None and invocation.stdin.split():
        words = invocation.stdin.replace("\0", " \0").split()
        return (*(Value(text) for text in words[:_MOST]), *((Value(HOLE),) if words[_MOST:] else ()))
    source = invocation.upstream.started[0] if invocation.upstream and invocation.upstream.started else None
    if source is not None and source.program == "find":
        return _met(source.argv)
    if source is not None and source.program == "ls":
        listed = tuple([value for value in source.argv[1:] if not value.text.startswith("-")])
        return listed or (Value(HOLE),)
    return (Value(HOLE),)


def find_starts(argv: tuple[Value, ...]) -> list[Value]:
    """Return where find begins, which is here if nothing is said."""
    found: list[Value] = []
    for value in argv[1:]:
        if value.text.startswith(("-", "(", "!")):
            if found or value.text not in ("-L", "-H", "-P"):
                break
        else:
            found.append(value)
    return found or [Value(".")]


def _met(argv: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return what find meets: its starting points, or something below them where it filters."""
    starts = find_starts(argv)
    if any(value.text in _FILTERS for value in argv):
        return tuple([Value(start.text.rstrip("/") + "/" + HOLE) for start in starts])
    return tuple(starts)


def _executed(argv: tuple[Value, ...]) -> list[tuple[Value, ...]]:
    """Return the commands of find's ``-exec``, with what it meets in place of ``{}``."""
    found: list[tuple[Value, ...]] = []
    met = _met(argv)
    at = 1
    while at < len(argv):
        at += 1
        if argv[at - 1].text not in _EXEC:
            continue
        end = at
        while end < len(argv) and argv[end].text not in (";", "+"):
            end += 1
        found += _given(argv[at:end], met)
        at = end
    return [command for command in found if command]


def _given(command: tuple[Value, ...], met: tuple[Value, ...]) -> list[tuple[Value, ...]]:
    texts = [value.text for value in command]
    if any("{}" in text and text != "{}" for text in texts):
        return [_filled(command, "{}", item) for item in met[: _MOST // len(command) + 1]]
    if "{}" not in texts:
        return [command]
    at = texts.index("{}")
    return [(*command[:at], *met, *_filled(command[at + 1 :], "{}", met[0]))]


def _module(argv: tuple[Value, ...]) -> list[Start]:
    """Return what ``python -m NAME …`` starts, as if NAME were a program."""
    for at, value in enumerate(argv[1:-1], 1):
        if not value.text.startswith("-") or "c" in value.text:
            break
        if value.text.endswith("m"):
            name = argv[at + 1].text
            program = "codex-guard" if name.startswith("codex_guard") else name
            return [Start((Value(program), *argv[at + 2 :]))]
    return []


def _shell(invocation: Invocation) -> list[Start]:
    script, arguments, stdin = _read_shell(invocation.argv)
    if script is not None:
        return [Start(script=script, arguments=arguments)]
    if stdin:
        return [Start(script=invocation.stdin, arguments=arguments)] if invocation.stdin else []
    return [Start(script=text, arguments=arguments) for text in invocation.fed]


def _read_shell(argv: tuple[Value, ...]) -> tuple[str | None, tuple[Value, ...] | None, bool]:
    """Return a shell's ``-c`` script, its arguments from ``$0`` on, and whether it reads stdin."""
    at, letters = 1, ""
    while at < len(argv):
        text = argv[at].text
        if text in ("--", "-") or text[:1] not in ("-", "+"):
            at += text in ("--", "-")
            break
        at += 1
        if text.startswith("--"):
            name, equals, value = text.partition("=")
            if name == "--command":
                return (value if equals else argv[at].text if at < len(argv) else None), None, False
            at += text in ("--rcfile", "--init-file")
        else:
            letters += text[1:] if text[0] == "-" else ""
            at += text.count("o") + text.count("O")
    rest = argv[at:]
    if "n" in letters:  # it only reads
        return None, None, False
    if "c" in letters:
        return (rest[0].text if rest else None), rest[1:], False
    if "s" in letters or not rest:
        return None, (argv[0], *rest), True
    return None, rest, rest[0].text in _STDIN


def _switched(argv: tuple[Value, ...]) -> list[str]:
    """Return the script that ``su -c`` runs; su takes its options in any place."""
    for at, value in enumerate(argv):
        name, equals, text = value.text.partition("=")
        if name in ("-c", "--command"):
            return [text] if equals else [argv[at + 1].text] if at + 1 < len(argv) else []
    return []

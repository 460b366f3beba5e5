"""Programs that start other programs: what they would start."""

from codex_guard.shell.meaning import HOLE, Value
from codex_guard.shell.walk import Invocation

# Options that take a value, so that the next argument is not the command. Letters and long names.
_PREFIXES: dict[str, frozenset[str]] = {
    "sudo": frozenset("ughpCTrtDR") | {"user", "group", "host", "prompt", "chdir", "role", "type"},
    "doas": frozenset("uC"),
    "env": frozenset("uCP") | {"unset", "chdir"},
    "nice": frozenset("n") | {"adjustment"},
    "ionice": frozenset("cnp") | {"class", "classdata"},
    "nohup": frozenset(),
    "setsid": frozenset(),
    "timeout": frozenset("sk") | {"signal", "kill-after"},
    "time": frozenset("fo") | {"format", "output"},
    "command": frozenset(),
    "builtin": frozenset(),
    "exec": frozenset("a"),
    "stdbuf": frozenset("ioe"),
    "xargs": frozenset("aEIiLlnPsd")
    | {"arg-file", "delimiter", "max-args", "max-procs", "max-lines", "replace"},
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
# Asking where a command is starts nothing.
_QUERIES = {"command": frozenset("vV")}
_SHELLS = frozenset(("sh", "bash", "zsh", "dash", "ksh", "ash", "fish"))
_EXEC = frozenset(("-exec", "-execdir", "-ok", "-okdir"))


def inner_commands(invocation: Invocation) -> list[str | tuple[Value, ...]]:
    """Return what ``invocation`` starts: scripts as text, commands as arguments."""
    program, argv = invocation.program, invocation.argv
    if program in _PREFIXES:
        inner = _behind_options(program, argv)
        if program in ("xargs", "parallel") and inner:
            return [(*inner, *_piped(invocation))]
        return [inner] if inner else []
    if program in _SHELLS or program == "su":
        script = _option_c(argv)
        return [script] if script is not None else []
    if program == "eval":
        return [" ".join(value.text for value in argv[1:])]
    if program == "find":
        return list(_executed(argv))
    return []


def reads_stdin(invocation: Invocation) -> bool:
    """Say whether a shell or interpreter takes its program from standard input."""
    rest = [value.text for value in invocation.argv[1:]]
    if any(text.startswith("-") and not text.startswith("--") and "c" in text for text in rest):
        return False
    operands = [text for text in rest if not text.startswith("-") or text == "-"]
    takes_s = any(text.startswith("-") and not text.startswith("--") and "s" in text for text in rest)
    return takes_s or not operands or operands[0] in ("-", "/dev/stdin", "/proc/self/fd/0", "/dev/fd/0")


def _behind_options(program: str, argv: tuple[Value, ...]) -> tuple[Value, ...]:
    takes_value = _PREFIXES[program]
    skip = _OPERANDS_FIRST.get(program, 0)
    at = 1
    while at < len(argv):
        text = argv[at].text
        if text == "--":
            at += 1
            break
        if program == "env" and (split := _split_string(text, argv[at + 1 :])):
            return split
        if text.startswith("-") and len(text) > 1:
            name, equals, _ = text.lstrip("-").partition("=")
            if _QUERIES.get(program, frozenset()) & set(name) and not text.startswith("--"):
                return ()
            long = text.startswith("--")
            needs = name in takes_value if long else name[-1:] in takes_value
            at += 2 if needs and not equals else 1
        elif program in _ASSIGN and (text == "-" or (text.partition("=")[0].isidentifier() and "=" in text)):
            at += 1
        elif skip:
            skip -= 1
            at += 1
        else:
            break
    at += skip
    return argv[at:]


def _split_string(text: str, following: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return the command of ``env -S 'a b' c``; empty where ``text`` is another option."""
    if text in ("-S", "--split-string") and following:
        return (*(Value(piece) for piece in following[0].text.split()), *following[1:])
    for option in ("-S", "--split-string="):
        if text.startswith(option) and len(text) > len(option):
            return (*(Value(piece) for piece in text.removeprefix(option).split()), *following)
    return ()


def _piped(invocation: Invocation) -> tuple[Value, ...]:
    """Return the arguments that xargs adds: what is echoed into it, or something unknown."""
    if invocation.stdin is not None and invocation.stdin.split():
        return tuple(Value(text) for text in invocation.stdin.split()[:50])
    for source in invocation.upstream[-1:]:
        if source.program == "find":
            starts = [value for value in source.argv[1:] if not value.text.startswith("-")][:1]
            filtered = any(
                value.text in ("-name", "-iname", "-path", "-regex", "-newer") for value in source.argv
            )
            return () if filtered else tuple(starts)
        if source.program == "ls":
            return tuple(value for value in source.argv[1:] if not value.text.startswith("-"))
    return (Value(HOLE),)


def _option_c(argv: tuple[Value, ...]) -> str | None:
    """Return the script behind ``-c``, also in a cluster such as ``-lc``."""
    for at, value in enumerate(argv[1:], 1):
        text = value.text
        if text.startswith("-") and not text.startswith("--") and "c" in text and at + 1 < len(argv):
            following = argv[at + 1 :]
            operands = [item for item in following if not item.text.startswith("-")]
            return operands[0].text if operands else None
        if text == "--command" and at + 1 < len(argv):
            return argv[at + 1].text
        if text.startswith("--command="):
            return text.partition("=")[2]
    return None


def _executed(argv: tuple[Value, ...]) -> list[tuple[Value, ...]]:
    """Return the commands of find's ``-exec``, with its starting points in place of ``{}``."""
    starts = []
    for value in argv[1:]:
        if value.text.startswith(("-", "(", "!")):
            break
        starts.append(value)
    found = []
    at = 1
    filtered = any(value.text in ("-name", "-iname", "-path", "-regex", "-newer", "-mtime") for value in argv)
    while at < len(argv):
        if argv[at].text in _EXEC:
            end = at + 1
            while end < len(argv) and argv[end].text not in (";", "+"):
                end += 1
            place = (Value(HOLE),) if filtered else tuple(starts) or (Value("."),)
            inner: list[Value] = []
            for value in argv[at + 1 : end]:
                inner.extend(place if value.text == "{}" else (value,))
            found.append(tuple(inner))
            at = end
        at += 1
    return found

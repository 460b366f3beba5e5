"""What programs print that make it from their arguments and their input alone."""

from codex_guard.shell import files
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE
from codex_guard.shell.printing import printed as printed_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SILENT = frozenset(
    (":", "true", "false", "cd", "test", "[", "export", "declare", "local", "readonly", "typeset", "set",
     "unset", "shift", "shopt", "hash", "unalias", "read", "mapfile", "readarray", "mkdir", "touch",
     "chmod", "rm", "cp", "mv", "ln", "sleep", "exit", "return", "break", "continue", "alias", "umask",
     "wait", "let", "trap")
)  # fmt: skip
_DECODERS = frozenset(
    ("base64", "base32", "gbase64", "xxd", "rev", "tac", "tr", "openssl", "gzip", "gunzip", "zcat", "gzcat",
     "bunzip2", "bzip2", "bzcat", "xz", "unxz", "xzcat", "sed", "rot13")
)  # fmt: skip


def printed(invocation: Invocation) -> str | None:
    """Return what ``invocation`` prints; None where that is not known. Its texts may have holes."""
    program = invocation.program
    if not program and invocation.sources:  # $(< file)
        return invocation.stdin
    if program in _SILENT or not program:
        return ""
    texts = [value.text for value in invocation.argv]
    if program in ("echo", "printf"):
        return printed_text([program, *texts[1:]])
    if program in _PASSERS:
        return _PASSERS[program](texts[1:], invocation)
    if program in _ANSWERS:
        answer = _ANSWERS[program](texts[1:], invocation)
        return answer + "\n" if answer is not None else None
    if program not in _DECODERS:
        return None
    from codex_guard.shell import decoders  # noqa: PLC0415 - rare, and so is what it imports

    operands = _operands(texts[1:])
    read = files.read(operands[-1], invocation.scope) if operands else ()
    given = read[-1] if read else invocation.stdin
    if given is None:
        return None
    invocation.scope.fuel[0] -= len(given)
    if invocation.scope.fuel[0] < 0:
        return None
    return decoders.decoded(program, texts[1:], given)


def _operands(texts: list[str]) -> list[str]:
    return [text for text in texts if not text.startswith("-")]


def _concatenated(texts: list[str], invocation: Invocation) -> str | None:
    """Return what ``cat`` prints."""
    operands = [text for text in texts if text in files.STDIN or not text.startswith("-")]
    found: list[str] = []
    fed = iter(invocation.fed)
    for operand in operands or ["-"]:
        known = files.read(operand, invocation.scope)
        if operand in files.STDIN:
            text = invocation.stdin
        elif operand == HOLE:  # a process substitution
            text = next(fed, None)
        else:
            text = known[-1] if known else None
        if text is None:
            return None
        found.append(text)
    return "".join(found)


def _git(texts: list[str], invocation: Invocation) -> str | None:
    return invocation.scope.root if texts == ["rev-parse", "--show-toplevel"] else None


def _temporary(_: list[str], __: Invocation) -> str:
    return "/tmp/" + HOLE  # noqa: S108 - a name for a temporary file, nothing is opened


def _base(texts: list[str], _: Invocation) -> str | None:
    operands = _operands(texts)
    if not operands:
        return None
    name = operands[0].rstrip("/").rpartition("/")[2] or operands[0][:1]
    if HOLE in name:  # there may be more folders in it
        return None
    return name.removesuffix(operands[1]) if len(operands) > 1 else name


def _folder(texts: list[str], _: Invocation) -> str | None:
    operands = _operands(texts)
    if not operands:
        return None
    head, slash, last = operands[0].rstrip("/").rpartition("/")
    if not head and HOLE in last:
        return None
    return head or (slash or "." if operands[0].strip("/") else "/")


def _real(texts: list[str], invocation: Invocation) -> str | None:
    operands = _operands(texts)
    return invocation.scope.path(operands[0]) if len(operands) == 1 else None


def _located(texts: list[str], _: Invocation) -> str | None:
    """Return where ``which`` finds a program; the folder says nothing that a judge needs."""
    operands = _operands(texts)
    if len(operands) != 1:
        return None
    return operands[0] if "/" in operands[0] else "/usr/bin/" + operands[0]


def _asked(texts: list[str], invocation: Invocation) -> str | None:
    """Return what ``command -v`` and ``type -p`` print; without those options they print something else."""
    asks = any(text[:1] == "-" and not set("vpP").isdisjoint(text) for text in texts)
    return _located(texts, invocation) if asks else None


def _sequence(texts: list[str], _: Invocation) -> str | None:
    from codex_guard.shell import sequences  # noqa: PLC0415 - rare

    steps = ["1", *texts] if len(texts) == 1 else [texts[0], *texts[2:], *texts[1:2]] if texts else []
    listed = sequences.listed("{" + "..".join(steps) + "}")
    return listed.strip("{}").replace(",", "\n") if "," in listed else None


_PASSERS: "dict[str, Callable[[list[str], Invocation], str | None]]" = {
    "cat": _concatenated,
    "tee": lambda _, invocation: invocation.stdin,
}
# These answer with one line, or with several that have a line's end between them.
_ANSWERS: "dict[str, Callable[[list[str], Invocation], str | None]]" = {
    "pwd": lambda _, invocation: invocation.scope.cwd,
    "git": _git,
    "mktemp": _temporary,
    "basename": _base,
    "dirname": _folder,
    "realpath": _real,
    "readlink": _real,
    "which": _located,
    "command": _asked,
    "type": _asked,
    "whoami": lambda _, invocation: invocation.scope.lookup("USER"),
    "seq": _sequence,
}

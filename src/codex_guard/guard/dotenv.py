"""The values of dotenv files masked in what a command prints of them, names and structure kept."""

from codex_guard.guard import disk
from codex_guard.model import Text
from codex_guard.secrets import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.commands.operands import Places
    from codex_guard.shell.walk import Walk

_MASK = "<masked>"
_TELLING = 4  # characters of a value that is masked wherever it stands, not only behind its name
_LINES = 20_000  # of an output that are looked at; what is behind them is left out


def shown(walk: "Walk", where: "Places") -> tuple[str, ...]:
    """Return the dotenv files that a command shows plainly, absolute."""
    from codex_guard.commands import dotenv  # noqa: PLC0415 - few policies ask for it

    found = dotenv.shown(walk.invocations, where)
    return tuple(dict.fromkeys(path for paths in found.values() for path in paths))


def masked(output: str, files: tuple[str, ...]) -> str:
    """Return ``output`` with the values of the dotenv ``files`` masked, and any more of their lines."""
    names: set[str] = set()
    values: set[str] = set()
    for path in files:
        text = disk.read(path, path)
        if isinstance(text, Text):
            assigned = list(settings.assigned(text.body))
            names.update(name for name, _ in assigned)
            values.update(line.strip() for _, value in assigned for line in value.split("\n"))
            values.update(_bare(text.body))
    lines = output.split("\n")
    cut = ["[the rest is left out here]"] if len(lines) > _LINES else []
    shown = "\n".join([*(_line(line, names) for line in lines[:_LINES]), *cut])
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= _TELLING:
            shown = shown.replace(value, _MASK)
    return shown


def _bare(body: str) -> set[str]:
    """Return the lines that assign nothing: the rest of a long value, or something that has no name."""
    lines = (line.strip() for line in body.split("\n"))
    return {line for line in lines if line and line[0] != "#" and not _name(line)[0]}


def _line(line: str, names: set[str]) -> str:
    name, behind = _name(line)
    if name in names and line[behind:].strip():
        return line[:behind] + _MASK
    return line


def _name(line: str) -> tuple[str, int]:
    """Return the name that a line assigns to, whatever stands before it, and where its value begins."""
    equals, colon = line.find("="), line.find(": ")
    at = min(equals, colon) if equals >= 0 and colon >= 0 else max(equals, colon)
    if at < 0:
        return "", 0
    before = line[:at].rstrip()
    start = len(before)
    while start and (before[start - 1].isalnum() or before[start - 1] in "_.-"):
        start -= 1
    return before[start:], at + (1 if line[at] == "=" else 2)

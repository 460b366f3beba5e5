"""The values of dotenv files masked in what a command prints of them, names and structure kept."""

import os

from codex_guard.guard import disk
from codex_guard.model import Text
from codex_guard.secrets import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.commands.operands import Places
    from codex_guard.shell.walk import Walk

_MASK = "<masked>"
_TELLING = 4  # characters of a value that is masked wherever it stands, not only behind its name
_LEFT_OUT = "[the output is left out: codex-guard show FILE prints the names in it]"
_ALTERED = ("omitted", "truncated", "\x1b", "\0", "\ufffd")
_LINES = 20_000  # of an output that are looked at; what is behind them is left out
_LONGEST = 200  # characters of a name, and of what stands before it
_MISSING = "No such file or directory"  # says a program of a file, and no file of itself


def shown(walk: "Walk", where: "Places") -> tuple[str, ...]:
    """Return the dotenv files that a command that has run showed plainly, absolute, there still or not."""
    from codex_guard.commands import dotenv  # noqa: PLC0415 - few policies ask for it

    found = dotenv.shown(walk, where.replace(real=None, regular=None))
    return tuple(dict.fromkeys(path for paths in found.values() for path in paths))


def masked(output: str, files: tuple[str, ...]) -> str:
    """Return ``output`` with the values of the dotenv ``files`` masked, and any more of their lines.

    It is left out where Codex has cut it, perhaps within a value, and where it is coloured or no UTF-8, and
    so shows lines in another way than the file does.
    """
    if any(sign in output for sign in _ALTERED):
        return _LEFT_OUT
    names: set[str] = set()
    values: set[str] = set()
    bodies: list[str] = []
    lines = output.split("\n")
    for path in files:
        text = disk.read(path, path)
        if isinstance(text, Text):
            assigned = list(settings.assigned(text.body))
            # What ends like base64 is no name, but the end of a long value.
            names.update(name for name, value in assigned if value.strip("=") or not value)
            names.update(_switched_off(text.body))
            values.update(line.strip() for _, value in assigned for line in value.split("\n"))
            bodies.append(text.body)
        elif not os.path.isdir(path):
            # The call took it away, or it never was: its values are not known.
            lines = [
                *(line for line in lines if line.endswith(_MISSING)),
                f"[left out: {path} cannot be read]",
            ]
    for body in bodies:
        values.update(_raw(body, names))
    cut = ["[the rest is left out here]"] if len(lines) > _LINES else []
    shown = "\n".join([*(_line(line, names) for line in lines[:_LINES]), *cut])
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= _TELLING:
            shown = shown.replace(value, _MASK)
    return shown


def _switched_off(body: str) -> set[str]:
    """Return the names of the assignments that are commented out: their values were real once, or will be."""
    lines = [line.lstrip("# \t") for line in body.split("\n") if line.lstrip()[:1] == "#"]
    names = [line.removeprefix("export ").partition("=") for line in lines]
    return {name.strip() for name, equals, _ in names if equals and name.strip().isidentifier()}


def _raw(body: str, names: set[str]) -> set[str]:
    """Return what stands behind names as it is written, escapes and all, and the lines that assign nothing.

    Those are the rest of a long value, or something that has no name.
    """
    found = set()
    for line in map(str.strip, body.split("\n")):
        if line and line[0] != "#":
            behind = next((behind for name, behind in _assignments(line) if name in names), 0)
            found.add(line[behind:].strip())
    return found


def _line(line: str, names: set[str]) -> str:
    for written, behind in _assignments(line):
        name = written[-_LONGEST:]
        while name and name not in names:  # what grep puts before a line around a match: "12-"
            name = name.partition("-")[2]
        if name and line[behind:].strip():
            return line[:behind] + _MASK
    return line


def _assignments(line: str) -> list[tuple[str, int]]:
    """Return the names that a line may assign to, whatever stands before them, and where the values begin."""
    found = []
    for mark in ("=", ": "):
        before, separator, value = line.partition(mark)
        before = before.rstrip()
        start = len(before)
        while start and (before[start - 1].isalnum() or before[start - 1] in "_.-"):
            start -= 1
        if separator:
            found.append((before[start:], len(line) - len(value)))
    return sorted(found, key=lambda one: one[1])

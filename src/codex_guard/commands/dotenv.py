"""Commands that show a dotenv file as it is, so that its values can be masked in what they print.

A mask goes by what a hook is shown of the output, once the command has ended: of one that still runs, Codex
gives the model what it printed so far, and no hook sees that. So nothing else may run beside these commands.
"""

from codex_guard.commands import paths
from codex_guard.commands.operands import Places
from codex_guard.record import Record
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE
from codex_guard.shell.parser import parse
from codex_guard.shell.tree import Command, Literal, Redirect, Word
from codex_guard.shell.walk import Walk


class _Shower(Record):
    """Options that leave lines whole: single letters, those of them that take a value, and long ones."""

    letters: str = ""
    valued: str = ""
    long: tuple[str, ...] = ()
    searches: bool = False


_GREP = _Shower(
    "niEFGwxvHhs",
    "eABCm",
    ("line-number", "ignore-case", "extended-regexp", "fixed-strings", "word-regexp", "line-regexp",
     "invert-match", "with-filename", "no-filename", "no-messages", "after-context", "before-context",
     "context", "max-count", "regexp"),
    searches=True,
)  # fmt: skip
_ENDS = _Shower("qv", "n", ("lines", "quiet", "silent", "verbose"))
# Pagers are not among them: they wait for a key, and run what their variables say.
_PLAIN = {
    "cat": _Shower("nbs", "", ("number", "number-nonblank", "squeeze-blank")),
    "tac": _Shower(),
    "nl": _Shower("", "b"),
    "head": _ENDS,
    "tail": _ENDS,
    "grep": _GREP,
    "egrep": _GREP,
    "fgrep": _GREP,
    "rg": _GREP.replace(letters="niFwxvHhsN", long=(*_GREP.long, "hidden")),
}
_FOLDERS = ("", "/bin/", "/usr/bin/")
_BESIDE = frozenset(("cd", "pwd", "true", ":", "test", "["))  # and echo, which ends the lines that it prints
_HARMLESS = frozenset((("2>", "/dev/null"), ("2>&", "1")))
_LONGEST = 4_000  # characters


def shown(walk: Walk, places: Places) -> dict[int, tuple[str, ...]]:
    """Return the dotenv files that a script shows plainly, absolute, by the invocation's ``id``.

    There are none in a script that does anything besides: hands what it reads to another program or to a
    file, waits, repeats, changes a variable, reads other files, or some that only run time knows.
    """
    found: dict[int, tuple[str, ...]] = {}
    for one in walk.invocations:
        files = _files(one, places)
        if files is None:
            return {}
        if files:
            found[id(one)] = files
    return found if found and _is_flat(walk) else {}


def _files(one: Invocation, places: Places) -> tuple[str, ...] | None:
    """Return the dotenv files that an invocation shows; None for one that may not stand beside others."""
    plain = not (one.elsewhere or one.captured or one.inner or one.fed or one.stdin)
    if not plain or not one.argv or any(value.glob or HOLE in value.text for value in one.argv[1:]):
        return None
    name, given = one.program, [value.text for value in one.argv[1:]]
    if one.argv[0].text == name and (name in _BESIDE or _is_short(name, given)):
        return () if one.upstream is None else None
    shower = _PLAIN.get(name)
    if shower is None or one.argv[0].text not in [folder + name for folder in _FOLDERS]:
        return None
    operands = _operands(given, shower)
    if operands is None or (not operands) is (one.upstream is None):
        return None  # it reads what is typed
    found = [_dotenv(path, one, places) for path in operands]
    return tuple(path for path in found if path) if all(found) else None


def _is_short(name: str, given: list[str]) -> bool:
    """Say whether it is an ls of a folder, or an echo whose line no option and no escape leaves open."""
    if name == "ls":
        return not any(word[:1] == "-" and ("R" in word or word[1:2] == "-") for word in given)
    if any("\\" in word for word in given):
        return False
    return name == "echo" and not (given and given[0][:1] == "-" and not given[0][1:].strip("neE"))


def _operands(given: list[str], shower: _Shower) -> list[str] | None:
    """Return the files among an invocation's words; None where an option may print pieces of lines."""
    operands: list[str] = []
    patterns: list[str] = []
    waiting = iter(given)
    for word in waiting:
        if word == "--":
            operands += waiting
        elif word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if name not in shower.long or (not equals and name in {"lines", "regexp"}):
                return None
            patterns += [value] if name == "regexp" else []
        elif word.startswith("-") and len(word) > 1 and not word[1:].isdigit():
            plain = word[1:].lstrip(shower.letters)
            if plain and plain[0] not in shower.valued:
                return None
            value = (plain[1:] or next(waiting, "")) if plain else ""
            patterns += [value] if plain[:1] == "e" else []
        elif word.startswith("-") and len(word) == 1:
            return None
        elif not (word.startswith("-") and word[1:].isdigit()):
            operands.append(word)
    if shower.searches and not patterns:
        patterns, operands = operands[:1], operands[1:]
    # What a pattern refers back to makes a search take for ever.
    back = any(f"\\{digit}" in pattern for pattern in patterns for digit in "123456789")
    return None if back or (shower.searches and not patterns) else operands


def _dotenv(path: str, one: Invocation, places: Places) -> str:
    """Return the dotenv file of the work tree that a word names, absolute; empty where it is another."""
    named = list(one.scope.paths(path))
    if len(named) != 1 or "=" in named[0] or ": " in named[0]:  # which would look like a name and its value
        return ""
    real = places.real(named[0]) if places.real is not None else named[0]
    tree = places.real(places.worktree) if places.real is not None else places.worktree
    for each, top in ((named[0], places.worktree), (real, tree)):
        name = each.rpartition("/")[2].lower()
        if not (paths.is_dotenv(name) and each.startswith(top.rstrip("/") + "/")):
            return ""
    return named[0] if places.regular is None or places.regular(real) else ""


def _is_flat(walk: Walk) -> bool:
    """Say whether a script is a list of simple commands and pipes, with nothing that runs beside or on."""
    script = parse(walk.source) if len(walk.source) <= _LONGEST else None
    if script is None or script.unparsed is not None or walk.functions or walk.unparsed:
        return False
    for statement in script.statements:
        if statement.connector == "&":
            return False
        for command in statement.pipeline.commands:
            if not isinstance(command, Command) or command.assignments:
                return False
            if not all(map(_is_literal, command.words)) or not all(map(_is_harmless, command.redirects)):
                return False
    return True


def _is_literal(word: Word) -> bool:
    return all(
        "{" not in part.text or part.quoted
        if isinstance(part, Literal)
        else part.kind == "parameter" and part.name is not None
        for part in word.parts
    )


def _is_harmless(redirect: Redirect) -> bool:
    parts = redirect.target.parts
    text = "".join(part.text for part in parts if isinstance(part, Literal))
    return (redirect.descriptor + redirect.operator, text) in _HARMLESS and len(parts) == 1

"""The table ``[[checks.commands]]`` of a policy: checks of its own."""

import re
import warnings
from functools import partial

from codex_guard.checks.check import TOOLS
from codex_guard.checks.own import FILES, Command
from codex_guard.checks.reports.read import PARSERS
from codex_guard.errors import GuardError
from codex_guard.policy.entries import nearest
from codex_guard.policy.policy import MOST_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeGuard

    Fault = Callable[[str, str], GuardError]  # of a key, and what is wrong with it

_NAME = "checks.commands"
_MOST = 50  # entries of one file: each is a process, and its time is the turn's
_MOST_ITEMS = 200  # of one list
_LONGEST_ITEM = 1_000  # characters
_LONGEST_PATTERN = 500  # so that it is judged in a tenth of a second at worst
_LONGEST_NAME = 60
_LARGEST_STATUS = 255
_SCOPES = ("changed", "project")
_NEEDED = ("name", "command")
_GROUPS = frozenset({"path", "message"})  # a report needs one of them

# Each key: what its value must be.
_KEYS = {
    "name": f"a text of 1 to {_LONGEST_NAME} characters that can be shown",
    "command": f"a list of texts, the program first, at most {_MOST_ITEMS} of {_LONGEST_ITEM} characters",
    "files": "a list of gitignore patterns",
    "scope": f"one of {', '.join(_SCOPES)}",
    "seconds": f"a whole number from 1 to {MOST_SECONDS}",
    "needs": "a list of programs, or of paths with a slash",
    "parser": f"one of {', '.join(PARSERS)}",
    "pattern": f"a text of 1 to {_LONGEST_PATTERN} characters",
    "statuses": f"a list of whole numbers from 0 to {_LARGEST_STATUS}, such as [0, 1]",
    "required": "true or false",
}


def read(path: str, tables: object, line: "Callable[[int, str], int]") -> tuple[Command, ...]:
    """Return the commands of the policy at ``path``; ``line(number, key)`` says where a key of one stands.

    Raises GuardError naming file, line and key. Whether programs are there and patterns are gitignore's is
    seen when they are used: this is read for every event.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise GuardError(f"{path}:{line(0, '')}: {_NAME!r} must be a list of tables: [[{_NAME}]].")
    if len(tables) > _MOST:
        raise GuardError(f"{path}:{line(_MOST, '')}: {_NAME!r} has {len(tables)} entries: at most {_MOST}.")
    found: dict[str, Command] = {}
    for number, table in enumerate(tables):
        command = _command(path, table, partial(line, number))
        if command.name in found:
            raise GuardError(
                f"{path}:{line(number, 'name')}: '{_NAME}.name' is {command.name!r} as on line"
                f" {found[command.name].line}: give each its own."
            )
        found[command.name] = command
    return tuple(found.values())


def _command(path: str, table: "dict[str, Any]", line: "Callable[[str], int]") -> Command:
    def fault(key: str, what: str) -> GuardError:
        return GuardError(f"{path}:{line(key)}: '{_NAME}.{key}' {what}.")

    for key, value in table.items():
        if key not in _KEYS:
            shown = repr(key[:_LONGEST_NAME])
            raise GuardError(f"{path}:{line(key)}: {_NAME!r} has no key {shown}{nearest(key, list(_KEYS))}.")
        if not _fits(key, value):
            raise fault(key, f"must be {_KEYS[key]}")
    for key in _NEEDED:
        if key not in table:
            raise GuardError(f"{path}:{line('')}: this entry of {_NAME!r} has no {key!r}: add it.")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    command = Command(**values, file=path, line=line(""))
    _check_words(command, fault)
    _check_pattern(command, fault)
    return command


def _fits(key: str, value: object) -> bool:
    fits = {
        "name": isinstance(value, str) and len(value) <= _LONGEST_NAME and _is_shown(value),
        "command": _are_texts(value) and bool(value) and not any("\0" in word for word in value),
        "files": _are_texts(value) and all(value),
        "scope": value in _SCOPES,
        "seconds": _is_number(value, 1, MOST_SECONDS),
        "needs": _are_texts(value) and all(map(_is_shown, value)),
        "parser": value in PARSERS,
        "pattern": isinstance(value, str) and 0 < len(value) <= _LONGEST_PATTERN,
        "statuses": isinstance(value, list)
        and 0 < len(value) <= _MOST_ITEMS
        and all(_is_number(status, 0, _LARGEST_STATUS) for status in value),
        "required": isinstance(value, bool),
    }
    return fits[key]


def _check_words(command: Command, fault: "Fault") -> None:
    """Raise what is wrong with the words of a command, and with what it needs."""
    if command.name in TOOLS:
        raise fault("name", f"is {command.name!r}, which is a tool of codex-guard's own plan: choose another")
    program, *words = command.command
    if not _is_shown(program) or FILES in program:
        raise fault("command", "must begin with a program")
    if any(FILES in word and word != FILES for word in words):
        raise fault(
            "command", f"has {FILES} within a word: make it a word of its own, which many files replace"
        )
    if words.count(FILES) > 1:
        raise fault("command", f"has {FILES} twice: leave one out")
    for key, name in (("command", program), *(("needs", need) for need in command.needs)):
        if "/" in name and ".." in name.split("/"):
            raise fault(key, f"holds {name!r}: write a path below the repository's top, without ..")
    for need in command.needs:
        if need.startswith(("/", "~")):
            raise fault("needs", f"holds {need!r}: name a program, or a path below the repository's top")


def _check_pattern(command: Command, fault: "Fault") -> None:
    """Raise what is wrong with the pattern of the parser "regex", the only one that has any."""
    if command.parser != "regex":
        if command.pattern:
            raise fault("pattern", 'is for parser = "regex": set that, or leave the pattern out')
        return
    if not command.pattern:
        raise fault("parser", "is regex, which needs a 'pattern' with a group path or message: add it")
    from codex_guard.secrets.rules import backtracking  # noqa: PLC0415 - for this parser only

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python warns of would stand on every hook's stderr
            groups = re.compile(command.pattern).groupindex.keys()
            slow = backtracking.undecided(command.pattern)
    except (re.error, RecursionError, OverflowError, Warning, GuardError) as error:
        raise fault(
            "pattern", f"is no regular expression that can be used ({str(error).rstrip('.')}): correct it"
        ) from error
    if not _GROUPS & groups:
        raise fault("pattern", "has neither a group (?P<path>...) nor (?P<message>...): add one")
    if slow:
        raise fault(
            "pattern",
            "can split the same text in many ways, as (a+)+ can, which takes forever: let each round of a"
            " repeated group begin, or end, with a character that nothing else in it takes",
        )


def _are_texts(value: object) -> "TypeGuard[list[str]]":
    return (
        isinstance(value, list)
        and len(value) <= _MOST_ITEMS
        and all(isinstance(item, str) and len(item) <= _LONGEST_ITEM for item in value)
    )


def _is_shown(text: str) -> bool:
    return text.isprintable() and bool(text) and text == text.strip()


def _is_number(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

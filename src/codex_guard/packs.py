"""Packs of rules in TOML, whatever the rules are of. Never on a hook's path but where a policy names one."""

import os
import re
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from codex_guard.errors import GuardError
from codex_guard.record import Record

LARGEST = 1 << 20  # bytes of a pack
_NAMED_LINE = re.compile(r"at line (\d+)")
# What can hold a bracket, a sign or a line's end that says nothing of where a statement ends.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|"(?:\\.|[^"\\\n])*"'
    r"|'''.*?'{3,5}|'[^'\n]*'|#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)
_HEADER = re.compile(r"""[ \t]*\[\[[ \t]*["']?rule["']?[ \t]*\]\]""")
_KEY = re.compile(r"""[ \t]*["']?([A-Za-z0-9_-]+)["']?[ \t]*=""")


class Identified(Protocol):
    """A rule has an id of its own."""

    @property
    def id(self) -> str:
        """The rule's id."""


R = TypeVar("R", bound=Identified)


class PackError(GuardError):
    """What is wrong with a pack as a whole: ``said`` in a sentence, at a ``line`` from 1 on."""

    def __init__(self, path: Path, line: int, said: str) -> None:
        super().__init__(f"{path}:{line}: {said}")
        self.line = line
        self.said = said


class Table(Record):
    """One ``[[rule]]`` of a pack: its values, its line, and the lines of its keys, from 1 on."""

    values: dict[str, Any]
    line: int
    lines: dict[str, int]

    def at(self, key: str) -> int:
        """Return the line of a key, or that of the rule where the key is not there."""
        return self.lines.get(key, self.line)


def read_folder(folder: Path, read: Callable[[Path], list[R]]) -> tuple[R, ...]:
    """Read every ``*.toml`` in ``folder``, in the order of names. Raises GuardError, also for an id twice."""
    rules: list[R] = []
    seen: dict[str, Path] = {}
    for path in sorted(folder.glob("*.toml")):
        for rule in read(path):
            if rule.id in seen:
                raise GuardError(f"{path}: rule {rule.id!r} already stands in {seen[rule.id]}.")
            seen[rule.id] = path
            rules.append(rule)
    if not rules:
        raise GuardError(f"{folder} holds no rule pack (*.toml): is codex-guard installed whole?")
    return tuple(rules)


def read_tables(path: Path) -> list[dict[str, Any]]:
    """Return the values of a pack's ``[[rule]]`` tables. Raises GuardError as ``parsed`` does."""
    return [table.values for table in parsed(path, text_of(path))]


def text_of(path: Path) -> str:
    """Return a pack's text. Raises GuardError where it cannot be read whole."""
    wrong = f"{path}: not a readable rule pack"
    try:
        # Without O_NONBLOCK, opening a named pipe waits for somebody to write to it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise GuardError(f"{wrong}: it is no regular file. Name a TOML file.")
            raw = b""
            while len(raw) <= LARGEST and (chunk := os.read(handle, LARGEST)):
                raw += chunk
        finally:
            os.close(handle)
        if len(raw) > LARGEST:
            raise GuardError(f"{wrong}: it is larger than 1 MiB. Split it.")
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise GuardError(f"{wrong}: it is not UTF-8 text. Save it as such.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is no file's"
        raise GuardError(f"{wrong}: {why}. Correct the name, or the file.") from error


def parsed(path: Path, text: str) -> list[Table]:
    """Return the ``[[rule]]`` tables of a pack's text. Raises PackError where it holds anything else."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        named = _NAMED_LINE.search(str(error))
        line = int(named[1]) if named else text.rstrip().count("\n") + 1
        raise PackError(path, line, f"not a readable rule pack: it is not valid TOML: {error}.") from error
    except RecursionError as error:
        raise PackError(path, 1, "not a readable rule pack: it is nested too deeply.") from error
    rules, keys = _lines(text)
    extra = sorted(document.keys() - {"rule"})
    if extra:
        said = f"unknown key {extra[0]!r}: a pack holds only [[rule]] tables."
        raise PackError(path, keys.get(extra[0], 1), said)
    tables = document.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise PackError(path, keys.get("rule", 1), "'rule' must be [[rule]] tables.")
    inline = keys.get("rule", 1)
    if len(rules) != len(tables):  # rule = [{...}]
        rules = [(inline, {})] * len(tables)
    return [Table(table, line, lines) for table, (line, lines) in zip(tables, rules, strict=True)]


def _lines(text: str) -> tuple[list[tuple[int, dict[str, int]]], dict[str, int]]:
    """Return where each ``[[rule]]`` and its keys stand, and the keys before the first, in valid TOML."""
    rules: list[tuple[int, dict[str, int]]] = []
    first: dict[str, int] = {}
    keys = first
    for start, line in _statements(text):
        if _HEADER.match(text, start):
            keys = {}
            rules.append((line, keys))
        elif key := _KEY.match(text, start):
            keys.setdefault(key[1], line)
    return rules, first


def _statements(text: str) -> list[tuple[int, int]]:
    """Return the offset and the line of each line that is not within a text or a bracket begun before."""
    found = [(0, 1)]
    line, depth = 1, 0
    for token in _TOKEN.finditer(text):
        what = token[0]
        depth += (what in "[{") - (what in "]}")
        line += what.count("\n")
        if what == "\n" and depth == 0:
            found.append((token.end(), line))
    return found

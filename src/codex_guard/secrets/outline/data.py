"""JSON and TOML, decoded: their names and structure."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

from codex_guard.errors import GuardError
from codex_guard.secrets.outline.entry import MASK, Entry, shown

# Texts (which hide what looks like the others), comments to the line's end, comments between marks.
_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*+"?|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*+[}\]])', re.DOTALL)
_MOST_DOTS = 100  # on one line: tomllib's work grows with the square of a dotted name's parts
_LINE = re.compile(r"line (\d+)")


def jsonc(text: str) -> Iterator[Entry]:
    """Yield the names of a JSON text, which may have comments and trailing commas. Raises GuardError."""
    value, problem = _decoded(_json, text)
    if problem:
        value, problem = _decoded(_json, _plain(text))
    if problem:
        raise GuardError(f"it is no JSON{problem}")
    return _walked(value)


def toml(text: str) -> Iterator[Entry]:
    """Yield the names of a TOML text, each table's where it first stands. Raises GuardError."""
    if any(line.count(".") > _MOST_DOTS for line in text.split("\n")):
        raise GuardError("a line of it has too many dots to be read")
    value, problem = _decoded(tomllib.loads, text)
    if problem:
        raise GuardError(f"it is no TOML{problem}")
    return _walked(value)


def _decoded(decode: Callable[[str], Any], text: str) -> tuple[Any, str]:
    """Return the value, and where the text is wrong: an error raised from here would hold what it says."""
    try:
        return decode(text), ""
    except RecursionError:
        return None, " that can be read: it is nested too deep"
    except ValueError as error:
        line = _LINE.search(str(error))
        return None, f" at line {line[1]}" if line else " that can be read"


def _json(text: str) -> Any:
    # Of numbers only their digits matter, and those of a long one take long to count.
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)


def _plain(text: str) -> str:
    """Return JSON without comments, each line where it was, and without trailing commas."""
    blanked = _COMMENT.sub(
        lambda found: found[0] if found[0][0] == '"' else "\n" * found[0].count("\n"), text
    )
    return _TRAILING_COMMA.sub(lambda found: found[0] if found[0][0] == '"' else "", blanked)


def _walked(value: Any) -> Iterator[Entry]:
    """Yield the entries of a decoded value, in order."""
    waiting: list[tuple[int, str | None, Any, bool]] = [(0, None, value, False)]
    while waiting:
        depth, name, value, item = waiting.pop()
        inner = depth + (name is not None or item)  # only the whole text is neither
        if isinstance(value, dict) and value:
            waiting += [(inner, key, each, False) for key, each in reversed(value.items())]
        elif isinstance(value, list) and any(isinstance(each, (dict, list)) for each in value):
            waiting += [(inner, None, each, True) for each in reversed(value)]
        else:
            yield Entry(depth, name, _scalar(name, value), item)
            continue
        if inner > depth:
            yield Entry(depth, name, "", item)


def _scalar(name: str | None, value: Any) -> str:
    """Return what is shown of a value that holds no names; a list's length would say how long a key is."""
    if isinstance(value, (dict, list)):
        return f"[{MASK}]" if value else "{}" if isinstance(value, dict) else "[]"
    if value is None or isinstance(value, bool):
        return shown(name, str(value).replace("None", "null"))
    # A number of five digits at most: only those are ever shown.
    return shown(name, str(value) if isinstance(value, str) or value in range(100_000) else MASK)

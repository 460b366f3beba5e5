"""JSON that a program printed, taken apart without trusting its shape: what is missing is empty."""

import json
import re
from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_STARTS = 8  # lines at which a document is looked for: a wrapper may say something before it
_DOCUMENTS = 100_000  # lines of JSON: more is no report
_START = re.compile(r"^[\[{]", re.MULTILINE)


def document(output: str) -> object:
    """Return the JSON value in ``output``, or None; what stands in lines before and behind it is passed over.

    JSON nested too deep for Python's decoder is no value.
    """
    decoder = json.JSONDecoder()
    text = output.lstrip("\ufeff \t\r\n")
    for start in islice(_START.finditer(text), _STARTS):
        try:
            return decoder.raw_decode(text, start.start())[0]
        except (ValueError, RecursionError):
            continue
    return None


def documents(output: str) -> "Iterator[dict[str, Any]]":
    """Yield the JSON objects that stand on a line each; other lines are passed over."""
    lines = (line for line in output.split("\n") if line.startswith("{"))
    for line in islice(lines, _DOCUMENTS):
        try:
            value = mapping(json.loads(line))
        except (ValueError, RecursionError):
            continue
        yield value


def mapping(value: object) -> "dict[str, Any]":
    """Return ``value`` where it is an object, or else an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> "list[dict[str, Any]]":
    """Return the objects in a list; none where ``value`` is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object, default: str = "") -> str:
    """Return ``value`` where it is a string that is not empty, or else ``default``."""
    return value if isinstance(value, str) and value else default


def whole(value: object, plus: int = 0) -> int:
    """Return ``value + plus`` where it is a whole number, or else 0; ``plus`` makes 0-based ones 1-based."""
    return value + plus if isinstance(value, int) and not isinstance(value, bool) else 0

"""What every format's module yields, and the shapes of text that several of them share."""

import re
from collections.abc import Iterator

#: The path as the tool spells it ("" for none), line and column (1-based, 0 unknown), code, message.
Entry = tuple[str, int, int, str, str]

UNNAMED = "error"  # the code of what a tool reports without one
_LONGEST_NUMBER = 9


def number(digits: str | None) -> int:
    """Return the number that ``digits`` spell, 0 for none and for what no line or column can be."""
    fits = digits is not None and len(digits) <= _LONGEST_NUMBER and digits.isascii() and digits.isdigit()
    return int(digits) if digits and fits else 0


def blocks(output: str, first: re.Pattern[str], indent: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield each line that ``first`` matches, and its message with the indented lines below it.

    ``first`` has a group ``message``, and is tried once a line.
    """
    match: re.Match[str] | None = None
    parts: list[str] = []
    for line in output.split("\n"):
        if match is not None and line.startswith(indent):
            parts.append(line)
            continue
        if match is not None:
            yield match, " ".join(parts)
        match = first.match(line)
        parts = [match["message"]] if match is not None else []
    if match is not None:
        yield match, " ".join(parts)

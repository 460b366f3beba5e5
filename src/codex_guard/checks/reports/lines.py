"""Any program's lines: each is a failure, with a place where it begins with one."""

import re
from collections.abc import Iterator
from itertools import islice

from codex_guard.checks.reports.entry import UNNAMED, Entry, number

_LINES = 20_000
_PLACES = (
    # path:line: message, path:line:column: message; hours and ports are no places
    re.compile(
        r"(?P<path>(?![0-9]+:)[^\s:][^:]*):(?P<line>[0-9]{1,9}):(?:(?P<column>[0-9]{1,9}):)?\s*(?P<message>.*)"
    ),
    # path(line): message, path(line,column): message
    re.compile(
        r"(?P<path>\S.*?)\((?P<line>[0-9]{1,9})(?:,(?P<column>[0-9]{1,9}))?\): ?(?P<message>.*)"
    ),
)  # fmt: skip


def entries(output: str) -> Iterator[Entry]:
    """Yield each of the first 20,000 lines that is not empty."""
    for printed in islice(output.split("\n"), _LINES):
        line = printed.strip()
        if not line:
            continue
        match = next(filter(None, (place.match(line) for place in _PLACES)), None)
        if match is None:
            yield "", 0, 0, UNNAMED, line
        else:
            place = match["path"], number(match["line"]), number(match["column"])
            yield *place, UNNAMED, match["message"] or line

"""Any program's lines, by a pattern of the user's with named groups."""

import re
from collections.abc import Iterator
from itertools import islice

from codex_guard.checks.reports.entry import UNNAMED, Entry, number

_LONGEST_LINE = 2_000  # characters
_LINES = 20_000


def entries(output: str, pattern: str) -> Iterator[Entry]:
    """Yield what ``pattern`` finds, once a line, by its groups path, line, column, code and message.

    It needs ``path`` or ``message``; without the second the whole line is the message. A pattern that
    is none finds nothing. Lines over 2,000 characters, and what follows 20,000 lines, are passed over.
    A pattern that backtracks without end is not stopped here: the hook's deadline does that.
    """
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return
    if not {"path", "message"} & compiled.groupindex.keys():
        return
    for printed in islice(output.split("\n"), _LINES):
        line = printed.rstrip("\r")
        match = compiled.search(line) if len(line) <= _LONGEST_LINE else None
        if match is None:
            continue
        groups = {name: value for name, value in match.groupdict().items() if value}
        if "path" in groups or "message" in groups:
            place = groups.get("path", ""), number(groups.get("line")), number(groups.get("column"))
            yield *place, groups.get("code", UNNAMED), groups.get("message", line)

"""``tsc --pretty false``, also with ``--build``: ``path(line,column): error TS1: message``.

https://www.typescriptlang.org/tsconfig/#pretty
"""

import re
from collections.abc import Iterator

from codex_guard.checks.reports.entry import Entry, blocks, number

# A path can hold brackets itself; errors of the whole program have none. Nothing here can backtrack far.
_ERROR = re.compile(
    r"(?:(?P<path>\S.*?)\((?P<line>[0-9]{1,9}),(?P<column>[0-9]{1,9})\): )?"
    r"error (?P<code>TS[0-9]{1,6}): (?P<message>.*)"
)


def entries(output: str) -> Iterator[Entry]:
    """Yield the errors, each with the indented lines below it, which say why."""
    for match, message in blocks(output, _ERROR, "  "):
        yield match["path"] or "", number(match["line"]), number(match["column"]), match["code"], message

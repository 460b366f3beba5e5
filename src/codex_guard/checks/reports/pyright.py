"""``pyright --outputjson``, and basedpyright's.

https://github.com/microsoft/pyright/blob/main/docs/command-line.md#json-output
"""

from collections.abc import Iterator

from codex_guard.checks.reports.decoded import document, mapping, mappings, text, whole
from codex_guard.checks.reports.entry import UNNAMED, Entry


def entries(output: str) -> Iterator[Entry]:
    """Yield the errors, not warnings and information. Lines and characters count from 0."""
    for found in mappings(mapping(document(output)).get("generalDiagnostics")):
        if found.get("severity") != "error":
            continue
        start = mapping(mapping(found.get("range")).get("start"))
        place = text(found.get("file")), whole(start.get("line"), 1), whole(start.get("character"), 1)
        yield *place, text(found.get("rule"), UNNAMED), text(found.get("message"))

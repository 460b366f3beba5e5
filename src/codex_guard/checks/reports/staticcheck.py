"""``staticcheck -f json``, a line each: https://staticcheck.dev/docs/running-staticcheck/cli/formatters/."""

from collections.abc import Iterator

from codex_guard.checks.reports.decoded import documents, mapping, text, whole
from codex_guard.checks.reports.entry import UNNAMED, Entry


def entries(output: str) -> Iterator[Entry]:
    """Yield the errors; "warning" is what ``-fail`` does not name, and "ignored" what a comment allows."""
    for found in documents(output):
        if found.get("severity") != "error":
            continue
        where = mapping(found.get("location"))
        place = text(where.get("file")), whole(where.get("line")), whole(where.get("column"))
        yield *place, text(found.get("code"), UNNAMED), text(found.get("message"))

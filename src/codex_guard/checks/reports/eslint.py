"""``eslint --format json``: https://eslint.org/docs/latest/use/formatters/#json."""

from collections.abc import Iterator

from codex_guard.checks.reports.decoded import document, mappings, text, whole
from codex_guard.checks.reports.entry import UNNAMED, Entry

_ERROR = 2  # a warning's severity is 1


def entries(output: str) -> Iterator[Entry]:
    """Yield the errors, not the warnings. A file that cannot be parsed is "syntax"."""
    for file in mappings(document(output)):
        path = text(file.get("filePath"))
        for found in mappings(file.get("messages")):
            if found.get("severity") != _ERROR:
                continue
            code = text(found.get("ruleId"), "syntax" if found.get("fatal") is True else UNNAMED)
            place = path, whole(found.get("line")), whole(found.get("column"))
            yield *place, code, text(found.get("message"))

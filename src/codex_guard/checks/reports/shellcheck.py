"""``shellcheck --format=json1``: https://github.com/koalaman/shellcheck/blob/master/shellcheck.1.md#formats."""

from collections.abc import Iterator

from codex_guard.checks.reports.decoded import document, mapping, mappings, text, whole
from codex_guard.checks.reports.entry import UNNAMED, Entry


def entries(output: str) -> Iterator[Entry]:
    """Yield every comment: shellcheck fails on each that ``--severity`` lets through."""
    for found in mappings(mapping(document(output)).get("comments")):
        place = text(found.get("file")), whole(found.get("line")), whole(found.get("column"))
        rule = whole(found.get("code"))
        yield *place, f"SC{rule}" if rule else UNNAMED, text(found.get("message"))

"""``pyrefly check --output-format=json``: https://pyrefly.org/en/docs/configuration/#output-format."""

from collections.abc import Iterator

from codex_guard.checks.reports.decoded import document, mapping, mappings, text, whole
from codex_guard.checks.reports.entry import UNNAMED, Entry


def entries(output: str) -> Iterator[Entry]:
    """Yield the errors, not warnings and information; early versions print errors only, without saying so."""
    for found in mappings(mapping(document(output)).get("errors")):
        if found.get("severity", "error") != "error":
            continue
        place = text(found.get("path")), whole(found.get("line")), whole(found.get("column"))
        message = text(found.get("description")) or text(found.get("concise_description"))
        yield *place, text(found.get("name"), UNNAMED), message

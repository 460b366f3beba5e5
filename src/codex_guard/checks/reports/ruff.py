"""``ruff check --output-format=json``: https://docs.astral.sh/ruff/settings/#output-format."""

from collections.abc import Iterator

from codex_guard.checks.reports.decoded import document, mapping, mappings, text, whole
from codex_guard.checks.reports.entry import Entry


def entries(output: str) -> Iterator[Entry]:
    """Yield every diagnostic: ruff fails on each. Older versions name no code for broken syntax."""
    for found in mappings(document(output)):
        place = mapping(found.get("location"))  # what is wrong with a whole file has none
        path, code = text(found.get("filename")), text(found.get("code"), "syntax")
        yield path, whole(place.get("row")), whole(place.get("column")), code, text(found.get("message"))

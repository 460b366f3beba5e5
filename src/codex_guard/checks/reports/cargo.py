"""``cargo check`` or ``cargo clippy`` with ``--message-format=json``, a line each.

https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages and
https://doc.rust-lang.org/rustc/json.html#diagnostics
"""

import os
from collections.abc import Iterator
from typing import Any

from codex_guard.checks.reports.decoded import documents, mapping, mappings, text, whole
from codex_guard.checks.reports.entry import UNNAMED, Entry

_DEEPEST = 64  # macros within macros


def workspace(root: str) -> str:
    """Return the folder that relative paths start from: the workspace's, where Cargo.lock is, or ``root``."""
    folder = root
    while not os.path.isfile(os.path.join(folder, "Cargo.lock")):
        above = os.path.dirname(folder)
        if above == folder:
            return root
        folder = above
    return folder


def entries(output: str) -> Iterator[Entry]:
    """Yield what has the level "error", lints that are denied included; warnings do not fail a build."""
    for line in documents(output):
        found = mapping(line.get("message"))
        message = text(found.get("message"))
        if not text(found.get("level")).startswith("error") or message.startswith("aborting due to "):
            continue
        span = next((span for span in mappings(found.get("spans")) if span.get("is_primary") is True), {})
        label = text(span.get("label"))  # what was expected, for instance: the message alone does not say
        span = _own(span)
        place = text(span.get("file_name")), whole(span.get("line_start")), whole(span.get("column_start"))
        code = text(mapping(found.get("code")).get("code"), UNNAMED)
        yield *place, code, f"{message}: {label}" if label else message


def _own(span: dict[str, Any]) -> dict[str, Any]:
    """Return where a macro of somebody else's was called: in the workspace paths are relative."""
    for _ in range(_DEEPEST):
        caller = mapping(mapping(span.get("expansion")).get("span"))
        if not caller or not text(span.get("file_name")).startswith("/"):
            break
        span = caller
    return span

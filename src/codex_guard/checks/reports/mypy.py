"""mypy's text with columns and codes, and its ``--output json``.

https://mypy.readthedocs.io/en/stable/command_line.html#cmdoption-mypy-show-column-numbers
"""

import re
from collections.abc import Iterator

from codex_guard.checks.reports.decoded import documents, text, whole
from codex_guard.checks.reports.entry import UNNAMED, Entry, number

# path:line:column:end line:end column: error: message  [code] -- all but the path and message can be missing.
_ERROR = re.compile(
    r"^(?P<path>[^:\n]+):(?:(?P<line>[0-9]{1,9}):)?(?:(?P<column>[0-9]{1,9}):)?(?:[0-9]{1,9}:[0-9]{1,9}:)?"
    r" error: (?P<message>.*)$",
    re.MULTILINE,
)
_CODE = re.compile(r"[a-z][a-z0-9-]*\]")


def entries(output: str) -> Iterator[Entry]:
    """Yield the errors, not the notes; mypy's complaint about its own command line is none."""
    for match in _ERROR.finditer(output):
        if match["path"] == "mypy":
            continue
        message, code = _parted(match["message"].rstrip())
        yield match["path"], number(match["line"]), number(match["column"]), code, message
    for found in documents(output):
        if found.get("severity") == "error":
            # Unlike the text's, these columns count from 0.
            place = text(found.get("file")), whole(found.get("line")), whole(found.get("column"), 1)
            yield *place, text(found.get("code"), UNNAMED), text(found.get("message"))


def _parted(message: str) -> tuple[str, str]:
    """Return the message, and the code behind it: mypy puts two spaces between them."""
    before, _, last = message.rpartition("  [")
    return (before, last[:-1]) if before and _CODE.fullmatch(last) else (message, UNNAMED)

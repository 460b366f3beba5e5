"""What validators print, as failures."""

import json
import os
import re

from codex_guard.model import CheckFailure

# path:line:column: error: message  [code] -- the column and the code can be missing.
_MYPY = re.compile(
    r"^(?P<path>[^:\n]+):(?P<line>\d+):(?:(?P<column>\d+):)? error: (?P<message>.*)$", re.MULTILINE
)
_CODE = re.compile(r"\s+\[(?P<code>[a-z][a-z0-9-]*)\]$")


def failures(tool: str, output: str, root: str) -> tuple[CheckFailure, ...]:
    """Return the failures in a tool's output, each once, by file and line; none where there are none."""
    found = _ruff(output, root) if tool == "ruff" else _mypy(output)
    unique = dict.fromkeys(found)
    return tuple(
        sorted(unique, key=lambda failure: (failure.path, failure.line, failure.column, failure.code))
    )


def _ruff(output: str, root: str) -> list[CheckFailure]:
    """Read ``ruff check --output-format=json``: https://docs.astral.sh/ruff/settings/#output-format."""
    try:
        entries = json.loads(output or "[]")
    except (ValueError, RecursionError):
        return []
    found = []
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        place = entry.get("location") or {}  # a failure of a whole file has none
        path = os.path.relpath(entry.get("filename") or root, root)
        code, message = entry.get("code") or "syntax", str(entry.get("message") or "")
        found.append(
            CheckFailure("ruff", path, place.get("row") or 0, place.get("column") or 0, code, message)
        )
    return found


def _mypy(output: str) -> list[CheckFailure]:
    found = []
    for match in _MYPY.finditer(output):
        message = match["message"]
        code = _CODE.search(message)
        text = message[: code.start()] if code else message
        path = os.path.normpath(match["path"])
        line, column = int(match["line"]), int(match["column"] or 0)
        found.append(CheckFailure("mypy", path, line, column, code["code"] if code else "error", text))
    return found

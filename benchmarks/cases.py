"""Files of labelled cases: JSON lines, with an object each whose text is in base64."""

import base64
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from codex_guard.errors import GuardError


def read(path: Path) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return each case with its file and line. Raises GuardError that names them."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise GuardError(f"{path} cannot be read: {error.strerror}. Give a file of cases.") from error
    except UnicodeDecodeError as error:
        raise GuardError(f"{path} is not UTF-8: cases are JSON lines in UTF-8.") from error
    named = ((f"{path}:{number}", line) for number, line in enumerate(lines, 1))
    found = tuple((where, _object(where, line)) for where, line in named if line.strip())
    if not found:
        raise GuardError(f"{path} holds no case: it must be JSON lines, one object each.")
    return found


def choice(where: str, given: dict[str, Any], key: str, allowed: Collection[str]) -> str:
    """Return a case's value that must be one of those ``allowed``. Raises GuardError."""
    value = given.get(key)
    if not isinstance(value, str) or value not in allowed:
        raise GuardError(f"{where}: {key!r} must be one of {', '.join(allowed)}.")
    return value


def text(where: str, given: dict[str, Any], key: str) -> str:
    """Return a case's text. Raises GuardError."""
    try:
        return base64.b64decode(given[key], validate=True).decode()
    except (KeyError, TypeError, ValueError) as error:
        raise GuardError(f"{where}: {key!r} must be base64 of a text in UTF-8.") from error


def _object(where: str, line: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except ValueError as error:
        raise GuardError(f"{where}: not JSON: {error}.") from error
    if not isinstance(given, dict):
        raise GuardError(f"{where}: a case is a JSON object.")
    return given

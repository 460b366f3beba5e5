"""What rules lean on: how programs read their arguments, and which files matter. Never on a hook's path."""

import tomllib
from pathlib import Path
from typing import Any

from codex_guard import packs
from codex_guard.errors import GuardError
from codex_guard.shell.programs import FIELD, ITEM

_PROGRAM = ("before", "values", "texts", "given", "switches", "complete")
_LISTS = ("before", "values", "given", "switches")
_PLACE = ("names", "endings", "home", "paths")


def programs(path: Path) -> dict[str, str]:
    """Return the table of programs as the index holds it, each as one text, which ``shell.programs`` reads.

    Raises GuardError naming file, table and key.
    """
    found = {}
    for name, table in _tables(path, _PROGRAM).items():
        texts = table.pop("texts", 0)
        complete = table.pop("complete", False)
        if not isinstance(texts, int) or not isinstance(complete, bool):
            raise GuardError(f"{path}: {name!r}: 'texts' must be a number, 'complete' true or false.")
        before, values, given, switches = (_texts(path, name, table, key) for key in _LISTS)
        lists = [" ".join(names) for names in (before, values, given, switches)]
        fields = (*lists[:2], str(texts), *lists[2:], "yes" if complete else "")
        found[name] = FIELD.join(fields)
    return found


def places(path: Path) -> dict[str, str]:
    """Return the table of files that matter, each kind as one text, which ``paths`` reads.

    Raises GuardError as ``programs`` does.
    """
    found = {}
    for name, table in _tables(path, _PLACE).items():
        lists = tuple(_texts(path, name, table, key) for key in _PLACE)
        wrong = next((text for texts in lists for text in texts if text != text.lower()), "")
        if wrong:
            raise GuardError(f"{path}: {name!r}: {wrong!r} must be in lower case: it is compared so.")
        found[name] = FIELD.join([ITEM.join(texts) for texts in lists])
    return found


def _tables(path: Path, keys: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    try:
        document = tomllib.loads(packs.text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise GuardError(f"{path}: it is not valid TOML: {error}.") from error
    for name, table in document.items():
        if not isinstance(table, dict):
            raise GuardError(f"{path}: {name!r} must be a table.")
        for key in table:
            if key not in keys:
                raise GuardError(f"{path}: {name!r}: unknown key {key!r}; the keys are {', '.join(keys)}.")
    return document


def _texts(path: Path, name: str, table: dict[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not (isinstance(value, list) and all(isinstance(item, str) and item for item in value)):
        raise GuardError(f"{path}: {name!r}: {key!r} must be a list of texts.")
    return tuple(value)

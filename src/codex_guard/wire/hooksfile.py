"""Codex's hooks.json: ours put in, kept, or taken out, with everybody else's left as they are.

Codex trusts a hook by its place in the file, so ours go behind the others', keep their place when they
are there already, and a file that says what it should is not written again.
"""

import json
import os
from pathlib import Path
from typing import Any

from codex_guard.errors import GuardError
from codex_guard.wire import accepted, home
from codex_guard.wire.command import EXECUTABLES, Install, handler, is_ours


def install(path: Path, how: Install) -> bool:
    """Put the hooks into the file, made if need be. Returns whether anything changed.

    Raises GuardError where the file cannot be read, is nothing that Codex takes, or cannot be written.
    """
    document = _read(path)
    accepted.check(str(path), document)
    before = json.dumps(document)
    hooks = document.setdefault("hooks", {})
    for event in EXECUTABLES:
        groups = hooks.setdefault(event, [])
        wanted = handler(event, how)
        places = _places(groups)
        if places:
            group, at = places[0]
            group["hooks"][at] = wanted
            _drop(groups, places[1:])
        else:
            groups.append({"hooks": [wanted]})
    if path.exists() and json.dumps(document) == before:
        return False
    _write(path, document)
    return True


def uninstall(path: Path) -> bool:
    """Take our hooks out of the file, and the file away where nothing else is in it.

    Returns whether any were there. Raises GuardError where the file cannot be read or written.
    """
    if not path.exists():
        return False
    document = _read(path)
    hooks = document.get("hooks", {})
    found = False
    for event in list(hooks):
        places = _places(hooks[event])
        if places:
            found = True
            _drop(hooks[event], places)
            if not hooks[event]:
                del hooks[event]
    if not found:
        return False
    # A link is somebody's arrangement: it stays, and leads to a file without hooks.
    if hooks or document.keys() - {"hooks"} or path.is_symlink():
        _write(path, document)
    else:
        _remove(path)
    return True


def _places(groups: Any) -> list[tuple[Any, int]]:
    """Return the group and the number of each handler of ours."""
    return [
        (group, at)
        for group in (groups if isinstance(groups, list) else [])
        for at, item in enumerate(_handlers(group))
        if isinstance(item, dict) and is_ours(item.get("command"))
    ]


def _handlers(group: Any) -> list[Any]:
    items = group.get("hooks", []) if isinstance(group, dict) else []
    return items if isinstance(items, list) else []


def _drop(groups: list[Any], places: list[tuple[Any, int]]) -> None:
    """Take handlers out, the last first, and the groups that they leave empty."""
    for group, at in reversed(places):
        del group["hooks"][at]
    groups[:] = [group for group in groups if _handlers(group) or not any(group is g for g, _ in places)]


def _read(path: Path) -> dict[str, Any]:
    """Read the file as far as our own hooks can be found in it."""
    if not path.exists():
        return {}
    try:
        document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_unique)
    except (OSError, ValueError, RecursionError) as error:
        raise GuardError(
            f"{path} cannot be read as JSON ({error}): correct it, then run this again."
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("hooks", {}), dict):
        raise GuardError(
            f"{path} is not a hooks file: it must be an object with an object under 'hooks'. Correct it, or"
            " move it away, then run this again."
        )
    return document


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: Codex rejects most of them, and writing would lose the first."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the key {name!r} stands twice in one object")
        found[name] = value
    return found


def _write(path: Path, document: dict[str, Any]) -> None:
    """Write beside and rename, so that Codex never reads half a file; a link is followed, its target kept."""
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    fresh = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = path.resolve()
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        with beside.open("x", encoding="utf-8") as file:
            fresh = beside
            file.write(text)
        if target.exists():
            fresh.chmod(target.stat().st_mode & 0o7777)
        fresh.replace(target)
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: links that lead in a circle
        if fresh is not None:
            fresh.unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def _remove(path: Path) -> None:
    try:
        path.unlink()
        folder = path.parent
        # Without the folder that CODEX_HOME names, Codex does not start.
        if folder.name == ".codex" and not any(folder.iterdir()) and str(folder.resolve()) != home.folder():
            folder.rmdir()
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: Exception) -> GuardError:
    why = getattr(error, "strerror", None) or "its name or its text is nothing that a file can have"
    return GuardError(f"{path} cannot be written ({why}): make it writable, then run this again.")

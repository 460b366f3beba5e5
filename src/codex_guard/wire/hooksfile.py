"""Codex's hooks.json: ours put in, kept, or taken out, with everybody else's left as they are.

Codex trusts a hook by its place in the file, so ours go behind the others', keep their place when they
are there already, and a file that says what it should is not written again.
"""

import json
import os
from pathlib import Path
from typing import Any

from codex_guard.errors import GuardError
from codex_guard.wire.command import EXECUTABLES, Install, handler, is_ours

_ROOT_KEYS = frozenset(("description", "hooks"))


def install(path: Path, how: Install) -> bool:
    """Put the four hooks into the file, made if need be. Returns whether anything changed.

    Raises GuardError where the file cannot be read, is no hooks file, or cannot be written.
    """
    document = _read(path)
    before = json.dumps(document)
    hooks = document.setdefault("hooks", {})
    for event in EXECUTABLES:
        groups = hooks.setdefault(event, [])
        wanted = handler(event, how)
        places = [(group, at) for group in groups for at, item in enumerate(_handlers(group)) if _ours(item)]
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

    Returns whether any were there.
    """
    if not path.exists():
        return False
    document = _read(path)
    hooks = document.get("hooks", {})
    found = False
    for event in list(hooks):
        places = [
            (group, at) for group in hooks[event] for at, item in enumerate(_handlers(group)) if _ours(item)
        ]
        if places:
            found = True
            _drop(hooks[event], places)
            if not hooks[event]:
                del hooks[event]
    if not found:
        return False
    if hooks or "description" in document:
        _write(path, document)
    else:
        path.unlink()
        if path.parent.name == ".codex" and not any(path.parent.iterdir()):
            path.parent.rmdir()
    return True


def _ours(item: object) -> bool:
    return isinstance(item, dict) and is_ours(item.get("command"))


def _handlers(group: Any) -> list[Any]:
    items = group.get("hooks", []) if isinstance(group, dict) else []
    return items if isinstance(items, list) else []


def _drop(groups: list[Any], places: list[tuple[Any, int]]) -> None:
    """Take handlers out, the last first, and the groups that they leave empty."""
    for group, at in reversed(places):
        del group["hooks"][at]
    groups[:] = [group for group in groups if _handlers(group) or not any(group is g for g, _ in places)]


def _read(path: Path) -> dict[str, Any]:
    """Read the file and check what Codex would reject whole, since then no hook in it would run."""
    if not path.exists():
        return {}
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GuardError(
            f"{path} cannot be read as JSON ({error}): correct it, then run this again."
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("hooks", {}), dict):
        raise GuardError(f"{path} is not a hooks file: it must be an object with an object under 'hooks'.")
    extra = sorted(document.keys() - _ROOT_KEYS)
    if extra:
        raise GuardError(
            f"{path}: Codex rejects a file with the key {extra[0]!r}, so no hook in it runs: take it out."
        )
    for event, groups in document.get("hooks", {}).items():
        if not isinstance(groups, list):
            raise GuardError(f"{path}: hooks.{event} must be a list.")
        for item in (item for group in groups for item in _handlers(group)):
            timeout = item.get("timeout") if isinstance(item, dict) else None
            if isinstance(timeout, float):
                raise GuardError(
                    f"{path}: a hook of {event} has the timeout {timeout}; Codex takes whole seconds only and"
                    " rejects the file otherwise, so no hook in it runs: correct it."
                )
    return document


def _write(path: Path, document: dict[str, Any]) -> None:
    """Write beside and rename, so that Codex never reads half a file; a link is followed, its target kept."""
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = path.resolve()
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        fresh.write_text(text, encoding="utf-8")
        if target.exists():
            fresh.chmod(target.stat().st_mode & 0o7777)
        fresh.replace(target)
    except OSError as error:
        raise GuardError(f"{path} cannot be written ({error.strerror}).") from error

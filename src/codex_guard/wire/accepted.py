"""What Codex accepts in a hooks.json, as codex-cli 0.169.0 does: one thing wrong, and no hook in it runs.

Codex tells of a rejected file in one warning and goes on without its hooks, so a file like that is
refused before ours are put into it.
"""

import json
from typing import Any

from codex_guard.errors import GuardError
from codex_guard.wire.events import EVENTS

_ROOT_KEYS = frozenset(("description", "hooks"))
_TYPES = ("command", "mcp_tool", "prompt", "agent")
_WHOLE = 1 << 64  # a timeout is an unsigned 64-bit number
_OPTIONAL = (("statusMessage", str, "a text"), ("async", bool, "true or false"))


def check(path: str, document: dict[str, Any]) -> None:
    """Raise GuardError, with the file, the place in it and what to do, for what Codex would reject."""
    extra = sorted(document.keys() - _ROOT_KEYS)
    if extra:
        raise _rejected(path, f"has the key {extra[0]!r}: take it out")
    if not isinstance(document.get("description", ""), (str, type(None))):
        raise _rejected(path, "has a description that is no text: make it one")
    try:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except ValueError:
        raise _rejected(
            path, "holds NaN, Infinity or half of a surrogate pair, which JSON has not: take it out"
        ) from None
    for event, groups in document.get("hooks", {}).items():
        if event in EVENTS:  # what stands under other names is not looked at
            _check_groups(path, f"hooks.{event}", groups)


def _check_groups(path: str, where: str, groups: object) -> None:
    if not isinstance(groups, list):
        raise _rejected(path, f"has no list under {where}: make it one")
    for number, group in enumerate(groups):
        place = f"{where}[{number}]"
        if not isinstance(group, dict):
            raise _rejected(path, f"has no object at {place}: correct it")
        if not isinstance(group.get("matcher"), (str, type(None))):
            raise _rejected(path, f"has a matcher at {place} that is no text: correct it")
        handlers = group.get("hooks", [])
        if not isinstance(handlers, list):
            raise _rejected(path, f"has no list under {place}.hooks: make it one")
        for at, item in enumerate(handlers):
            _check_handler(path, f"{place}.hooks[{at}]", item)


def _check_handler(path: str, place: str, item: object) -> None:
    if not isinstance(item, dict):
        raise _rejected(path, f"has no object at {place}: correct it")
    if item.get("type") not in _TYPES:
        raise _rejected(path, f"has a type at {place} that is none of {', '.join(_TYPES)}: correct it")
    if item["type"] == "command" and not isinstance(item.get("command"), str):
        raise _rejected(path, f"has no text as command at {place}: correct it")
    timeout = item.get("timeout")
    whole = isinstance(timeout, int) and not isinstance(timeout, bool) and 0 <= timeout < _WHOLE
    if timeout is not None and not whole:
        raise _rejected(path, f"has a timeout at {place} that is no whole number of seconds: correct it")
    for name, kind, said in _OPTIONAL:
        if not isinstance(item.get(name), (kind, type(None))):
            raise _rejected(path, f"has a {name} at {place} that is not {said}: correct it")


def _rejected(path: str, what: str) -> GuardError:
    return GuardError(
        f"{path} {what}, then run this again (Codex rejects the file as it is, so no hook in it runs)."
    )

"""The tables of a policy: ``[[secrets.allow]]``, values by fingerprint, and ``[[secrets.ignore]]``, paths."""

import datetime as dt
from functools import partial

from codex_guard.errors import GuardError
from codex_guard.record import Record
from codex_guard.secrets import salted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LONGEST_REASON = 400  # characters
_MOST_SALTS = 8  # in one file: each costs every finding a derivation
_TEXT = f"a text of 1 to {_LONGEST_REASON} characters"
_TEXTS = "a list of texts"
_DATE = "a date such as 2030-12-31, without quotes"


class Allowed(Record):
    """One value that a policy allows, known by its shareable fingerprint alone.

    ``rule``: the only rule it is allowed for, or None; ``paths``: gitignore patterns of the only files it is
    allowed in, or none; ``expires``: the last day it counts, as YYYY-MM-DD, or None. ``file`` and ``line``
    are where the entry stands; ``shared``: that is a repository's policy.
    """

    fingerprint: str
    reason: str
    rule: str | None = None
    paths: tuple[str, ...] = ()
    expires: str | None = None
    file: str = ""
    line: int = 0
    shared: bool = False


class Ignored(Record):
    """Files in which findings of some rules do not count; ``rules`` are ids, or ``*`` for all."""

    paths: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str
    file: str = ""
    line: int = 0
    shared: bool = False


Entry = Allowed | Ignored

# Each table's keys: what a value must be, and whether it must be there.
_KEYS = {
    "secrets.allow": {
        "fingerprint": (_TEXT, True),
        "rule": (_TEXT, False),
        "paths": (_TEXTS, False),
        "reason": (_TEXT, True),
        "expires": (_DATE, False),
    },
    "secrets.ignore": {"paths": (_TEXTS, True), "rules": (_TEXTS, True), "reason": (_TEXT, True)},
}


def read(path: str, name: str, tables: object, line: "Callable[[int, str], int]") -> tuple[Entry, ...]:
    """Return the entries of the table ``name`` in the policy at ``path``.

    ``line(number, key)`` says where a key of the entry ``number`` stands, or the entry for an empty key.
    Raises GuardError naming file, line and key.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise GuardError(f"{path}:{line(0, '')}: {name!r} must be a list of tables: [[{name}]].")
    found: list[Entry] = []
    for number, table in enumerate(tables):
        values = _checked(path, name, table, partial(line, number))
        kind = Allowed if name == "secrets.allow" else Ignored
        found.append(kind(**values, file=path, line=line(number, "")))
    salts = {salted.salt_of(entry.fingerprint) for entry in found if isinstance(entry, Allowed)}
    if len(salts) > _MOST_SALTS:
        raise GuardError(
            f"{path}:{line(0, '')}: the fingerprints of {name!r} have {len(salts)} different salts, and at"
            f" most {_MOST_SALTS} are tried: make them anew with `codex-guard allow`, which keeps to one."
        )
    return tuple(found)


def _checked(
    path: str, name: str, table: dict[str, object], line: "Callable[[str], int]"
) -> "dict[str, Any]":
    keys = _KEYS[name]
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in keys:
            raise GuardError(
                f"{path}:{line(key)}: {name!r} has no key {key[:60]!r}{nearest(key, list(keys))}."
            )
        kind = keys[key][0]
        if not _fits(kind, value):
            raise GuardError(f"{path}:{line(key)}: '{name}.{key}' must be {kind}.")
        if key == "fingerprint" and salted.salt_of(str(value)) is None:
            raise GuardError(
                f"{path}:{line(key)}: '{name}.{key}' is no fingerprint: `codex-guard allow PATH:LINE` makes"
                " the entry."
            )
        values[key] = tuple(value) if isinstance(value, list) else str(value)
    for key, (_, needed) in keys.items():
        if needed and not values.get(key):
            raise GuardError(f"{path}:{line('')}: this entry of {name!r} has no {key!r}: add it.")
    return values


def _fits(kind: str, value: object) -> bool:
    if kind == _TEXTS:
        return isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    if kind == _DATE:
        return type(value) is dt.date  # a time of day is a subclass, and would promise too much
    return isinstance(value, str) and bool(value.strip()) and len(value) <= _LONGEST_REASON


def nearest(key: str, keys: list[str]) -> str:
    """Return how the sentence about a key that is none goes on: with the one meant, or with all there are."""
    import difflib  # noqa: PLC0415 - only a mistyped key needs it

    near = difflib.get_close_matches(key, keys, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; its keys are {', '.join(keys)}"

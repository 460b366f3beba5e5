"""Rule packs: one TOML file per family of providers, read and checked. Never on a hook's path."""

import re
from pathlib import Path
from typing import Any

from codex_guard import packs
from codex_guard.errors import GuardError
from codex_guard.record import Record
from codex_guard.secrets import checksum, names

SEVERITIES = ("critical", "high", "medium", "low")
_ID = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_SHORTEST_KEYWORD = 3  # a shorter one stands in every text
_REQUIRED = {
    "id": str, "provider": str, "title": str, "severity": str, "opens": str, "revoke": str,
    "source": str, "keywords": list, "hit": list, "miss": list,
}  # fmt: skip
_OPTIONAL = {
    "regex": str, "value": str, "says": str, "alone": bool, "sole": bool, "check": str,
    "group": int, "entropy": float, "before": int, "after": int, "bounded": bool,
    "generic": bool, "structured": bool,
}  # fmt: skip
_WAYS = ("regex", "value", "says")
SAYS = (names.PASSWORD, names.SECRET, names.KEY)


class Rule(Record):
    """One kind of credential, found in one of three ways.

    ``keywords`` are lower-case texts one of which stands in every match.

    ``regex``: the format tells it. It is tried from ``before`` characters before a keyword to ``after``
    characters behind it; ``group`` is the group that holds the secret itself. ``generic``: the regex does
    not tell a secret from other text, so the value must also look like one.
    ``value``: a provider's name tells it. The keywords are the provider's names, and this regex is what
    the whole value of a key, token or the like near one of them must match. ``alone``: the provider's
    name itself may be the name of the value; ``sole``: the provider has never had keys of another shape,
    so that another value of that name is none.
    ``says``: the name alone tells it: a ``password``, a ``secret``, or a ``key`` of no kind told (see
    ``names.kind``); the value must look like one.

    ``entropy`` is the least Shannon entropy of the secret in bits per character; ``check`` the proof in the
    format itself (see ``checksum``). ``bounded``: the secret is not part of a longer word.
    ``structured``: the format itself is the proof (a PEM block, a JWT), so placeholder words inside it
    prove nothing.
    """

    id: str
    provider: str
    title: str
    severity: str
    opens: str
    revoke: str
    source: str
    keywords: tuple[str, ...]
    hit: tuple[str, ...]
    miss: tuple[str, ...]
    regex: str = ""
    value: str = ""
    says: str = ""
    alone: bool = False
    sole: bool = False
    check: str = ""
    group: int = 0
    entropy: float = 3.0
    before: int = 0
    after: int = 512
    bounded: bool = True
    generic: bool = False
    structured: bool = False


def read_packs(folder: Path) -> tuple[Rule, ...]:
    """Read every pack in ``folder``. Raises GuardError."""
    return packs.read_folder(folder, read_pack)


def read_pack(path: Path, *, optional: bool = False) -> list[Rule]:
    """Read one pack. Raises GuardError that names the file, the rule and the key.

    In an ``optional`` one a rule may have no keywords: it is then tried on the whole of every text.
    """
    return [
        _rule(path, number, table, optional=optional)
        for number, table in enumerate(packs.read_tables(path), 1)
    ]


def _fits(value: object, kind: type) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if kind is str:
        return isinstance(value, str) and bool(value)
    return isinstance(value, (int, float) if kind is float else int) and value >= 0


def _rule(path: Path, number: int, table: dict[str, object], *, optional: bool) -> Rule:
    name = f"{path}: rule {table.get('id', number)!r}"
    for key, kind in _REQUIRED.items():
        empty = not table.get(key) and not (optional and key == "keywords")
        if not isinstance(table.get(key), kind) or empty:
            raise GuardError(f"{name}: {key!r} must be a {kind.__name__} that is not empty.")
    for key, value in table.items():
        kept = _OPTIONAL.get(key)
        if key not in _REQUIRED and kept is None:
            known = ", ".join((*_REQUIRED, *_OPTIONAL))
            raise GuardError(f"{name}: unknown key {key!r}; the keys are {known}.")
        if kept is not None and not _fits(value, kept):
            raise GuardError(f"{name}: {key!r} must be a {kept.__name__}, not empty and not negative.")
    for key in ("keywords", "hit", "miss"):
        items = table[key]
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            raise GuardError(f"{name}: {key!r} must be a list of texts that are not empty.")
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in table.items()}
    rule = Rule(**values)
    if rule.severity not in SEVERITIES:
        raise GuardError(f"{name}: 'severity' {rule.severity!r} is not one of {', '.join(SEVERITIES)}.")
    if not set(rule.id) <= _ID:
        raise GuardError(f"{name}: 'id' takes lower-case letters, digits and dashes: it stands in masks.")
    if any(len(keyword) < _SHORTEST_KEYWORD for keyword in rule.keywords):
        raise GuardError(f"{name}: 'keywords' must have {_SHORTEST_KEYWORD} characters or more.")
    if any(keyword != keyword.lower() for keyword in rule.keywords):
        raise GuardError(f"{name}: 'keywords' are matched in lower case, so write them so.")
    _check_way(name, rule)
    return rule


def _check_way(name: str, rule: Rule) -> None:
    """Raise GuardError unless the rule says in exactly one way how it is found, and that works."""
    ways = [way for way in _WAYS if getattr(rule, way)]
    if len(ways) != 1:
        raise GuardError(f"{name}: give one of {', '.join(map(repr, _WAYS))}, not {len(ways)} of them.")
    if rule.says and rule.says not in SAYS:
        raise GuardError(f"{name}: 'says' {rule.says!r} is not one of {', '.join(SAYS)}.")
    if rule.check and rule.check not in checksum.CHECKS:
        raise GuardError(f"{name}: 'check' {rule.check!r} is not one of {', '.join(checksum.CHECKS)}.")
    try:
        groups = re.compile(rule.regex or rule.value).groups
    except re.error as error:
        raise GuardError(f"{name}: the {ways[0]!r} does not compile: {error}") from error
    if rule.group > groups:
        raise GuardError(f"{name}: 'group' {rule.group} is not in the regex, which has {groups}.")

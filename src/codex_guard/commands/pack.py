"""Command rules: TOML packs, read and checked. Never on a hook's path."""

from pathlib import Path
from typing import Any

from codex_guard import packs
from codex_guard.commands.operands import KINDS
from codex_guard.commands.rule import ROLES, SPECIAL, Rule
from codex_guard.errors import GuardError

_REQUIRED = ("id", "title", "tier", "why", "instead", "deny", "allow")
_LISTS = (
    "programs", "words", "flags", "unless", "operands", "texts", "targets", "deny", "allow", "suggest",
)  # fmt: skip
_TEXTS = ("id", "title", "tier", "why", "instead", "role", "special")
TIERS = ("core", "infra", "niche")


class Pack(Rule):
    """A rule with its proof: commands that it denies, that it allows, and that its hint suggests."""

    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    suggest: tuple[str, ...] = ()


def read_packs(folder: Path) -> tuple[Pack, ...]:
    """Read every pack in ``folder``. Raises GuardError."""
    return packs.read_folder(folder, read_pack)


def read_pack(path: Path) -> list[Pack]:
    """Read one pack. Raises GuardError that names the file, the rule and the key."""
    return [_rule(path, number, table) for number, table in enumerate(packs.read_tables(path), 1)]


def rows(packs: tuple[Pack, ...]) -> tuple[tuple[object, ...], ...]:
    """Return the rules as the plain tuples that the index holds."""
    return tuple(tuple(getattr(pack, field) for field in Rule._fields) for pack in packs)


def _rule(path: Path, number: int, table: dict[str, object]) -> Pack:
    name = f"{path}: rule {table.get('id', number)!r}"
    for key in _REQUIRED:
        if not table.get(key):
            raise GuardError(f"{name}: {key!r} is missing or empty.")
    for key, value in table.items():
        if key not in (*_LISTS, *_TEXTS):
            raise GuardError(f"{name}: unknown key {key!r}; the keys are {', '.join((*_TEXTS, *_LISTS))}.")
        if key in _TEXTS and not isinstance(value, str):
            raise GuardError(f"{name}: {key!r} must be a text.")
        if key in _LISTS and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise GuardError(f"{name}: {key!r} must be a list of texts.")
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in table.items()}
    rule = Pack(**values)
    for key, given, known in (
        ("tier", (rule.tier,), TIERS),
        ("operands", rule.operands, KINDS),
        ("targets", rule.targets, KINDS),
        ("role", (rule.role,), ROLES),
        ("special", (rule.special,), ("", *SPECIAL)),
    ):
        for item in given:
            if item not in known:
                raise GuardError(f"{name}: {key!r} takes {', '.join(sorted(known))}, not {item!r}.")
    if not (rule.programs or rule.targets or rule.special):
        raise GuardError(f"{name}: it needs programs, targets or a special.")
    return rule

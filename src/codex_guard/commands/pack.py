"""Command rules: TOML packs, read and checked. Never on a hook's path."""

from pathlib import Path
from typing import Any

from codex_guard import packs
from codex_guard.commands import sql
from codex_guard.commands.operands import KINDS
from codex_guard.commands.rule import (
    LENGTHS,
    LISTS,
    NUMBERS,
    ROLES,
    SPECIAL,
    SWITCHES,
    TARGETS,
    Rule,
)
from codex_guard.errors import GuardError
from codex_guard.shell.programs import FIELD, ITEM

_REQUIRED = ("id", "title", "tier", "why", "instead", "deny", "allow")
_EXAMPLES = frozenset(("deny", "allow", "suggest"))
_TEXTS = frozenset(("id", "title", "tier", "why", "instead", "role", "special"))
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
    return [
        checked(f"{path}: rule {table.get('id', number)!r}", table)
        for number, table in enumerate(packs.read_tables(path), 1)
    ]


def filed(rules: tuple[Pack, ...]) -> dict[str, tuple[int, ...]]:
    """File the numbers of the rules under what they are looked up by: programs, targets, special checks."""
    found: dict[str, tuple[int, ...]] = {}
    for number, rule in enumerate(rules):
        names = [*rule.programs, *([TARGETS] if rule.targets else [])]
        if rule.special:
            names.append(f"special {rule.special}")
        for name in names:
            found[name] = (*found.get(name, ()), number)
    lengths = {len(name) - 1 for name in found if name.endswith("*")}
    return {LENGTHS: tuple(sorted(lengths))} | found


def packed(rule: Pack) -> str:
    """Return a rule as the one text that the index holds, which ``rule.unpacked`` reads."""
    fields = []
    for field in Rule._fields:
        value = getattr(rule, field)
        if field in LISTS:
            value = ITEM.join(value)
        elif field in SWITCHES:
            value = "yes" if value else ""
        fields.append(str(value))
    return FIELD.join(fields)


def checked(name: str, table: dict[str, object], *, proven: bool = True) -> Pack:
    """Return the rule that a table says; ``name`` says which it is, ``proven`` whether it needs examples.

    Raises GuardError that says which key is wrong.
    """
    for key in _REQUIRED if proven else _REQUIRED[:-2]:
        if not table.get(key):
            raise GuardError(f"{name}: {key!r} is missing or empty.")
    _typed(name, table)
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in table.items()}
    rule = Pack(**values)
    kinds: tuple[tuple[str, tuple[str, ...], frozenset[str] | tuple[str, ...]], ...] = (
        ("tier", (rule.tier,), TIERS),
        ("operands", rule.operands, KINDS),
        ("targets", rule.targets, KINDS),
        ("role", (rule.role,), ROLES),
        ("special", (rule.special,), ("", *SPECIAL)),
        ("statements", rule.statements, sql.KINDS),
    )
    for key, given, known in kinds:
        for item in given:
            if item not in known:
                raise GuardError(f"{name}: {key!r} takes {', '.join(sorted(known))}, not {item!r}.")
    if not (rule.programs or rule.targets or rule.special):
        raise GuardError(f"{name}: it needs programs, targets or a special.")
    return rule


def _typed(name: str, table: dict[str, object]) -> None:
    """Raise GuardError where a key is unknown, or its value of another kind."""
    lists = LISTS | _EXAMPLES
    known = lists | _TEXTS | NUMBERS | SWITCHES
    for key, value in table.items():
        if key not in known:
            raise GuardError(f"{name}: unknown key {key!r}; the keys are {', '.join(sorted(known))}.")
        if key in NUMBERS and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise GuardError(f"{name}: {key!r} must be a number from 0 on.")
        if key in SWITCHES and not isinstance(value, bool):
            raise GuardError(f"{name}: {key!r} must be true or false.")
        if key in _TEXTS and not isinstance(value, str):
            raise GuardError(f"{name}: {key!r} must be a text.")
        if key in lists and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise GuardError(f"{name}: {key!r} must be a list of texts.")

"""Folders of rule packs in TOML, whatever the rules are of. Never on a hook's path."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from codex_guard.errors import GuardError


class Identified(Protocol):
    """A rule has an id of its own."""

    @property
    def id(self) -> str:
        """The rule's id."""


R = TypeVar("R", bound=Identified)


def read_folder(folder: Path, read: Callable[[Path], list[R]]) -> tuple[R, ...]:
    """Read every ``*.toml`` in ``folder``, in the order of names. Raises GuardError, also for an id twice."""
    rules: list[R] = []
    seen: dict[str, Path] = {}
    for path in sorted(folder.glob("*.toml")):
        for rule in read(path):
            if rule.id in seen:
                raise GuardError(f"{path}: rule {rule.id!r} already stands in {seen[rule.id]}.")
            seen[rule.id] = path
            rules.append(rule)
    if not rules:
        raise GuardError(f"{folder} holds no rule pack (*.toml): is codex-guard installed whole?")
    return tuple(rules)


def read_tables(path: Path) -> list[dict[str, Any]]:
    """Return a pack's ``[[rule]]`` tables. Raises GuardError where it holds anything else."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GuardError(f"{path}: not a readable rule pack: {error}") from error
    extra = sorted(document.keys() - {"rule"})
    if extra:
        raise GuardError(f"{path}: unknown key {extra[0]!r}: a pack holds only [[rule]] tables.")
    tables = document.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise GuardError(f"{path}: 'rule' must be [[rule]] tables.")
    return tables

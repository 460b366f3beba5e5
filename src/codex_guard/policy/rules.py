"""The table ``[[commands.rules]]`` of a policy: rules for commands, in the form of a pack's."""

from codex_guard.commands.own import Own
from codex_guard.commands.pack import checked
from codex_guard.commands.rule import Rule
from codex_guard.errors import GuardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_DECISIONS = ("deny", "allow")
_NAME = "commands.rules"


def read(path: str, tables: object, line: "Callable[[int, str], int]") -> tuple[Own, ...]:
    """Return the rules of the policy at ``path``; ``line(number, key)`` says where a key of one stands.

    Raises GuardError naming file, line and key.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise GuardError(f"{path}:{line(0, '')}: {_NAME!r} must be a list of tables: [[{_NAME}]].")
    found: list[Own] = []
    for number, table in enumerate(tables):
        place = f"{path}:{line(number, '')}"
        values = dict(table)
        decision = values.pop("decision", "deny")
        if decision not in _DECISIONS:
            raise GuardError(f"{place}: 'decision' takes deny or allow, not {decision!r}.")
        values = {"tier": "core", "title": str(values.get("id", "")), **values}
        if decision == "allow":
            values = {"why": "Allowed.", "instead": "Nothing.", **values}
        pack = checked(f"{place}: rule {values.get('id', number + 1)!r}", values, proven=False)
        if pack.special:
            raise GuardError(f"{place}: 'special' is for codex-guard's own rules.")
        rule = Rule(*(getattr(pack, field) for field in Rule._fields))
        found.append(Own(rule, decision == "allow", path, line(number, "")))
    return tuple(found)

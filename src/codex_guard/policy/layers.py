"""Where policies come from, and how they merge: defaults, organisation, user, repository.

Each layer overrides the one before, lists of rules, paths and entries add up (of commands with one name the
later layer's counts), and a key that the organisation lists in ``locked`` can only be tightened below it. So
can ``checks.sandbox`` by a repository, whoever wrote that: it decides what the repository's own tools may
touch. A file that cannot be read or understood is an error, which blocks: a mistyped key never switches
protection off.
"""

import os

from codex_guard.errors import GuardError
from codex_guard.model import GUARDS
from codex_guard.policy.policy import KEYS, Policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from codex_guard.checks.own import Command
    from codex_guard.policy.file import Values

#: Fixed, so that no environment variable or file of the user's can move it.
ORGANISATION = "/etc/codex-guard/policy.toml"
REPOSITORY = ".codex-guard.toml"

_PERSONAL = frozenset(key.name for key in KEYS.values() if key.personal)


def load(cwd: str) -> Policy:
    """Return the policy that holds in ``cwd``. Raises GuardError naming the file and the line."""
    files = [(path, layer) for path, layer in _candidates(cwd) if _exists(path)]
    if not files:
        return Policy()
    from codex_guard.policy import file  # noqa: PLC0415 - TOML costs 13 ms, paid only where a file is

    policy = Policy()
    locked: frozenset[str] = frozenset()
    for path, layer in files:
        values = file.read(path, managed=layer == "organisation")
        if layer == "organisation":
            policy = _merged(policy, values, locked)
            locked = frozenset(_texts(values.get("locked")))
        elif layer == "user":
            policy = _merged(policy, values, locked)
        else:
            # Whoever wrote the repository has no say in what a person may send.
            policy = policy.replace(disabled_prompt_rules=policy.disabled_secret_rules)
            return _merged(policy, values, locked | _PERSONAL, shared=True)
    return policy.replace(disabled_prompt_rules=policy.disabled_secret_rules)


def allows_on_error() -> bool:
    """Say whether the organisation lets Codex go ahead when a hook itself fails."""
    from codex_guard.policy import file  # noqa: PLC0415

    try:
        return _exists(ORGANISATION) and file.read(ORGANISATION, managed=True).get("on_error") == "allow"
    except GuardError:
        return False


def is_locked(key: str) -> bool:
    """Say whether the organisation locks a key for all others. Raises GuardError as ``load`` does."""
    if not _exists(ORGANISATION):
        return False
    from codex_guard.policy import file  # noqa: PLC0415

    return key in _texts(file.read(ORGANISATION, managed=True).get("locked"))


def user_file() -> str:
    """Return the path of the user's policy, whether it is there or not."""
    base = os.environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        # A home that is no absolute path would lead into the folder that the hook runs in.
        base = os.path.join(home if os.path.isabs(home) else "/", ".config")
    return os.path.join(base, "codex-guard", "policy.toml")


def repository_file(cwd: str) -> str | None:
    """Return the nearest repository policy at or above ``cwd``, up to the repository's top.

    Outside of a repository only ``cwd`` itself is looked at: above it, such as in a shared temporary
    folder, the file may be anybody's.
    """
    nearest = None
    folder = cwd
    while True:
        path = os.path.join(folder, REPOSITORY)
        if nearest is None and _exists(path):
            nearest = path
        if os.path.lexists(os.path.join(folder, ".git")):
            return nearest
        parent = os.path.dirname(folder)
        if parent == folder:
            own = os.path.join(cwd, REPOSITORY)
            return own if _exists(own) else None
        folder = parent


def _exists(path: str) -> bool:
    """Say whether there is a file, or a link. What cannot be told is an error: a lock may stand there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is no file's"
        raise GuardError(
            f"The policy {path} cannot be looked for ({why}): make its folder readable, or remove it."
        ) from None
    return True


def _candidates(cwd: str) -> list[tuple[str, str]]:
    found = [(ORGANISATION, "organisation"), (user_file(), "user")]
    if repository := repository_file(cwd):
        found.append((repository, "repository"))
    return found


def _merged(policy: Policy, values: "Values", locked: frozenset[str], *, shared: bool = False) -> Policy:
    changes: dict[str, object] = {}
    for name, given in values.items():
        key, value = KEYS[name], given
        if not key.field:
            continue
        if name in locked and name == "commands.rules" and isinstance(value, tuple):
            value = tuple(own for own in value if not own.allows)  # more may be denied below
        elif name in locked and name != "checks.commands" and value not in key.strictest:
            continue  # of commands, more may be run below
        if key.field in {"disabled_secret_rules", "disabled_command_rules"}:
            # What keeps the guard on is not a repository's to switch off.
            off = [rule for rule in _texts(value) if not (shared and rule.startswith(GUARDS))]
            changes[key.field] = getattr(policy, key.field) | frozenset(off)
        elif key.adds:
            changes[key.field] = getattr(policy, key.field) + _texts(value)
        elif isinstance(value, tuple):  # a table's entries: those of a repository count in fewer places
            marked = tuple(entry.replace(shared=shared) for entry in value)
            if name == "checks.commands":
                changes[key.field] = _named(policy.check_commands, marked, kept=name in locked)
            else:
                changes[key.field] = getattr(policy, key.field) + marked
        elif key.kind == "texts":
            changes[key.field] = _texts(value)
        else:
            changes[key.field] = value
    return policy.replace(**changes)


def _named(before: "tuple[Command, ...]", given: "tuple[Any, ...]", *, kept: bool) -> "tuple[Command, ...]":
    """Return the commands of the layers so far, and of a further one: one of each name.

    It is the further layer's, or with ``kept`` the one that was there.
    """
    ranked = (*before, *given, *(before if kept else ()))
    return tuple({command.name: command for command in ranked}.values())


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, (list, tuple)) else ()

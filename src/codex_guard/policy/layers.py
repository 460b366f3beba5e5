"""Where policies come from, and how they merge: defaults, organisation, user, repository.

Each layer overrides the one before, lists of rules and paths add up, and a key that the organisation
lists in ``locked`` can only be tightened below it. A file that cannot be read or understood is an
error, which blocks: a mistyped key never switches protection off.
"""

import os

from codex_guard.errors import GuardError
from codex_guard.policy.policy import KEYS, Policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.policy.file import Values

#: Fixed, so that no environment variable or file of the user's can move it.
ORGANISATION = "/etc/codex-guard/policy.toml"
REPOSITORY = ".codex-guard.toml"


def load(cwd: str) -> Policy:
    """Return the policy that holds in ``cwd``. Raises GuardError naming the file and the line."""
    files = [(path, managed) for path, managed in _candidates(cwd) if os.path.lexists(path)]
    if not files:
        return Policy()
    from codex_guard.policy import file  # noqa: PLC0415 - TOML costs 13 ms, paid only where a file is

    policy = Policy()
    locked: frozenset[str] = frozenset()
    for path, managed in files:
        values = file.read(path, managed=managed)
        if managed:
            locked = frozenset(_texts(values.pop("locked", ())))
        policy = _merged(policy, values, frozenset() if managed else locked)
    return policy


def allows_on_error() -> bool:
    """Say whether the organisation lets Codex go ahead when a hook itself fails."""
    if not os.path.lexists(ORGANISATION):
        return False
    from codex_guard.policy import file  # noqa: PLC0415

    try:
        return file.read(ORGANISATION, managed=True).get("on_error") == "allow"
    except GuardError:
        return False


def user_file() -> str:
    """Return the path of the user's policy, whether it is there or not."""
    base = os.environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".config")
    return os.path.join(base, "codex-guard", "policy.toml")


def repository_file(cwd: str) -> str | None:
    """Return the nearest repository policy at or above ``cwd``, up to the repository's top."""
    folder = cwd
    while True:
        path = os.path.join(folder, REPOSITORY)
        if os.path.lexists(path):
            return path
        parent = os.path.dirname(folder)
        if parent == folder or os.path.lexists(os.path.join(folder, ".git")):
            return None
        folder = parent


def _candidates(cwd: str) -> list[tuple[str, bool]]:
    found = [(ORGANISATION, True), (user_file(), False)]
    if repository := repository_file(cwd):
        found.append((repository, False))
    return found


def _merged(policy: Policy, values: "Values", locked: frozenset[str]) -> Policy:
    changes: dict[str, object] = {}
    for name, value in values.items():
        key = KEYS[name]
        if name in locked and (key.strictest is None or value != key.strictest):
            continue
        if key.field in {"disabled_secret_rules", "disabled_command_rules"}:
            changes[key.field] = getattr(policy, key.field) | frozenset(_texts(value))
        elif key.field == "allowed_paths":
            changes[key.field] = policy.allowed_paths + _texts(value)
        elif key.kind == "texts":
            changes[key.field] = _texts(value)
        else:
            changes[key.field] = value
    return policy.replace(**changes)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, (list, tuple)) else ()

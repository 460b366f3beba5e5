"""Where the guard keeps its files: a folder of the user's, readable by nobody else."""

import os

from codex_guard.errors import GuardError


def folder() -> str:
    """Return the state folder, made if need be: ``$XDG_STATE_HOME/codex-guard`` or its default.

    Raises GuardError where it cannot be made.
    """
    base = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(home(), ".local", "state")
    path = os.path.join(base, "codex-guard")
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
    except OSError as error:
        raise GuardError(
            f"codex-guard cannot make its state folder {path} ({error.strerror}): free the path, or set"
            " XDG_STATE_HOME to a folder that can be written."
        ) from error
    return path


def home() -> str:
    """Return the user's home folder. Raises GuardError where neither $HOME nor the system knows one."""
    found = os.path.expanduser("~")
    if not os.path.isabs(found):
        raise GuardError("codex-guard cannot tell your home folder: set HOME.")
    return found


def open_private(path: str, flags: int) -> int:
    """Open a file of the guard's: for its user only, never through a symbolic link, never inherited."""
    return os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)

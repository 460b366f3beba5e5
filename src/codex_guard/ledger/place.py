"""Where the guard keeps its files: a folder of the user's, readable by nobody else."""

import errno
import os
import stat

from codex_guard.errors import GuardError

_PATIENCE = 2.0  # seconds
_LONGEST_ID = 64
_KEPT_SECONDS = 30 * 24 * 3600


def folder() -> str:
    """Return the state folder, made if need be: ``$XDG_STATE_HOME/codex-guard`` or its default.

    Raises GuardError where it cannot be made.
    """
    path = located()
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
    except OSError as error:
        raise GuardError(
            f"codex-guard cannot make its state folder {path} ({error.strerror}): free the path, or set"
            " XDG_STATE_HOME to a folder that can be written."
        ) from error
    return path


def of_session(session: str) -> str:
    """Return the path of a session's state, whether there is any or not.

    An id comes from outside: what is not as plain as Codex's own goes by its digest.
    """
    plain = session.replace("-", "")
    if not (
        plain.isascii() and plain.isalnum() and session == session.lower() and len(session) <= _LONGEST_ID
    ):
        import hashlib  # noqa: PLC0415 - Codex's own ids never come here

        session = hashlib.sha256(session.encode("utf-8", "replace")).hexdigest()
    return os.path.join(located(), "sessions", f"{session}.json")


def forget_old(folder: str) -> None:
    """Delete what was kept of sessions that nobody has gone on with for a month."""
    import contextlib  # noqa: PLC0415 - once a session
    import time  # noqa: PLC0415

    oldest = time.time() - _KEPT_SECONDS
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.stat(follow_symlinks=False).st_mtime < oldest:
                    os.unlink(entry.path)


def located() -> str:
    """Return the state folder's path, whether it is there or not. Raises GuardError without a home."""
    base = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(home(), ".local", "state")
    return os.path.join(base, "codex-guard")


def home() -> str:
    """Return the user's home folder. Raises GuardError where neither $HOME nor the system knows one."""
    found = os.path.expanduser("~")
    if not os.path.isabs(found):
        raise GuardError("codex-guard cannot tell your home folder: set HOME.")
    return found


def lock(handle: int, patience: float = _PATIENCE) -> None:
    """Lock an open file for this process alone. Raises OSError where another keeps it for so many seconds."""
    import fcntl  # noqa: PLC0415 - a silent event locks nothing
    import time  # noqa: PLC0415

    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise OSError(errno.EBUSY, "another process keeps it locked") from None
            time.sleep(0.01)
        else:
            return


def open_private(path: str, flags: int) -> int:
    """Open a file of the guard's: for its user only, never through a symbolic link, never inherited.

    Raises OSError as ``opened`` does.
    """
    return opened(path, flags | os.O_CREAT)


def opened(path: str, flags: int) -> int:
    """Open a regular file, never through a symbolic link, never inherited.

    Raises OSError, also where something else than a file stands there, such as a named pipe.
    """
    # Without O_NONBLOCK, opening a named pipe waits for whoever is at its other end.
    handle = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file")
    return handle

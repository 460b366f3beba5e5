"""One file that Codex may be writing to at this moment: opened without waiting, and overwritten in place.

Codex appends to its history under an exclusive ``flock`` and, where it shortens it, puts another file in its
place; so what is overwritten here is overwritten under that lock, in the file that the path still names,
and only where it still says what was read. Other processes' appends are behind all that, and stay.
"""

import errno
import fcntl
import os
import stat
import time
from contextlib import contextmanager

from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 0.2  # seconds
_POLL = 0.01


class Change(Record):
    """Bytes of a file: where they begin, as they were read, and as they shall be. Both are as long."""

    at: int
    old: bytes
    new: bytes


def opened(path: str, flags: int) -> int:
    """Open a regular file, never through a link. Raises OSError, also for what is no regular file."""
    # Without O_NONBLOCK, opening a named pipe waits for whoever is at its other end.
    handle = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file")
    return handle


@contextmanager
def locked(handle: int, path: str) -> "Iterator[None]":
    """Keep an open file for this process alone. Hold it shortly: after a second Codex drops its prompt.

    Raises OSError where another process keeps it for 200 ms, and where ``path`` names another file by now.
    """
    _lock(handle)
    try:
        now, here = os.stat(path, follow_symlinks=False), os.fstat(handle)
        if (now.st_dev, now.st_ino) != (here.st_dev, here.st_ino):
            raise OSError(errno.ESTALE, "it was replaced meanwhile")
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _lock(handle: int) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise OSError(errno.EBUSY, "another process keeps it locked") from None
            time.sleep(_POLL)
        else:
            return


def read(handle: int, size: int, at: int) -> bytes:
    """Return ``size`` bytes from ``at``, fewer at the file's end."""
    chunks: list[bytes] = []
    while size > 0 and (chunk := os.pread(handle, size, at)):
        chunks.append(chunk)
        at += len(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def overwrite(handle: int, changes: list[Change]) -> None:
    """Make the changes in a file that is locked. Raises OSError where it no longer says what was read."""
    for change in changes:
        if read(handle, len(change.old), change.at) != change.old:
            raise OSError(errno.ESTALE, "it was rewritten meanwhile")
        at, left = change.at, change.new
        while left:
            written = os.pwrite(handle, left, at)
            at, left = at + written, left[written:]

"""One file that Codex may be writing to at this moment: opened without waiting, and overwritten in place.

Codex appends to its history under an exclusive ``flock`` and, where it shortens it, puts another file in its
place; so what is overwritten here is overwritten under that lock, in the file that the path still names,
and only where it still says what was read. Other processes' appends are behind all that, and stay.
"""

import errno
import fcntl
import os
from contextlib import contextmanager

from codex_guard.ledger import place
from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 0.2  # seconds


class Change(Record):
    """Bytes of a file: where they begin, as they were read, and as they shall be. Both are as long."""

    at: int
    old: bytes
    new: bytes


@contextmanager
def locked(handle: int, path: str) -> "Iterator[None]":
    """Keep an open file for this process alone. Hold it shortly: after a second Codex drops its prompt.

    Raises OSError where another process keeps it for 200 ms, and where ``path`` names another file by now.
    """
    place.lock(handle, _PATIENCE)
    try:
        now, here = os.stat(path, follow_symlinks=False), os.fstat(handle)
        if (now.st_dev, now.st_ino) != (here.st_dev, here.st_ino):
            raise OSError(errno.ESTALE, "it was replaced meanwhile")
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


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

"""Files as they are on disk now, read so that nothing hangs and nothing is too large."""

import os
import stat

from codex_guard.model import Text, Unscanned

#: Bytes of a file that is looked at.
LARGEST = 32 << 20
#: Why a program, a picture or an archive is not looked at: as text, it says nothing and takes long.
NO_TEXT = "it is no text, and larger than 1 MiB"
_LARGEST_BINARY, _HEAD = 1 << 20, 8 << 10  # bytes
_PACKAGES = ("node_modules", "site-packages")  # where package managers put what others have published
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_BOMS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))


def read(path: str, where: str, stamps: list[str] | None = None) -> Text | Unscanned | None:
    """Return a file's text; None where there is no such file; Unscanned where it cannot be looked at.

    Adds to ``stamps`` the state of a file that need not be read again until it changes (see ``ledger.seen``).
    """
    try:
        # Without O_NONBLOCK, opening a named pipe waits for somebody to write to it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        if stamps is not None and isinstance(error, PermissionError):
            stamps += _stamped(path)  # said once: whoever lets it be read changes its state
        return Unscanned(where, getattr(error, "strerror", None) or "its name is no file's")
    try:
        status = os.fstat(handle)
        if stat.S_ISDIR(status.st_mode):
            return None
        if not stat.S_ISREG(status.st_mode):
            return Unscanned(where, "it is no regular file")
        # Before it is read: what changes meanwhile must not look like what was read.
        stamp = _stamp(status) if stamps is not None else ""
        # A file can also grow while it is read, and those of /proc say they are empty.
        data = _all(handle) if status.st_size <= LARGEST else None
        if stamps is not None:
            stamps.append(stamp)
        if data is None or len(data) > LARGEST:
            return Unscanned(where, f"it is larger than {LARGEST >> 20} MiB")
        if len(data) > _LARGEST_BINARY and b"\0" in data[:_HEAD] and not data.startswith(_WIDE):
            return Unscanned(where, NO_TEXT)
        return Text(where, decoded(data), file=True)
    except OSError as error:
        return Unscanned(where, error.strerror or "it cannot be read")
    finally:
        os.close(handle)


def is_package(path: str) -> bool:
    """Say whether a file lies where a package manager puts what others have published."""
    return not set(_PACKAGES).isdisjoint(path.split("/"))


def _stamped(path: str) -> list[str]:
    try:
        return [_stamp(os.stat(path))]
    except OSError:
        return []


def _all(handle: int) -> bytes:
    chunks, size = [], 0
    while size <= LARGEST and (chunk := os.read(handle, 1 << 20)):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)


def _stamp(status: os.stat_result) -> str:
    from codex_guard.ledger import seen  # noqa: PLC0415 - most calls write no file

    return seen.stamp(status)


def decoded(data: bytes) -> str:
    """Return a file's bytes as the text that is scanned; what is no text keeps its place."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode("utf-8", "replace")

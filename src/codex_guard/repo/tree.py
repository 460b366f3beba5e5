"""A folder whose files are read and made by handles, folder by folder: no link in it leads elsewhere.

That holds for what is there and for what somebody puts there meanwhile.
"""

import contextlib
import os
import shutil
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

#: How git writes what an entry is: https://git-scm.com/docs/git-fast-import#_filemodify
FILE, PROGRAM, LINK, FOLDER = "100644", "100755", "120000", "040000"
#: Bytes of a file that is copied: no check reads a larger one.
LARGEST = 32 << 20
_OPEN = os.O_CLOEXEC | os.O_NOFOLLOW

Parts = tuple[str, ...]  # a path's folders and its name


def _stays(parts: Parts, target: str) -> bool:
    """Say whether a link at ``parts`` leads to a place in the snapshot, whatever other links there are.

    Where it goes up only at its start, it does so from folders that are no links; every link on its way down
    stays within by the same rule.
    """
    above, down = len(parts) - 1, False
    for step in target.split("/"):
        if step == "..":
            above -= 1
            if down or above < 0:
                return False
        down = down or step not in ("", ".", "..")
    return bool(target) and not target.startswith("/")


class Tree:
    """A folder whose contents are reached by their paths below it, and never through a link."""

    def __init__(self, path: str) -> None:
        """Open the folder. Raises OSError."""
        self._top = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._parents: Parts = ()  # of the folder that is open: the next file is mostly beside the last
        self._handle = self._top

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: "TracebackType | None"
    ) -> None:
        self._leave()
        os.close(self._top)

    def folder(self, parents: Parts, *, make: bool = False) -> int:
        """Return the handle of a folder, good until the next call; with ``make`` it is made if need be.

        Raises OSError where there is none.
        """
        if parents != self._parents:
            self._leave()
            handle = os.dup(self._top)
            try:
                for name in parents:
                    inner = _made(handle, name) if make else _inner(handle, name)
                    os.close(handle)
                    handle = inner
            except BaseException:
                os.close(handle)
                raise
            self._parents, self._handle = parents, handle
        return self._handle

    def put(self, mode: str, parts: Parts, data: "bytes | memoryview") -> None:
        """Make a file, or a link if it stays within, in place of whatever is there."""
        if mode == LINK and not _stays(parts, os.fsdecode(bytes(data))):
            self.remove(parts)
            return
        handle, name = self.folder(parts[:-1], make=True), parts[-1]
        try:
            _make(mode, handle, name, data)
        except FileExistsError:
            _remove(handle, name)
            _make(mode, handle, name, data)

    def remove(self, parts: Parts, *, folders: bool = True) -> None:
        """Remove what is there, if anything is; a folder only with ``folders``. Raises OSError."""
        try:
            handle = self.folder(parts[:-1])
            status = os.lstat(parts[-1], dir_fd=handle)
        except OSError:
            return
        if folders or not stat.S_ISDIR(status.st_mode):
            _remove(handle, parts[-1])

    def read(self, parts: Parts) -> tuple[str, bytes]:
        """Return the mode and content of what is there; no mode for none, or what cannot be copied."""
        try:
            handle = self.folder(parts[:-1])
            status = os.lstat(parts[-1], dir_fd=handle)
            if stat.S_ISDIR(status.st_mode):
                return FOLDER, b""
            if stat.S_ISLNK(status.st_mode):
                return LINK, os.fsencode(os.readlink(parts[-1], dir_fd=handle))
            if not stat.S_ISREG(status.st_mode):
                return "", b""
            data = _read(handle, parts[-1])
        except OSError:
            return "", b""
        mode = PROGRAM if status.st_mode & stat.S_IXUSR else FILE
        return (mode, data) if len(data) <= LARGEST else ("", b"")

    def _leave(self) -> None:
        if self._handle != self._top:
            os.close(self._handle)
        self._parents, self._handle = (), self._top


def _inner(handle: int, name: str) -> int:
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | _OPEN, dir_fd=handle)


def _made(handle: int, name: str) -> int:
    """Open a folder, made in place of whatever is there that is none."""
    with contextlib.suppress(OSError):
        return _inner(handle, name)
    _remove(handle, name)
    os.mkdir(name, dir_fd=handle)
    return _inner(handle, name)


def _make(mode: str, handle: int, name: str, data: "bytes | memoryview") -> None:
    if mode == LINK:
        os.symlink(os.fsdecode(bytes(data)), name, dir_fd=handle)
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN
    file = os.open(name, flags, 0o777 if mode == PROGRAM else 0o666, dir_fd=handle)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)


def _remove(handle: int, name: str) -> None:
    try:
        os.unlink(name, dir_fd=handle)
    except FileNotFoundError:
        return
    except OSError:  # a folder, by different numbers on Linux and macOS
        shutil.rmtree(name, dir_fd=handle)


def _read(handle: int, name: str) -> bytes:
    """Return a file's first bytes, one more than are copied at most."""
    # Without O_NONBLOCK, opening a named pipe that takes its place waits for somebody to write to it.
    file = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | _OPEN, dir_fd=handle)
    chunks, size = [], 0
    try:
        while size <= LARGEST and (chunk := os.read(file, 1 << 20)):
            chunks.append(chunk)
            size += len(chunk)
    finally:
        os.close(file)
    return b"".join(chunks)

"""The commit that a work tree is at, read from git's own files: no process, since a silent hook asks.

What the files are: https://git-scm.com/docs/gitrepository-layout
"""

import os

_LARGEST = 4 << 20  # bytes of packed-refs that are looked through
_SIZES = (40, 64)  # digits of a commit's name: SHA-1, SHA-256
_HOPS = 5  # references that may lead to one another
_DIGITS = "0123456789abcdef"


def commit(worktree: str) -> str:
    """Return the name of the commit that the work tree at its top ``worktree`` is at, in full.

    Empty where there is none yet, no repository, or one that keeps its references in another way than in
    files.
    """
    folder = _folder(os.path.join(worktree, ".git"))
    shared = _text(os.path.join(folder, "commondir")).strip()
    common = os.path.join(folder, shared) if shared else folder
    name = "HEAD"
    for _ in range(_HOPS):
        said = _text(os.path.join(folder, name)) or _text(os.path.join(common, name))
        said = (said or _packed(common, name)).strip()
        if not said.startswith("ref: "):
            return said if len(said) in _SIZES and not said.strip(_DIGITS) else ""
        name = said[5:]
        if name.startswith("/") or ".." in name:
            return ""
    return ""


def _folder(path: str) -> str:
    """Return the repository's folder: ``.git`` itself, or where a worktree's or submodule's file points."""
    if os.path.isdir(path):
        return path
    said = _text(path)
    if not said.startswith("gitdir: "):
        return path
    return os.path.join(os.path.dirname(path), said[8:].strip())


def _packed(common: str, name: str) -> str:
    for line in _text(os.path.join(common, "packed-refs")).splitlines():
        at, _, packed = line.partition(" ")
        if packed == name:
            return at
    return ""


def _text(path: str) -> str:
    try:
        # Without O_NONBLOCK, opening a named pipe waits for somebody to write to it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return ""
    try:
        return os.read(handle, _LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""
    finally:
        os.close(handle)

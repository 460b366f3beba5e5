"""The contents that git keeps: what it calls them, and since when it has them.

What the files are: https://git-scm.com/docs/gitrepository-layout
"""

import os

from codex_guard.repo import head

_SHA256 = 64  # digits


def id_of(data: bytes, commit: str) -> bytes:
    """Return git's name for contents, in the same hash as a commit's name."""
    import hashlib  # noqa: PLC0415 - only for what was found

    kind = hashlib.sha256 if len(commit) == _SHA256 else hashlib.sha1
    return kind(b"blob %d\0%b" % (len(data), data)).hexdigest().encode("ascii")


def is_older(worktree: str, data: bytes, since: int) -> bool:
    """Say whether git had these contents before the time ``since``, in nanoseconds.

    Told by the time that no program can set. What is kept in a pack counts only in a repository that got
    no pack since.
    """
    name = id_of(data, head.commit(worktree)).decode("ascii")
    folder = os.path.join(head.common(worktree), "objects")
    fan = os.path.join(folder, name[:2])
    try:
        # Git touches what it would write once more, but nothing came into a folder that did not change.
        return min(os.stat(os.path.join(fan, name[2:])).st_ctime_ns, os.stat(fan).st_ctime_ns) < since
    except OSError:
        return _are_packs_older(os.path.join(folder, "pack"), since) and _has(worktree, name)


def _are_packs_older(folder: str, since: int) -> bool:
    try:
        with os.scandir(folder) as entries:
            # An index is never touched again; git touches a pack whenever it writes what is in it once more.
            return all(one.stat().st_ctime_ns < since for one in entries if one.name.endswith(".idx"))
    except OSError:
        return False


def _has(worktree: str, name: str) -> bool:
    from codex_guard.errors import GuardError  # noqa: PLC0415 - only for what was found
    from codex_guard.repo import git  # noqa: PLC0415

    try:
        return git.output(worktree, "cat-file", "-t", name) == b"blob\n"
    except GuardError:
        return False

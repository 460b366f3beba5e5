"""The commit that a work tree is at, read from git's own files: no process, since a silent hook asks.

What the files are: https://git-scm.com/docs/gitrepository-layout
"""

import os

_LARGEST = 4 << 20  # bytes of packed-refs that are looked through
_SIZES = (40, 64)  # digits of a commit's name: SHA-1, SHA-256
_HOPS = 5  # references that may lead to one another
_DIGITS = "0123456789abcdef"
_LOGGED = 4  # words of a log's line at least: old and new commit, a name, the time and its zone
_ARRIVALS = ("checkout", "clone", "reset", "branch", "fetch")


def commit(worktree: str) -> str:
    """Return the name of the commit that the work tree at its top ``worktree`` is at, in full.

    Empty where there is none yet, no repository, or one that keeps its references in another way than in
    files.
    """
    folder = _folder(os.path.join(worktree, ".git"))
    shared = _common(folder)
    name = "HEAD"
    for _ in range(_HOPS):
        said = _text(os.path.join(folder, name)) or _text(os.path.join(shared, name))
        said = (said or _packed(shared, name)).strip()
        if not said.startswith("ref: "):
            return said if len(said) in _SIZES and not said.strip(_DIGITS) else ""
        name = said[5:]
        if name.startswith("/") or ".." in name:
            return ""
    return ""


def common(worktree: str) -> str:
    """Return the folder of the repository's objects and logs, which all of its work trees share."""
    return _common(_folder(os.path.join(worktree, ".git")))


def made(worktree: str, since: int) -> frozenset[str] | None:
    """Return the commits that were made in this repository since a time in seconds; None if it keeps no log.

    What was fetched, or was on another branch before, is not among them. Of each work tree the last 4 MiB of
    its log count. What the lines are: https://git-scm.com/docs/git-update-ref#_logging_updates
    """
    shared = common(worktree)
    trees = os.path.join(shared, "worktrees")
    try:
        folders = [shared, *(os.path.join(trees, name) for name in os.listdir(trees))]
    except OSError:
        folders = [shared]
    logs = [_text(os.path.join(folder, "logs", "HEAD"), last=True) for folder in folders]
    if not logs[0]:
        return None
    found = set()
    for line in "\n".join(logs).split("\n"):
        who, _, message = line.partition("\t")
        words = who.split(" ")
        if len(words) > _LOGGED and words[-2].isdecimal() and int(words[-2]) >= since and not _came(message):
            found.add(words[1])
    return frozenset(found)


def _came(message: str) -> bool:
    """Say whether a log's message is of a commit that was there before."""
    how = message.partition(":")[0]
    if how.startswith(("merge ", "pull")) and "(pick)" not in how:
        return "(start)" in how or "(finish)" in how or message.endswith(": Fast-forward")
    return how.startswith(_ARRIVALS) or (how.startswith("rebase") and ("start" in how or "finish" in how))


def _common(folder: str) -> str:
    shared = _text(os.path.join(folder, "commondir")).strip()
    return os.path.join(folder, shared) if shared else folder


def is_loose_since(worktree: str, name: str, since: int) -> bool:
    """Say whether git wrote an object as a file of its own since the time ``since`` (nanoseconds).

    ``git add`` does, also for one that it has already.
    """
    try:
        return os.lstat(os.path.join(common(worktree), "objects", name[:2], name[2:])).st_ctime_ns >= since
    except (OSError, ValueError):
        return False


def is_index_since(worktree: str, since: int) -> bool:
    """Say whether the index was written since the time ``since`` (nanoseconds)."""
    folder = _folder(os.path.join(worktree, ".git"))
    try:
        return os.lstat(os.path.join(folder, "index")).st_ctime_ns >= since
    except OSError:
        return False


def asked(worktree: str) -> str:
    """Return what ``commit`` does by asking git, where its references are not in files that can be read.

    Empty for a repository without a commit, and for none.
    """
    folder = common(worktree)
    elsewhere = os.path.isdir(os.path.join(folder, "reftable"))
    if not (os.path.isdir(folder) and (elsewhere or not os.access(os.path.join(folder, "HEAD"), os.R_OK))):
        return ""
    from codex_guard.errors import GuardError  # noqa: PLC0415 - once a session, in few repositories
    from codex_guard.repo import git  # noqa: PLC0415

    try:
        said = git.output(worktree, "rev-parse", "--quiet", "--verify", "HEAD^{commit}", expected=(0, 1))
    except GuardError:
        return ""
    return said.decode("ascii", "replace").strip()


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


def _text(path: str, *, last: bool = False) -> str:
    try:
        # Without O_NONBLOCK, opening a named pipe waits for somebody to write to it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return ""
    try:
        start = max(os.fstat(handle).st_size - _LARGEST, 0) if last else 0
        return os.pread(handle, _LARGEST, start).decode("utf-8", "replace")
    except OSError:
        return ""
    finally:
        os.close(handle)

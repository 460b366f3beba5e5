"""What nobody in this session wrote into a file: git brought it, a package manager, a move or a copy.

Loaded where something was found in a file, and only there.
"""

import os

from codex_guard import regular
from codex_guard.errors import GuardError
from codex_guard.guard import disk
from codex_guard.guard.scan import worktree_of
from codex_guard.ledger import seen
from codex_guard.repo import git, head, objects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.landed import Held

_MOST_COMPARED = 50  # files in one event: up to six processes each
_SECOND = 1_000_000_000


def by_others(session_id: str, cwd: str, *, installed: bool = False) -> "Held":
    """Return what says which text of a file nobody in this session made, as far as git's own files tell.

    ``installed``: what lies where packages are installed was written by nobody in the session, either.
    """
    known = seen.read(session_id)
    listed: dict[str, bytes] = {}
    return asked_once(cwd, lambda path: _brought(path, known, listed, installed=installed))


def asked_once(cwd: str, ask: "Held") -> "Held":
    """Return what asks for the text of a file, known by its name from ``cwd``, by its real path, and once."""
    asked: dict[str, str | None] = {}

    def answer(where: str) -> str | None:
        if where not in asked:
            if len(asked) >= _MOST_COMPARED:
                return None
            asked[where] = ask(os.path.realpath(os.path.join(cwd, where)))
        return asked[where]

    return answer


def commit_before(folder: str, known: seen.Seen, asked: dict[str, str]) -> str:
    """Return the commit that a session found in the repository of ``folder``; empty where there was none.

    That may be another repository than the session's own. ``asked`` are the answers so far. Where it is not
    known when the session began, the last commit is taken.
    """
    root = worktree_of(folder)
    if root not in asked:
        asked[root] = _commit_before(root, known)
    return asked[root]


def _commit_before(root: str, known: seen.Seen) -> str:
    if known.head and _says(root, "cat-file", "-t", known.head) == b"commit\n":
        return known.head
    if not known.started:
        return "HEAD"
    # A repository of its own within the work tree, or beside it: it has other commits.
    said = _says(root, "rev-list", "-1", f"--before=@{known.started // _SECOND - 1}", "HEAD")
    return said.decode("ascii", "replace").strip()


def _brought(path: str, known: seen.Seen, listed: dict[str, bytes], *, installed: bool) -> str | None:
    data = _contents(path)
    root = worktree_of(os.path.dirname(path))
    if data is None:
        return None
    if installed and disk.is_package(os.path.relpath(path, root)):
        return disk.decoded(data)
    if not known.started:
        return None
    start = _commit_before(root, known)
    if root not in listed:  # all files of a commit, and the names of their contents
        listed[root] = _says(root, "ls-tree", "-r", "-z", "--full-tree", start) if start else b""
    # As it is now, git had it before, perhaps in another file.
    if objects.id_of(data, start) in listed[root] or objects.is_older(root, data, known.started):
        return disk.decoded(data)
    own = head.made(root, known.started // _SECOND)
    return None if own is None else _of_others(path, start, own)


def _of_others(path: str, start: str, own: frozenset[str]) -> str | None:
    """Return the file as the latest commit has it that changed it since and is none of the ``own``."""
    folder, name = os.path.split(path)
    span = ["HEAD", f"^{start}"] if start else ["HEAD"]
    listed = _says(folder, "--literal-pathspecs", "log", "-n", "100", "--format=%H", *span, "--", name)
    for commit in listed.decode("ascii", "replace").split():
        if commit not in own:
            text = git.at_commit(path, commit, disk.LARGEST)
            return None if text is None else disk.decoded(text)
    return None


def _says(folder: str, *arguments: str) -> bytes:
    try:
        return git.output(folder, *arguments)
    except GuardError:
        return b""


def _contents(path: str) -> bytes | None:
    data = regular.start(path, disk.LARGEST + 1, follow=False)
    return data if data is not None and len(data) <= disk.LARGEST else None

"""What changed in a work tree: against the last commit, in what git does not look at, and by commits."""

import os

from codex_guard.errors import GuardError
from codex_guard.record import Record
from codex_guard.repo import git

_LINK = b"160000"  # the mode of a submodule in the index


class Changes(Record):
    """What differs from HEAD: ``root`` is the repository's top, ``files`` are paths below it.

    ``files`` are modified, added or untracked (not ignored) and still there. ``unwatched`` are files that
    the index tells git not to compare (``git update-index --assume-unchanged``, sparse checkouts) and that
    are there. ``links`` are symbolic links that lead to no file: git keeps what is written in them.
    ``nested`` are repositories within this one, and folders that the index takes for one, by their paths
    below ``root``. ``staged`` are files that the index holds otherwise than HEAD does, with the names of
    what it holds of them. ``gone`` are files of HEAD that are not there any more. ``index`` is the index's
    own list, as git prints it, which ``tracked`` reads.
    """

    root: str
    files: tuple[str, ...]
    unwatched: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    staged: tuple[tuple[str, str], ...] = ()
    gone: tuple[str, ...] = ()
    index: bytes = b""


def of(cwd: str, *, whole: bool = False) -> Changes | None:
    """Return what differs from HEAD; with ``whole`` also ``unwatched``, ``links`` and ``nested``.

    None where ``cwd`` is in no repository or git is not installed. Raises GuardError where git fails.
    """
    # Each is a process of its own: asked one after the other, a small repository takes twice as long.
    asked_top, asked_filters = git.asked_top(cwd), git.asked_filters(cwd)
    index = _asked_index(cwd) if whole else None
    others = (asked_filters, index) if index is not None else (asked_filters,)
    try:
        root = git.top_in(asked_top.in_tree(*others))
        filters = git.without_filters(cwd, asked_filters.answer(*others[1:])) if root is not None else []
    except GuardError:
        for one in others:
            one.drop()
        raise
    if root is None or not _is_top(root):
        for one in others:
            one.drop()
        if root is None:
            return None
        raise GuardError(
            f"git takes {root!r} for the top of the work tree, where no repository is: unset core.worktree in"
            " the repository's configuration."
        )
    asked = git.Question(
        # Where names differ in their letters' case only, git would say nothing of the second.
        root, *filters, "-c", "core.ignorecase=false", "status", "--porcelain=v1", "-z",
        "--untracked-files=all", "--ignore-submodules=all", "--no-renames",
    )  # fmt: skip
    listed = asked.answer(*others[1:])
    # "XY path"; a path can stand there twice, such as one that is deleted in the index and untracked.
    paths = {os.fsdecode(entry[3:]) for entry in listed.split(b"\0") if entry[1:2] != b"D"}
    files = tuple(sorted(path for path in paths if path and os.path.isfile(os.path.join(root, path))))
    deleted = {os.fsdecode(entry[3:]) for entry in listed.split(b"\0") if b"D" in entry[:2]}
    gone = tuple(sorted(path for path in deleted if not os.path.lexists(os.path.join(root, path))))
    if index is None:
        return Changes(root, files, gone=gone)
    entries = index.answer()
    unwatched, nested = _told_off(entries, root)
    added = {entry[3:] for entry in listed.split(b"\0") if entry[:1] in (b"A", b"M") and entry[1:2] != b"D"}
    nested += [path.rstrip("/") for path in sorted(paths) if path.endswith("/")]
    links = sorted(paths.difference(files))
    links = [path for path in links if path and os.path.islink(os.path.join(root, path))]
    return Changes(
        root, files, unwatched, tuple(links), tuple(nested), _staged(entries, added), gone, entries
    )


def tracked(changed: Changes) -> tuple[str, ...]:
    """Return every file that the index names, there or not."""
    names = (entry.partition(b"\t")[2] for entry in changed.index.split(b"\0"))
    return tuple(dict.fromkeys(os.fsdecode(name) for name in names if name))


def between(root: str, start: str, end: str) -> tuple[str, ...] | None:
    """Return the files in which two commits differ, whenever they were made. None where git cannot say."""
    try:
        listed = git.output(
            root, "diff-tree", "-r", "-z", "--name-only", "--no-renames", "--end-of-options", start, end
        )
    except GuardError:
        return None
    return tuple(os.fsdecode(name) for name in listed.split(b"\0") if name)


def committed(root: str, start: str, since: int) -> tuple[str, ...] | None:
    """Return the files that commits after ``start`` changed, made since the time ``since`` (seconds).

    ``start`` is a commit's name, or empty for none. Some may be gone. None where git cannot say.
    When a commit was made is what its maker says: no proof of anything.
    """
    span = ["HEAD", f"^{start}"] if start else ["HEAD"]
    try:
        listed = git.output(
            root, "log", "-z", "--name-only", "--no-renames", "--format=", "--diff-merges=combined",
            "--no-show-signature", "-O/dev/null", f"--since=@{since}", *span, "--",
        )  # fmt: skip
    except GuardError:
        return None
    paths = {os.fsdecode(name) for name in listed.split(b"\0")}
    return tuple(sorted(path for path in paths if path and _is_text_or_gone(os.path.join(root, path))))


def _is_top(root: str) -> bool:
    """Say whether a repository is there: its configuration could name any folder as its work tree."""
    own = os.path.join(root, ".git")
    return os.path.isfile(own) or os.path.lexists(os.path.join(own, "HEAD"))


def _is_text_or_gone(path: str) -> bool:
    return os.path.islink(path) or os.path.isfile(path) or not os.path.lexists(path)


def _staged(listed: bytes, added: set[bytes]) -> tuple[tuple[str, str], ...]:
    """Return which of the paths ``added`` the index's list has, and the names of their contents."""
    found = [entry.partition(b"\t") for entry in listed.split(b"\0")] if added else []
    return tuple(
        (os.fsdecode(name), entry.split(b" ")[2].decode("ascii", "replace"))
        for entry, _, name in found
        if name in added
    )


def beginning(root: str, start: str, since: int) -> str:
    """Return the commit that the present one was made from since the time ``since`` (seconds).

    That is ``start``, where all that came upon it was made since then. After another branch was checked out,
    or one was pulled, it is the latest older commit of the present branch. ``start`` where git cannot say.
    """
    try:
        made = git.output(root, "rev-list", "--timestamp", "HEAD", f"^{start}", "--").split(b"\n")
        if all(int(line.split()[0]) >= since for line in made if line):
            return start
        older = ("--first-parent", "--max-count=1", f"--before=@{since - 1}", "HEAD", "--")
        return os.fsdecode(git.output(root, "rev-list", *older)).strip() or start
    except (GuardError, ValueError):
        return start


def _told_off(listed: bytes, root: str) -> tuple[tuple[str, ...], list[str]]:
    """Return what the index's list marks as not to be compared, and its submodules, where they are."""
    unwatched, links = [], []
    # "H 100644 <name> 0<tab>path"; a small letter says "assume unchanged", S "skip the work tree".
    if b" 160000 " not in listed and not _marked(listed):
        return (), []
    for entry in listed.split(b"\0"):
        head, _, name = entry.partition(b"\t")
        path = os.fsdecode(name)
        if head[2:8] == _LINK:
            full = os.path.join(root, path)
            # Without a ``.git`` in it, it is a plain folder that git does not look into.
            if os.path.isdir(full) and not os.path.islink(full):
                links.append(path)
        elif (head[:1] == b"S" or head[:1].islower()) and os.path.isfile(os.path.join(root, path)):
            unwatched.append(path)
    return tuple(unwatched), links


def _marked(listed: bytes) -> bool:
    """Say whether an entry of the list is marked at all: most lists are long, and none is."""
    return listed[:1] not in (b"H", b"") or listed.count(b"\0H ") != listed.count(b"\0") - 1


def _asked_index(cwd: str) -> git.Question:
    return git.Question(cwd, "ls-files", "-z", "-v", "--stage", "--full-name", "--", ":/")

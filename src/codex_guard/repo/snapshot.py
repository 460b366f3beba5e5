"""The tree as it was when a turn began, laid out in a folder of its own for checks to compare with.

Contents come from git's objects as they are: no filter, no end-of-line conversion and no hook has a part in
it, and neither the index nor the work tree of the repository is written.
"""

import contextlib
import os
import stat
import time

from codex_guard.errors import GuardError
from codex_guard.repo import git, tree
from codex_guard.repo.tree import Parts, Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_FILES, _MOST_BYTES = 50_000, 500 << 20
_LARGEST_LINK = 4096  # bytes, as of any path
_LARGEST_LIST = 32 << 20  # bytes of git's list of files: folders within folders can name billions of them
_DEEPEST = 100  # folders: what removes the snapshot may hold each of a path's folders open at once
_BATCH_OBJECTS, _BATCH_BYTES = 2_000, 16 << 20  # of objects asked for at once, all of them in memory
_DIGITS = "0123456789abcdef"
#: Folders that git mostly ignores and that tools find imports in.
_MODULES = "node_modules"
_RESOLVING = (".venv", "venv", _MODULES)
_MOST_PACKAGES = 20_000  # in one folder of npm's
# Where mypy, black and EditorConfig's readers look no further up, as they do not in the repository. `.git`
# would say so to more tools, but they would take the folder for a repository.
_MARKER = ".hg"

_Entry = tuple[str, str, int, Parts]  # mode, object, bytes, path


def lay_out(
    top: str,
    folder: str,
    files: tuple[str, ...],
    linked: tuple[str, ...] = (),
    commit: str = "HEAD",
    *,
    seconds: float = 30,
) -> bool:
    """Put the files of a commit into ``folder``, and over them the work tree's present ``files``.

    ``top`` is the repository's top, ``folder`` an empty folder outside of it; both are absolute. The agent
    should not be able to write to the folders above it: tools read configurations from there. ``commit`` is
    HEAD or a full name. ``files`` and ``linked`` are paths below ``top``. Those of ``files`` that are not
    there, are no regular files or links, or are larger than 32 MiB, are removed. The folders ``linked``
    become links to the work tree's, where there is one and nothing is in its place; a package of npm's in
    them that is the repository's own is a link to that of the snapshot. Left out are submodules, files of
    more than 32 MiB, and links that could lead out of the snapshot.

    Returns False where that is not possible: there is no such commit, git or the disk fails, there are
    more than 50,000 files or 500 MiB, or it takes more than ``seconds``, but for the question to git that is
    under way. What is in ``folder`` then is of no use.
    """
    until = time.monotonic() + seconds
    try:
        entries = _listed(top, commit)
        if entries is None or len(files) > _MOST_FILES:
            return False
        with Tree(top) as work, Tree(folder) as snapshot:
            for mode, parts, data in _contents(top, entries):
                if time.monotonic() > until:
                    return False
                snapshot.put(mode, parts, data)
            if not _copied(work, snapshot, files, until):
                return False
            _link(work, snapshot, top, linked)
            with contextlib.suppress(FileExistsError):
                os.mkdir(_MARKER, dir_fd=snapshot.folder(()))
    except (GuardError, OSError, ValueError):
        return False
    return True


def ignored_folders(top: str, roots: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folders that tools resolve imports in, at ``top``, at the projects' ``roots`` and between.

    The paths are relative to ``top``, as ``roots`` are; ``lay_out`` takes them as ``linked``.
    """
    folders = {""}
    for root in roots:
        above = root
        while above not in folders and not os.path.isabs(above):
            folders.add(above)
            above = os.path.dirname(above)
    paths = [os.path.join(folder, name) for folder in sorted(folders) for name in _RESOLVING]
    return tuple(path for path in paths if os.path.isdir(os.path.join(top, path)))


def _listed(top: str, commit: str) -> list[_Entry] | None:
    """Return the files and links of a commit; None where there is none, or it is too large."""
    if commit != "HEAD" and not _is_object(commit):
        return None
    name = os.fsdecode(git.output(top, "rev-parse", f"{commit}^{{tree}}")).strip()
    if not _is_object(name):
        return None
    asked = git.Question(top, "ls-tree", "-r", "-l", "-z", "--full-tree", name, most=_LARGEST_LIST)
    entries, count, total = [], 0, 0
    # "mode type object size<tab>path"; the size is filled up with spaces, "-" for a submodule.
    for line in asked.answer().split(b"\0")[:-1]:
        head, _, path = line.partition(b"\t")
        mode, kind, name, size = os.fsdecode(head).split()
        if kind != "blob":
            continue
        count, total = count + 1, total + int(size)
        parts = _parts(os.fsdecode(path))
        if parts is not None and int(size) <= (_LARGEST_LINK if mode == tree.LINK else tree.LARGEST):
            entries.append((mode, name, int(size), parts))
    return entries if count <= _MOST_FILES and total <= _MOST_BYTES else None


def _is_object(name: str) -> bool:
    return len(name) in (40, 64) and not name.strip(_DIGITS)


def _parts(path: str) -> Parts | None:
    """Return a path's parts; None for one that leads elsewhere, into a repository or too deep."""
    parts = tuple(path.split("/"))
    # A tree that somebody wrote by hand can hold any name; git refuses these on its way to the work tree.
    if len(parts) > _DEEPEST or any(part in ("", ".", "..") or part.lower() == ".git" for part in parts):
        return None
    return parts


def _contents(top: str, entries: list[_Entry]) -> "Iterator[tuple[str, Parts, memoryview]]":
    """Yield each entry's mode, path and content. Raises GuardError where git does not say it."""
    sizes = {name: size for _, name, size, _ in entries}
    places: dict[str, list[tuple[str, Parts]]] = {}
    for mode, name, _, parts in entries:
        places.setdefault(name, []).append((mode, parts))
    for names in _batches(sizes):
        said = memoryview(_objects(top, names, sum(sizes[name] for name in names)))
        for name in names:
            data, said = said[: sizes[name]], said[sizes[name] :]
            for mode, parts in places[name]:
                yield mode, parts, data


def _batches(sizes: dict[str, int]) -> "Iterator[list[str]]":
    batch: list[str] = []
    total = 0
    for name, size in sizes.items():
        if batch and (len(batch) == _BATCH_OBJECTS or total + size > _BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(name)
        total += size
    if batch:
        yield batch


def _objects(top: str, names: list[str], total: int) -> bytes:
    """Return the contents of objects one after the other, ``total`` bytes.

    `git cat-file --batch` would read the names from its standard input. `git show` prints a file's content as
    it is; the options are for a tree made by hand, that gives a commit for a file.
    """
    asked = git.Question(
        top, "-c", "core.warnAmbiguousRefs=false", "show", "--no-ext-diff", "--no-textconv", "--no-patch",
        "--no-show-signature", "--no-mailmap", "--no-notes", "--format=", *names, "--", most=total,
    )  # fmt: skip
    said = asked.answer()
    if len(said) != total:
        raise GuardError(f"git shows other files in {top!r} than it lists: try `git fsck` there.")
    return said


def _copied(work: Tree, snapshot: Tree, files: tuple[str, ...], until: float) -> bool:
    """Bring files to the state that they have in the work tree; False where that is too much or too late."""
    total = 0
    for parts in filter(None, map(_parts, files)):
        mode, data = work.read(parts)
        total += len(data)
        if total > _MOST_BYTES or time.monotonic() > until:
            return False
        if mode in (tree.FILE, tree.PROGRAM, tree.LINK):
            snapshot.put(mode, parts, data)
        else:
            snapshot.remove(parts, folders=mode != tree.FOLDER)
    return True


def _link(work: Tree, snapshot: Tree, top: str, linked: tuple[str, ...]) -> None:
    for path in linked:
        parts = _parts(path)
        with contextlib.suppress(OSError):  # there is none, or its place is taken
            if parts and stat.S_ISDIR(os.stat(parts[-1], dir_fd=work.folder(parts[:-1])).st_mode):
                own = _workspaces(top, path) if parts[-1] == _MODULES else {}
                if own:
                    _link_each(snapshot, top, parts, own)
                else:
                    os.symlink(os.path.join(top, path), parts[-1], dir_fd=snapshot.folder(parts[:-1]))


def _workspaces(top: str, path: str) -> dict[str, str]:
    """Return the packages in a folder of npm's that are links to the repository's own, and where they lead.

    Those are to be the snapshot's: https://docs.npmjs.com/cli/using-npm/workspaces. Both are relative, to
    the folder and to the repository's top.
    """
    start, found = os.path.join(os.path.realpath(top), ""), {}
    for name in _packages(os.path.join(top, path)):
        full = os.path.join(top, path, name)
        if os.path.islink(full):
            real = os.path.realpath(full)
            if real.startswith(start) and _MODULES not in real[len(start) :].split("/"):
                found[name] = real[len(start) :]
    return found


def _packages(folder: str) -> list[str]:
    """Return the names of what is in a folder of npm's, those with a scope in full."""
    names: list[str] = []
    for name in sorted(os.listdir(folder)):
        inner = os.path.join(folder, name)
        scoped = name.startswith("@") and os.path.isdir(inner) and not os.path.islink(inner)
        names += [f"{name}/{each}" for each in sorted(os.listdir(inner))] if scoped else [name]
    return names[:_MOST_PACKAGES]


def _link_each(snapshot: Tree, top: str, parts: Parts, own: dict[str, str]) -> None:
    """Make a folder of npm's of links: ``own`` packages are the snapshot's, others the work tree's."""
    os.mkdir(parts[-1], dir_fd=snapshot.folder(parts[:-1]))
    for name in _packages(os.path.join(top, *parts)):
        place = (*parts, *name.split("/"))
        if name in own:
            target = os.path.relpath(f"/{own[name]}", f"/{'/'.join(place[:-1])}")
            snapshot.put(tree.LINK, place, os.fsencode(target))
        else:
            os.symlink(os.path.join(top, *place), place[-1], dir_fd=snapshot.folder(place[:-1], make=True))

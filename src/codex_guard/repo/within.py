"""Repositories within a repository: which of their files changed since a time, whatever git says of them."""

import os
import time

from codex_guard.errors import GuardError
from codex_guard.record import Record
from codex_guard.repo import changes

_SECONDS = 10.0  # for asking git; what is left counts as changed
_MOST = 200_000  # files and folders that are looked at


class Within(Record):
    """Files by their paths: ``fresh`` ones, and ``settled`` ones, which older commits brought.

    ``missed`` are folders that hold more than is looked at; ``kept`` files that count whenever they changed:
    they were staged or committed in the session.
    """

    fresh: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    kept: frozenset[str] = frozenset()


def changed(root: str, folders: tuple[str, ...], since: int) -> Within:
    """Return what changed since the time ``since`` (nanoseconds) in ``folders`` below ``root``.

    What a repository there ignores is left out. What git cannot read there is no repository: all counts.
    """
    until = time.monotonic() + _SECONDS
    found = Within()
    budget = _MOST
    for folder in folders:
        candidates, budget = _touched(root, folder, since, budget)
        if budget <= 0:
            found = found.replace(missed=(*found.missed, folder))
        waiting = [(folder, candidates)]
        while waiting:
            inner, paths = waiting.pop()
            if paths:
                fresh, settled, deeper = _sorted(root, inner, paths, since, until)
                found = found.replace(fresh=found.fresh + fresh, settled=found.settled + settled)
                waiting += deeper
    return found


def _sorted(
    root: str, folder: str, paths: list[str], since: int, until: float
) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[str, list[str]]]]:
    """Return of ``paths`` the fresh and the settled ones, and those of repositories deeper within."""
    full = os.path.join(root, folder)
    try:
        inner = changes.of(full, whole=True) if time.monotonic() < until else None
        # A folder that only looks like a repository gives the one that it is in.
        if inner is None or inner.root != os.path.realpath(full):
            return tuple(paths), (), []
        tracked = changes.tracked(inner)
        made = changes.committed(inner.root, "", since // 1_000_000_000)
    except GuardError:
        return tuple(paths), (), []
    own = {os.path.join(folder, path) for path in (*inner.files, *inner.unwatched, *inner.links)}
    own.update(os.path.join(folder, path) for path in (tracked if made is None else made))
    held = {os.path.join(folder, path) for path in tracked} - own
    deeper = [
        (nested, [path for path in paths if path.startswith(nested + "/")])
        for nested in (os.path.join(folder, name) for name in inner.nested)
    ]
    fresh = tuple(path for path in paths if path in own)
    return fresh, tuple(path for path in paths if path in held), deeper


def _touched(root: str, folder: str, since: int, budget: int) -> tuple[list[str], int]:
    """Return the files and links below a folder that changed since, and what is left of the budget."""
    found: list[str] = []
    folders = [folder]
    for current in folders:
        try:
            with os.scandir(os.path.join(root, current)) as entries:
                for entry in entries:
                    budget -= 1
                    path = os.path.join(current, entry.name)
                    if entry.is_dir(follow_symlinks=False):
                        folders += [path] if entry.name != ".git" else []
                    elif entry.stat(follow_symlinks=False).st_ctime_ns >= since:
                        found.append(path)
        except OSError:
            continue
        if budget <= 0:
            break
    return found, budget

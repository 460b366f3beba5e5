"""The files of the work tree that changed in a session and that no hook has looked at as they are now.

Whoever wrote them: a process in the background, a patch that Codex applies itself, a tool without a hook.
"""

import os

from codex_guard.errors import GuardError
from codex_guard.ledger import seen
from codex_guard.repo import changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.look import Looked
    from codex_guard.policy.policy import Policy
    from codex_guard.repo.changes import Changes

SECOND = 1_000_000_000
SLACK = 2 * SECOND  # by which the clock of a file system can be behind
_MOST_FILES = 20_000  # outside a repository


def sweep(
    session: str,
    cwd: str,
    policy: "Policy",
    changed: "Changes | None",
    *,
    remember: bool = True,
    ends: bool = True,
) -> "Looked | None":
    """Look at the files that changed since the session began, as ``changed`` (whole) and commits tell.

    None where all of them were seen as they are. ``remember``: what was looked at and told is not looked at
    and told again. ``ends``: the turn does, by this. Raises GuardError where git fails.
    """
    known = seen.read(session)
    root = changed.root if changed is not None else cwd
    paths = _in_repository(changed, known) if changed is not None else _in_folder(cwd)
    waiting, stamps = _unseen(root, paths, known)
    looked = None
    if waiting:
        from codex_guard.guard import look  # noqa: PLC0415 - mostly all was seen already

        looked = look.at(session, cwd, root, policy, waiting, stamps, remember=remember)
    elif known.stamps == frozenset(stamps) and not known.unswept:
        return None
    try:
        if remember:
            seen.finish(session, known, stamps, ends=ends)
    except (OSError, GuardError) as error:
        from codex_guard.guard import look  # noqa: PLC0415 - never, on a machine that works

        why = getattr(error, "strerror", None) or error
        return (looked or look.Looked()).replace(problem=f"What was looked at cannot be kept ({why}).")
    return looked


def _in_repository(changed: "Changes", known: seen.Seen) -> list[str]:
    from codex_guard.repo import head  # noqa: PLC0415 - not outside a repository

    paths = [*changed.files, *changed.unwatched]
    if known.head != head.commit(changed.root):
        since = max(known.started - SLACK, 0) // SECOND
        paths += changes.committed(changed.root, known.head, since)
    for nested in changed.nested:
        try:
            inner = changes.of(os.path.join(changed.root, nested))
        except GuardError:
            continue  # what git cannot read there is no repository
        # A folder that only looks like a repository gives the one that it is in.
        if inner is not None and inner.root != changed.root:
            paths += [os.path.join(nested, path) for path in inner.files]
    return list(dict.fromkeys(paths))


def _in_folder(cwd: str) -> list[str]:
    """Return the files below a folder that is in no repository, the nearest first, up to a number.

    None of a home, nor of what homes lie in: there other programs write all day, Codex among them.
    """
    from codex_guard.ledger import place  # noqa: PLC0415 - most sessions are in a repository

    top = os.path.join(os.path.realpath(cwd), "")
    if os.path.join(os.path.realpath(place.home()), "").startswith(top):
        return []
    found: list[str] = []
    folders = [""]
    for folder in folders:
        try:
            with os.scandir(os.path.join(cwd, folder)) as entries:
                for entry in entries:
                    path = os.path.join(folder, entry.name)
                    if entry.is_dir(follow_symlinks=False):
                        folders += [path] * (entry.name != ".git")
                    elif entry.is_file(follow_symlinks=False):
                        found.append(path)
        except OSError:
            continue
        if len(found) + len(folders) > _MOST_FILES:
            break
    return found[:_MOST_FILES]


def _unseen(root: str, paths: list[str], known: seen.Seen) -> tuple[list[str], list[str]]:
    """Return the files that changed and were not seen so, and the states of those that were."""
    since = known.started - SLACK
    waiting, stamps = [], []
    for path in paths:
        try:
            status = os.lstat(os.path.join(root, path))
        except OSError:
            continue
        if status.st_ctime_ns < since:
            continue
        stamp = seen.stamp(status)
        if stamp and stamp in known.stamps:
            stamps.append(stamp)
        else:
            waiting.append(path)
    return waiting, stamps

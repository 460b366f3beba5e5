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
    from codex_guard.repo.within import Within

SECOND = 1_000_000_000
SLACK = 2 * SECOND  # by which the clock of a file system can be behind
_MOST_LISTED = 20_000  # files: in a larger repository, git's index is believed
_MOST_FILES = 20_000  # outside a repository


def sweep(
    session: str,
    cwd: str,
    policy: "Policy",
    changed: "Changes | None",
    *,
    hurried: bool = False,
    remember: bool = True,
    ends: bool = True,
) -> "Looked | None":
    """Look at the files that changed since the session began, as ``changed`` (whole) and commits tell.

    None where all of them were seen as they are. ``hurried``: somebody waits, so large files are left to the
    next. ``remember``: what was looked at and told is not looked at and told again. ``ends``: the turn does,
    by this. Raises GuardError where git fails.
    """
    known = seen.read(session)
    root = changed.root if changed is not None else cwd
    found = _in_repository(changed, known) if changed is not None else _in_folder(root)
    waiting, stamps = _unseen(root, list(dict.fromkeys(found.fresh + found.settled)), known, found.kept)
    looked = None
    if waiting or found.missed:
        from codex_guard.guard import look  # noqa: PLC0415 - mostly all was seen already
        from codex_guard.model import Unscanned  # noqa: PLC0415

        looked = look.at(
            session,
            root,
            cwd,
            policy,
            waiting,
            stamps,
            hurried=hurried,
            remember=remember,
        )
        missed = tuple(Unscanned(path, "it holds more files than are looked at") for path in found.missed)
        looked = looked.replace(unscanned=looked.unscanned + missed)
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


def _in_repository(changed: "Changes", known: seen.Seen) -> "Within":
    from codex_guard.repo import head  # noqa: PLC0415 - not outside a repository
    from codex_guard.repo.within import Within  # noqa: PLC0415

    since = max(known.started - SLACK, 0)
    found = Within((*changed.files, *changed.unwatched, *changed.links))
    now = head.commit(changed.root)
    if known.head != now or not now:
        start = "" if known.head == seen.NO_COMMIT else known.head
        made = changes.committed(changed.root, start, since // SECOND)
        # Who makes a commit says when it was made: of what else differs, the files' own times tell.
        differ = changes.between(changed.root, start, now) if start and now else None
        settled = changes.tracked(changed) if differ is None else differ
        found = found.replace(
            fresh=found.fresh + (settled if made is None else made),
            settled=settled,
            kept=frozenset(made or ()),
        )
    if head.is_index_since(changed.root, since) and changed.index.count(b"\0") <= _MOST_LISTED:
        # The index says of itself how files looked when git saw them last: it could say anything.
        found = found.replace(fresh=found.fresh + changes.tracked(changed))
    staged = [path for path, name in changed.staged if head.is_loose_since(changed.root, name, since)]
    found = found.replace(kept=found.kept.union(staged))
    found = found.replace(fresh=found.fresh + _hidden(changed, found.fresh, known, now))
    if changed.nested:
        from codex_guard.repo import within  # noqa: PLC0415 - few repositories hold others

        inner = within.changed(changed.root, changed.nested, since)
        found = Within(found.fresh + inner.fresh, found.settled + inner.settled, inner.missed, found.kept)
    return found


def _hidden(changed: "Changes", fresh: tuple[str, ...], known: seen.Seen, now: str) -> tuple[str, ...]:
    """Return the files that are ignored by rules which are newer than the session."""
    from codex_guard.repo import hidden  # noqa: PLC0415 - not outside a repository

    rules = [path for path in fresh if os.path.basename(path) == ".gitignore"]
    start = "" if known.head == seen.NO_COMMIT else known.head or now
    return hidden.changed(changed.root, rules, start, max(known.started - SLACK, 0))


def _in_folder(cwd: str) -> "Within":
    """Return the files below a folder that is in no repository, the nearest first, up to a number.

    None of a home, nor of what homes lie in: there other programs write all day, Codex among them.
    """
    from codex_guard.ledger import place  # noqa: PLC0415 - most sessions are in a repository
    from codex_guard.repo.within import Within  # noqa: PLC0415

    top = os.path.join(os.path.realpath(cwd), "")
    if os.path.join(os.path.realpath(place.home()), "").startswith(top):
        return Within()
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
            return Within(tuple(found[:_MOST_FILES]), (), (cwd,))
    return Within(tuple(found))


def _unseen(
    root: str, paths: list[str], known: seen.Seen, kept: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Return the files that changed, or are ``kept``, and were not seen so, and the states of the others."""
    since = known.started - SLACK
    waiting, stamps = [], []
    for path in paths:
        try:
            status = os.lstat(os.path.join(root, path))
        except OSError:
            continue
        if status.st_ctime_ns < since and path not in kept:
            continue
        stamp = seen.stamp(status)
        if stamp and stamp in known.stamps:
            stamps.append(stamp)
        else:
            waiting.append(path)
    return waiting, stamps

"""What the checks found before a turn began: remembered, or found once more in a copy of that tree.

Loaded where something failed, and only there.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections import Counter

from codex_guard.checks import run
from codex_guard.checks.check import Check
from codex_guard.errors import GuardError
from codex_guard.guard.failures import Marks
from codex_guard.guard.passed import programs, state
from codex_guard.ledger import place
from codex_guard.model import CheckFailure
from codex_guard.record import Record
from codex_guard.repo import head, snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.asked import Asked
    from codex_guard.guard.validation import How
    from codex_guard.policy.policy import Policy

_FORGOTTEN = 3_600  # seconds: no hook runs so long
_LEAST = 5.0  # seconds without which it is not tried
_FOLDER = "baselines"
_MOST_KEPT = 100
_NAMES = ("marks", "moved", "tools", "ran")
_LARGEST = 8 << 20


class Before(Record):
    """The marks of the failures that were there, each as often as it was, and the tools that told them.

    ``moved`` are for each of them the mark that it has in every file. Of the tools ``ran`` did run; of the
    others all files were not there.
    """

    marks: tuple[str, ...]
    moved: tuple[str, ...]
    tools: tuple[str, ...]
    ran: tuple[str, ...]

    def without(self, failures: list[CheckFailure], top: str) -> list[CheckFailure]:
        """Return which of all failures that there are now were not there before.

        One that is gone from a file, and is in another one now, has moved there with its code.
        """
        left, marks = Counter(self.marks), Marks()
        rest = [failure for failure in failures if not _taken(left, marks.of(failure, top))]
        pairs = zip(self.marks, self.moved, strict=True)
        moved = Counter(moved for mark, moved in pairs if _taken(left, mark))
        return [failure for failure in rest if not _taken(moved, marks.of(failure, top, anywhere=True))]


def _taken(left: Counter[str], mark: str) -> bool:
    """Take one of the mark's from what is left. Returns whether there was one."""
    left[mark] -= 1
    return left[mark] >= 0


def find(
    asked: "Asked", policy: "Policy", way: "How", checks: tuple[Check, ...], seconds: float
) -> Before | None:
    """Return what the same checks found before the turn; None where that cannot be told in the time."""
    commit = asked.commit or head.commit(asked.top)
    if not commit:
        return None
    try:
        path = os.path.join(place.folder(), _FOLDER, _key(asked, checks, commit))
        known = _read(path)
        if known is None and policy.check_baseline == "head" and seconds > _LEAST:
            known = _found(asked.replace(commit=commit), policy, way, checks, seconds)
            if known is not None:
                _keep(path, known)
    except (GuardError, OSError):
        return None
    return known


def _found(
    asked: "Asked", policy: "Policy", way: "How", checks: tuple[Check, ...], seconds: float
) -> Before | None:
    """Run the checks in a copy of the tree as it was, without what the turn did."""
    from codex_guard.guard import validation  # noqa: PLC0415 - which asks this one

    until = time.monotonic() + seconds
    # Among the guard's own files: tools look for configurations above, where the agent cannot put any.
    with tempfile.TemporaryDirectory(dir=_trees(), ignore_cleanup_errors=True) as folder:
        top = os.path.realpath(os.path.join(folder, "tree"))
        os.mkdir(top)
        roots = tuple({os.path.dirname(path) for path in asked.files} | {""})
        linked = snapshot.ignored_folders(asked.top, roots)
        if not snapshot.lay_out(asked.top, top, asked.older, linked, asked.commit, seconds=seconds / 2):
            return None
        if not way.trusted:
            # A program in the work tree lies outside of the copy: what is safe there would not be seen.
            policy = policy.replace(check_commands=())
        # Where a file was moved from, its failures were before.
        files = (*asked.files, *asked.gone)
        there = asked.replace(top=top, files=files, gone=())
        before = validation.planned(there, policy, way, asked.top)
        results = run.run(
            before, policy.check_seconds, way.prefix, top=top, total=max(until - time.monotonic(), 0)
        )
        failures = [failure for result in results for failure in result.failures]
        failed = {result.tool for result in results if result.problem is not None}
        # Nothing was to be found in files that were not there.
        nowhere = {check.tool for check in checks if check.scope == "changed" and not _any(top, asked, check)}
        ran = {check.tool for check in before} - failed
        tools = ran | (nowhere - failed)
        kept = [failure for failure in failures if failure.tool in tools]
        marks = Marks()
        moved = tuple(marks.of(failure, top, anywhere=True) for failure in kept)
        return Before(tuple(marks.all_of(kept, top)), moved, tuple(sorted(tools)), tuple(sorted(ran)))


def _any(top: str, asked: "Asked", check: Check) -> bool:
    """Say whether a file of a check in the work tree is in the copy at ``top``, too."""
    folder = os.path.join(top, os.path.relpath(check.root, asked.top))
    return any(os.path.lexists(os.path.join(folder, path)) for path in check.files)


def _trees() -> str:
    """Return the folder for copies of trees, without those that a hook which was killed left behind."""
    folder = os.path.join(place.folder(), "trees")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    oldest = time.time() - _FORGOTTEN
    for entry in os.scandir(folder):
        if entry.stat(follow_symlinks=False).st_mtime < oldest:
            shutil.rmtree(entry.path, ignore_errors=True)
    return folder


def _key(asked: "Asked", checks: tuple[Check, ...], commit: str) -> str:
    """Return a name for the tree before the turn and the checks, by all that makes them what they are."""
    told: list[object] = [commit, asked.top, asked.files, asked.gone]
    told += [(path, state(os.path.join(asked.top, path))) for path in asked.older]
    told += [(check, programs(check)) for check in checks]
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def _read(path: str) -> Before | None:
    try:
        handle = place.opened(path, os.O_RDONLY)
    except OSError:
        return None
    with open(handle, "rb") as file:
        try:
            kept = json.loads(file.read(_LARGEST))
            known = Before(*(tuple(map(str, kept[name])) for name in _NAMES))
        except (ValueError, RecursionError, KeyError, TypeError):
            return None
    return known if len(known.marks) == len(known.moved) else None


def _keep(path: str, known: Before) -> None:
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    old = sorted(os.scandir(folder), key=lambda entry: entry.stat(follow_symlinks=False).st_mtime)
    for entry in old[: max(len(old) - _MOST_KEPT, 0)]:
        os.unlink(entry.path)
    fresh = f"{path}.{os.urandom(8).hex()}"
    handle = place.open_private(fresh, os.O_WRONLY | os.O_EXCL)
    with open(handle, "wb") as file:
        file.write(json.dumps({name: getattr(known, name) for name in _NAMES}).encode("ascii"))
    os.replace(fresh, path)

"""A look at files of the work tree, one after the other, and what comes of what is found in them."""

import os
import time

from codex_guard.guard import disk, scan
from codex_guard.ledger import told as told_before
from codex_guard.model import Finding, Text, Unscanned
from codex_guard.policy.policy import Policy
from codex_guard.record import Record

_SECONDS = 20.0  # that one look may take; what is left is looked at by the next
_FOR_PACKAGES = 5.0  # of these, for what package managers put there: tens of thousands of files
_HURRIED_SECONDS, _HURRIED_LARGEST = 5.0, 256 << 10  # before a prompt, which waits for it: bytes of a file
_NAME = "a file's name"


class Looked(Record):
    """What was found in files. ``new`` and ``old`` are findings as ``landed.Landed`` has them.

    ``left`` is the number of files that there was no time for; ``problem`` a sentence where it cannot be
    kept what was looked at or told.
    """

    new: tuple[Finding, ...] = ()
    old: tuple[Finding, ...] = ()
    all: tuple[Finding, ...] = ()
    unscanned: tuple[Unscanned, ...] = ()
    left: int = 0
    problem: str | None = None


def at(
    session: str,
    root: str,
    cwd: str,
    policy: Policy,
    paths: list[str],
    stamps: list[str],
    *,
    hurried: bool = False,
    remember: bool,
) -> Looked:
    """Look at the files ``paths`` below ``root``, the work tree's top, while there is time.

    Adds to ``stamps`` the states that they were seen in. ``hurried``: somebody waits, so large files are
    left. ``remember`` what is told, and tell it once.
    """
    scanner = scan.scanner(policy, cwd, root)
    began = time.monotonic()
    paths = sorted(paths, key=disk.is_package)
    named = scanner.texts([Text(_NAME, "\n".join(paths))])
    found: list[Finding] = []
    texts: list[Text] = []
    clean: list[str] = []
    unscanned: list[Unscanned] = []
    states: dict[str, list[str]] = {}  # of files in which something was found
    left = 0
    for path in paths:
        most = _HURRIED_SECONDS if hurried else _SECONDS
        most = min(most, _FOR_PACKAGES) if disk.is_package(path) else most
        if time.monotonic() - began > most or (hurried and _is_large(os.path.join(root, path))):
            left += 1
            continue
        state: list[str] = []
        seen = _text(root, path, cwd, state)
        findings = scanner.texts([seen]) if isinstance(seen, Text) else ()
        if isinstance(seen, Text) and findings:
            found += findings
            texts.append(seen)
            states[seen.where] = state
            continue
        stamps += state
        if isinstance(seen, Text):
            clean.append(seen.where)
        elif isinstance(seen, Unscanned) and seen.reason != disk.NO_TEXT:
            unscanned.append(seen)
    looked = Looked(unscanned=tuple(unscanned), left=left)
    # What was told of before may be gone by now, and could come back.
    if not (found or named or (remember and told_before.any_told(session))):
        return looked
    from codex_guard.guard import brought, landed, suppress  # noqa: PLC0415 - mostly nothing is found

    held = landed.at_start(session, cwd)
    in_files = suppress.in_written(texts, tuple(found), policy, suppress.Where(root, cwd), held)
    # What is allowed while git ignores the file is looked at again: it may not stay ignored.
    loose = {finding.where for finding in in_files if finding.suppressed is not None}
    stamps += [one for name, state in states.items() if name not in loose for one in state]
    by_name = suppress.by_policy(named, policy, None, suppress.committed)
    others = brought.by_others(session, cwd, installed=True)
    asked = session if remember else None
    sorted_ = landed.sort(in_files + by_name, texts, held, asked, clean=clean, others=others)
    return looked.replace(new=sorted_.new, old=sorted_.old, all=sorted_.all, problem=sorted_.problem)


def told(looked: Looked, *, agent: bool = False) -> str:
    """Return what is said of a look; empty where there is nothing to say.

    What is ``new`` is said to the agent, and all else to the user, unless all is for the ``agent``.
    """
    from codex_guard.guard import report  # noqa: PLC0415 - mostly there is nothing
    from codex_guard.secrets.masking import veil  # noqa: PLC0415

    said = [report.swept(looked.new)] if looked.new else []
    said += [report.before_session(looked.old, agent=agent or bool(looked.new))] if looked.old else []
    said += [report.unscanned(looked.unscanned)] if looked.unscanned else []
    if looked.left:
        said.append(
            f"{looked.left} changed files are left to look at, at the next turn's end. If they are installed"
            " packages or built, let git ignore their folder: what it ignores is not looked at."
        )
    said += [looked.problem] if looked.problem else []
    return veil("\n".join(said), looked.all)


def _text(root: str, path: str, cwd: str, stamps: list[str]) -> Text | Unscanned | None:
    full = os.path.join(root, path)
    where = _where(root, path, cwd)
    try:
        target = os.readlink(full)
    except OSError:
        return disk.read(full, where, stamps)
    # What it leads to is a file of its own, or none of the work tree's; git keeps what is written in it.
    return Text(where, target)


def _is_large(path: str) -> bool:
    try:
        return os.lstat(path).st_size > _HURRIED_LARGEST
    except OSError:
        return False


def _where(root: str, path: str, cwd: str) -> str:
    return path if root == cwd else os.path.relpath(os.path.join(root, path), cwd)

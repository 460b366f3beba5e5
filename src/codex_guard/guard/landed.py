"""What is found in files as they are now: what is new in them, what they held before, what was told already.

Loaded where something was found, and only there.
"""

import os

from codex_guard.errors import GuardError
from codex_guard.guard import brought, disk
from codex_guard.ledger import key, seen, session
from codex_guard.model import Finding, Secret, Text
from codex_guard.record import Record
from codex_guard.repo import git
from codex_guard.secrets.fingerprint import fingerprint
from codex_guard.secrets.masking import veiler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    Held = Callable[[str], str | None]  # a file's name to the text that it held, if any

_MOST_REMEMBERED = 2_000
_MOST_SEARCHED = 16 << 30  # characters in one event: what is left counts as new
_BEFORE = "stood in the file before"
_TOLD = "reported before in this session"


class Landed(Record):
    """The findings in files. ``new`` and ``old`` count and were not told before; ``all`` are marked.

    ``problem`` is a sentence where it could not be remembered what was told.
    """

    new: tuple[Finding, ...]
    old: tuple[Finding, ...]
    all: tuple[Finding, ...]
    problem: str | None = None


def sort(
    findings: tuple[Finding, ...],
    texts: list[Text],
    held: "Held",
    session_id: str | None,
    added: "Mapping[str, str] | None" = None,
    clean: "Collection[str]" = (),
    others: "Held | None" = None,
) -> Landed:
    """Sort what was found in ``texts``, files by their names; in the files ``clean`` nothing was.

    ``held`` returns what a file held when the session began, as far as it was committed; ``added`` is what
    a call added to files that were there before it, where that is known; ``others`` returns what in a
    file nobody in the session made. ``session_id`` None: nothing is remembered, and all is told.
    """
    lines = {text.where: text.body.split("\n") for text in texts}
    before = _before(findings, lines, held, added or {}, others)
    problem, told = None, [False] * len(findings)
    if session_id is not None:
        try:
            told = _told(session_id, findings, before, {*lines, *clean})
        except GuardError as error:
            problem = str(error)  # what was found counts, whether it can be remembered or not
    new: list[Finding] = []
    old: list[Finding] = []
    marked: list[Finding] = []
    for finding, was, is_told in zip(findings, before, told, strict=True):
        reason = finding.suppressed or (_TOLD if is_told else _BEFORE if was else None)
        if finding.suppressed is None and not is_told:
            (old if was else new).append(finding)
        marked.append(finding.replace(suppressed=reason))
    return Landed(tuple(new), tuple(old), tuple(marked), problem)


def at_start(session_id: str, cwd: str) -> "Held":
    """Return what says which text a file had in the commit that the session began at.

    In another repository it is the last commit before. Where none is known, the last one is taken.
    """
    known = seen.read(session_id)
    commits: dict[str, str] = {}

    def held(path: str) -> str | None:
        commit = brought.commit_before(os.path.dirname(path), known, commits)
        data = git.at_commit(path, commit, disk.LARGEST) if commit else None
        return None if data is None else disk.decoded(data)

    return brought.asked_once(cwd, held)


def _before(
    findings: tuple[Finding, ...],
    lines: dict[str, list[str]],
    held: "Held",
    added: "Mapping[str, str]",
    others: "Held | None",
) -> list[bool]:
    """Say of each finding whether its value stood in its file before, as often as it does now.

    Or came there without anybody in the session who wrote it.
    """
    by_value: dict[tuple[str, Secret], list[int]] = {}
    for number, finding in enumerate(findings):
        by_value.setdefault((finding.where, finding.spelled or finding.secret), []).append(number)
    before = [False] * len(findings)
    there: dict[str, frozenset[str]] = {}
    searched = 0
    for (where, secret), numbers in by_value.items():
        now = lines.get(where)
        if now is None:  # not in a file: in its name
            continue
        text = held(where)
        if text is None:
            known = added.get(where)
            old = [number for number in numbers if known is not None and secret.reveal() not in known]
        else:
            searched += len(text)
            if where not in there:
                there[where] = frozenset(text.split("\n"))
            # A line that was there as it is now comes first, one that was moved or changed after it.
            same = [_line(now, findings[number]) in there[where] for number in numbers]
            ranked = [number for _, number in sorted(zip(same, numbers, strict=True), key=lambda x: not x[0])]
            old = ranked[: text.count(secret.reveal())] if searched <= _MOST_SEARCHED else []
        if len(old) < len(numbers) and others is not None:
            came = (others(where) or "").count(secret.reveal())
            old = [*old, *(number for number in numbers if number not in old)][: max(len(old), came)]
        for number in old:
            before[number] = True
    return before


def _line(lines: list[str], finding: Finding) -> str:
    return lines[finding.line - 1] if 0 < finding.line <= len(lines) else ""


def _told(
    session_id: str, findings: tuple[Finding, ...], before: list[bool], looked_at: set[str]
) -> list[bool]:
    """Say of each finding whether the session was told of it, in the same file, and remember the others.

    What is gone from a file that was looked at is forgotten: it counts again should it come back.
    """
    secret_key = key.read()
    told = []
    with session.opened(session_id) as state:
        kept = state.get("told")
        names = [name for name in kept if isinstance(name, str)] if isinstance(kept, list) else []
        veil = veiler(findings)
        shown = {where: veil(where) for where in {finding.where for finding in findings}}
        keys = [(fingerprint(one.secret, secret_key), shown[one.where]) for one in findings]
        before = _as_told(keys, before, names)
        own = [
            # What stood there before and is new in a second place is another thing to tell.
            f"{value}{'-' * was} {where}"
            for (value, where), was in zip(keys, before, strict=True)
        ]
        veiled = {veil(where) for where in looked_at}
        gone = {name for name in names if name.partition(" ")[2] in veiled} - set(own)
        names = [name for name in names if name not in gone]
        known = set(names)
        for finding, name in zip(findings, own, strict=True):
            told.append(name in known)
            if name not in known and finding.suppressed is None:
                names.append(name)
        state["told"] = names[-_MOST_REMEMBERED:]
    return told


def _as_told(keys: list[tuple[str, str]], before: list[bool], names: list[str]) -> list[bool]:
    """Return ``before`` with what was told as old in a file as often as it was told so.

    A file that was moved and then changed tells nothing any more of where it comes from.
    """
    left = {one: names.count(f"{one[0]}- {one[1]}") for one in set(keys)}
    for one, was in zip(keys, before, strict=True):
        left[one] -= was
    now = []
    for one, was in zip(keys, before, strict=True):
        now.append(was or left[one] > 0)
        left[one] -= not was
    return now

"""Which findings do not count, and why: the policy's entries, its paths, and marks on a line.

Loaded where something was found, and only there. What may be suppressed depends on who could have
written the reason: entries of a repository's policy count in ``scan``, which a person runs; in the hooks
only as they were committed, since the agent may have written what was not; and never for a prompt. Marks
count in ``scan``, and in the hooks only in files, on lines that were committed before the session.
"""

import os
import stat
import time
from functools import cache, partial
from itertools import pairwise

from codex_guard import regular
from codex_guard.errors import GuardError
from codex_guard.model import Finding, Secret, Text
from codex_guard.policy.entries import Allowed, Ignored
from codex_guard.policy.policy import Policy
from codex_guard.record import Record
from codex_guard.repo import git, gitignore
from codex_guard.secrets import index, marker, salted, search
from codex_guard.secrets.masking import veil

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ALLOWED = "the policy allows secrets in this file"
_STORED = "git ignores this file, where the policy lets secrets live"
_LONGEST = 300  # characters that are shown of a reason
_MOST_VALUES = 40  # in one event: at 50 ms each, two seconds; what is left counts
_LARGEST_POLICY = 1 << 20


class Where(Record):
    """Where the findings' files are: the work tree's top, and the folder that their names start from."""

    worktree: str
    cwd: str


def always(_file: str) -> bool:
    """Let the entries of any repository's policy count: a person asks."""
    return True


def never(_file: str) -> bool:
    """Let no entry of a repository's policy count: a prompt is the person's own."""
    return False


def committed(file: str) -> bool:
    """Let those entries count whose policy file is, byte for byte, as the last commit has it.

    A link in its place does not count: it could lead to what another repository has committed.
    """
    now = regular.start(file, _LARGEST_POLICY + 1, follow=False)
    return now is not None and git.at_head(file, _LARGEST_POLICY) == now


def by_policy(
    findings: tuple[Finding, ...],
    policy: Policy,
    where: Where | None,
    counts: "Callable[[str], bool]",
    *,
    most: int | None = _MOST_VALUES,
) -> tuple[Finding, ...]:
    """Mark the findings that the policy allows.

    ``where`` is None where the findings' places are no files: then nothing counts that is about paths.
    ``counts`` says whether a repository's policy does, by its file. ``most`` values are compared with the
    listed ones, None for all. Raises GuardError for a pattern that git would not take.
    """
    if not (findings and (policy.allow or policy.ignore or policy.allowed_paths or policy.stores)):
        return findings
    counts = cache(counts)  # many entries are of one file
    listed = _Listed(tuple(entry for entry in policy.allow if _holds(entry, counts)), most)
    ignored = tuple(entry for entry in policy.ignore if _holds(entry, counts))
    reasons: list[str | None] = []
    for finding in findings:
        path = _path(finding, where)
        reason = None
        if path is not None:
            reason = _of_path(finding, path, policy.allowed_paths, ignored)
        if reason is None and path is not None and where is not None:
            reason = _STORED if is_store(path, policy.stores, where.worktree) else None
        if reason is None and (entry := listed.entry(finding, path)):
            reason = f"allowed in {_place(entry)}: {entry.reason}"
        reasons.append(reason)
    return _marked(findings, reasons)


def by_marks(
    text: Text, findings: tuple[Finding, ...], *, head: "Callable[[], str | None] | None" = None
) -> tuple[tuple[Finding, ...], list[str]]:
    """Mark the findings of ``text`` whose lines are marked, and say what is wrong with other marks.

    With ``head``, a mark counts only if the lines it is about stand in the text that ``head`` returns, one
    after the other; where that is None, no mark counts.
    """
    marks = {marked.finding: marked for marked in marker.marked(text.body, findings)}
    if not marks:
        return findings, []
    known = _Lines(head()) if head and any(marked.reason for marked in marks.values()) else None
    reasons: list[str | None] = []
    problems: dict[str, None] = {}
    for finding in findings:
        mark = marks.get(finding)
        valid = mark is not None and mark.reason and (head is None or (known and known.hold(mark.lines)))
        reasons.append(f"allowed on its line: {mark.reason}" if mark and valid else None)
        if mark is not None and mark.problem:
            problems[f"{finding.line}: the mark on this line does not count: {mark.problem}."] = None
    return _marked(findings, reasons), list(_shown(problems, findings).values())


def in_written(
    texts: list[Text],
    findings: tuple[Finding, ...],
    policy: Policy,
    where: Where,
    held: "Callable[[str], str | None]",
) -> tuple[Finding, ...]:
    """Mark what does not count of the findings in files that an agent's call has written.

    ``held`` says which text a file had before the agent could write it: only a mark in that counts.
    """
    in_file: dict[str, list[Finding]] = {}
    for finding in findings:
        in_file.setdefault(finding.where, []).append(finding)
    marked: list[Finding] = []
    for text in texts:
        head = partial(held, text.where)
        marked += by_marks(text, tuple(in_file.get(text.where, ())), head=head)[0]
    return by_policy(tuple(marked), policy, where, committed)


def expired(policy: Policy) -> list[str]:
    """Return a sentence for each entry that is past its date, and so counts no more."""
    return [
        f"{entry.file}:{entry.line}: this entry of secrets.allow expired on {entry.expires} and does not"
        " count: renew or remove it."
        for entry in policy.allow
        if is_expired(entry)
    ]


def is_store(path: str, stores: tuple[str, ...], worktree: str) -> bool:
    """Say whether secrets may live in a file, by its path in the work tree: git must ignore it, too.

    A file with a second name may be one that git does not ignore there.
    """
    if not (stores and _patterns(stores)(path)):
        return False
    full = os.path.join(worktree, path)
    return not _has_other_name(full) and _is_ignored(full)


def can_be_store(path: str, stores: tuple[str, ...], worktree: str) -> bool:
    """Say whether secrets may live in a file once git is told to ignore it, which it is not yet."""
    try:
        known = bool(stores) and _patterns(stores)(path) and git.top(worktree) is not None
        return known and not git.tracks(os.path.join(worktree, path))
    except GuardError:
        return False


def is_expired(entry: Allowed) -> bool:
    """Say whether the entry's last day is over, by the local calendar."""
    return entry.expires is not None and entry.expires < time.strftime("%Y-%m-%d")


class _Listed:
    """The values that a policy lists: one derivation a value and salt, however many entries there are."""

    def __init__(self, entries: tuple[Allowed, ...], most: int | None) -> None:
        self.most = most
        self.tried: set[Secret] = set()
        self.entries: dict[str, list[Allowed]] = {}
        self.rules: dict[str, set[str | None]] = {}
        for entry in entries:
            self.entries.setdefault(entry.fingerprint, []).append(entry)
            self.rules.setdefault(salted.salt_of(entry.fingerprint) or "", set()).add(entry.rule)

    def entry(self, finding: Finding, path: str | None) -> Allowed | None:
        """Return an entry that allows the finding, whose file's path in the work tree may be known."""
        for salt, rules in self.rules.items():
            if rules.isdisjoint((None, finding.rule)):
                continue
            if self.most is not None and finding.secret not in self.tried and len(self.tried) >= self.most:
                return None
            self.tried.add(finding.secret)
            for entry in self.entries.get(_derived(finding.secret, salt), ()):
                if entry.rule in (None, finding.rule) and (
                    not entry.paths or (path is not None and _patterns(entry.paths)(path))
                ):
                    return entry
        return None


class _Lines:
    """The lines of a file at the last commit, and which follows which."""

    def __init__(self, text: str | None) -> None:
        lines = [] if text is None else [line.rstrip("\r") for line in text.split("\n")]
        self.single = frozenset(lines)
        self.pairs = frozenset(pairwise(lines))
        self.latest: tuple[tuple[str, ...], bool] = ((), False)

    def hold(self, lines: tuple[str, ...]) -> bool:
        """Say whether these lines stand there one after the other, as far as each two tell."""
        if lines != self.latest[0]:  # the next finding on the same, perhaps long, line
            plain = [line.rstrip("\r") for line in lines]
            one = len(plain) == 1
            held = plain[0] in self.single if one else all(pair in self.pairs for pair in pairwise(plain))
            self.latest = (lines, held)
        return self.latest[1]


@cache
def _derived(secret: Secret, salt: str) -> str:
    return salted.fingerprint(secret, salt)


def _patterns(lines: tuple[str, ...]) -> "Callable[[str], bool]":
    try:
        return gitignore.matcher(lines)
    except ValueError as error:
        raise GuardError(f"The policy's paths under [secrets] hold no gitignore pattern: {error}.") from error


def _path(finding: Finding, where: Where | None) -> str | None:
    """Return the path of the finding's file in the work tree; None outside of it, or for no file.

    It is where links lead to: what is allowed in one place is not by a link to another that lies there.
    """
    if where is None:
        return None
    try:
        real = os.path.realpath(os.path.join(where.cwd, finding.where))
        path = os.path.relpath(real, os.path.realpath(where.worktree))
    except (OSError, ValueError):
        return None
    return None if path == ".." or path.startswith("../") else path


def _of_path(
    finding: Finding, path: str, allowed: tuple[str, ...], ignored: tuple[Ignored, ...]
) -> str | None:
    if allowed and _patterns(allowed)(path):
        return _ALLOWED
    for entry in ignored:
        if not {"*", finding.rule}.isdisjoint(entry.rules) and _patterns(entry.paths)(path):
            return f"ignored in {_place(entry)}: {entry.reason}"
    return None


def _has_other_name(path: str) -> bool:
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return False
    return stat.S_ISLNK(status.st_mode) or status.st_nlink > 1


@cache
def _is_ignored(path: str) -> bool:
    return git.ignores(path)


def _holds(entry: Allowed | Ignored, counts: "Callable[[str], bool]") -> bool:
    if isinstance(entry, Allowed) and is_expired(entry):
        return False
    return not entry.shared or counts(entry.file)


def _place(entry: Allowed | Ignored) -> str:
    return f"{os.path.basename(entry.file) if entry.shared else entry.file}:{entry.line}"


def _marked(findings: tuple[Finding, ...], reasons: list[str | None]) -> tuple[Finding, ...]:
    """Return the findings with their reasons, where they have none already."""
    shown = _shown((reason for reason in reasons if reason), findings)
    return tuple(
        finding.replace(suppressed=finding.suppressed or shown[reason]) if reason else finding
        for finding, reason in zip(findings, reasons, strict=True)
    )


def _shown(sentences: "Iterable[str]", findings: tuple[Finding, ...]) -> dict[str, str]:
    """Return each sentence as it may be shown: short, and without a value that somebody wrote into it."""
    plain = {sentence: " ".join(sentence.split()) for sentence in sentences}
    if not plain:
        return {}
    # All at once: each value is looked for in each text that it could stand in.
    lines = search.masked(veil("\n".join(plain.values()), findings), index.load()).split("\n")
    if len(lines) != len(plain):  # a value of several lines stood in them
        return dict.fromkeys(plain, "its reason is not shown")
    cut = (line if len(line) <= _LONGEST else line[:_LONGEST] + "…" for line in lines)
    return dict(zip(plain, cut, strict=True))

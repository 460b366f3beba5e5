"""A turn about to end: the sweep of what changed, its checks, and when to stop asking."""

import os

from codex_guard.errors import GuardError
from codex_guard.guard import sweep
from codex_guard.guard.asked import Asked
from codex_guard.model import Allow, Block, Judgement, StopEvent
from codex_guard.policy.policy import Policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.validation import Validated
    from codex_guard.repo.changes import Changes

_TICK = 50_000_000  # nanoseconds by which the clock of a file system is behind
_LOOKED_THROUGH = 200  # failing files, in the order of the report, which has no room for more


def judge(event: StopEvent, policy: Policy) -> Judgement:
    """Continue the turn for a secret in a file that changed unseen, and then while the checks fail.

    Each secret is told once. For the checks see ``rounds``. A check that cannot run never continues a turn;
    it is said once.
    """
    from codex_guard.repo import changes  # noqa: PLC0415 - the deadline runs while this loads

    try:
        changed = changes.of(event.cwd, whole=True)
    except GuardError as error:
        return _without_git(event, policy, error)
    # While the agent may only plan, it can mend nothing: it is told when it can.
    looked = sweep.sweep(event.session, event.cwd, policy, changed, remember=not event.planning)
    if looked is None:
        return _checked(event, policy, changed)
    from codex_guard.guard import look  # noqa: PLC0415 - mostly all was seen already

    if looked.new and not event.planning:
        return Judgement(Block(look.told(looked, agent=True)), looked.all, unscanned=looked.unscanned)
    judgement = _checked(event, policy, changed)
    decision = judgement.decision
    note = look.told(looked, agent=isinstance(decision, Block))
    if note and isinstance(decision, Block):
        decision = Block(f"{decision.reason}\n\n{note}")
    elif note and isinstance(decision, Allow):
        decision = Allow(f"{decision.note}\n{note}" if decision.note else note)
    return judgement.replace(decision=decision, findings=looked.all, unscanned=looked.unscanned)


def _without_git(event: StopEvent, policy: Policy, error: GuardError) -> Judgement:
    """Continue the turn for what stands in any file that changed: git cannot say which it ignores.

    Raises the error where there is nothing to tell.
    """
    looked = sweep.sweep(event.session, event.cwd, policy, None, remember=not event.planning)
    if looked is None or not looked.new or event.planning:
        raise error
    from codex_guard.guard import look  # noqa: PLC0415 - git works, mostly

    return Judgement(Block(f"{look.told(looked)}\n{error}"), looked.all, unscanned=looked.unscanned)


def _checked(event: StopEvent, policy: Policy, changed: "Changes | None") -> Judgement:
    if not policy.checks or event.planning or changed is None:
        return Judgement(Allow())
    asked = _asked(event, changed)
    if not asked.files and not asked.gone:
        return Judgement(Allow())
    from codex_guard.guard import passed  # noqa: PLC0415 - not where nothing changed

    if passed.holds(passed.quick(asked, policy)):
        return Judgement(Allow())
    from codex_guard.guard import rounds, validation  # noqa: PLC0415 - for few turns only

    validated = validation.validate(asked, policy, marks=rounds.left(event.session))
    said = rounds.judge(event, policy, validated, asked.top)
    return Judgement(_masked(said, validated, asked.top, policy), checks=validated.results)


def _asked(event: StopEvent, changed: "Changes") -> Asked:
    """Return the files that changed since the turn began, and those that did before."""
    from codex_guard.ledger import seen  # noqa: PLC0415 - not where nothing changed

    known = seen.read(event.session)
    since = max(known.turn - _TICK, 0)
    start = (known.commit or known.head).strip(seen.NO_COMMIT)
    commit, committed = _committed(changed, start, since)
    new: list[str] = []
    old: list[str] = []
    gone: list[str] = []
    for path in dict.fromkeys((*changed.files, *changed.unwatched, *changed.gone, *committed)):
        full = os.path.join(changed.root, path)
        try:
            changed_at = os.lstat(full).st_ctime_ns
        except OSError:
            (old if _is_older(full, since) else gone).append(path)
        else:
            (new if changed_at >= since else old).append(path)
    return Asked(changed.root, tuple(new), tuple(old), tuple(gone), commit)


def _is_older(path: str, since: int) -> bool:
    """Say whether a file that is gone was gone before: the nearest folder has not changed since then."""
    folder = os.path.dirname(path)
    while not os.path.lexists(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    try:
        return os.lstat(folder).st_mtime_ns < since
    except OSError:
        return False


def _committed(changed: "Changes", start: str, since: int) -> tuple[str, tuple[str, ...]]:
    """Return the commit to compare with, and the files that commits changed in the turn."""
    from codex_guard.repo import changes, head  # noqa: PLC0415

    if not start or start == head.commit(changed.root):
        return start, ()
    seconds = since // sweep.SECOND
    start = changes.beginning(changed.root, start, seconds)
    return start, changes.committed(changed.root, start, seconds) or ()


def _masked(said: Allow | Block, validated: "Validated", root: str, policy: Policy) -> Allow | Block:
    """Mask a secret that a path, a message or a source line shows, whole or cut.

    What is cut is no longer recognised by itself, so the failing files are looked through as well.
    """
    text = said.reason if isinstance(said, Block) else said.note
    if not text:
        return said
    from codex_guard.guard import disk, scan  # noqa: PLC0415 - where something is said
    from codex_guard.model import Text  # noqa: PLC0415
    from codex_guard.secrets.masking import veil_cut  # noqa: PLC0415

    paths = sorted({failure.path for failure in validated.new})
    texts = [Text("report", text), *(Text("a file's name", path) for path in paths)]
    for path in paths[:_LOOKED_THROUGH]:
        text_of = disk.read(os.path.join(root, path), path)
        if isinstance(text_of, Text):
            texts.append(text_of)
    text = veil_cut(text, scan.scanner(policy, root).texts(texts))
    return Block(text) if isinstance(said, Block) else Allow(text)

"""A turn about to end: the sweep of what changed, its checks, and when to stop asking."""

from codex_guard.guard import sweep
from codex_guard.model import Allow, Block, CheckResult, Judgement, StopEvent
from codex_guard.policy.policy import Policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.repo.changes import Changes

_LOOKED_THROUGH = 200  # failing files, in the order of the report, which has no room for more


def judge(event: StopEvent, policy: Policy) -> Judgement:
    """Continue the turn for a secret in a file that changed unseen, and then while the checks fail.

    Each secret is told once. For the checks a turn is continued at most ``check_rounds`` times, and never
    twice for the same. A check that cannot run never continues a turn; it is said.
    """
    from codex_guard.repo import changes  # noqa: PLC0415 - the deadline runs while this loads

    changed = changes.of(event.cwd, whole=True)
    # While the agent may only plan, it can mend nothing: it is told when it can.
    looked = sweep.sweep(event.session, event.cwd, policy, changed, remember=not event.planning)
    if looked is None:
        return _checked(event, policy, changed)
    from codex_guard.guard import look  # noqa: PLC0415 - mostly all was seen already

    note = look.told(looked)
    if looked.new and not event.planning:
        return Judgement(Block(note), looked.all, unscanned=looked.unscanned)
    judgement = _checked(event, policy, changed)
    decision = judgement.decision
    if note and isinstance(decision, Block):
        decision = Block(f"{decision.reason}\n\n{note}")
    elif note and isinstance(decision, Allow):
        decision = Allow(f"{decision.note}\n{note}" if decision.note else note)
    return judgement.replace(decision=decision, findings=looked.all, unscanned=looked.unscanned)


def _checked(event: StopEvent, policy: Policy, changed: "Changes | None") -> Judgement:
    if not policy.checks or event.planning or changed is None or not changed.files:
        return Judgement(Allow())
    from codex_guard.checks import plan, sandbox  # noqa: PLC0415 - for few changes only

    prefix = sandbox.prefix() if policy.check_sandbox == "codex" else ()
    trusted = bool(prefix) or policy.check_sandbox == "none"
    planned = plan.plan(changed.root, changed.files, policy.check_tools, trusted=trusted)
    if not planned:
        return Judgement(Allow())
    from codex_guard.checks import run  # noqa: PLC0415

    results = _of_changed(run.run(planned, policy.check_seconds, prefix), changed.files)
    return _decided(event, policy, results, changed.root)


def _of_changed(results: tuple[CheckResult, ...], files: tuple[str, ...]) -> tuple[CheckResult, ...]:
    """Keep the failures in changed files: a type checker also reports what those import."""
    changed = frozenset(files)
    return tuple(
        result.replace(failures=tuple(f for f in result.failures if f.path in changed)) for result in results
    )


def _decided(event: StopEvent, policy: Policy, results: tuple[CheckResult, ...], root: str) -> Judgement:
    from codex_guard.checks import report  # noqa: PLC0415

    failing = sorted({(f.tool, f.path, f.code, f.message) for result in results for f in result.failures})
    if not failing:
        problems = " ".join(result.problem for result in results if result.problem)
        return Judgement(Allow(f"codex-guard: {problems}" if problems else None), checks=results)
    why = _why_enough(event, policy, repr(failing))
    paths = sorted({path for _, path, _, _ in failing})
    if why is not None:
        note = report.leftover(results, why)
        return Judgement(Allow(_masked(note, paths, root, policy)), checks=results)
    reason = report.continuation(results, root)
    return Judgement(Block(_masked(reason, paths, root, policy)), checks=results)


def _why_enough(event: StopEvent, policy: Policy, failing: str) -> str | None:
    """Return why the turn is not continued again, or None. Counts this round."""
    from codex_guard.ledger import key, session  # noqa: PLC0415
    from codex_guard.model import Secret  # noqa: PLC0415
    from codex_guard.secrets.fingerprint import fingerprint  # noqa: PLC0415

    # A message can show a secret, so what is kept of it says nothing without the install's key.
    digest = fingerprint(Secret(failing, "failures"), key.read())
    with session.opened(event.session) as state:
        turn = state.get("stop")
        turn = turn if isinstance(turn, dict) else {}
        if turn.get("failing") == digest:
            return "this session was told of them, and nothing about them has changed"
        rounds = turn.get("rounds") if turn.get("turn") == event.turn else 0
        rounds = rounds if isinstance(rounds, int) else 0
        if rounds >= policy.check_rounds:
            return f"they still fail after {rounds} rounds"
        state["stop"] = {"turn": event.turn, "rounds": rounds + 1, "failing": digest}
    return None


def _masked(text: str, paths: list[str], root: str, policy: Policy) -> str:
    """Mask a secret that a path, a message or a source line shows, whole or cut.

    What is cut is no longer recognised by itself, so the failing files are looked through as well.
    """
    import os  # noqa: PLC0415

    from codex_guard.guard import disk, scan  # noqa: PLC0415
    from codex_guard.model import Text  # noqa: PLC0415
    from codex_guard.secrets.masking import veil_cut  # noqa: PLC0415

    texts = [Text("report", text), *(Text("a file's name", path) for path in paths)]
    for path in paths[:_LOOKED_THROUGH]:
        seen = disk.read(os.path.join(root, path), path)
        if isinstance(seen, Text):
            texts.append(seen)
    return veil_cut(text, scan.scanner(policy, root).texts(texts))

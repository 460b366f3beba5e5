"""A turn about to end: the checks of what changed, and when to stop asking."""

from codex_guard.model import Allow, Block, CheckResult, Judgement, StopEvent
from codex_guard.policy.policy import Policy


def judge(event: StopEvent, policy: Policy) -> Judgement:
    """Continue the turn while the checks fail, at most ``check_rounds`` times and never twice for the same.

    A check that cannot run never continues a turn; it is said.
    """
    if not policy.checks:
        return Judgement(Allow())
    from codex_guard.repo import git  # noqa: PLC0415 - 10 ms for subprocess, not with checks off

    changes = git.changes(event.cwd)
    if changes is None or not changes.files:
        return Judgement(Allow())
    from codex_guard.checks import plan  # noqa: PLC0415

    planned = plan.plan(changes.root, changes.files, policy.check_tools)
    if not planned:
        return Judgement(Allow())
    from codex_guard.checks import run  # noqa: PLC0415

    results = run.run(planned, policy.check_seconds, policy.check_sandbox)
    return _decided(event, policy, results, changes.root)


def _decided(event: StopEvent, policy: Policy, results: tuple[CheckResult, ...], root: str) -> Judgement:
    from codex_guard.checks import report  # noqa: PLC0415

    failing = sorted({(f.tool, f.path, f.code, f.message) for result in results for f in result.failures})
    if not failing:
        problems = " ".join(result.problem for result in results if result.problem)
        return Judgement(Allow(f"codex-guard: {problems}" if problems else None), checks=results)
    why = _why_enough(event, policy, repr(failing))
    if why is not None:
        return Judgement(Allow(report.leftover(results, why)), checks=results)
    return Judgement(Block(_masked(report.continuation(results, root), policy)), checks=results)


def _why_enough(event: StopEvent, policy: Policy, failing: str) -> str | None:
    """Return why the turn is not continued again, or None. Counts this round."""
    import hashlib  # noqa: PLC0415

    from codex_guard.ledger import session  # noqa: PLC0415

    digest = hashlib.sha256(failing.encode("utf-8", "replace")).hexdigest()
    with session.opened(event.session) as state:
        turn = state.get("stop")
        if not isinstance(turn, dict) or turn.get("turn") != event.turn:
            turn = {"turn": event.turn, "rounds": 0, "failing": ""}
        if turn["rounds"] >= policy.check_rounds:
            return f"they still fail after {turn['rounds']} rounds"
        if event.continued and turn["failing"] == digest:
            return "the last round changed nothing about them"
        state["stop"] = {"turn": event.turn, "rounds": turn["rounds"] + 1, "failing": digest}
    return None


def _masked(text: str, policy: Policy) -> str:
    """Mask a secret that a source line or a message in the report may show."""
    from codex_guard.guard import scan  # noqa: PLC0415
    from codex_guard.model import Text  # noqa: PLC0415
    from codex_guard.secrets.masking import mask  # noqa: PLC0415

    return mask(text, scan.texts([Text("report", text)], policy))

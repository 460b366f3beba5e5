"""A turn about to end: the checks of what changed, and when to stop asking."""

from codex_guard.model import Allow, Block, CheckResult, Judgement, StopEvent
from codex_guard.policy.policy import Policy

_LOOKED_THROUGH = 200  # failing files, in the order of the report, which has no room for more


def judge(event: StopEvent, policy: Policy) -> Judgement:
    """Continue the turn while the checks fail, at most ``check_rounds`` times and never twice for the same.

    A check that cannot run never continues a turn; it is said.
    """
    if not policy.checks or event.planning:
        return Judgement(Allow())
    from codex_guard.repo import git  # noqa: PLC0415 - 10 ms for subprocess, not with checks off

    changes = git.changes(event.cwd)
    if changes is None or not changes.files:
        return Judgement(Allow())
    from codex_guard.checks import plan, sandbox  # noqa: PLC0415

    prefix = sandbox.prefix() if policy.check_sandbox == "codex" else ()
    trusted = bool(prefix) or policy.check_sandbox == "none"
    planned = plan.plan(changes.root, changes.files, policy.check_tools, trusted=trusted)
    if not planned:
        return Judgement(Allow())
    from codex_guard.checks import run  # noqa: PLC0415

    results = _of_changed(run.run(planned, policy.check_seconds, prefix), changes.files)
    return _decided(event, policy, results, changes.root)


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

"""A tool call about to run."""

import os

from codex_guard.guard import calls, places, scan
from codex_guard.model import Allow, Block, Finding, Judgement, Secret, Text, ToolEvent, Violation, Write
from codex_guard.policy.policy import Policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.commands.operands import Places
    from codex_guard.shell.meaning import Scope
    from codex_guard.shell.walk import Walk
    from codex_guard.writes.bash import Written

_STORE = ".env"


def judge(event: ToolEvent, policy: Policy) -> Judgement:
    """Deny a forbidden command, and any write or argument that carries a secret."""
    where = places.of(event.cwd, policy.rule_files)
    scope = places.scope(event.cwd, where)
    walk = calls.walked(event, scope)
    written = calls.written(event, walk, policy.writers)
    violations = _violations(event, walk, written.writes, policy, scope, where)
    findings = _findings(event, written, policy, where)
    counted = scan.counted(findings)
    if not (counted or violations):
        return Judgement(Allow(), findings, writes=written.writes, unscanned=written.unscanned)
    from codex_guard.guard import report  # noqa: PLC0415 - a clean call never comes here

    what = {"Bash": "the command", "apply_patch": "the patch"}.get(event.tool, "the call")
    store, ignored = _store(policy, where.worktree, event.cwd) if counted else ("", False)
    return Judgement(
        Block(report.before(counted, violations, what, store, ignored=ignored)),
        findings,
        violations,
        written.writes,
        written.unscanned,
    )


def _store(policy: Policy, worktree: str, cwd: str) -> tuple[str, bool]:
    """Return a file where a secret may go, if any, and whether git ignores it already.

    As things are: a denial names no way that is denied as well.
    """
    from codex_guard.guard import suppress  # noqa: PLC0415 - a clean call never comes here

    path = os.path.relpath(os.path.join(cwd, _STORE), worktree)  # what the name means to the agent
    if suppress.is_store(path, policy.stores, worktree):
        return _STORE, True
    return _STORE if suppress.can_be_store(path, policy.stores, worktree) else "", False


def _findings(event: ToolEvent, written: "Written", policy: Policy, where: "Places") -> tuple[Finding, ...]:
    """Scan what lands in each file, then what the call says besides."""
    writes = written.writes
    texts = [
        Text(write.new_path or write.path, write.content, file=True)
        for write in writes
        if write.content and write.op != "move"  # a move's content counts once, at its destination
    ]
    scanner = scan.scanner(policy, event.cwd, where.worktree)
    in_files = scanner.texts(texts)
    if in_files:
        from codex_guard.guard import lines  # noqa: PLC0415 - a clean call never comes here

        in_files = lines.found(scanner, written, event.cwd)
    if event.tool == "apply_patch":
        # Context and removed lines land nowhere; the files' names do.
        besides = scanner.texts(calls.names(writes))
    elif event.command is not None:
        besides = scanner.texts([Text("command", event.command)])
    else:
        besides = scanner.texts(calls.spoken(event.arguments, f"{event.tool}'s arguments"))
    besides = _not_in_files(besides, in_files)
    if not ((in_files or besides) and scan.is_loosened(policy)):
        return in_files + besides
    from codex_guard.guard import suppress  # noqa: PLC0415 - few policies allow anything

    # No mark on a line counts here: what a call is about to write is the agent's own word.
    tree = suppress.Where(where.worktree, event.cwd)
    return suppress.by_policy(in_files, policy, tree, suppress.committed) + suppress.by_policy(
        besides, policy, None, suppress.committed
    )


def _not_in_files(besides: tuple[Finding, ...], in_files: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out what a command says only as the text of a file that it writes.

    A value that it says more often is also used elsewhere, though its file may be allowed to hold it.
    """
    more: dict[Secret, int] = {}
    for finding in besides:
        more[finding.secret] = more.get(finding.secret, 0) + 1
    for finding in in_files:
        more[finding.secret] = more.get(finding.secret, 0) - 1
    return tuple(finding for finding in besides if more[finding.secret] > 0)


def _violations(
    event: ToolEvent,
    walk: "Walk | None",
    writes: tuple[Write, ...],
    policy: Policy,
    scope: "Scope",
    where: "Places",
) -> tuple[Violation, ...]:
    named = tuple(Write(path, "update") for path in calls.named_paths(event))
    if walk is None and not writes and not named:
        return ()
    from codex_guard.commands import judge as commands  # noqa: PLC0415 - not for what names no path

    found: tuple[Violation, ...] = ()
    if walk is not None:
        rules = commands.load(policy.command_tiers, policy.command_rules)
        found = commands.judge(
            walk,
            scope,
            where,
            rules,
            policy.disabled_command_rules,
            masks_dotenv=policy.env_files == "mask",
        )
    return found + commands.judge_writes(writes + named, scope, where, found)

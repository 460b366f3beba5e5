"""A tool call about to run."""

from codex_guard.guard import calls, places, scan
from codex_guard.model import Allow, Block, Finding, Judgement, Text, ToolEvent, Violation, Write
from codex_guard.policy.policy import Policy


def judge(event: ToolEvent, policy: Policy) -> Judgement:
    """Deny a forbidden command, and any write or argument that carries a secret."""
    written = calls.written(event)
    violations = _violations(event, written.writes, policy)
    findings = _findings(event, written.writes, policy)
    counted = scan.counted(findings)
    if not (counted or violations):
        return Judgement(Allow(), findings, writes=written.writes, unscanned=written.unscanned)
    from codex_guard.guard import report  # noqa: PLC0415 - a clean call never comes here

    what = {"Bash": "the command", "apply_patch": "the patch"}.get(event.tool, "the call")
    return Judgement(
        Block(report.before(counted, violations, what)),
        findings,
        violations,
        written.writes,
        written.unscanned,
    )


def _findings(event: ToolEvent, writes: tuple[Write, ...], policy: Policy) -> tuple[Finding, ...]:
    """Scan what lands in each file, then what the call says besides."""
    texts = [
        Text(write.new_path or write.path, write.content, write.first_line)
        for write in writes
        if write.content and write.op != "move"  # a move's content counts once, at its destination
    ]
    in_files = scan.texts(texts, policy)
    if event.tool == "apply_patch":
        # Context and removed lines land nowhere; the files' names do.
        besides = scan.texts(calls.names(writes), policy)
    elif event.command is not None:
        besides = scan.texts([Text("command", event.command)], policy)
    else:
        besides = scan.texts(calls.spoken(event.arguments, f"{event.tool}'s arguments"), policy)
    besides = _not_in_files(besides, in_files)
    if in_files and policy.allowed_paths:
        in_files = scan.suppress_allowed(in_files, policy, places.of(event.cwd).worktree, event.cwd)
    return in_files + besides


def _not_in_files(besides: tuple[Finding, ...], in_files: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out what a command says only as the text of a file that it writes.

    A value that it says more often is also used elsewhere, though its file may be allowed to hold it.
    """
    said = [finding.secret for finding in besides]
    landed = [finding.secret for finding in in_files]
    return tuple(finding for finding in besides if said.count(finding.secret) > landed.count(finding.secret))


def _violations(event: ToolEvent, writes: tuple[Write, ...], policy: Policy) -> tuple[Violation, ...]:
    from codex_guard.commands import judge as commands  # noqa: PLC0415 - not for MCP and other tools

    where = places.of(event.cwd)
    if event.command is None:
        named = tuple(Write(path, "update") for path in calls.named_paths(event))
        return commands.judge_writes(named, places.scope(event.cwd, where), where, ()) if named else ()
    scope = places.scope(event.cwd, where)
    rules = commands.load()
    found: tuple[Violation, ...] = ()
    if event.tool == "Bash":
        found = commands.judge(event.command, scope, where, rules, policy.disabled_command_rules)
    return found + commands.judge_writes(writes, scope, where, found)

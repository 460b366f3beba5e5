"""A prompt about to be sent."""

from codex_guard.guard import scan
from codex_guard.model import Allow, Block, Judgement, PromptEvent, Text
from codex_guard.policy.policy import Policy


def judge(event: PromptEvent, policy: Policy) -> Judgement:
    """Block a prompt that holds a secret. Nothing in a prompt or in a repository can allow one."""
    policy = policy.replace(disabled_secret_rules=policy.disabled_prompt_rules)
    scanner = scan.scanner(policy, event.cwd)
    findings = scanner.texts([Text("prompt", event.prompt)])
    if not findings:
        return Judgement(Allow())
    from codex_guard.guard import report  # noqa: PLC0415 - a clean prompt never comes here

    if scan.is_loosened(policy):
        from codex_guard.guard import suppress  # noqa: PLC0415 - few policies allow anything

        findings = suppress.by_policy(findings, policy, None, suppress.never)
    counted = scan.counted(findings)
    if not counted:
        return Judgement(Allow(), findings)
    return Judgement(Block(report.prompt(counted, scanner.masked(event.prompt, counted))), findings)

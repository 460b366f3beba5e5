"""A prompt about to be sent."""

from codex_guard.guard import scan
from codex_guard.model import Allow, Block, Judgement, PromptEvent, Text
from codex_guard.policy.policy import Policy


def judge(event: PromptEvent, policy: Policy) -> Judgement:
    """Block a prompt that holds a secret; nothing in a prompt can allow one."""
    policy = policy.replace(disabled_secret_rules=policy.disabled_prompt_rules)
    findings = scan.texts([Text("prompt", event.prompt)], policy)
    if not findings:
        return Judgement(Allow())
    from codex_guard.guard import report  # noqa: PLC0415 - a clean prompt never comes here

    return Judgement(Block(report.prompt(findings, scan.masked(event.prompt, findings, policy))), findings)

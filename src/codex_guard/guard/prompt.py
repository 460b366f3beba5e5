"""A prompt about to be sent."""

from codex_guard.guard import scan
from codex_guard.model import Allow, Block, Finding, Judgement, PromptEvent, Text
from codex_guard.policy.policy import Policy


def judge(event: PromptEvent, policy: Policy, *, remember: bool = True) -> Judgement:
    """Block a prompt that holds a secret. Nothing in a prompt or in a repository can allow one.

    Codex's terminal interface has put the prompt into its history by then: with ``remember`` the secrets are
    masked there, as far as the policy says so.
    """
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
    reason = report.prompt(counted, scanner.masked(event.prompt, counted))
    if remember and policy.history == "mask":
        reason = _with(_left_in_history(event, scanner, findings), reason)
    return Judgement(Block(reason), findings)


def _left_in_history(event: PromptEvent, scanner: scan.Scanner, findings: tuple[Finding, ...]) -> str | None:
    """Mask the prompt's secrets in Codex's history; return a sentence where they stay."""
    from codex_guard.guard.traces import history  # noqa: PLC0415 - a clean prompt never comes here

    allowed = {finding.secret for finding in findings if finding.suppressed is not None}

    def find(body: str) -> tuple[Finding, ...]:
        return tuple(one for one in scanner.texts([Text("", body)]) if one.secret not in allowed)

    return history.mask(event.session, event.prompt, scan.counted(findings), find)


def _with(sentence: str | None, reason: str) -> str:
    """Put a sentence below the reason's first line: what stands at its end is the prompt to send again."""
    if sentence is None:
        return reason
    first, _, rest = reason.partition("\n")
    return f"{first}\n{sentence}\n{rest}"

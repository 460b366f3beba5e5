"""A prompt about to be sent."""

from codex_guard.errors import GuardError
from codex_guard.guard import scan
from codex_guard.ledger import seen
from codex_guard.model import Allow, Block, Finding, Judgement, PromptEvent, Text
from codex_guard.policy.policy import Policy


def judge(event: PromptEvent, policy: Policy, *, remember: bool = True) -> Judgement:
    """Block a prompt that holds a secret. Nothing in a prompt or in a repository can allow one.

    Codex's terminal interface has put the prompt into its history by then: with ``remember`` the secrets are
    masked there, as far as the policy says so.
    """
    sweep_policy = policy
    policy = policy.replace(disabled_secret_rules=policy.disabled_prompt_rules)
    scanner = scan.scanner(policy, event.cwd)
    findings = scanner.texts([Text("prompt", event.prompt)])
    if not findings:
        return _after_unswept(event, sweep_policy) if remember and _begins(event) else Judgement(Allow())
    from codex_guard.guard import report  # noqa: PLC0415 - a clean prompt never comes here

    if scan.is_loosened(policy):
        from codex_guard.guard import suppress  # noqa: PLC0415 - few policies allow anything

        findings = suppress.by_policy(findings, policy, None, suppress.never)
    counted = scan.counted(findings)
    if not counted:
        judgement = _after_unswept(event, sweep_policy) if remember and _begins(event) else Judgement(Allow())
        return judgement.replace(findings=findings + judgement.findings)
    reason = report.prompt(counted, scanner.masked(event.prompt, counted))
    if remember and policy.history == "mask":
        reason = _with(_left_in_history(event, scanner, findings), reason)
    return Judgement(Block(reason), findings)


def _begins(event: PromptEvent) -> bool:
    """Note that a turn begins. Returns whether the one before it ended without its sweep."""
    from codex_guard.repo import head  # noqa: PLC0415 - not for a prompt that is blocked

    def at() -> str:
        tree = scan.worktree_of(event.cwd)
        return head.commit(tree) or head.asked(tree) or seen.NO_COMMIT

    try:
        return seen.begin(event.session, at)
    except (OSError, GuardError):
        return False  # then the session's name tells when it began


def _after_unswept(event: PromptEvent, policy: Policy) -> Judgement:
    """Sweep for a turn that was interrupted. The prompt goes on, whatever is found: it is not its fault."""
    from codex_guard.guard import sweep  # noqa: PLC0415 - most turns end with their own sweep
    from codex_guard.repo import changes  # noqa: PLC0415

    try:
        changed = changes.of(event.cwd, whole=True)
        looked = sweep.sweep(event.session, event.cwd, policy, changed, hurried=True, ends=False)
    except GuardError as error:  # what the turn before broke must not keep the user from saying so
        return Judgement(Allow(f"codex-guard could not look at what the turn before this one left. {error}"))
    if looked is None:
        return Judgement(Allow())
    from codex_guard.guard import look  # noqa: PLC0415

    said = Allow(look.told(looked) or None, look.told(looked, agent=True) or None)
    return Judgement(said, looked.all, unscanned=looked.unscanned)


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

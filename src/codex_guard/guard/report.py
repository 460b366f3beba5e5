"""The sentences of a block: what, where, why, and the next step that is allowed."""

from codex_guard.model import Finding, Unscanned, Violation
from codex_guard.secrets.masking import mask, veil

_SHOWN = 20
_PROMPT_ROOM = 6_000  # bytes of a masked prompt that fit beside the findings
_OUTPUT_ROOM = 6_000


def prompt(findings: tuple[Finding, ...], body: str) -> str:
    """Say why a prompt was not sent, and give it back masked, ready to send again."""
    masked = mask(body, findings)
    lines = [f"codex-guard did not send this prompt: it holds {_count(findings)}.", *places(findings), ""]
    lines.append("If a value was ever real, revoke it: it may be in your shell's or Codex's history.")
    if len(masked.encode("utf-8", "replace")) <= _PROMPT_ROOM:
        lines += ["The prompt with the values masked, ready to send again:", "", masked]
    else:
        lines.append("The prompt is too long to give back here: mask these places and send it again.")
    return "\n".join(lines)


def before(findings: tuple[Finding, ...], violations: tuple[Violation, ...], what: str) -> str:
    """Say why a tool call was denied."""
    lines: list[str] = []
    for violation in violations[:_SHOWN]:
        command = _shortened(veil(violation.command, findings))
        lines += [
            f"codex-guard denied this: {command} [{violation.rule}]",
            f"  Why: {violation.why}",
            f"  Instead: {violation.instead}",
        ]
    if findings:
        lines.append(f"codex-guard denied this: {what} carries {_count(findings)}.")
        lines += places(findings)
        lines.append(
            "Leave the value out: read it at run time from an environment variable or the project's secret"
            ' manager (in shell "$API_TOKEN", in Python os.environ["API_TOKEN"]), and tell the user which'
            " variable to set."
        )
    return veil("\n".join(lines), findings)


def after(written: tuple[Finding, ...], printed: tuple[Finding, ...], output: str | None) -> str:
    """Say what a tool call left in files and in its output; ``output`` is given back masked."""
    lines: list[str] = []
    if written:
        lines.append(f"codex-guard found {_count(written)} in files that this call wrote:")
        lines += places(written)
        lines.append(
            "Take the values out of these files now and read them at run time from an environment variable"
            " or the project's secret manager; tell the user which were written, so that real ones are"
            " revoked."
        )
    if printed:
        lines.append(f"codex-guard found {_count(printed)} in this call's output:")
        lines += places(printed)
        if output is not None:
            masked = mask(output, printed)
            room = masked.encode("utf-8", "replace")[:_OUTPUT_ROOM].decode("utf-8", "ignore")
            lines += ["The output with the values masked:", "", room]
            lines += ["[the rest is left out here]"] if room != masked else []
    return veil("\n".join(lines), (*written, *printed))


def unscanned(items: tuple[Unscanned, ...]) -> str:
    """Say what could not be looked at."""
    listed = "; ".join(f"{item.where} ({item.reason})" for item in items[:_SHOWN])
    return f"codex-guard could not look at {listed}."


def places(findings: tuple[Finding, ...]) -> list[str]:
    """Return a line for each finding, the worst of each text first, with where to revoke it."""
    order = ("critical", "high", "medium", "low")
    ranked = sorted(findings, key=lambda f: (order.index(f.severity), f.where, f.start))
    lines = [
        f"  {f.where}:{f.line}:{f.column}: {f.title} [{f.rule}]; revoke it at {f.revoke}"
        for f in ranked[:_SHOWN]
    ]
    if len(ranked) > _SHOWN:
        lines.append(f"  … and {len(ranked) - _SHOWN} more")
    return lines


def _count(findings: tuple[Finding, ...]) -> str:
    return "1 secret" if len(findings) == 1 else f"{len(findings)} secrets"


def _shortened(command: str) -> str:
    first, newline, _ = command.partition("\n")
    return first[:200] + (" …" if newline or len(first) > 200 else "")  # noqa: PLR2004

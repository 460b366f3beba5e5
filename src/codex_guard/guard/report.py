"""The sentences of a block: what, where, why, and the next step that is allowed."""

from codex_guard.model import Finding, Unscanned, Violation
from codex_guard.secrets.masking import veil, veil_cut, veiler

_SHOWN = 20
_ROOM = 7_800  # bytes of a whole reason: beyond 8,000 Codex puts it into a file that others can read
_LONGEST_PATH = 160
_LEFT_OUT = "[… {} bytes are left out here …]"
_LEAVE = (
    "Leave that as it is unless you are asked, do not repeat the values anywhere, and tell the user once that"
    " they stand there."
)
_NOTHING_TO_DO = (
    "The agent was not told to change that. Revoke what is real; what is not is told no more after"
    " `codex-guard allow FILE:LINE --reason …`."
)
_TAKE_OUT = (
    "Take the values out that you or your commands wrote there, now, and read them at run time from an"
    " environment variable or the project's secret manager. What the user wrote is theirs: leave it. Tell the"
    " user which stand where, so that real ones are revoked."
)
_NOT_IN_FILES = (
    "Files hold the value where this says <masked:…>: leave such lines out of a patch, or it will not apply."
)


def prompt(findings: tuple[Finding, ...], masked: str) -> str:
    """Say why a prompt was not sent, and give it back as ``masked``, ready to send again."""
    lines = [f"codex-guard did not send this prompt: it holds {_count(findings)}.", *places(findings), ""]
    lines.append("If a value was ever real, revoke it: it may be in your shell's or Codex's history.")
    whole = [*lines, "The prompt with the values masked, ready to send again:", "", masked]
    if _size(whole) > _ROOM:
        whole = [*lines, "The prompt is too long to give back here: mask these places and send it again."]
    return "\n".join(whole)


def before(
    findings: tuple[Finding, ...],
    violations: tuple[Violation, ...],
    what: str,
    store: str = "",
    *,
    ignored: bool = True,
) -> str:
    """Say why a tool call was denied.

    ``store`` is a file where secrets may live, if there is one, once it is ``ignored`` by git.
    """
    lines: list[str] = []
    for violation in violations[:_SHOWN]:
        command = _shortened(veil_cut(violation.command, findings))
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
            " variable to set" + _into(store, ignored=ignored) + "."
        )
    return veil("\n".join(lines), findings)


def _into(store: str, *, ignored: bool) -> str:
    if not store:
        return ""
    if ignored:
        return f", or write it into {store}, which git ignores"
    return f", or put {store} into .gitignore and then, with another call, write it there"


def after(
    written: tuple[Finding, ...],
    printed: tuple[Finding, ...],
    output: str | None,
    note: str | None = None,
    older: tuple[Finding, ...] = (),
    dotenv: tuple[str, ...] = (),
) -> str:
    """Say what a tool call left in files and in its output; the ``output``, masked, is given back.

    ``dotenv`` are files whose values are masked in it.
    """
    found = (*written, *printed, *older)
    shown = _SHOWN // max(bool(written) + bool(printed) + bool(older), 1)
    lines: list[str] = []
    if written:
        lines.append(f"codex-guard found {_count(written)} in files that this call wrote:")
        lines += [*places(written, shown), _TAKE_OUT]
    if older:
        lines += _older(older, shown)
    if printed:
        lines.append(f"codex-guard found {_count(printed)} in this call's output:")
        lines += places(printed, shown)
    if dotenv:
        named = ", ".join(_path(path) for path in dotenv[:_SHOWN])
        lines.append(f"codex-guard masked the values of {named} in this call's output.")
    if note:
        lines.append(note)
    lines = veil("\n".join(lines), found).split("\n")
    if output is not None:
        lines += [_NOT_IN_FILES] * ("<masked" in output)
        lines += ["The output with the values masked:", ""]
        masked = veil(output, written)
        lines.append(_ends(masked, _ROOM - _size(lines)))
    return "\n".join(lines)


def before_session(findings: tuple[Finding, ...], *, agent: bool = True) -> str:
    """Say what files held already that a tool call wrote to: to the ``agent``, or to the user."""
    return veil("\n".join(_older(findings, _SHOWN, agent=agent)), findings)


def swept(findings: tuple[Finding, ...]) -> str:
    """Say what files hold that changed in a session without a hook that saw it."""
    lines = [f"codex-guard found {_count(findings)} in files that changed in this session:"]
    return veil("\n".join([*lines, *places(findings), _TAKE_OUT]), findings)


def _older(findings: tuple[Finding, ...], shown: int, *, agent: bool = True) -> list[str]:
    first = (
        f"codex-guard found {_count(findings)} that stood in a file before this session wrote to it, or came"
        " with a file that was copied, moved or fetched:"
    )
    return [first, *places(findings, shown), _LEAVE if agent else _NOTHING_TO_DO]


def _ends(text: str, room: int) -> str:
    """Return as much of a text's beginning and end as has room: failures and sums stand at the end."""
    data = text.encode("utf-8", "backslashreplace")
    if len(data) <= room:
        return text
    half = max((room - len(_LEFT_OUT) - len(str(len(data)))) // 2, 0)
    first, last = data[:half], data[len(data) - half :]
    # Whole lines, unless they are very long.
    first = first[: first.rfind(b"\n") + 1] or first
    last = last[last.find(b"\n") + 1 :] or last
    left_out = len(data) - len(first) - len(last)
    parts = (first.decode("utf-8", "ignore").removesuffix("\n"), last.decode("utf-8", "ignore"))
    return f"\n{_LEFT_OUT.format(left_out)}\n".join(parts)


def unscanned(items: tuple[Unscanned, ...]) -> str:
    """Say what could not be looked at."""
    listed = "; ".join(f"{_path(item.where)} ({item.reason})" for item in items[:_SHOWN])
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"codex-guard could not look at {listed}{more}."


def places(findings: tuple[Finding, ...], shown: int = _SHOWN) -> list[str]:
    """Return a line for each finding, the worst of each text first, with where to revoke it."""
    order = ("critical", "high", "medium", "low")
    ranked = sorted(findings, key=lambda f: (order.index(f.severity), f.where, f.start))
    veiled = veiler(findings)
    lines = [
        f"  {_path(veiled(f.where))}:{f.line}:{f.column}: {f.title} [{f.rule}]; revoke it at {f.revoke}"
        for f in ranked[:shown]
    ]
    if len(ranked) > shown:
        lines.append(f"  … and {len(ranked) - shown} more")
    return lines


def _count(findings: tuple[Finding, ...]) -> str:
    return "1 secret" if len(findings) == 1 else f"{len(findings)} secrets"


def _size(lines: list[str]) -> int:
    return sum(len(line.encode("utf-8", "backslashreplace")) + 1 for line in lines)


def _path(path: str) -> str:
    return path if len(path) <= _LONGEST_PATH else "…" + path[-_LONGEST_PATH:]


def _shortened(command: str) -> str:
    first, newline, _ = command.partition("\n")
    return first[:200] + (" …" if newline or len(first) > 200 else "")  # noqa: PLR2004

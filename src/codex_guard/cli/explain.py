"""``codex-guard explain COMMAND``: how the guard understands a command, and what it decides."""

import argparse
import json
import os
import sys
from typing import Any

from codex_guard.cli import catalogue, page, syntax
from codex_guard.cli.catalogue import Listed
from codex_guard.commands import judge as commands
from codex_guard.commands.operands import Places
from codex_guard.commands.pack import Pack
from codex_guard.errors import GuardError
from codex_guard.guard import before_tool, calls, places, scan
from codex_guard.model import Block, Finding, Text, ToolEvent, Violation
from codex_guard.policy import layers
from codex_guard.policy.policy import Policy
from codex_guard.secrets.masking import veil, veil_cut
from codex_guard.shell.invocation import Invocation, Stage
from codex_guard.shell.meaning import HOLE, Scope
from codex_guard.shell.parser import parse
from codex_guard.shell.walk import Walk

_MOST = 2 << 20  # bytes of standard input that are read: more than any command has
_UNKNOWN = "?"
_CUT = "…"  # ends what a rule shows of a long command


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "explain",
        help="print how a command is understood and judged; nothing is run",
        description=(
            "Print a command as Bash would read it, the programs it would start, and the rules that fit."
            " Nothing is run. Exits with 0 for what the hook would allow, 1 for what it would deny."
        ),
    )
    parser.add_argument("command", metavar="COMMAND", help="Bash, as one argument, or - for standard input")
    parser.add_argument("--cwd", metavar="DIR", help="the folder it would run in (default: this one)")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="text for people, json for programs"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the explanation. Returns 0 for what is allowed, 1 for what is denied.

    As JSON it is an object with ``command``, ``cwd``, ``decision`` (``allow`` or ``deny``), ``reason`` (what
    the model would read, else null), ``tree`` (see ``cli.syntax``), ``starts`` (see ``_start``), ``rules``
    (see ``_rule``), ``secrets`` (``rule``, ``title``, ``line``, ``column``, ``suppressed``) and
    ``not_understood``, the texts that were judged by their words alone. Raises GuardError.
    """
    cwd = os.path.abspath(options.cwd or os.getcwd())
    if not os.path.isdir(cwd):
        raise GuardError("--cwd must name a folder that there is.")
    explained = _explained(_given(options.command), cwd)
    if options.format == "json":
        print(json.dumps(explained, indent=2))
    else:
        print("\n".join(page.lines(explained)))
    return 1 if explained["decision"] == "deny" else 0


def _given(command: str) -> str:
    if command != "-":
        return command
    # One byte more than fits is enough to be told so.
    return sys.stdin.buffer.read(_MOST).decode("utf-8", "replace")


def _explained(command: str, cwd: str) -> dict[str, Any]:
    """Judge a command as the hook before a call does, and return all there is to say of it, masked."""
    policy = layers.load(cwd)
    event = ToolEvent("", "", cwd, "Bash", {"command": command}, command)
    where = places.of(cwd, policy.rule_files)
    scope = places.scope(cwd, where)
    walk = calls.walked(event, scope) or Walk()  # only another tool's call has none
    judgement = before_tool.judge(event, policy)
    decision = judgement.decision
    values = {
        "command": command,
        "cwd": cwd,
        "decision": "deny" if isinstance(decision, Block) else "allow",
        "reason": decision.reason if isinstance(decision, Block) else None,
        "tree": syntax.tree(parse(command)),
        "starts": _starts(walk),
        "rules": _rules(judgement.violations, _off(walk, scope, where, judgement.violations), policy),
        "secrets": [_secret(finding) for finding in judgement.findings],
        "not_understood": list(dict.fromkeys(walk.unparsed)),
    }
    # What the guard puts together from a command's pieces may be a secret that stands nowhere in it.
    texts = list(dict.fromkeys(_texts(values)))
    found = judgement.findings + scan.scanner(policy, cwd, where.worktree).texts([Text("", t) for t in texts])
    shown = _masked(texts, found)
    return {key: _with(value, shown) for key, value in values.items()}


def _off(walk: Walk, scope: Scope, where: Places, counted: tuple[Violation, ...]) -> tuple[Violation, ...]:
    """Return the violations of our own rules that the policy leaves out, for whatever reason."""
    rules = {violation.rule for violation in counted}
    found = commands.judge(walk, scope, where, commands.load())
    return tuple(violation for violation in found if violation.rule not in rules)


def _starts(walk: Walk) -> list[dict[str, Any]]:
    numbers = {id(invocation): number for number, invocation in enumerate(walk.invocations, 1)}
    return [_start(invocation, numbers) for invocation in walk.invocations]


def _start(invocation: Invocation, numbers: dict[int, int]) -> dict[str, Any]:
    """Return a program that would be started: its ``number``, and ``words`` with ? for what is not known.

    ``known``: nothing in them is left to run time. ``folders``: where, the likeliest first, null where that
    is not known; ``elsewhere``: in a ``container`` or the like, empty for this machine. ``reads``: the
    numbers of those piped into it; ``input``: the text it reads, where known; ``files``: those redirected
    into it; ``writes``: where its output goes; ``runs``: the numbers of those that its words start.
    """
    return {
        "number": numbers[id(invocation)],
        "words": [_known(value.text) for value in invocation.argv],
        "known": all(value.known for value in invocation.argv),
        "folders": list(invocation.scope.folders),
        "elsewhere": invocation.elsewhere,
        "reads": _numbers(invocation.upstream, numbers),
        "input": None if invocation.stdin is None else _known(invocation.stdin),
        "files": [_known(value.text) for value in invocation.sources],
        "writes": [f"{operator} {_known(value.text)}" for operator, value in invocation.targets],
        "runs": [numbers[id(inner)] for inner in invocation.inner if id(inner) in numbers],
    }


def _numbers(stage: Stage | None, numbers: dict[int, int]) -> list[int]:
    started = stage.started if stage is not None else ()
    return [numbers[id(one)] for one in started if id(one) in numbers]


def _known(text: str) -> str:
    return text.replace(HOLE, _UNKNOWN)


def _rules(
    violations: tuple[Violation, ...], off: tuple[Violation, ...], policy: Policy
) -> list[dict[str, Any]]:
    if not (violations or off):
        return []
    listed = {rule.id: rule for rule in reversed(catalogue.read(policy)) if rule.kind == "command"}
    fits = [(violation, True) for violation in violations] + [(violation, False) for violation in off]
    return [_rule(violation, listed[violation.rule], on=on) for violation, on in fits]


def _rule(violation: Violation, listed: Listed, *, on: bool) -> dict[str, Any]:
    """Return a rule that fits: ``on``, or why it is ``off`` here; ``suggest`` has commands that pass."""
    return {
        "rule": violation.rule,
        "title": listed.title,
        "command": violation.command,
        "why": violation.why,
        "instead": violation.instead,
        "suggest": list(listed.page.suggest) if isinstance(listed.page, Pack) else [],
        "on": on,
        "off": "" if on else listed.off or "a rule of the policy allows it",
    }


def _secret(finding: Finding) -> dict[str, Any]:
    fields = ("rule", "title", "line", "column", "suppressed")
    return {field: getattr(finding, field) for field in fields}


def _texts(value: Any) -> list[str]:
    """Return every text within nested lists and objects."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, (dict, list)):
            waiting += one.values() if isinstance(one, dict) else one
    return found


def _masked(texts: list[str], found: tuple[Finding, ...]) -> dict[str, str]:
    """Return for each text what is shown of it; all are masked in one go, since there may be many secrets."""
    between = "\n\x1f\n"
    while any(between in text for text in texts):
        between += "\x1f\n"
    masked = veil(between.join(texts), found).split(between)
    shown = dict(zip(texts, masked, strict=True))
    return {text: veil_cut(one, found) if text.endswith(_CUT) else one for text, one in shown.items()}


def _with(value: Any, shown: dict[str, str]) -> Any:
    """Return nested lists and objects with every text in them replaced; the keys are ours."""
    if isinstance(value, str):
        return shown[value]
    if isinstance(value, dict):
        return {key: _with(inner, shown) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with(inner, shown) for inner in value]
    return value

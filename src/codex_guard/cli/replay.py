"""``codex-guard replay``: recorded hook events judged again, one JSON line for each.

How a person tries a policy on recorded sessions, and how the guard is measured. Nothing is executed
and nothing is remembered; the Stop event's checks are not run.
"""

import argparse
import json
import os
import sys
from typing import Any, BinaryIO

from codex_guard.errors import GuardError
from codex_guard.guard import after_tool, before_tool, prompt, scan
from codex_guard.model import Allow, Block, Event, Finding, Judgement, PromptEvent, StopEvent, Text, Write
from codex_guard.policy import layers
from codex_guard.policy.policy import Policy
from codex_guard.secrets.masking import veil, veil_cut
from codex_guard.wire import events


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "replay",
        help="judge recorded hook events, given as JSON lines",
        description=(
            "Judge recorded hook events under the policy of their folders, and print one JSON line for"
            " each. Nothing is run, the checks of a turn's end neither. Exits with 2 where a line could"
            " not be judged."
        ),
    )
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="JSON lines (default: standard input)"
    )
    parser.add_argument("--content", action="store_true", help="also show what is written, masked")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge each line. Returns 0, or 2 where a line could not be judged (it is printed as a block)."""
    if options.file == "-":
        return _replay(sys.stdin.buffer, content=options.content)
    try:
        with open(options.file, "rb") as file:
            return _replay(file, content=options.content)
    except OSError as error:
        raise GuardError(f"{options.file} cannot be read: {error.strerror}.") from error


def _replay(file: BinaryIO, *, content: bool) -> int:
    status = 0
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            name, event = events.read(line)
            policy = layers.load(event.cwd)
            answer = _shown(name, judge(name, event, policy), policy, content=content)
        except GuardError as error:
            status = 2
            answer = {"event": None, "decision": "block", "reason": f"line {number}: {error}"}
            answer |= {"violations": [], "findings": [], "writes": [], "unscanned": []}
        print(json.dumps(answer))
    return status


def judge(name: str, event: Event, policy: Policy) -> Judgement:
    """Judge an event as its hook does, but for a turn's end, whose checks would run programs."""
    if isinstance(event, PromptEvent):
        return prompt.judge(event, policy, remember=False)
    if isinstance(event, StopEvent):
        return Judgement(Allow("codex-guard: replay does not run the checks of a turn's end."))
    if name == "PreToolUse":
        return before_tool.judge(event, policy)
    return after_tool.judge(event, policy, remember=False)


def _shown(name: str, judgement: Judgement, policy: Policy, *, content: bool) -> dict[str, Any]:
    decision = judgement.decision
    # What a call says it writes is judged on disk once it ran, so what is shown of it is looked through here.
    said = [Text("", text) for w in judgement.writes for text in (w.path, w.new_path, w.content) if text]
    known = judgement.findings + scan.scanner(policy, os.getcwd()).texts(said)
    return {
        "event": name,
        "decision": "block" if isinstance(decision, Block) else "allow",
        "reason": decision.reason if isinstance(decision, Block) else decision.note,
        "violations": [
            {
                "rule": v.rule,
                "command": veil_cut(v.command, known),
                "why": v.why,
                "instead": v.instead,
            }
            for v in judgement.violations
        ],
        "findings": [
            {
                "rule": f.rule,
                "path": veil(f.where, known),
                "line": f.line,
                "column": f.column,
                "suppressed": f.suppressed,
            }
            for f in judgement.findings
        ],
        "writes": [_write(write, known, content=content) for write in judgement.writes],
        "unscanned": [{"where": veil(u.where, known), "reason": u.reason} for u in judgement.unscanned],
    }


def _write(write: Write, known: tuple[Finding, ...], *, content: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "path": veil(write.path, known),
        "op": write.op,
        "new_path": write.new_path and veil(write.new_path, known),
    }
    if content:
        shown["content"] = write.content and veil(write.content, known)
    return shown

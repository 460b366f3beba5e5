"""No answer, log, error or crash of any executable holds a found secret, in any encoding."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codex_guard.build import patterns
from codex_guard.guard import after_tool, before_tool, prompt
from codex_guard.ledger import audit
from codex_guard.model import Judgement, PromptEvent, ToolEvent
from codex_guard.policy.policy import Policy
from codex_guard.secrets.rules.pack import read_packs
from codex_guard.secrets.rules.template import expand
from codex_guard.wire import decisions
from support.encodings import ENCODINGS, shown
from support.processes import HOOKS, event, run

TEMPLATES = [template for rule in read_packs(patterns() / "secrets") for template in rule.hit]
AROUND = st.text(st.characters(codec="utf-8"), max_size=30)
TEXTS = st.tuples(
    st.sampled_from(TEMPLATES), st.integers(0, 9), st.sampled_from(sorted(ENCODINGS)), AROUND, AROUND
)
KEY = expand("ghp_{crc62:36}")


def answered(name: str, happened: PromptEvent | ToolEvent) -> tuple[Judgement, str]:
    """Judge an event as its hook does. Returns the judgement and all that anybody gets to see of it."""
    policy = Policy()
    if isinstance(happened, PromptEvent):
        judgement = prompt.judge(happened, policy)
    elif happened.response is None:
        judgement = before_tool.judge(happened, policy)
    else:
        judgement = after_tool.judge(happened, policy, remember=False)
    told = decisions.spell(name, judgement.decision)
    audit.record_judgement(name, happened, judgement, time.monotonic())
    spelled = (told, json.loads(told or "{}"), judgement.findings, judgement.decision)
    return judgement, "\n".join(map(repr, spelled)) + told + Path(audit.path()).read_text()


@given(TEXTS, st.sampled_from(["prompt", "command", "patch", "arguments", "output"]))
@settings(max_examples=400, deadline=None)
def test_no_answer_shows_what_was_found(parts: tuple[str, int, str, str, str], where: str) -> None:
    template, seed, encoding, before, after = parts
    text = f"{before}\n{ENCODINGS[encoding](expand(template, seed))}\n{after}"
    happened: dict[str, tuple[str, PromptEvent | ToolEvent]] = {
        "prompt": ("UserPromptSubmit", PromptEvent("session", "turn", "/", text)),
        "command": ("PreToolUse", tool("Bash", f"cat > a.txt <<'EOF'\n{text}\nEOF")),
        "patch": ("PreToolUse", tool("apply_patch", patch(text))),
        "arguments": ("PreToolUse", tool("mcp__a__b", None, {"a": [text], text: 1})),
        "output": ("PostToolUse", tool("Bash", "make", {"command": "make"}, text)),
    }
    judgement, seen = answered(*happened[where])
    for finding in judgement.findings:
        assert not shown(finding.secret.reveal(), seen)
        if finding.spelled is not None:
            assert finding.spelled.reveal() not in seen


def tool(name: str, command: str | None, arguments: object = None, response: object = None) -> ToolEvent:
    return ToolEvent(
        "session", "turn", "/", name, arguments or {"command": command}, command, response, "call"
    )


def patch(text: str) -> str:
    lines = "".join(f"+{line}\n" for line in text.splitlines())
    return f"*** Begin Patch\n*** Add File: a.txt\n{lines}*** End Patch\n"


def everything_written(home: Path) -> str:
    return "".join(path.read_text(errors="replace") for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
@pytest.mark.parametrize("kind", list(HOOKS.values()))
def test_no_process_shows_it(kind: str, encoding: str, tmp_path: Path, own_home: Path) -> None:
    """As whole processes: what is found, what is no event, what is cut off, and what has nowhere to write."""
    text = f"token: {ENCODINGS[encoding](KEY)} "
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    fields: dict[str, dict[str, Any]] = {
        "UserPromptSubmit": {"prompt": text},
        "PreToolUse": {"tool_input": {"command": f"printf '%s' '{text}' > a.txt; git reset --hard '{text}'"}},
        "PostToolUse": {"tool_response": text, "tool_input": {"command": "make"}},
        "Stop": {"last_assistant_message": text},
    }
    whole = json.dumps(event(kind, tmp_path, **fields[kind])).encode()
    home = own_home / "other"
    for raw, changes in (
        (whole, {}),
        (whole[: len(whole) // 2], {}),
        (b'{"a": "' + text.encode() + b'"', {}),
        (whole.replace(f'"{kind}"'.encode(), json.dumps(text).encode()), {}),
        (whole, {"XDG_STATE_HOME": "/proc/nowhere"}),
        (whole, {"XDG_CONFIG_HOME": str(home), "CODEX_GUARD_TEST": text}),
    ):
        (home / "codex-guard").mkdir(parents=True, exist_ok=True)
        (home / "codex-guard" / "policy.toml").write_text(f'[secrets]\nstrictnes = "{KEY}"\n')
        ran = run(kind, raw, env=os.environ | changes)
        seen = json.dumps(ran.answer) + ran.stderr
        assert not shown(KEY, seen), changes
    assert not shown(KEY, everything_written(own_home / "state"))

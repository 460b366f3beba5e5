"""Events far larger than any real one: looked at whole within the deadline, or blocked with a sentence."""

import os
from pathlib import Path
from typing import Any

import pytest

from codex_guard.secrets.rules.template import expand
from codex_guard.wire import events
from support.processes import event, run

KEY = expand("ghp_{crc62:36}")
LINE = "def load(path: Path) -> Config:  # an ordinary line of source text, again and again\n"
FIFTY = 50_000_000
TEXT = LINE * (FIFTY // len(LINE))

CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "a clean prompt": ("UserPromptSubmit", {"prompt": TEXT}, ""),
    "a prompt with a key at its end": ("UserPromptSubmit", {"prompt": f"{TEXT}{KEY}"}, "github-pat"),
    "a command": ("PreToolUse", {"tool_input": {"command": TEXT}}, "longer than"),
    "a patch": (
        "PreToolUse",
        {
            "tool_name": "apply_patch",
            "tool_input": {
                "command": f"*** Begin Patch\n*** Add File: a\n+{TEXT[:-1].replace(chr(10), chr(10) + '+')}\n"
                f"+{KEY}\n*** End Patch\n"
            },
        },
        "github-pat",
    ),
    "a clean output": ("PostToolUse", {"tool_response": TEXT}, ""),
    "an output with a key at its end": ("PostToolUse", {"tool_response": f"{TEXT}{KEY}"}, "github-pat"),
    "a last message": ("Stop", {"last_assistant_message": TEXT}, ""),
}


@pytest.mark.parametrize("name", CASES)
def test_fifty_megabytes_are_answered(name: str, tmp_path: Path) -> None:
    kind, fields, expected = CASES[name]
    ran = run(kind, event(kind, tmp_path, **fields))
    assert ran.blocked is bool(expected)
    assert expected in ran.sentence
    assert KEY not in ran.sentence


def test_more_than_can_be_read_is_blocked_with_a_sentence() -> None:
    ran = run("UserPromptSubmit", b" " * (events.LARGEST + 1))
    assert ran.status == 2
    assert "larger than 128 MiB" in ran.stderr


def test_a_million_keywords_and_one_line_are_answered(tmp_path: Path) -> None:
    prompt = "ghp_ password= sk_live_ token: akia secret " * 25_000
    ran = run("UserPromptSubmit", event("UserPromptSubmit", tmp_path, prompt=prompt))
    assert ran.status == 0 or "did not finish" in ran.stderr


def test_random_bytes_as_text_are_answered(tmp_path: Path) -> None:
    prompt = os.urandom(3_000_000).decode("latin-1")
    ran = run("UserPromptSubmit", event("UserPromptSubmit", tmp_path, prompt=prompt))
    assert ran.status == 0 or ran.blocked

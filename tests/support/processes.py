"""Running the executables as Codex does: one event on standard input, one answer out."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codex_guard import launch
from codex_guard.wire.command import Install, hook_command
from support import answers

#: The event each executable serves, by its name.
HOOKS = {
    "user-prompt-submit": "UserPromptSubmit",
    "pre-tool-use": "PreToolUse",
    "post-tool-use": "PostToolUse",
    "stop": "Stop",
}
ABSOLUTE = Install(sys.executable, os.path.abspath(launch.__file__))


@dataclass(frozen=True)
class Ran:
    """One run of a hook, its answer already held against the schema of its event."""

    status: int
    answer: dict[str, Any]
    stderr: str

    @property
    def blocked(self) -> bool:
        """Whether Codex would not go ahead."""
        if self.status == 2:
            return bool(self.stderr.strip())
        specific = self.answer.get("hookSpecificOutput", {})
        return self.answer.get("decision") == "block" or specific.get("permissionDecision") == "deny"

    @property
    def sentence(self) -> str:
        """What the model or the user reads."""
        return self.stderr if self.status == 2 else answers.reason(self.answer)


def event(kind: str, cwd: Path, **fields: Any) -> dict[str, Any]:
    """Return a payload of that kind with Codex's common fields and the given ones."""
    defaults: dict[str, dict[str, Any]] = {
        "UserPromptSubmit": {"prompt": "Refactor the parser."},
        "PreToolUse": {"tool_name": "Bash", "tool_input": {"command": "ls"}, "tool_use_id": "call_1"},
        "PostToolUse": {
            "tool_name": "Bash",
            "tool_input": {"command": "ls"},
            "tool_use_id": "call_1",
            "tool_response": "",
        },
        "Stop": {"stop_hook_active": False, "last_assistant_message": "done"},
        "SubagentStop": {"stop_hook_active": False, "agent_id": "agent", "agent_type": "default"},
    }
    common = {
        "session_id": "session",
        "turn_id": "turn",
        "transcript_path": None,
        "cwd": str(cwd),
        "hook_event_name": kind,
        "model": "gpt",
        "permission_mode": "default",
    }
    return common | defaults[kind] | fields


def run(kind: str, payload: dict[str, Any] | bytes, command: list[str] | None = None, **options: Any) -> Ran:
    """Run a hook's command line (by default the one with absolute paths) and check its answer."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    chosen = command or ["/bin/sh", "-c", hook_command(kind, ABSOLUTE)]
    done = subprocess.run(chosen, input=raw, capture_output=True, check=False, timeout=120, **options)
    assert done.returncode in (0, 2), done.stderr.decode()
    printed = "" if done.returncode else done.stdout.decode()
    return Ran(done.returncode, answers.check(kind, printed), done.stderr.decode())

"""The launcher of absolute hook commands: it starts the hook that its first argument names."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from codex_guard import launch
from codex_guard.secrets.rules.template import expand
from support.processes import HOOKS, event


def start(*arguments: str, stdin: str = "", cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", "-S", launch.__file__, *arguments]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, check=False, cwd=cwd, timeout=60
    )


def test_it_knows_the_four_hooks() -> None:
    assert sorted(launch.HOOKS) == sorted(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_it_starts_the_hook(name: str, tmp_path: Path) -> None:
    done = start(name, stdin=json.dumps(event(HOOKS[name], tmp_path)), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", HOOKS)
def test_an_event_of_another_hook_is_refused(name: str, tmp_path: Path) -> None:
    done = start(name, stdin=json.dumps(event("Stop" if name != "stop" else "PreToolUse", tmp_path)))
    assert done.returncode == 2
    assert f"to the hook for {HOOKS[name]}" in done.stderr


def test_the_rest_of_the_arguments_is_the_hooks(tmp_path: Path) -> None:
    prompt = json.dumps(event("UserPromptSubmit", tmp_path, prompt=expand("ghp_{crc62:36}")))
    assert '"block"' in start("user-prompt-submit", "--timeout=60", stdin=prompt).stdout
    wrong = start("user-prompt-submit", "--timeout=soon", stdin=prompt)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "--timeout=SECONDS" in wrong.stderr


@pytest.mark.parametrize("arguments", [(), ("",), ("Stop",), ("../stop",), ("runner",)])
def test_no_other_name_starts_anything(arguments: tuple[str, ...]) -> None:
    done = start(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs the name of a hook: user-prompt-submit, pre-tool-use, post-tool-use, stop." in done.stderr

"""The rehearsal drives the real Codex CLI as it should, shown with plain shell hooks."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codex_guard.cli.rehearsal import Result, Stage, hooks_list
from codex_guard.cli.scripted_model import Body, Item, custom_call, message, patch, shell
from codex_guard.errors import GuardError

pytestmark = pytest.mark.e2e
Rehearse = Callable[[Stage], Result]

PATCH = """\
*** Begin Patch
*** Add File: sub/new.txt
+hello
*** Update File: old.txt
@@
-before
+after
*** End Patch
"""


def hooks(event: str, command: str) -> dict[str, Any]:
    return {"hooks": {event: [{"hooks": [{"type": "command", "command": command, "timeout": 30}]}]}}


def test_a_prompt_reaches_the_model_and_the_scripted_answer_comes_back(rehearse: Rehearse) -> None:
    prompt = '--tell me "now"'

    result = rehearse(Stage(prompt=prompt, stdin="piped in", turns=[[message("as scripted")]]))

    assert (result.rc, result.timed_out, result.stdout.strip()) == (0, False, "as scripted")
    assert len(result.requests) == 1
    assert result.user_texts()[-1].startswith(prompt)
    assert "piped in" in result.user_texts()[-1]
    # Shows that the search in the blocked prompt's test below would find it.
    assert result.home_grep(prompt)


def test_a_shell_calls_output_comes_back_in_the_next_request(rehearse: Rehearse) -> None:
    call = shell("cat greeting.txt; echo $HOME $TMPDIR")

    def answer(body: Body) -> list[Item]:
        assert "good morning" in str(body["input"])
        return [message("done")]

    result = rehearse(Stage(prompt="greet", files={"greeting.txt": "good morning\n"}, turns=[[call], answer]))

    output = result.tool_outputs()[call["call_id"]]
    assert f"good morning\n{result.root / 'user'} {result.root / 'tmp'}\n" in output
    assert result.stdout.strip() == "done"


def test_code_mode_output_is_read_as_text(rehearse: Rehearse) -> None:
    call = custom_call("exec", 'text((await tools.exec_command({cmd: "echo nested"})).output);')

    result = rehearse(Stage(prompt="p", model="gpt-6.1-sol", turns=[[call]]))

    assert "nested\n" in result.tool_outputs()[call["call_id"]]


def test_an_apply_patch_call_writes_the_files(rehearse: Rehearse) -> None:
    result = rehearse(Stage(prompt="p", files={"old.txt": "before\n"}, turns=[[patch(PATCH)]]))

    assert result.repo_files() == {"old.txt": "after\n", "sub/new.txt": "hello\n"}


def test_a_blocked_prompt_leaves_no_request_and_no_trace(rehearse: Rehearse) -> None:
    prompt = 'deploy with "hunter2-hunter2"'
    block = hooks("UserPromptSubmit", "echo 'not this prompt' >&2; exit 2")

    result = rehearse(Stage(prompt=prompt, turns=[[message("never")]], repo_hooks=block))

    assert result.requests == []
    assert result.home_grep(prompt) == []
    assert "hook: UserPromptSubmit Blocked" in result.stderr


def test_prepare_can_install_hooks_that_codex_then_lists_and_runs(rehearse: Rehearse, codex: Path) -> None:
    def prepare(repo: Path, _home: Path) -> None:
        (repo / ".codex").mkdir()
        (repo / ".codex/hooks.json").write_text(
            '{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "touch stopped"}]}]}}'
        )

    result = rehearse(Stage(prompt="p", turns=[[message("done")]], prepare=prepare))
    listed = hooks_list(codex, result.repo, result.home)["data"][0]

    assert "stopped" in result.repo_files()
    assert (listed["warnings"], listed["errors"]) == ([], [])
    [hook] = listed["hooks"]
    assert hook["key"] == f"{result.repo}/.codex/hooks.json:stop:0:0"
    assert hook["currentHash"].startswith("sha256:")
    assert hook["trustStatus"] == "untrusted"


def test_a_managed_hook_runs_untrusted_and_the_system_folder_goes(
    rehearse: Rehearse, system_folder: Path, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    requirements = f"""\
[features]
hooks = true
[[hooks.Stop]]
[[hooks.Stop.hooks]]
type = "command"
command = "touch {ran}"
"""
    stage = Stage(prompt="p", turns=[[message("done")]], requirements=requirements, trust_hooks=False)

    result = rehearse(stage)

    assert result.rc == 0
    assert ran.exists()
    assert not system_folder.exists()


def test_a_session_past_its_timeout_is_killed_with_its_group(rehearse: Rehearse) -> None:
    turn = [shell("touch began; sleep 60", yield_time_ms=30_000)]

    result = rehearse(Stage(prompt="p", turns=[turn], timeout=4))

    assert (result.timed_out, result.rc) == (True, -signal.SIGKILL)
    assert "began" in result.repo_files()
    assert result.wall < 20
    deadline = time.monotonic() + 5
    while (left := _processes_of(result.root)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def _processes_of(root: Path) -> list[str]:
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if os.fsencode(root) in environ.read_bytes():
                found.append(environ.parent.name)
    return found


def test_what_a_turns_function_raises_is_raised_and_the_folders_go(
    rehearse: Rehearse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CODEX_GUARD_REHEARSAL_ROOT", str(tmp_path / "work"))

    def refuse(_body: Body) -> list[Item]:
        raise GuardError("not as expected")

    with pytest.raises(GuardError, match="not as expected"):
        rehearse(Stage(prompt="p", turns=[refuse]))
    assert not list((tmp_path / "work").iterdir())

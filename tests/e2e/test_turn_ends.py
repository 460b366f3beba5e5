"""A turn's end before the real Codex CLI: continued for what the turn broke, and for nothing else."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.cli.scripted_model import (
    Body,
    Item,
    function_call,
    message,
    patch,
    shell,
    tool_outputs,
    user_texts,
)
from support.sessions import Rehearse, continuations, init, played, stage

pytestmark = pytest.mark.e2e
TYPED = "[tool.mypy]\nstrict = true\n"


def written(path: str, text: str) -> Item:
    return shell(f"printf %s {shlex.quote(text)} > {path}")


def with_policy(text: str) -> Callable[[Path, Path], None]:
    """Return what puts a policy of the user's in place, beside the hooks."""

    def prepare(repo: Path, home: Path) -> None:
        init()(repo, home)
        folder = repo.parent / "user" / ".config" / "codex-guard"
        folder.mkdir(parents=True)
        (folder / "policy.toml").write_text(text)

    return prepare


OLD = "".join(f"def f{n}() -> int:\n    return 'x'\n\n\n" for n in range(200))


def test_a_turn_among_200_old_failures_that_adds_none_ends_at_once(rehearse: Rehearse) -> None:
    files = {"pyproject.toml": TYPED, "old.py": OLD}
    call = patch(
        "*** Begin Patch\n*** Update File: old.py\n@@\n def f0() -> int:\n-    return 'x'\n+    return 0\n"
        "*** End Patch\n"
    )
    result = played(rehearse, stage("Mend one", [[call], [message("done")]], files=files))
    assert continuations(result) == []
    assert result.stdout.strip() == "done"


def test_a_turn_that_adds_one_failure_to_200_gets_exactly_that_one(rehearse: Rehearse) -> None:
    files = {"pyproject.toml": TYPED, "old.py": OLD, "use.py": "from old import f1\n\nX: int = f1()\n"}
    call = shell("printf '\\n\\ndef g(x: int) -> str:\\n    return x\\n' >> old.py")
    mended = shell("sed -i 's/    return x$/    return str(x)/' old.py")
    turns = [[call], [message("done")], [mended], [message("mended")]]
    result = played(rehearse, stage("Add g()", turns, files=files))
    (told,) = continuations(result)
    assert "found 1 failure." in told
    assert 'mypy return-value: Incompatible return value type (got "int", expected "str")' in told
    assert "    return x" in told
    assert "200 failures that were there before are left out" in told
    assert result.stdout.strip() == "mended"


def test_what_a_turn_breaks_in_a_file_that_it_did_not_touch_counts(rehearse: Rehearse) -> None:
    files = {
        "pyproject.toml": TYPED + 'files = ["."]\n',
        "base.py": "def f() -> int:\n    return 1\n",
        "use.py": "from base import f\n\nX: int = f()\n",
    }
    call = written("base.py", "def f() -> str:\n    return 'x'\n")
    result = played(
        rehearse, stage("Change f()", [[call], *([message("done")] for _ in range(5))], files=files)
    )
    (told,) = continuations(result)
    assert "use.py:3:" in told


def test_two_projects_in_one_repository_are_both_checked(rehearse: Rehearse) -> None:
    files = {
        "one/pyproject.toml": TYPED,
        "one/a.py": "X: int = 1\n",
        "two/ruff.toml": 'lint.select = ["F"]\n',
        "two/pyproject.toml": TYPED,
        "two/a.py": "Y: int = 1\n",
    }
    calls = [written("one/a.py", "X: int = 'x'\n"), written("two/a.py", "import os\n\nY: int = 'y'\n")]
    turns = [[calls[0]], [calls[1]], *([message("done")] for _ in range(5))]
    (told,) = continuations(played(rehearse, stage("Change both", turns, files=files)))
    assert "one/a.py:1:" in told
    assert "two/a.py:3:" in told
    assert "two/a.py:1:8: ruff F401" in told


def test_a_check_that_hangs_is_cut_and_said_and_keeps_no_turn(rehearse: Rehearse) -> None:
    policy = (
        '[checks]\nsandbox = "none"\ntools = ["ruff"]\nseconds = 2\n[[checks.commands]]\nname = "slow"\n'
        'command = ["sh", "-c", "touch started.txt; sleep 60; touch ended.txt"]\nfiles = ["*.py"]\n'
    )
    result = played(
        rehearse,
        stage("Write it", [[written("a.py", "X = 1\n")], [message("done")]], prepare=with_policy(policy)),
    )
    assert "started.txt" in result.repo_files()
    assert continuations(result) == []
    assert result.stdout.strip() == "done"
    assert "ended.txt" not in result.repo_files()


PLUGIN = """\
from pathlib import Path
from mypy.plugin import Plugin
Path("inside.txt").write_text("x")
try:
    Path("../outside.txt").write_text("x")
except OSError:
    pass
def plugin(version):
    return Plugin
"""


def test_a_malicious_plugin_of_mypy_stays_inside_the_work_tree(rehearse: Rehearse) -> None:
    files = {"pyproject.toml": '[tool.mypy]\nplugins = ["./plugin.py"]\n', "a.py": "X = 1\n"}
    calls = [written("plugin.py", PLUGIN), written("a.py", "X: int = 2\n")]
    result = played(rehearse, stage("Write it", [[calls[0]], [calls[1]], [message("done")]], files=files))
    assert "inside.txt" in result.repo_files()
    assert not (result.root / "outside.txt").exists()


def test_a_subagents_work_is_checked_before_it_hands_it_over(rehearse: Rehearse) -> None:
    spawn = function_call("spawn_agent", {"message": "write a.py"}, namespace="multi_agent_v1")
    broken, mended = written("a.py", "X: int = 'x'\n"), written("a.py", "X: int = 1\n")
    wait = shell("for i in 1 2 3 4 5 6 7 8; do sleep 1; grep -q 'int = 1' a.py && break; done; true")

    def answer(body: Body) -> list[Item]:
        """Play both agents, whose requests come in any order: each goes on from what it has done."""
        texts, done = user_texts(body), len(tool_outputs(body))
        steps = [[broken], [message("sub is done")]] if "write a.py" in texts else [[spawn], [wait]]
        if done == 1 and any("<hook_prompt" in text for text in texts):
            return [mended]
        return steps[done] if done < len(steps) else [message("done")]

    stage_ = stage("Let it be written", [answer] * 12, files={"pyproject.toml": TYPED})
    result = played(rehearse, stage_)
    prompts = {text for body in result.requests for text in user_texts(body) if "<hook_prompt" in text}
    (told,) = prompts
    assert 'hook_run_id="subagent-stop:' in told
    assert "a.py:1:" in told
    assert result.repo_files()["a.py"] == "X: int = 1\n"

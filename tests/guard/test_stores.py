"""Files where secrets may live: the policy names them, and git ignores them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.guard import suppress
from codex_guard.model import Allow, Judgement, StopEvent, ToolEvent
from codex_guard.policy.policy import Policy
from support.repositories import put, repository, run

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
STORED = "git ignores this file, where the policy lets secrets live"
HINT = "or write it into .env, which git ignores."
IGNORED = ".env*\n!.env.example\nbuild/\n"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Return a repository whose .gitignore is committed, and which tracks a dotenv file as well."""
    folder = repository(tmp_path / "repo", "old.py", "sub/kept.py", ".env.tracked")
    put(folder / ".gitignore", IGNORED)
    run(folder, "add", "--force", ".")
    run(folder, "commit", "-q", "-m", "ignore")
    return folder


def patch(path: str, line: str) -> str:
    return f"*** Begin Patch\n*** Add File: {path}\n+{line}\n*** End Patch"


def both(tool: Tool, folder: Path, path: str, key: str) -> list[ToolEvent]:
    """Write a key into a file, and return the calls that would write it and those that have written it."""
    line = f"TOKEN={key}"
    command = f"echo {line} > {path}"
    events = [tool("Bash", command), tool("apply_patch", patch(path, line))]
    put(folder / path, f"{line}\n")
    return [*events, tool("Bash", command, ""), tool("apply_patch", patch(path, line), "done")]


@pytest.mark.parametrize(
    "path", [".env", ".env.local", "sub/.env", "sub/../.env", "new/folder/.env.test", ".envrc"]
)
def test_a_file_that_git_ignores_may_hold_a_secret(
    judge: Judge, tool: Tool, repo: Path, key: str, path: str
) -> None:
    (repo / "new" / "folder").mkdir(parents=True)
    for event in both(tool, repo, path, key):
        judgement = judge(event)
        assert judgement.decision == Allow()
        assert {finding.suppressed for finding in judgement.findings} == {STORED}
    end = StopEvent("session", "turn", str(repo), continued=False)
    assert judge(end, Policy(checks=False)).decision == Allow()


@pytest.mark.parametrize(
    "path",
    [
        ".env.example",  # not ignored
        ".env.tracked",  # tracked, whatever .gitignore says
        "old.py",
        "build/.environment.py/x",  # ignored, but by its folder's name
        "build/x.txt",  # ignored, but none of the policy's
        "env",
        "../.env",  # in another place
    ],
)
def test_any_other_file_may_not(
    judge: Judge, tool: Tool, reason: Said, repo: Path, key: str, path: str
) -> None:
    for event in both(tool, repo, path, key):
        if path.startswith("build/.env"):
            continue
        assert "github-pat" in reason(judge(event))


def test_by_itself_a_folder_of_that_name_is_one_of_the_policys(
    judge: Judge, tool: Tool, repo: Path, key: str
) -> None:
    # ".env*" also names a folder, as in a .gitignore.
    for event in both(tool, repo, ".env.d/key", key):
        assert judge(event).decision == Allow()

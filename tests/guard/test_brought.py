"""What nobody wrote in this session is told, and blocks nothing: a pull, a stash, a move, a package."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codex_guard.guard import disk, look
from codex_guard.model import Judgement, PromptEvent, StopEvent, ToolEvent
from codex_guard.policy.policy import Policy
from support.repositories import put, repository, run

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
Note = Callable[[Judgement], str | None]
POLICY = Policy(checks=False)
LONG_AGO = "@1700000000 +0000"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", "old.py")


@pytest.fixture
def turn(judge: Judge, repo: Path) -> Callable[[str], Judgement]:
    """Return a function that begins a turn (``prompt``) or ends it (``stop``)."""

    def made(kind: str) -> Judgement:
        if kind == "prompt":
            return judge(PromptEvent("session", "turn", str(repo), "go on"), POLICY)
        return judge(StopEvent("session", "turn", str(repo), continued=False), POLICY)

    return made


Turn = Callable[[str], Judgement]


def commit(repo: Path, path: str, text: str) -> None:
    put(repo / path, text)
    run(repo, "add", "--all")
    run(repo, "commit", "-q", "-m", f"this is no Fast-forward: {path}: Fast-forward")


@pytest.fixture
def branch(repo: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the repository with a branch of long ago, which has a secret."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", LONG_AGO)
    run(repo, "checkout", "-q", "-b", "other")
    commit(repo, "theirs.py", f"a = 1\nTOKEN = '{key}'\n")
    run(repo, "checkout", "-q", "-")
    commit(repo, "mine.py", "b = 2\n")
    put(repo / "stashed.py", f"TOKEN = '{key}'\n")
    run(repo, "add", "--all")
    run(repo, "stash")
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    return repo


WAYS = {
    "checkout": ("checkout -q other", "theirs.py:2:10"),
    "cherry-pick": ("cherry-pick other", "theirs.py:2:10"),
    "squash": ("merge --squash other", "theirs.py:2:10"),
    "not committed": ("merge --no-commit --no-ff other", "theirs.py:2:10"),
    "stash": ("stash pop", "stashed.py:1:10"),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_git_brings_from_before_the_session(turn: Turn, allowed: Note, branch: Path, way: str) -> None:
    turn("prompt")
    command, place = WAYS[way]
    run(branch, *command.split())
    # What is older than the session's beginning is not looked at unless it is written.
    (branch / place.partition(":")[0]).touch()
    if way == "checkout":
        with (branch / "theirs.py").open("a") as file:
            file.write("# more\n")
    note = allowed(turn("stop"))
    assert place in str(note)
    assert "came with a file that was copied, moved or fetched" in str(note)
    assert "codex-guard allow" in str(note)  # the user is told, the agent is not
    assert allowed(turn("stop")) is None


@pytest.mark.parametrize("how", ["--no-rebase", "--rebase"])
def test_what_others_committed_meanwhile(
    turn: Turn, allowed: Note, reason: Said, repo: Path, tmp_path: Path, key: str, how: str
) -> None:
    run(repo, "clone", "-q", str(repo), str(tmp_path / "colleague"))
    run(repo, "remote", "add", "origin", str(tmp_path / "colleague"))
    name = run(repo, "branch", "--show-current").stdout.decode().strip()
    turn("prompt")
    commit(tmp_path / "colleague", "theirs.py", f"TOKEN = '{key}'\n")
    run(repo, "pull", "-q", how, "origin", name)
    assert "theirs.py:1:10" in str(allowed(turn("stop")))
    # What is committed here counts, whatever it is pulled together with.
    commit(repo, "own.py", f"TOKEN = '{key}'\n")
    commit(tmp_path / "colleague", "more.py", f"b = 1\nTOKEN = '{key}'\n")
    run(repo, "pull", "-q", "--no-edit", how, "origin", name)
    told = reason(turn("stop"))
    assert "found 1 secret in files that changed in this session:\n  own.py:1:10" in told
    assert "more.py:2:10" in told.partition("stood in a file before")[2]


def test_what_was_committed_in_the_session_on_another_branch_counts(
    turn: Turn, reason: Said, repo: Path, key: str
) -> None:
    turn("prompt")
    run(repo, "checkout", "-q", "-b", "other")
    commit(repo, "own.py", f"TOKEN = '{key}'\n")
    run(repo, "checkout", "-q", "-")
    run(repo, "merge", "-q", "other")
    assert "own.py:1:10" in reason(turn("stop"))


def test_without_a_log_of_commits_all_count(turn: Turn, reason: Said, repo: Path, key: str) -> None:
    turn("prompt")
    commit(repo, "own.py", f"TOKEN = '{key}'\n")
    (repo / ".git" / "logs" / "HEAD").unlink()
    assert "own.py:1:10" in reason(turn("stop"))


@pytest.mark.parametrize("command", ["git mv kept new", "mv kept new", "cp -r kept new"])
def test_a_folder_that_is_moved_or_copied(
    turn: Turn, judge: Judge, tool: Tool, allowed: Note, repo: Path, key: str, command: str
) -> None:
    commit(repo, "kept/a.py", f"a = 1\nTOKEN = '{key}'\n")
    turn("prompt")
    if command.startswith("cp"):
        put(repo / "new" / "a.py", (repo / "kept" / "a.py").read_text())
    else:
        run(repo, "mv", "kept", "new")
    allowed(judge(tool("Bash", command, ""), POLICY))
    allowed(turn("stop"))
    put(repo / "new" / "a.py", f"a = 2\nTOKEN = '{key}'\n")
    assert allowed(judge(tool("Bash", "sed -i s/1/2/ new/a.py", ""), POLICY)) is None
    assert allowed(turn("stop")) is None


def test_a_second_place_in_a_file_that_was_moved_counts(
    turn: Turn, judge: Judge, tool: Tool, allowed: Note, reason: Said, repo: Path, key: str
) -> None:
    commit(repo, "kept.py", f"TOKEN = '{key}'\n")
    turn("prompt")
    run(repo, "mv", "kept.py", "new.py")
    allowed(judge(tool("Bash", "git mv kept.py new.py", ""), POLICY))
    put(repo / "new.py", f"TOKEN = '{key}'\nMORE = '{key}'\n")
    assert "found 1 secret in files that changed in this session:\n  new.py:2:9" in reason(turn("stop"))


def test_a_repository_within_has_commits_of_its_own(
    turn: Turn, judge: Judge, tool: Tool, allowed: Note, reason: Said, repo: Path, key: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("GIT_COMMITTER_DATE", LONG_AGO)
    repository(repo / "inner", "a.py")
    commit(repo / "inner", "fixture.py", f"a = 1\nTOKEN = '{key}'\n")
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    turn("prompt")
    put(repo / "inner" / "fixture.py", f"a = 2\nTOKEN = '{key}'\n")
    allowed(judge(tool("Bash", "sed -i s/1/2/ inner/fixture.py", ""), POLICY))
    put(repo / "inner" / "fixture.py", f"a = 2\nTOKEN = '{key}'\nMORE = '{key}'\n")
    run(repo / "inner", "commit", "-q", "-a", "-m", "x")
    told = reason(judge(tool("Bash", "make > inner/fixture.py", ""), POLICY))
    assert "found 1 secret in files that this call wrote:\n  inner/fixture.py:3:9" in told


@pytest.mark.parametrize("inner", [".", "inner"])
def test_what_a_repository_began_with_counts_where_the_session_made_it(
    judge: Judge, reason: Said, tmp_path: Path, key: str, inner: str
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    if inner == ".":
        run(folder, "init", "-q")
    else:
        repository(folder, "old.py")
    judge(PromptEvent("session", "turn", str(folder), "go on"), POLICY)
    run(folder, "init", "-q", inner)
    commit(folder / inner, "own.py", f"TOKEN = '{key}'\n")
    path = os.path.normpath(f"{inner}/own.py")
    said = {"command": f"make > {path}"}
    event = ToolEvent("session", "turn", str(folder), "Bash", said, said["command"], "", "call")
    assert f"{path}:1:10" in reason(judge(event, POLICY))


def test_installed_packages_are_told_and_looked_at_last(
    turn: Turn, allowed: Note, repo: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn("prompt")
    put(repo / "node_modules" / "a" / "test.js", f"TOKEN = '{key}'\n")
    put(repo / "src.js")
    looked: list[str] = []
    text = look._text

    def noted(root: str, path: str, *rest: Any) -> Any:
        looked.append(path)
        return text(root, path, *rest)

    monkeypatch.setattr(look, "_text", noted)
    assert "node_modules/a/test.js:1:10" in str(allowed(turn("stop")))
    assert looked.index("src.js") < looked.index("node_modules/a/test.js")
    assert looked[-1] == "node_modules/a/test.js"
    assert not disk.is_package("src/node_modules.py")


def test_what_a_call_writes_among_packages_counts(
    turn: Turn, judge: Judge, tool: Tool, reason: Said, repo: Path, key: str
) -> None:
    turn("prompt")
    put(repo / "node_modules" / "a.js", f"TOKEN = '{key}'\n")
    assert "node_modules/a.js:1:10" in reason(judge(tool("Bash", "make > node_modules/a.js", ""), POLICY))


def test_for_packages_there_is_less_time(
    turn: Turn, allowed: Note, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn("prompt")
    put(repo / "node_modules" / "a.js")
    put(repo / "src.js")
    monkeypatch.setattr(look, "_FOR_PACKAGES", -1.0)
    note = str(allowed(turn("stop")))
    assert note.startswith("1 changed files are left to look at")
    assert "let git ignore their folder" in note


def test_contents_that_a_pack_holds(turn: Turn, allowed: Note, reason: Said, repo: Path, key: str) -> None:
    put(repo / "stashed.py", f"TOKEN = '{key}'\n")
    run(repo, "add", "--all")
    run(repo, "stash")
    run(repo, "repack", "-q", "-a", "-d", "-k")
    run(repo, "prune-packed")
    turn("prompt")
    run(repo, "stash", "pop")
    assert "stashed.py:1:10" in str(allowed(turn("stop")))
    put(repo / "late.py", f"b = 1\nTOKEN = '{key}'\n")
    run(repo, "add", "--all")
    run(repo, "commit", "-q", "-m", "x")
    run(repo, "repack", "-q", "-a", "-d")
    assert "late.py:2:10" in reason(turn("stop"))  # in a pack that is younger than the session


def test_a_file_that_cannot_be_read_is_said_once(
    turn: Turn, allowed: Note, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn("prompt")
    put(repo / "theirs.bin")
    time.sleep(0.03)
    real = os.open

    def refused(path: str, *rest: int) -> int:
        if str(path).endswith("theirs.bin"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest)

    monkeypatch.setattr("codex_guard.guard.disk.os.open", refused)
    assert "theirs.bin (Permission denied)" in str(allowed(turn("stop")))
    assert allowed(turn("stop")) is None

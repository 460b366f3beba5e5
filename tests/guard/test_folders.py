"""Folders that a call moves, copies or unpacks whole: every file in them was written."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.guard import after_tool
from codex_guard.ledger import seen
from codex_guard.model import Allow, Judgement, ToolEvent
from support.repositories import put, repository, run

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
below = after_tool._below


def test_a_file_is_itself(tmp_path: Path) -> None:
    put(tmp_path / "a")
    (tmp_path / "link").symlink_to("a")
    for path in ("a", "link", "missing", "a/b", str(tmp_path / "a")):
        assert below(str(tmp_path), path) == [path]


def test_a_folder_is_the_files_in_it(tmp_path: Path) -> None:
    for name in ("d/b", "d/a", "d/sub/c", "d/.hidden", "d/.git/config", "d/sub/.git/HEAD", "other"):
        put(tmp_path / name)
    (tmp_path / "d" / "empty").mkdir()
    names = [".hidden", "a", "b", "sub/c"]
    assert below(str(tmp_path), "d") == [f"d/{name}" for name in names]
    assert below(str(tmp_path), "d/") == [f"d/{name}" for name in names]
    assert below(str(tmp_path / "d"), "../d") == [f"../d/{name}" for name in names]
    assert below("/", f"{tmp_path}/d") == [f"{tmp_path}/d/{name}" for name in names]


def test_links_are_not_followed_out_of_it(tmp_path: Path) -> None:
    put(tmp_path / "away" / "a")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "link").symlink_to("../away")
    (tmp_path / "d" / "loop").symlink_to(".")
    (tmp_path / "folder").symlink_to("d")
    assert below(str(tmp_path), "d") == []
    assert below(str(tmp_path), "folder") == ["folder"]


def test_of_very_many_files_some_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "sub/c", "sub/d", "sub/e"):
        put(tmp_path / "d" / name)
    for most, found in ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 5)):
        monkeypatch.setattr(after_tool, "_MOST_IN_FOLDER", most)
        assert len(below(str(tmp_path), "d")) == found


# The same through a call that ran


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", "old.py", "sub/kept.py")


@pytest.mark.parametrize(
    "command", ["mv d moved", "git mv d moved", "cp -r d/. moved", "mkdir x; mv d x; mv x/d moved"]
)
def test_a_secret_in_a_folder_that_is_moved_is_found_by_its_place(
    judge: Judge, tool: Tool, reason: Said, repo: Path, key: str, command: str
) -> None:
    put(repo / "moved" / "sub" / "a", f"x\nTOKEN={key}\n")
    put(repo / "moved" / "b", "clean\n")
    told = reason(judge(tool("Bash", command, "")))
    assert "1 secret in files that this call wrote:\n  moved/sub/a:2:7: " in told


def test_a_clean_folder_is_no_finding_and_is_not_looked_at_again(
    judge: Judge, tool: Tool, repo: Path
) -> None:
    for name in ("a", "sub/b"):
        os.utime(put(repo / "moved" / name), ns=(0, 0))
    time.sleep(0.03)  # until what was written can be told from what is written next (see ``ledger.seen``)
    judgement = judge(tool("Bash", "mv d moved", ""))
    assert judgement.decision == Allow()
    assert judgement.unscanned == ()
    assert len(seen.read("session").stamps) == 2


def test_a_named_pipe_in_a_folder_is_no_trap(judge: Judge, tool: Tool, repo: Path) -> None:
    (repo / "moved").mkdir()
    os.mkfifo(repo / "moved" / "pipe")
    judgement = judge(tool("Bash", "mv d moved", ""))
    assert [one.where for one in judgement.unscanned] == ["moved/pipe"]


@pytest.mark.parametrize("command", ["mv old.py sub", "mv old.py sub/", "git mv old.py sub/old.py"])
def test_what_is_moved_into_a_folder_held_what_it_held(
    judge: Judge, tool: Tool, repo: Path, key: str, command: str
) -> None:
    put(repo / "old.py", f"TOKEN = '{key}'\n")
    run(repo, "commit", "-q", "-a", "-m", "x")
    (repo / "old.py").rename(repo / "sub" / "old.py")
    decision = judge(tool("Bash", command, "")).decision
    assert isinstance(decision, Allow)
    assert "sub/old.py:1:10: " in str(decision.context)


def test_what_was_in_the_folder_already_is_no_fault_of_the_move(
    judge: Judge, tool: Tool, repo: Path, key: str
) -> None:
    put(repo / "sub" / "kept.py", f"TOKEN = '{key}'\n")
    run(repo, "commit", "-q", "-a", "-m", "x")
    (repo / "old.py").rename(repo / "sub" / "old.py")
    decision = judge(tool("Bash", "mv old.py sub", "")).decision
    assert isinstance(decision, Allow)
    assert "sub/kept.py:1:10: " in str(decision.context)


def test_a_new_secret_in_a_moved_file_is_new(
    judge: Judge, tool: Tool, reason: Said, repo: Path, key: str
) -> None:
    (repo / "old.py").unlink()
    put(repo / "sub" / "old.py", f"TOKEN = '{key}'\n")
    for command in ("mv old.py sub", "mv old.py sub/old.py", "mv missing sub"):
        assert "sub/old.py:1:10: " in reason(judge(tool("Bash", command, ""), remember=False))


def test_what_was_looked_at_and_cannot_be_noted_is_no_matter(
    judge: Judge, tool: Tool, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    put(repo / "moved" / "a")
    monkeypatch.setattr(seen, "note", full)
    assert judge(tool("Bash", "mv d moved", "")).decision == Allow()
    assert seen.read("session").stamps == frozenset()

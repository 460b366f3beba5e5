"""Folders that a call moves, copies or unpacks whole: every file in them was written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.guard import after_tool
from codex_guard.ledger import seen
from codex_guard.model import Allow, Judgement, ToolEvent
from support.repositories import put, repository, run
from support.trees import tree

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
below = after_tool._below


def test_a_file_is_itself(tmp_path: Path) -> None:
    put(tmp_path / "a")
    (tmp_path / "link").symlink_to("a")
    for path in ("a", "link", "missing", "a/b", str(tmp_path / "a"), ""):
        assert below(str(tmp_path), path) == ([path] if path else below(str(tmp_path), "."))


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

"""Codex's own folder, and what of it sessions leave behind."""

import os
from pathlib import Path

import pytest

from codex_guard.wire import home
from codex_guard.wire.home import Trace


def test_the_folder_is_codexs(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home.folder() == str(own_home / "codex")
    monkeypatch.delenv("CODEX_HOME")
    assert home.folder() == str(own_home / ".codex")
    monkeypatch.setenv("CODEX_HOME", "")
    assert home.folder() == str(own_home / ".codex")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"session_id": "1", "ts": 2, "text": "hello"}, "hello"),
        ({"conversation_id": "1", "text": "hello"}, "hello"),
        ({"session_id": "2", "conversation_id": "1", "text": "hello"}, None),
        ({"session_id": "1", "text": None}, None),
        ({"session_id": "1"}, None),
        (["1", "hello"], None),
        ("1", None),
    ],
)
def test_a_line_of_the_history(entry: object, said: str | None) -> None:
    assert home.prompt_of(entry, "1") == said


def test_what_sessions_leave_comes_with_the_history_first(tmp_path: Path) -> None:
    names = (
        "a.jsonl", "history.jsonl", "auth.json", "config.toml", "logs_2.sqlite", "x.log", "tmp/x.jsonl",
        "sessions/b/2.jsonl", "sessions/b/3.jsonl.zst", "sessions/a/9.json", "log/codex-tui.log", "log/x.txt",
    )  # fmt: skip
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "folder.jsonl").mkdir()
    assert [(one.name, one.kind) for one in home.traces(str(tmp_path))] == [
        ("history.jsonl", "lines"),
        ("a.jsonl", "lines"),
        ("logs_2.sqlite", "database"),
        ("x.log", "lines"),
        ("log/codex-tui.log", "lines"),
        ("sessions/a/9.json", "document"),
        ("sessions/b/2.jsonl", "lines"),
        ("sessions/b/3.jsonl.zst", "packed"),
    ]
    first = next(iter(home.traces(str(tmp_path))))
    assert first == Trace(str(tmp_path / "history.jsonl"), "history.jsonl", "lines")


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sessions").mkdir()

    monkeypatch.setattr(os, "walk", lambda path, onerror: onerror(OSError(13, "Permission denied", path)))
    with pytest.raises(OSError, match="Permission denied"):
        list(home.traces(str(tmp_path)))
    with pytest.raises(OSError, match="No such file"):
        list(home.traces(str(tmp_path / "nowhere")))

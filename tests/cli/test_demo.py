"""``codex-guard demo``: it shows the four hooks, and touches nothing of the user's."""

from pathlib import Path

import pytest

from codex_guard.cli import demo
from codex_guard.cli.main import main

Captured = pytest.CaptureFixture[str]


def test_replay(capsys: Captured, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/nobody-here")  # a home in a temporary folder is a temporary folder
    status = main(["demo", "--replay"])
    out = capsys.readouterr().out
    assert status == 0, out
    assert "4 of 4 as they should be" in out
    assert demo._KEY not in out
    assert list(own_home.rglob("*")) == []
    assert list(tmp_path.iterdir()) == []


def test_a_hook_that_fails_is_shown(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "hook_command", lambda *_: "exit 1")
    assert main(["demo", "--replay"]) == 1
    assert "FAIL A dangerous command is denied:" in capsys.readouterr().out

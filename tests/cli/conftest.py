"""What the tests of several verbs share."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

from codex_guard.secrets.rules.pack import Rule, read_pack


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repo"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    monkeypatch.chdir(folder)
    return folder


@cache
def read_once(path: Path, *, optional: bool = False) -> list[Rule]:
    return read_pack(path, optional=optional)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder without a policy, which the test works in, and read our own packs once."""
    monkeypatch.setattr("codex_guard.secrets.rules.pack.read_pack", read_once)
    monkeypatch.chdir(tmp_path)
    return tmp_path

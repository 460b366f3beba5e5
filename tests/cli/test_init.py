"""``codex-guard init``: the hooks put in, left alone, and taken out."""

import json
import os
import tomllib
from pathlib import Path

import pytest

from codex_guard.cli.main import main
from codex_guard.wire.command import EXECUTABLES, Install, hook_command

Captured = pytest.CaptureFixture[str]


def hooks(path: Path) -> dict[str, str]:
    document = json.loads(path.read_text(encoding="utf-8"))
    return {event: groups[0]["hooks"][0]["command"] for event, groups in document["hooks"].items()}


def test_repository(repo: Path, capsys: Captured) -> None:
    assert main(["init"]) == 0
    path = repo / ".codex" / "hooks.json"
    assert hooks(path) == {event: hook_command(event, Install()) for event in EXECUTABLES}
    assert f"Wrote {path}." in capsys.readouterr().out
    before = path.stat()
    assert main(["init"]) == 0
    assert f"Nothing to change in {path}." in capsys.readouterr().out
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_from_a_subfolder(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repo / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(repo / "a" / "b")
    assert main(["init"]) == 0
    assert (repo / ".codex" / "hooks.json").is_file()
    assert not (repo / "a" / "b" / ".codex").exists()


def test_not_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 2
    assert "`git init`" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_user(tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--user"]) == 0
    path = own_home / "codex" / "hooks.json"
    assert all(" -I -S /" in command for command in hooks(path).values())
    assert "PATH" not in capsys.readouterr().out
    monkeypatch.delenv("CODEX_HOME")
    assert main(["init", "--user"]) == 0
    assert hooks(own_home / ".codex" / "hooks.json") == hooks(path)


def test_uninstall(repo: Path, capsys: Captured) -> None:
    path = repo / ".codex" / "hooks.json"
    assert main(["init", "--uninstall"]) == 0
    assert f"No hooks of codex-guard are in {path}." in capsys.readouterr().out
    other = {"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}}
    path.parent.mkdir()
    path.write_text(json.dumps(other), encoding="utf-8")
    main(["init"])
    assert set(hooks(path)) == set(EXECUTABLES)
    assert main(["init", "--uninstall"]) == 0
    assert f"Removed codex-guard's hooks from {path}." in capsys.readouterr().out
    assert json.loads(path.read_text(encoding="utf-8")) == other


@pytest.mark.parametrize("only", [False, True])
def test_managed(capsys: Captured, *, only: bool) -> None:
    assert main(["init", "--managed", *(["--only-managed"] if only else [])]) == 0
    document = tomllib.loads(capsys.readouterr().out)
    assert document["features"] == {"hooks": True}
    assert document.get("allow_managed_hooks_only", False) == only
    assert set(EXECUTABLES) < set(document["hooks"])
    for event in EXECUTABLES:
        (group,) = document["hooks"][event]
        (hook,) = group["hooks"]
        assert isinstance(hook["timeout"], int)
        assert os.path.isabs(document["hooks"]["managed_dir"])


@pytest.mark.parametrize(
    "options", [["--only-managed"], ["--managed", "--uninstall"], ["--user", "--only-managed"]]
)
def test_what_does_not_go_together(repo: Path, capsys: Captured, options: list[str]) -> None:
    assert main(["init", *options]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (repo / ".codex").exists()


def test_missing_executables(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "git").symlink_to(
        git := next(
            path for folder in os.environ["PATH"].split(":") if (path := Path(folder) / "git").exists()
        )
    )
    assert git.exists()
    monkeypatch.setenv("PATH", str(bin_folder))
    assert main(["init"]) == 0
    assert "codex-guard-user-prompt-submit is not on your PATH" in capsys.readouterr().err
    for name in EXECUTABLES.values():
        (bin_folder / name).write_text("#!/bin/sh\n")
        (bin_folder / name).chmod(0o755)
    assert main(["init"]) == 0
    assert capsys.readouterr().err == ""


def test_a_file_that_codex_would_reject(repo: Path, capsys: Captured) -> None:
    path = repo / ".codex" / "hooks.json"
    path.parent.mkdir()
    path.write_text('{"$schema": "x"}', encoding="utf-8")
    assert main(["init"]) == 2
    assert "'$schema'" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == '{"$schema": "x"}'

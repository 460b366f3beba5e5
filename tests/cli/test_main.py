"""The command's edge: whatever goes wrong is one sentence and exit 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codex_guard.cli import scan
from codex_guard.cli.main import main
from codex_guard.errors import GuardError
from codex_guard.secrets.rules.template import expand

KEY = expand("ghp_{crc62:36}")
Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (GuardError("It broke."), "codex-guard: It broke.\n"),
        (KeyboardInterrupt(), "codex-guard: interrupted.\n"),
        (
            FileNotFoundError(2, "No such file or directory", "git"),
            "codex-guard: No such file or directory (git).\n",
        ),
        (OSError(28, "No space left on device"), "codex-guard: No space left on device.\n"),
        (ValueError(KEY), "codex-guard: an internal error (ValueError): please report it.\n"),
        (RecursionError(KEY), "codex-guard: an internal error (RecursionError): please report it.\n"),
    ],
)
def test_errors(monkeypatch: pytest.MonkeyPatch, capsys: Captured, error: BaseException, said: str) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(scan, "run", fail)
    assert main(["scan", "x"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(said)
    assert KEY not in err


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["scan"], ["scan", "--nothing", "x"], ["init", "x"]])
def test_usage(capsys: Captured, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage: codex-guard" in capsys.readouterr().err


def test_version(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("codex-guard ")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "codex_guard.cli.main", *arguments]


def test_broken_pipe(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(f"{KEY}\n" * 5_000)
    with subprocess.Popen(
        command("scan", str(tmp_path / "a")), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.readline()
        ran.stdout.close()
        assert ran.stderr.read() == b""
    assert ran.returncode == 2


def test_a_terminal_that_knows_ascii_only(tmp_path: Path) -> None:
    (tmp_path / "é").write_text(KEY)
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(
        command("scan", str(tmp_path)), capture_output=True, check=False, env=environment, text=True
    )
    assert ran.returncode == 1
    assert "\\xe9:1:1" in ran.stdout

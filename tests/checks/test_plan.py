"""Which checks apply, and how each is started."""

import os
import sys
from pathlib import Path

import pytest

from codex_guard.checks.plan import Check, plan
from codex_guard.checks.run import run

BOTH = ("ruff", "mypy")
OWN = os.path.dirname(sys.executable)
RUFF = ("check", "--output-format=json", "--no-fix", "--force-exclude", "--quiet")
MYPY = (
    "--no-error-summary", "--no-color-output", "--no-pretty", "--hide-error-context",
    "--show-column-numbers", "--show-error-codes",
)  # fmt: skip


def tool(folder: Path, name: str, mode: int = 0o755) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(mode)
    return str(folder / name)


def started(root: Path, files: tuple[str, ...] = ("a.py",)) -> tuple[str, ...]:
    return tuple(check.command[0] for check in plan(str(root), files, BOTH))


def test_ours_are_used_where_the_repository_has_none(tmp_path: Path) -> None:
    root = str(tmp_path)
    assert plan(root, ("a.py", "sub/b.pyi"), BOTH) == (
        Check("ruff", root, (os.path.join(OWN, "ruff"), *RUFF, "./a.py", "./sub/b.pyi")),
        Check(
            "mypy",
            root,
            (sys.executable, "-I", "-m", "mypy", *MYPY, "--ignore-missing-imports", "./a.py", "./sub/b.pyi"),
        ),
    )


@pytest.mark.parametrize("name", [".venv", "venv"])
def test_the_repositorys_own_come_first(tmp_path: Path, name: str) -> None:
    expected = tuple(tool(tmp_path / name / "bin", each) for each in BOTH)
    assert started(tmp_path) == expected


def test_the_activated_environment_comes_before_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(tmp_path / ".venv" / "bin", "ruff")
    activated = tool(tmp_path / "elsewhere" / "bin", "ruff")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "elsewhere"))
    assert started(tmp_path) == (activated, sys.executable)


def test_a_relative_environment_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(tmp_path / "env" / "bin", "ruff")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIRTUAL_ENV", "env")
    assert started(tmp_path)[0] == os.path.join(OWN, "ruff")


def test_each_tool_is_found_by_itself(tmp_path: Path) -> None:
    mypy = tool(tmp_path / ".venv" / "bin", "mypy")
    assert started(tmp_path) == (os.path.join(OWN, "ruff"), mypy)


def test_what_cannot_be_executed_is_no_tool(tmp_path: Path) -> None:
    tool(tmp_path / ".venv" / "bin", "ruff", mode=0o644)
    (tmp_path / ".venv" / "bin" / "mypy").mkdir()
    assert started(tmp_path) == (os.path.join(OWN, "ruff"), sys.executable)


def test_a_tool_that_is_nowhere_is_a_problem_and_not_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    for check, name in zip(plan(str(tmp_path), ("a.py",), BOTH), BOTH, strict=True):
        assert (check.tool, check.command) == (name, ())
        assert check.problem is not None
        assert check.problem.startswith(f"{name} is not installed")


NAMED = {
    "no files": ((), None),
    "no Python": (("a.txt", "b.pyc", "py", "Makefile", "c.py.orig", "d.PY"), None),
    "among others": (("a.txt", "b.py"), ("./b.py",)),
    "with a dash": (("-c.py", "--fix.py"), ("./-c.py", "./--fix.py")),
    "strange": (("a b.py", "é\n.py", ".py", "@x.py"), ("./a b.py", "./é\n.py", "./.py", "./@x.py")),
}


@pytest.mark.parametrize("case", NAMED)
def test_the_python_files_are_named(tmp_path: Path, case: str) -> None:
    files, expected = NAMED[case]
    checks = plan(str(tmp_path), files, BOTH)
    assert len(checks) == (0 if expected is None else 2)
    for check in checks:
        assert expected is not None
        assert check.command[-len(expected) :] == expected


@pytest.mark.parametrize("tools", [(), ("ruff",), ("mypy",), ("mypy", "ruff")])
def test_only_the_tools_asked_for_are_planned(tmp_path: Path, tools: tuple[str, ...]) -> None:
    assert tuple(check.tool for check in plan(str(tmp_path), ("a.py",), tools)) == tools


CONFIGURED = {
    "nothing": (None, "", True),
    "mypy.ini": ("mypy.ini", "", False),
    ".mypy.ini": (".mypy.ini", "", False),
    "pyproject.toml": ("pyproject.toml", "[project]\n[tool.mypy]\nstrict = true\n", False),
    "pyproject.toml without it": ("pyproject.toml", "[tool.ruff]\n", True),
    "setup.cfg": ("setup.cfg", "[mypy]\n", False),
    "setup.cfg without it": ("setup.cfg", "[flake8]\n", True),
    "what is not UTF-8": ("setup.cfg", "\udcff[mypy]\n", False),
}


@pytest.mark.parametrize("case", CONFIGURED)
def test_a_repository_that_configures_mypy_is_taken_at_its_word(tmp_path: Path, case: str) -> None:
    name, text, lenient = CONFIGURED[case]
    if name is not None:
        (tmp_path / name).write_text(text, errors="surrogateescape")
    [check] = plan(str(tmp_path), ("a.py",), ("mypy",))
    assert ("--ignore-missing-imports" in check.command) is lenient


def test_what_is_not_trusted_executes_nothing_of_the_repositorys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in BOTH:
        tool(tmp_path / ".venv" / "bin", name)
        tool(tmp_path / "active" / "bin", name)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = evil.py\n")
    (tmp_path / "evil.py").write_text("raise SystemExit('the plugin ran')\n")
    (tmp_path / "a.py").write_text("X: int = 'text'\n")
    ruff, mypy = plan(str(tmp_path), ("a.py",), BOTH, trusted=False)
    assert ruff.command[0] == os.path.join(OWN, "ruff")
    assert mypy.command[:4] == (sys.executable, "-I", "-m", "mypy")
    [result] = run((mypy,), 120)
    assert [failure.code for failure in result.failures] == ["assignment"]

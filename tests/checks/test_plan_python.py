"""Python's checks: ruff always, and the type checkers that a project configures."""

import hashlib
import os
import sys
from pathlib import Path

import pytest

from codex_guard.checks import executables
from codex_guard.checks.plan import Check, plan
from codex_guard.checks.run import run
from support.trees import bare, grow, program

BOTH = ("ruff", "mypy")
OWN = os.path.dirname(sys.executable)
RUFF = ("check", "--output-format=json", "--no-fix", "--force-exclude", "--quiet")
MYPY = (
    "--no-error-summary", "--no-color-output", "--no-pretty", "--hide-error-context",
    "--show-column-numbers", "--show-error-codes",
)  # fmt: skip


@pytest.fixture(autouse=True)
def machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    return bare(tmp_path_factory.mktemp("machine"), monkeypatch)


def started(root: Path, files: tuple[str, ...] = ("a.py",)) -> tuple[str, ...]:
    return tuple(check.command[0] for check in plan(str(root), files, BOTH))


@pytest.mark.parametrize("tools", [BOTH, None])
def test_ours_are_used_where_the_repository_has_none(tmp_path: Path, tools: tuple[str, ...] | None) -> None:
    root, files = str(tmp_path), ("a.py", "sub/b.pyi")
    named = ("./a.py", "./sub/b.pyi")
    digest = hashlib.sha256(root.encode()).hexdigest()[:16]
    cache = f"--cache-dir={executables.cache()}/mypy/{digest}"
    mypy = (sys.executable, "-I", "-m", "mypy", *MYPY, "--ignore-missing-imports", cache, *named)
    assert plan(root, files, tools) == (
        Check("ruff", root, (os.path.join(OWN, "ruff"), *RUFF, *named), parser="ruff-json", files=files),
        Check("mypy", root, mypy, parser="mypy", files=files, statuses=(0, 1, 2)),
    )


@pytest.mark.parametrize("name", [".venv", "venv"])
def test_the_repositorys_own_come_first(tmp_path: Path, name: str) -> None:
    expected = tuple(program(tmp_path / name / "bin" / each) for each in BOTH)
    assert started(tmp_path) == expected


def test_the_activated_environment_comes_before_the_one_at_the_top(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / ".venv" / "bin" / "ruff")
    activated = program(tmp_path / "elsewhere" / "bin" / "ruff")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "elsewhere"))
    assert started(tmp_path) == (activated, sys.executable)


def test_the_environment_of_a_project_below_comes_before_the_activated_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(tmp_path, {"a/pyproject.toml": "", "b/pyproject.toml": ""})
    below = program(tmp_path / "a" / ".venv" / "bin" / "ruff")
    activated = program(tmp_path / "elsewhere" / "bin" / "ruff")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "elsewhere"))
    checks = plan(str(tmp_path), ("a/x.py", "b/x.py"), ("ruff",))
    assert [check.command[0] for check in checks] == [below, activated]


def test_a_project_below_uses_the_environment_at_the_top(tmp_path: Path) -> None:
    grow(tmp_path, {"a/b/pyproject.toml": ""})
    expected = tuple(program(tmp_path / ".venv" / "bin" / each) for each in BOTH)
    assert started(tmp_path, ("a/b/x.py",)) == expected


def test_a_relative_environment_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "env" / "bin" / "ruff")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIRTUAL_ENV", "env")
    assert started(tmp_path)[0] == os.path.join(OWN, "ruff")


def test_each_tool_is_found_by_itself(tmp_path: Path) -> None:
    mypy = program(tmp_path / ".venv" / "bin" / "mypy")
    assert started(tmp_path) == (os.path.join(OWN, "ruff"), mypy)


def test_what_cannot_be_executed_is_no_tool(tmp_path: Path) -> None:
    program(tmp_path / ".venv" / "bin" / "ruff", mode=0o644)
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
    "too many": (tuple(f"{number}.py" for number in range(501)), (".",)),
}


@pytest.mark.parametrize("case", NAMED)
def test_the_python_files_are_named(tmp_path: Path, case: str) -> None:
    files, expected = NAMED[case]
    checks = plan(str(tmp_path), files, BOTH)
    assert len(checks) == (0 if expected is None else 2)
    for check in checks:
        assert expected is not None
        assert check.command[-len(expected) :] == expected
        assert check.scope == "changed"


# The file that configures a type checker, what is in it, and whether it does.
CONFIGURED = {
    "nothing": ("README", "", None),
    "mypy.ini": ("mypy.ini", "", "mypy"),
    ".mypy.ini": (".mypy.ini", "", "mypy"),
    "mypy's table": ("pyproject.toml", "[project]\n[tool.mypy]\nstrict = true\n", "mypy"),
    "mypy's overrides": ("pyproject.toml", "[[tool.mypy.overrides]]\nmodule = 'x'\n", "mypy"),
    "no table": ("pyproject.toml", "[tool.ruff]\n# [tool.mypy]\n", None),
    "no TOML": ("pyproject.toml", "[tool.mypy]\n[tool.\n", None),
    "no tables": ("pyproject.toml", "tool = 'mypy'\n", None),
    "setup.cfg": ("setup.cfg", "[mypy]\n", "mypy"),
    "setup.cfg without it": ("setup.cfg", "[flake8]\n", None),
    "what is not UTF-8": ("setup.cfg", "\udcff[mypy]\n", "mypy"),
    "pyright's file": ("pyrightconfig.json", "{}", "pyright"),
    "pyright's table": ("pyproject.toml", "[tool.pyright]\n", "pyright"),
    "basedpyright's table": ("pyproject.toml", "[tool.basedpyright]\n[tool.pyright]\n", "basedpyright"),
    "ty's file": ("ty.toml", "", "ty"),
    "ty's table": ("pyproject.toml", "[tool.ty.rules]\n", "ty"),
    "pyrefly's file": ("pyrefly.toml", "", "pyrefly"),
    "pyrefly's table": ("pyproject.toml", "[tool.pyrefly]\n", "pyrefly"),
}


@pytest.mark.parametrize("case", CONFIGURED)
def test_the_configured_type_checker_is_planned(tmp_path: Path, machine: Path, case: str) -> None:
    name, text, tool = CONFIGURED[case]
    for each in ("pyright", "basedpyright", "ty", "pyrefly"):
        program(machine / each)
    grow(tmp_path, {name: text})
    _, check = plan(str(tmp_path), ("a.py",), None)
    assert check.tool == (tool or "mypy")
    # What a repository configures is taken at its word.
    assert ("--ignore-missing-imports" in check.command) is (tool is None)


@pytest.mark.parametrize("case", CONFIGURED)
def test_mypy_by_its_name_is_planned_whatever_is_configured(tmp_path: Path, case: str) -> None:
    name, text, tool = CONFIGURED[case]
    grow(tmp_path, {name: text})
    [check] = plan(str(tmp_path), ("a.py",), ("mypy",))
    assert ("--ignore-missing-imports" in check.command) is (tool != "mypy")


WHOLE = {
    "pyright": (("--outputjson",), "pyright-json"),
    "basedpyright": (("--outputjson",), "pyright-json"),
    "ty": (("check", "--output-format=gitlab"), "ty"),
    "pyrefly": (("check", "--output-format=json"), "pyrefly"),
}


@pytest.mark.parametrize("tool", WHOLE)
def test_the_others_look_at_the_whole_project(tmp_path: Path, machine: Path, tool: str) -> None:
    options, parser = WHOLE[tool]
    grow(tmp_path, {"a/pyproject.toml": f"[tool.{tool}]\n"})
    start = program(machine / tool)
    expected = Check(
        tool, str(tmp_path / "a"), (start, *options), parser=parser, files=("b/c.py",), scope="project"
    )
    assert plan(str(tmp_path), ("a/b/c.py",), None)[1:] == (expected,)
    assert plan(str(tmp_path), ("a/b/c.py",), (tool,)) == (expected,)


def test_pyright_can_come_from_npm_and_basedpyright_stands_in_for_it(tmp_path: Path) -> None:
    grow(tmp_path, {"a/pyrightconfig.json": "{}"})
    based = program(tmp_path / ".venv" / "bin" / "basedpyright")
    [_, check] = plan(str(tmp_path), ("a/x.py",), None)
    assert (check.tool, check.command[0]) == ("basedpyright", based)
    [check] = plan(str(tmp_path), ("a/x.py",), ("pyright",))
    assert check.command == ()
    npm = program(tmp_path / "node_modules" / ".bin" / "pyright")
    [_, check] = plan(str(tmp_path), ("a/x.py",), None)
    assert (check.tool, check.command[0]) == ("pyright", npm)


def test_a_type_checker_that_is_not_installed(tmp_path: Path) -> None:
    grow(tmp_path, {"a/pyproject.toml": "[tool.ty]\n"})
    _, check = plan(str(tmp_path), ("a/x.py",), None)
    assert str(check.problem).startswith("ty is configured in a/pyproject.toml, but not installed in a:")
    [check] = plan(str(tmp_path), ("x.py",), ("ty",))
    assert str(check.problem).startswith("ty is not installed in the repository:")


def test_a_type_checker_finds_the_projects_environment(
    tmp_path: Path, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(tmp_path, {"ty.toml": ""})
    program(tmp_path / "venv" / "bin" / "python")
    program(machine / "ty")
    monkeypatch.setenv("PATH", f"relative::{machine}")
    _, check = plan(str(tmp_path), ("a.py",), None)
    venv = str(tmp_path / "venv")
    assert check.environment == (("PATH", f"{venv}/bin:{machine}"), ("VIRTUAL_ENV", venv))


# Which environment has mypy, what configures it, and whether it is told of the project's interpreter.
INTERPRETERS = {
    "ours": (None, "", True),
    "the project's": (".venv", "", False),
    "another environment's": ("venv", "", True),
    "configured": (None, "[mypy]\npython_executable = python9\n", False),
}


@pytest.mark.parametrize("case", INTERPRETERS)
def test_mypy_is_told_where_the_projects_packages_are(tmp_path: Path, case: str) -> None:
    mypy, text, told = INTERPRETERS[case]
    grow(tmp_path, {"mypy.ini": text})
    python = program(tmp_path / ".venv" / "bin" / "python")
    if mypy:
        program(tmp_path / mypy / "bin" / "mypy")
    [check] = plan(str(tmp_path), ("a.py",), ("mypy",))
    assert (f"--python-executable={python}" in check.command) is told
    [check] = plan(str(tmp_path), ("a.py",), ("mypy",), trusted=False)
    assert not any(word.startswith("--python-executable") for word in check.command)


TARGETS = {
    "mypy.ini": ("[mypy]\nfiles = src\n", "project"),
    ".mypy.ini": ("[mypy]\npackages = a, b\n", "project"),
    "setup.cfg": ("[mypy]\nmodules = a\n", "project"),
    "pyproject.toml": ('[tool.mypy]\nfiles = ["src"]\n', "project"),
    "x/mypy.ini": ("[mypy]\nstrict = True\n[mypy-a.*]\nfiles = x\n", "changed"),
    "y/mypy.ini": ("[mypy\nfiles = x\n", "changed"),
    "z/pyproject.toml": ("[tool]\nmypy = 3\n", "changed"),
}


@pytest.mark.parametrize("name", TARGETS)
def test_mypy_looks_at_what_it_is_configured_for(tmp_path: Path, name: str) -> None:
    text, scope = TARGETS[name]
    grow(tmp_path, {name: text})
    folder = os.path.dirname(name)
    for files, trusted in ((("a.py",), True), (("a.py",), False)):
        [check] = plan(str(tmp_path / folder), files, ("mypy",), trusted=trusted)
        assert check.files == files
        assert check.scope == (scope if trusted else "changed")
        assert ("./a.py" in check.command) is (check.scope == "changed")


def test_each_file_goes_to_its_nearest_project(tmp_path: Path) -> None:
    grow(tmp_path, {"a/setup.py": "", "a/b/setup.cfg": "", "c/ruff.toml": "", "d/mypy.ini": ""})
    files = ("a/1.py", "a/b/2.py", "a/b/x/3.py", "c/4.py", "5.py", "d/6.py")
    checks = plan(str(tmp_path), files, ("ruff",))
    assert [(os.path.relpath(check.root, tmp_path), check.files) for check in checks] == [
        ("a", ("1.py",)),
        ("a/b", ("2.py", "x/3.py")),
        (".", ("c/4.py", "5.py")),
        ("d", ("6.py",)),
    ]


def test_a_type_checker_runs_where_it_is_configured(tmp_path: Path, machine: Path) -> None:
    """The nearest folder that configures one decides; a name looks for that one's configuration."""
    for each in ("ty", "pyrefly"):
        program(machine / each)
    grow(
        tmp_path,
        {
            "pyproject.toml": "[tool.ty]\n[tool.pyrefly]\n",
            "a/setup.py": "",
            "b/setup.py": "",
            "b/mypy.ini": "",
        },
    )
    files = ("a/1.py", "b/2.py", "3.py")

    def found(tools: tuple[str, ...] | None) -> list[tuple[str, str, tuple[str, ...]]]:
        checks = plan(str(tmp_path), files, tools)
        return [(c.tool, os.path.relpath(c.root, tmp_path), c.files) for c in checks if c.tool != "ruff"]

    assert found(None) == [
        ("mypy", "b", ("2.py",)),
        ("ty", ".", ("a/1.py", "3.py")),
        ("pyrefly", ".", ("a/1.py", "3.py")),
    ]
    assert found(("ty", "mypy")) == [
        ("ty", ".", ("a/1.py", "b/2.py", "3.py")),
        ("mypy", "a", ("1.py",)),
        ("mypy", "b", ("2.py",)),
        ("mypy", ".", ("3.py",)),
    ]


def test_our_mypy_finds_what_the_projects_environment_has(tmp_path: Path) -> None:
    package = (
        tmp_path / ".venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages" / "dependency"
    )
    grow(package, {"__init__.py": "def twice(number: int) -> int: ...\n", "py.typed": ""})
    grow(tmp_path, {".venv/pyvenv.cfg": f"home = {sys.base_prefix}/bin\n", "mypy.ini": ""})
    (tmp_path / ".venv" / "bin").mkdir()
    (tmp_path / ".venv" / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
    (tmp_path / "a.py").write_text("from dependency import twice\n\ntwice('x')\n")
    [result] = run(plan(str(tmp_path), ("a.py",), ("mypy",)), 120)
    assert [(failure.line, failure.code) for failure in result.failures] == [(3, "arg-type")]

"""Checks that policies bring: which files call for them, what is started, and what is not."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.checks import plan
from codex_guard.checks.check import Check
from codex_guard.checks.own import Command, checks
from codex_guard.checks.run import run
from codex_guard.repo import gitignore
from support.trees import bare, grow, program

FILES = ("a.py", "src/b.py", "src/gen/c.py", "web/d.ts")
LICENCES = Command("licences", ("lint", "{files}"), file="/etc/codex-guard/policy.toml", line=7)
SHARED = LICENCES.replace(file="/work/repo/.codex-guard.toml", shared=True)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return bare(tmp_path, monkeypatch)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return grow(tmp_path / "top", dict.fromkeys(FILES, ""))


def planned(
    top: Path, command: Command, *, trusted: bool = True, files: tuple[str, ...] = FILES
) -> list[Check]:
    return list(checks(str(top), files, (command,), trusted=trusted))


def test_a_check_is_all_that_its_entry_says(machine: Path, top: Path) -> None:
    start = program(machine / "lint")
    command = LICENCES.replace(
        command=("lint", "-q", "{files}", "--"), files=("src/*.py",), scope="project", seconds=9,
        parser="regex", pattern="(?P<path>.+)", statuses=(0, 3), required=True,
    )  # fmt: skip
    assert planned(top, command) == [
        Check(
            "licences", str(top), (start, "-q", "./src/b.py", "--"), None, "regex", "(?P<path>.+)",
            ("src/b.py",), "project", (), (0, 3), seconds=9, required=True,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("patterns", "matching"),
    [
        ((), FILES),
        (("*.py",), ("a.py", "src/b.py", "src/gen/c.py")),
        (("/*.py",), ("a.py",)),
        (("src/",), ("src/b.py", "src/gen/c.py")),
        (("src/**", "!src/gen/**"), ("src/b.py",)),
        (("src/**", "!src/gen/"), ("src/b.py", "src/gen/c.py")),  # which names the folder alone
        (("**/gen/*.py", "*.ts"), ("src/gen/c.py", "web/d.ts")),
        (("*.go",), ()),
        (("!*.py",), ()),
        (("[[x].py",), ()),
    ],
)
def test_patterns_are_those_of_gitignore(
    machine: Path, top: Path, patterns: tuple[str, ...], matching: tuple[str, ...]
) -> None:
    start = program(machine / "lint")
    found = planned(top, LICENCES.replace(files=patterns))
    assert [check.files for check in found] == ([matching] if matching else [])
    assert [check.command for check in found] == [
        (start, *(f"./{path}" for path in check.files)) for check in found
    ]


@pytest.mark.parametrize("pattern", ["!", "\\", "a\\", "[z-a]"])
def test_what_is_no_pattern_is_a_problem(machine: Path, top: Path, pattern: str) -> None:
    program(machine / "lint")
    [check] = planned(top, LICENCES.replace(files=("*.py", pattern)))
    assert check.command == ()
    assert str(check.problem).startswith("licences was not run: its files are no gitignore patterns (")
    assert str(check.problem).endswith("): correct /etc/codex-guard/policy.toml:7.")
    assert planned(top, LICENCES.replace(files=(pattern,)), files=()) == []


def test_a_command_without_files_runs_once(machine: Path, top: Path) -> None:
    start = program(machine / "make")
    many = tuple(f"{number}.py" for number in range(2_000))
    [check] = planned(top, LICENCES.replace(command=("make", "lint", "{file}")), files=many)
    assert (check.command, check.files) == ((start, "lint", "{file}"), many)


def test_many_files_come_in_parts(machine: Path, top: Path) -> None:
    start = program(machine / "lint")
    many = tuple(f"-{number}.py" for number in range(1_001))
    found = planned(top, LICENCES.replace(command=("lint", "{files}", "--end")), files=many)
    assert [path for check in found for path in check.files] == list(many)
    for check in found:
        assert check.command == (start, *(f"./{path}" for path in check.files), "--end")
        assert len(check.files) <= 500


def test_any_file_name_is_an_argument(machine: Path, top: Path) -> None:
    start = program(machine / "lint")
    files = ("-rf", "a b", "{files}", "new\nline", "\udcff.py", "@x")
    [check] = planned(top, LICENCES.replace(files=("*",)), files=files)
    assert check.command == (start, *(f"./{path}" for path in files))


def test_where_programs_are_found(machine: Path, top: Path, tmp_path: Path) -> None:
    places = [
        program(top / ".venv" / "bin" / "lint"),
        program(top / "venv" / "bin" / "lint"),
        program(top / "node_modules" / ".bin" / "lint"),
        program(machine / "lint"),
    ]
    for place in places:
        [check] = planned(top, LICENCES)
        assert check.command[0] == place
        os.unlink(place)
    [check] = planned(top, LICENCES)
    assert check.problem == (
        "licences was not run: its program lint is not installed, neither in the repository nor on PATH:"
        " install it, or change /etc/codex-guard/policy.toml:7."
    )


def test_a_relative_folder_of_path_is_none(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(top / "bin" / "lint")
    monkeypatch.chdir(top)
    monkeypatch.setenv("PATH", f"bin{os.pathsep}{os.pathsep}.")
    assert [check.command for check in planned(top, LICENCES)] == [()]


@pytest.mark.parametrize("named", ["tools/lint", "./tools/lint", "ABSOLUTE", "~/tools/lint"])
def test_a_program_may_be_a_path(
    machine: Path, top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    program(machine / "tools" / "lint")
    folder = {"A": tmp_path / "opt", "~": tmp_path / "home"}.get(named[0], top)
    start = folder / "tools" / "lint"
    command = LICENCES.replace(command=(named.replace("ABSOLUTE", str(start)),))
    [check] = planned(top, command)
    assert "is not there, or cannot be executed: add it, or change" in str(check.problem)
    program(start, 0o644)
    assert planned(top, command) == [check]
    program(start)
    assert [check.command for check in planned(top, command)] == [(str(start),)]


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (("jq",), None),
        (("jq", "data/x.json", "./data", "data/"), None),
        (("jq", "yq"), "it needs yq, which is not installed: add it"),
        (("data/y.json",), "it needs data/y.json, which is not there: add it"),
        (("./x.json", "yq"), "it needs ./x.json, which is not there: add it"),
    ],
)
def test_what_a_command_needs(machine: Path, top: Path, needs: tuple[str, ...], said: str | None) -> None:
    program(machine / "lint")
    program(top / ".venv" / "bin" / "jq")
    grow(top, {"data/x.json": ""})
    [check] = planned(top, LICENCES.replace(needs=needs))
    whole = f"licences was not run: {said}, or change /etc/codex-guard/policy.toml:7."
    assert check.problem == (None if said is None else whole)
    assert bool(check.command) == (said is None)


UNSAFE = (
    "can execute what the repository holds, and there is no sandbox of Codex's to run it in: install Codex"
)


def test_without_trust_a_repositorys_command_does_not_run(machine: Path, top: Path) -> None:
    start = program(machine / "lint")
    assert [check.command[0] for check in planned(top, SHARED)] == [start]
    [check] = planned(top, SHARED.replace(needs=("nothing",)), trusted=False)
    assert check.command == ()
    assert check.problem == (
        f"licences was not run: it {UNSAFE} where this hook finds it, or remove .codex-guard.toml:7."
    )
    [check] = planned(top, LICENCES, trusted=False)
    assert check.command[0] == start
    assert check.problem is None


def test_without_trust_nothing_in_the_repository_is_started(
    machine: Path, top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [top / folder / "lint" for folder in (".venv/bin", "venv/bin", "node_modules/.bin", "bin")]
    for place in places:
        program(place)
    linked = tmp_path / "linked"
    linked.symlink_to(top / "bin")
    monkeypatch.setenv("PATH", f"{top}/bin{os.pathsep}{linked}{os.pathsep}{machine}")
    [check] = planned(top, LICENCES, trusted=False)
    assert "its program lint is not installed, not on PATH outside the repository" in str(check.problem)
    for named in (str(top / "bin" / "lint"), "bin/lint", str(linked / "lint")):
        [check] = planned(top, LICENCES.replace(command=(named,)), trusted=False)
        assert check.command == ()
        assert UNSAFE in str(check.problem)
    start = program(machine / "lint")
    assert [check.command[0] for check in planned(top, LICENCES, trusted=False)] == [start]


def test_a_folder_beside_the_repository_is_not_in_it(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = program(Path(f"{top}-tools") / "lint")
    monkeypatch.setenv("PATH", os.path.dirname(start))
    assert [check.command[0] for check in planned(top, LICENCES, trusted=False)] == [start]


def test_names_are_shown_as_a_sentence_can_hold_them(machine: Path, top: Path) -> None:
    [check] = planned(top, LICENCES.replace(file="/etc/a\nb.toml"))
    assert str(check.problem).isprintable()


def test_they_come_behind_the_plan_whatever_tools_it_names(machine: Path, top: Path) -> None:
    start = program(machine / "lint")
    files = ("a.py", "vendor/x.py")
    for tools in (("ruff",), ()):
        found = plan.plan(str(top), files, tools, own=(LICENCES, LICENCES.replace(name="again")))
        assert [check.tool for check in found] == [*tools, "licences", "again"]
        assert [check.command for check in found[-2:]] == [(start, "./a.py")] * 2
    assert plan.plan(str(top), ("vendor/x.py",), None, own=(LICENCES,)) == ()
    [check] = plan.plan(str(top), files, (), trusted=False, own=(SHARED,))
    assert check.problem is not None


def test_pathspec_is_found_without_site(machine: Path, top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(machine / "lint")
    real = __import__
    tried: list[str] = []

    def once(name: str, *rest: object) -> object:
        if name == "pathspec" and not tried:
            tried.append(name)
            raise ImportError(name)
        return real(name, *rest)  # type: ignore[arg-type]

    gitignore.matcher.cache_clear()
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr("builtins.__import__", once)
    assert [check.files for check in planned(top, LICENCES.replace(files=("*.ts",)))] == [("web/d.ts",)]
    assert tried
    assert sys.path[-1].endswith("site-packages")


def test_a_command_runs_and_its_failures_are_read(machine: Path, top: Path) -> None:
    start = machine / "lint"
    program(start)
    start.write_text('#!/bin/sh\npwd\nfor file; do echo "$file: bad: no licence"; done\nexit 3\n')
    command = LICENCES.replace(
        files=("*.py",),
        parser="regex",
        pattern="(?P<path>.+): (?P<code>bad): (?P<message>.+)",
        statuses=(0, 3),
    )
    [result] = run(tuple(planned(top, command)), 60)
    assert result.problem is None
    assert [(failure.tool, failure.path, failure.code, failure.message) for failure in result.failures] == [
        ("licences", path, "bad", "no licence") for path in FILES[:3]
    ]


NAMES = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=8).filter(
    lambda n: n not in {".", ".."}
)


@given(
    patterns=st.lists(st.text(max_size=12), max_size=4),
    files=st.lists(st.lists(NAMES, min_size=1, max_size=3).map("/".join), max_size=4, unique=True),
    trusted=st.booleans(),
)
def test_whatever_the_patterns_each_file_is_checked_once(
    patterns: list[str], files: list[str], *, trusted: bool
) -> None:
    command = LICENCES.replace(command=("/bin/sh", "{files}"), files=tuple(patterns))
    found = list(checks("/nonexistent/top", tuple(files), (command,), trusted=trusted))
    if all(check.problem is None for check in found):
        given_files = [path for check in found for path in check.files]
        assert given_files == [path for path in files if path in given_files]
        assert [word for check in found for word in check.command[1:]] == [
            f"./{path}" for path in given_files
        ]
    else:
        [check] = found
        assert "are no gitignore patterns" in str(check.problem)

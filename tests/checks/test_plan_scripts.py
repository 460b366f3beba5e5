"""shellcheck: for what is a script by its first line, or by its name."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codex_guard.checks import scripts
from codex_guard.checks.plan import Check, plan
from codex_guard.checks.projects import Repository
from support.trees import bare, grow, program


@pytest.fixture(autouse=True)
def machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    return bare(tmp_path_factory.mktemp("machine"), monkeypatch)


SCRIPTS = {
    ("a.sh", ""): True,
    ("a.bash", "echo\n"): True,
    ("-a.sh", "#!/bin/sh"): True,
    ("a.sh", "#!/bin/zsh\n"): False,
    ("a.sh", "#!/usr/bin/env fish\n"): False,
    ("a.sh", "#!\n"): False,
    ("a", "#!/bin/bash\n"): True,
    ("a", "#! /bin/sh -eu\n"): True,
    ("a", "#!/usr/bin/env bash"): True,
    ("a", "#!/usr/bin/env -S A=b dash -e\n"): True,
    ("a", "#!/usr/bin/env\n"): False,
    ("a", "#!/usr/bin/python3\n"): False,
    ("a", "#!/bin/shx\n"): False,
    ("a", " #!/bin/sh\n"): False,
    ("a", "\n#!/bin/sh\n"): False,
    ("a", "#!" + " " * 200 + "/bin/sh\n"): False,
    ("a", "#!/bin/\udcffsh\n"): False,
    ("a", ""): False,
    ("a.py", "#!/bin/sh\n"): False,
    (".profile", "#!/bin/sh\n"): False,
    ("a.SH", "#!/bin/sh\n"): False,
}


@pytest.mark.parametrize(("name", "text"), SCRIPTS)
def test_what_is_a_script(tmp_path: Path, machine: Path, name: str, text: str) -> None:
    start = program(machine / "shellcheck")
    grow(tmp_path, {f"x/{name}": text})
    expected = Check(
        "shellcheck",
        str(tmp_path),
        (start, "--format=json1", "--severity=warning", f"./x/{name}"),
        parser="shellcheck-json",
        files=(f"x/{name}",),
    )
    assert plan(str(tmp_path), (f"x/{name}",), ("shellcheck",)) == (
        (expected,) if SCRIPTS[name, text] else ()
    )


@given(head=st.binary(max_size=150))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_first_line_is_one_or_not(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "a").write_bytes(b"#!" + head)
    said = scripts._is_script(Repository(str(tmp_path)), "a")
    assert said is (said and any(shell.encode() in head for shell in scripts._SHELLS))


def test_a_pipe_is_no_script(tmp_path: Path, machine: Path) -> None:
    program(machine / "shellcheck")
    os.mkfifo(tmp_path / "a")
    assert plan(str(tmp_path), ("a",), None) == ()


def test_where_it_is_not_installed_only_who_asked_is_told(tmp_path: Path) -> None:
    grow(tmp_path, {"a.sh": "", "b/a.sh": "", "b/.shellcheckrc": ""})
    assert plan(str(tmp_path), ("a.sh",), None) == ()
    [check] = plan(str(tmp_path), ("a.sh",), ("shellcheck",))
    assert str(check.problem).startswith("shellcheck is not installed: it was not run.")
    [check] = plan(str(tmp_path), ("a.sh", "b/a.sh"), None)
    assert str(check.problem).startswith("shellcheck is configured in b/.shellcheckrc, but not installed:")


def test_who_configures_it_is_told_of_style_too(tmp_path: Path, machine: Path) -> None:
    start = program(machine / "shellcheck")
    grow(tmp_path, {"b/a.sh": "", ".shellcheckrc": ""})
    [check] = plan(str(tmp_path), ("b/a.sh",), None)
    assert check.command == (start, "--format=json1", "./b/a.sh")


def test_very_many_scripts_are_several_checks(tmp_path: Path, machine: Path) -> None:
    program(machine / "shellcheck")
    files = tuple(f"{number}.sh" for number in range(501))
    checks = plan(str(tmp_path), files, None)
    assert [path for check in checks for path in check.files] == list(files)
    assert all(check.command[3:] == tuple(f"./{path}" for path in check.files) for check in checks)
    assert len(checks) == 2

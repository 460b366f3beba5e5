"""Rust's checks: clippy or cargo check, for a workspace."""

import os
from pathlib import Path

import pytest

from codex_guard.checks.plan import Check, plan
from support.trees import bare, grow, program

OPTIONS = ("--workspace", "--all-targets", "--keep-going", "--message-format=json", "--offline", "--quiet")


@pytest.fixture(autouse=True)
def machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    return bare(tmp_path_factory.mktemp("machine"), monkeypatch)


def test_clippy_looks_at_the_workspace(tmp_path: Path, machine: Path) -> None:
    grow(tmp_path, {"a/Cargo.toml": "[package]\n"})
    cargo, _ = program(machine / "cargo"), program(machine / "cargo-clippy")
    files = ("src/lib.rs", "tests/t.rs")
    assert plan(str(tmp_path), ("a/src/lib.rs", "a/tests/t.rs", "outside.rs"), None) == (
        Check(
            "cargo clippy", str(tmp_path / "a"), (cargo, "clippy", *OPTIONS), parser="cargo-json",
            files=files, scope="project", statuses=(0, 101),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        (None, "cargo check"),
        (("cargo clippy", "cargo check"), "cargo check"),
        (("cargo check",), "cargo check"),
        (("cargo clippy",), "cargo clippy is not installed: it was not run."),
    ],
)
def test_without_clippy_cargo_checks(
    tmp_path: Path, machine: Path, tools: tuple[str, ...] | None, expected: str
) -> None:
    grow(tmp_path, {"Cargo.toml": ""})
    cargo = program(machine / "cargo")
    [check] = plan(str(tmp_path), ("a.rs",), tools)
    if check.problem is None:
        assert (check.tool, check.command) == (expected, (cargo, "check", *OPTIONS))
    else:
        assert check.problem.startswith(expected)


def test_cargo_check_by_its_name_alone(tmp_path: Path, machine: Path) -> None:
    grow(tmp_path, {"Cargo.toml": ""})
    cargo, _ = program(machine / "cargo"), program(machine / "cargo-clippy")
    [check] = plan(str(tmp_path), ("a.rs",), ("cargo check",))
    assert check.command[:2] == (cargo, "check")


def test_a_missing_cargo_is_told(tmp_path: Path, own_home: Path) -> None:
    grow(tmp_path, {"a/Cargo.toml": ""})
    [check] = plan(str(tmp_path), ("a/b.rs",), None)
    said = "cargo clippy was not run: a/Cargo.toml asks for Cargo, which is not on PATH. Install it, or leave"
    assert str(check.problem).startswith(said)
    cargo = program(own_home / ".cargo" / "bin" / "cargo")
    [check] = plan(str(tmp_path), ("a/b.rs",), None)
    assert check.command[0] == cargo


# The toolchains that rustup has, and those with clippy.
TOOLCHAINS = {
    "all have it": (("stable", "nightly"), ("stable", "nightly"), True),
    "one has not": (("stable", "nightly"), ("stable",), False),
    "none are there": (None, (), False),
}


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("case", TOOLCHAINS)
def test_a_program_of_rustups_is_no_clippy_by_itself(
    tmp_path: Path, own_home: Path, case: str, *, linked: bool
) -> None:
    toolchains, with_clippy, expected = TOOLCHAINS[case]
    bin_folder = own_home / ".cargo" / "bin"
    program(bin_folder / "rustup")
    for name in ("cargo", "cargo-clippy"):
        link = (bin_folder / name).symlink_to if linked else (bin_folder / name).hardlink_to
        link(bin_folder / "rustup")
    for name in toolchains or ():
        program(own_home / ".rustup" / "toolchains" / name / "bin" / "cargo")
    for name in with_clippy:
        program(own_home / ".rustup" / "toolchains" / name / "bin" / "cargo-clippy")
    grow(tmp_path, {"Cargo.toml": ""})
    [check] = plan(str(tmp_path), ("a.rs",), None)
    assert check.tool == ("cargo clippy" if expected else "cargo check")


# The manifests of a repository, and the folder in which a/b/src/x.rs is checked.
WORKSPACES: dict[str, tuple[dict[str, str], str]] = {
    "a package": ({"a/b/Cargo.toml": "[package]\n"}, "a/b"),
    "a package in another's folder": ({"a/b/Cargo.toml": "", "Cargo.toml": "[package]\n"}, "a/b"),
    "a workspace": ({"a/b/Cargo.toml": "", "Cargo.toml": '[workspace]\nmembers = ["a/*"]\n'}, "."),
    "the nearest": (
        {"a/b/Cargo.toml": "", "a/Cargo.toml": "[workspace]\n", "Cargo.toml": "[workspace]\n"},
        "a",
    ),
    "its own": ({"a/b/Cargo.toml": "[package]\n[workspace]\n", "Cargo.toml": "[workspace]\n"}, "a/b"),
    "named": (
        {"a/b/Cargo.toml": '[package]\nworkspace = "../../w"\n', "w/Cargo.toml": "[workspace]\n"},
        "w",
    ),
    "named, at the top": (
        {"a/b/Cargo.toml": '[package]\nworkspace = "../.."\n', "Cargo.toml": "[workspace]\n"},
        ".",
    ),
    "named, but not there": ({"a/b/Cargo.toml": '[package]\nworkspace = "../w"\n'}, "a/b"),
    "named, outside": ({"a/b/Cargo.toml": '[package]\nworkspace = "../../.."\n'}, "a/b"),
    "excluded": ({"a/b/Cargo.toml": "", "Cargo.toml": '[workspace]\nexclude = [3, "a/b"]\n'}, "a/b"),
    "excluded with others": ({"a/b/Cargo.toml": "", "Cargo.toml": '[workspace]\nexclude = ["a"]\n'}, "a/b"),
    "others excluded": (
        {"a/b/Cargo.toml": "", "Cargo.toml": '[workspace]\nexclude = ["a/bb", "../x"]\n'},
        ".",
    ),
    "no list": ({"a/b/Cargo.toml": "", "Cargo.toml": "[workspace]\nexclude = 3\n"}, "."),
    "broken": ({"a/b/Cargo.toml": "[package\nworkspace", "Cargo.toml": "workspace = 3\n"}, "a/b"),
}


@pytest.mark.parametrize("case", WORKSPACES)
def test_each_file_goes_to_its_workspace(tmp_path: Path, machine: Path, case: str) -> None:
    files, expected = WORKSPACES[case]
    grow(tmp_path, files)
    program(machine / "cargo")
    [check] = plan(str(tmp_path), ("a/b/src/x.rs",), None)
    assert os.path.relpath(check.root, tmp_path) == expected
    assert os.path.normpath(os.path.join(check.root, *check.files)) == str(tmp_path / "a/b/src/x.rs")

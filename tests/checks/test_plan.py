"""Which checks apply, whatever the language, and what may run without a sandbox."""

import os
import sys
from pathlib import Path

import pytest

from codex_guard.checks.check import arguments, batches, missing, unsafe
from codex_guard.checks.plan import TOOLS, Check, plan
from codex_guard.checks.reports.read import PARSERS
from codex_guard.checks.run import run
from support.trees import bare, grow, program

EVERY = {
    "a.py": "", "b.ts": "", "tsconfig.json": "{}", "eslint.config.js": "", "biome.json": "{}",
    "go.mod": "module m\n", "c.go": "package c\n", "Cargo.toml": "", "src/lib.rs": "", "d.sh": "",
}  # fmt: skip
CHANGED = ("a.py", "b.ts", "c.go", "d.sh", "src/lib.rs")
INSTALLED = ("go", "staticcheck", "cargo", "cargo-clippy", "shellcheck", "tsc", "eslint", "biome", "pyright")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return bare(tmp_path, monkeypatch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return grow(tmp_path / "root", EVERY)


def planned(root: Path, tools: tuple[str, ...] | None = None) -> tuple[str, ...]:
    return tuple(check.tool for check in plan(str(root), CHANGED, tools))


def test_what_the_repository_configures_is_planned_in_order(machine: Path, root: Path) -> None:
    for name in INSTALLED:
        program(machine / name)
    checks = plan(str(root), CHANGED, None)
    assert [check.tool for check in checks] == [
        "ruff", "mypy", "tsc", "eslint", "biome", "go vet", "staticcheck", "cargo clippy", "shellcheck",
    ]  # fmt: skip
    for check in checks:
        assert check.problem is None
        assert os.path.isabs(check.command[0])
        assert check.root == str(root)
        assert check.parser in PARSERS
        assert 0 in check.statuses


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        ((), ()),
        (("mypy", "ruff"), ("mypy", "ruff")),
        (("shellcheck", "tsc", "pyright"), ("shellcheck", "tsc", "pyright")),
        (("cargo check", "cargo clippy"), ("cargo clippy",)),
        (("nothing of the kind",), ()),
    ],
)
def test_only_tools_that_are_named_are_planned_in_their_order(
    machine: Path, root: Path, tools: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    for name in INSTALLED:
        program(machine / name)
    assert planned(root, tools) == expected


def test_every_tool_can_be_named(machine: Path, root: Path) -> None:
    named = {tool: planned(root, (tool,)) for tool in TOOLS}
    assert named == {tool: (tool,) for tool in TOOLS}


def test_what_others_wrote_is_not_checked(machine: Path, root: Path) -> None:
    files = ("node_modules/a.ts", ".venv/a.py", "vendor/a.go", "x/vendor/y/a.rs", "venv/bin/a.sh")
    assert plan(str(root), files, None) == ()


@pytest.mark.parametrize("files", [(), ("a.txt", "README", "Makefile", "b.pyc")])
def test_nothing_to_check(machine: Path, tmp_path: Path, files: tuple[str, ...]) -> None:
    assert plan(str(tmp_path), files, None) == ()


def test_without_trust_only_our_own_ruff_and_mypy_run(machine: Path, root: Path) -> None:
    for name in (*INSTALLED, *(f"../../root/.venv/bin/{name}" for name in ("ruff", "mypy", "ty"))):
        program(machine / name)
    grow(root, {"ty.toml": "", "pyrightconfig.json": "{}"})
    for tools in (None, TOOLS):
        for check in plan(str(root), CHANGED, tools, trusted=False):
            if check.tool in {"ruff", "mypy"}:
                assert os.path.dirname(check.command[0]) == os.path.dirname(sys.executable)
            else:
                assert check.command == ()
                assert check.environment == ()
                assert check.problem is not None


def test_what_needs_the_sandbox_says_so() -> None:
    check = unsafe(Check("eslint", "/r", ("/r/node_modules/.bin/eslint", "."), environment=(("A", "b"),)))
    assert check == Check(
        "eslint",
        "/r",
        problem="eslint was not run: it can execute what the repository holds, and there is no sandbox of"
        " Codex's to run it in. Install Codex where this hook finds it, or leave it out with checks.tools.",
    )
    assert unsafe(Check("go vet", "/r", problem="No.")).problem == "No."


@pytest.mark.parametrize(
    ("configured", "place", "said"),
    [
        (
            "a/b.json",
            "a",
            "tsc is configured in a/b.json, but not installed in a: it was not run. Install it there",
        ),
        ("b.json", "", "tsc is configured in b.json, but not installed in the repository: it was not run."),
        (None, "a", "tsc is not installed in a: it was not run. Install it there, or leave it out with"),
        (None, None, "tsc is not installed: it was not run. Install it, or leave it out with checks.tools."),
        ("x\x1b[2J\n.json", None, "tsc is configured in 'x\\x1b[2J\\n.json', but not installed: it was not"),
    ],
)
def test_what_is_missing_is_told(configured: str | None, place: str | None, said: str) -> None:
    assert str(missing(Check("tsc", "/r"), configured, place).problem).startswith(said)


def test_too_many_files_are_the_whole_folder() -> None:
    few = tuple(f"{number}.py" for number in range(500))
    assert arguments(few) == tuple(f"./{path}" for path in few)
    assert arguments((*few, "x.py")) == (".",)
    assert arguments((*few, "x.py"), "./...") == ("./...",)
    assert arguments(tuple(f"{'é' * 500}{number}" for number in range(100))) == (".",)
    assert arguments(("-c.py", "@x", "\udcff")) == ("./-c.py", "./@x", "./\udcff")


def test_files_come_in_parts_for_a_tool_that_takes_no_folder() -> None:
    files = tuple(f"{number}.sh" for number in range(1_001))
    parts = batches(files)
    assert [path for part in parts for path in part] == list(files)
    assert max(map(len, parts)) <= 500
    assert batches(()) == []
    assert batches(("x" * 200_000,)) == [("x" * 200_000,)]


def test_what_is_not_trusted_executes_nothing_of_the_repositorys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ruff", "mypy", "python"):
        program(tmp_path / ".venv" / "bin" / name)
        program(tmp_path / "active" / "bin" / name)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = evil.py\n")
    (tmp_path / "evil.py").write_text("raise SystemExit('the plugin ran')\n")
    (tmp_path / "a.py").write_text("X: int = 'text'\n")
    ruff, mypy = plan(str(tmp_path), ("a.py",), ("ruff", "mypy"), trusted=False)
    assert ruff.command[0] == os.path.join(os.path.dirname(sys.executable), "ruff")
    assert mypy.command[:4] == (sys.executable, "-I", "-m", "mypy")
    assert not any(str(tmp_path) in word for word in (*ruff.command, *mypy.command))
    [result] = run((mypy,), 120)
    assert [failure.code for failure in result.failures] == ["assignment"]

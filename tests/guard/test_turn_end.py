"""The end of a turn: checks continue it, but never for ever, and never with a secret in what they say."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.checks import plan, run
from codex_guard.guard import sweep
from codex_guard.model import Allow, Block, CheckFailure, CheckResult, Judgement, PromptEvent, StopEvent
from codex_guard.policy.policy import Policy
from support.repositories import run as git

Judge = Callable[..., Judgement]
Said = Callable[[Judgement], str]
Note = Callable[[Judgement], str | None]
BROKEN = "import os\n"
POLICY = Policy(check_tools=("ruff",), check_sandbox="none")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / "ruff.toml").write_text('lint.select = ["F"]\n')
    return folder


def event(folder: Path, *, continued: bool = False, turn: str = "turn") -> StopEvent:
    return StopEvent("session", turn, str(folder), continued)


def test_not_a_repository(judge: Judge, allowed: Note, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BROKEN)
    assert allowed(judge(event(tmp_path), POLICY)) is None


@pytest.mark.parametrize("name", [None, "notes.md", "a.txt"])
def test_nothing_to_check(judge: Judge, allowed: Note, tree: Path, name: str | None) -> None:
    if name:
        (tree / name).write_text(BROKEN)
    assert allowed(judge(event(tree), POLICY)) is None


def test_checks_switched_off(judge: Judge, allowed: Note, tree: Path) -> None:
    (tree / "a.py").write_text(BROKEN)
    assert allowed(judge(event(tree), Policy(checks=False))) is None
    assert allowed(judge(event(tree), Policy(check_tools=()))) is None


def test_failures_continue_the_turn(judge: Judge, reason: Said, allowed: Note, tree: Path) -> None:
    (tree / "a.py").write_text(BROKEN)
    told = reason(judge(event(tree), POLICY))
    assert "a.py:1:8: ruff F401" in told
    (tree / "a.py").write_text("")
    assert allowed(judge(event(tree, continued=True), POLICY)) is None


def test_failures_that_do_not_change_end_it(judge: Judge, reason: Said, allowed: Note, tree: Path) -> None:
    (tree / "a.py").write_text(BROKEN)
    reason(judge(event(tree), POLICY))
    note = allowed(judge(event(tree, continued=True), POLICY))
    assert note is not None
    assert "nothing about them has changed: a.py:1:8 F401" in note
    # Nor is a later turn, which may have nothing to do with them, continued for the same.
    assert allowed(judge(event(tree, turn="next"), POLICY)) is None
    (tree / "b.py").write_text(BROKEN)
    reason(judge(event(tree, turn="third"), POLICY))


def test_failures_in_unchanged_files_are_left_alone(
    judge: Judge, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "a.py").write_text("")
    monkeypatch.setattr(run, "run", results(CheckFailure("mypy", "imported.py", 1, 0, "misc", "no")))
    assert judge(event(tree), POLICY).decision == Allow()


def test_rounds_are_bounded(judge: Judge, reason: Said, allowed: Note, tree: Path) -> None:
    policy = POLICY.replace(check_rounds=2)
    for number, name in enumerate("abc"):
        (tree / f"{name}.py").write_text(BROKEN)  # another one goes
        said = judge(event(tree, continued=number > 0), policy)
        (tree / f"{name}.py").unlink()
        if number < policy.check_rounds:
            reason(said)
    assert "they still fail after 2 rounds" in str(allowed(said))
    (tree / "d.py").write_text(BROKEN)
    reason(judge(event(tree, turn="next"), policy))


def test_what_gets_no_better_ends(judge: Judge, reason: Said, allowed: Note, tree: Path) -> None:
    (tree / "a.py").write_text(BROKEN)
    reason(judge(event(tree), POLICY))
    (tree / "b.py").write_text(BROKEN)
    note = allowed(judge(event(tree, continued=True), POLICY))
    assert "more of them came, and none has gone" in str(note)


def test_turns_beside_each_other_have_rounds_of_their_own(judge: Judge, reason: Said, tree: Path) -> None:
    (tree / "a.py").write_text(BROKEN)
    for turn in ("turn", "a subagent's", "another's"):
        reason(judge(event(tree, turn=turn), POLICY))


def test_a_missing_tool_never_blocks_by_itself_and_is_said_once(
    judge: Judge, allowed: Note, reason: Said, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "a.py").write_text(BROKEN)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    note = str(allowed(judge(event(tree), POLICY)))
    assert note.startswith("codex-guard: ruff is not installed")
    assert allowed(judge(event(tree, turn="next"), POLICY)) is None  # it was said
    policy = POLICY.replace(check_missing="fail")
    assert "ruff is not installed" in reason(judge(event(tree, turn="third"), policy))


def results(failure: CheckFailure) -> Callable[..., tuple[CheckResult, ...]]:
    return lambda *_, **__: (CheckResult(failure.tool, ("ruff", "check", f"./{failure.path}"), (failure,)),)


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("a.py", "x = 1\n", 'Incompatible types: Literal["{}"]'),
        ("a.py", "x = 1\n", "in {} and {}"),
        ("{}.py", "x = 1\n", "plain"),
        ("a.py", 'x: int = "{}"\n', "plain"),
        *(("a.py", f'x = "{"y" * size}", "{{}}"\n', "plain") for size in (100, 120, 130, 140, 149, 170)),
        *(("a.py", 'x = "{}"\n', f"{'m' * size} {{}} and more") for size in (950, 970, 985, 1_000)),
    ],
)
def test_no_secret_in_a_report(
    judge: Judge,
    reason: Said,
    tree: Path,
    key: str,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    source: str,
    message: str,
) -> None:
    monkeypatch.setattr(sweep, "sweep", lambda *_, **__: None)  # which would tell of the file first
    path = name.replace("{}", key)
    (tree / path).write_text(source.replace("{}", key))
    failure = CheckFailure("mypy", path, 1, 1, "assignment", message.replace("{}", key))
    monkeypatch.setattr(run, "run", results(failure))
    assert "mypy assignment" in reason(judge(event(tree), POLICY))
    note = judge(event(tree, continued=True), POLICY)
    assert not isinstance(note.decision, Block)


def test_a_damaged_state(judge: Judge, reason: Said, tree: Path, own_home: Path) -> None:
    (tree / "a.py").write_text(BROKEN)
    reason(judge(event(tree), POLICY))
    (state,) = (own_home / "state" / "codex-guard" / "sessions").glob("*.json")
    for text in (
        "{",
        "[]",
        '{"stop": 3}',
        '{"stop": {"turn": "turn"}}',
        '{"stop": {"turn": "turn", "rounds": "x"}}',
    ):
        state.write_text(text)
        reason(judge(event(tree, continued=True), POLICY))


def test_plan_knows_its_tools() -> None:
    assert plan.plan("/", ("a.md",), ("ruff", "mypy")) == ()


def test_a_turn_that_may_only_plan_is_not_asked_to_mend(judge: Judge, tree: Path) -> None:
    (tree / "a.py").write_text(BROKEN)
    assert judge(event(tree).replace(planning=True), POLICY).decision == Allow()


def test_what_the_turn_committed_is_checked_against_what_was_there_before_it(
    judge: Judge, reason: Said, allowed: Note, tree: Path
) -> None:
    (tree / "old.py").write_text(BROKEN)
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "before")
    judge(PromptEvent("session", "turn", str(tree), "go on"), POLICY)
    (tree / "old.py").write_text("# moved\n" + BROKEN)
    git(tree, "commit", "-q", "-a", "-m", "moved")
    assert allowed(judge(event(tree), POLICY)) is None
    (tree / "new.py").write_text(BROKEN)
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "new")
    told = reason(judge(event(tree), POLICY))
    assert "found 1 failure." in told
    assert "new.py:1:8" in told


def test_what_was_broken_and_deleted_before_the_turn_is_not_its_fault(
    judge: Judge, allowed: Note, tree: Path
) -> None:
    policy = POLICY.replace(check_tools=("mypy",))
    (tree / "lib").mkdir()
    (tree / "lib" / "gone.py").write_text("X = 1\n")
    (tree / "use.py").write_text("from lib.gone import X\n\nY: int = X\n")
    (tree / "mypy.ini").write_text("[mypy]\n")
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "before")
    (tree / "lib" / "gone.py").unlink()
    time.sleep(0.1)
    judge(PromptEvent("session", "turn", str(tree), "go on"), policy)
    (tree / "use.py").write_text("from lib.gone import X\n\nY: int = X\nZ = Y\n")
    assert allowed(judge(event(tree), policy)) is None


def test_what_a_deletion_breaks_elsewhere_counts(judge: Judge, reason: Said, tree: Path) -> None:
    policy = POLICY.replace(check_tools=("mypy",))
    (tree / "gone.py").write_text("X = 1\n")
    (tree / "use.py").write_text("from gone import X\n\nY: int = X\n")
    (tree / "mypy.ini").write_text("[mypy]\nfiles = .\n")
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "before")
    judge(PromptEvent("session", "turn", str(tree), "go on"), policy)
    (tree / "gone.py").unlink()
    told = reason(judge(event(tree), policy))
    assert "found 1 failure." in told
    assert "use.py:1:1: mypy import-not-found" in told


@pytest.mark.parametrize("commits", [False, True])
def test_a_file_that_is_moved_brings_no_failures(
    judge: Judge, reason: Said, allowed: Note, tree: Path, *, commits: bool
) -> None:
    (tree / "old.py").write_text(BROKEN)
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "before")
    judge(PromptEvent("session", "turn", str(tree), "go on"), POLICY)
    git(tree, "mv", "old.py", "moved.py")
    if commits:
        git(tree, "commit", "-q", "-m", "moved")
    assert allowed(judge(event(tree), POLICY)) is None
    (tree / "moved.py").write_text(f"{BROKEN}import sys\n")
    told = reason(judge(event(tree), POLICY))
    assert "found 1 failure." in told
    assert "moved.py:2:8" in told

"""Which failures count: those of this turn, whoever told of them before, and each tree checked once."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.checks import plan, report, run, sandbox
from codex_guard.checks.check import Check
from codex_guard.errors import GuardError
from codex_guard.guard import baseline, passed, validation
from codex_guard.guard.asked import Asked
from codex_guard.guard.failures import Marks
from codex_guard.ledger import place
from codex_guard.model import CheckFailure, CheckResult
from codex_guard.policy.policy import Policy
from codex_guard.repo import snapshot
from support.repositories import repository
from support.repositories import run as git

POLICY = Policy(check_tools=("ruff",), check_sandbox="none")
UNUSED = "import os\n"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "repo")
    (folder / "ruff.toml").write_text('lint.select = ["F"]\n')
    (folder / "old.py").write_text(UNUSED)
    (folder / "fine.py").write_text("X = 1\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "x")
    return folder


def asked(repo: Path, *files: str, older: tuple[str, ...] = ()) -> Asked:
    return Asked(str(repo), files, older)


def new(
    repo: Path, *files: str, policy: Policy = POLICY, older: tuple[str, ...] = (), **how: object
) -> list[str]:
    validated = validation.validate(asked(repo, *files, older=older), policy, **how)  # type: ignore[arg-type]
    return [f"{failure.path}:{failure.line}" for failure in validated.new]


def test_a_failure_that_the_last_commit_has_is_old_wherever_its_line_has_gone(repo: Path) -> None:
    (repo / "old.py").write_text("# one\n# two\n" + UNUSED)
    validated = validation.validate(asked(repo, "old.py"), POLICY)
    assert (validated.new, validated.old) == ((), 1)
    (repo / "old.py").write_text("# one\n" + UNUSED + "import sys\n")
    assert new(repo, "old.py") == ["old.py:3"]


def test_the_same_failure_once_more_is_new(repo: Path) -> None:
    (repo / "old.py").write_text("def f() -> None:\n    import os\n\n\ndef g() -> None:\n    import os\n")
    git(repo, "commit", "-q", "-a", "-m", "two")
    (repo / "old.py").write_text((repo / "old.py").read_text() + "\n\ndef h() -> None:\n    import os\n")
    assert len(new(repo, "old.py")) == 1


def test_what_differed_before_the_turn_is_part_of_what_was_there(repo: Path) -> None:
    (repo / "mine.py").write_text(UNUSED)
    (repo / "fine.py").write_text("import mine\n\nX = mine\n")
    assert new(repo, "fine.py", older=("mine.py",)) == []
    assert new(repo, "mine.py") == ["mine.py:1"]


@pytest.mark.parametrize("way", ["all", "cache"])
def test_a_policy_may_do_without_a_second_run(repo: Path, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "lay_out", lambda *_, **__: pytest.fail("it was laid out"))
    (repo / "old.py").write_text("# one\n" + UNUSED)
    policy = POLICY.replace(check_baseline="none" if way == "all" else "cache")
    assert new(repo, "old.py", policy=policy) == ["old.py:2"]
    assert new(repo, "old.py", compare=False) == ["old.py:2"]


def test_what_was_found_before_is_remembered(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repo / "old.py").write_text("# one\n" + UNUSED)
    assert new(repo, "old.py", remember=False) == []
    monkeypatch.setattr(snapshot, "lay_out", lambda *_, **__: pytest.fail("it was laid out again"))
    (repo / "old.py").write_text("# two\n" + UNUSED)
    assert new(repo, "old.py", policy=POLICY.replace(check_baseline="cache")) == []
    folder = Path(place.folder()) / "baselines"
    [kept] = folder.iterdir()
    assert "old.py" not in kept.read_text()
    assert "imported" not in kept.read_text()


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"marks": 7}', '{"marks": [], "tools": 3}'])
def test_a_damaged_memory_is_made_anew(repo: Path, damage: str) -> None:
    (repo / "old.py").write_text("# one\n" + UNUSED)
    assert new(repo, "old.py") == []
    [kept] = (Path(place.folder()) / "baselines").iterdir()
    kept.write_text(damage)
    (repo / "old.py").write_text("# two\n" + UNUSED)
    assert new(repo, "old.py") == []


def test_memories_do_not_grow_without_end(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "_MOST_KEPT", 3)
    for number in range(6):
        (repo / "old.py").write_text("# one\n" + UNUSED)
        (repo / f"{number}.py").write_text(UNUSED)
        new(repo, "old.py", f"{number}.py")
    assert len(list((Path(place.folder()) / "baselines").iterdir())) <= 4


@pytest.mark.parametrize("why", ["no commit", "too large", "no time", "no state"])
def test_without_a_comparison_all_in_the_files_count_and_it_is_said(
    repo: Path, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo / "old.py").write_text("# one\n" + UNUSED)
    policy = POLICY
    if why == "no commit":
        git(repo, "update-ref", "-d", "HEAD")
    elif why == "too large":
        monkeypatch.setattr(snapshot, "lay_out", lambda *_, **__: False)
    elif why == "no time":
        policy = POLICY.replace(check_total=3)
    else:

        def broken() -> str:
            raise GuardError("no state")

        monkeypatch.setattr(place, "folder", broken)
        monkeypatch.setattr(Marks, "of", lambda *_: "mark")
    validated = validation.validate(asked(repo, "old.py"), policy, remember=False)
    assert [failure.line for failure in validated.new] == [2]
    assert validated.uncompared == ("ruff",)


def test_a_tree_in_which_nothing_was_found_is_not_checked_again(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo / "fine.py").write_text("X = 2\n")
    assert not validation.validate(asked(repo, "fine.py"), POLICY).again
    monkeypatch.setattr(run, "run", lambda *_, **__: pytest.fail("it ran again"))
    assert validation.validate(asked(repo, "fine.py"), POLICY).again
    os.utime(repo / "fine.py")  # the same contents
    assert validation.validate(asked(repo, "fine.py"), POLICY).again


CHANGES: dict[str, Callable[[Path], object]] = {
    "its text": lambda repo: (repo / "fine.py").write_text("X = 3\n"),
    "a file that differed before": lambda repo: (repo / "mine.py").write_text("Y = 3\n"),
    "another commit": lambda repo: git(repo, "commit", "-q", "--allow-empty", "-m", "x"),
    "the tool": lambda repo: os.utime(repo / ".venv" / "bin" / "ruff", (1, 1)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_the_checks_depend_on_makes_it_another_tree(repo: Path, change: str) -> None:
    tool = repo / ".venv" / "bin" / "ruff"
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\necho '[]'\n")
    tool.chmod(0o755)
    (repo / "mine.py").write_text("Y = 1\n")
    (repo / "fine.py").write_text("X = 2\n")
    given = asked(repo, "fine.py", older=("mine.py",))
    assert not validation.validate(given, POLICY).again
    assert validation.validate(given, POLICY).again
    quick = passed.quick(given, POLICY)
    CHANGES[change](repo)
    assert not validation.validate(given, POLICY).again
    assert passed.quick(given, POLICY) != quick


def test_what_could_not_run_has_not_passed(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = CheckResult("ruff", ("ruff",), problem="ruff did not finish.")
    monkeypatch.setattr(run, "run", lambda *_, **__: (problem,))
    for _ in range(2):
        assert not validation.validate(asked(repo, "fine.py"), POLICY).again


def test_what_is_too_much_to_read_has_no_name(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passed, "_LARGEST", 3)
    assert passed.key(asked(repo, "fine.py"), ()) == ""
    assert not passed.holds("")
    os.mkfifo(repo / "pipe")
    assert passed.key(asked(repo, "missing"), ()) == ""


def test_passed_states_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passed, "_MOST", 10)
    names = [f"{number:064x}" for number in range(40)]
    for name in names:
        passed.keep(name)
    assert passed.holds(names[-1])
    assert not passed.holds(names[0])
    assert (Path(place.located()) / "passed").stat().st_size < 40 * 65


def test_in_which_sandbox_it_ran_is_said(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "prefix", lambda _top: ())
    monkeypatch.setattr(
        run, "run", lambda checks, *_, **__: tuple(CheckResult(one.tool, one.command) for one in checks)
    )
    said = {
        way: validation.validate(asked(repo, "old.py"), POLICY.replace(check_sandbox=way), remember=False).how
        for way in ("codex", "none", "skip")
    }
    assert "codex-guard's own ruff and mypy only" in said["codex"]
    assert said["none"] == "without a sandbox, as the policy says"
    assert said["skip"].startswith("not at all")
    monkeypatch.setattr(sandbox, "prefix", lambda _top: ("codex", "sandbox"))
    for way in ("codex", "skip"):
        policy = POLICY.replace(check_sandbox=way)
        assert validation.validate(asked(repo, "old.py"), policy, remember=False).how == "in Codex's sandbox"


def test_a_tool_that_is_not_installed_fails_where_the_policy_says_so(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Check("eslint", str(repo), problem="eslint is not installed.")
    monkeypatch.setattr(plan, "plan", lambda *_, **__: (gone,))
    assert new(repo, "fine.py") == []
    validated = validation.validate(asked(repo, "fine.py"), POLICY.replace(check_missing="fail"))
    assert validated.new == (CheckFailure("eslint", ".", 0, 0, "did-not-run", "eslint is not installed."),)


def test_failures_that_a_turn_ended_with_are_not_the_next_ones(repo: Path) -> None:
    (repo / "fine.py").write_text("import sys\n")
    validated = validation.validate(asked(repo, "fine.py"), POLICY)
    known = Marks(Marks().all_of(validated.new, str(repo)))
    (repo / "fine.py").write_text("# moved\nimport sys\n")
    assert new(repo, "fine.py", marks=known) == []
    (repo / "fine.py").write_text("import re\nimport sys\n")
    assert new(repo, "fine.py", marks=known) == ["fine.py:1"]


def test_marks_tell_failures_apart_by_what_is_said_of_which_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\ny = 1\n")
    first = CheckFailure("mypy", "a.py", 1, 1, "misc", "defined on line 12")
    marks = Marks([Marks().of(first, str(tmp_path))])
    assert marks.knows(first.replace(message="defined on line 340", column=9), str(tmp_path))
    for other in (
        first.replace(line=2),
        first.replace(code="other"),
        first.replace(tool="ruff"),
        first.replace(path="b.py"),
        first.replace(message="defined elsewhere"),
    ):
        assert not marks.knows(other, str(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    assert not marks.knows(first.replace(path="pipe"), str(tmp_path))


def test_the_time_for_all_checks_bounds_them(repo: Path) -> None:
    slow = tuple(
        Check("slow", str(repo), ("/bin/sh", "-c", "sleep 30; touch ended"), parser="lines") for _ in range(6)
    )
    results = run.run(slow, 20, top=str(repo), total=1)
    assert not (repo / "ended").exists()
    problems = [str(result.problem) for result in results]
    assert any("was stopped" in problem for problem in problems)
    assert any("was not started: the time for all checks was used up" in problem for problem in problems)


def test_what_is_kept_is_json_of_marks_alone(repo: Path) -> None:
    (repo / "old.py").write_text("# one\n" + UNUSED)
    new(repo, "old.py")
    [kept] = (Path(place.folder()) / "baselines").iterdir()
    said = json.loads(kept.read_text())
    assert said["tools"] == ["ruff"]
    assert all(len(mark) == 32 for mark in said["marks"])


def test_a_sandbox_that_does_not_start_is_the_problem_and_not_the_tools(
    repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "codex"
    broken.write_text("#!/bin/sh\necho 'no namespaces here' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sandbox, "prefix", lambda _top: (str(broken),))
    validated = validation.validate(asked(repo, "old.py"), POLICY.replace(check_sandbox="codex"))
    [result] = validated.results
    assert result.problem == (
        "ruff could not be run, since Codex's sandbox does not start (no namespaces here)."
    )


def test_code_that_moved_to_another_file_brings_no_failures(repo: Path) -> None:
    (repo / "old.py").write_text("")
    (repo / "fine.py").write_text("X = 1\n" + UNUSED)
    assert new(repo, "old.py", "fine.py") == []
    (repo / "old.py").write_text(UNUSED)
    assert new(repo, "old.py", "fine.py") == ["fine.py:2"]


def test_what_a_formatter_does_to_a_line_makes_no_new_failure(repo: Path) -> None:
    (repo / "old.py").write_text("def f(a,b):\n  return  g( 'x',a ,b)\n")
    git(repo, "commit", "-q", "-a", "-m", "two")
    (repo / "old.py").write_text('def f(a, b):\n    return g("x", a, b)\n')
    assert new(repo, "old.py") == []
    (repo / "old.py").write_text('def f(a, b):\n    return g("y", a, b)\n')
    assert new(repo, "old.py") == ["old.py:2"]


def test_of_files_that_are_new_all_is_known_to_be_new(repo: Path) -> None:
    (repo / "added.py").write_text(UNUSED)
    validated = validation.validate(asked(repo, "added.py"), POLICY)
    assert [failure.path for failure in validated.new] == ["added.py"]
    assert validated.uncompared == ()


def test_what_only_one_session_was_told_of_has_not_passed(repo: Path) -> None:
    (repo / "fine.py").write_text("import sys\n")
    told = validation.validate(asked(repo, "fine.py"), POLICY)
    known = Marks(Marks().all_of(told.new, str(repo)))
    assert new(repo, "fine.py", marks=known) == []
    assert new(repo, "fine.py") == ["fine.py:1"]


def test_a_file_that_is_gone_does_not_keep_a_tree_from_being_known(repo: Path) -> None:
    (repo / "fine.py").write_text("X = 2\n")
    given = asked(repo, "fine.py", older=("deleted.py",))
    assert not validation.validate(given, POLICY).again
    assert validation.validate(given, POLICY).again


def test_a_hook_has_time_left_to_say_what_its_checks_found(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    totals = []

    def noted(checks: tuple[Check, ...], *_: object, total: float, **__: object) -> tuple[CheckResult, ...]:
        totals.append(total)
        return tuple(CheckResult(check.tool, check.command) for check in checks)

    monkeypatch.setattr(run, "run", noted)
    previous = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it took too long"))
    try:
        for seconds in (100, 20, 0):
            signal.setitimer(signal.ITIMER_REAL, seconds)
            new(repo, "fine.py", policy=POLICY.replace(check_total=150), remember=False)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert 80 < totals[0] <= 85
    assert 5 < totals[1] <= 10
    assert totals[2] == 150


def test_copies_of_a_tree_have_one_cache_and_not_that_of_the_tree(repo: Path, tmp_path: Path) -> None:
    def cache(top: Path, origin: str | None = None) -> set[str]:
        (top / "a.py").write_text("")
        checks = plan.plan(str(top), ("a.py",), ("mypy",), origin=origin)
        return {word for check in checks for word in check.command if word.startswith("--cache-dir=")}

    copies = [tmp_path / "one", tmp_path / "two"]
    for copy in copies:
        copy.mkdir()
    first, second = (cache(copy, str(repo)) for copy in copies)
    assert first == second != cache(repo)
    assert len(first) == 1


def test_a_tool_that_the_turn_breaks_is_its_failure(repo: Path) -> None:
    (repo / "ruff.toml").write_text("lint.select = [\n")
    (repo / "fine.py").write_text(UNUSED)
    validated = validation.validate(asked(repo, "fine.py", "ruff.toml"), POLICY)
    said = "ruff failed with status 2: run it by hand to see why."
    assert validated.new == (CheckFailure("ruff", ".", 0, 0, "did-not-run", said),)
    shown = report.continuation(validated.new, validated.results, str(repo))
    assert f".: ruff did-not-run: {said}" in shown
    assert "ruff check --output-format=json" in shown.split("To see them all again:")[1]


def test_a_tool_that_was_broken_before_is_not_the_turns_failure(repo: Path) -> None:
    (repo / "ruff.toml").write_text("lint.select = [\n")
    for name in ("fine.py", "added.py"):
        (repo / name).write_text(UNUSED)
        assert new(repo, name, older=("ruff.toml",)) == []

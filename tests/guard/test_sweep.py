"""What no hook saw: found at the turn's end, once, whoever wrote it and wherever it went since."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.guard import look, sweep
from codex_guard.ledger import place, seen
from codex_guard.model import Allow, Block, Judgement, PromptEvent, StopEvent, ToolEvent
from codex_guard.policy.policy import Policy
from support.repositories import repository, run

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
Note = Callable[[Judgement], str | None]
POLICY = Policy(checks=False)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", "old.py", "sub/kept.py")


@pytest.fixture
def turn(judge: Judge, repo: Path) -> Callable[..., Judgement]:
    """Return a function that begins a turn (``prompt``) or ends it (``stop``)."""

    def made(kind: str, policy: Policy = POLICY, *, planning: bool = False, cwd: str = "") -> Judgement:
        folder = str(repo / cwd)
        if kind == "prompt":
            return judge(PromptEvent("session", "turn", folder, "go on"), policy)
        return judge(StopEvent("session", "turn", folder, continued=False, planning=planning), policy)

    made("prompt")
    return made


Turn = Callable[..., Judgement]


def settle() -> None:
    """Wait until what was written can be told from what is written next (see ``ledger.seen``)."""
    time.sleep(0.03)


def test_what_nobody_saw_is_told_at_the_turns_end_and_once(
    turn: Turn, reason: Said, allowed: Note, repo: Path, key: str
) -> None:
    (repo / "sub" / "late.txt").write_text(f"a\nTOKEN={key}\n")
    assert "sub/late.txt:2:7" in reason(turn("stop"))
    assert allowed(turn("stop")) is None
    (repo / "sub" / "late.txt").write_text(f"a\nb\nTOKEN={key}\n")
    assert allowed(turn("stop")) is None  # the same value in the same file
    (repo / "sub" / "late.txt").write_text("")
    turn("stop")
    (repo / "sub" / "late.txt").write_text(f"TOKEN={key}\n")
    assert "sub/late.txt:1:7" in reason(turn("stop"))  # it came back


def test_what_a_hook_has_seen_is_not_looked_at_again(
    turn: Turn, judge: Judge, tool: Tool, allowed: Note, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "SLACK", 0)  # the repository is as new as the session
    (repo / "new.py").write_text("x = 1\n")
    settle()
    judge(tool("Bash", "make > new.py", ""), POLICY)
    monkeypatch.setattr(look, "at", lambda *_, **__: pytest.fail("it was looked at"))
    assert allowed(turn("stop")) is None
    assert allowed(turn("stop")) is None


def test_what_changed_since_a_hook_saw_it_is_looked_at(
    turn: Turn, judge: Judge, tool: Tool, reason: Said, repo: Path, key: str
) -> None:
    (repo / "new.py").write_text("x" * (len(key) + 2))
    settle()
    judge(tool("Bash", "make > new.py", ""), POLICY)
    status = (repo / "new.py").stat()
    (repo / "new.py").write_text(f"'{key}'")  # as long as before, and as old by what a program can set
    os.utime(repo / "new.py", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "new.py:1:2" in reason(turn("stop"))


@pytest.mark.parametrize(
    "way", ["committed", "staged", "assume-unchanged", "in a clone", "with a link", "renamed"]
)
def test_nothing_that_git_is_told_hides_it(turn: Turn, reason: Said, repo: Path, key: str, way: str) -> None:
    path = repo / "old.py"
    path.write_text(f"TOKEN = '{key}'\n")
    if way == "committed":
        run(repo, "commit", "-q", "-a", "-m", "x")
    elif way == "staged":
        run(repo, "add", ".")
    elif way == "assume-unchanged":
        run(repo, "update-index", "--assume-unchanged", "old.py")
    elif way == "in a clone":
        path.unlink()
        repository(repo / "clone", "b")
        path = repo / "clone" / "b"
        path.write_text(f"TOKEN = '{key}'\n")
    elif way == "with a link":
        (repo / ".env").symlink_to("old.py")
    else:
        path = path.rename(repo / "sub" / "new.py")
    assert f"{path.relative_to(repo)}:1:10" in reason(turn("stop"))


def test_what_was_there_before_the_session_is_not_its_fault(
    judge: Judge, allowed: Note, repo: Path, key: str
) -> None:
    (repo / "mine.txt").write_text(f"TOKEN={key}\n")
    run(repo, "add", ".")
    (repo / "notes.txt").write_text(f"TOKEN={key}\n")
    for path in ("mine.txt", "notes.txt"):
        os.utime(repo / path)
    # The clock of the session starts two seconds later, as far as a file system can be behind.
    log = Path(place.of_session("session")).with_suffix(".seen")
    judge(PromptEvent("session", "turn", str(repo), "go on"), POLICY)
    first, _, rest = log.read_text().partition("\n")
    _, started, head = first.split(" ")
    log.write_text(f"began {int(started) + 3_000_000_000} {head}\n{rest}")
    assert allowed(judge(StopEvent("session", "turn", str(repo), continued=False), POLICY)) is None


def test_what_a_file_held_is_told_to_the_user_and_blocks_nothing(
    judge: Judge, allowed: Note, repo: Path, key: str
) -> None:
    (repo / "old.py").write_text(f"a = 1\nTOKEN = '{key}'\n")
    run(repo, "commit", "-q", "-a", "-m", "x")
    judge(PromptEvent("session", "turn", str(repo), "go on"), POLICY)
    (repo / "old.py").write_text(f"a = 2\nTOKEN = '{key}'\n")
    note = allowed(judge(StopEvent("session", "turn", str(repo), continued=False), POLICY))
    assert note is not None
    assert "old.py:2:10" in note
    assert "stood in a file before this session" in note
    assert allowed(judge(StopEvent("session", "turn", str(repo), continued=False), POLICY)) is None


def test_what_git_ignores_is_left_alone(judge: Judge, allowed: Note, repo: Path, key: str) -> None:
    (repo / ".gitignore").write_text("*.log\n")
    run(repo, "add", ".")
    run(repo, "commit", "-q", "-m", "x")
    judge(PromptEvent("session", "turn", str(repo), "go on"), POLICY)
    (repo / "run.log").write_text(f"TOKEN={key}\n")
    assert allowed(judge(StopEvent("session", "turn", str(repo), continued=False), POLICY)) is None


def test_outside_a_repository(judge: Judge, reason: Said, tmp_path: Path, key: str) -> None:
    folder = tmp_path / "plain" / "sub"
    folder.mkdir(parents=True)
    judge(PromptEvent("other", "turn", str(folder.parent), "go on"), POLICY)
    (folder / "a.txt").write_text(f"TOKEN={key}\n")
    (folder / "link").symlink_to("a.txt")
    event = StopEvent("other", "turn", str(folder.parent), continued=False)
    assert reason(judge(event, POLICY)).count("a.txt:1:7") == 1


@pytest.mark.parametrize("above", ["", ".."])
def test_a_home_is_no_work_tree(judge: Judge, allowed: Note, own_home: Path, key: str, above: str) -> None:
    folder = os.path.normpath(own_home / above)
    judge(PromptEvent("other", "turn", folder, "go on"), POLICY)
    (own_home / ".bash_history").write_text(f"export TOKEN={key}\n")
    assert allowed(judge(StopEvent("other", "turn", folder, continued=False), POLICY)) is None


def test_what_git_keeps_is_not_looked_at_from_outside(
    judge: Judge, allowed: Note, tmp_path: Path, key: str
) -> None:
    judge(PromptEvent("other", "turn", str(tmp_path / "plain"), "go on"), POLICY)
    repository(tmp_path / "plain" / "inner", "a")
    (tmp_path / "plain" / "inner" / ".git" / "description").write_text(f"TOKEN={key}\n")
    event = StopEvent("other", "turn", str(tmp_path / "plain"), continued=False)
    assert allowed(judge(event, POLICY)) is None


def test_a_turn_without_an_end_is_swept_at_the_next_prompt(turn: Turn, repo: Path, key: str) -> None:
    (repo / "late.txt").write_text(f"TOKEN={key}\n")
    decision = turn("prompt").decision
    assert isinstance(decision, Allow)
    assert "late.txt:1:7" in str(decision.context)
    assert "late.txt:1:7" in str(decision.note)
    assert "What the user wrote is theirs" in str(decision.context)
    assert turn("prompt").decision == Allow()


def test_while_the_agent_only_plans_the_user_is_told_and_later_the_agent(
    turn: Turn, reason: Said, allowed: Note, repo: Path, key: str
) -> None:
    (repo / "late.txt").write_text(f"TOKEN={key}\n")
    assert "late.txt:1:7" in str(allowed(turn("stop", planning=True)))
    assert "late.txt:1:7" in reason(turn("stop"))


def test_from_a_subfolder_names_are_as_the_agent_uses_them(
    turn: Turn, reason: Said, repo: Path, key: str
) -> None:
    (repo / "late.txt").write_text(f"TOKEN={key}\n")
    assert "../late.txt:1:7" in reason(turn("stop", cwd="sub"))


def test_a_secret_in_a_name(turn: Turn, reason: Said, repo: Path, key: str) -> None:
    (repo / f"{key}.txt").write_text("")
    assert "github-pat" in reason(turn("stop"))


def test_what_the_policy_allows_is_not_told(turn: Turn, allowed: Note, repo: Path, key: str) -> None:
    (repo / "fixture.txt").write_text(f"TOKEN={key}\n")
    assert allowed(turn("stop", POLICY.replace(allowed_paths=("fixture.txt",)))) is None


def test_a_link_leads_no_secret_into_a_place_that_is_allowed(
    judge: Judge, tool: Tool, turn: Turn, repo: Path, key: str
) -> None:
    (repo / ".gitignore").write_text(".env*\n")
    for make in (os.link, os.symlink):
        (repo / ".env").unlink(missing_ok=True)
        make(repo / "old.py", repo / ".env")
        (repo / "old.py").write_text(f"TOKEN = '{key}'\n")
        settle()
        after = judge(tool("Bash", "make > .env", "", session=make.__name__), POLICY)
        event = StopEvent(make.__name__, "turn", str(repo), continued=False)
        told = [one.decision for one in (after, judge(event, POLICY)) if isinstance(one.decision, Block)]
        assert told, make


def test_more_than_there_is_time_for_is_said(
    turn: Turn, allowed: Note, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "SLACK", 0)  # the repository is as new as the session
    for number in range(3):
        (repo / f"{number}.txt").write_text("x")
    settle()
    monkeypatch.setattr(look, "_SECONDS", -1.0)
    assert "3 changed files are left to look at" in str(allowed(turn("stop")))
    monkeypatch.setattr(look, "_SECONDS", 20.0)
    assert allowed(turn("stop")) is None
    assert len(seen.read("session").stamps) == 3


def test_what_cannot_be_kept_is_said_and_found_all_the_same(
    turn: Turn, reason: Said, repo: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    (repo / "late.txt").write_text(f"TOKEN={key}\n")
    monkeypatch.setattr(seen, "finish", full)
    assert "late.txt:1:7" in (told := reason(turn("stop")))
    assert "What was looked at cannot be kept (No space left on device)." in told


def test_a_folder_with_very_many_files_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(50):
        (tmp_path / f"d{number % 5}").mkdir(exist_ok=True)
        (tmp_path / f"d{number % 5}" / f"{number}").touch()
    monkeypatch.setattr(sweep, "_MOST_FILES", 20)
    found = sweep._in_folder(str(tmp_path))
    assert len(found.fresh) <= 20
    assert found.missed == (str(tmp_path),)

"""Ways to keep a secret from the sweep: what git can be told, what it does not list, what takes long."""

import hashlib
import os
import random
import string
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.guard import landed, suppress, sweep
from codex_guard.model import Allow, Block, Finding, Judgement, PromptEvent, StopEvent
from codex_guard.policy.policy import Policy
from codex_guard.repo import hidden, within
from codex_guard.secrets import masking
from support.repositories import put, repository, run

Judge = Callable[..., Judgement]
Said = Callable[[Judgement], str]
POLICY = Policy(checks=False)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", "old.py", "sub/kept.py")


@pytest.fixture
def begin(judge: Judge, repo: Path) -> Callable[[], None]:
    def begun() -> None:
        judge(PromptEvent("session", "turn", str(repo), "go on"), POLICY)

    return begun


@pytest.fixture
def stop(judge: Judge, repo: Path) -> Callable[[], Judgement]:
    def ended() -> Judgement:
        suppress._is_ignored.cache_clear()  # each hook is a process of its own
        return judge(StopEvent("session", "turn", str(repo), continued=False), POLICY)

    return ended


Begin = Callable[[], None]
Stop = Callable[[], Judgement]


def commit(folder: Path) -> None:
    run(folder, "add", "--all")
    run(folder, "commit", "-q", "-m", "x")


def head_of(folder: Path) -> str:
    return run(folder, "rev-parse", "HEAD").stdout.decode().strip()


def unordered(repo: Path, key: str) -> str:
    put(repo / "n.py", key)
    commit(repo)
    run(repo, "config", "diff.orderFile", "/nowhere")
    return "n.py"


def pruned(repo: Path, key: str) -> str:
    put(repo / "n.py", key)
    run(repo, "add", ".")
    run(repo, "commit", "-q", "--amend", "-m", "x")
    run(repo, "reflog", "expire", "--expire=now", "--all")
    run(repo, "gc", "-q", "--prune=now")
    return "n.py"


def grafted(repo: Path, key: str) -> str:
    start = head_of(repo)
    put(repo / "n.py", key)
    commit(repo)
    put(repo / ".git" / "info" / "grafts", f"{start} {head_of(repo)}\n{head_of(repo)}\n")
    return "n.py"


def committed_within(repo: Path, key: str) -> str:
    put(repository(repo / "inner", "b") / "n.py", key)
    commit(repo / "inner")
    return "inner/n.py"


def behind_many(repo: Path, key: str) -> str:
    for number in range(22):
        repository(repo / f"n{number:02}")
    put(repo / "n21" / "n.py", key)
    return "n21/n.py"


def within_within(repo: Path, key: str) -> str:
    put(repository(repository(repo / "inner", "b") / "more", "c") / "n.py", key)
    return "inner/more/n.py"


def broken_within(repo: Path, key: str) -> str:
    put(repository(repo / "inner", "b") / "n.py", key)
    put(repo / "inner" / ".git" / "config", "no configuration [")
    return "inner/n.py"


def no_module(repo: Path, key: str) -> str:
    put(repo / "lib" / "n.py", key)
    run(repo, "update-index", "--add", "--cacheinfo", f"160000,{head_of(repo)},lib")
    return "lib/n.py"


def in_a_link(repo: Path, key: str) -> str:
    (repo / "link").symlink_to(key)
    return "link"


def excluded(repo: Path, key: str) -> str:
    put(repo / ".git" / "info" / "exclude", "n.py\n")
    put(repo / "n.py", key)
    return "n.py"


def excluded_elsewhere(repo: Path, key: str) -> str:
    put(repo / ".git" / "rules", "n.py\n")
    run(repo, "config", "core.excludesFile", str(repo / ".git" / "rules"))
    put(repo / "n.py", key)
    return "n.py"


def self_ignored(repo: Path, key: str) -> str:
    put(repo / ".gitignore", ".gitignore\nhidden/\n")
    put(repo / "hidden" / "deep" / "n.py", key)
    return "hidden/deep/n.py"


def elsewhere(repo: Path, key: str) -> str:
    put(repo / "n.py", key)
    run(repo, "config", "core.worktree", "../..")
    return "n.py"


def in_another_case(repo: Path, key: str) -> str:
    run(repo, "config", "core.ignorecase", "true")
    put(repo / "OLD.py", key)
    return "OLD.py"


def said_unchanged(repo: Path, key: str) -> str:
    """Write an index that holds the old text's name beside the new file's size and times."""
    before = run(repo, "rev-parse", "HEAD:old.py").stdout.decode().strip()
    put(repo / "old.py", key)
    run(repo, "add", "old.py")
    now = run(repo, "rev-parse", ":old.py").stdout.decode().strip()
    index = repo / ".git" / "index"
    body = index.read_bytes()[:-20].replace(bytes.fromhex(now), bytes.fromhex(before)).partition(b"TREE")[0]
    time.sleep(1.1)  # what is as new as the index itself is compared
    index.write_bytes(body + hashlib.sha1(body).digest())  # noqa: S324 - as git does
    assert not run(repo, "status", "--porcelain").stdout
    return "old.py"


def waiting(repo: Path, key: str) -> str:
    put(repo / "n.py", key)
    put(repo / ".git" / "index", "no index")
    return "n.py"


@pytest.mark.parametrize(
    "way",
    [
        unordered,
        pruned,
        grafted,
        committed_within,
        behind_many,
        within_within,
        broken_within,
        no_module,
        in_a_link,
        excluded,
        excluded_elsewhere,
        self_ignored,
        elsewhere,
        in_another_case,
        said_unchanged,
        waiting,
    ],
    ids=lambda way: way.__name__,
)
def test_it_is_found(
    begin: Begin, stop: Stop, reason: Said, repo: Path, key: str, way: Callable[[Path, str], str]
) -> None:
    begin()
    assert f"{way(repo, f'TOKEN={key}')}:1:7" in reason(stop())


def test_a_commit_that_claims_to_be_old_is_told_to_the_user(
    begin: Begin, stop: Stop, repo: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()
    put(repo / "n.py", f"TOKEN={key}")
    run(repo, "add", ".")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2001-01-01T00:00:00Z")
    run(repo, "commit", "-q", "-m", "x")
    decision = stop().decision
    assert isinstance(decision, Allow)
    assert "n.py:1:7" in str(decision.note)


def test_in_a_repository_without_a_commit(judge: Judge, reason: Said, tmp_path: Path, key: str) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    run(folder, "init", "-q")
    judge(PromptEvent("session", "turn", str(folder), "go on"), POLICY)
    put(folder / "n.py", f"TOKEN={key}")
    commit(folder)
    event = StopEvent("session", "turn", str(folder), continued=False)
    assert "found 1 secret in files that changed" in reason(judge(event, POLICY))


@pytest.mark.parametrize("way", ["added by force", "no longer ignored", "committed"])
def test_an_old_file_that_git_ignored_and_now_keeps(
    begin: Begin, stop: Stop, reason: Said, repo: Path, key: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(repo / ".gitignore", ".env*\n")
    commit(repo)
    put(repo / ".env", f"TOKEN={key}")
    monkeypatch.setattr(sweep, "SLACK", 0)
    time.sleep(0.03)
    begin()
    assert stop().decision == Allow()
    if way == "added by force":
        run(repo, "add", "-f", ".env")
    else:
        put(repo / ".gitignore", "\n")
        run(repo, "add", ".")
    if way == "committed":
        run(repo, "commit", "-q", "-m", "x")
    assert ".env:1:7" in reason(stop())


def test_what_may_live_in_a_store_is_looked_at_once_git_keeps_it(
    begin: Begin, stop: Stop, reason: Said, repo: Path, key: str
) -> None:
    begin()
    put(repo / ".gitignore", ".env*\n")
    put(repo / ".env", f"TOKEN={key}")
    time.sleep(0.03)
    assert isinstance(stop().decision, Allow)
    put(repo / ".gitignore", "\n")
    assert ".env:1:7" in reason(stop())


def test_rules_from_before_hide_what_they_hid(begin: Begin, stop: Stop, repo: Path, key: str) -> None:
    put(repo / ".gitignore", "*.log\n")
    commit(repo)
    begin()
    put(repo / ".gitignore", "*.log\nnode_modules/\n__pycache__/\n")
    put(repo / "run.log", f"TOKEN={key}")
    put(repo / "node_modules" / "a.js", f"TOKEN={key}")
    assert stop().decision == Allow()


def test_no_program_of_the_repository_runs(
    begin: Begin, stop: Stop, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()
    ran = tmp_path / "ran"
    program = put(repo / ".venv" / "bin" / "git", f"#!/bin/sh\necho x >> {ran}\nexit 1\n")
    program.chmod(0o755)
    run(repo, "config", "log.showSignature", "true")
    run(repo, "config", "gpg.program", str(program))
    put(repo / ".gitignore", ".venv\n")
    run(repo, "add", ".")
    tree = run(repo, "write-tree").stdout.decode().strip()
    now = int(time.time())
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQE=\n -----END PGP SIGNATURE-----\n"
    text = f"tree {tree}\nparent {head_of(repo)}\nauthor a <a@b> {now} +0000\ncommitter a <a@b> {now} +0000\n"
    signed = put(tmp_path / "commit", f"{text}{signature}\nx\n")
    name = run(repo, "hash-object", "-t", "commit", "-w", str(signed)).stdout.decode().strip()
    run(repo, "update-ref", "HEAD", name)
    repository(repo / "inner", "b")
    monkeypatch.setenv("PATH", os.pathsep.join((str(program.parent), os.environ["PATH"])))
    assert isinstance(stop().decision, Allow)
    assert not ran.exists()


def test_very_many_findings_are_prepared_once(
    begin: Begin, stop: Stop, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = random.Random(7)  # noqa: S311 - values that open nothing
    letters = string.ascii_letters + string.digits
    begin()
    for number in range(60):
        lines = [f"password = '{''.join(chosen.choices(letters, k=24))}'" for _ in range(10)]
        put(repo / f"{number}.py", "\n".join(lines))
    made: list[int] = []
    real = masking._values

    def counted(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
        made.append(len(findings))
        return real(findings)

    monkeypatch.setattr(masking, "_values", counted)
    assert isinstance(stop().decision, Block)
    assert made.count(600) < 60  # not once a file, and the ledger has an end


def test_what_is_searched_for_in_the_past_has_an_end(
    begin: Begin, stop: Stop, reason: Said, repo: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(repo / "old.py", f"TOKEN={key}\n")
    commit(repo)
    begin()
    put(repo / "old.py", f"#\nTOKEN={key}\n")
    monkeypatch.setattr(landed, "_MOST_SEARCHED", 10)
    assert "old.py:2:7" in reason(stop())


def test_what_is_too_much_is_said(
    begin: Begin, stop: Stop, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()
    repository(repo / "inner", "a", "b", "c")
    monkeypatch.setattr(within, "_MOST", 2)
    decision = stop().decision
    assert isinstance(decision, Allow)
    assert "could not look at inner (it holds more files than are looked at)" in str(decision.note)


def test_before_a_prompt_large_files_are_left_to_the_turns_end(
    judge: Judge, begin: Begin, stop: Stop, reason: Said, repo: Path, key: str
) -> None:
    begin()
    put(repo / "n.py", f"TOKEN={key}\n")
    put(repo / "large.py", f"{'#' * 300_000}\nTOKEN={key}\n")
    decision = judge(PromptEvent("session", "turn", str(repo), "go on"), POLICY).decision
    assert isinstance(decision, Allow)
    assert "n.py:1:7" in str(decision.context)
    assert "1 changed files are left to look at" in str(decision.context)
    assert "large.py:2:7" in reason(stop())


def test_a_repository_that_git_cannot_read_lets_the_next_prompt_through(
    judge: Judge, begin: Begin, repo: Path
) -> None:
    begin()
    put(repo / ".git" / "index", "no index")
    decision = judge(PromptEvent("session", "turn", str(repo), "go on"), POLICY).decision
    assert isinstance(decision, Allow)
    assert "could not look at what the turn before this one left" in str(decision.note)


def test_only_what_git_ignores_by_a_new_rule(repo: Path) -> None:
    put(repo / ".gitignore", "*.old\n")
    commit(repo)
    start = head_of(repo)
    put(repo / ".gitignore", "*.old\n*.new\nfolder/\ntabbed\\ name\n")
    for name in ("a.old", "a.new", "folder/x", "folder/.git/y", "folder/dist/z", "tabbed name", "ä.new"):
        put(repo / name)
    found = hidden.changed(str(repo), [".gitignore"], start, 0)
    assert set(found) == {"a.new", "folder/x", "tabbed name", "ä.new"}
    assert hidden.changed(str(repo), [".gitignore"], start, time.time_ns() + 10**12) == ()
    assert hidden.changed(str(repo / ".git"), [".gitignore"], start, 0) == ()

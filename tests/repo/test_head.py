"""The commit a work tree is at, as git itself says it, without asking git."""

import os
import subprocess
from pathlib import Path

import pytest

from codex_guard.repo import head
from support.repositories import repository, run


def said(folder: Path) -> str:
    return run(folder, "rev-parse", "HEAD").stdout.decode().strip()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", "a")


def test_a_branch(repo: Path) -> None:
    assert head.commit(str(repo)) == said(repo) != ""


def test_no_branch(repo: Path) -> None:
    run(repo, "checkout", "-q", "--detach")
    assert head.commit(str(repo)) == said(repo)


def test_packed_references(repo: Path) -> None:
    run(repo, "branch", "another")
    run(repo, "pack-refs", "--all")
    assert not list((repo / ".git" / "refs" / "heads").iterdir())
    assert head.commit(str(repo)) == said(repo)


def test_a_worktree_of_its_own(repo: Path, tmp_path: Path) -> None:
    run(repo, "worktree", "add", "-q", str(tmp_path / "other"))
    run(tmp_path / "other", "commit", "-q", "--allow-empty", "-m", "more")
    assert head.commit(str(tmp_path / "other")) == said(tmp_path / "other") != said(repo)


def test_a_reference_to_another(repo: Path) -> None:
    run(
        repo,
        "symbolic-ref",
        "refs/heads/alias",
        "refs/heads/" + run(repo, "branch", "--show-current").stdout.decode().strip(),
    )
    (repo / ".git" / "HEAD").write_text("ref: refs/heads/alias\n")
    assert head.commit(str(repo)) == said(repo)


def test_sha_256(tmp_path: Path) -> None:
    done = subprocess.run(["git", "init", "-q", "--object-format=sha256", tmp_path], check=False)
    if done.returncode:
        pytest.skip("this git knows no SHA-256")
    run(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    assert head.commit(str(tmp_path)) == said(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "ref: refs/heads/none", "ref: /etc/passwd", "ref: ../../x", "ref: HEAD", "zz" * 20, "\xff", "ref: "],
)
def test_what_says_no_commit_says_none(repo: Path, text: str) -> None:
    (repo / ".git" / "HEAD").write_text(text)
    assert head.commit(str(repo)) == ""


def test_no_repository(tmp_path: Path) -> None:
    assert head.commit(str(tmp_path)) == ""
    (tmp_path / ".git").write_text("gitdir: nowhere")
    assert head.commit(str(tmp_path)) == ""
    (tmp_path / ".git").unlink()
    os.mkfifo(tmp_path / ".git")
    assert head.commit(str(tmp_path)) == ""


LOG = {
    "commit: pull: Fast-forward": True,
    "commit (amend): x": True,
    "commit (initial): x": True,
    "commit (merge): x": True,
    "cherry-pick: Fast-forward": True,
    "revert: x": True,
    "am: x": True,
    "rebase (pick): moving: Fast-forward": True,
    "pull --rebase (pick): x: Fast-forward": True,
    "pull: Merge made by the 'ort' strategy.": True,
    "merge other: Merge made by the 'ort' strategy.": True,
    "something new": True,
    "pull: Fast-forward": False,
    "pull origin main: Fast-forward": False,
    "merge other: Fast-forward": False,
    "pull --rebase (start): checkout 1234": False,
    "rebase (start): checkout main": False,
    "rebase (finish): returning to refs/heads/main": False,
    "checkout: moving from main to other": False,
    "clone: from https://example.org/x": False,
    "reset: moving to HEAD~1": False,
}


@pytest.mark.parametrize("message", LOG)
def test_the_log_tells_what_was_made_here(tmp_path: Path, message: str) -> None:
    logs = tmp_path / ".git" / "logs"
    logs.mkdir(parents=True)
    new = "b" * 40
    (logs / "HEAD").write_text(f"{'a' * 40} {new} A B <a@example.org> 1700000000 +0100\t{message}\nbroken\n")
    assert head.made(str(tmp_path), 1_700_000_000) == (frozenset({new}) if LOG[message] else frozenset())
    assert head.made(str(tmp_path), 1_700_000_001) == frozenset()


def test_without_a_log_nothing_is_known_of_what_was_made(tmp_path: Path) -> None:
    assert head.made(str(tmp_path), 0) is None


def test_other_work_trees_count(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", "a")
    run(repo, "worktree", "add", "-q", str(tmp_path / "tree"))
    run(tmp_path / "tree", "commit", "-q", "--allow-empty", "-m", "x")
    made = head.made(str(repo), 0)
    assert made is not None
    assert made >= {head.commit(str(repo)), head.commit(str(tmp_path / "tree"))}
    assert head.made(str(tmp_path / "tree"), 0) == made

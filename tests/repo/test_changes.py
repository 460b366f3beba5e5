"""What git does not say by itself: files that it is told not to look at, repositories within, commits."""

import time
from pathlib import Path

import pytest

from codex_guard.errors import GuardError
from codex_guard.repo import changes, head
from support.repositories import put, repository, run


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", "kept.py", "sub/other.py")


def whole(folder: Path) -> changes.Changes:
    found = changes.of(str(folder), whole=True)
    assert found is not None
    return found


@pytest.mark.parametrize("bit", ["--assume-unchanged", "--skip-worktree"])
@pytest.mark.parametrize("where", ["", "sub"])
def test_files_that_git_is_told_not_to_look_at(repo: Path, bit: str, where: str) -> None:
    run(repo, "update-index", bit, "sub/other.py")
    put(repo / "sub" / "other.py", "changed\n")
    found = whole(repo / where)
    assert (found.files, found.unwatched) == ((), ("sub/other.py",))
    (repo / "sub" / "other.py").unlink()
    assert whole(repo).unwatched == ()


def test_repositories_within(repo: Path, tmp_path: Path) -> None:
    repository(repo / "clone", "a")
    source = repository(tmp_path / "source", "b")
    run(repo, "submodule", "add", "-q", str(source), "module")
    assert set(whole(repo).nested) == {"clone", "module"}


def test_a_folder_that_the_index_takes_for_a_repository(repo: Path) -> None:
    put(repo / "lib" / "x")
    run(repo, "update-index", "--add", "--cacheinfo", f"160000,{head.commit(str(repo))},lib")
    found = whole(repo)
    assert (found.files, found.nested) == ((), ("lib",))


def test_links_that_lead_to_no_file(repo: Path) -> None:
    for name, target in (("dangling", "nowhere"), ("folder", "sub"), ("file", "kept.py")):
        (repo / name).symlink_to(target)
    found = whole(repo)
    assert (found.files, found.links) == (("file",), ("dangling", "folder"))


def test_what_is_staged(repo: Path) -> None:
    for name in ("added", "gone", "later"):
        put(repo / name, name)
    run(repo, "add", "added", "gone")
    (repo / "gone").unlink()
    name = run(repo, "hash-object", "added").stdout.decode().strip()
    assert whole(repo).staged == (("added", name),)
    assert head.is_loose_since(str(repo), name, time.time_ns() - 10**11)
    assert not head.is_loose_since(str(repo), name, time.time_ns() + 10**11)
    assert not head.is_loose_since(str(repo), "0" * 40, 0)


def test_a_work_tree_elsewhere_is_an_error(repo: Path) -> None:
    run(repo, "config", "core.worktree", "../..")
    with pytest.raises(GuardError, match=r"unset core\.worktree"):
        changes.of(str(repo))


def test_as_one_asks_for_it(repo: Path) -> None:
    put(repo / "new")
    run(repo, "update-index", "--assume-unchanged", "kept.py")
    assert changes.of(str(repo)) == changes.Changes(str(repo.resolve()), ("new",))
    assert whole(repo).replace(index=b"") == changes.Changes(str(repo.resolve()), ("new",), ("kept.py",))


def test_what_was_committed_since(repo: Path) -> None:
    start = head.commit(str(repo))
    began = int(time.time()) - 2
    for name in ("one", "two"):
        put(repo / name)
        run(repo, "add", ".")
        run(repo, "commit", "-q", "-m", name)
    put(repo / "kept.py", "changed\n")
    run(repo, "mv", "sub/other.py", "moved.py")
    run(repo, "commit", "-q", "-a", "-m", "moved")
    run(repo, "rm", "-q", "two")
    run(repo, "commit", "-q", "-m", "gone")
    found = changes.committed(str(repo), start, began)
    assert found == ("kept.py", "moved.py", "one", "sub/other.py", "two")
    assert changes.committed(str(repo), start, int(time.time()) + 60) == ()
    assert changes.committed(str(repo), "", began) == found
    assert changes.committed(str(repo), "0" * 40, began) is None


def test_what_was_fetched_is_nobodys_of_this_session(repo: Path) -> None:
    start = head.commit(str(repo))
    put(repo / "old")
    run(repo, "add", ".")
    run(repo, "-c", "user.name=b", "commit", "-q", "-m", "old", "--date=2001-01-01T00:00:00Z")
    # A commit's own date can be of long ago; when it was made here is what counts.
    assert changes.committed(str(repo), start, int(time.time()) - 60) == ("old",)


def test_names_that_mean_something_to_git(repo: Path) -> None:
    start = head.commit(str(repo))
    names = {"with space", "-dash", ":colon", "new\nline", "ä", "*"}
    for name in names:
        put(repo / name)
    assert set(whole(repo).files) == names
    run(repo, "add", "--all")
    run(repo, "commit", "-q", "-m", "x")
    assert set(changes.committed(str(repo), start, int(time.time()) - 60) or ()) == names


def test_what_is_gone(repo: Path) -> None:
    (repo / "kept.py").unlink()
    run(repo, "mv", "sub/other.py", "moved.py")
    assert whole(repo).gone == ("kept.py", "sub/other.py")
    put(repo / "kept.py")
    assert whole(repo).gone == ("sub/other.py",)


def made(repo: Path, name: str) -> str:
    put(repo / name)
    run(repo, "add", ".")
    run(repo, "commit", "-q", "-m", name)
    return head.commit(str(repo))


def test_where_a_turn_began(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def at(seconds: int) -> None:
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"@{seconds} +0000")

    turn = 1_700_000_200
    at(1_700_000_000)
    start = made(repo, "start")
    run(repo, "checkout", "-q", "-b", "other")
    other = made(repo, "other")
    run(repo, "checkout", "-q", "-")
    at(1_700_000_300)
    made(repo, "turn")
    assert changes.beginning(str(repo), start, turn) == start
    run(repo, "commit", "-q", "--amend", "-m", "again")
    assert changes.beginning(str(repo), start, turn) == start
    run(repo, "checkout", "-q", "other")
    assert changes.beginning(str(repo), start, turn) == other
    made(repo, "more")
    assert changes.beginning(str(repo), start, turn) == other
    run(repo, "checkout", "-q", "-")
    run(repo, "merge", "-q", "--no-edit", "other")
    assert changes.beginning(str(repo), start, turn) == start
    for odd in ("0" * 40, "nothing"):
        assert changes.beginning(str(repo), odd, turn) == odd

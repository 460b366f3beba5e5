"""What git calls contents, and since when it has them."""

import time
from pathlib import Path

import pytest

from codex_guard.repo import head, objects
from support.repositories import put, repository, run


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_contents_go_by_gits_own_name(tmp_path: Path, kind: str) -> None:
    run(tmp_path, "init", "-q", f"--object-format={kind}")
    repository(tmp_path, "a")
    told = run(tmp_path, "hash-object", "a").stdout.decode().strip()
    assert objects.id_of((tmp_path / "a").read_bytes(), head.commit(str(tmp_path))) == told.encode()
    assert objects.is_older(str(tmp_path), b"text\n", time.time_ns() + 1)
    assert not objects.is_older(str(tmp_path), b"other\n", time.time_ns() + 1)


def test_what_came_later_is_not_older(tmp_path: Path) -> None:
    repo = repository(tmp_path, "a")
    since = time.time_ns()
    time.sleep(0.03)
    put(repo / "b", "later\n")
    put(repo / "c")
    run(repo, "add", ".")  # which touches what it has of "a" already
    assert objects.is_older(str(repo), b"text\n", since)
    assert not objects.is_older(str(repo), b"later\n", since)


def test_where_there_is_no_repository(tmp_path: Path) -> None:
    assert not objects.is_older(str(tmp_path), b"text\n", time.time_ns())

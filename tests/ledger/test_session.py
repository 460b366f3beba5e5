"""What is kept about a session between hooks."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codex_guard.errors import GuardError
from codex_guard.ledger import place, session


def folder() -> Path:
    return Path(place.folder(), "sessions")


def put(name: str, value: object = 1) -> Path:
    """Keep something for a session and return the file that it is kept in."""
    before = set(folder().iterdir()) if folder().exists() else set()
    with session.opened(name) as state:
        state["kept"] = value
    [path] = set(folder().iterdir()) - before
    return path


def kept(name: str) -> object:
    with session.opened(name) as state:
        return state.get("kept")


@pytest.mark.parametrize("value", [1, "é\ud800\0", [1, {"a": None}], {"deep": [[]]}])
def test_what_is_put_is_kept(value: object) -> None:
    put("session", value)
    assert kept("session") == value


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a/b", "\0", "\ud800", "x" * 10_000, "雪"])
def test_any_name_of_a_session_is_a_file_in_its_folder(name: str) -> None:
    path = put(name)
    assert path.parent == folder()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder().stat().st_mode) == 0o700
    assert kept(name) == 1


def test_sessions_are_apart() -> None:
    put("one", 1)
    put("two", 2)
    assert (kept("one"), kept("two"), kept("three")) == (1, 2, None)


def test_less_is_kept_whole_too() -> None:
    put("session", "x" * 1_000)
    with session.opened("session") as state:
        state["kept"] = "y"
    assert kept("session") == "y"


def test_an_error_within_keeps_what_was() -> None:
    put("session", 1)

    def change() -> None:
        with session.opened("session") as state:
            state["kept"] = 2
            raise ValueError("within")

    with pytest.raises(ValueError, match="within"):
        change()
    assert kept("session") == 1


def test_parallel_changes_are_not_lost() -> None:
    code = """
from codex_guard.ledger import session
for _ in range(50):
    with session.opened("session") as state:
        state["kept"] = state.get("kept", 0) + 1
"""
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(8)]
    for process in processes:
        assert process.wait(timeout=120) == 0
    assert kept("session") == 400


DAMAGED = [b"", b"{", b"\xff\xfe", b"[1]", b"null", b'"text"', b"[" * 100_000, b'{"kept": 1}{"kept": 2}']


@pytest.mark.parametrize("damaged", DAMAGED)
def test_a_damaged_file_counts_as_an_empty_one(damaged: bytes) -> None:
    path = put("session")
    path.write_bytes(damaged)
    assert kept("session") is None
    with session.opened("session") as state:
        state["kept"] = 2
    assert json.loads(path.read_text()) == {"kept": 2}


def test_old_ones_are_forgotten_when_a_session_begins() -> None:
    now = time.time()
    old, young = put("old"), put("young")
    os.utime(old, (now - 31 * 86_400,) * 2)
    os.utime(young, (now - 29 * 86_400,) * 2)
    put("new")
    assert not old.exists()
    assert young.exists()


def test_nothing_is_forgotten_within_a_session() -> None:
    path, other = put("session"), put("other")
    for each in (path, other):
        os.utime(each, (1, 1))
    assert kept("session") == 1
    assert other.exists()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/null")


@pytest.mark.parametrize("spoil", [a_folder, a_link])
def test_a_file_that_cannot_be_kept_is_an_error(spoil: object) -> None:
    assert callable(spoil)
    spoil(put("session"))
    with pytest.raises(GuardError, match=r"cannot keep the session's state in .*\.json \(.*make it writable"):
        kept("session")


def test_a_file_in_place_of_the_folder_is_an_error() -> None:
    folder().write_text("")
    with pytest.raises(GuardError, match="cannot keep the session's state"):
        kept("session")


def test_a_device_that_fills_up_is_an_error() -> None:
    path = put("session")
    limited = """
import resource, signal
from codex_guard.errors import GuardError
from codex_guard.ledger import session
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
try:
    with session.opened("session") as state:
        state["kept"] = "x" * 100_000
except GuardError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", limited], capture_output=True, text=True, check=True, timeout=60
    )
    assert f"cannot keep the session's state in {path}" in done.stdout

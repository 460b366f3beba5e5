"""The install's own key: made once, whole, and the same for everyone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from codex_guard.errors import GuardError
from codex_guard.ledger import key, place


def path() -> Path:
    return Path(place.folder(), "key")


def test_it_is_made_on_first_use_and_kept() -> None:
    made = key.read()
    assert len(made) == 32
    assert key.read() == made == path().read_bytes()
    assert stat.S_IMODE(path().stat().st_mode) == 0o600
    assert os.listdir(place.folder()) == ["key"]


def test_another_install_has_another_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = key.read()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert key.read() != first


def test_eight_processes_at_once_have_the_same(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom codex_guard.ledger import key\nprint(flush=True)\n"
        f"while not os.path.exists({str(tmp_path / 'go')!r}): pass\nprint(key.read().hex())"
    )
    for _ in range(5):
        processes = [
            subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
            for _ in range(8)
        ]
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        (tmp_path / "go").touch()
        keys = [process.communicate(timeout=60)[0].strip() for process in processes]
        assert set(keys) == {path().read_bytes().hex()}
        assert os.listdir(place.folder()) == ["key"]
        path().unlink()
        (tmp_path / "go").unlink()


def test_a_key_that_another_process_made_meanwhile_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = place.open_private

    def meanwhile(name: str, flags: int) -> int:
        path().write_bytes(b"k" * 32)
        return opened(name, flags)

    monkeypatch.setattr(place, "open_private", meanwhile)
    assert key.read() == path().read_bytes() == b"k" * 32
    assert os.listdir(place.folder()) == ["key"]


@pytest.mark.parametrize("damaged", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_an_error_and_stays(damaged: bytes) -> None:
    path().write_bytes(damaged)
    with pytest.raises(GuardError, match=r"key .*/key is damaged: delete it and a new one is made"):
        key.read()
    assert path().read_bytes() == damaged


def test_what_cannot_be_read_is_an_error() -> None:
    path().mkdir()
    with pytest.raises(GuardError, match=r"cannot read its key .*/key \(Is a directory\)"):
        key.read()


def test_what_cannot_be_kept_is_an_error_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(GuardError, match=r"cannot keep its key in .*/key \(No space left on device\)"):
        key.read()
    assert os.listdir(place.folder()) == []


def test_what_a_killed_process_left_does_not_stand_in_the_way() -> None:
    Path(f"{path()}.{os.getpid()}").write_bytes(b"half")
    assert len(key.read()) == 32

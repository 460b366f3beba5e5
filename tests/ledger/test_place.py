"""Where the guard keeps its files, and who may read them."""

import os
import stat
from pathlib import Path

import pytest

from codex_guard.errors import GuardError
from codex_guard.ledger import place

PLACES = {
    "XDG_STATE_HOME": ({"XDG_STATE_HOME": "{0}/x", "HOME": "{0}/h"}, "x/codex-guard"),
    "none": ({"HOME": "{0}/h"}, "h/.local/state/codex-guard"),
    "an empty one": ({"XDG_STATE_HOME": "", "HOME": "{0}/h"}, "h/.local/state/codex-guard"),
    "a relative one": ({"XDG_STATE_HOME": "x", "HOME": "{0}/h"}, "h/.local/state/codex-guard"),
    "one with spaces": ({"XDG_STATE_HOME": "{0}/a b/é", "HOME": "{0}/h"}, "a b/é/codex-guard"),
}


@pytest.mark.parametrize("case", PLACES)
def test_the_folder_is_made(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variables, expected = PLACES[case]
    monkeypatch.delenv("XDG_STATE_HOME")
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp_path))
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert place.folder() == str(tmp_path / expected)
        assert (tmp_path / expected).is_dir()


def test_nobody_else_may_look(own_home: Path) -> None:
    before = os.umask(0)
    try:
        handle = place.open_private(os.path.join(place.folder(), "file"), os.O_WRONLY)
    finally:
        os.umask(before)
    os.close(handle)
    assert stat.S_IMODE(os.stat(place.folder()).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(os.path.join(place.folder(), "file")).st_mode) == 0o600


@pytest.mark.parametrize("home", ["relative", "a/b"])
def test_a_home_that_leads_into_the_session_is_an_error(monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", home)
    with pytest.raises(GuardError, match="cannot tell your home folder: set HOME"):
        place.folder()


def test_a_folder_that_cannot_be_made_is_an_error(own_home: Path) -> None:
    (own_home / "state").write_text("a file in its place")
    with pytest.raises(
        GuardError, match=r"cannot make its state folder .*codex-guard \(.*set XDG_STATE_HOME"
    ):
        place.folder()


def test_a_link_is_not_followed_into_another_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="symbolic link"):
        place.open_private(str(tmp_path / "link"), os.O_WRONLY)
    assert not (tmp_path / "target").exists()


def test_a_file_is_not_inherited_by_what_the_hook_starts() -> None:
    handle = place.open_private(os.path.join(place.folder(), "file"), os.O_WRONLY)
    assert not os.get_inheritable(handle)
    os.close(handle)

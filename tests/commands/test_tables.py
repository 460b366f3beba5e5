"""The tables that rules lean on: what is wrong is said with file, table and key."""

from pathlib import Path

import pytest

from codex_guard.build import patterns
from codex_guard.commands import tables
from codex_guard.errors import GuardError


def written(folder: Path, text: str) -> Path:
    path = folder / "table.toml"
    path.write_text(text)
    return path


def test_programs_are_read(tmp_path: Path) -> None:
    text = (
        '[x]\nbefore = ["C"]\nvalues = ["o", "out"]\ntexts = 1\nswitches = ["q"]\n["x y"]\ncomplete = true\n'
    )
    found = tables.programs(written(tmp_path, text))
    assert found == {"x": "C\x1fo out\x1f1\x1f\x1fq\x1f", "x y": "\x1f\x1f0\x1f\x1f\x1fyes"}


def test_places_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, '[secret]\nnames = [".netrc", "a b"]\nhome = [".ssh/"]\n')
    assert tables.places(path) == {"secret": ".netrc\x1ea b\x1f\x1f.ssh/\x1f"}


def test_ours_are_sound() -> None:
    assert tables.programs(patterns() / "programs.toml")
    assert set(tables.places(patterns() / "places.toml")) == {"secret", "plain", "startup", "cache", "log"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[x", "not valid TOML"),
        ("x = 1", "'x' must be a table"),
        ("[x]\nvalue = []", "'x': unknown key 'value'; the keys are before,"),
        ("[x]\nvalues = 'o'", "'x': 'values' must be a list of texts"),
        ("[x]\nvalues = ['']", "'x': 'values' must be a list of texts"),
        ("[x]\ntexts = 'one'", "'texts' must be a number, 'complete' true or false"),
        ("[x]\ncomplete = 1", "'texts' must be a number, 'complete' true or false"),
    ],
)
def test_what_is_wrong_with_programs_is_said(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(GuardError) as caught:
        tables.programs(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_places_are_in_lower_case(tmp_path: Path) -> None:
    with pytest.raises(GuardError, match="'Library/' must be in lower case"):
        tables.places(written(tmp_path, '[log]\nhome = ["Library/"]\n'))

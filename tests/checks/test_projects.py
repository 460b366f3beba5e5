"""The projects of a repository, and reading what they configure."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.checks import projects
from codex_guard.checks.projects import Repository, below, grouped, inside, own, relative, upward
from support.trees import grow


@pytest.mark.parametrize(
    ("folder", "expected"), [("", [""]), ("a", ["a", ""]), ("a/b/c", ["a/b/c", "a/b", "a", ""])]
)
def test_the_folders_above_one(folder: str, expected: list[str]) -> None:
    assert list(upward(folder)) == expected


NEAREST = {"": "", "a": "a", "a/b": "a", "a/b/c": "a/b/c", "a/b/c/d": "a/b/c", "other": ""}


@pytest.mark.parametrize("folder", NEAREST)
def test_the_nearest_folder_with_a_file(tmp_path: Path, folder: str) -> None:
    grow(tmp_path, {"x": "", "a/y": "", "a/b/c/x": ""})
    assert Repository(str(tmp_path)).nearest(folder, ("x", "y")) == NEAREST[folder]


def test_nothing_above_the_top_counts(tmp_path: Path) -> None:
    grow(tmp_path, {"x": "", "top/a/b": ""})
    assert Repository(str(tmp_path / "top")).nearest("a", ("x",)) is None


def test_only_a_file_marks_a_folder(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    os.mkfifo(tmp_path / "y")
    assert Repository(str(tmp_path)).nearest("", ("x", "y")) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.py", True),
        ("node_modules", True),
        ("vendor.go", True),
        ("my_vendor/a.go", True),
        ("node_modules/a.js", False),
        ("a/node_modules/b/c.js", False),
        (".venv/lib/x.py", False),
        ("a/vendor/x/y.go", False),
    ],
)
def test_what_others_wrote_is_in_folders_of_known_names(path: str, *, expected: bool) -> None:
    assert own(path) is expected


def test_files_go_to_their_folders_in_order() -> None:
    files = ("b/x", "a/y", "b/z", "c")
    assert grouped(files, lambda path: os.path.dirname(path) or None) == {"b": ("b/x", "b/z"), "a": ("a/y",)}
    assert below("b", ("b/x", "b/c/z")) == ("x", "c/z")
    assert below("", files) == files
    assert [relative("b", path) for path in ("b/x", "a/y")] == ["x", "../a/y"]
    assert relative("", "a/y") == "a/y"


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [
        ("a", "b", "a/b"),
        ("a", "./b/../c", "a/c"),
        ("a/b", "../..", ""),
        ("", ".", ""),
        ("a", "../../b", None),
        ("", "..", None),
        ("a", "/etc", None),
        ("", "..a", "..a"),
    ],
)
def test_a_relative_path_stays_inside(folder: str, path: str, expected: str | None) -> None:
    assert inside(folder, path) == expected


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("[tool.x]\ny = 1\n", "x", {"tool": {"x": {"y": 1}}}),
        ("[tool.x]\ny = 1\n", "z", {}),
        ("[tool.x\n", "x", {}),
        ("x = \x00", "x", {}),
        ("x = " + "[" * 5_000, "x", {}),
        ("x" + ".y" * 2_000 + " = 1", "x", {}),
        ("x = 1\n#" + "." * 500, "x", {"x": 1}),
        ("x = 1\n#" + " " * (1 << 18), "x", {}),
    ],
)
def test_toml_is_read_where_it_is_some(
    tmp_path: Path, text: str, mark: str, expected: dict[str, object]
) -> None:
    grow(tmp_path, {"a.toml": text})
    assert Repository(str(tmp_path)).toml("a.toml", mark) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": ["b"]}', {"a": ["b"]}),
        ('\ufeff{"a": true}', {"a": True}),
        (
            '{// x\n"a": "//b", /* "c": 1, */ "d": "/*", "e": ["x,]", ], }',
            {"a": "//b", "d": "/*", "e": ["x,]"]},
        ),
        ('{"a": "\\",}"}', {"a": '",}'}),
        ('{"a": ' + "9" * 100_000 + "}", {"a": "9" * 100_000}),
        ("[1]", {}),
        ("{", {}),
        ('{"a": ' + "[" * 100_000, {}),
        ('{"a": "', {}),
        ('{"a": 1} /* "', {"a": "1"}),
        ("", {}),
    ],
)
def test_json_is_read_with_comments(tmp_path: Path, text: str, expected: dict[str, object]) -> None:
    grow(tmp_path, {"a.json": text})
    assert Repository(str(tmp_path)).json("a.json") == expected


@given(text=st.text(st.sampled_from('{}[]",/*\\\n a1:'), max_size=200))
def test_any_text_is_json_or_nothing(text: str) -> None:
    assert isinstance(projects._json(text), dict)


@given(value=st.recursive(st.text() | st.booleans() | st.none(), st.lists, max_leaves=5))
def test_json_without_comments_keeps_its_values(value: object) -> None:
    import json  # noqa: PLC0415 - for this test only

    assert projects._json(json.dumps({"a": value})) == {"a": value}


def test_what_is_no_regular_file_is_empty(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    repository = Repository(str(tmp_path))
    assert [repository.text(name) for name in ("pipe", ".", "gone", "a\0b")] == [""] * 4


@pytest.mark.parametrize(
    ("ignored", "folder", "expected"),
    [
        ("dist", "a/dist", True),
        ("dist/", "dist/x", True),
        ("  /a/dist/  ", "a/dist", True),
        ("**/dist", "a/dist", True),
        ("/dist", "a/dist", False),
        ("a", "a/dist", True),
        ("dist\n!dist", "dist", False),
        ("dist\n!a/dist/", "a/dist", False),
        ("dist\n!other", "dist", True),
        ("#dist", "dist", False),
        ("*", "dist", False),
        ("dis", "dist", False),
        ("", "dist", False),
    ],
)
def test_a_folder_that_is_plainly_ignored(
    tmp_path: Path, ignored: str, folder: str, *, expected: bool
) -> None:
    grow(tmp_path, {".gitignore": ignored})
    assert Repository(str(tmp_path)).ignores(folder) is expected


def test_what_a_folder_ignores_counts_below_it_only(tmp_path: Path) -> None:
    repository = Repository(str(grow(tmp_path, {"a/.gitignore": "/dist\n"})))
    assert repository.ignores("a/dist")
    assert not repository.ignores("b/dist")

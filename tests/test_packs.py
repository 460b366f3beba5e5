"""Packs as texts: where each rule and key stands, whatever TOML lets stand between them."""

import os
from pathlib import Path

import pytest

from codex_guard import packs
from codex_guard.errors import GuardError
from codex_guard.packs import PackError

PATH = Path("/etc/acme.toml")

#: A pack's text, and the line of each rule with those of its keys.
LINES: dict[str, tuple[str, list[tuple[int, dict[str, int]]]]] = {
    "none": ("# nothing\n", []),
    "two": (
        "\n[[rule]]\nid = 1\nb = 2\n\n[[rule]]  # the second\n\n# id = 3\nid = 4\n",
        [(2, {"id": 3, "b": 4}), (6, {"id": 9})],
    ),
    "spelled otherwise": ('[[ "rule" ]]\n"id" = 1\n\'b\'=2\n  c = 3', [(1, {"id": 2, "b": 3, "c": 4})]),
    "the ends of lines of Windows": ("[[rule]]\r\nid = 1\r\n[[rule]]\r\n", [(1, {"id": 2}), (3, {})]),
    "a list over lines": (
        "[[rule]]\na = [\n  \"]\",  # ]]\n  '[',\n[ 1 ],\n]\nb = 1\n",
        [(1, {"a": 2, "b": 7})],
    ),
    "a text over lines": (
        (
            """[[rule]]\na = \"\"\"\n[[rule]]\nb = 1 \\\"\"\" \"\"\"\"\n"""
            "c = '''\n[[rule]]\nd = \"\n''''\ne = \"'''\"\nf = 1\n"
        ),
        [(1, {"a": 2, "c": 5, "e": 9, "f": 10})],
    ),
    "signs in texts and comments": (
        "[[rule]]\na = '[' # ''' [\nb = \"\\\"[\" # \"\"\"\nc = {d = ']'}\ne = 1\n",
        [(1, {"a": 2, "b": 3, "c": 4, "e": 5})],
    ),
    "written in one line": ("# one\nrule = [{id = 1}, {id = 2}]", [(2, {}), (2, {})]),
}


@pytest.mark.parametrize("case", LINES)
def test_where_rules_and_keys_stand(case: str) -> None:
    text, lines = LINES[case]
    tables = packs.parsed(PATH, text)
    assert [(table.line, table.lines) for table in tables] == lines
    for table in tables:
        assert set(table.lines) <= set(table.values)
        assert table.at("nowhere") == table.line


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a = 1\n[[rule]\n", 2, "not valid TOML"),
        ("[[rule]]\nid = 1\nid = 2\n", 3, "not valid TOML"),
        ("[[rule]]\n\na = [1,\n", 3, "not valid TOML"),
        ("\n[[rule]]\na = '", 3, "not valid TOML"),
        ("# one\nname = 1\n[[rule]]\n", 2, "unknown key 'name': a pack holds only [[rule]] tables"),
        ("\n\nrule = 3", 3, "'rule' must be [[rule]] tables"),
        ("[rule]\nid = 1", 1, "'rule' must be [[rule]] tables"),
        ("a = " + "[" * 5_000, 1, "nested too deeply"),
    ],
)
def test_what_is_no_pack_is_said_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(PackError) as error:
        packs.parsed(PATH, text)
    assert error.value.line == line
    assert str(error.value) == f"{PATH}:{line}: {error.value.said}"
    assert said in error.value.said


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "latin").write_bytes(b"\xe9")
    (tmp_path / "large").write_bytes(b"#" * (packs.LARGEST + 1))
    (tmp_path / "whole").write_bytes(b"#" * packs.LARGEST)
    for name, said in {
        "pipe": "no regular file",
        "latin": "not UTF-8",
        "large": "larger than 1 MiB",
        "none": "No such file",
        ".": "no regular file",
        "nul\0": "its name is no file's",
    }.items():
        with pytest.raises(GuardError, match=said) as error:
            packs.text_of(tmp_path / name)
        assert str(tmp_path) in str(error.value)
    assert len(packs.text_of(tmp_path / "whole")) == packs.LARGEST

"""Command packs: what is wrong is said with the file, the rule and the key."""

from pathlib import Path

import pytest

from codex_guard.commands.pack import Pack, read_pack, read_packs
from codex_guard.errors import GuardError

GOOD = """
[[rule]]
id = "no-frobnicate"
title = "frobnicate"
tier = "core"
programs = ["frobnicate"]
why = "It breaks."
instead = "Do not."
deny = ["frobnicate"]
allow = ["echo frobnicate"]
"""


def written(folder: Path, text: str, name: str = "pack.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_pack_is_read(tmp_path: Path) -> None:
    (rule,) = read_pack(written(tmp_path, GOOD))
    assert isinstance(rule, Pack)
    assert (rule.id, rule.programs, rule.suggest) == ("no-frobnicate", ("frobnicate",), ())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "frobnicate"', "", "'no-frobnicate': 'title' is missing or empty"),
        ('deny = ["frobnicate"]', "deny = []", "'deny' is missing or empty"),
        ('tier = "core"', 'tier = "hard"', "'tier' takes core, infra, niche, not 'hard'"),
        ('tier = "core"', 'tier = "core"\nspecail = "x"', "unknown key 'specail'; the keys are allow,"),
        ('tier = "core"', 'tier = "core"\nspecial = "x"', "'special' takes"),
        ('tier = "core"', 'tier = "core"\nrole = 7', "'role' must be a text"),
        ('programs = ["frobnicate"]', 'programs = "frobnicate"', "'programs' must be a list of texts"),
        ('programs = ["frobnicate"]', 'operands = ["home"]', "it needs programs, targets or a special"),
        ('programs = ["frobnicate"]', 'targets = ["moon"]', "'targets' takes"),
        ("[[rule]]", "[[rules]]", "unknown key 'rules'"),
        ("[[rule]]", "[[rule]", "not a readable rule pack"),
        ("[[rule]]\n", "rule = 3\n[more]\n", "unknown key 'more'"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(GuardError) as caught:
        read_pack(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_an_id_stands_once_in_a_folder(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "a.toml")
    written(tmp_path, GOOD, "b.toml")
    with pytest.raises(GuardError, match=r"b\.toml: rule 'no-frobnicate' already stands in .*a\.toml"):
        read_packs(tmp_path)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GuardError, match="holds no rule pack"):
        read_packs(tmp_path)

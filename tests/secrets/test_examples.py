"""What a pack's own examples show to be wrong with its rules."""

from pathlib import Path

import pytest

from codex_guard.secrets.index import load
from codex_guard.secrets.rules import examples, own
from codex_guard.secrets.rules.template import expand

PACK = """
[[rule]]
id = "acme-deploy"
provider = "acme"
title = "Acme deploy token"
severity = "high"
opens = "Deployments."
revoke = "https://acme.test/"
source = "https://acme.test/"
keywords = ["acmd_"]
regex = '''acmd_[0-9A-Za-z]{24}'''
hit = ["acmd_{alnum:24}"]
miss = ["acmd_{x:24}", "acmd_{alnum:30}"]
"""
REGEX, HIT, MISS = 11, 12, 13


def problems(*changes: tuple[str, str]) -> list[tuple[int, str]]:
    text = PACK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    read = own.read(Path("a.toml"), text)
    assert read.problems == ()
    return [
        (problem.line, problem.said.removeprefix("rule 'acme-deploy': "))
        for problem in examples.problems(read.rules, load())
    ]


def test_a_sound_pack() -> None:
    assert problems() == []


#: What is written, in place of what; the line, and the words.
WRONG = {
    "a hit that has another shape": (
        '["acmd_{alnum:24}"]',
        '["acmd_{alnum:24}", "acmd_{alnum:9}"]',
        HIT,
        "example 2 of 'hit' is not found: the 'regex' does not fit it.",
    ),
    "a hit that is a placeholder": (
        '"acmd_{alnum:24}"',
        '"acmd_{x:24}"',
        HIT,
        "example 1 of 'hit' is not found: the 'regex' fits, and what it takes is dropped",
    ),
    "a hit without a keyword": (
        '"acmd_{alnum:24}"',
        '"acme_{alnum:24}"',
        HIT,
        "example 1 of 'hit' holds none of the 'keywords'",
    ),
    "a hit that another rule takes": (
        '"acmd_{alnum:24}"',
        '"acmd_ ghp_{crc62:36}"',
        HIT,
        "example 1 of 'hit' is not found; what is found is of github-pat.",
    ),
    "a miss that hits": (
        '"acmd_{x:24}"',
        '"acmd_{alnum:24}"',
        MISS,
        "example 1 of 'miss' is found, and must not be.",
    ),
    "an unknown field": (
        "{x:24}",
        "{y:24}",
        MISS,
        "example 1 of 'miss' cannot be made up: The template field",
    ),
    "an endless example": (
        "{x:24}",
        "{x:999999999999999}",
        MISS,
        "example 1 of 'miss' is longer than 20,000",
    ),
    "a regex that fits nothing at all": (
        "acmd_[0-9A-Za-z]{24}",
        "(?:acmd_[0-9A-Za-z]{24})?",
        REGEX,
        "the 'regex' fits the empty text",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_line(case: str) -> None:
    old, new, line, said = WRONG[case]
    (problem,) = problems((old, new))
    assert problem[0] == line
    assert problem[1].startswith(said)


def test_an_example_that_is_a_complete_credential_is_never_shown() -> None:
    key = expand("ghp_{crc62:36}")
    ((line, said),) = problems(("acmd_{x:24}", key))
    assert line == MISS
    assert said.startswith("example 1 of 'miss' is a complete credential")
    assert key[4:12] not in said


def test_a_value_without_its_name() -> None:
    value = ("regex = '''acmd_[0-9A-Za-z]{24}'''", "value = '''[0-9a-f]{32}'''")
    assert problems(value, ("acmd_{alnum:24}", "acmd_api_key={hex:32}")) == []
    ((line, said),) = problems(value, ("acmd_{alnum:24}", "acmd_ {hex:32}"))
    assert (line, said.partition(":")[0]) == (HIT, "example 1 of 'hit' is not found")
    assert "(see 'alone')" in said


def test_rules_of_one_pack_are_searched_together() -> None:
    both = PACK + PACK.replace("acme-deploy", "acme-other").replace("high", "critical")
    read = own.read(Path("a.toml"), both)
    (problem,) = examples.problems(read.rules, load())
    assert problem.said == (
        "rule 'acme-deploy': example 1 of 'hit' is not found; what is found is of acme-other."
    )

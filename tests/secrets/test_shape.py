"""How long a run without white space a regex asks for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.build import patterns
from codex_guard.secrets.rules.pack import Rule, read_packs
from codex_guard.secrets.rules.shape import solid_width
from codex_guard.secrets.rules.template import expand

RULES = read_packs(patterns() / "secrets")


@pytest.mark.parametrize(
    ("regex", "width"),
    [
        (r"ghp_[0-9A-Za-z]{36}", 40),
        (r"(?i)(?:sk|rk)_(?:live|test)_[0-9a-z]{24,99}", 32),
        (r"a[^\s\"']{8,20}b", 10),
        (r"(abc)\1", 6),
        (r"x(?=\s)y{5}", 6),
        (r"\w{3}-\d{2}", 6),
        (r"a b", 0),
        (r"a\s{0,3}b", 0),
        (r"a.b", 0),
        (r"a[^b]c", 0),
        (r"a[\W]c", 0),
        ("a[\xa0x]c", 0),
        (r"a[\x00-\xff]c", 0),
        (r"key(?:\s|=)[a-z]{9}", 0),
    ],
)
def test_the_width_of(regex: str, width: int) -> None:
    assert solid_width(regex) == width


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_match_of_a_rule_is_as_solid_as_is_said(rule: Rule) -> None:
    width = solid_width(rule.regex)
    for template in rule.hit:
        for match in re.finditer(rule.regex, expand(template)):
            assert width == 0 or (len(match[0].split()) == 1 and len(match[0]) >= width)


@given(st.from_regex(re.compile(r"(?:sk|rk)_[0-9a-z]{4,9}|tok-[^\s\"]{6,12}"), fullmatch=True))
def test_what_matches_is_one_run(text: str) -> None:
    assert len(text.split()) == 1
    assert len(text) >= solid_width(r"(?:sk|rk)_[0-9a-z]{4,9}|tok-[^\s\"]{6,12}") == 7

"""What stands in every match of a regex, held against texts that match it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.secrets.rules.literals import keywords


@pytest.mark.parametrize(
    ("regex", "words"),
    [
        ("abc", ("abc",)),
        ("ab", ()),
        ("AbC", ("abc",)),
        (r"abc\d{4}defgh", ("defgh",)),
        ("abc?d", ("abcd", "abd")),
        ("x(?:abc)?", ()),
        ("a{3}", ("aaa",)),
        ("a{2,3}", ()),
        ("a{99}", ()),
        ("(?:foo|bar)", ("bar", "foo")),
        (r"(?:foo|bar|\d)", ()),
        (r"(?:foo\d|bar\d)", ("bar", "foo")),
        (r"(?:a12|abc\d|ade\d)", ("a12", "abc", "ade")),
        ("(?:one|onerous)", ("one",)),
        ("g(?:h|l)p-", ("ghp-", "glp-")),
        ("[gG]hp-", ("ghp-",)),
        ("[a-z]hp-", ("hp-",)),
        ("[^g]hp-", ("hp-",)),
        ("[abcdefghi]hp-", ("hp-",)),
        ("(?:a|b|c|d)(?:a|b|c|d)xyz", ("axyz", "bxyz", "cxyz", "dxyz")),
        ("(?:k|)(?:l|)abc", ("abc",)),
        ("(?P<name>ab)c", ("abc",)),
        ("(?:(abc))+", ("abc",)),
        ("(?:(abc))*", ()),
        ("(?>abc)", ("abc",)),
        (r"(?>abc\d)", ("abc",)),
        ("(?=abc)x", ()),
        ("^abc$", ("abc",)),
        (r"\babc", ("abc",)),
        (".abc", ("abc",)),
        ("", ()),
    ],
)
def test_keywords(regex: str, words: tuple[str, ...]) -> None:
    assert keywords(regex) == words


def test_what_does_not_compile() -> None:
    with pytest.raises(re.error):
        keywords("(")


PIECES = st.sampled_from(
    [
        "abc",
        "K-",
        "[xy]",
        "[a-z]",
        r"\d{2}",
        "(?:ab|cde)",
        "(?:q|rst|)",
        "z?",
        "(?:key){0,2}",
        "(A|b)c{1,2}",
        "_{3}",
    ]
)


@given(
    st.lists(PIECES, min_size=1, max_size=6)
    .map("".join)
    .flatmap(lambda r: st.tuples(st.just(r), matching(r)))
)
def test_one_stands_in_every_match(given_: tuple[str, str]) -> None:
    regex, text = given_
    words = keywords(regex)
    assert not words or any(word in text.lower() for word in words)
    assert all(len(word) >= 3 for word in words)


def matching(regex: str) -> st.SearchStrategy[str]:
    return st.from_regex(regex, fullmatch=True, alphabet=st.characters(max_codepoint=127))

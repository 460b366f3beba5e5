"""No text makes a rule's regex work for long at one place: shown on Python's own parse of it.

Three things together keep the work at each place below a constant, and small:
- Every repeat has an end. (A possessive one without an end never goes back, and is still quadratic: it runs
  to the end of the text from each place.)
- What repeats a group knows at each character whether to go on in it or to begin it anew. Otherwise the
  ways to split a text into rounds multiply with each round: (a{1,9}){0,9} has 9 ** 9 of them.
- Repeats side by side that may take the same characters have few ways to share them.

Left to ``python benchmarks/secrets.py --pumped``, which times hostile texts: how many places of a text are
tried, and repeats that share its characters although something must stand between them.
"""

import re

import pytest

from codex_guard.build import patterns
from codex_guard.secrets.rules import backtracking
from codex_guard.secrets.rules.pack import read_pack, read_packs

OPTIONAL = [
    rule for path in (patterns() / "optional").glob("*.toml") for rule in read_pack(path, optional=True)
]
REGEXES = {
    f"{rule.id} {key}": regex
    for rule in (*read_packs(patterns() / "secrets"), *OPTIONAL)
    for key, regex in (("regex", rule.regex), ("value", rule.value))
    if regex
}


@pytest.mark.parametrize("name", REGEXES)
def test_every_repeat_has_an_end(name: str) -> None:
    assert backtracking.endless(REGEXES[name]) == 0


@pytest.mark.parametrize("name", REGEXES)
def test_every_round_of_a_repeat_is_decided(name: str) -> None:
    assert backtracking.undecided(REGEXES[name]) == 0


@pytest.mark.parametrize("name", REGEXES)
def test_repeats_side_by_side_share_little(name: str) -> None:
    assert backtracking.shares(REGEXES[name]) <= backtracking.MOST_SHARES


@pytest.mark.parametrize(
    ("regex", "count"),
    [
        ("a{1,9}b?", 0),
        ("a+", 1),
        ("a*?b++", 2),
        ("(?=a*)b", 1),
        ("(?:a|(b+))", 1),
        ("a{3,}", 1),
        ("(?>a*)", 1),
    ],
)
def test_endless(regex: str, count: int) -> None:
    assert backtracking.endless(regex) == count


@pytest.mark.parametrize(
    ("regex", "count"),
    [
        ("(?:a{1,9}){0,9}", 1),
        ("(?:a{1,9}b){0,9}", 0),
        ("(?:ba{1,9}){0,9}", 0),
        ("(?:a{1,9}b{1,9}){0,9}", 0),
        ("(?:a{1,9}b?){0,9}", 1),
        ("(?:[a-z]{1,9}A){0,9}", 0),
        ("(?i)(?:[a-z]{1,9}A){0,9}", 1),
        ("(?:(?i:[a-z]{1,9})A){0,9}", 1),
        ("(?:a|b|cc){0,9}", 0),
        ("(?:a|ab){0,9}", 0),
        ("(?:a|aa){0,9}", 1),
        ("(?:ab|ac){0,9}", 0),
        ("(?:a{1,4}n|[ a]){0,9}", 1),
        ("(?:a{1,4}n|[ b]){0,9}", 0),
        (r"(?:[^\d\s]{0,9}\d){4}", 0),
        (r"(?:\w{0,9}\d){4}", 1),
        ("(?:(?:a{1,9}){0,9}b){0,9}", 2),
        ("(?=(?:a{1,9}){0,9}b)a", 1),
        ("(?:aa){0,9}", 0),
        ("(?:[^-]{0,9}(?=-)-){1,9}", 0),
    ],
)
def test_undecided(regex: str, count: int) -> None:
    assert backtracking.undecided(regex) == count


@pytest.mark.parametrize(
    ("regex", "count"),
    [
        ("a{0,9}b{0,9}=", 1),
        ("a{0,9}[ab]{0,9}=", 100),
        ("a{0,9}[ab]{0,9}", 1),
        ("a{0,9}c?[ab]{0,9}=", 100),
        ("a{0,9}c[ab]{0,9}=", 1),
        ("a{0,9}a[ab]{0,9}=", 1),
        ("a{0,9}a{1,9}a{0,9}=", 900),
        ("a{0,9}b{1,9}a{0,9}=", 1),
        ("a{0,9}(?=b)a{0,9}=", 100),
        ("a{0,9}(?:key|name)?a{0,9}b{0,4}=", 100),
        (r"(?:x(\w{0,9}\d{0,9})y)", 100),
        ("(?:a{0,9}a{0,9}){3}", 100),
        ("a{9}a{9}", 1),
    ],
)
def test_shares(regex: str, count: int) -> None:
    assert backtracking.shares(regex) == count


@pytest.mark.parametrize(
    ("regex", "said"),
    [
        ("acme_[a-z]{8,40}", []),
        ("acme_[a-z]+", ["no end"]),
        ("(?:a{1,9}){0,9}b", ["split"]),
        ("a{0,99}a{0,99}=", ["side by side"]),
        ("(?:a+)+b", ["no end", "split"]),
        ("(a)?(?(1)b|c)", ["cannot be judged"]),
        ("(?:)", []),
        ("a" * 2_001, ["longer than 2000"]),
        ("(" * 490 + "a" + ")" * 490, ["nested too deeply"]),
    ],
)
def test_faults_are_sentences(regex: str, said: list[str]) -> None:
    found = backtracking.faults(regex)
    assert len(found) == len(said)
    for sentence, words in zip(found, said, strict=True):
        assert re.search(words, sentence)
        assert sentence.endswith(".")

"""What holds of every text: scanning never fails, places are right, and nothing found survives masking."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codex_guard.build import patterns
from codex_guard.guard.scan import Scanner
from codex_guard.model import Finding, Text
from codex_guard.policy.policy import Policy
from codex_guard.secrets import keywords, search
from codex_guard.secrets.index import Index, load
from codex_guard.secrets.masking import mask, veil_cut
from codex_guard.secrets.rules.pack import Rule, read_packs
from codex_guard.secrets.rules.sre import parser
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import scan

RULES = read_packs(patterns() / "secrets")
TEMPLATES = [template for rule in RULES for template in rule.hit]
KEYWORDS = sorted({keyword for rule in RULES for keyword in rule.keywords})
ANY = st.text(st.characters(), max_size=40)  # surrogates and NULs included
PIECES = st.one_of(
    ANY,
    st.sampled_from(KEYWORDS),
    st.sampled_from(
        ["\n", " ", "=", '"', "'", "\r\n", "\u0130", "\\n", "%3D", "\x1b[0m", ": ", "password = "]
    ),
    st.builds(expand, st.sampled_from(TEMPLATES), st.integers(0, 9)),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


def found(body: str) -> tuple[Finding, ...]:
    return scan(Text("text", body), load())


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_places(body: str) -> None:
    findings = found(body)
    end = 0
    for finding in findings:
        stands = (finding.spelled or finding.secret).reveal()
        assert body[finding.start : finding.end] == stands
        assert finding.start >= end
        end = finding.end
        line = body.split("\n")[finding.line - 1]
        # Of what was found there in several ways, the place is that of the secret itself.
        firsts = tuple(value.split("\n")[0] for value in (stands, finding.secret.reveal()))
        assert line[finding.column - 1 :].startswith(firsts)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_masked_text_holds_no_value(body: str) -> None:
    findings = found(body)
    shown = mask(body, findings)
    values = {finding.secret.reveal() for finding in findings}
    assert not [value for value in values if value in shown]
    assert not values & {finding.secret.reveal() for finding in found(shown)}
    assert not [value for value in values if value in veil_cut(body[: len(body) // 2], findings)]


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_what_is_handed_back_masked_passes(body: str) -> None:
    findings = found(body)
    handed_back = Scanner(load(), Policy(), "/").masked(body, findings)
    assert found(handed_back) == ()
    assert not [
        finding for finding in findings if (finding.spelled or finding.secret).reveal() in handed_back
    ]


@given(st.sampled_from(TEMPLATES), st.integers(0, 9), ANY, ANY)
@settings(max_examples=300, deadline=None)
def test_a_secret_on_a_line_of_its_own_is_found(template: str, seed: int, before: str, after: str) -> None:
    body = f"{before}\n\n{expand(template, seed)}\n\n{after}"
    assert found(body)


@given(st.text(st.characters()))
@settings(max_examples=200, deadline=None)
def test_any_text_is_scanned(body: str) -> None:
    found(body)


@pytest.mark.parametrize("separator", ["", " ", "\n", "=", '="', "_", "\x00", "\ud800"])
def test_every_keyword_at_once(separator: str) -> None:
    """100 kB of keywords: every rule is tried everywhere, and it ends."""
    body = separator.join(KEYWORDS)
    found(body * (100_000 // len(body) + 1))


def characters(regex: str) -> str:
    """Return the characters among the usual ones that a repeated part of the regex takes."""
    probes = "a1A_-. /+=:\"'\n\t\\@,;&?<({["
    repeated: list[str] = []

    def collect(tree: object) -> None:
        for item in tree if isinstance(tree, (list, tuple, parser.SubPattern)) else ():
            if isinstance(item, tuple) and len(item) == 2 and str(item[0]) == "IN":
                repeated.extend(probe for probe in probes if takes(item[1], probe))
            elif isinstance(item, (list, tuple, parser.SubPattern)):
                collect(item)

    collect(parser.parse(regex))
    return "".join(dict.fromkeys(repeated))


def takes(parts: list[tuple[object, object]], probe: str) -> bool:
    wanted, hit = True, False
    for name, value in parts:
        kind = str(name)
        if kind == "NEGATE":
            wanted = False
        elif kind == "LITERAL":
            hit |= value == ord(probe)
        elif kind == "RANGE" and isinstance(value, tuple):
            hit |= value[0] <= ord(probe) <= value[1]
        elif kind == "CATEGORY":
            category = str(value).rpartition("_")[2]
            hit |= re.match({"WORD": r"\w", "SPACE": r"\s", "DIGIT": r"\d"}[category], probe) is not None
    return hit == wanted


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_pumped(rule: Rule) -> None:
    """Each rule over what its regex has most work with. One that blows up makes this test hang."""
    number = load().ids().index(rule.id)
    index = Index(tuple((keyword, (0,)) for keyword in rule.keywords), (load().rows[number],))
    keyword = rule.keywords[0]
    size = 20_000
    units = [keyword, f'{keyword}="']
    units += [keyword + character * 30 for character in characters(rule.regex)]
    bodies = [unit * (size // len(unit)) for unit in units]
    bodies += [keyword + character * size for character in characters(rule.regex)]
    for body in bodies:
        for finding in search.scan(Text("text", body), index):
            assert body[finding.start : finding.end] == finding.secret.reveal()


@given(st.lists(st.sampled_from([*KEYWORDS, " ", "x", "é", "\0"]), max_size=60))
def test_both_ways_of_searching_keywords_find_the_same(pieces: list[str]) -> None:
    lowered = search.lower("".join(pieces))
    substring: dict[int, list[int]] = {}
    keywords.by_substring(lowered, load().asked(), substring)
    automaton = keywords.by_automaton(lowered, load().asked())
    grams = keywords.by_grams(lowered, load())
    assert {number: sorted(found) for number, found in substring.items()} == {
        number: sorted(found) for number, found in automaton.items()
    }
    assert {number: sorted(found) for number, found in grams.items()} == {
        number: sorted(found) for number, found in automaton.items()
    }

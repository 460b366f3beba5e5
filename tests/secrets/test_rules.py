"""Every rule's own examples, run through the real search: what must hit hits, what must miss misses."""

import pytest

from codex_guard.build import patterns
from codex_guard.model import Text
from codex_guard.secrets.index import load
from codex_guard.secrets.rules.pack import Rule, read_packs
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import scan

RULES = read_packs(patterns() / "secrets")
SEEDS = range(3)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_hits(rule: Rule) -> None:
    for template in rule.hit:
        for seed in SEEDS:
            found = scan(Text("example", expand(template, seed)), load())
            assert rule.id in {finding.rule for finding in found}, template


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_misses(rule: Rule) -> None:
    for template in rule.miss:
        for seed in SEEDS:
            found = scan(Text("example", expand(template, seed)), load())
            assert rule.id not in {finding.rule for finding in found}, template


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_example_is_a_complete_token(rule: Rule) -> None:
    """What stands in the repository passes our own scan, and so any host's push protection."""
    for template in (*rule.hit, *rule.miss):
        assert scan(Text("example", template), load()) == (), template

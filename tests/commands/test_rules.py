"""Every command rule's own examples, judged as the hook judges them."""

import pytest

from codex_guard.build import patterns
from codex_guard.commands.judge import judge, load
from codex_guard.commands.operands import Places
from codex_guard.commands.pack import TIERS, Pack, read_packs
from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import walked

RULES = read_packs(patterns() / "commands")
PLACES = Places(worktree="/work/app", home="/home/dev")


def rules_hit(command: str) -> set[str]:
    scope = Scope("/work/app", {"HOME": "/home/dev", "TMPDIR": "/tmp"}, "/work/app")  # noqa: S108
    return {violation.rule for violation in judge(walked(command, scope), scope, PLACES, load(TIERS))}


@pytest.mark.parametrize(
    ("rule", "command"), [(rule, command) for rule in RULES for command in rule.deny], ids=str
)
def test_denied(rule: Pack, command: str) -> None:
    assert rule.id in rules_hit(command)


@pytest.mark.parametrize(
    ("rule", "command"), [(rule, command) for rule in RULES for command in rule.allow], ids=str
)
def test_allowed(rule: Pack, command: str) -> None:
    assert rule.id not in rules_hit(command)


@pytest.mark.parametrize(
    ("rule", "command"), [(rule, command) for rule in RULES for command in rule.suggest], ids=str
)
def test_what_a_rule_suggests_is_allowed_by_all(rule: Pack, command: str) -> None:
    assert rules_hit(command) == set(), rule.id

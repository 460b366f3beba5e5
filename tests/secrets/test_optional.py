"""What a policy adds: packs that are off by default, and an organisation's own names."""

import pytest

from codex_guard.build import patterns
from codex_guard.errors import GuardError
from codex_guard.model import Text
from codex_guard.secrets.index import load
from codex_guard.secrets.optional import extended
from codex_guard.secrets.pack import Rule, read_pack
from codex_guard.secrets.search import scan
from codex_guard.secrets.template import expand

PII = read_pack(patterns() / "optional" / "pii.toml", optional=True)


def rules(text: str, *, packs: tuple[str, ...] = (), internal: tuple[str, ...] = ()) -> list[str]:
    return [finding.rule for finding in scan(Text("text", text), extended(load(), packs, internal))]


@pytest.mark.parametrize("rule", PII, ids=lambda rule: rule.id)
def test_examples(rule: Rule) -> None:
    for seed in range(3):
        for template in rule.hit:
            assert rules(expand(template, seed), packs=("pii",)) == [rule.id], template
            assert rules(expand(template, seed)) == []
        for template in rule.miss:
            assert rule.id not in rules(expand(template, seed), packs=("pii",)), template


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("*.corp.acme.com", "ssh db1.corp.acme.com uptime", ["internal-name"]),
        ("*.corp.acme.com", "ssh DB1.CORP.acme.com", ["internal-name"]),
        ("*.corp.acme.com", "https://corp.acme.com/", []),
        ("*.corp.acme.com", "db1.corp.acme.company", []),
        ("project-zeus", "for project-zeus, please", ["internal-name"]),
        ("project-zeus", "subproject-zeus", []),
        ("zeus*", "zeusdb", ["internal-name"]),
        ("a.b*c", "a.bXc axbXc", ["internal-name"]),
    ],
)
def test_internal_names(name: str, text: str, found: list[str]) -> None:
    assert rules(text, internal=(name,)) == found


def test_two_names_and_a_pack() -> None:
    text = "project-zeus on db1.corp.acme.com, SSN 212-34-" + expand("{digits:4}")
    assert rules(text, packs=("pii",), internal=("*.corp.acme.com", "project-zeus", "project-zeus")) == [
        "internal-name", "internal-name", "us-social-security-number",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["*", "ab", "*ab*", "  *  "])
def test_a_name_that_stands_everywhere(name: str) -> None:
    with pytest.raises(GuardError, match="3 characters in a row"):
        extended(load(), (), (name,))

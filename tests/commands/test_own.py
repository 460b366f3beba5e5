"""Rules that a policy brings: the more specific one decides within a layer, a later layer over one before."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from codex_guard.commands.judge import judge, load
from codex_guard.commands.operands import Places
from codex_guard.commands.own import Own
from codex_guard.errors import GuardError
from codex_guard.policy import layers, rules
from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import walked

PLACES = Places("/work/app", "/home/dev")


def own(file: str, *tables: Mapping[str, object], shared: bool = False) -> tuple[Own, ...]:
    return tuple(one.replace(shared=shared) for one in rules.read(file, list(tables), lambda *_: 1))


def hit(command: str, *layers: tuple[Own, ...]) -> set[str]:
    scope = Scope("/work/app", {"HOME": "/home/dev"}, "/work/app")
    found = judge(
        walked(command, scope), scope, PLACES, load(own=tuple(one for layer in layers for one in layer))
    )
    return {violation.rule for violation in found}


NO_APPLY = {"id": "no-apply", "programs": ["terraform"], "words": ["apply"], "why": "W.", "instead": "I."}
ONE_MODULE = {
    "id": "one-module",
    "programs": ["terraform"],
    "words": ["apply"],
    "flags": ["target=module.dev"],
    "decision": "allow",
}
ALLOW_RESET = {
    "id": "allow-reset",
    "programs": ["git"],
    "words": ["reset"],
    "flags": ["hard"],
    "decision": "allow",
}


def test_a_rule_denies() -> None:
    layer = own("org", NO_APPLY)
    assert hit("terraform apply", layer) == {"no-apply"}
    assert hit("sudo terraform -chdir=x apply", layer) == {"no-apply"}
    assert hit("terraform plan", layer) == set()


def test_the_more_specific_rule_decides_within_a_layer() -> None:
    for layer in (own("org", NO_APPLY, ONE_MODULE), own("org", ONE_MODULE, NO_APPLY)):
        assert hit("terraform apply -target=module.dev", layer) == set()
        assert hit("terraform apply -target=module.prod", layer) == {"no-apply"}


def test_of_two_alike_the_denial_decides() -> None:
    allowed = {**NO_APPLY, "id": "apply", "decision": "allow"}
    assert hit("terraform apply", own("org", allowed, NO_APPLY)) == {"no-apply"}


def test_an_allowance_takes_back_what_was_denied_before_it() -> None:
    assert hit("git reset --hard", own("user", ALLOW_RESET)) == set()
    assert hit("git reset --hard && rm -rf /", own("user", ALLOW_RESET)) == {"rm-recursive"}
    assert (
        hit(
            "terraform apply", own("org", NO_APPLY), own("user", {**NO_APPLY, "id": "x", "decision": "allow"})
        )
        == set()
    )
    assert hit("terraform apply", own("org", {**NO_APPLY, "decision": "allow"}), own("repo", NO_APPLY)) == {
        "no-apply"
    }


def test_a_repository_does_not_allow_what_keeps_the_guard_on() -> None:
    allow = {"id": "a", "programs": ["rm"], "decision": "allow"}
    assert hit("rm .codex/hooks.json", own("repo", allow, shared=True)) == {"guard-files"}
    assert hit("rm .codex/hooks.json", own("user", allow)) == set()


def test_what_is_not_understood_is_allowed_by_nobody() -> None:
    allow = {"id": "a", "programs": ["rm"], "decision": "allow"}
    assert hit("rm -rf /", own("user", allow)) == set()
    assert hit("rm -rf / ; if (", own("user", allow)) == set()
    assert hit("if (; rm -rf /", own("user", allow)) == {"rm-recursive"}


def test_redirections() -> None:
    allow = {"id": "a", "targets": ["startup"], "decision": "allow"}
    assert hit("echo x >> ~/.bashrc") == {"startup-redirect"}
    assert hit("echo x >> ~/.bashrc", own("user", allow)) == set()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({**NO_APPLY, "decision": "maybe"}, "'decision' takes deny or allow"),
        ({**NO_APPLY, "special": "fork-bomb"}, "'special' is for codex-guard's own rules"),
        ({**NO_APPLY, "programms": ["x"]}, "unknown key 'programms'"),
        ({"id": "x", "programs": ["x"]}, "'why' is missing"),
        ({"id": "x", "decision": "allow"}, "it needs programs"),
    ],
)
def test_mistakes_are_said_with_file_and_line(table: dict[str, object], said: str) -> None:
    with pytest.raises(GuardError, match=r"^/etc/p\.toml:7") as caught:
        rules.read("/etc/p.toml", [table], lambda *_: 7)
    assert said in str(caught.value)


def test_only_tables_are_taken() -> None:
    with pytest.raises(GuardError, match="must be a list of tables"):
        rules.read("p", {"a": 1}, lambda *_: 1)


def test_a_policy_file_brings_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, repository = tmp_path / "policy.toml", tmp_path / "repo"
    repository.mkdir()
    (repository / ".git").mkdir()
    what = 'programs = ["terraform"]\nwords = ["apply"]\n'
    deny = f'[[commands.rules]]\nid = "no-apply"\n{what}why = "W."\ninstead = "I."\n'
    allow = f'[[commands.rules]]\nid = "mine"\n{what}decision = "allow"\n'
    more = '[[commands.rules]]\nid = "more"\nprograms = ["frobnicate"]\nwhy = "W."\ninstead = "I."\n'
    (repository / ".codex-guard.toml").write_text(allow + more)
    monkeypatch.setattr(layers, "ORGANISATION", str(organisation))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))

    organisation.write_text(deny)
    found = layers.load(str(repository)).command_rules
    assert [(one.rule.id, one.allows, one.shared) for one in found] == [
        ("no-apply", False, False), ("mine", True, True), ("more", False, True),
    ]  # fmt: skip
    assert found[2].line == 6

    organisation.write_text('locked = ["commands.rules"]\n' + deny)
    assert [one.rule.id for one in layers.load(str(repository)).command_rules] == ["no-apply", "more"]

"""``codex-guard rule``: a rule's page, which never shows a complete credential."""

import json
from pathlib import Path
from typing import Any

import pytest

from codex_guard.build import patterns
from codex_guard.cli import catalogue
from codex_guard.cli.main import main
from codex_guard.commands import pack as command_pack
from codex_guard.model import Text
from codex_guard.policy import layers
from codex_guard.policy.policy import Policy
from codex_guard.secrets.index import load
from codex_guard.secrets.rules.pack import read_pack
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import scan
from support.packs import ACME

Captured = pytest.CaptureFixture[str]
KEY = expand("ghp_{crc62:36}")
pytestmark = pytest.mark.usefixtures("here")


def page(capsys: Captured, *arguments: str) -> str:
    assert main(["rule", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def values(capsys: Captured, identity: str) -> dict[str, Any]:
    (found,) = json.loads(page(capsys, "--format", "json", identity))
    assert isinstance(found, dict)
    return found


def organisation(text: str) -> None:
    path = Path(layers.user_file())
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "acme.toml").write_text("\n" + ACME.replace("acmd_{lower:12}", text))
    path.write_text(f"secrets.rule_files = ['{path.parent}/acme.toml']")


def test_a_format(capsys: Captured) -> None:
    lines = page(capsys, "github-pat").splitlines()
    assert lines[0] == "GitHub personal access token (classic) [github-pat]"
    headings = [line.split()[0] for line in lines[2 : lines.index("It finds:") - 1]]
    assert headings[:5] == ["Provider", "Severity", "Opens", "Revoke", "Source"]
    assert {"Found", "Regex", "Keywords", "Pack", "Here"} <= set(headings)
    assert "  Regex     ghp_[0-9A-Za-z]{36}" in lines
    assert "  Pack      patterns/secrets/github.toml" in lines
    assert "  Here      on" in lines
    assert "  export GITHUB_TOKEN=ghp_{crc62:36}" in lines[lines.index("It finds:") :]
    assert "  ghp_{x:36}" in lines[lines.index("It does not find:") :]
    assert lines[-1].startswith("Fields in braces")


RULES = {
    rule.id: rule
    for path in sorted(patterns().glob("*/*.toml"))
    if path.parent.name != "commands"
    for rule in read_pack(path, optional=True)
}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("regex", "By its format"),
        ("value", "As the whole value of a key"),
        ("says", "By its name alone"),
        ("alone", "(alone)"),
        ("sole", "(sole)"),
        ("generic", "(generic)"),
        ("structured", "(structured)"),
        ("check", "the checksum"),
        ("group", "of the regex"),
    ],
)
def test_each_way_to_find_has_its_sentence(capsys: Captured, field: str, said: str) -> None:
    rule = next(rule for rule in RULES.values() if getattr(rule, field))
    assert said in page(capsys, rule.id)
    other = next(rule for rule in RULES.values() if not getattr(rule, field))
    assert said not in page(capsys, other.id)


def test_json_has_every_key_of_the_pack(capsys: Captured) -> None:
    found = values(capsys, "github-pat")
    rule = RULES["github-pat"]
    given = {
        field: list(value) if isinstance(value, tuple) else value
        for field in rule._fields
        for value in [getattr(rule, field)]
    }
    assert found == given | {
        "kind": "secret",
        "pack": "patterns/secrets/github.toml",
        "on": True,
        "off": "",
    }


def test_a_command(capsys: Captured) -> None:
    out = page(capsys, "git-push-force")
    assert "  Tier      core\n" in out
    assert "  Why       It replaces commits" in out
    assert "  Suggests  git push -u origin feature\n" in out
    assert "With the option -f or --force or" in out
    assert "Unless an option is given: --dry-run, -n." in out
    assert "\nIt denies:\n  git push --force\n" in out
    assert "\nIt allows:\n  git push origin main\n" in out
    assert values(capsys, "git-push-force")["deny"][0] == "git push --force"


def test_every_command_rule_says_what_it_denies(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    whole = catalogue.read(Policy())
    monkeypatch.setattr(catalogue, "read", lambda _: whole)
    for rule in command_pack.read_packs(patterns() / "commands"):
        assert "  Denies    " in page(capsys, rule.id)


def test_no_page_shows_a_complete_credential(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    whole = catalogue.read(Policy())
    monkeypatch.setattr(catalogue, "read", lambda _: whole)
    for rule in whole[::7]:
        examples = page(capsys, rule.id).partition("\n\nIt ")[2]
        if rule.kind == "secret":
            assert scan(Text("", examples), load()) == (), rule.id


@pytest.mark.parametrize("identity", ["known-secret", "internal-name"])
def test_what_is_found_without_a_pack_has_a_page(capsys: Captured, identity: str) -> None:
    assert f"[{identity}]\n\n  Severity  " in page(capsys, identity)
    assert values(capsys, identity)["how"]


def test_a_rule_that_only_the_index_holds(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    index = load()
    made = index.entry(0).replace(id="made-elsewhere", title="Made elsewhere")
    row = tuple(getattr(made, field) for field in made._fields)
    keywords = (*index.keywords, ("elsewhere_", (len(index.rows),)))
    changed = index.replace(keywords=keywords, rows=(*index.rows, row))
    monkeypatch.setattr("codex_guard.secrets.index.load", lambda: changed)
    out = page(capsys, "made-elsewhere")
    assert "Made elsewhere [made-elsewhere]" in out
    assert "  Keywords  elsewhere_\n" in out
    assert "  Pack      compiled at build time\n" in out
    assert values(capsys, "made-elsewhere")["keywords"] == ["elsewhere_"]


#: A policy of the user's and of the repository's, a rule, and what the page says of it.
HERE = {
    "on": ("", "", "github-pat", "on"),
    "off": ("secrets.disabled_rules = ['github-pat']", "", "github-pat", "off: by secrets.disabled_rules"),
    "off in a repository": (
        "",
        "secrets.disabled_rules = ['github-pat']",
        "github-pat",
        "off: by the repository's secrets.disabled_rules, but for prompts",
    ),
    "a command": ("commands.disabled_rules = ['power']", "", "power", "off: by commands.disabled_rules"),
    "a command's id is no secret's": ("secrets.disabled_rules = ['power']", "", "power", "on"),
    "lenient": ("secrets.strictness = 'lenient'", "", "generic-password", "off: by secrets.strictness"),
    "lenient, a format": ("secrets.strictness = 'lenient'", "", "github-pat", "on"),
    "a pack": ("", "", "iban", 'off: its pack is off until a policy asks for it: secrets.packs = ["pii"]'),
    "a pack that is asked for": ("secrets.packs = ['pii']", "", "iban", "on"),
    "known": ("secrets.known = false", "", "known-secret", "off: by secrets.known"),
    "internal": ("", "", "internal-name", "off: as long as no policy lists names"),
    "internal names": ("secrets.internal = ['zeus']", "", "internal-name", "on"),
}


@pytest.mark.parametrize("case", HERE)
def test_what_the_policy_here_says(here: Path, capsys: Captured, case: str) -> None:
    user, repository, identity, said = HERE[case]
    Path(layers.user_file()).parent.mkdir(parents=True)
    Path(layers.user_file()).write_text(user)
    (here / layers.REPOSITORY).write_text(repository)
    assert f"\n  Here      {said}" in page(capsys, identity)
    found = values(capsys, identity)
    assert found["on"] is (said == "on")
    assert f"off: {found['off']}".startswith(said) or said == "on"


def test_a_rule_of_the_organisation(capsys: Captured) -> None:
    organisation("acmd_{lower:12}")
    out = page(capsys, "acme-deploy")
    assert "Acme deploy token [acme-deploy]" in out
    assert f"  Pack      {Path(layers.user_file()).parent}/acme.toml\n" in out


def test_a_complete_token_in_its_pack_is_masked(capsys: Captured) -> None:
    organisation(KEY)
    for arguments in (("acme-deploy",), ("acme-deploy", "--format", "json")):
        out = page(capsys, *arguments)
        assert "<masked:github-pat>" in out
        assert KEY not in out


def test_what_moves_a_cursor_is_spelled_out(capsys: Captured) -> None:
    organisation("a\\u001b[2J")
    assert "\x1b" not in page(capsys, "acme-deploy")


def test_a_broken_pack_of_the_organisation_is_an_error(capsys: Captured) -> None:
    organisation('", "b\nc')
    assert main(["rule", "github-pat"]) == 2
    assert "/acme.toml:13: not a readable rule pack" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("github-pet", "'github-pat'"),
        ("GITHUB-PAT", "'github-pat'"),
        ("reset-hard", "'git-reset-hard'"),
        ("fine-grained", "'github-fine-grained-pat'"),
    ],
)
def test_an_unknown_id_names_the_nearest(capsys: Captured, given: str, near: str) -> None:
    assert main(["rule", given]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"codex-guard: There is no rule '{given}': did you mean ")
    assert near in err
    assert err.endswith("? `codex-guard rules` lists all.\n")


def test_a_pasted_secret_is_not_shown(capsys: Captured) -> None:
    assert main(["rule", KEY]) == 2
    err = capsys.readouterr().err
    assert KEY[:12] not in err
    assert "There is no rule '<masked:github-pat>'. `codex-guard rules` lists all." in err

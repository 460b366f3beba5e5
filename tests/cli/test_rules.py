"""``codex-guard rules``: the list of all, and the check of an organisation's own packs."""

import json
from pathlib import Path

import pytest

from codex_guard.build import patterns
from codex_guard.cli.main import main
from codex_guard.commands import pack as command_pack
from codex_guard.policy import layers
from codex_guard.secrets.rules.pack import read_packs
from codex_guard.secrets.rules.template import expand
from support.packs import ACME

Captured = pytest.CaptureFixture[str]
KEY = expand("ghp_{crc62:36}")
pytestmark = pytest.mark.usefixtures("here")


def run(capsys: Captured, *arguments: str) -> tuple[int, str, str]:
    status = main(["rules", *arguments])
    out, err = capsys.readouterr()
    assert KEY not in out + err
    return status, out, err


def test_the_list_has_every_rule(capsys: Captured) -> None:
    status, out, err = run(capsys)
    assert status == 0
    lines = out.splitlines()
    ids = [line.split()[0] for line in lines]
    secrets = [rule.id for rule in read_packs(patterns() / "secrets")]
    commands = [rule.id for rule in command_pack.read_packs(patterns() / "commands")]
    assert ids[: len(secrets)] == secrets
    assert ids[-len(commands) :] == commands
    assert {"iban", "known-secret", "internal-name"} <= set(ids)
    told = f"{len(ids) - len(commands)} secret rules, {len(commands)} command rules"
    assert err == f"codex-guard: {told}; {out.count('(off: ')} off here.\n"


def test_columns_are_aligned(capsys: Captured) -> None:
    lines = run(capsys)[1].splitlines()
    line = next(line for line in lines if line.startswith("github-pat "))
    _, severity, provider, title = line.split(maxsplit=3)
    assert (severity, provider, title) == ("critical", "github", "GitHub personal access token (classic)")
    places = [line.index(f" {word}") for word in (severity, provider, title)]
    for other in lines:
        assert all(other[place] == " " != other[place + 1] for place in places), other


def test_what_the_policy_switches_off_is_marked(here: Path, capsys: Captured) -> None:
    (here / layers.REPOSITORY).write_text("commands.disabled_rules = ['power']\nsecrets.packs = ['pii']\n")
    _, out, err = run(capsys)
    lines = [line.split() for line in out.splitlines() if "(off: " in line]
    niche = [words for words in lines if words[1] == "niche"]  # a tier that nobody asked for
    assert [words[0] for words in lines if words not in niche] == ["internal-name", "power"]
    assert niche
    assert err.endswith(f"; {len(lines)} off here.\n")


def test_one_provider(capsys: Captured) -> None:
    status, out, err = run(capsys, "--provider", "GitHub")
    assert status == 0
    lines = out.splitlines()
    assert len(lines) >= 6
    assert {line.split()[2] for line in lines} == {"github"}
    assert err.startswith(f"codex-guard: {len(lines)} secret rules, 0 command rules")


@pytest.mark.parametrize("given", ["githab", "hub"])
def test_an_unknown_provider_names_the_nearest(capsys: Captured, given: str) -> None:
    status, out, err = run(capsys, "--provider", given)
    assert (status, out) == (2, "")
    assert err.startswith(f"codex-guard: There is no provider '{given}': did you mean ")
    assert "'github'" in err


def test_json(capsys: Captured) -> None:
    status, out, err = run(capsys, "--format", "json")
    assert (status, err) == (0, "")
    rules = {rule["id"]: rule for rule in json.loads(out)}
    assert rules["github-pat"] == {
        "id": "github-pat",
        "kind": "secret",
        "severity": "critical",
        "provider": "github",
        "title": "GitHub personal access token (classic)",
        "pack": "patterns/secrets/github.toml",
        "on": True,
        "off": "",
    }
    assert rules["power"]["tier"] == "core"
    assert not rules["iban"]["on"]


def test_a_sound_pack(here: Path, capsys: Captured) -> None:
    (here / "a.toml").write_text(ACME)
    (here / "b.toml").write_text(ACME.replace("acme-deploy", "acme-other").replace("acmd_", "acmo_"))
    assert run(capsys, "--check", "a.toml") == (0, "", "codex-guard: 1 rule read, no problems.\n")
    assert run(capsys, "--check", "a.toml", "b.toml", "a.toml") == (
        0, "", "codex-guard: 2 rules read, no problems.\n",
    )  # fmt: skip
    assert run(capsys, "--check", "a.toml", "--format", "json")[1] == "[]\n"


def test_the_readmes_pack_is_sound(here: Path, capsys: Captured) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (here / "a.toml").write_text(readme[readme.index("[[rule]]") :].partition("```")[0])
    assert run(capsys, "--check", "a.toml") == (0, "", "codex-guard: 1 rule read, no problems.\n")


def test_all_problems_of_all_files_at_once(here: Path, capsys: Captured) -> None:
    (here / "a.toml").write_text(ACME.replace("high", "hot").replace("opens", "opns"))
    (here / "b.toml").write_text("[[rule]\n")
    (here / "c.toml").write_text(
        ACME
        + ACME.replace("acme-deploy", "acme-2")
        .replace("acmd_{lower:12}", "acmo_{lower:24}")
        .replace("acmd_[", "acmo_[")
    )
    (here / "d.toml").write_text("# nothing\n")
    status, out, err = run(capsys, "--check", "a.toml", "b.toml", "c.toml", "d.toml")
    assert status == 1
    assert [line[:44] for line in out.splitlines()] == [
        "a.toml:1: rule 'acme-deploy': 'opens' is mis",
        "a.toml:5: rule 'acme-deploy': 'severity' 'ho",
        "a.toml:6: rule 'acme-deploy': unknown key 'o",
        "b.toml:1: not a readable rule pack: it is no",
        "c.toml:23: rule 'acme-2': example 1 of 'hit'",
        "d.toml:1: holds no rule: write [[rule]] tabl",
    ]
    assert err == "codex-guard: 3 rules read, 6 problems.\n"
    _, out, _ = run(capsys, "--check", "b.toml", "--format", "json")
    (line,) = json.loads(out)
    assert (line["path"], line["line"], line["problem"]) == ("b.toml", 1, True)


def test_a_file_that_cannot_be_read_does_not_end_the_check(here: Path, capsys: Captured) -> None:
    (here / "a.toml").write_text(ACME.replace("acmd_{lower:12}", KEY))
    status, out, err = run(capsys, "--check", "none.toml", ".", "a.toml")
    assert status == 2
    assert out.startswith("a.toml:12: rule 'acme-deploy': example 1 of 'miss' is a complete credential")
    assert "none.toml: not a readable rule pack: No such file" in err
    assert "it is no regular file" in err
    assert err.endswith("codex-guard: 1 rule read, 1 problem.\n")


@pytest.mark.parametrize("identity", ["github-pat", "iban", "git-reset-hard"])
def test_an_id_of_ours_is_told_and_no_problem(here: Path, capsys: Captured, identity: str) -> None:
    (here / "a.toml").write_text(ACME.replace("acme-deploy", identity))
    status, out, _ = run(capsys, "--check", "a.toml")
    assert status == 0
    assert out.startswith(f"a.toml:2: note: rule '{identity}' ")


def test_an_id_in_two_files(here: Path, capsys: Captured) -> None:
    (here / "a.toml").write_text(ACME)
    (here / "b.toml").write_text(f"\n{ACME}")
    status, out, _ = run(capsys, "--check", "a.toml", "b.toml")
    assert (status, out) == (
        1, "b.toml:3: rule 'acme-deploy': that 'id' already stands in a.toml:2.\n",
    )  # fmt: skip


def test_a_check_needs_no_policy(here: Path, capsys: Captured) -> None:
    (here / layers.REPOSITORY).write_text("nonsense")
    (here / "a.toml").write_text(ACME)
    assert run(capsys, "--check", "a.toml")[0] == 0
    assert run(capsys)[0] == 2


def test_a_provider_is_for_the_list(capsys: Captured) -> None:
    status, out, err = run(capsys, "--check", "a.toml", "--provider", "acme")
    assert (status, out) == (2, "")
    assert "--provider is for the list" in err


def test_a_pack_of_ours_passes(capsys: Captured) -> None:
    """What an organisation's rules are held to, our own are."""
    status, out, err = run(capsys, "--check", str(patterns() / "secrets" / "github.toml"))
    assert status == 0, out
    assert {line.split(": ")[1] for line in out.splitlines()} == {"note"}
    assert err.endswith("no problems.\n")

"""``codex-guard explain``: what the guard sees in a command; nothing is run, and no secret shown."""

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from codex_guard.build import patterns
from codex_guard.cli.main import main
from codex_guard.guard import before_tool
from codex_guard.model import Block, ToolEvent
from codex_guard.policy import layers
from codex_guard.policy.policy import Policy
from codex_guard.secrets.rules.pack import read_packs
from codex_guard.secrets.rules.template import expand

Captured = pytest.CaptureFixture[str]
KEY = expand("ghp_{crc62:36}")
WIDTH = 100
pytestmark = pytest.mark.usefixtures("work")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explain(capsys: Captured, *arguments: str, code: int = 0) -> str:
    assert main(["explain", *arguments]) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out


def values(capsys: Captured, *arguments: str, code: int = 0) -> dict[str, Any]:
    found = json.loads(explain(capsys, "--format", "json", *arguments, code=code))
    assert isinstance(found, dict)
    return found


def test_a_page(work: Path, capsys: Captured) -> None:
    command = 'cd src && for x in a b; do rm -rf "/$x" $Y; done; cat < in | tee out; echo \'never ends'
    lines = explain(capsys, command, code=1).splitlines()
    assert lines[0] == "Denied by rm-recursive."
    tree = lines[lines.index("Command") + 1 : lines.index("Starts, without running anything") - 1]
    assert tree == [
        "  cd src",
        "  && for x in a b",
        "    { }",
        '      rm -rf "/$x" $Y',
        "  ; cat < in",
        "    | tee out",
    ]
    starts = lines[lines.index("Starts, without running anything") + 1 : lines.index("Rules that fit") - 1]
    assert starts[:2] == ["  1. cd src", f"     in       {work}"]
    assert "  2. rm -rf /a ?" in starts
    assert "  3. rm -rf /b ?" in starts
    assert f"     in       {work}/src" in starts
    assert "     reads    what 4 prints" in starts
    rules = lines[lines.index("Rules that fit") + 1 :]
    assert rules[0].endswith("[rm-recursive]")
    assert '    Command  rm -rf "/$x" $Y' in rules
    assert rules[2].startswith("    Why      ")
    assert "    Allowed  rm -rf build" in rules
    assert lines[-2].startswith("Not understood")
    assert lines[-1] == "  echo 'never ends"


def test_what_is_allowed(work: Path, capsys: Captured) -> None:
    expected = (
        f"Allowed.\n\nCommand\n  ls\n\nStarts, without running anything\n  1. ls\n     in       {work}\n"
    )
    assert explain(capsys, "ls") == expected
    assert "\n  no program\n" in explain(capsys, "")


def test_json(work: Path, capsys: Captured) -> None:
    found = values(capsys, "! echo ls '~' | sh > log && ls $(pwd; id) <<< x; [[ -e a ]]")
    assert list(found) == [
        "command", "cwd", "decision", "reason", "tree", "starts", "rules", "secrets", "not_understood"
    ]  # fmt: skip
    first, second, third = found["tree"]
    assert (first["negated"], first["connector"]) == (True, "&&")
    assert (second["negated"], second["connector"]) == (False, ";")
    assert [command["text"] for command in first["commands"]] == ["echo ls '~'", "sh > log"]
    assert first["commands"][1] == {
        "kind": "command", "text": "sh > log", "redirects": [">log"], "substitutions": [], "bodies": [],
    }  # fmt: skip
    assert third["commands"][0]["text"] == "[[ -e a ]]"
    (inner,) = second["commands"][0]["substitutions"]
    assert [one["commands"][0]["text"] for one in inner] == ["pwd", "id"]


def test_json_of_what_is_started(work: Path, capsys: Captured) -> None:
    found = values(capsys, "cd sub; echo 'rm -rf / \"$X\"' | sh >> log; ls $(id)", code=1)
    by_words = {" ".join(start["words"]): start for start in found["starts"]}
    shell, removal, listing = by_words["sh"], by_words["rm -rf / ?"], by_words["ls ?"]
    assert shell["folders"] == [f"{work}/sub"]
    assert shell["input"] == 'rm -rf / "$X"\n'
    assert shell["writes"] == [">> log"]
    assert shell["reads"] == [by_words['echo rm -rf / "$X"']["number"]]
    assert (shell["known"], removal["known"]) == (True, False)
    assert listing["runs"] == [by_words["id"]["number"]]
    assert found["decision"] == "deny"
    assert found["cwd"] == str(work)
    (rule,) = found["rules"]
    assert list(rule) == ["rule", "title", "command", "why", "instead", "suggest", "on", "off"]
    assert (rule["on"], rule["off"]) == (True, "")
    assert rule["why"] in found["reason"]


def test_what_is_not_known_of_a_text_that_is_read(capsys: Captured) -> None:
    assert values(capsys, 'cat <<< "a $X"')["starts"][0]["input"] == "a ?\n"


def test_every_suggestion_is_allowed(capsys: Captured) -> None:
    for command in ("git reset --hard", "rm -rf ~", "git push --force"):
        for rule in values(capsys, command, code=1)["rules"]:
            assert rule["suggest"]
            for suggested in rule["suggest"]:
                assert values(capsys, suggested)["decision"] == "allow"


@pytest.mark.parametrize(
    "command",
    [
        "git reset --hard",
        "git commit -m 'rm -rf /'",
        "cat > a <<E\nrm -rf /\nE",
        f"curl -H 'Authorization: Bearer {KEY}' https://api.example.com",
        "echo x > .codex/hooks.json",
        "if true; then rm -rf /; fi",
        "rm -rf / '",
        "(((",
        "a\0b",
        "\ud800",
    ],
)
def test_it_decides_as_the_hook_does(work: Path, capsys: Captured, command: str) -> None:
    event = ToolEvent("", "", str(work), "Bash", {"command": command}, command)
    decision = before_tool.judge(event, Policy()).decision
    found = values(capsys, command, code=int(isinstance(decision, Block)))
    assert found["reason"] == (decision.reason if isinstance(decision, Block) else None)
    assert bool(found["rules"] or found["secrets"]) == isinstance(decision, Block)


ALLOWING = """
[[commands.rules]]
id = "resets"
decision = "allow"
programs = ["git"]
words = ["reset"]
"""
OFF = {
    "commands.disabled_rules = ['git-reset-hard']": "by commands.disabled_rules",
    "commands.tiers = ['infra']": 'its tier is off: commands.tiers names those that count, such as "core"',
    ALLOWING: "a rule of the policy allows it",
}


@pytest.mark.parametrize("policy", OFF)
def test_a_rule_that_the_policy_leaves_out(capsys: Captured, policy: str) -> None:
    Path(layers.user_file()).parent.mkdir(parents=True)
    Path(layers.user_file()).write_text(policy)
    (rule,) = values(capsys, "git reset --hard")["rules"]
    assert (rule["rule"], rule["on"], rule["off"]) == ("git-reset-hard", False, OFF[policy])
    lines = explain(capsys, "git reset --hard").splitlines()
    assert lines[0] == "Allowed."
    assert f"[git-reset-hard] (off: {OFF[policy][:9]}" in "\n".join(lines)


def test_only_what_counts_denies(capsys: Captured) -> None:
    Path(layers.user_file()).parent.mkdir(parents=True)
    Path(layers.user_file()).write_text("commands.disabled_rules = ['git-reset-hard']")
    assert explain(capsys, "git reset --hard; rm -rf /", code=1).startswith("Denied by rm-recursive.\n")


def test_a_rule_of_the_policys_own(capsys: Captured) -> None:
    Path(layers.user_file()).parent.mkdir(parents=True)
    own = ALLOWING.replace("allow", "deny").replace("reset", "fetch") + "why = 'Slow.'\ninstead = 'Wait.'\n"
    Path(layers.user_file()).write_text(own)
    (rule,) = values(capsys, "git fetch", code=1)["rules"]
    assert (rule["rule"], rule["title"], rule["why"], rule["suggest"]) == ("fetchs", "fetchs", "Slow.", [])


def test_a_broken_policy_is_an_error(work: Path, capsys: Captured) -> None:
    (work / layers.REPOSITORY).write_text("commands.disabled = 1")
    assert main(["explain", "ls"]) == 2
    assert layers.REPOSITORY in capsys.readouterr().err


def test_the_folder(work: Path, capsys: Captured) -> None:
    (work / "sub").mkdir()
    assert values(capsys, "--cwd", "sub", "pwd")["starts"][0]["folders"] == [f"{work}/sub"]
    assert values(capsys, "cd $X; pwd")["starts"][1]["folders"] == [None]
    assert "     in       ?\n" in explain(capsys, "cd $X; pwd")
    assert main(["explain", "--cwd", "nowhere", "pwd"]) == 2
    assert "--cwd must name a folder" in capsys.readouterr().err


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    for given_bytes, code in ((b"git reset --hard\n", 1), (b"ls \xff\n", 0)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given_bytes)))
        assert values(capsys, "-", code=code)["starts"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a" * (3 << 20))))
    assert main(["explain", "-"]) == 2
    assert "longer than 1 MiB" in capsys.readouterr().err


def test_nothing_is_run(work: Path, capsys: Captured) -> None:
    explain(capsys, "touch ran; echo $(touch ran) > ran2; cat <<E\n$(touch ran)\nE")
    assert [path.name for path in work.iterdir()] == [".git"]


SECRETS = {
    "as it is": f"curl -u me:{KEY} https://api.example.com",
    "in pieces": f'A={KEY[:20]}; B={KEY[20:]}; curl -H "Authorization: $A$B" https://api.example.com',
    "quoted apart": f"curl -H 'Authorization: {KEY[:9]}'\"{KEY[9:]}\" https://api.example.com",
    "in a heredoc": f"cat > .env <<E\nTOKEN={KEY}\nE",
    "within another script": f"bash -c 'curl https://{KEY}@api.example.com'",
    "not understood": f"curl https://{KEY}@api.example.com '",
    "known by its name": "mysql --password=hV7kq2Zt9PmXw4",  # codex-guard: allow[generic-password] made up
    "beside what separates texts": f"echo '\n\x1f\n\x1f\n' 'a\n\x1f\n' {KEY}",
    "cut in two": f"rm -rf / {'a' * 175} {KEY}",
    "far behind": f"rm -rf / {'a' * 150} {KEY}",
}  # fmt: skip


@pytest.mark.parametrize("case", SECRETS)
def test_secrets_are_masked(capsys: Captured, case: str) -> None:
    for form in ("text", "json"):
        main(["explain", "--format", form, SECRETS[case]])
        out, err = capsys.readouterr()
        assert KEY not in out + err
        if case != "in pieces":  # which stand there as they were given
            assert not [at for at in range(len(KEY) - 12) if KEY[at : at + 12] in out + err]
        assert "hV7kq2Zt9PmXw4" not in out
        assert "<masked:" in out


def test_a_secret_is_named(capsys: Captured) -> None:
    out = explain(capsys, f"curl -H 'Authorization: Bearer {KEY}' https://api.example.com", code=1)
    assert out.startswith("Denied by github-pat.\n")
    assert "\nSecrets in it\n  1:32: GitHub personal access token (classic) [github-pat]\n" in out


TEMPLATES = [template for rule in read_packs(patterns() / "secrets") for template in rule.hit]
AROUND = st.text("ab $'\"(){};|&<>\n\\", max_size=12)


@settings(max_examples=150)
@given(st.sampled_from(TEMPLATES), st.integers(0, 9), AROUND, AROUND)
@example("ghp_{crc62:36}", 0, "echo '", "")
def test_no_found_secret_gets_out(template: str, seed: int, before: str, after: str) -> None:
    command = f"{before}{expand(template, seed)}{after}"
    event = ToolEvent("", "", "/", "Bash", {"command": command}, command)
    seen = []
    for form in ("text", "json"):
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
            main(["explain", "--cwd", "/", "--format", form, "--", command])
        seen.append(out.getvalue())
    assert "internal error" not in "".join(seen)
    for finding in before_tool.judge(event, Policy()).findings:
        value = finding.secret.reveal()
        assert not [text for text in seen if value in text]


@settings(max_examples=150)
@given(st.text(max_size=60) | st.text("a \n;|&(){}$'\"<>`\\#![]=", max_size=60))
def test_any_command_has_a_page(command: str) -> None:
    assume(command != "-")  # which reads standard input
    with contextlib.redirect_stdout(io.StringIO()) as out:
        status = main(["explain", "--", command])
    assert status in {0, 1}
    lines = out.getvalue().split("\n")
    assert max(map(len, lines)) <= WIDTH
    assert all(line.isprintable() for line in lines)


def test_long_commands_are_cut_in_the_text_only(capsys: Captured) -> None:
    command = "ls; " * 500 + "echo " + "a" * 5_000
    out = explain(capsys, command)
    assert "  … and 401 more lines; --format json has all\n" in out
    assert "  … and 401 more programs; --format json has all\n" in out
    assert max(map(len, out.splitlines())) <= WIDTH
    assert len(values(capsys, command)["starts"]) == 501


def test_deep_nesting_has_a_page(capsys: Captured) -> None:
    for deep, code in (
        ("echo $(" * 20 + "ls" + ")" * 20, 0),
        ("( " * 50 + "ls" + " )" * 50, 1),
        ("if ls; then " * 50 + "ls" + "; fi" * 50, 0),
    ):
        found = values(capsys, deep, code=code)
        assert found["starts"] or found["not_understood"]
        assert max(map(len, explain(capsys, deep, code=code).splitlines())) <= WIDTH

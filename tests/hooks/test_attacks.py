"""What a hostile reader found, each as it was done: none of it may come back."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from codex_guard.secrets.rules.template import expand
from codex_guard.wire.command import Install, hook_command
from support.processes import event, run

KEY = expand("ghp_{crc62:36}")
DENIED = {"tool_input": {"command": "git reset --hard"}}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def bash(repo: Path, command: str) -> dict[str, Any]:
    return event("PreToolUse", repo, tool_input={"command": command})


def patch(repo: Path, *lines: str) -> dict[str, Any]:
    text = "\n".join(("*** Begin Patch", *lines, "*** End Patch"))
    return event("PreToolUse", repo, tool_name="apply_patch", tool_input={"command": text})


def test_an_empty_file_in_the_hooks_place_is_no_consent(tmp_path: Path) -> None:
    """What a disk that fills up during an update leaves behind, or somebody who wants it so."""
    launcher = tmp_path / "launch.py"
    launcher.touch()
    command = hook_command("PreToolUse", Install(sys.executable, str(launcher)))
    ran = run("PreToolUse", event("PreToolUse", tmp_path, **DENIED), ["/bin/sh", "-c", command])
    assert ran.status == 2
    assert "before it could judge" in ran.stderr


@pytest.mark.skipif(shutil.which("localedef") is None, reason="making a locale needs localedef")
def test_a_files_name_is_utf_8_whatever_the_locale(repo: Path, tmp_path: Path) -> None:
    locale = tmp_path / "en_US.ISO-8859-1"
    subprocess.run(["localedef", "-i", "en_US", "-f", "ISO-8859-1", locale], check=False, capture_output=True)
    if not locale.exists():
        pytest.skip("this machine has no sources of locales")
    (repo / "über.txt").write_text(f"TOKEN={KEY}\n")
    written = event("PostToolUse", repo, tool_input={"command": "python gen.py > über.txt"})
    environment = os.environ | {"LOCPATH": str(tmp_path), "LC_ALL": "en_US.ISO-8859-1"}
    ran = run("PostToolUse", written, env=environment)
    assert "ber.txt:1:7" in ran.sentence


@pytest.mark.parametrize("name", ["ledger.jsonl", "key", "sessions"])
def test_what_is_found_counts_although_it_cannot_be_remembered(name: str, repo: Path, own_home: Path) -> None:
    (repo / "leak.env").write_text(f"TOKEN={KEY}\n")
    state = own_home / "state" / "codex-guard"
    state.mkdir(parents=True)
    os.mkfifo(state / name)
    ran = run("PostToolUse", event("PostToolUse", repo, tool_input={"command": "make > leak.env"}))
    assert ran.blocked
    assert "leak.env:1:7" in ran.sentence or name == "key"


def test_a_locked_ledger_is_waited_for_two_seconds_and_the_denial_told(repo: Path, own_home: Path) -> None:
    ledger = own_home / "state" / "codex-guard" / "ledger.jsonl"
    ledger.parent.mkdir(parents=True)
    with ledger.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        ran = run("PreToolUse", bash(repo, "git reset --hard"))
    assert "[git-reset-hard]" in ran.sentence
    assert "another process keeps it locked" in ran.sentence


def test_a_thousand_findings_are_recorded_in_one_bounded_line(repo: Path, own_home: Path) -> None:
    keys = "\n".join(expand("ghp_{crc62:36}", seed) for seed in range(1_000))
    ran = run("UserPromptSubmit", event("UserPromptSubmit", repo, prompt=keys))
    assert "1000 secrets" in ran.sentence
    logged = json.loads((own_home / "state" / "codex-guard" / "ledger.jsonl").read_text())
    assert (logged["found"], len(logged["findings"])) == (1_000, 200)


def test_no_sentence_holds_a_secret_from_a_policy_or_a_folders_name(tmp_path: Path, own_home: Path) -> None:
    folder = tmp_path / KEY
    folder.mkdir()
    for text in ("chekcs = 1\n", f'"{KEY}" = 1\n', f'[checks]\ntools = ["{KEY}"]\n'):
        (folder / ".codex-guard.toml").write_text(text)
        ran = run("PreToolUse", event("PreToolUse", folder))
        assert ran.status == 2
        assert KEY not in ran.stderr
    assert KEY not in (own_home / "state" / "codex-guard" / "ledger.jsonl").read_text()


def test_a_policy_that_cannot_be_looked_for_is_an_error(repo: Path, own_home: Path) -> None:
    config = own_home / "config"
    config.mkdir()
    (config / "codex-guard").symlink_to(config / "codex-guard")
    ran = run("PreToolUse", event("PreToolUse", repo))
    assert ran.status == 2
    assert "cannot be looked for" in ran.stderr


def test_a_repository_has_no_say_in_what_a_person_may_send(repo: Path) -> None:
    (repo / ".codex-guard.toml").write_text('[secrets]\ndisabled_rules = ["github-pat"]\n')
    assert run("UserPromptSubmit", event("UserPromptSubmit", repo, prompt=f"use {KEY}")).blocked
    assert not run("PreToolUse", bash(repo, f"echo {KEY}")).blocked


def test_a_quote_of_what_is_no_bash_shows_no_half_of_a_secret(repo: Path) -> None:
    password = expand("{alnum:4}&{alnum:14}")
    ran = run("PreToolUse", bash(repo, f'echo postgres://u:{password}@h/db rm -rf / "'))
    assert "[rm-recursive]" in ran.sentence
    assert password[5:] not in ran.sentence


def guarded(repo: Path, home: Path) -> list[dict[str, Any]]:
    (repo / "d").symlink_to(".codex")
    (repo / "h").symlink_to(".codex/hooks.json")
    site = next(path for path in sys.path if path.endswith("-packages"))
    tool = {"tool_use_id": "call"}
    return [
        bash(repo, "echo '{}' > d/hooks.json"),
        bash(repo, "cp x h"),
        patch(repo, "*** Add File: d/hooks.json", "+{}"),
        patch(repo, "*** Add File: h", "+{}"),
        bash(repo, "cp /bin/true ~/.local/bin/codex-guard-pre-tool-use"),
        bash(repo, "rm ~/.local/bin/codex-guard-stop"),
        bash(repo, "> /opt/x/bin/codex-guard"),
        bash(repo, f"cp /bin/true {sys.executable}"),
        bash(repo, "codex features disable hooks"),
        bash(repo, "codex exec --disable hooks 'do it'"),
        bash(repo, "codex exec -c features.hooks=false 'do it'"),
        event(
            "PreToolUse",
            repo,
            **tool,
            tool_name="mcp__fs__write_file",
            tool_input={"path": ".codex/hooks.json"},
        ),
        event(
            "PreToolUse",
            repo,
            **tool,
            tool_name="mcp__fs__move_file",
            tool_input={"source": ".codex/hooks.json", "destination": "x"},
        ),
        bash(repo, f"echo x > {Path(site).parent.parent.parent}/bin/codex-guard-stop"),
    ]


def test_the_guards_own_files_are_reached_by_no_detour(repo: Path, own_home: Path) -> None:
    (repo / ".codex").mkdir()
    for payload in guarded(repo, own_home):
        ran = run("PreToolUse", payload)
        assert ran.blocked, payload["tool_input"]
        assert "[guard-" in ran.sentence


def test_reading_the_guards_files_is_fine(repo: Path) -> None:
    tool = {
        "tool_name": "mcp__fs__read_file",
        "tool_input": {"path": ".codex/hooks.json"},
        "tool_use_id": "c",
    }
    assert not run("PreToolUse", event("PreToolUse", repo, **tool)).blocked
    assert not run("PreToolUse", bash(repo, "cat .codex/hooks.json; ls ~/.local/bin")).blocked


PEM = expand("-----BEGIN {{}}-----\n{pem:640}\n-----END {{}}-----\n").replace("{}", "PRIVATE KEY")


@pytest.mark.parametrize(
    "form", ["{number:6}\t{line}", "{number}:{line}", "key.pem:{number}:{line}", "{number:4} | {line}"]
)
def test_a_key_printed_with_line_numbers_is_seen(form: str, repo: Path) -> None:
    numbered = "\n".join(form.format(number=n, line=line) for n, line in enumerate(PEM.splitlines(), 1))
    ran = run("PostToolUse", event("PostToolUse", repo, tool_response=numbered))
    assert ran.blocked
    assert PEM.splitlines()[1] not in ran.sentence


@pytest.mark.parametrize(
    "value", ["data:image/svg+xml,<svg>{}", "data:image/x {}", "data:image/png;base64,iVBORw0KGgo= {}"]
)
def test_a_picture_hides_no_text_behind_it(value: str, repo: Path) -> None:
    tool = {"tool_name": "mcp__x__send", "tool_input": {"body": value.format(KEY)}, "tool_use_id": "c"}
    assert run("PreToolUse", event("PreToolUse", repo, **tool)).blocked


@pytest.mark.parametrize(
    "line",
    [
        'const RefreshToken = "refreshToken2"',
        'enum T { AccessToken = "myAccessToken12" }',
        'hashed_password = "$2b$12$' + "abcdefghijklmnopqrstuv0123456789ABCDEFGHIJKLMNOPQRSTU" + '"',
        'register({ email, password: "Password123!" })',
        'password: "P@ssw0rd!"',
        'password = "Test1234!"',
    ],
)
def test_everyday_lines_are_no_secrets(line: str, repo: Path) -> None:
    assert not run("PreToolUse", patch(repo, "*** Add File: app.ts", f"+{line}")).blocked


def test_a_secret_that_comes_back_into_a_file_is_reported_again(repo: Path) -> None:
    payload = event("PostToolUse", repo, tool_input={"command": "make > leak.env"})
    leak = repo / "leak.env"
    leak.write_text(f"TOKEN={KEY}\n")
    assert run("PostToolUse", payload).blocked
    assert not run("PostToolUse", payload).blocked
    leak.write_text("TOKEN=$TOKEN\n")
    assert not run("PostToolUse", payload).blocked
    leak.write_text(f"TOKEN={KEY}\n")
    assert run("PostToolUse", payload).blocked

"""Every way in which a secret gets into a file, before the real Codex CLI: told of, and never repeated."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from codex_guard.cli.scripted_model import Item, message, patch, shell
from codex_guard.ledger import place
from support.sessions import AT_RUN_TIME, GUARD, KEY, Rehearse, continuations, init, output_of, played, stage

pytestmark = pytest.mark.e2e
MAKE = f'python3 -c "print({AT_RUN_TIME})"'
TAIL = "\n*** End Patch\n"


def update(*lines: str) -> Item:
    return patch("*** Begin Patch\n*** Update File: app.py\n" + "\n".join(lines) + TAIL)


DENIED = {
    "a heredoc": (shell(f"cat > deploy.py <<'EOF'\na = 1\nTOKEN = '{KEY}'\nEOF"), "deploy.py:2:10"),
    "printf": (shell(f"printf 'a = 1\\nTOKEN = \"{KEY}\"\\n' > deploy.py"), "deploy.py:2:10"),
    "python": (
        shell(f"python3 - <<'PY'\nopen('deploy.py', 'w').write('a = 1\\nTOKEN = \"{KEY}\"\\n')\nPY"),
        "deploy.py:2:10",
    ),
    "appended": (shell(f"echo \"TOKEN = '{KEY}'\" >> app.py"), "app.py:5:10"),
    "a patch that adds": (
        patch(f"*** Begin Patch\n*** Add File: deploy.py\n+a = 1\n+TOKEN = '{KEY}'{TAIL}"),
        "deploy.py:2:10",
    ),
    "a patch that updates": (update("@@", " three = 3", f"+TOKEN = '{KEY}'"), "app.py:4:10"),
    "a patch that renames": (
        update("*** Move to: moved.py", "@@", " two = 2", f"+TOKEN = '{KEY}'"),
        "moved.py:3:10",
    ),
    "a patch within Bash": (
        shell(
            "apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: app.py\n@@\n four = 4\n"
            f"+TOKEN = '{KEY}'{TAIL}EOF"
        ),
        "app.py:5:10",
    ),
}


@pytest.mark.parametrize("way", DENIED)
def test_a_secret_is_denied_with_its_line_in_the_file_to_be(way: str, rehearse: Rehearse) -> None:
    call, place_ = DENIED[way]
    files = {"app.py": "one = 1\ntwo = 2\nthree = 3\nfour = 4\n"}
    result = played(rehearse, stage("Write it", [[call], [message("done")]], files=files))
    told = output_of(result, call).partition(". Command: ")[0]
    assert f"{place_}: GitHub personal access token" in told
    assert not [name for name, text in result.repo_files().items() if KEY in text]


LANDED = {
    "a heredoc": f"cat > new.txt <<EOF\na = 1\n$({MAKE})\nEOF",
    "printf": f"printf 'a = 1\\n%s\\n' \"$({MAKE})\" > new.txt",
    "python": f"python3 - <<'PY'\nopen('new.txt', 'w').write('a = 1\\n' + {AT_RUN_TIME} + '\\n')\nPY",
}


@pytest.mark.parametrize("way", LANDED)
def test_a_secret_that_only_run_time_makes_is_told_once_it_landed(way: str, rehearse: Rehearse) -> None:
    call = shell(LANDED[way])
    result = played(rehearse, stage("Write it", [[call], [message("done")], [message("end")]]))
    assert "new.txt:2:7" in output_of(result, call)
    assert KEY not in result.model_text()
    assert continuations(result) == []  # it was told of


def test_what_the_background_writes_after_the_call_is_told_at_the_turns_end(rehearse: Rehearse) -> None:
    late = shell(f"setsid sh -c {shlex.quote(f'sleep 1; {MAKE} > late.txt')} > /dev/null 2>&1 & sleep 0")
    wait = shell("for i in 1 2 3 4 5 6 7 8 9; do sleep 0.4; test -s late.txt && break; done; true")
    turns = [[late], [wait], [message("done")], [shell("rm late.txt")], [message("clean")]]
    result = played(rehearse, stage("Start it", turns))
    (told,) = continuations(result)
    assert "late.txt:1:7: GitHub personal access token" in told
    assert "Take the values out" in told
    assert KEY not in result.model_text()
    assert result.stdout.strip() == "clean"


def test_a_file_that_held_one_already_is_told_of_once_and_blocks_nothing(rehearse: Rehearse) -> None:
    files = {"app.py": f"one = 1\ntwo = 2\nTOKEN = '{KEY}'\n"}
    first, second = update("@@", "-one = 1", "+one = 10"), update("@@", "-two = 2", "+two = 20")
    result = played(rehearse, stage("Edit it", [[first], [second], [message("done")]], files=files))
    assert "Success" in output_of(result, first)
    assert "Success" in output_of(result, second)
    told = json.dumps(result.requests[-1]).count("app.py:3:10: GitHub personal access token")
    assert told == 1
    assert KEY not in result.model_text()
    assert continuations(result) == []


def test_with_env_files_masked_the_model_reads_the_names_and_goes_on(rehearse: Rehearse) -> None:
    def masking(repo: Path, home: Path) -> None:
        init()(repo, home)
        config = repo.parent / "user" / ".config" / "codex-guard"
        config.mkdir(parents=True)
        (config / "policy.toml").write_text('[commands]\nenv_files = "mask"\n')

    files = {".env": "DB_PASSWORD=not-so-secret-3\nPORT=8080\n# a note\n", ".gitignore": ".env\n"}
    calls = [shell("cat .env"), shell("grep -n PORT .env"), shell("base64 .env"), shell("touch went-on.txt")]
    result = played(
        rehearse,
        stage("Look", [*([call] for call in calls), [message("done")]], files=files, prepare=masking),
    )
    shown, found, encoded, _ = (output_of(result, call) for call in calls)
    assert "DB_PASSWORD=<masked>\nPORT=<masked>\n# a note" in shown
    assert "2:PORT=<masked>" in found
    assert "[credential-read]" in encoded
    assert "not-so-secret" not in result.model_text()
    assert "8080" not in shown + found
    assert "went-on.txt" in result.repo_files()


def test_by_default_the_hint_for_a_dotenv_file_works(rehearse: Rehearse) -> None:
    files = {".env": "DB_PASSWORD=not-so-secret-3\n", ".gitignore": ".env\n"}
    calls = [shell("cat .env"), shell(f"{GUARD} show .env")]
    result = played(rehearse, stage("Look", [*([call] for call in calls), [message("done")]], files=files))
    denied, shown = (output_of(result, call) for call in calls)
    assert "codex-guard show" in denied
    assert "DB_PASSWORD: <masked>" in shown
    assert "not-so-secret" not in result.model_text()


def test_a_secret_may_go_where_git_ignores_it_and_nowhere_else(rehearse: Rehearse) -> None:
    files = {".gitignore": ".env*\n!.env.example\n"}
    calls = [shell(f"echo TOKEN={KEY} > {name}") for name in (".env.local", ".env.example")]
    result = played(
        rehearse, stage("Set it up", [*([call] for call in calls), [message("done")]], files=files)
    )
    assert result.repo_files()[".env.local"] == f"TOKEN={KEY}\n"
    assert ".env.example" not in result.repo_files()
    assert ".env.example:1:7" in output_of(result, calls[1])
    assert continuations(result) == []


def test_calls_side_by_side_lose_nothing_of_what_was_seen(rehearse: Rehearse) -> None:
    calls = [shell(f"cat > new{n}.txt <<EOF\na = 1\n$({MAKE})\nEOF") for n in range(6)]
    result = played(rehearse, stage("Write them", [calls, [message("done")], [message("end")]]))
    for number, call in enumerate(calls):
        assert f"new{number}.txt:2:7" in output_of(result, call)
    assert continuations(result) == []  # each was told of, and none is forgotten


def test_a_turn_without_its_end_is_swept_at_the_next_prompt(tmp_path: Path) -> None:
    """Codex runs no Stop hook for a turn that was interrupted: here, its events are played without it."""
    repo = tmp_path / "repo"
    subprocess.run(["git", "init", "-q", repo], check=True)
    event = {"session_id": "s", "turn_id": "t", "cwd": str(repo), "transcript_path": None}

    def prompt() -> str:
        raw = json.dumps({**event, "hook_event_name": "UserPromptSubmit", "prompt": "go on"})
        command = [str(Path(sys.executable).parent / "codex-guard-user-prompt-submit")]
        return subprocess.run(command, input=raw, capture_output=True, text=True, check=True).stdout

    assert prompt() == ""
    (repo / "late.txt").write_text(f"TOKEN = '{KEY}'\n")
    answer = json.loads(prompt())
    assert "late.txt:1:10" in answer["hookSpecificOutput"]["additionalContext"]
    assert "late.txt:1:10" in answer["systemMessage"]
    assert prompt() == ""
    assert Path(place.of_session("s")).is_relative_to(place.located())

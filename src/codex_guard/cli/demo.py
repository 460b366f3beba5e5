"""``codex-guard demo``: all four hooks at work in a throw-away repository.

With the real Codex CLI where it is installed, driven by a scripted model on loopback; by replaying
events into the executables where it is not. Nothing of the user's is touched, nothing leaves the machine.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from codex_guard.cli import init, rehearsal
from codex_guard.cli import scripted_model as model
from codex_guard.secrets.rules.template import expand
from codex_guard.wire import hooksfile
from codex_guard.wire.command import hook_command

_KEY = expand("ghp_{crc62:36}")
_PATCH = """*** Begin Patch
*** Update File: settings.py
*** Move to: config/settings.py
@@
-TOKEN = ""
+TOKEN = "{key}"
*** End Patch
"""
_BROKEN = "def double(number: int) -> int:\n    return str(number) * 2\n"
_FIXED = "def double(number: int) -> int:\n    return number * 2\n"


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "demo",
        help="show all four hooks at work in a throw-away repository",
        description=(
            "Show the four hooks at work in throw-away repositories: with the real Codex CLI and a"
            " scripted model on loopback, or, where Codex is not installed, with recorded events. Exits"
            " with 1 where one failed."
        ),
    )
    parser.add_argument(
        "--replay", action="store_true", help="do not use the Codex CLI, even where there is one"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show the four hooks. Returns 0 where each did its work, 1 where one did not."""
    codex = None if options.replay else rehearsal.find_codex()
    started = time.monotonic()
    if codex is None:
        print("The Codex CLI is not used here: its events are replayed into the four executables.\n")
        passed = _replayed()
    else:
        print(
            f"The real Codex CLI ({codex}), with a scripted model on loopback, in throw-away repositories.\n"
        )
        passed = _real(codex)
    seconds = time.monotonic() - started
    print(f"{sum(passed)} of {len(passed)} as they should be, in {seconds:.1f} s.")
    print("Next: run `codex-guard init` in a repository of yours.")
    return 0 if all(passed) else 1


def _say(title: str, told: str, done: bool) -> bool:  # noqa: FBT001 - the outcome is what this is about
    print(f"{'ok  ' if done else 'FAIL'} {title}")
    for line in told.strip().splitlines()[:12]:
        print(f"       {line}")
    print()
    return done


def _real(codex: Path) -> list[bool]:
    """Drive the real CLI through one scene for each hook."""

    def prepare(repo: Path, _home: Path) -> None:
        hooksfile.install(repo / ".codex" / "hooks.json", init.absolute())

    def scene(prompt: str, turns: list[Any], files: dict[str, str] | None = None) -> rehearsal.Result:
        stage = rehearsal.Stage(prompt=prompt, turns=turns, files=files or {}, prepare=prepare)
        return rehearsal.run(stage, codex=codex, path=os.environ.get("PATH", os.defpath))

    shown = []
    with scene(f"Deploy with {_KEY}", [[model.message("I saw the key.")]]) as result:
        unseen = not result.requests and not result.home_grep(_KEY)
        shown.append(_say("A pasted key: the prompt is not sent, the model gets no request.", "", unseen))
    call = model.shell("git reset --hard")
    with scene("Tidy up", [[call], [model.message("done")]]) as result:
        told = result.tool_outputs().get(call["call_id"], "")
        shown.append(
            _say("A dangerous command is not run; the model reads why:", told, "git-reset-hard" in told)
        )
    # Made of numbers at run time, so that nobody can see it coming (what a command joins or decodes would be
    # denied before it runs): what lands on disk is what counts.
    made = f"print('TOKEN=' + ''.join(map(chr, {[ord(character) for character in _KEY]})))"
    printing = model.shell(f'python3 -c "{made}" > settings.env')
    with scene("Write the settings", [[printing], [model.message("done")]]) as result:
        told = result.tool_outputs().get(printing["call_id"], "")
        done = "settings.env:1" in told and _KEY not in told
        shown.append(_say("A key that lands in a file: the model reads where, not the key:", told, done))
    broken, fixed = _write_call(_BROKEN), _write_call(_FIXED)
    with scene(
        "Write double()", [[broken], [model.message("done")], [fixed], [model.message("fixed")]]
    ) as result:
        told = next((text for text in result.user_texts() if "hook_prompt" in text), "")
        done = "double.py:2" in told and len(result.requests) == 4  # noqa: PLR2004 - broken, end, fix, end
        shown.append(_say("Broken types at the turn's end: the model is told and fixes them:", told, done))
    return shown


def _write_call(body: str) -> model.Item:
    return model.shell(f"cat > double.py <<'EOF'\n{body}EOF")


def _replayed() -> list[bool]:
    """Feed recorded shapes of events to the four hook commands, as Codex would run them."""
    shown = []
    with tempfile.TemporaryDirectory(prefix="codex-guard-demo-") as folder:
        repo = Path(folder) / "repo"
        repo.mkdir()
        subprocess.run(["git", "init", "-q", str(repo)], check=True)  # noqa: S603, S607 - our own folder
        feed = _feeder(repo, Path(folder))
        told = feed("UserPromptSubmit", prompt=f"Deploy with {_KEY}")
        shown.append(
            _say("A pasted key: the prompt is blocked.", told, "github-pat" in told and _KEY not in told)
        )
        told = feed("PreToolUse", tool_name="Bash", tool_input={"command": "rm -rf ~"})
        shown.append(_say("A dangerous command is denied:", told, "rm-recursive" in told))
        patch = _PATCH.format(key=_KEY)
        (repo / "config").mkdir()
        (repo / "config" / "settings.py").write_text(f'TOKEN = "{_KEY}"\n', encoding="utf-8")
        told = feed(
            "PostToolUse", tool_name="apply_patch", tool_input={"command": patch}, tool_response="Success."
        )
        done = "config/settings.py:1" in told and _KEY not in told
        shown.append(_say("A key that a patch left in a renamed file is reported:", told, done))
        (repo / "double.py").write_text(_BROKEN, encoding="utf-8")
        told = feed("Stop", stop_hook_active=False, last_assistant_message="done")
        shown.append(_say("Broken types at the turn's end continue the turn:", told, "double.py:2" in told))
    return shown


def _feeder(repo: Path, home: Path) -> Callable[..., str]:
    """Return a function that runs an event's hook command and returns the reason it gave."""
    environment = os.environ | {"XDG_STATE_HOME": str(home / "state")}

    def feed(event: str, **fields: Any) -> str:
        common = {"session_id": "demo", "turn_id": "1", "cwd": str(repo), "hook_event_name": event}
        done = subprocess.run(  # noqa: S603 - our own command
            ["/bin/sh", "-c", hook_command(event, init.absolute())],
            input=json.dumps(common | fields).encode(),
            capture_output=True,
            env=environment,
            cwd=repo,
            check=False,
        )
        if done.returncode or not done.stdout:
            return done.stderr.decode()
        answer = json.loads(done.stdout)
        specific = answer.get("hookSpecificOutput", {})
        reason: str = (
            answer.get("reason") or specific.get("permissionDecisionReason") or answer.get("systemMessage")
        )
        return reason

    return feed

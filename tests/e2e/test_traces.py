"""What the real Codex CLI keeps of a session: its terminal interface's history, rollouts and databases."""

import contextlib
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codex_guard.cli import rehearsal
from codex_guard.cli.rehearsal import Result, Stage
from codex_guard.cli.scripted_model import ScriptedModel, message, shell
from codex_guard.secrets.rules.template import expand

pytestmark = pytest.mark.e2e
Rehearse = Callable[[Stage], Result]
KEY = expand("ghp_{crc62:36}")
STARS = "*" * len(KEY)
BIN = Path(sys.executable).parent
GUARD = str(BIN / "codex-guard")
PATH = f"{BIN}{os.pathsep}{os.environ['PATH']}"
#: Else the terminal interface begins with the offer of a newer model.
DECLINED = '\n[notice.model_migrations]\n"gpt-5.5" = "gpt-6-sol"\n'
PATIENCE = 60  # seconds for each step of the terminal interface
#: What a terminal answers to a program that asks what it is.
ANSWERS = {
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[c": b"\x1b[?62;c",
    b"\x1b]10;?": b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\",
    b"\x1b]11;?": b"\x1b]11;rgb:0000/0000/0000\x1b\\",
}


class Terminal:
    """Codex's terminal interface at work, as a person at a terminal sees and types it."""

    def __init__(self, codex: Path, repo: Path, environment: dict[str, str]) -> None:
        self.own, inner = pty.openpty()
        fcntl.ioctl(self.own, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 150, 0, 0))
        command = [str(codex), "--dangerously-bypass-hook-trust"]
        self.process = subprocess.Popen(
            command,
            cwd=repo,
            env=environment,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
        )
        os.close(inner)
        self.seen = b""

    def until(self, happened: Callable[[], bool]) -> None:
        """Let it go on until something happened."""
        end = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < end, self.seen[-3_000:]
            if select.select([self.own], [], [], 0.1)[0]:
                shown = os.read(self.own, 1 << 16)
                self.seen += shown
                for asked, answer in ANSWERS.items():
                    if asked in shown:
                        os.write(self.own, answer)

    def paste(self, text: str) -> None:
        os.write(self.own, b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def close(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.own)


@contextlib.contextmanager
def terminal(codex: Path) -> Iterator[tuple[Terminal, Path, ScriptedModel]]:
    """Start the terminal interface in a stage of the rehearsal's, where a user ran ``codex-guard init``."""
    stage = Stage(prompt="", turns=[], config_extra=DECLINED)
    root = rehearsal._work_folder()
    repo, home = root / "repo", root / "codex-home"
    environment = rehearsal._environment(home, root / "user", PATH) | {"TERM": "xterm-256color"}
    with contextlib.ExitStack() as cleanup, ScriptedModel([[message("never")]]) as model:
        cleanup.callback(shutil.rmtree, root, ignore_errors=True)
        rehearsal._set_up(
            stage, root, repo, home, model.config("gpt-5.5", "never", "danger-full-access", repo)
        )
        rehearsal._commit(repo, environment)
        subprocess.run([GUARD, "init"], cwd=repo, env=environment, check=True, capture_output=True)
        shown = Terminal(codex, repo, environment)
        cleanup.callback(shown.close)
        yield shown, home, model


def test_a_pasted_key_does_not_stay_in_the_terminal_interfaces_history(codex: Path) -> None:
    with terminal(codex) as (shown, home, model):
        history = home / "history.jsonl"
        ledger = home.parent / "user" / ".local" / "state" / "codex-guard" / "ledger.jsonl"
        shown.until(lambda: b"permissions" in shown.seen)
        shown.paste(f'Deploy "it" with {KEY}\n\tnow, ä')
        shown.until(lambda: KEY.encode() in shown.seen)
        os.write(shown.own, b"\r")
        shown.until(lambda: ledger.exists() and b'"block"' in ledger.read_bytes())
        told = [json.loads(line) for line in history.read_text().splitlines()]
        kept = [str(path) for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert [entry["text"].split() for entry in told] == [["Deploy", '"it"', "with", STARS, "now,", "ä"]]
    assert {*told[0]} == {"session_id", "ts", "text"}
    assert model.requests == []
    assert kept == []


def test_what_a_session_without_the_guard_left_is_scrubbed(rehearse: Rehearse) -> None:
    made = f"'TOKEN=' + ''.join(map(chr, {[ord(character) for character in KEY]}))"
    call = shell(f'printf "a\\n%s\\n" {KEY}; python3 -c "print({made})"')
    result = rehearse(Stage(prompt=f"Use {KEY} now", turns=[[call], [message(f"done with {KEY}")]]))
    assert result.home_grep(KEY)
    environment = rehearsal._environment(result.home, result.root / "user", PATH)

    def scrub(*options: str) -> int:
        command = [GUARD, "scrub", *options]
        done = subprocess.run(command, cwd=result.repo, env=environment, capture_output=True, check=False)
        assert KEY.encode() not in done.stdout + done.stderr
        return done.returncode

    (rollout,) = result.home.rglob("rollout-*.jsonl")
    size = rollout.stat().st_size
    assert [scrub(), scrub("--apply"), scrub()] == [1, 0, 0]
    assert result.home_grep(KEY) == []
    assert rollout.stat().st_size == size
    assert all(json.loads(line) for line in rollout.read_text().splitlines())

"""Each executable as a process: whatever happens to it, it answers or blocks with a sentence."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codex_guard.secrets.rules.template import expand
from codex_guard.wire.command import EXECUTABLES, hook_command
from support.processes import ABSOLUTE, HOOKS, event, run

KEY = expand("ghp_{crc62:36}")
EXECUTABLE = Path(sys.executable).parent
KINDS = tuple(HOOKS.values())
MEBIBYTE = 1 << 20


def executable(kind: str, *arguments: str) -> list[str]:
    return [str(EXECUTABLE / EXECUTABLES[kind]), *arguments]


@pytest.mark.parametrize("kind", KINDS)
def test_a_clean_event_is_answered_with_silence(kind: str, tmp_path: Path) -> None:
    for command in (None, executable(kind)):
        ran = run(kind, event(kind, tmp_path), command)
        assert (ran.status, ran.answer, ran.stderr) == (0, {}, "")


def test_each_executable_blocks_what_it_is_there_for(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "wrong.py").write_text("def double(number: int) -> int:\n    return str(number)\n")
    (tmp_path / "leak.env").write_text(f"TOKEN={KEY}\n")
    cases: dict[str, tuple[dict[str, Any], str]] = {
        "UserPromptSubmit": ({"prompt": f"use {KEY}"}, "github-pat"),
        "PreToolUse": ({"tool_input": {"command": "git reset --hard"}}, "git-reset-hard"),
        "PostToolUse": ({"tool_input": {"command": "python make.py > leak.env"}}, "leak.env:1:7"),
        "Stop": ({}, "wrong.py:2"),
    }
    for kind, (fields, expected) in cases.items():
        if kind == "Stop":
            (tmp_path / "leak.env").unlink()  # which would be told of first
        for command in (None, executable(kind)):
            session = f"{kind} {command}"
            ran = run(kind, event(kind, tmp_path, **fields, session_id=session), command)
            assert ran.blocked, kind
            assert expected in ran.sentence
            assert KEY not in ran.sentence


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   \n",
        b"{",
        b"not json",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b"{}",
        b'{"hook_event_name": "Banana"}',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        os.urandom(10_000),
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_garbage_blocks_with_a_sentence(kind: str, raw: bytes) -> None:
    ran = run(kind, raw)
    assert ran.status == 2
    assert ran.stderr.startswith(f"codex-guard ({kind}): ")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_cut_short_blocks_and_says_nothing_of_it(kind: str, tmp_path: Path) -> None:
    whole = json.dumps(event(kind, tmp_path, note=KEY)).encode()
    for cut in range(1, len(whole), 29):
        ran = run(kind, whole[:cut], executable(kind)) if cut < 60 else run(kind, whole[:cut])
        assert ran.status == 2
        assert ran.stderr.strip()
        assert KEY[:12] not in ran.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_another_events_payload_blocks(kind: str, tmp_path: Path) -> None:
    other = KINDS[KINDS.index(kind) - 1]
    ran = run(kind, event(other, tmp_path))
    assert ran.status == 2
    assert other in ran.stderr
    assert kind in ran.stderr


@contextlib.contextmanager
def started(kind: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A hook command whose event has not ended yet."""
    command = hook_command(kind, ABSOLUTE) + "".join(f" {argument}" for argument in arguments)
    process = subprocess.Popen(
        ["/bin/sh", "-c", command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe and not pipe.closed:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        process.wait()


def slow_checks(repo: Path) -> None:
    """A repository whose own ruff takes longer than anybody waits."""
    subprocess.run(["git", "init", "-q", repo], check=True)
    (repo / "a.py").write_text("x = 1\n")
    tool = repo / ".venv" / "bin" / "ruff"
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\nexec sleep 20\n")
    tool.chmod(0o755)


def interpreter_below(group: int) -> int:
    """The process id of the Python that runs in a process group, once it is there."""
    for _ in range(500):
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if int(fields[2]) == group and b"python" in words[0] and len(words) > 3:
                    return int(entry.name)
        time.sleep(0.01)
    raise AssertionError("no interpreter was started")


@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="finding the interpreter needs Linux's /proc"
)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_killed_interpreter_blocks_with_a_sentence(
    kind: str, number: signal.Signals, tmp_path: Path
) -> None:
    with started(kind) as process:
        assert process.stdin is not None
        if kind == "Stop":  # its wrapper reads the whole event first, so the kill comes during a check
            slow_checks(tmp_path)
            process.stdin.write(json.dumps(event(kind, tmp_path)).encode())
            process.stdin.close()
            process.stdin = None
        else:
            process.stdin.write(b"{")
            process.stdin.flush()
        os.kill(interpreter_below(process.pid), number)
        _, errors = process.communicate()
    assert process.returncode == 2
    assert kind.encode() in errors
    assert b"before it could judge" in errors


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "Stop"])
def test_an_event_that_never_ends_meets_the_deadline(kind: str) -> None:
    with started(kind, "--timeout=1") as process:
        assert process.stdin is not None
        process.stdin.write(b'{"prompt": "')
        process.stdin.flush()
        assert process.stderr is not None
        errors = process.stderr.read()
        process.wait()
    assert process.returncode == 2
    assert b"did not finish within 0.75 seconds" in errors


SPIN = "while True: pass"
C_CODE = "sum(range(10**15))"


def served(body: str, kind: str = "PreToolUse", prologue: str = "") -> subprocess.CompletedProcess[bytes]:
    """A runner whose judge does what ``body`` says."""
    code = (
        f"import sys\n{prologue}\nfrom codex_guard.hooks.runner import run\n"
        f"def judge(event):\n    {body}\nrun({kind!r}, judge)"
    )
    payload = json.dumps(event(kind, Path("/"))).encode()
    return subprocess.run(
        [sys.executable, "-c", code, "--timeout=1"],
        input=payload,
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_a_judge_that_spins_meets_the_deadline() -> None:
    ran = served(SPIN)
    assert ran.returncode == 2
    assert b"did not finish" in ran.stderr


def test_a_c_call_that_never_returns_is_ended_by_the_watchdog() -> None:
    ran = served(C_CODE)
    assert ran.returncode == 1  # the wrapper makes a block of it
    assert ran.stdout == b""


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("raise MemoryError", "MemoryError"),
        ("raise RuntimeError('the secret text')", "RuntimeError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise SystemExit(0)", "SystemExit"),
        ("sys.exit()", "SystemExit"),
        ("judge(event)", "RecursionError"),
        ("return None", "AttributeError"),
        ("raise GeneratorExit", "GeneratorExit"),
    ],
)
def test_every_exception_blocks_with_one_sentence(body: str, shown: str, own_home: Path) -> None:
    ran = served(body)
    told = ran.stderr.decode()
    assert ran.returncode == 2
    assert shown in told
    assert "Traceback" not in told
    assert "\n" not in told.strip()
    assert "the secret text" not in told
    logged = json.loads((own_home / "state" / "codex-guard" / "ledger.jsonl").read_text())
    assert logged["error"] == shown
    assert logged["decision"] == "block"
    assert any(" judge" in line for line in logged["trace"]) or body.startswith("return")
    assert "the secret text" not in json.dumps(logged)


def test_no_memory_at_all_blocks_with_a_sentence(tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (90 << 20, 90 << 20))"
    ran = served("return bytes(1 << 33)", prologue=limit)
    assert ran.returncode == 2
    assert ran.stderr.strip()


def test_a_closed_stdin_or_stdout_blocks(tmp_path: Path) -> None:
    command = hook_command("PreToolUse", ABSOLUTE)
    ran = subprocess.run(["/bin/sh", "-c", f"{command} <&-"], capture_output=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.strip()
    denied = json.dumps(event("PreToolUse", tmp_path, tool_input={"command": "git reset --hard"})).encode()
    ran = subprocess.run(["/bin/sh", "-c", f"{command} >&-"], input=denied, capture_output=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.strip()


def test_a_turn_that_was_continued_ends_although_the_hook_fails(tmp_path: Path) -> None:
    """A hook that fails at every end would keep the turn, and the bill, going for ever."""
    body = "raise RuntimeError"
    first = served(body, "Stop")
    assert first.returncode == 2
    code = f"from codex_guard.hooks.runner import run\ndef judge(event):\n    {body}\nrun('Stop', judge)"
    payload = json.dumps(event("Stop", tmp_path, stop_hook_active=True)).encode()
    again = subprocess.run([sys.executable, "-c", code], input=payload, capture_output=True, check=False)
    assert again.returncode == 0
    assert "RuntimeError" in json.loads(again.stdout)["systemMessage"]


@pytest.mark.parametrize("argument", ["--timeout=0", "--timeout=1.5", "--timeout", "--help", "x"])
def test_a_wrong_argument_blocks_with_a_sentence(argument: str, tmp_path: Path) -> None:
    ran = run("PreToolUse", event("PreToolUse", tmp_path), executable("PreToolUse", argument))
    assert ran.status == 2
    assert "--timeout=SECONDS" in ran.stderr


EVIL = "import pathlib; pathlib.Path({marker!r}).write_text(__name__)\n"
NAMES = (
    "json",
    "re",
    "os",
    "codex_guard",
    "sitecustomize",
    "usercustomize",
    "_json",
    "faulthandler",
    "pathspec",
)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_repository_or_the_environment_is_imported(
    kind: str, tmp_path: Path, own_home: Path
) -> None:
    marker = tmp_path / "imported"
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(EVIL.format(marker=str(marker)))
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    user_site = own_home / ".local" / "lib" / version / "site-packages"
    user_site.mkdir(parents=True)
    (user_site / "usercustomize.py").write_text(EVIL.format(marker=str(marker)))
    (user_site / "evil.pth").write_text(f"import pathlib; pathlib.Path({str(marker)!r}).write_text('pth')\n")
    hostile = {
        "PYTHONPATH": str(tmp_path),
        "PYTHONSTARTUP": str(tmp_path / "json.py"),
        "PYTHONUSERBASE": str(own_home / ".local"),
        "PYTHONINSPECT": "1",
        "PYTHONWARNINGS": "ignore::json.Evil",
    }
    path = f"{EXECUTABLE}{os.pathsep}{os.environ['PATH']}"
    portable = ["/bin/sh", "-c", hook_command(kind, type(ABSOLUTE)())]
    for command, extra in ((None, {"PYTHONHOME": str(tmp_path)}), (portable, {"PYTHONHOME": str(tmp_path)})):
        environment = os.environ | hostile | extra | {"PATH": path}
        ran = run(kind, event(kind, tmp_path), command, cwd=tmp_path, env=environment)
        assert ran.status == 0, ran.stderr
        assert not marker.exists(), marker.read_text()


def test_no_child_is_left_holding_stdout(tmp_path: Path) -> None:
    """Codex waits for the end of stdout, so a check that leaves a process behind would hang the turn."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "a.py").write_text("x = 1\n")
    tools = tmp_path / ".venv" / "bin"
    tools.mkdir(parents=True)
    for tool in ("ruff", "mypy"):
        (tools / tool).write_text("#!/bin/sh\nsleep 300 &\nsleep 300 >/dev/null 2>&1 &\necho '[]'\n")
        (tools / tool).chmod(0o755)
    ran = run("Stop", event("Stop", tmp_path))  # returns only when stdout and stderr are closed
    assert ran.status == 0

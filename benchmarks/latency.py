"""What a hook costs: whole-process medians, as ratios to ``python -I -c pass`` in the same run.

Usage: ``python benchmarks/latency.py [--runs N]`` with the interpreter that codex-guard is installed for.
Each round runs every command once, in turn, so that a drift of the machine's speed meets all alike.
"""

# ruff: noqa: E402 - the path comes before the imports

import os
import sys

# A script's own folder comes first on the path, where secrets.py would stand for Python's own `secrets`.
_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [os.path.dirname(_HERE), *(place for place in sys.path if os.path.abspath(place) != _HERE)]

import argparse
import json
import shlex
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.benign import megabyte
from codex_guard import launch
from codex_guard.secrets.index import load
from codex_guard.secrets.rules.template import expand
from codex_guard.wire.command import EXECUTABLES, Install, hook_command

_PROMPT = (
    "Please refactor the parser in src/app/config.py so that an empty file gives the defaults, keep the"
    " public functions as they are, add a test for it, and tell me which callers rely on the old behaviour."
)
_COMMAND = (
    "cd src && rg -n 'def load' --type py | head -20 && git status --short && python -m pytest -q tests"
)
_OUTPUT = "\n".join(f"src/app/module_{n}.py:{n * 7}:def load_{n}(path: Path) -> Config:" for n in range(40))
_PATCH = """*** Begin Patch
*** Update File: src/app/config.py
@@ def load(path):
-    return parse(path.read_text())
+    text = path.read_text()
+    return parse(text) if text.strip() else DEFAULTS
*** End Patch
"""


def main() -> int:
    """Print the tables. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        repo = Path(folder) / "repo"
        repo.mkdir()
        subprocess.run(["git", "init", "-q", str(repo)], check=True)
        os.environ["XDG_STATE_HOME"] = folder
        _measure(_cases(repo), repo, runs)
        _large(repo, max(1, runs // 8))
    _wrapper(runs * 5)
    _modules()
    return 0


def _events(repo: Path) -> dict[str, dict[str, Any]]:
    common = {"session_id": "bench", "turn_id": "1", "cwd": str(repo), "transcript_path": None}
    tool = {"tool_use_id": "call_1", "tool_name": "Bash", "tool_input": {"command": _COMMAND}}
    patch = {"tool_use_id": "call_1", "tool_name": "apply_patch", "tool_input": {"command": _PATCH}}
    key = expand("ghp_{alnum:36}")
    return {
        "UserPromptSubmit, clean": common | {"hook_event_name": "UserPromptSubmit", "prompt": _PROMPT},
        "UserPromptSubmit, blocked": common
        | {"hook_event_name": "UserPromptSubmit", "prompt": f"{_PROMPT} Use {key}."},
        "PreToolUse, clean Bash": common | {"hook_event_name": "PreToolUse", **tool},
        "PreToolUse, clean patch": common | {"hook_event_name": "PreToolUse", **patch},
        "PreToolUse, denied": common
        | {"hook_event_name": "PreToolUse", **tool, "tool_input": {"command": "git reset --hard"}},
        "PostToolUse, clean Bash": common
        | {"hook_event_name": "PostToolUse", **tool, "tool_response": _OUTPUT},
        "PostToolUse, clean patch": common
        | {"hook_event_name": "PostToolUse", **patch, "tool_response": "Success."},
        "Stop, nothing changed": common | {"hook_event_name": "Stop", "stop_hook_active": False},
    }


def _cases(repo: Path) -> dict[str, tuple[list[str], bytes]]:
    absolute = Install(sys.executable, os.path.abspath(launch.__file__))
    cases: dict[str, tuple[list[str], bytes]] = {
        "python -I -c pass": ([sys.executable, "-I", "-c", "pass"], b"")
    }
    cases["python -I -S -c pass"] = ([sys.executable, "-I", "-S", "-c", "pass"], b"")
    for name, event in _events(repo).items():
        # A session for each way: a prompt after one whose turn has not ended looks for what that left.
        hooked, wrapped, started = (
            json.dumps(event | {"session_id": f"bench-{way}"}).encode()
            for way in ("hook", "wrapper", "executable")
        )
        kind = event["hook_event_name"]
        executable = Path(sys.executable).parent / EXECUTABLES[kind]
        hook = EXECUTABLES[kind].removeprefix("codex-guard-")
        cases[f"{name} | hook"] = ([sys.executable, "-I", "-S", str(absolute.launcher), hook], hooked)
        cases[f"{name} | with wrapper"] = (["/bin/sh", "-c", hook_command(kind, absolute)], wrapped)
        cases[f"{name} | executable"] = ([str(executable)], started)
    return cases


def _measure(cases: dict[str, tuple[list[str], bytes]], repo: Path, runs: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(runs + 3):
        for name, (command, raw) in cases.items():
            started = time.perf_counter()
            done = subprocess.run(command, input=raw, capture_output=True, cwd=repo, check=False)
            elapsed = time.perf_counter() - started
            if done.returncode:
                raise SystemExit(f"{name} failed: {done.stderr.decode()}")
            if number >= 3:  # noqa: PLR2004 - the first rounds warm the caches
                times[name].append(elapsed * 1000)
    floor = statistics.median(times["python -I -c pass"])
    print(f"{runs} runs each; medians of whole processes, in ms and as ratios to python -I -c pass\n")
    print(f"{'':58}{'ms':>8}{'ratio':>8}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:58}{median:8.2f}{median / floor:8.2f}")


def _wrapper(runs: int) -> None:
    """Print what the wrapper adds to a program that Codex would start through a shell anyway."""
    program = shutil.which("true") or "/bin/true"
    plain = shlex.join((program, "-X", "utf8", "-I", "-S", "launch.py", "pre-tool-use"))
    commands = {"plain": plain, "wrapped": hook_command("PreToolUse", Install(program, "launch.py"))}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(["bash", "-c", command], input=b"{}", capture_output=True, check=False)
            times[name].append((time.perf_counter() - started) * 1000)
    plain_ms, wrapped_ms = (statistics.median(values) for values in times.values())
    print(f"\nThe wrapper adds {wrapped_ms - plain_ms:.2f} ms to bash -c of a program that does nothing.")


def _large(repo: Path, runs: int) -> None:
    """Print the medians and the largest memory of UserPromptSubmit for prompts of 1 and 50 MB."""
    source = megabyte(load())
    prompts = {
        "1 MB of source, clean": source,
        "1 MB of source, a key at its end": f"{source}\n{expand('ghp_{alnum:36}')}",
        "50 MB of source, clean": source * 50,
    }
    hook = [sys.executable, "-I", "-S", os.path.abspath(launch.__file__), "user-prompt-submit"]
    common = _events(repo)["UserPromptSubmit, clean"]
    print(f"\nUserPromptSubmit | hook, large prompts, medians of {runs} runs\n")
    print(f"{'':58}{'ms':>8}{'MB':>8}")
    for name, prompt in prompts.items():
        # From a file, because Linux starts a child's peak at what its parent holds.
        event = repo.parent / "event.json"
        event.write_text(json.dumps(common | {"prompt": prompt}), encoding="utf-8")
        runs_of_it = [_with_memory(hook, event, repo) for _ in range(runs)]
        median = statistics.median(elapsed for elapsed, _ in runs_of_it)
        print(f"{name:58}{median:8.1f}{max(memory for _, memory in runs_of_it):8.1f}")


def _with_memory(command: list[str], event: Path, repo: Path) -> tuple[float, float]:
    """Run a command on a file. Returns its milliseconds and its largest resident memory in MB."""
    # A small parent between us and the hook: ours holds the prompts.
    code = (
        "import json, resource, subprocess, sys, time; started = time.perf_counter();"
        "done = subprocess.run(sys.argv[2:], stdin=open(sys.argv[1], 'rb'), capture_output=True);"
        "elapsed = time.perf_counter() - started;"
        "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss;"
        "print(json.dumps([done.returncode, elapsed, peak]))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(event), *command],
        capture_output=True,
        cwd=repo,
        check=True,
    )
    status, elapsed, peak = json.loads(done.stdout)
    if status:
        raise SystemExit(f"the hook left with {status} on {event.stat().st_size} bytes")
    return elapsed * 1000, peak / (1e6 if sys.platform == "darwin" else 1e6 / 1024)


def _modules() -> None:
    """Print what a clean event of each hook imports beyond a bare interpreter."""
    code = (
        "import sys, os; bare = set(sys.modules); sys.path.append({root!r});"
        "import codex_guard.hooks.runner as r;"
        "say = lambda: os.write(2, ' '.join(sorted(set(sys.modules) - bare)).encode());"
        "leave = os._exit; r.os._exit = lambda status: (say(), leave(status));"
        "from codex_guard.hooks.{module} import main; main()"
    )
    root = str(Path(launch.__file__).parent.parent)
    print("\nModules imported for a clean event, beyond python -I -S:")
    seen = set()
    for event in _events(Path("/")).values():
        kind = event["hook_event_name"]
        if kind in seen or kind == "Stop":
            continue
        seen.add(kind)
        module = EXECUTABLES[kind].removeprefix("codex-guard-").replace("-", "_")
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code.format(root=root, module=module)],
            input=json.dumps(event).encode(),
            capture_output=True,
            check=False,
        )
        print(f"  {kind}: {done.stderr.decode()}")


if __name__ == "__main__":
    sys.exit(main())

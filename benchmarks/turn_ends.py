"""What a turn's end costs: the sweep of a large tree, and the checks of one changed file, warm.

Usage: ``python benchmarks/turn_ends.py [--runs N] [--files N] [--modules N]`` with the interpreter that
codex-guard is installed for. Measured in the same rounds: ``python -I -c pass``, ``git status`` of the same
tree, and the bare tool that the hook runs, with the same warm cache.
"""

# ruff: noqa: E402 - the path comes before the imports

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [os.path.dirname(_HERE), *(place for place in sys.path if os.path.abspath(place) != _HERE)]

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from codex_guard import launch

_CHANGED = 50
_AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@example.org")
Command = tuple[list[str], bytes]


def main() -> int:
    """Print the tables. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--modules", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.environ["XDG_STATE_HOME"] = folder
        _sweep(Path(folder) / "large", options.files, options.runs)
        _checks(Path(folder) / "typed", options.modules, options.runs)
    return 0


def _hook(name: str, repo: Path, event: str, **fields: object) -> Command:
    payload = {
        "session_id": f"bench-{repo.name}",
        "turn_id": "1",
        "cwd": str(repo),
        "hook_event_name": event,
        **fields,
    }
    command = [sys.executable, "-I", "-S", os.path.abspath(launch.__file__), name]
    return command, json.dumps(payload).encode()


def _stop(repo: Path) -> Command:
    return _hook("stop", repo, "Stop", stop_hook_active=False)


def _prompt(repo: Path) -> Command:
    return _hook("user-prompt-submit", repo, "UserPromptSubmit", prompt="go on")


def _sweep(repo: Path, files: int, runs: int) -> None:
    """Measure a turn's end in a large tree in which some files changed."""
    for number in range(files):
        path = repo / f"d{number // 4000}" / f"s{number // 100}" / f"f{number}.txt"
        if number % 100 == 0:
            path.parent.mkdir(parents=True)
        path.write_text(f"value = {number}\n")
    _commit(repo)
    _timed(*_prompt(repo), repo)

    def change() -> None:
        for number in range(_CHANGED):
            path = repo / f"d{number // 4000}" / f"s{number // 100}" / f"f{number}.txt"
            path.write_text(f"value = {time.time_ns()}\n")
        time.sleep(0.05)

    status = ["git", "status", "--porcelain", "--untracked-files=all"]
    _table(
        f"{files} files, {_CHANGED} of them changed",
        {"git status": (status, b""), "Stop": _stop(repo)},
        repo,
        runs,
        change,
    )


def _checks(repo: Path, modules: int, runs: int) -> None:
    """Measure a turn's end in a typed project: nothing changed, one file changed, the same tree again.

    Once without a sandbox, and once in Codex's, where that is on PATH.
    """
    package = repo / "app"
    package.mkdir(parents=True)
    (repo / "pyproject.toml").write_text('[tool.mypy]\nstrict = true\nfiles = ["app"]\n')
    (package / "__init__.py").write_text("")
    for number in range(modules):
        other = (number * 7) % modules
        (package / f"m{number}.py").write_text(
            f"import json\n\nfrom app import m{other}\n\n\ndef f{number}(x: int) -> str:\n"
            f"    return json.dumps([x, m{other}.__name__])\n"
        )
    _commit(repo)
    _timed(*_prompt(repo), repo)
    command, raw = _stop(repo)
    policy = repo.parent / "config" / "codex-guard" / "policy.toml"
    policy.parent.mkdir(parents=True)
    policy.write_text('[checks]\nsandbox = "none"\n')
    stops = {"Stop, no sandbox": (["env", f"XDG_CONFIG_HOME={repo.parent / 'config'}", *command], raw)}
    if native := _codex(repo.parent / "codex"):
        path = f"PATH={native}{os.pathsep}{os.environ['PATH']}"
        stops["Stop, Codex's sandbox"] = (["env", path, *command], raw)
    else:
        print("\n(There is no codex on PATH: its sandbox is left out.)")
    _table("nothing changed", {"Stop": (command, raw)}, repo, runs * 2)
    options = [f"--cache-dir={repo}/.git/bare-mypy"]
    bare = [sys.executable, "-I", "-m", "mypy", *options]
    ruff = [str(Path(sys.executable).parent / "ruff"), "check", "--quiet", "--no-cache", "app/m3.py"]

    def change() -> None:
        (package / "m3.py").write_text(
            f"import json\n\nfrom app import m21\n\nMADE = {time.time_ns()}\n\n\ndef f3(x: int) -> str:\n"
            "    return json.dumps([x, m21.__name__, MADE])\n"
        )

    for warmed, given in ((bare, b""), *stops.values()):
        change()
        _timed(warmed, given, repo)
    title = f"{modules} typed modules, one of them changed; ruff and mypy, warm"
    _table(title, {"mypy alone": (bare, b""), "ruff alone": (ruff, b""), **stops}, repo, runs, change)
    _table("the same tree again", stops, repo, runs * 2)


def _codex(folder: Path) -> Path | None:
    """Return a folder such as Codex puts first on the PATH of hooks, with a link to its native binary."""
    found = shutil.which("codex")
    if found is None:
        return None
    package = Path(found).resolve().parent.parent
    binaries = [*package.glob("vendor/*/bin/codex"), *package.parent.glob("codex-*/vendor/*/bin/codex")]
    folder.mkdir()
    (folder / "codex-linux-sandbox").symlink_to(binaries[0] if binaries else Path(found).resolve())
    return folder


def _commit(repo: Path) -> None:
    subprocess.run(["git", "init", "-q", str(repo)], check=True)
    subprocess.run(["git", "-C", str(repo), "add", "--all"], check=True)
    subprocess.run(["git", "-C", str(repo), *_AUTHOR, "commit", "-q", "-m", "x"], check=True)
    subprocess.run(["git", "-C", str(repo), "status"], check=True, stdout=subprocess.DEVNULL)
    time.sleep(2.5)  # a session's repository is older than the session, also by a coarse clock


def _table(
    title: str,
    commands: dict[str, Command],
    repo: Path,
    runs: int,
    before: Callable[[], None] | None = None,
) -> None:
    commands = {"python -I -c pass": ([sys.executable, "-I", "-c", "pass"], b""), **commands}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, (command, raw) in commands.items():
            if before is not None:
                before()
            times[name].append(_timed(command, raw, repo))
    floor = statistics.median(times["python -I -c pass"])
    print(f"\n{title}; medians of {runs} whole processes, in ms and as ratios to python -I -c pass\n")
    for name, values in times.items():
        print(f"  {name:<24}{statistics.median(values):>9.1f}{statistics.median(values) / floor:>8.2f}")


def _timed(command: list[str], raw: bytes, repo: Path) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, input=raw, capture_output=True, cwd=repo, check=False)
    elapsed = (time.perf_counter() - started) * 1000
    if b"block" in done.stdout or done.stderr:
        raise SystemExit(f"{command} said: {(done.stdout + done.stderr).decode()}")
    return elapsed


if __name__ == "__main__":
    sys.exit(main())

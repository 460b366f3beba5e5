"""Running the checks: real tools, and tools that misbehave."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from codex_guard.checks import run as running
from codex_guard.checks import sandbox
from codex_guard.checks.check import Check
from codex_guard.checks.plan import plan
from codex_guard.checks.run import run
from codex_guard.model import CheckFailure, CheckResult


def sh(root: Path, script: str, tool: str = "mypy", parser: str = "mypy", pattern: str = "") -> Check:
    return Check(tool, str(root), ("/bin/sh", "-c", script), parser=parser, pattern=pattern)


def one(check: Check, seconds: float = 60, prefix: tuple[str, ...] = ()) -> CheckResult:
    [result] = run((check,), seconds, prefix)
    assert (result.tool, result.command) == (check.tool, check.command)
    return result


def test_real_tools_find_real_failures(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import os\n\n\ndef double(number: int) -> int:\n    return str(number)\n")
    (tmp_path / "-b c.py").write_text("def f(:\n")
    (tmp_path / "fine.py").write_text("X = 1\n")
    checks = plan(str(tmp_path), ("-b c.py", "a.py", "fine.py"), ("ruff",))
    checks += plan(str(tmp_path), ("a.py", "fine.py"), ("mypy",))
    ruff, mypy = run(checks, 120)
    assert (ruff.problem, mypy.problem) == (None, None)
    assert CheckFailure("ruff", "a.py", 1, 8, "F401", "`os` imported but unused") in ruff.failures
    assert {failure.path for failure in ruff.failures} == {"-b c.py", "a.py"}
    message = 'Incompatible return value type (got "str", expected "int")'
    assert mypy.failures == (CheckFailure("mypy", "a.py", 5, 12, "return-value", message),)


def test_real_tools_on_sound_files_find_nothing(tmp_path: Path) -> None:
    (tmp_path / "fine.py").write_text("X = 1\n")
    for result in run(plan(str(tmp_path), ("fine.py",), ("ruff", "mypy")), 120):
        assert (result.failures, result.problem) == ((), None)


def test_real_tools_change_no_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nfix = true\nunsafe-fixes = true\n")
    (tmp_path / "a.py").write_text("import os\n")
    [result] = run(plan(str(tmp_path), ("a.py",), ("ruff",)), 120)
    assert [failure.code for failure in result.failures] == ["F401"]
    assert (tmp_path / "a.py").read_text() == "import os\n"


def test_a_broken_configuration_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text("select = 7\n")
    (tmp_path / "a.py").write_text("import os\n")
    [result] = run(plan(str(tmp_path), ("a.py",), ("ruff",)), 120)
    assert result.problem == "ruff failed with status 2: run it by hand to see why."


FAILURE = "a.py:1:1: error: X  [misc]"
FOUND = (CheckFailure("mypy", "a.py", 1, 1, "misc", "X"),)
#: What a tool does, the failures in it, and the problem.
OUTCOMES: dict[str, tuple[str, tuple[CheckFailure, ...], str | None]] = {
    "nothing": ("exit 0", (), None),
    "failures": (f"echo '{FAILURE}'; exit 1", FOUND, None),
    "failures and a status": (f"echo '{FAILURE}'; exit 2", FOUND, None),
    "failures that cannot be read": (
        "echo what; exit 1",
        (),
        "mypy reports failures that could not be read: run it by hand to see them.",
    ),
    "a status": ("exit 2", (), "mypy failed with status 2: run it by hand to see why."),
    "a signal": ("kill -KILL $$", (), "mypy failed with status -9: run it by hand to see why."),
    "failures on stderr": (
        f"echo '{FAILURE}' >&2; exit 1",
        (),
        "mypy reports failures that could not be read: run it by hand to see them.",
    ),
    "what is not UTF-8": (f"printf '\\377\\n'; echo '{FAILURE}'; exit 1", FOUND, None),
    "reading standard input": (f"cat; echo '{FAILURE}'; exit 1", FOUND, None),
}


@pytest.mark.parametrize("case", OUTCOMES)
def test_what_becomes_of_a_tool_is_told(tmp_path: Path, case: str) -> None:
    script, failures, problem = OUTCOMES[case]
    result = one(sh(tmp_path, script))
    assert (result.failures, result.problem) == (failures, problem)


def test_both_streams_are_read_of_a_tool_that_reports_on_standard_error(tmp_path: Path) -> None:
    result = one(sh(tmp_path, "printf './a.go:3:2: X'; echo './b.go:3:2: X' >&2; exit 1", "go vet", "go"))
    assert [(failure.tool, failure.path) for failure in result.failures] == [
        ("go vet", "a.go"),
        ("go vet", "b.go"),
    ]


def test_a_pattern_of_the_users_finds_failures(tmp_path: Path) -> None:
    check = sh(tmp_path, "echo 'BAD a.txt'; exit 1", "own", "regex", r"^BAD (?P<path>\S+)")
    assert one(check).failures == (CheckFailure("own", "a.txt", 0, 0, "error", "BAD a.txt"),)


def test_a_check_that_cannot_be_planned_is_passed_on(tmp_path: Path) -> None:
    assert one(Check("ruff", str(tmp_path), problem="It is not installed.")).problem == "It is not installed."


def test_a_tool_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    result = one(Check("ruff", str(tmp_path), (str(tmp_path / "gone"),)))
    assert result.problem == "ruff could not be started (No such file or directory)."


def test_a_folder_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    result = one(sh(tmp_path / "gone", "exit 0"))
    assert result.problem == "mypy could not be started (No such file or directory)."


def test_too_many_files_are_a_problem(tmp_path: Path) -> None:
    result = one(Check("ruff", str(tmp_path), ("/bin/true", *("x" * 100_000 for _ in range(100)))))
    assert result.problem == "ruff could not be started (Argument list too long)."


def test_a_name_that_no_command_can_have_is_a_problem(tmp_path: Path) -> None:
    result = one(Check("ruff", str(tmp_path), ("/bin/true", "a\0.py")))
    assert result.problem is not None
    assert "could not be started" in result.problem


def alive(pid: int) -> bool:
    """Say whether a process still runs; one that ended and was not collected does not."""
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(shown.stdout.strip()) and not shown.stdout.startswith("Z")


def gone(pid: int) -> bool:
    for _ in range(500):
        if not alive(pid):
            return True
        threading.Event().wait(0.02)
    return False


CHILDREN = "(sleep 600 & echo $! >grandchild; wait) & echo $! >child; wait"


def test_a_tool_that_takes_too_long_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    script = f"trap '' TERM; {CHILDREN}"
    result = one(sh(tmp_path, script), seconds=1)
    assert result.problem == "mypy did not finish within 1 seconds and was stopped."
    for name in ("child", "grandchild"):
        assert gone(int((tmp_path / name).read_text()))


def test_what_a_tool_leaves_behind_is_ended_with_it(tmp_path: Path) -> None:
    result = one(sh(tmp_path, f"sleep 600 & echo $! >child; echo '{FAILURE}'; exit 1"))
    assert result.failures == FOUND
    assert gone(int((tmp_path / "child").read_text()))


@pytest.mark.parametrize("stream", [1, 2])
def test_a_tool_that_prints_without_end_is_stopped(tmp_path: Path, stream: int) -> None:
    result = one(sh(tmp_path, f"yes >&{stream}"))
    assert result.problem == "mypy printed more than 8 MiB and was stopped."


def test_a_large_report_is_read(tmp_path: Path) -> None:
    code = 'print("\\n".join(f"a.py:{line}:1: error: X  [misc]" for line in range(1, 100_001))); exit(1)'
    result = one(Check("mypy", str(tmp_path), (sys.executable, "-c", code), parser="mypy"))
    assert len(result.failures) == 100_000


def test_checks_run_side_by_side_and_answer_in_order(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "meet")  # each waits for the other
    checks = (
        sh(tmp_path, f"read line <meet; echo '{FAILURE}'; exit 1"),
        sh(tmp_path, "echo line >meet; exit 0", tool="ruff"),
    )
    first, second = run(checks, 60)
    assert (first.failures, first.problem) == (FOUND, None)
    assert (second.tool, second.failures, second.problem) == ("ruff", (), None)


def test_no_checks_are_no_results() -> None:
    assert run((), 60) == ()


@pytest.fixture
def codex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a codex on PATH that notes its arguments and runs what stands behind the dashes."""
    path = tmp_path / "codex bin" / "codex"
    path.parent.mkdir()
    path.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$@" >"$0.log"\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n'
    )
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}:/usr/bin:/bin")
    return path


def test_a_check_runs_in_the_sandbox_where_there_is_a_codex(tmp_path: Path, codex: Path) -> None:
    result = one(sh(tmp_path, f"echo '{FAILURE}'; exit 1"), prefix=sandbox.prefix())
    assert result.failures == FOUND
    log = codex.with_name("codex.log").read_text().splitlines()
    # Whatever the configuration of the repository says: Codex reads that of one that it trusts.
    assert log[: log.index("--") + 3] == [
        "sandbox",
        "-c",
        'sandbox_mode="workspace-write"',
        "-c",
        "sandbox_workspace_write.network_access=false",
        "-c",
        "sandbox_workspace_write.writable_roots=[]",
        "--",
        "/bin/sh",
        "-c",
    ]


def test_without_the_sandbox_codex_is_not_asked(tmp_path: Path, codex: Path) -> None:
    assert one(sh(tmp_path, "exit 0")).problem is None
    assert not codex.with_name("codex.log").exists()


def test_the_running_codex_comes_before_another_on_path(
    tmp_path: Path, codex: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Codex puts a folder first on the PATH of hooks, in which apply_patch is a link to itself."""
    running_codex = tmp_path / "bin" / "codex"
    running_codex.parent.mkdir()
    running_codex.write_text("#!/bin/sh\n")
    running_codex.chmod(0o755)
    links = tmp_path / "links"
    links.mkdir()
    (links / "apply_patch").symlink_to(running_codex)
    monkeypatch.setenv("PATH", f"{links}:{codex.parent}:/usr/bin:/bin")
    assert sandbox.prefix()[0] == str(running_codex)
    (links / "apply_patch").unlink()
    (links / "apply_patch").symlink_to("/bin/sh")
    assert sandbox.prefix()[0] == str(codex)


def test_a_sandbox_that_fails_is_a_problem(tmp_path: Path, codex: Path) -> None:
    codex.write_text("#!/bin/sh\nexit 101\n")
    assert (
        one(sh(tmp_path, "exit 0"), prefix=sandbox.prefix()).problem
        == "mypy failed with status 101: run it by hand to see why."
    )


@pytest.mark.parametrize("entry", ["", ".", "codex bin"])
def test_a_codex_of_the_sessions_folder_is_no_sandbox(
    tmp_path: Path, codex: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    monkeypatch.chdir(codex.parent if entry != "codex bin" else tmp_path)
    monkeypatch.setenv("PATH", f"{entry}:/usr/bin:/bin")
    assert sandbox.prefix() == ()


def test_a_failure_within_is_a_result_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> CheckResult:
        raise KeyError("broken")

    monkeypatch.setattr(running, "_run", broken)
    monkeypatch.setattr(threading, "excepthook", lambda _arguments: None)
    assert one(sh(tmp_path, "exit 0")).problem == "mypy could not be run."


def test_nothing_lives_on_when_the_wait_is_interrupted(tmp_path: Path) -> None:
    script = (
        "import os, threading\nfrom codex_guard.checks import run\n"
        "from codex_guard.checks.check import Check\n"
        "threading.Timer(1, lambda: os.kill(os.getpid(), 2)).start()\n"
        f"check = Check('slow', {str(tmp_path)!r}, ('/bin/sh', '-c', 'echo $$ > pid; exec sleep 60'))\n"
        "run.run((check,), 60)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=30, check=False)
    assert b"KeyboardInterrupt" in done.stderr
    number = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_sandbox_that_does_not_start_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'no namespaces here' >&2\nexit 1\n")
    broken.chmod(0o755)
    assert sandbox.failure((str(broken),)) == "no namespaces here"
    assert sandbox.failure((str(tmp_path / "missing"),)) == "FileNotFoundError"
    assert sandbox.failure(("/usr/bin/env",)) is None


@pytest.mark.parametrize("way", ["a folder of PATH", "a link", "an alias"])
def test_a_codex_of_the_repository_is_no_sandbox(
    tmp_path: Path, codex: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """npx and direnv put folders of the repository on PATH."""
    folder, top = codex.parent, codex.parent
    if way != "a folder of PATH":
        folder = tmp_path / "links"
        folder.mkdir()
        (folder / ("apply_patch" if way == "an alias" else "codex")).symlink_to(codex)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    assert sandbox.prefix(str(tmp_path / "other"))
    assert sandbox.prefix(str(top)) == ()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_lives_on_when_the_process_is_killed(tmp_path: Path, number: int) -> None:
    """A turn that is interrupted ends the group of its hooks, which a check is not in."""
    script = (
        "from codex_guard.checks import run\nfrom codex_guard.checks.check import Check\n"
        f"check = Check('slow', {str(tmp_path)!r}, ('/bin/sh', '-c', 'echo $$ >new; mv new pid; sleep 60'))\n"
        "run.run((check,), 60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], start_new_session=True) as process:
        while not (tmp_path / "pid").exists():
            threading.Event().wait(0.02)
        os.killpg(process.pid, number)
    assert gone(int((tmp_path / "pid").read_text()))

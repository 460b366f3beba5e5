"""Running the checks: side by side, bounded in time and output, behind whatever starts a sandbox."""

import contextlib
import os
import select
import signal
import subprocess
import threading
import time

from codex_guard.checks.check import Check
from codex_guard.checks.reports import read
from codex_guard.model import CheckResult

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    Progress = Callable[[Check, CheckResult | None], None]

_LARGEST = 8 << 20  # bytes of output: more is no report of failures
_RUNNING: "set[subprocess.Popen[bytes]]" = set()
_WATCH = 'read -r line; kill -KILL -"$0"'  # its input ends with the process that holds the other end
_POLL = 0.05  # seconds between two looks at a running check


def run(
    checks: tuple[Check, ...],
    seconds: float,
    prefix: tuple[str, ...] = (),
    *,
    top: str | None = None,
    total: float | None = None,
    progress: "Progress | None" = None,
) -> tuple[CheckResult, ...]:
    """Run ``checks`` side by side and return their results in order.

    Nothing they start outlives this call, or this process; without a sandbox, what leaves its group does.
    ``prefix`` is the command that starts each of them, such as a sandbox's; ``seconds`` bounds each, and
    ``total`` all of them. The failures' paths are relative to ``top``, absolute, or to each check's folder.
    ``progress`` is called when a check starts (with None) and when it has ended, from several threads.
    """
    results: list[CheckResult | None] = [None] * len(checks)
    waiting = iter(range(len(checks)))
    until = time.monotonic() + (seconds * len(checks) if total is None else total)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                number = next(waiting, None)
            if number is None:
                return
            check = checks[number]
            if progress is not None:
                progress(check, None)
            results[number] = result = _placed(
                _run(check, min(check.seconds or seconds, until - time.monotonic()), prefix), check, top
            )
            if progress is not None:
                progress(check, result)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(len(checks), _at_once()))]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    finally:
        for process in tuple(_RUNNING):  # where the wait was ended, as by Ctrl-C
            _end(process)
    return tuple(
        result or CheckResult(check.tool, check.command, problem=f"{check.tool} could not be run.")
        for check, result in zip(checks, results, strict=True)
    )


def _at_once() -> int:
    return max(2, os.cpu_count() or 1)


def _placed(result: CheckResult, check: Check, top: str | None) -> CheckResult:
    """Return the result with its paths relative to the repository's top."""
    root = os.path.relpath(check.root, top) if top is not None else "."
    if root == ".":
        return result
    failures = tuple(
        failure.replace(path=os.path.normpath(os.path.join(root, failure.path)))
        if not os.path.isabs(failure.path)
        else failure.replace(path=_within(failure.path, top or ""))
        for failure in result.failures
    )
    return result.replace(failures=failures, root=root)


def _within(path: str, top: str) -> str:
    start = os.path.join(os.path.realpath(top), "")
    real = os.path.realpath(path)
    return real.removeprefix(start) if real.startswith(start) else path


def _run(check: Check, seconds: float, prefix: tuple[str, ...]) -> CheckResult:
    if check.problem is not None:
        return CheckResult(check.tool, check.command, problem=check.problem)
    if seconds <= 0:
        return _problem(check, "was not started: the time for all checks was used up")
    started = time.monotonic()
    try:
        # Files, not pipes: a child that lives on cannot keep this from seeing the end.
        with _file() as out, _file() as errors:
            process = subprocess.Popen(  # noqa: S603 - a planned command, no shell
                [*prefix, *check.command],
                cwd=check.root,
                env=os.environ | dict(check.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                start_new_session=True,
            )
            _RUNNING.add(process)
            try:
                with _watched(process):
                    ended = _wait(process, seconds, (out.fileno(), errors.fileno()))
            finally:
                _RUNNING.discard(process)
                _end(process)
            if ended is not None:
                return _problem(check, ended)
            out.seek(0)
            output = out.read(_LARGEST).decode("utf-8", "replace")
            if check.parser in read.ON_STDERR:
                errors.seek(0)
                output += "\n" + errors.read(_LARGEST).decode("utf-8", "replace")
    except OSError as error:
        return _problem(check, f"could not be started ({error.strerror})")
    except ValueError:
        return _problem(
            check, "could not be started: the name of a changed file is none that a command can have"
        )
    result = _verdict(check, process.returncode, output)
    return result.replace(seconds=round(time.monotonic() - started, 2))


def _verdict(check: Check, status: int, output: str) -> CheckResult:
    failures = read.failures(check.parser, check.tool, output, check.root, check.pattern)
    if status == 0 and check.parser == "lines":
        failures = ()  # what a program prints that is content
    if failures or status == 0 or (status in check.statuses and _only_warns(check, output)):
        return CheckResult(check.tool, check.command, failures)
    if status in check.statuses:
        what = "reports failures that could not be read: run it by hand to see them"
    else:
        what = f"failed with status {status}: run it by hand to see why"
    return _problem(check, what).replace(broken=True)


def _only_warns(check: Check, output: str) -> bool:
    """Say whether a report was read and holds no failure: basedpyright exits with 1 for warnings alone."""
    return check.parser == "pyright-json" and '"errorCount": 0' in output


def _wait(process: "subprocess.Popen[bytes]", seconds: float, outputs: tuple[int, ...]) -> str | None:
    """Wait for the process. Returns why it must be stopped, or None where it ended by itself."""
    until = time.monotonic() + seconds
    while True:
        _pause(process)
        if any(os.fstat(output).st_size > _LARGEST for output in outputs):
            return f"printed more than {_LARGEST >> 20} MiB and was stopped"
        if process.returncode is not None:
            return None
        if time.monotonic() > until:
            return f"did not finish within {round(seconds, 1):g} seconds and was stopped"


def _pause(process: "subprocess.Popen[bytes]") -> None:
    """Wait a moment, or until the process has ended, whichever comes first."""
    try:
        handle = os.pidfd_open(process.pid)
    except (AttributeError, OSError):  # not on Linux, or it has ended
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_POLL)
        return
    try:
        select.select([handle], [], [], _POLL)
    finally:
        os.close(handle)
    process.poll()


def _file() -> "BinaryIO":
    """Return a file for a program's output, which has no name."""
    try:
        return open(os.memfd_create("output"), "w+b")
    except (AttributeError, OSError):  # not on Linux
        import tempfile  # noqa: PLC0415 - 7 ms

        return tempfile.TemporaryFile()


@contextlib.contextmanager
def _watched(process: "subprocess.Popen[bytes]") -> "Iterator[None]":
    """End the process's group also where this process is killed, as a hook of a turn that is interrupted."""
    # In a session of its own: what ends the hook's group leaves it alone.
    watch = subprocess.Popen(  # noqa: S603 - a constant script, and a number
        ["/bin/sh", "-c", _WATCH, str(process.pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with watch:
        try:
            yield
        finally:
            watch.kill()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process and all of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _problem(check: Check, what: str) -> CheckResult:
    return CheckResult(check.tool, check.command, problem=f"{check.tool} {what}.")

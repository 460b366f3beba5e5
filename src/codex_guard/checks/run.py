"""Running the checks: side by side, bounded in time and output, behind whatever starts a sandbox."""

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time

from codex_guard.checks.check import Check
from codex_guard.checks.reports import read
from codex_guard.model import CheckResult

_LARGEST = 8 << 20  # bytes of output: more is no report of failures
_POLL = 0.05  # seconds between two looks at a running check


def run(checks: tuple[Check, ...], seconds: float, prefix: tuple[str, ...] = ()) -> tuple[CheckResult, ...]:
    """Run ``checks`` at once and return their results in order. Nothing they start outlives this call.

    ``prefix`` is the command that starts each of them, such as a sandbox's; ``seconds`` bounds each.
    """
    results: list[CheckResult | None] = [None] * len(checks)

    def work(number: int) -> None:
        results[number] = _run(checks[number], seconds, prefix)

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(len(checks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tuple(
        result or CheckResult(check.tool, check.command, problem=f"{check.tool} could not be run.")
        for check, result in zip(checks, results, strict=True)
    )


def _run(check: Check, seconds: float, prefix: tuple[str, ...]) -> CheckResult:
    if check.problem is not None:
        return CheckResult(check.tool, check.command, problem=check.problem)
    try:
        # Files, not pipes: a child that lives on cannot keep this from seeing the end.
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(  # noqa: S603 - a planned command, no shell
                [*prefix, *check.command],
                cwd=check.root,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                start_new_session=True,
            )
            try:
                ended = _wait(process, seconds, (out.fileno(), errors.fileno()))
            finally:
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
    status = process.returncode
    failures = read.failures(check.parser, check.tool, output, check.root, check.pattern)
    if not failures and status not in (0, 1):
        return _problem(check, f"failed with status {status}: run it by hand to see why")
    if not failures and status == 1:
        return _problem(check, "reports failures that could not be read: run it by hand to see them")
    return CheckResult(check.tool, check.command, failures)


def _wait(process: "subprocess.Popen[bytes]", seconds: float, outputs: tuple[int, ...]) -> str | None:
    """Wait for the process. Returns why it must be stopped, or None where it ended by itself."""
    until = time.monotonic() + seconds
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_POLL)
        if any(os.fstat(output).st_size > _LARGEST for output in outputs):
            return f"printed more than {_LARGEST >> 20} MiB and was stopped"
        if process.returncode is not None:
            return None
        if time.monotonic() > until:
            return f"did not finish within {seconds:g} seconds and was stopped"


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process and all of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _problem(check: Check, what: str) -> CheckResult:
    return CheckResult(check.tool, check.command, problem=f"{check.tool} {what}.")

"""Running the checks: side by side, bounded in time and output, inside Codex's sandbox where there is one."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading

from codex_guard.checks import parse
from codex_guard.checks.plan import Check
from codex_guard.model import CheckResult

_LARGEST = 8 << 20  # bytes of output that are read


def run(checks: tuple[Check, ...], seconds: float, sandbox: str) -> tuple[CheckResult, ...]:
    """Run ``checks`` at once and return their results in order. Nothing they start outlives this call."""
    prefix = sandbox_prefix() if sandbox == "codex" else ()
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


def sandbox_prefix() -> tuple[str, ...]:
    """Return the command that runs what follows in Codex's sandbox; empty where Codex is not on PATH.

    Inside it, only the work tree and the temporary folders can be written, and there is no network.
    """
    codex = shutil.which("codex")
    return (codex, "sandbox", "-c", 'sandbox_mode="workspace-write"', "--") if codex else ()


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
                status = process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                return _problem(check, f"did not finish within {seconds:g} seconds and was stopped")
            finally:
                _end(process)
            out.seek(0)
            output = out.read(_LARGEST).decode("utf-8", "replace")
    except OSError as error:
        return _problem(check, f"could not be started ({error.strerror})")
    failures = parse.failures(check.tool, output, check.root)
    if not failures and status not in (0, 1):
        return _problem(check, f"failed with status {status}: run it by hand to see why")
    if not failures and status == 1:
        return _problem(check, "reports failures that could not be read: run it by hand to see them")
    return CheckResult(check.tool, check.command, failures)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process and all of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _problem(check: Check, what: str) -> CheckResult:
    return CheckResult(check.tool, check.command, problem=f"{check.tool} {what}.")

"""The audit log: one JSON line for each block and each error, never with contents.

A line is written whole, under a lock, so that parallel hooks cannot mix theirs.
"""

import os
import time

from codex_guard.errors import GuardError
from codex_guard.ledger import key, place
from codex_guard.model import Block, Event, Finding, Judgement
from codex_guard.secrets import index, search
from codex_guard.secrets.fingerprint import fingerprint
from codex_guard.secrets.masking import veil

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

NAME = "ledger.jsonl"
_MOST = 200  # findings that a line lists; it counts all


def record_judgement(name: str, event: Event, judgement: Judgement, started: float) -> None:
    """Append a line for a judgement: rules, places and fingerprints. ``started`` is of time.monotonic.

    Raises GuardError where the log cannot be written.
    """
    secret_key = key.read() if judgement.findings else b""
    wheres = {finding.where for finding in judgement.findings[:_MOST]}
    wheres |= {item.where for item in judgement.unscanned[:_MOST]}
    names = {where: _place(where, judgement.findings) for where in wheres}
    _append(
        {
            **_head(name, event.session, started),
            "decision": "block" if isinstance(judgement.decision, Block) else "allow",
            "rules": sorted(
                {item.rule for item in judgement.findings} | {item.rule for item in judgement.violations}
            ),
            "findings": [
                {
                    "rule": finding.rule,
                    "where": names[finding.where],
                    "line": finding.line,
                    "column": finding.column,
                    "fingerprint": fingerprint(finding.secret, secret_key),
                    "suppressed": finding.suppressed,
                }
                for finding in judgement.findings[:_MOST]
            ],
            "found": len(judgement.findings),
            "unscanned": [[names[item.where], item.reason] for item in judgement.unscanned[:_MOST]],
            "failures": sum(len(check.failures) for check in judgement.checks),
        }
    )


def record_error(name: str, session: str | None, error: BaseException, decision: str, started: float) -> None:
    """Append a line for an error: its type and where it arose. Its message and data are left out.

    Raises GuardError where the log cannot be written.
    """
    _append(
        {
            **_head(name, session, started),
            "decision": decision,
            "error": type(error).__name__,
            "sentence": _place(str(error), ()) if isinstance(error, GuardError) else None,
            "trace": _trace(error.__traceback__),
        }
    )


def path() -> str:
    """Return the log's path."""
    return os.path.join(place.folder(), NAME)


def _place(where: str, findings: tuple[Finding, ...]) -> str:
    """Return a name or a sentence with the secrets masked that stand in it, known before or not."""
    return search.masked(veil(where, findings), index.load())


def _head(name: str, session: str | None, started: float) -> dict[str, object]:
    now = time.time()
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03d}Z"
    return {
        "time": stamp,
        "event": name,
        "session": _place(session, ()) if session else session,
        "duration_ms": round((time.monotonic() - started) * 1000, 1),
    }


def _trace(traceback: "TracebackType | None") -> list[str]:
    lines: list[str] = []
    while traceback is not None and len(lines) < 50:  # noqa: PLR2004 - a recursion error has thousands
        code = traceback.tb_frame.f_code
        lines.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return lines


def _append(entry: dict[str, object]) -> None:
    import json  # noqa: PLC0415 - a silent event never comes here

    line = json.dumps(entry).encode("ascii") + b"\n"
    try:
        handle = place.open_private(path(), os.O_RDWR | os.O_APPEND)
        try:
            place.lock(handle)
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                line = b"\n" + line  # a process was killed within its line: only that one is lost
            while line:
                line = line[os.write(handle, line) :]
        finally:
            os.close(handle)
    except OSError as error:
        raise GuardError(
            f"codex-guard cannot write its log {path()} ({error.strerror}): make it writable, or move it"
            " away."
        ) from error

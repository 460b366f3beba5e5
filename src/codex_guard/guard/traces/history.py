"""Codex's history of prompts, in which its terminal interface keeps a prompt before any hook may judge it."""

import io
import json
import os

from codex_guard.guard.traces import file, strings
from codex_guard.guard.traces.batch import Batch
from codex_guard.guard.traces.file import Change
from codex_guard.guard.traces.marks import Values
from codex_guard.ledger import place
from codex_guard.model import Finding
from codex_guard.wire import home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.traces.marks import Find

#: Bytes at the history's end that are looked at.
LOOKED_AT = 1 << 20
_NEXT = "run `codex-guard scrub --apply`"


def mask(session: str, prompt: str, findings: tuple[Finding, ...], find: "Find") -> str | None:
    """Mask what was found in the blocked ``prompt`` where the history holds it, in lines of that session.

    ``find`` gives the findings of a text that count. Returns None, or a sentence on what was left. Never
    raises: the prompt stays blocked whatever is wrong with a file.
    """
    try:
        return _mask(session, prompt, findings, find)
    except FileNotFoundError:
        return None  # `codex exec` and persistence = "none" keep none
    except OSError as error:
        why = error.strerror or type(error).__name__
    except Exception as error:  # noqa: BLE001 - an error's message can hold what was being judged
        why = f"an internal error, {type(error).__name__}"
    return f"Codex's {home.HISTORY} was not masked ({why}): {_NEXT}."


def _mask(session: str, prompt: str, findings: tuple[Finding, ...], find: "Find") -> str | None:
    path = os.path.join(home.folder(), home.HISTORY)
    handle = place.opened(path, os.O_RDWR)
    try:
        with file.locked(handle, path):  # who holds the lock may be Codex, about to write this very prompt
            size = os.fstat(handle).st_size
            start = max(size - LOOKED_AT, 0)
            data = file.read(handle, size - start, start)
        if start:
            cut = data.find(b"\n") + 1
            if not cut or cut == len(data):
                return f"The prompt is too long to be masked in Codex's {home.HISTORY} here: {_NEXT}."
            start, data = start + cut, data[cut:]
        changes = _changes(start, data, session, (prompt, findings, find))
        if changes:
            with file.locked(handle, path):
                file.overwrite(handle, changes)
    finally:
        os.close(handle)
    return None


def _changes(
    at: int, data: bytes, session: str, told: "tuple[str, tuple[Finding, ...], Find]"
) -> list[Change]:
    prompt, findings, find = told
    values = Values()
    values.add(findings)
    batch = Batch(find, values)
    for raw in io.BytesIO(data):
        said = _said(raw, session)
        if said is not None and (said == prompt or values.marks(said)):
            batch.add(at, strings.decoded(raw))
        at += len(raw)
    found = batch.masked(prompt, findings)
    return [
        Change(one.key, strings.encoded(one.old), strings.encoded(one.new))
        for one in found
        if isinstance(one.key, int)
    ]


def _said(raw: bytes, session: str) -> str | None:
    if session.encode("utf-8", "replace") not in raw:  # most lines are of other sessions
        return None
    try:
        return home.prompt_of(json.loads(raw), session)
    except (ValueError, RecursionError):
        return None

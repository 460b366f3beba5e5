"""Files of lines: the history, rollouts, logs. Read in bounded memory, overwritten in place."""

import os

from codex_guard.guard.traces import file, strings
from codex_guard.guard.traces.file import Change
from codex_guard.guard.traces.look import LARGEST, TOGETHER, Look, Scrubbed
from codex_guard.ledger import place
from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from codex_guard.guard.traces.batch import Batch, Masked
    from codex_guard.wire.home import Trace

_SIZE = f"{LARGEST >> 20} MiB"
_TOO_LARGE = f"a line of more than {_SIZE} was not looked at"
_CUT = "its last line is cut short, as Codex is writing it or was stopped: that line was not looked at"


class Line(Record):
    """Where a line stands in its file: the byte that it begins at, and its number."""

    at: int
    number: int


def scrub(trace: "Trace", look: Look) -> Scrubbed:
    """Find, and mask if that is asked for, the secrets in a file as it is now; what is appended stays.

    The file is locked for each overwriting only: it has to say then what it said when it was read.
    """
    scrubbed = Scrubbed(trace.name)
    try:
        handle = place.opened(trace.path, os.O_RDWR if look.apply else os.O_RDONLY)
        with open(handle, "rb") as opened:
            batch = look.batch()
            for line, raw in _lines(opened, trace, scrubbed):
                batch.add(line, strings.decoded(raw))
                if batch.size >= TOGETHER:
                    _finish(batch, opened, trace, look, scrubbed)
                    batch = look.batch()
            _finish(batch, opened, trace, look, scrubbed)
    except OSError as error:
        scrubbed.problems[error.strerror or type(error).__name__] = None
    return scrubbed


def _lines(opened: "BinaryIO", trace: "Trace", scrubbed: Scrubbed) -> "Iterator[tuple[Line, bytes]]":
    """Yield the lines that can be looked at; a document is one line."""
    if trace.kind == "document":
        raw = opened.read(LARGEST + 1)
        if len(raw) <= LARGEST:
            yield Line(0, 1), raw
        else:
            scrubbed.problems[f"it is larger than {_SIZE}"] = None
        return
    at = number = 0
    left = os.fstat(opened.fileno()).st_size
    while left > 0 and (raw := opened.readline(min(LARGEST + 1, left))):
        number += 1
        line, whole = Line(at, number), raw.endswith(b"\n")
        at, left = at + len(raw), left - len(raw)
        if len(raw) > LARGEST and not whole:
            scrubbed.problems[_TOO_LARGE] = None
            while left > 0 and not raw.endswith(b"\n") and (raw := opened.readline(min(LARGEST, left))):
                at, left = at + len(raw), left - len(raw)
        elif not whole and trace.name.endswith(".jsonl") and not strings.is_json(strings.decoded(raw)):
            scrubbed.problems[_CUT] = None
        else:
            yield line, raw


def _finish(batch: "Batch", opened: "BinaryIO", trace: "Trace", look: Look, scrubbed: Scrubbed) -> None:
    """Count what the batch holds, and mask it. Raises OSError where the file cannot be changed."""
    found = list(batch.masked())
    for one in found:
        scrubbed.count(one)
    if not (found and look.apply):
        return
    handle = opened.fileno()
    changes = [_change(one) for one in found]
    with file.locked(handle, trace.path):
        file.overwrite(handle, changes)
    for one in found:
        scrubbed.mask(one, _line(one).number)


def _change(one: "Masked") -> Change:
    return Change(_line(one).at, strings.encoded(one.old), strings.encoded(one.new))


def _line(one: "Masked") -> Line:
    assert isinstance(one.key, Line)  # noqa: S101 - the only keys that are given here
    return one.key

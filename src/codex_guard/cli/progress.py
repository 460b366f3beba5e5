"""What runs, and for how long, in one line of a terminal that is written again and again."""

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from codex_guard.checks.check import Check
from codex_guard.cli.catalogue import printable
from codex_guard.model import CheckResult

#: Called with None when a check starts, and with its result when it has ended; from any thread.
Progress = Callable[[Check, CheckResult | None], None]

_AGAIN = 0.2  # seconds
_CLEAR = "\r\x1b[K"  # ECMA-48, 8.3.41: erase to the line's end


@contextlib.contextmanager
def shown(stream: TextIO) -> Iterator[Progress | None]:
    """Show what runs until the end; None, and nothing is shown, where the stream is no terminal."""
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    line = _Line(stream)
    stop = threading.Event()

    def again() -> None:
        while not stop.wait(_AGAIN):
            line.draw()

    thread = threading.Thread(target=again, daemon=True)
    thread.start()
    try:
        yield line.told
    finally:
        stop.set()
        thread.join()
        line.clear()


class _Line:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._started: dict[tuple[str, str], float] = {}
        self._done = 0
        self._open = True

    def told(self, check: Check, result: CheckResult | None) -> None:
        with self._lock:
            if result is None:
                self._started[check.tool, check.root] = time.monotonic()
            elif self._started.pop((check.tool, check.root), None) is not None:
                self._done += 1
        self.draw()

    def draw(self) -> None:
        with self._lock:
            now = time.monotonic()
            running = [f"{tool} {now - start:.0f} s" for (tool, _), start in self._started.items()]
            done = f"{self._done} done" if self._done else ""
            text = ", ".join([*running, done] if done else running)
            columns = shutil.get_terminal_size().columns
            self._write(_CLEAR + printable(text)[: columns - 1])

    def clear(self) -> None:
        with self._lock:
            self._write(_CLEAR)
            self._open = False  # a check that goes on after an interruption says nothing any more

    def _write(self, text: str) -> None:
        if not self._open:
            return
        # A terminal that is gone must not end the checks.
        with contextlib.suppress(OSError):
            self._stream.write(text)
            self._stream.flush()

"""Programs run side by side and read to their end, without ``subprocess``, whose import costs 10 ms."""

import _signal  # the C module: ``signal`` itself imports ``enum``, 5 ms
import os
import select
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_CHUNK = 1 << 16
_PAUSE = 0.0005  # seconds between two looks at a program that has closed its output


class Process:
    """A program that was started, with nothing on its standard input.

    ``status`` is None until it ended: then its exit status, or minus the number of the signal that ended it.
    ``out`` and ``errors`` are what it has printed so far; ``waiting`` are the descriptors that it may still
    print to.
    """

    def __init__(self, program: str, arguments: list[str], environment: dict[str, str]) -> None:
        """Start it. Raises OSError and ValueError as ``os.posix_spawn`` does."""
        self.status: int | None = None
        self.out = bytearray()
        self.errors = bytearray()
        out, out_end = os.pipe()
        errors, errors_end = os.pipe()
        try:
            self._number = os.posix_spawn(
                program,
                arguments,
                environment,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, out_end, 1),
                    (os.POSIX_SPAWN_DUP2, errors_end, 2),
                ],
                setsigdef=[_signal.SIGPIPE],  # which Python ignores, and so would what it starts
            )
        except BaseException:
            os.close(out)
            os.close(errors)
            raise
        finally:
            os.close(out_end)
            os.close(errors_end)
        self.waiting = {out: self.out, errors: self.errors}

    def finish(self, until: float, *others: "Process") -> None:
        """Read until it has ended, and what ``others`` print meanwhile. ``until`` is of time.monotonic.

        Raises TimeoutError where it has not ended by then: it and the others are killed.
        """
        poll = select.poll()
        sinks = {handle: one for one in (self, *others) for handle in one.waiting}
        for handle in sinks:
            poll.register(handle, select.POLLIN)
        while self.waiting:
            left = until - time.monotonic()
            # What prints without an end always has something ready.
            ready = poll.poll(left * 1000) if left > 0 else []
            if not ready:
                self._stop(*others)
            for handle, _ in ready:
                if not sinks[handle].read_from(handle):
                    poll.unregister(handle)
        while not self._has_ended(os.WNOHANG):
            if time.monotonic() > until:
                self._stop(*others)
            time.sleep(_PAUSE)

    def kill(self) -> None:
        """End it at once, if it has not ended."""
        if self.status is None:
            os.kill(self._number, _signal.SIGKILL)
            for handle in self.waiting:
                os.close(handle)
            self.waiting = {}
            self._has_ended(0)

    def read_from(self, handle: int) -> bool:
        """Read what is there; return False at the end."""
        data = os.read(handle, _CHUNK)
        if data:
            self.waiting[handle].extend(data)
            return True
        os.close(handle)
        del self.waiting[handle]
        return False

    def _has_ended(self, options: int) -> bool:
        number, status = os.waitpid(self._number, options)
        if number:
            self.status = os.waitstatus_to_exitcode(status)
        return bool(number)

    def _stop(self, *others: "Process") -> "NoReturn":
        for one in (self, *others):
            one.kill()
        raise TimeoutError

"""One process, one event, one decision: whatever goes wrong, the answer is a block with a sentence.

To Codex, exit 0 with one valid JSON object or nothing, and exit 2 with a sentence on stderr, are
answers; everything else means "go ahead". So nothing else may leave this process.
"""

import _signal  # the C module: ``signal`` itself imports ``enum``, 5 ms
import os
import sys
import time

from codex_guard.errors import GuardError
from codex_guard.model import Allow, Block, Event, Judgement, StopEvent
from codex_guard.wire import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

_CHUNK = 1 << 20
_GRACE = 1.0  # seconds from the deadline that Python code answers to the one that needs no Python


def run(name: str, judge: "Callable[[Event], Judgement]") -> "NoReturn":
    """Serve one event of kind ``name`` from standard input and exit with 0 or 2, never otherwise."""
    process = _Process(name)
    try:
        _check_stdout()
        process.arm(_deadline(name, sys.argv[1:]))
        actual, event = events.read(_stdin(), name)
        process.meet(event)
        _write(1, process.answer(actual, event, judge(event)))
    except BaseException as error:  # noqa: BLE001 - also KeyboardInterrupt, MemoryError, SystemExit
        process.fail(error)
    os._exit(_judged())  # nothing is left to flush or to wait for, and tearing down costs 2 ms


class _Process:
    """What this process knows of its one event, so that a failure at any moment can say so."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.started = time.monotonic()
        self.session: str | None = None
        self.continued = False

    def arm(self, seconds: float) -> None:
        """Set the deadline twice: a signal that Python code answers, and a thread that needs no Python."""
        import faulthandler  # noqa: PLC0415

        def late(_number: int, _frame: object) -> None:
            self.fail(_DeadlineError(seconds))

        _signal.signal(_signal.SIGALRM, late)
        _signal.setitimer(_signal.ITIMER_REAL, seconds)
        # Where one C call outlasts the signal: exit 1, which the command's wrapper turns into a block.
        silence = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        faulthandler.dump_traceback_later(seconds + _GRACE, exit=True, file=silence)

    def meet(self, event: Event) -> None:
        """Learn what the event says about failures to come."""
        self.session = event.session
        self.continued = isinstance(event, StopEvent) and event.continued

    def answer(self, name: str, event: Event, judgement: Judgement) -> str:
        """Return what to print. What is not silent is recorded first; a log that fails is said."""
        decision = judgement.decision
        if decision == Allow():
            return ""
        from codex_guard.wire import decisions  # noqa: PLC0415 - a clean event is silent

        try:
            from codex_guard.ledger import audit  # noqa: PLC0415

            audit.record_judgement(name, event, judgement, self.started)
        except GuardError as error:
            if isinstance(decision, Block):
                decision = Block(f"{decision.reason}\n({error})")
            else:
                decision = Allow(f"{decision.note} ({error})")
        return decisions.spell(name, decision)

    def fail(self, error: BaseException) -> "NoReturn":
        """Block with a sentence and exit 2.

        Two failures go ahead, with the sentence as a message: where the organisation's policy says so,
        and at the end of a turn that was continued already, since a turn must be able to end.
        """
        status = 2
        try:
            sentence = _masked(str(error)) if isinstance(error, GuardError) else _unexpected(error)
            allowed = self.continued or _allowed_on_error()
            message = f"codex-guard ({self.name}): {sentence}{self._recorded(error, allowed=allowed)}"
            if allowed:
                from codex_guard.wire import decisions  # noqa: PLC0415

                _write(1, decisions.spell(self.name, Allow(message)))
                status = _judged()
            else:
                _write(2, message)
        except BaseException:  # noqa: BLE001 - out of memory while failing: the plainest block there is
            os.write(2, b"codex-guard failed, and failed to say why: blocked.\n")
            status = 2
        os._exit(status)

    def _recorded(self, error: BaseException, *, allowed: bool) -> str:
        """Record the error. Returns what to add to the sentence: where the details are."""
        try:
            from codex_guard.ledger import audit  # noqa: PLC0415

            audit.record_error(self.name, self.session, error, "allow" if allowed else "block", self.started)
        except (GuardError, OSError) as problem:
            return f" (It could not be logged: {problem})"
        return "" if isinstance(error, GuardError) else f" Details: {audit.path()}"


class _DeadlineError(GuardError):
    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"It did not finish within {seconds:g} seconds: make it smaller (a long text belongs into a"
            " file), or try again when the machine is less busy."
        )


def _judged() -> int:
    """Return the status of an answer: 0 to Codex, and what the wrapper asked for to the wrapper."""
    wanted = str(events.JUDGED_STATUS)
    return events.JUDGED_STATUS if os.environ.get(events.JUDGED_VARIABLE) == wanted else 0


def _check_stdout() -> None:
    """Refuse to work without standard output: the next file opened would take its place, and the answer."""
    if sys.stdout is None:
        raise GuardError("Standard output is closed, so there is no way to answer.")


def _deadline(name: str, arguments: list[str]) -> float:
    """Return the seconds this hook may take: a quarter below Codex's timeout for it."""
    timeout = str(events.TIMEOUTS[name])
    if arguments:
        option, _, given = arguments[0].partition("=")
        if option != "--timeout" or len(arguments) > 1 or not given.isdecimal() or not int(given):
            raise GuardError(
                "This hook takes one argument at most, --timeout=SECONDS with a whole number (Codex's own"
                " timeout of the hook): correct the hook's command."
            )
        timeout = given
    return int(timeout) * 0.75


def _stdin() -> bytes:
    """Read the event, up to the largest that is looked at."""
    chunks, size = [], 0
    while chunk := os.read(0, _CHUNK):
        size += len(chunk)
        if size > events.LARGEST:
            raise GuardError(
                f"It is larger than {events.LARGEST >> 20} MiB, more than can be looked at: make it smaller;"
                " a long text belongs into a file."
            )
        chunks.append(chunk)
    return b"".join(chunks)


def _masked(sentence: str) -> str:
    """Mask what looks like a secret in a sentence: a file's name or a key in a policy can be one."""
    try:
        from codex_guard.secrets import index, search  # noqa: PLC0415

        return search.masked(sentence, index.load())
    except GuardError:  # the index is missing, which is what the sentence says
        return sentence


def _unexpected(error: BaseException) -> str:
    """Name an error by its type only: its message can hold what was being judged."""
    return (
        f"An internal error ({type(error).__name__}) stopped this hook, so it blocks. Try again; if it"
        " happens again, please report it."
    )


def _allowed_on_error() -> bool:
    from codex_guard.policy import layers  # noqa: PLC0415

    return layers.allows_on_error()


def _write(handle: int, text: str) -> None:
    data = text.encode("utf-8", "backslashreplace")
    while data:
        data = data[os.write(handle, data) :]

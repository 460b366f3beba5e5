"""Which states of files the hooks of one session have looked at, since when, and from which commit on.

One file a session, beside its state: a first line with the time and the commit that the session began at,
then a line for each state of a file that was looked at, and for each turn, with the time that it began at.
Hooks run side by side: each appends what it knows under a lock, and a sweep writes the file anew.
"""

import os
import time

from codex_guard.ledger import place
from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

# A turn that began, and one that had its sweep since.
_TURN, _SWEPT = "turn", "swept"
_LARGEST = 16 << 20  # bytes; a sweep makes the file small again
# A file can change again within the same tick of its file system's clock, and then looks the same.
_TICK = 20_000_000  # nanoseconds; kernels tick at 100 Hz and more
_COARSE = 2_000_000_000  # nanoseconds, where a file system keeps whole seconds
_SECOND = 1_000_000_000
#: In the place of a commit's name: there was none.
NO_COMMIT = "-"
_VERSION_7, _VERSION_AT, _MOMENT = "7", 12, 12  # of a UUID whose first 12 digits are milliseconds


class Seen(Record):
    """What is known of a session: ``started`` in nanoseconds, ``head`` a commit's name.

    ``head`` is NO_COMMIT where there was none, and empty where that is not known.
    ``stamps`` are the states of files that were looked at. ``turn`` is the time that the latest turn began
    at, 0 where that is not known, and ``commit`` the commit then; ``unswept``: it had no sweep yet.
    """

    started: int
    head: str
    stamps: frozenset[str]
    turn: int = 0
    unswept: bool = False
    commit: str = ""


def stamp(status: os.stat_result) -> str:
    """Return what tells a file's present state from every other, by its ``stat``; empty for one too fresh.

    Whatever changes a file's text, name or place also changes the time that no program can set.
    """
    changed = status.st_ctime_ns
    tick = _TICK if changed % _SECOND else _COARSE
    if time.time_ns() - changed < tick:
        return ""
    return f"{status.st_dev:x}.{status.st_ino:x}.{status.st_size:x}.{status.st_mtime_ns:x}.{changed:x}"


def begin(session: str, head: "Callable[[], str]") -> bool:
    """Note that a turn begins. Returns whether one before it ended without a sweep.

    ``head`` says which commit the work tree is at. Raises OSError.
    """
    handle = _opened(session)
    try:
        text = _text(handle)
        now, commit = time.time_ns(), head()
        lines = "" if text else _header(now, commit)
        _append(handle, f"{lines}{_TURN} {now} {commit}\n")
        return _parsed(text, session).unswept
    finally:
        os.close(handle)


def note(session: str, stamps: "Collection[str]") -> None:
    """Note that the files in these states were looked at. Raises OSError."""
    lines = "".join(f"{one}\n" for one in stamps if one)
    if not lines:
        return
    handle = _opened(session)
    try:
        if not os.fstat(handle).st_size:
            lines = _header(_made(session) or time.time_ns(), "") + lines
        _append(handle, lines)
    finally:
        os.close(handle)


def read(session: str) -> Seen:
    """Return what is known of the session; for one that nothing is known of, what its name says.

    Codex names sessions by the time that they begin at. A damaged line counts as none.
    """
    try:
        handle = place.opened(_path(session), os.O_RDONLY)
    except OSError:
        return Seen(_made(session), "", frozenset())
    try:
        return _parsed(_text(handle), session)
    except OSError:
        return Seen(_made(session), "", frozenset())
    finally:
        os.close(handle)


def finish(session: str, before: Seen, stamps: "Collection[str]", *, ends: bool = True) -> None:
    """Note the end of a sweep that began with ``before`` and leaves the files in the states ``stamps``.

    ``ends``: the latest turn had its sweep by this. What other hooks noted meanwhile is kept. Raises OSError.
    """
    handle = _opened(session)
    try:
        now = _parsed(_text(handle), session)
        kept = {one for one in stamps if one} | (now.stamps - before.stamps)
        text = _header(now.started or before.started, now.head or before.head)
        if now.turn:
            text += f"{_SWEPT if ends and now.turn == before.turn else _TURN} {now.turn} {now.commit}\n"
        text += "".join(f"{one}\n" for one in sorted(kept))
        os.truncate(handle, 0)
        _append(handle, text)
    finally:
        os.close(handle)


def _path(session: str) -> str:
    return place.of_session(session).removesuffix(".json") + ".seen"


def _opened(session: str) -> int:
    path = _path(session)
    flags = os.O_RDWR | os.O_APPEND
    try:
        handle = place.opened(path, flags)
    except FileNotFoundError:
        place.folder()
        folder = os.path.dirname(path)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        place.forget_old(folder)
        handle = place.open_private(path, flags)
    try:
        place.lock(handle)
    except OSError:
        os.close(handle)
        raise
    return handle


def _text(handle: int) -> str:
    data = os.pread(handle, _LARGEST, 0)
    # A process was killed within its line: what follows begins a new one.
    return data.decode("ascii", "replace")


def _append(handle: int, text: str) -> None:
    data = text.encode("ascii")
    size = os.fstat(handle).st_size
    if size and os.pread(handle, 1, size - 1) != b"\n":
        data = b"\n" + data
    while data:
        data = data[os.write(handle, data) :]


def _header(started: int, head: str) -> str:
    return f"began {started} {head}\n"


def _parsed(text: str, session: str) -> Seen:
    first, _, rest = text.partition("\n")
    words = first.split(" ")
    whole = len(words) == 3 and words[0] == "began" and words[1].isdecimal()  # noqa: PLR2004 - a header's words
    stamps = set()
    turn, unswept, commit = 0, False, ""
    for line in rest.split("\n"):
        kind, blank, more = line.partition(" ")
        if not blank:
            stamps.add(line)
            continue
        number, _, at = more.partition(" ")
        if kind in (_TURN, _SWEPT) and number.isdecimal():
            turn, unswept, commit = int(number), kind == _TURN, at
    return Seen(
        started=int(words[1]) if whole else _made(session),
        head=words[2] if whole else "",
        stamps=frozenset(stamps - {""}),
        turn=turn,
        unswept=unswept,
        commit=commit,
    )


def _made(session: str) -> int:
    """Return when the session was made, in nanoseconds, as its id says (a UUID of version 7, RFC 9562).

    0 where it does not say, or says what cannot be.
    """
    digits = session.replace("-", "")
    if len(digits) != 32 or digits[_VERSION_AT] != _VERSION_7:  # noqa: PLR2004 - a UUID's digits
        return 0
    try:
        made = int(digits[:_MOMENT], 16) * 1_000_000
    except ValueError:
        return 0
    return made if made <= time.time_ns() else 0

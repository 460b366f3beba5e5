"""What the guard keeps about one Codex session between hooks: a small JSON object in a locked file."""

import contextlib
import os

from codex_guard.errors import GuardError
from codex_guard.ledger import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


@contextlib.contextmanager
def opened(session: str) -> "Iterator[dict[str, Any]]":
    """Give the session's state to change; it is written back at the end, and locked meanwhile.

    A damaged file counts as an empty one. Raises GuardError where the file cannot be kept.
    """
    import json  # noqa: PLC0415

    place.folder()
    path = place.of_session(session)
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not os.path.exists(path):
            place.forget_old(folder)
        handle = place.open_private(path, os.O_RDWR)
    except OSError as error:
        raise _unkept(path, error) from error
    with open(handle, "r+b", buffering=0) as file:
        try:
            place.lock(file.fileno())
            state = json.loads(file.read())
        except (ValueError, RecursionError):
            state = {}
        except OSError as error:
            raise _unkept(path, error) from error
        if not isinstance(state, dict):
            state = {}
        yield state
        text = json.dumps(state).encode("ascii")
        try:
            file.seek(0)
            file.truncate()
            while text:
                text = text[file.write(text) :]
        except OSError as error:
            raise _unkept(path, error) from error


def _unkept(path: str, error: OSError) -> GuardError:
    return GuardError(
        f"codex-guard cannot keep the session's state in {path} ({error.strerror}): make it writable, or move"
        " it away."
    )

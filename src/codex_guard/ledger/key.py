"""The install's own key, under which fingerprints are made: random, 32 bytes, made on first use."""

import os

from codex_guard.errors import GuardError
from codex_guard.ledger import place

_SIZE = 32


def read() -> bytes:
    """Return the key, making it on first use. Raises GuardError where it cannot be kept."""
    path = os.path.join(place.folder(), "key")
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    # Written beside and linked into place: a parallel hook sees a whole key or none.
    # Not named by the process's number, which in a container is the same in every one.
    fresh = f"{path}.{os.urandom(8).hex()}"
    try:
        handle = place.open_private(fresh, os.O_WRONLY | os.O_EXCL)
        try:
            os.write(handle, os.urandom(_SIZE))
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            os.close(handle)
            os.unlink(fresh)
    except OSError as error:
        raise GuardError(
            f"codex-guard cannot keep its key in {path} ({error.strerror}): make the folder writable."
        ) from error
    return _read(path)


def _read(path: str) -> bytes:
    try:
        # O_NONBLOCK: a named pipe in its place must not hold the hook up.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            key = os.read(handle, _SIZE + 1)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise GuardError(f"codex-guard cannot read its key {path} ({error.strerror}).") from error
    if len(key) != _SIZE:
        raise GuardError(f"codex-guard's key {path} is damaged: delete it and a new one is made.")
    return key

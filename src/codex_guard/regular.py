"""Regular files read so that nothing hangs and nothing grows too large, whatever stands in their place."""

import os
import stat


def start(path: str, most: int, *, follow: bool = True) -> bytes | None:
    """Return at most the first ``most`` bytes of a regular file; None of what is none, or cannot be read.

    Not ``follow``: a symbolic link in its place is something else.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    try:
        # Without O_NONBLOCK, opening a named pipe waits for somebody to write to it.
        handle = os.open(path, flags | os.O_NONBLOCK)
    except (OSError, ValueError):
        return None
    data = b""
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        while len(data) < most and (chunk := os.read(handle, most - len(data))):
            data += chunk
    except OSError:
        return None
    finally:
        os.close(handle)
    return data

"""States of a tree that the checks found nothing in: they are not checked twice."""

import contextlib
import hashlib
import os

from codex_guard import regular
from codex_guard.errors import GuardError
from codex_guard.ledger import place
from codex_guard.repo import head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.checks.check import Check
    from codex_guard.guard.asked import Asked
    from codex_guard.policy.policy import Policy

_NAME = "passed"
_SIZE = 65  # bytes of a line: a digest and its end
_MOST = 1_000
# Programs that checks may run, and the folders that change when something is installed beside them.
_BINARIES = {
    **dict.fromkeys(
        (".venv/bin", "venv/bin", "bin"), ("ruff", "mypy", "pyright", "basedpyright", "ty", "pyrefly")
    ),
    "node_modules/.bin": ("tsc", "eslint", "biome"),
}
_PROGRAMS = (
    "", "lib", "node_modules", *_BINARIES,
    *(f"{folder}/{name}" for folder, names in _BINARIES.items() for name in names),
)  # fmt: skip
_LARGEST = 64 << 20  # bytes of all files that are looked at


def quick(asked: "Asked", policy: "Policy") -> str:
    """Return a name for the very files on disk, for which nothing has to be planned and read."""
    told: list[object] = [asked, head.commit(asked.top), policy, os.environ.get("PATH")]
    told += [state(os.path.join(asked.top, path)) for path in (*asked.files, *asked.older)]
    environments = (asked.top, os.environ.get("VIRTUAL_ENV", ""), os.path.dirname(os.path.dirname(__file__)))
    told += [state(os.path.join(folder, name)) for folder in environments for name in _PROGRAMS]
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def key(asked: "Asked", checks: "tuple[Check, ...]") -> str:
    """Return a name for the tree and the checks, by the contents of what differs from the last commit.

    Empty where that is too much to read, or cannot be.
    """
    digest = hashlib.sha256()
    older = [path for path in asked.older if os.path.lexists(os.path.join(asked.top, path))]
    told = (asked, head.commit(asked.top), older)
    digest.update(repr(told).encode("utf-8", "surrogatepass"))
    for check in checks:
        digest.update(repr((check, programs(check))).encode("utf-8", "surrogatepass"))
    size = 0
    for path in (*asked.files, *older):
        data = _data(os.path.join(asked.top, path), _LARGEST - size)
        if data is None:
            return ""
        size += len(data)
        digest.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogatepass"))
        digest.update(data)
    return digest.hexdigest()


def holds(name: str) -> bool:
    """Say whether the checks found nothing in the state of that name."""
    if not name:
        return False
    try:
        handle = place.opened(_path(), os.O_RDONLY)
    except (OSError, GuardError):
        return False
    with open(handle, "rb") as file:
        return name.encode("ascii") in file.read(_MOST * 2 * _SIZE).split(b"\n")


def keep(*names: str) -> None:
    """Remember a state by its names, if it has some and that can be kept."""
    lines = "".join(f"{name}\n" for name in names if name).encode("ascii")
    if not lines:
        return
    with contextlib.suppress(OSError, GuardError):
        place.folder()
        handle = place.open_private(_path(), os.O_RDWR | os.O_APPEND)
        with open(handle, "r+b", buffering=0) as file:
            place.lock(file.fileno())
            if os.fstat(handle).st_size > _MOST * _SIZE:
                latest = file.read()[-_MOST * _SIZE // 2 :].partition(b"\n")[2]
                file.truncate(0)
                file.write(latest)
            file.write(lines)


def _path() -> str:
    return os.path.join(place.located(), _NAME)


def _data(path: str, most: int) -> bytes | None:
    try:
        if os.path.islink(path):
            return os.fsencode(os.readlink(path))
    except OSError:
        return None
    data = regular.start(path, most + 1, follow=False)
    return data if data is not None and len(data) <= most else None


def state(path: str) -> tuple[int, ...]:
    """Return what changes with a file."""
    try:
        status = os.lstat(path)
    except OSError:
        return ()
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def programs(check: "Check") -> tuple[tuple[int, ...], ...]:
    """Return what changes with a check's program, and with what is installed beside it."""
    if not check.command:
        return ()
    program = os.path.realpath(check.command[0])
    folder = os.path.dirname(check.command[0])
    library = os.path.join(os.path.dirname(folder), "lib")
    return (state(program), state(folder), state(library))

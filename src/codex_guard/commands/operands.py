"""Where an argument points: the work tree, the home folder, the system, a device, or nowhere known."""

from codex_guard.record import Record
from codex_guard.shell.meaning import HOLE, Scope, Value

#: Every kind there is; ``inside`` is below the work tree, ``outside`` in none of the other places;
#: ``guard`` is what switches this guard on and off.
KINDS = frozenset(
    ("guard", "root", "home", "system", "worktree", "git", "inside", "outside", "temp", "device", "unknown")
)
_SYSTEM = (
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/opt", "/proc", "/sbin", "/srv", "/sys",
    "/usr", "/var", "/Applications", "/Library", "/System", "/private/etc", "/private/var",
)  # fmt: skip
_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/var/folders", "/private/var/folders")  # noqa: S108
_HOMES = ("/home", "/Users", "/root")
_HARMLESS_DEVICES = frozenset(
    ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/stdin", "/dev/tty", "/dev/zero", "/dev/full")
)
_DEVICES = (
    "sd",
    "hd",
    "vd",
    "xvd",
    "nvme",
    "mmcblk",
    "disk",
    "rdisk",
    "mapper/",
    "loop",
    "md",
    "dm-",
    "mem",
    "kmem",
    "port",
)
# What Codex reads hooks and switches from, in every folder of a project, and the repository's policy.
_GUARDED = ("/.codex", "/.codex/hooks.json", "/.codex/config.toml", "/.codex-guard.toml")
# Patterns that stand for everything in a folder.
_ALL = frozenset(("*", ".*", "*.*", ".[!.]*", "?*", "**"))


class Places(Record):
    """The folders that matter for one session, absolute: the work tree's top and the user's home.

    ``guarded`` are files and folders of the guard's own, wherever the session runs.
    """

    worktree: str
    home: str
    guarded: tuple[str, ...] = ()


def kinds(value: Value, scope: Scope, places: Places) -> frozenset[str]:
    """Return the kinds of place that ``value`` points to, taken as a path."""
    if not value.text:
        return frozenset()
    path = scope.path(value.text)
    head, slash, last = path.rpartition("/")
    if value.glob and slash and last in _ALL:
        path = head or "/"
    if path.startswith(HOLE) or not path.startswith("/"):
        return frozenset(("unknown",))
    known, hole, _ = path.partition(HOLE)
    if is_guarded(path, places):
        return frozenset(("guard", *_place(known.rstrip("/") or "/", places, exact=not hole)))
    return frozenset(_place(known.rstrip("/") or "/", places, exact=not hole))


def is_guarded(path: str, places: Places) -> bool:
    """Say whether an absolute path is a hook file, a policy, or the guard's own."""
    # Some file systems take names in any case.
    return path.lower().endswith(_GUARDED) or _below(path, places.guarded)


def _place(path: str, places: Places, *, exact: bool) -> set[str]:
    """Return the kinds of an absolute path. Not ``exact``: something below it, not it itself."""
    worktree, home = places.worktree, places.home
    if path == "/":
        return {"root"} if exact else {"unknown"}
    if _below(path, _TEMPORARY):
        # A whole temporary folder is other programs' too; what is in it is fair game.
        return {"temp"} if path not in _TEMPORARY or not exact else {"temp", "outside"}
    if worktree != "/" and _below(path, (worktree,)):
        if path == worktree:
            return {"worktree", "home"} if path == home and exact else ({"worktree"} if exact else {"inside"})
        return {"git", "inside"} if _below(path, (worktree + "/.git",)) else {"inside"}
    if exact and _below(worktree, (path,)):
        return {"worktree", "outside", *({"home"} if _below(home, (path,)) else ())}
    if exact and (_below(home, (path,)) or path.rpartition("/")[0] in _HOMES or path in _HOMES):
        return {"home", "outside"}
    if path.startswith("/dev/"):
        if path in _HARMLESS_DEVICES or path.startswith("/dev/fd/"):
            return set()
        return {"device"} if path.removeprefix("/dev/").startswith(_DEVICES) else {"system"}
    return {"system", "outside"} if _below(path, _SYSTEM) else {"outside"}


def _below(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)

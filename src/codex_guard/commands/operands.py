"""Where an argument points: the work tree, the home folder, the system, a device, or nowhere known."""

from codex_guard.commands import paths
from codex_guard.commands.globs import fits
from codex_guard.record import Record
from codex_guard.shell.meaning import HOLE, Scope, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

#: Every kind there is; ``inside`` is below the work tree, ``outside`` in none of the other places;
#: ``temp`` is a temporary folder or a cache;
#: ``guard`` is what switches this guard on and off; ``secret`` holds credentials, ``credential`` those
#: of the user and not of this work; ``startup`` runs by itself at a login, a start or a time; ``log`` says
#: what was done here.
KINDS = frozenset(
    ("guard", "root", "home", "system", "worktree", "git", "inside", "outside", "temp", "device", "unknown",
     "secret", "credential", "startup", "log")
)  # fmt: skip
_SYSTEM = (
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/opt", "/proc", "/sbin", "/srv", "/sys",
    "/usr", "/var", "/Applications", "/Library", "/System", "/private/etc", "/private/var",
)  # fmt: skip
_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/var/folders", "/private/var/folders")  # noqa: S108
_HOMES = ("/home", "/Users", "/root")
_HARMLESS_DEVICES = frozenset(
    ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/stdin", "/dev/tty", "/dev/zero", "/dev/full")
)
# What is open already, and bash's own way to see whether a local port answers.
_STREAMS = ("/dev/fd/", "/dev/tcp/localhost/", "/dev/tcp/127.0.0.1/")
_DEVICES = (
    "sd", "hd", "vd", "xvd", "nvme", "mmcblk", "disk", "rdisk", "mapper/", "loop", "md", "dm-", "mem", "kmem",
    "port",
)  # fmt: skip
# What Codex reads hooks and switches from, in every folder of a project, and the repository's policy.
_GUARDED = (
    "/.codex", "/.codex/hooks.json", "/.codex/config.toml", "/.codex-guard.toml", "/bin/codex-guard",
    "/codex-guard-user-prompt-submit", "/codex-guard-pre-tool-use", "/codex-guard-post-tool-use",
    "/codex-guard-stop",
)  # fmt: skip
# Patterns that stand for everything in a folder.
_GLOB = frozenset("*?[")
_ALL = frozenset(("*", ".*", "*.*", ".[!.]*", "?*", "**"))


class Places(Record):
    """The folders that matter for one session, absolute: the work tree's top and the user's home.

    ``guarded`` are files and folders of the guard's own, wherever the session runs. ``real`` follows the
    links in a path, where that can be asked. ``secrets`` are paths that hold secrets by now, whatever they
    are called. ``dotenv``: dotenv files count as secret. ``regular`` says whether a path is a plain file's
    or nobody's, where that can be asked.
    """

    worktree: str
    home: str
    guarded: tuple[str, ...] = ()
    real: "Callable[[str], str] | None" = None
    secrets: "Collection[str]" = ()
    dotenv: bool = True
    regular: "Callable[[str], bool] | None" = None


def kinds(value: Value, scope: Scope, places: Places) -> frozenset[str]:
    """Return the kinds of place that ``value`` can point to, taken as a path."""
    if not value.text:
        return frozenset()
    found: set[str] = set()
    for path in scope.paths(value.text):
        for named in _named(path, places) if value.glob else (path,):
            found |= _kinds(named, places)
        for named in paths.named(path, places.home) if value.glob else ():
            found |= paths.kinds(named, places.home, dotenv=places.dotenv)
    return frozenset(found)


def is_guarded(path: str, places: Places) -> bool:
    """Say whether an absolute path is a hook file, a policy, or the guard's own."""
    if _is_guarded(path, places):
        return True
    real = places.real(path) if places.real is not None and HOLE not in path else path
    return real != path and _is_guarded(real, places)


def _is_guarded(path: str, places: Places) -> bool:
    # Some file systems take names in any case.
    known, hole, _ = path.lower().partition(HOLE)
    if hole and known.endswith("/.codex/"):  # some file in it
        return True
    return path.lower().endswith(_GUARDED) or _below(path, places.guarded)


def _kinds(path: str, places: Places) -> set[str]:
    if not path.startswith("/"):
        return {"unknown"}
    known, hole, _ = path.partition(HOLE)
    found = _place(known.rstrip("/") or "/", places, exact=not hole)
    if found <= {"system", "outside"} and paths.is_cache(path, places.home):
        found = {"temp"}
    found |= paths.kinds(path, places.home, dotenv=places.dotenv)
    if "secret" in found and not {"inside", "temp"} & found:
        found.add("credential")
    if path in places.secrets:
        found.add("secret")
    return {"guard", *found} if is_guarded(path, places) else found


def _named(pattern: str, places: Places) -> list[str]:
    """Return the pattern, and the places that matter which it can stand for or lead into."""
    head, _, last = pattern.rpartition("/")
    if last in _ALL:
        return [head or "/"]
    found = [pattern]
    steps = pattern.split("/")
    signs = [at for at, character in enumerate(pattern) if character in _GLOB]
    plain = pattern[: signs[0]] if signs else pattern
    own = (places.worktree + "/.git", *(places.worktree + name for name in _GUARDED), places.home)
    for known in (*own, *places.guarded, *_SYSTEM):
        if not (known.startswith(plain) or plain.startswith(known)):
            continue
        names = known.split("/")
        pairs = zip(steps, names, strict=False)
        # A shorter pattern names a folder that the place is in, which is not the place.
        if len(names) <= len(steps) and all(_stands_for(step, name) for step, name in pairs):
            found.append("/".join(names + steps[len(names) :]))
    return found


def _stands_for(step: str, name: str) -> bool:
    return step == name or (not _GLOB.isdisjoint(step) and fits(step, name))


def _place(path: str, places: Places, *, exact: bool) -> set[str]:
    """Return the kinds of an absolute path. Not ``exact``: something below it, not it itself."""
    worktree, home = places.worktree, places.home
    if path == "/":
        return {"root"} if exact else {"unknown"}
    if worktree != "/" and _below(path, (worktree,)):
        return _within(path, worktree, home, exact=exact)
    if exact and _below(worktree, (path,)) and worktree != "/":
        return {"worktree", "outside", *({"home"} if _below(home, (path,)) else ())}
    if exact and (_below(home, (path,)) or path.rpartition("/")[0] in _HOMES or path in _HOMES):
        return {"home", "outside"}
    if _below(path, _TEMPORARY):
        # A whole temporary folder is other programs' too; what is in it is fair game.
        return {"temp"} if path not in _TEMPORARY or not exact else {"temp", "outside"}
    if path.startswith("/dev/"):
        if path in _HARMLESS_DEVICES or path.startswith(_STREAMS):
            return set()
        return {"device"} if path.removeprefix("/dev/").startswith(_DEVICES) else {"system"}
    return {"system", "outside"} if _below(path, _SYSTEM) else {"outside"}


def _within(path: str, worktree: str, home: str, *, exact: bool) -> set[str]:
    """Return the kinds of a path in the work tree, or of the work tree."""
    if path == worktree:
        return {"inside"} if not exact else {"worktree", "home"} if path == home else {"worktree"}
    # A lock that a killed git left behind is everybody's to remove.
    if _below(path, (worktree + "/.git",)) and not path.endswith(".lock"):
        return {"git", "inside"}
    return {"inside"}


def _below(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)

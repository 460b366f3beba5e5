"""What a file is for, by where it stands and what it is called, as ``patterns/places.toml`` says."""

from codex_guard.commands.globs import fits
from codex_guard.shell.programs import FIELD, ITEM

TYPE_CHECKING = False
if TYPE_CHECKING:
    # By kind: names, endings of names, paths below the home folder, and whole paths.
    _Rows = dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]]

_KINDS = ("secret", "startup", "log")
_GLOB = frozenset("*?[")
_ALL = frozenset(("*", "*.*", "?*", "**"))
_ROWS: "_Rows" = {}
_MOST_NAMED = 200  # patterns that are remembered
_NAMED: "dict[tuple[str, str], list[str]]" = {}
_DEEP = 40  # folders in a pattern
_STEPS: "dict[str, list[tuple[list[str], bool]]]" = {}  # of one home, which a process has
_HOMES = ("/home/", "/users/")
# Endings of a dotenv file's name that say that no secret is in it.
_EXAMPLES = (
    "example", "examples", "sample", "samples", "template", "tmpl", "tpl", "dist", "defaults", "schema",
    "test", "ci",
)  # fmt: skip


def kinds(path: str, home: str, *, dotenv: bool = True) -> set[str]:
    """Return what an absolute path without ``..`` is of ``secret``, ``startup`` and ``log``.

    ``dotenv``: a dotenv file is secret.
    """
    lower = path.lower()
    rows = _rows()
    found = {kind for kind in _KINDS if _is(kind, lower, home.lower(), rows)}
    name = lower.rpartition("/")[2]
    if (dotenv and is_dotenv(name)) or (lower.startswith("/proc/") and name == "environ"):
        found.add("secret")
    elif "secret" in found and _is("plain", lower, home.lower(), rows):
        found.discard("secret")
    return found


def is_cache(path: str, home: str) -> bool:
    """Say whether an absolute path is, or is in, what programs fetch or make again by themselves."""
    return _is("cache", path.lower(), home.lower(), _rows())


def named(pattern: str, home: str) -> list[str]:
    """Return the files that matter which a pattern such as ``~/.ssh/id_*`` or ``.e*`` can stand for."""
    if len(_NAMED) > _MOST_NAMED:
        _NAMED.clear()
    if (pattern, home) not in _NAMED:
        _NAMED[pattern, home] = _known(pattern, home)
    return _NAMED[pattern, home]


def _known(pattern: str, home: str) -> list[str]:
    folder, _, last = pattern.rpartition("/")
    if not _GLOB.isdisjoint(folder):
        return _spread(pattern.lower(), home.lower())
    if _GLOB.isdisjoint(last):
        return []
    if last in _ALL:  # everything in a folder: what that is for
        return [folder]
    rows = _rows()
    names = [".env", ".env.local", *(name for kind in _KINDS for name in rows[kind][0])]
    names += [f"x{ending}" for ending in rows["secret"][1]]
    below = _below_home(folder.lower() + "/", home.lower())
    for known in (path for kind in _KINDS for path in rows[kind][2]):
        if below is not None and known.startswith(below):
            names.append(known[len(below) :].partition("/")[0] or "x")
    return [f"{folder}/{name}" for name in dict.fromkeys(names) if fits(last, name)]


def _spread(pattern: str, home: str) -> list[str]:
    """Return the files that matter which a pattern can stand for whose folders are patterns, too."""
    steps = pattern.split("/")
    plain = [(at, step) for at, step in enumerate(steps) if _GLOB.isdisjoint(step)]
    signs = [(at, step) for at, step in enumerate(steps) if not _GLOB.isdisjoint(step)]
    found: list[str] = []
    for names, folder in _split(home) if len(steps) < _DEEP else ():
        if len(steps) != len(names) and not (folder and len(steps) > len(names)):
            continue
        # What is written out tells most of them apart, and is compared faster.
        if any(step != names[at] for at, step in plain if at < len(names)):
            continue
        if all(fits(step, names[at]) for at, step in signs if at < len(names)):
            found.append("/".join(names + steps[len(names) :]))
    return found


def _split(home: str) -> "list[tuple[list[str], bool]]":
    """Return the steps of all paths that matter, and whether each is a folder."""
    if home not in _STEPS:
        rows = _rows()
        known = [f"{home}/{path}" for kind in _KINDS for path in rows[kind][2]]
        known += [path for kind in _KINDS for path in rows[kind][3]]
        _STEPS.clear()
        _STEPS[home] = [(path.rstrip("/").split("/"), path[-1] == "/") for path in known]
    return _STEPS[home]


def is_dotenv(name: str) -> bool:
    """Tell ``.env``, ``.env.production`` and ``prod.env`` from ``.env.example``, all in lower case."""
    if name in (".env", ".envrc", ".dev.vars"):
        return True
    if name.startswith((".env.", ".env-", ".env_")):
        return not name[5:].endswith(_EXAMPLES)
    return name.endswith(".env") and not name[:-4].endswith(_EXAMPLES)


def _is(kind: str, path: str, home: str, rows: "_Rows") -> bool:
    names, endings, at_home, paths = rows[kind]
    name = path.rpartition("/")[2]
    if name in names or (endings and name.endswith(endings)):
        return True
    below = _below_home(path, home)
    return (bool(below) and _in(below or "", at_home)) or _in(path, paths)


def _below_home(path: str, home: str) -> str | None:
    """Return the part of ``path`` below a home folder, anybody's; None where it is in none."""
    own = home.rstrip("/") + "/"
    if path.startswith(own) and own != "/":
        return path[len(own) :]
    if path.startswith("/root/"):
        return path[6:]
    return path.split("/", 3)[-1] if path.startswith(_HOMES) and path.count("/") > 2 else None  # noqa: PLR2004


def _in(path: str, known: tuple[str, ...]) -> bool:
    """Say whether ``path`` is one of the known, or in one that ends in a slash."""
    return path in known or path + "/" in known or path.startswith(tuple([k for k in known if k[-1] == "/"]))


def _rows() -> "_Rows":
    if not _ROWS:
        from codex_guard import _commands  # noqa: PLC0415 - judge.load has said it where it is missing

        for kind, row in _commands.PLACES.items():
            lists = [tuple(part.split(ITEM)) if part else () for part in row.split(FIELD)]
            _ROWS[kind] = (lists[0], lists[1], lists[2], lists[3])
    return _ROWS

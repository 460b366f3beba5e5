"""Files that git ignores by a rule which is newer than the session: whoever wrote the file wrote the rule."""

import os

from codex_guard import regular
from codex_guard.errors import GuardError
from codex_guard.repo import git

_LARGEST = 1 << 20  # bytes of a file of rules
_MOST = 1_000  # entries that git is asked about
_MOST_WITHIN = 5_000  # files in folders that are ignored as a whole
# What programs fetch and make by themselves, which no rule hides.
_MADE = frozenset((
    "node_modules", "bower_components", "vendor", "venv", ".venv", "env", "__pycache__", "target", "dist",
    "build", "out", "coverage", ".cache", ".next", ".nuxt", ".tox", ".nox", ".gradle", ".terraform",
    ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".idea", ".eggs",
))  # fmt: skip


def changed(root: str, rules: list[str], start: str, since: int) -> tuple[str, ...]:
    """Return the ignored files below ``root`` whose rule is not in the commit ``start``.

    ``rules`` are the .gitignore files that changed. What git reads rules from besides counts where it changed
    since the time ``since`` (nanoseconds). Nothing where git cannot say, or nothing changed.
    """
    if not rules and not _besides(root, since):
        return ()
    try:
        listed = git.output(
            root, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"
        )
        names = [name for name in listed.split(b"\0") if name and _is_touched(root, name, since)]
        if not names:
            return ()
        asked = [os.fsdecode(b"./" + name.rstrip(b"/")) for name in names[:_MOST]]
        said = git.output(root, "check-ignore", "-v", "-n", "--", *asked, expected=(0, 1)).split(b"\n")
    except GuardError:
        return ()
    found: list[str] = []
    held: dict[str, frozenset[str]] = {}
    for path, line in zip(asked, said, strict=False):
        # "source:line:pattern<tab>path", in the order asked; the path may be quoted
        source, _, rest = os.fsdecode(line.rpartition(b"\t")[0]).partition(":")
        own = os.path.join(root, source)
        if own not in held:
            held[own] = _before(own, start, since)
        if rest.partition(":")[2].strip() not in held[own]:
            found += _files(root, path[2:], since)
    return tuple(found[:_MOST_WITHIN])


def _besides(root: str, since: int) -> bool:
    own = os.path.join(root, ".git")
    return any(_is_new(os.path.join(own, name), since) for name in ("info/exclude", "config"))


def _is_new(path: str, since: int) -> bool:
    try:
        return os.lstat(path).st_ctime_ns >= since
    except OSError:
        return False


def _is_touched(root: str, name: bytes, since: int) -> bool:
    path = os.fsdecode(name)
    if path.endswith("/"):
        return os.path.basename(path.rstrip("/")).lower() not in _MADE
    return _is_new(os.path.join(root, path), since)


def _before(source: str, start: str, since: int) -> frozenset[str]:
    """Return the rules that a file held when the session began."""
    if os.path.basename(source) == ".gitignore":
        data = git.at_commit(source, start, _LARGEST) if start else None
    elif _is_new(source, since):
        data = None
    else:
        data = regular.start(source, _LARGEST)
    return frozenset() if data is None else frozenset(line.strip() for line in os.fsdecode(data).splitlines())


def _files(root: str, path: str, since: int) -> list[str]:
    full = os.path.join(root, path)
    if os.path.islink(full) or not os.path.isdir(full):
        return [path]
    found: list[str] = []
    for folder, folders, names in os.walk(full):
        folders[:] = [name for name in folders if name != ".git" and name.lower() not in _MADE]
        inner = os.path.relpath(folder, root)
        found += [os.path.join(inner, name) for name in names if _is_new(os.path.join(folder, name), since)]
        if len(found) > _MOST_WITHIN:
            break
    return found

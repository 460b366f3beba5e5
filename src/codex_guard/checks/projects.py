"""A repository as plans see it: the projects in it, and what their files configure."""

import os
from collections.abc import Callable, Iterator

from codex_guard import regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Folders of what others wrote: nobody here mends a failure in them.
_FOREIGN = frozenset({"node_modules", ".venv", "venv", "vendor", "site-packages", ".tox", ".nox"})
_LARGEST = 256 << 10  # bytes of a configuration: tomllib takes a second for that much in the worst form
_MOST_DOTS = 1_000  # on one line: tomllib's work grows with the square of a dotted name's parts


class Repository:
    """The work tree below ``top`` (absolute). Folders are named relative to it, the top itself is "".

    What is looked up is kept: one plan asks the same of many files. ``origin`` is the work tree that this
    one is a copy of, if it is one: its checks' caches are named for it, and not for a folder that goes.
    """

    def __init__(self, top: str, origin: str | None = None) -> None:
        self.top = top
        self.origin = origin
        self._has: dict[tuple[str, str], bool] = {}
        self._nearest: dict[tuple[str, tuple[str, ...]], str | None] = {}
        self._texts: dict[str, str] = {}
        self._holds: dict[tuple[str, str], bool] = {}
        self._tomls: dict[str, dict[str, Any]] = {}
        self._jsons: dict[str, dict[str, Any]] = {}

    def absolute(self, folder: str) -> str:
        """Return a folder's or a file's absolute path."""
        return os.path.join(self.top, folder) if folder else self.top

    def first(self, folder: str, names: tuple[str, ...]) -> str | None:
        """Return the first of the names that is a file in the folder."""
        return next((name for name in names if self._is_file(folder, name)), None)

    def nearest(self, folder: str, names: tuple[str, ...]) -> str | None:
        """Return the folder, or the nearest one above it up to the top, that has one of the files."""
        passed, found = [], None
        for each in upward(folder):
            if (each, names) in self._nearest:
                found = self._nearest[each, names]
                break
            passed.append(each)
            if self.first(each, names):
                found = each
                break
        self._nearest.update(((each, names), found) for each in passed)
        return found

    def text(self, path: str) -> str:
        """Return a file's text; "" where there is none, or it is too large for a configuration."""
        if path not in self._texts:
            data = read(self.absolute(path), _LARGEST + 1)
            self._texts[path] = "" if len(data) > _LARGEST else data.decode("utf-8", "replace")
        return self._texts[path]

    def holds(self, path: str, mark: str) -> bool:
        """Say whether ``mark`` stands in a file's text."""
        if (path, mark) not in self._holds:
            self._holds[path, mark] = mark in self.text(path)
        return self._holds[path, mark]

    def toml(self, path: str, mark: str) -> "dict[str, Any]":
        """Return a TOML file's values, if ``mark`` stands in it; {} for what is no TOML as well.

        Whether it is well-formed is not the question here: its own tool says so.
        """
        if not self.holds(path, mark):
            return {}
        if path not in self._tomls:
            self._tomls[path] = _toml(self.text(path))
        return self._tomls[path]

    def json(self, path: str, mark: str = "") -> "dict[str, Any]":
        """Return a JSON file's values as ``toml`` does; comments and trailing commas are taken for nothing.

        So TypeScript reads its configuration: https://www.typescriptlang.org/docs/handbook/tsconfig-json.html
        """
        if not self.holds(path, mark):
            return {}
        if path not in self._jsons:
            self._jsons[path] = _json(self.text(path))
        return self._jsons[path]

    def ignores(self, folder: str) -> bool:
        """Say whether a ``.gitignore`` plainly names a folder, or one above it.

        Only what stands for itself, or begins with ``**/``, is understood, and no name that is taken back:
        a folder that git ignores may be told not to be, but not the other way round.
        """
        ignored = False
        for above in upward(os.path.dirname(folder)):
            parts = below(above, (folder,))[0].split("/")
            for line in self.text(os.path.join(above, ".gitignore")).split("\n"):
                name = line.strip().rstrip("/")
                if name.startswith("!"):
                    if name.split("/")[-1].strip("!") in parts:
                        return False
                    continue
                name = name.removeprefix("**/")
                if "/" in name:
                    names = name.removeprefix("/").split("/")
                    ignored = ignored or parts[: len(names)] == names
                else:
                    ignored = ignored or name in parts
        return ignored

    def _is_file(self, folder: str, name: str) -> bool:
        if (folder, name) not in self._has:
            self._has[folder, name] = os.path.isfile(os.path.join(self.absolute(folder), name))
        return self._has[folder, name]


def upward(folder: str) -> Iterator[str]:
    """Yield the folder and all above it, up to the repository's top."""
    while folder:
        yield folder
        folder = os.path.dirname(folder)
    yield ""


def own(path: str) -> bool:
    """Say whether a file is the project's, and not in a folder for what others wrote."""
    return _FOREIGN.isdisjoint(path.split("/")[:-1])


def grouped(files: tuple[str, ...], folder: Callable[[str], str | None]) -> dict[str, tuple[str, ...]]:
    """Return the files by the folder that ``folder`` gives for each; None leaves a file out."""
    groups: dict[str, list[str]] = {}
    for path in files:
        found = folder(path)
        if found is not None:
            groups.setdefault(found, []).append(path)
    return {found: tuple(paths) for found, paths in groups.items()}


def below(folder: str, files: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files, all of them below the folder, relative to it."""
    return tuple(path[len(folder) + 1 :] for path in files) if folder else files


def relative(folder: str, path: str) -> str:
    """Return a path, which may be outside of the folder, relative to it."""
    return os.path.relpath(f"/{path}", f"/{folder}")  # as absolute ones: relpath asks where this runs


def inside(folder: str, path: str) -> str | None:
    """Return what a configuration in ``folder`` means by a relative path; None outside the repository."""
    whole = os.path.normpath(os.path.join(folder, path))
    if whole.startswith(("/", "../")) or whole == "..":
        return None
    return "" if whole == "." else whole


def _toml(text: str) -> "dict[str, Any]":
    if any(line.count(".") > _MOST_DOTS for line in text.split("\n")):
        return {}
    import tomllib  # noqa: PLC0415 - 13 ms, only where a file has what is looked for

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def _json(text: str) -> "dict[str, Any]":
    import json  # noqa: PLC0415 - only where a project has such a file
    import re  # noqa: PLC0415

    # A text, which hides what looks like the rest; a comment; a comma behind the last item.
    text = re.sub(
        r'("(?:[^"\\]|\\.)*+"?)|//[^\n]*+|/\*.*?(?:\*/|\Z)',
        lambda found: found[1] or " ",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(
        r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*+[}\]])', lambda found: found[1] or "", text, flags=re.DOTALL
    )
    try:
        value = json.loads(text.removeprefix("\ufeff"), parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def read(path: str, most: int) -> bytes:
    """Return at most the first ``most`` bytes of a regular file; b"" of anything else."""
    return regular.start(path, most) or b""

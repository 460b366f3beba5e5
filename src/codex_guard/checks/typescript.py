"""TypeScript: tsc for the nearest project with a ``tsconfig.json``.

Nothing is written, but where a project rests on what other ones build: then only what git ignores.

https://www.typescriptlang.org/docs/handbook/compiler-options.html and
https://www.typescriptlang.org/docs/handbook/project-references.html
"""

import os
from collections.abc import Iterator

from codex_guard.checks import executables
from codex_guard.checks.check import Check, argument, missing, shown
from codex_guard.checks.projects import Repository, below, grouped, inside, relative

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TYPED = (".ts", ".tsx", ".mts", ".cts")
UNTYPED = (".js", ".jsx", ".mjs", ".cjs")
_MARKERS = ("package.json", "tsconfig.json")
_MAIN = ("tsconfig.json",)
# With --noEmit tsc still keeps what it knows in a file of an incremental project. That option cannot be
# switched off for a project that others refer to, but the file can be one that holds nothing.
_OPTIONS = ("--noEmit", "--pretty", "false", "--incremental", "--tsBuildInfoFile", "/dev/null", "-p")
_BUILD = ("--build", "--pretty", "false")
_STATUSES = (0, 1, 2)  # https://github.com/microsoft/TypeScript/blob/main/src/compiler/types.ts, ExitStatus
_OWN_FOLDER = "${configDir}/"  # that of the configuration, not of the base where it stands
_MOST_CONFIGURATIONS = 200  # of one build
_MOST_BASES = 10  # that a configuration extends


def checks(repository: Repository, files: tuple[str, ...]) -> Iterator[Check]:
    """Yield the checks of the files that a ``tsconfig.json`` at or above them covers."""
    typed = tuple(path for path in files if path.endswith((*TYPED, *UNTYPED)))
    for folder, own in grouped(typed, lambda path: _covering(repository, path)).items():
        check = Check(
            "tsc", repository.absolute(folder), parser="tsc", files=below(folder, own), scope="project",
            statuses=_STATUSES,
        )  # fmt: skip
        projects = dict.fromkeys(project(repository, path) for path in own)
        modules = (each for nearest in projects for each in executables.modules(repository, nearest))
        start = executables.first("tsc", (*dict.fromkeys(modules), *executables.on_path()))
        if start is None:
            yield missing(check, os.path.join(folder, *_MAIN), folder)
        else:
            yield from _started(repository, check, start, folder, own)


def project(repository: Repository, path: str) -> str:
    """Return the nearest folder above a file that npm or TypeScript takes for a project; else the top."""
    return repository.nearest(os.path.dirname(path), _MARKERS) or ""


def _covering(repository: Repository, path: str) -> str | None:
    folder = repository.nearest(os.path.dirname(path), _MAIN)
    if folder is None or path.endswith(TYPED):
        return folder
    # JavaScript counts where it is checked, and where its types reach TypeScript.
    main = os.path.join(folder, *_MAIN)
    return folder if any(repository.holds(main, option) for option in ('"checkJs"', '"allowJs"')) else None


def _started(
    repository: Repository, check: Check, start: str, folder: str, files: tuple[str, ...]
) -> Iterator[Check]:
    """Yield a run for each configuration, or one that builds where they rest on each other's output."""
    main = os.path.join(folder, *_MAIN)
    referred = _references(repository, main)
    # What has a tsconfig.json of its own is planned for its own files.
    parts = [path for path in referred if os.path.basename(path) not in _MAIN and _touches(path, files)]
    elsewhere = [path for path in referred if os.path.dirname(path) != folder]
    empty = _is_empty(repository, main)
    if not any(_references(repository, path) for path in parts) and (empty or not elsewhere):
        for path in (*(() if empty else (main,)), *parts):
            yield check.replace(command=(start, *_OPTIONS, argument(relative(folder, path))))
    elif _writes(repository, main):
        problem = (
            f"tsc was not run: {shown(main)} refers to other projects, which can be checked only by building"
            " them, and what that writes is not ignored by git. Give each an outDir that a .gitignore names,"
            " or leave tsc out with checks.tools."
        )
        yield check.replace(problem=problem)
    else:
        # From the top: a sandbox lets a program write below where it starts.
        yield check.replace(root=repository.top, command=(start, *_BUILD, argument(main)), files=files)


def _touches(path: str, files: tuple[str, ...]) -> bool:
    folder = os.path.dirname(path)
    return not folder or any(each.startswith(f"{folder}/") for each in files)


def _references(repository: Repository, path: str) -> tuple[str, ...]:
    """Return the configurations that one refers to, as far as they are files of the repository."""
    found = []
    references = repository.json(path, "references").get("references")
    for reference in references if isinstance(references, list) else ():
        named = reference.get("path") if isinstance(reference, dict) else None
        if not isinstance(named, str):
            continue
        target = inside(os.path.dirname(path), named)
        if target is None:
            continue
        folder, name = os.path.split(target)
        if repository.first(target, _MAIN):
            found.append(os.path.join(target, *_MAIN))
        elif repository.first(folder, (name,)):
            found.append(target)
    return tuple(dict.fromkeys(found))


def _writes(repository: Repository, path: str) -> bool:
    """Say whether building a configuration and all it refers to may write what git does not ignore."""
    seen = {path}
    waiting = [path]
    while waiting:
        each = waiting.pop()
        if len(seen) > _MOST_CONFIGURATIONS or _is_written(repository, each):
            return True
        new = [found for found in _references(repository, each) if found not in seen]
        seen.update(new)
        waiting += new
    return False


def _is_empty(repository: Repository, path: str) -> bool:
    """Say whether a configuration has no files of its own and only refers to others."""
    settings = repository.json(path)
    return settings.get("files") == [] and not settings.get("include")


def _is_written(repository: Repository, path: str) -> bool:
    """Say whether building a configuration itself may write what git does not ignore."""
    if _is_empty(repository, path) or _option(repository, path, "noEmit") is True:
        return False
    folder, types = (_option(repository, path, name) for name in ("outDir", "declarationDir"))
    return any(
        not isinstance(each, str) or not repository.ignores(each) for each in (folder, types or folder)
    )


def _option(repository: Repository, path: str, name: str) -> "Any":
    """Return a compiler option of a configuration or of what it extends, a folder relative to the top."""
    origin = os.path.dirname(path)
    for _ in range(_MOST_BASES):
        settings, folder = repository.json(path), os.path.dirname(path)
        options = settings.get("compilerOptions")
        if isinstance(options, dict) and name in options:
            value = options[name]
            if not isinstance(value, str):
                return value
            named = value.removeprefix(_OWN_FOLDER)
            return inside(folder if named == value else origin, named)
        base = settings.get("extends")
        if not isinstance(base, str) or not base.startswith("."):
            return None  # a package's, or several: nobody can say without more of TypeScript
        found = inside(folder, base if base.endswith(".json") else f"{base}.json")
        if found is None:
            return None
        path = found
    return None

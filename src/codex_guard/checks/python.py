"""Python: ruff, and the type checkers that a project configures.

mypy is the one where none is configured. A project is the nearest folder with one of ``MARKERS``; a type
checker runs in the nearest folder, from the project upward, that configures any.
"""

import hashlib
import os
import sys
from collections.abc import Iterator

from codex_guard.checks import executables
from codex_guard.checks.check import Check, Choice, arguments, missing, unsafe
from codex_guard.checks.projects import Repository, below, grouped, upward

SUFFIXES = (".py", ".pyi")
MARKERS = (
    "pyproject.toml", "setup.cfg", "setup.py", "mypy.ini", ".mypy.ini", "pyrightconfig.json", "ty.toml",
    "pyrefly.toml",
)  # fmt: skip
_RUFF = ("check", "--output-format=json", "--no-fix", "--force-exclude", "--quiet")
_MYPY = (
    "--no-error-summary", "--no-color-output", "--no-pretty", "--hide-error-context",
    "--show-column-numbers", "--show-error-codes",
)  # fmt: skip
_MYPY_STATUSES = (0, 1, 2)  # 2 also for a file that does not parse, with a report
# Those that look at a whole project: their options, and the format of their report.
# https://github.com/microsoft/pyright/blob/main/docs/command-line.md,
# https://docs.astral.sh/ty/reference/cli/ and https://pyrefly.org/en/docs/
_WHOLE = {
    "pyright": (("--outputjson",), "pyright-json"),
    "basedpyright": (("--outputjson",), "pyright-json"),
    "ty": (("check", "--output-format=gitlab"), "ty"),
    "pyrefly": (("check", "--output-format=json"), "pyrefly"),
}
# The files that configure a type checker, in the order in which it looks for them.
# https://mypy.readthedocs.io/en/stable/config_file.html
_FILES = {
    "mypy": ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"),
    "basedpyright": ("pyproject.toml",),
    "pyright": ("pyrightconfig.json", "pyproject.toml"),
    "ty": ("ty.toml", "pyproject.toml"),
    "pyrefly": ("pyrefly.toml", "pyproject.toml"),
}
# What makes mypy know by itself what to check.
_TARGETS = frozenset({"files", "packages", "modules"})


def checks(repository: Repository, files: tuple[str, ...], choice: Choice) -> Iterator[Check]:
    """Yield the checks of the Python files among the changed ones."""
    python = tuple(path for path in files if path.endswith(SUFFIXES))
    typed: dict[tuple[str, str, str | None, tuple[str, ...]], list[str]] = {}
    for project, own in grouped(python, lambda path: _project(repository, path)).items():
        environments = _environments(repository, project) if choice.trusted else ()
        if choice.allows("ruff"):
            yield _ruff(repository, project, own, environments)
        for tool, folder, configured in _wanted(repository, project, choice):
            typed.setdefault((tool, folder, configured, environments), []).extend(own)
    for (tool, folder, configured, environments), paths in typed.items():
        own = below(folder, tuple(paths))
        if tool == "mypy":
            yield _mypy(repository, folder, configured, own, environments, trusted=choice.trusted)
        else:
            yield _whole(tool, repository, folder, configured, own, environments, choice)


def _project(repository: Repository, path: str) -> str:
    return repository.nearest(os.path.dirname(path), MARKERS) or ""


def _wanted(repository: Repository, project: str, choice: Choice) -> Iterator[tuple[str, str, str | None]]:
    """Yield each type checker, the folder it runs in, and the file there that configures it, if any."""
    if choice.tools is None:
        for folder in upward(project):
            found = _configured(repository, folder)
            if "basedpyright" in found:
                found.pop("pyright", None)  # whose settings it reads as well
            yield from ((tool, folder, name) for tool, name in found.items())
            if found:
                return
        yield "mypy", project, None
        return
    for tool in choice.tools:
        if tool in _FILES:
            folders = ((each, _configured(repository, each).get(tool)) for each in upward(project))
            folder, name = next(((each, name) for each, name in folders if name), (project, None))
            yield tool, folder, name


def _configured(repository: Repository, folder: str) -> dict[str, str]:
    """Return the type checkers that a folder configures, each with the file that does."""
    found = {}
    for tool, names in _FILES.items():
        for name in names:
            if repository.first(folder, (name,)) and _holds(repository, os.path.join(folder, name), tool):
                found[tool] = name
                break
    return found


def _holds(repository: Repository, path: str, tool: str) -> bool:
    """Say whether a file that is there configures the tool: most do by their name alone."""
    if path.endswith("pyproject.toml"):
        tables = repository.toml(path, tool).get("tool")
        return isinstance(tables, dict) and tool in tables
    return not path.endswith("setup.cfg") or repository.holds(path, "[mypy]")


def _environments(repository: Repository, project: str) -> tuple[str, ...]:
    """Return the folders of the virtual environments that are there for a project, the nearest first.

    The one that is active counts as the repository's: it comes before the one at the top, and behind that
    of a project below.
    """
    found = []
    for folder in upward(project):
        if not folder:
            found.append(os.environ.get("VIRTUAL_ENV", ""))
        found += [os.path.join(repository.absolute(folder), name) for name in (".venv", "venv")]
    return tuple(dict.fromkeys(path for path in found if os.path.isabs(path) and os.path.isdir(path)))


def _bins(environments: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(os.path.join(environment, "bin") for environment in environments)


def _ruff(
    repository: Repository, project: str, files: tuple[str, ...], environments: tuple[str, ...]
) -> Check:
    root, files = repository.absolute(project), below(project, files)
    check = Check("ruff", root, parser="ruff-json", files=files)
    start = executables.first("ruff", (*_bins(environments), executables.beside()))
    if start is None:
        return check.replace(problem=_nowhere("ruff"))
    return check.replace(command=(start, *_RUFF, *arguments(files)))


def _mypy(
    repository: Repository,
    folder: str,
    configured: str | None,
    files: tuple[str, ...],
    environments: tuple[str, ...],
    *,
    trusted: bool,
) -> Check:
    """Plan mypy; without trust without its configuration, too, which can name plugins."""
    check = Check("mypy", repository.absolute(folder), parser="mypy", files=files, statuses=_MYPY_STATUSES)
    start = executables.first("mypy", (*_bins(environments), executables.beside()))
    if start is None:
        return check.replace(problem=_nowhere("mypy"))
    settings = _settings(repository, os.path.join(folder, configured)) if configured else frozenset()
    command = [start]
    if os.path.dirname(start) == executables.beside():
        # Our own runs isolated: no PYTHONPATH of the session's leads it elsewhere.
        command = [sys.executable, "-I", "-m", "mypy"]
    command += _MYPY
    if not trusted:
        command.append("--config-file=")
    if not (trusted and configured):
        command.append("--ignore-missing-imports")
    python = executables.first("python", _bins(environments))
    # Else mypy would look for the project's packages beside itself.
    if python and os.path.dirname(start) != os.path.dirname(python) and "python_executable" not in settings:
        command.append(f"--python-executable={python}")
    cache = executables.cache()
    if cache is not None and "cache_dir" not in settings:
        # Outside of the work tree: what a check leaves there would be one more change.
        name = f"copy\0{repository.origin}\0{folder}" if repository.origin else check.root
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        command.append(f"--cache-dir={os.path.join(cache, 'mypy', digest)}")
    if trusted and settings & _TARGETS:
        return check.replace(command=tuple(command), scope="project")
    return check.replace(command=(*command, *arguments(files)))


def _settings(repository: Repository, path: str) -> frozenset[str]:
    """Return the names of what a configuration of mypy sets for all files."""
    if path.endswith("pyproject.toml"):
        table = repository.toml(path, "mypy")["tool"]["mypy"]
        return frozenset(table) if isinstance(table, dict) else frozenset()
    import configparser  # noqa: PLC0415 - only where mypy has a file of this kind

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(repository.text(path))
        return frozenset(parser["mypy"])
    except (configparser.Error, KeyError):
        return frozenset()


def _whole(
    tool: str,
    repository: Repository,
    folder: str,
    configured: str | None,
    files: tuple[str, ...],
    environments: tuple[str, ...],
    choice: Choice,
) -> Check:
    """Plan a type checker that looks at the whole project."""
    options, parser = _WHOLE[tool]
    check = Check(tool, repository.absolute(folder), parser=parser, files=files, scope="project")
    if not choice.trusted:
        return unsafe(check)
    folders = (
        *_bins(environments),
        *executables.modules(repository, folder),  # pyright is a package of npm's
        executables.beside(),
        *executables.on_path(),
    )
    start = executables.first(tool, folders)
    if start is None and tool == "pyright" and choice.allows("basedpyright"):
        start = executables.first("basedpyright", folders)  # which reads the same settings
        check = check.replace(tool="basedpyright") if start else check
    if start is None:
        return missing(check, configured and os.path.join(folder, configured), folder)
    return check.replace(command=(start, *options), environment=_activated(environments))


def _activated(environments: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the variables that a virtual environment sets where it is activated.

    The type checkers find an environment by them, whatever its name and place:
    https://docs.python.org/3/library/venv.html#how-venvs-work
    """
    python = executables.first("python", _bins(environments))
    if python is None:
        return ()
    folder = os.path.dirname(python)
    path = os.pathsep.join((folder, *executables.on_path()))
    return (("PATH", path), ("VIRTUAL_ENV", os.path.dirname(folder)))


def _nowhere(tool: str) -> str:
    return (
        f"{tool} is not installed, neither in the repository nor beside codex-guard: it was not run. Install"
        " it, or leave it out with checks.tools."
    )

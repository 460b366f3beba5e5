"""Which checks apply to a set of changed files, and how each is started."""

import os
import sys

from codex_guard.record import Record

_PYTHON = (".py", ".pyi")
_RUFF_OPTIONS = ("check", "--output-format=json", "--no-fix", "--force-exclude", "--quiet")
_MYPY_FILES = ("mypy.ini", ".mypy.ini")
_MYPY_OPTIONS = (
    "--no-error-summary", "--no-color-output", "--no-pretty", "--hide-error-context",
    "--show-column-numbers", "--show-error-codes",
)  # fmt: skip


class Check(Record):
    """One tool to run: ``command`` in folder ``root``, or ``problem`` in a sentence where it cannot be."""

    tool: str
    root: str
    command: tuple[str, ...] = ()
    problem: str | None = None


def plan(
    root: str, files: tuple[str, ...], tools: tuple[str, ...], *, trusted: bool = True
) -> tuple[Check, ...]:
    """Return the checks for the changed ``files`` (below ``root``); none where no Python file changed.

    Not ``trusted``: nothing that the repository controls may be executed, so its own tools are left
    alone, and so is its configuration of mypy, which can name plugins. ruff's is data only.
    """
    python = tuple(path for path in files if path.endswith(_PYTHON))
    if not python:
        return ()
    # "./" keeps a file whose name begins with a dash from being an option.
    named = tuple(f"./{path}" for path in python)
    checks = []
    for tool in tools:
        start = _executable(tool, root if trusted else None)
        if start is None:
            problem = (
                f"{tool} is not installed, neither in the repository nor beside codex-guard: it was not run."
            )
            checks.append(Check(tool, root, problem=problem))
        elif tool == "ruff":
            checks.append(Check(tool, root, (*start, *_RUFF_OPTIONS, *named)))
        else:
            options = _MYPY_OPTIONS if trusted else (*_MYPY_OPTIONS, "--config-file=")
            if not (trusted and _configures_mypy(root)):
                options = (*options, "--ignore-missing-imports")
            checks.append(Check(tool, root, (*start, *options, *named)))
    return tuple(checks)


def _executable(tool: str, root: str | None) -> tuple[str, ...] | None:
    """Return how to start the repository's own tool, or else the one installed with codex-guard."""
    environments: list[str] = []
    if root is not None:
        environments = [os.path.join(root, ".venv"), os.path.join(root, "venv")]
        if os.environ.get("VIRTUAL_ENV"):
            environments.insert(0, os.environ["VIRTUAL_ENV"])
    own = os.path.dirname(sys.executable)
    for folder in (*(os.path.join(environment, "bin") for environment in environments), own):
        path = os.path.join(folder, tool)
        if os.path.isabs(path) and os.path.isfile(path) and os.access(path, os.X_OK):
            # Our own runs isolated: no PYTHONPATH of the session's leads it elsewhere.
            return (sys.executable, "-I", "-m", tool) if folder == own and tool == "mypy" else (path,)
    return None


def _configures_mypy(root: str) -> bool:
    if any(os.path.exists(os.path.join(root, name)) for name in _MYPY_FILES):
        return True
    for name, mark in (("pyproject.toml", "[tool.mypy]"), ("setup.cfg", "[mypy]")):
        try:
            with open(os.path.join(root, name), encoding="utf-8", errors="replace") as file:
                if mark in file.read(1 << 20):
                    return True
        except OSError:
            continue
    return False

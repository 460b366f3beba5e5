"""The folders that matter for one event: where its work tree begins, and where the user lives."""

import os
import sys

from codex_guard.commands.operands import Places
from codex_guard.errors import GuardError
from codex_guard.guard.scan import worktree_of
from codex_guard.ledger import place
from codex_guard.policy import layers
from codex_guard.shell.meaning import Scope


def of(cwd: str, files: tuple[str, ...] = ()) -> Places:
    """Return the places for a session in ``cwd``: its work tree is the nearest folder with a ``.git``.

    ``files`` are guarded besides what is always: paths as a policy names them, and where they lead.
    """
    return Places(
        worktree=worktree_of(cwd),
        home=home(),
        guarded=_guarded() + _named(files),
        real=_real,
        regular=lambda path: os.path.isfile(path) or not os.path.lexists(path),
    )


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path


def _named(files: tuple[str, ...]) -> tuple[str, ...]:
    paths = [os.path.normpath(os.path.expanduser(name)) for name in files]
    return tuple(dict.fromkeys(found for path in paths for found in (path, _real(path))))


def _guarded() -> tuple[str, ...]:
    """Return what switches the guard on and off outside the work tree, and its own files."""
    codex = os.environ.get("CODEX_HOME") or os.path.join(home(), ".codex")
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    # What is imported beside the package, and the interpreter that does it, decide as much as it does.
    neighbours = os.path.dirname(package)
    return (
        "/etc/codex",
        os.path.dirname(layers.ORGANISATION),
        os.path.dirname(layers.user_file()),
        os.path.join(codex, "hooks.json"),
        os.path.join(codex, "config.toml"),
        *_state(),
        neighbours if neighbours.endswith("-packages") else package,
        sys.executable,
    )


def _state() -> tuple[str, ...]:
    try:
        return (place.located(),)
    except GuardError:  # without a home there is none
        return ()


def scope(cwd: str, places: Places) -> Scope:
    """Return what a script may count on before its first line: its folder and a few variables."""
    variables = {"HOME": places.home, "TMPDIR": "/tmp", "OLDPWD": cwd}  # noqa: S108 - a name, nothing is opened
    for name in ("TMPDIR", "USER", "LOGNAME"):
        if os.environ.get(name):
            variables[name] = os.environ[name]
    return Scope(cwd, variables, places.worktree)


def home() -> str:
    """Return the user's home folder, ``/`` where there is none."""
    path = os.path.expanduser("~")
    return os.path.normpath(path) if os.path.isabs(path) else "/"

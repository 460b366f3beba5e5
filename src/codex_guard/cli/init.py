"""``codex-guard init``: puts the hooks into a repository, a user's Codex, or an organisation's file."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from codex_guard import launch
from codex_guard.errors import GuardError
from codex_guard.repo import git
from codex_guard.wire import hooksfile, requirements
from codex_guard.wire.command import EXECUTABLES, Install


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "init",
        help="put the hooks into this repository (or --user, --managed)",
        description=(
            "Write the hooks into .codex/hooks.json of this repository, beside what is there. Again after"
            " an update: what is as it should be is not written."
        ),
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--user", action="store_true", help="into CODEX_HOME/hooks.json, for all your repositories"
    )
    where.add_argument(
        "--managed",
        action="store_true",
        help="print a requirements.toml that enforces the hooks on a machine",
    )
    parser.add_argument("--only-managed", action="store_true", help="with --managed: forbid every other hook")
    parser.add_argument("--uninstall", action="store_true", help="take our hooks out again, and only ours")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write or print what was asked for. Returns the exit code."""
    if options.only_managed and not options.managed:
        raise GuardError("--only-managed goes with --managed.")
    if options.managed:
        if options.uninstall:
            raise GuardError("A managed file is taken out by deleting it: --uninstall is for hooks.json.")
        print(requirements.text(absolute(), only_managed=options.only_managed), end="")
        return 0
    path = _user_file() if options.user else _repository_file()
    if options.uninstall:
        removed = hooksfile.uninstall(path)
        print(
            f"Removed codex-guard's hooks from {path}."
            if removed
            else f"No hooks of codex-guard are in {path}."
        )
        return 0
    changed = hooksfile.install(path, absolute() if options.user else Install())
    print(f"{'Wrote' if changed else 'Nothing to change in'} {path}.")
    print("Next: start codex here and trust the hooks when it asks (once, and after each change of them).")
    if not options.user:
        print("Commit the file: everyone who works here needs codex-guard on PATH, or every hook blocks.")
        _warn_of_missing()
    return 0


def absolute() -> Install:
    """Return how this install's hooks are started by absolute paths."""
    return Install(os.path.abspath(sys.executable), os.path.abspath(launch.__file__))


def _user_file() -> Path:
    home = os.environ.get("CODEX_HOME")
    return (Path(home) if home else Path.home() / ".codex") / "hooks.json"


def _repository_file() -> Path:
    top = git.top(os.getcwd())
    if top is None:
        raise GuardError("This folder is in no git repository: run `git init` first, or use --user.")
    return Path(top) / ".codex" / "hooks.json"


def _warn_of_missing() -> None:
    missing = [name for name in EXECUTABLES.values() if shutil.which(name) is None]
    if missing:
        print(
            f"codex-guard: {missing[0]} is not on your PATH, so every hook will block until it is:"
            " install it for yourself (pipx, uv tool), or activate the environment it is installed in.",
            file=sys.stderr,
        )

"""git, run as a subprocess with everything a repository's configuration could start switched off."""

import os
import subprocess

from codex_guard.errors import GuardError
from codex_guard.record import Record

_SECONDS = 20
# What git may know of the environment: not a variable that points it elsewhere or makes it run things.
_KEPT = ("PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "LANG")
_SAFE = (
    "-c", "core.fsmonitor=false",  # else a program of the repository's choice
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",  # else the index would be written
    "-c", "status.submoduleSummary=false",
)  # fmt: skip


class Changes(Record):
    """What differs from HEAD: ``root`` is the repository's top, ``files`` are paths below it."""

    root: str
    files: tuple[str, ...]


def top(cwd: str) -> str | None:
    """Return the top folder of the repository that ``cwd`` is in; None where there is none, or no git."""
    printed = _git(cwd, "rev-parse", "--show-toplevel", expected=(0, 128))
    return printed.decode("utf-8", "surrogateescape").rstrip("\n") or None


def changes(cwd: str) -> Changes | None:
    """Return the files that are modified, added or untracked (not ignored) and still there.

    None where ``cwd`` is in no repository or git is not installed. Raises GuardError where git fails.
    """
    root = top(cwd)
    if root is None:
        return None
    listed = _git(
        root, *_without_filters(root), "status", "--porcelain=v1", "-z", "--untracked-files=all",
        "--ignore-submodules=all", "--no-renames",
    )  # fmt: skip
    files = []
    for entry in listed.split(b"\0"):
        path = entry[3:].decode("utf-8", "surrogateescape")
        if path and b"D" not in entry[1:2] and os.path.isfile(os.path.join(root, path)):
            files.append(path)
    return Changes(root, tuple(sorted(files)))


def _without_filters(root: str) -> list[str]:
    """Return the options that empty every clean filter: `git status` would run them."""
    names = _git(root, "config", "--name-only", "-z", "--get-regexp", r"^filter\.", expected=(0, 1))
    options = []
    for name in sorted(set(names.split(b"\0"))):
        key = name.decode("utf-8", "surrogateescape")
        if key.endswith((".clean", ".process", ".smudge")):
            options += ["-c", f"{key}="]
        elif key.endswith(".required"):
            options += ["-c", f"{key}=false"]
    return options


def _git(folder: str, *arguments: str, expected: tuple[int, ...] = (0,)) -> bytes:
    """Run git and return what it printed; empty where its status is expected but not 0."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            ["git", "-C", folder, *_SAFE, *arguments],  # noqa: S607 - the user's git, from the user's PATH
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        return b""
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GuardError(
            f"git did not answer in {folder} ({type(error).__name__}): try `git status` there."
        ) from None
    if done.returncode not in expected:
        raise GuardError(f"git failed in {folder} with status {done.returncode}: try `git status` there.")
    return done.stdout if done.returncode == 0 else b""


def files(folder: str, *, no_ignore: bool) -> list[str]:
    """Return the files below ``folder`` in order: those git tracks or would track; with ``no_ignore`` all.

    Outside a repository, and with ``no_ignore``, every file counts, but for what lies in ``.git``.
    """
    if not no_ignore and top(folder) is not None:
        listed = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
        names = [name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name]
        return [path for name in names if os.path.lexists(path := os.path.join(folder, name))]
    found = []
    for parent, folders, names_ in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        found += [os.path.join(parent, name) for name in sorted(names_)]
    return found

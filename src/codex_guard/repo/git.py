"""git, run as a subprocess with everything a repository's configuration could start switched off."""

import os
import subprocess

from codex_guard.errors import GuardError
from codex_guard.record import Record

_SECONDS = 20
# What git may know of the environment: not a variable that points it elsewhere or makes it run things.
_KEPT = ("HOME", "XDG_CONFIG_HOME", "TMPDIR", "LANG")
_SET = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # In a partial clone git fetches a missing object, over ssh or a helper that the repository names.
    "GIT_NO_LAZY_FETCH": "1",  # git 2.44 and newer
    "GIT_ALLOW_PROTOCOL": "",  # none, for the others
    "GIT_NO_REPLACE_OBJECTS": "1",  # else `git replace` could give HEAD another content
}
_SAFE = (
    "-c", "core.fsmonitor=false",  # else a program of the repository's choice
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",  # else the index would be written
    "-c", "status.submoduleSummary=false",
    "-c", "safe.bareRepository=explicit",  # a folder of the work tree that only looks like a repository
)  # fmt: skip
# What git says, in English, where there simply is no work tree. Any other failure is an error.
_NO_TREE = (
    b"not a git repository", b"must be run in a work tree", b"cannot use bare repository", b"cannot change to"
)  # fmt: skip


class Changes(Record):
    """What differs from HEAD: ``root`` is the repository's top, ``files`` are paths below it."""

    root: str
    files: tuple[str, ...]


def top(cwd: str) -> str | None:
    """Return the top folder of the repository that ``cwd`` is in; None where there is none, or no git.

    Raises GuardError where git cannot read the repository, or does not trust its owner.
    """
    said = _in_tree(cwd, "rev-parse", "--show-toplevel")
    return os.fsdecode(said).removesuffix("\n") or None


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
    # "XY path"; a path can stand there twice, such as one that is deleted in the index and untracked.
    paths = {os.fsdecode(entry[3:]) for entry in listed.split(b"\0") if entry[1:2] != b"D"}
    return Changes(
        root, tuple(sorted(path for path in paths if path and os.path.isfile(os.path.join(root, path))))
    )


def at_head(path: str, most: int) -> bytes | None:
    """Return the contents of a file as the last commit has them, unfiltered.

    None where there are none to compare with: no repository, no commit, a file that is not in it or is
    larger than ``most`` bytes, or a git that fails.
    """
    folder, name = os.path.split(os.path.realpath(path))
    try:
        size = _run(folder, "cat-file", "-s", f"HEAD:./{name}")
        if size is None or size.returncode or int(size.stdout) > most:
            return None
        done = _run(folder, "cat-file", "blob", f"HEAD:./{name}")
    except GuardError:
        return None
    return done.stdout if done is not None and done.returncode == 0 else None


def tracks(path: str) -> bool:
    """Say whether git tracks the file at ``path``, which is absolute.

    Outside a repository, and where git is not installed, it does not. Raises GuardError where git cannot
    read the repository.
    """
    folder, name = os.path.split(path)
    return bool(_in_tree(folder, "--literal-pathspecs", "ls-files", "-z", "--", name))


def files(folder: str, *, no_ignore: bool) -> list[str]:
    """Return the files below ``folder`` in order: those git tracks or would track; with ``no_ignore`` all.

    Outside a repository, and with ``no_ignore``, every file counts, but for what lies in ``.git``. Of a
    repository within the repository (a submodule, a clone), its own files count.
    """
    if not no_ignore and top(folder) is not None:
        return _tracked(folder)
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        found += [os.path.join(parent, name) for name in sorted(names)]
    return found


def _in_tree(folder: str, *arguments: str) -> bytes:
    """Return what git prints; nothing where there is no work tree, or no git. Raises GuardError."""
    done = _run(folder, *arguments)
    if done is None:
        return b""
    if done.returncode:
        if any(said in done.stderr for said in _NO_TREE):
            return b""
        raise _failed(folder, done.returncode)
    return done.stdout


def _tracked(folder: str) -> list[str]:
    listed = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    found = []
    # A conflict lists a path once for each of its sides.
    for name in dict.fromkeys(os.fsdecode(name) for name in listed.split(b"\0") if name):
        path = os.path.join(folder, name.removesuffix("/"))
        if os.path.islink(path) or os.path.isfile(path):
            found.append(path)
        elif os.path.lexists(os.path.join(path, ".git")):
            found += files(path, no_ignore=False)
        elif os.path.lexists(path) and not os.path.isdir(path):
            found.append(path)  # a named pipe or a socket: whoever reads it says that it cannot
    return found


def _without_filters(root: str) -> list[str]:
    """Return the options that empty every clean filter: `git status` would run them."""
    names = _git(root, "config", "--name-only", "-z", "--get-regexp", r"^filter\.", expected=(0, 1))
    options = []
    for key in sorted({os.fsdecode(name) for name in names.split(b"\0")}):
        if "=" in key:
            # -c would end the key at the first "=", and the filter would run.
            raise GuardError(
                f"The git configuration of {root} has a filter with '=' in its name, which cannot be switched"
                " off: rename it."
            )
        if key.endswith((".clean", ".process", ".smudge")):
            options += ["-c", f"{key}="]
        elif key.endswith(".required"):
            options += ["-c", f"{key}=false"]
    return options


def _git(folder: str, *arguments: str, expected: tuple[int, ...] = (0,)) -> bytes:
    """Run git and return what it printed; empty where its status is expected but not 0."""
    done = _run(folder, *arguments)
    if done is None:
        return b""
    if done.returncode not in expected:
        raise _failed(folder, done.returncode)
    return done.stdout if done.returncode == 0 else b""


def _run(folder: str, *arguments: str) -> "subprocess.CompletedProcess[bytes] | None":
    """Run git and return what came of it; None where it is not installed."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        return subprocess.run(  # noqa: S603 - fixed arguments, no shell
            ["git", "-C", folder, *_SAFE, *arguments],  # noqa: S607 - the user's git, from the user's PATH
            env=environment | _SET | {"PATH": _path(folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise GuardError(
            f"git did not answer in {folder!r} ({type(error).__name__}): try `git status` there."
        ) from None


def _failed(folder: str, status: int) -> GuardError:
    return GuardError(f"git failed in {folder!r} with status {status}: try `git status` there.")


def _path(folder: str) -> str:
    """Return PATH without the places where the repository could have a ``git`` of its own.

    These are relative entries, and folders of the work tree such as an activated environment's.
    """
    entries = [
        entry for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(entry)
    ]
    tree = os.path.realpath(folder)
    while not os.path.lexists(os.path.join(tree, ".git")):
        if tree == os.path.dirname(tree):
            return os.pathsep.join(entries)
        tree = os.path.dirname(tree)
    within = os.path.join(tree, "")
    return os.pathsep.join(
        entry for entry in entries if not os.path.join(os.path.realpath(entry), "").startswith(within)
    )

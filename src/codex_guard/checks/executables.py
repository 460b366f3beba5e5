"""Where a tool's program is: always an absolute path, of a file that can be executed."""

import os
import sys

from codex_guard.checks.projects import Repository, upward


def first(tool: str, folders: tuple[str, ...]) -> str | None:
    """Return the program in the first of the folders that has it; a relative folder has none."""
    for folder in folders:
        path = os.path.join(folder, tool)
        # A relative folder would lead into whatever the check runs in.
        if os.path.isabs(path) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def on_path() -> tuple[str, ...]:
    """Return the absolute folders of PATH."""
    return tuple(folder for folder in os.environ.get("PATH", "").split(os.pathsep) if os.path.isabs(folder))


def is_inside(top: str, path: str) -> bool:
    """Say whether a path is below the folder ``top``, as it is written or where its links lead.

    Nothing is below no folder.
    """
    ways = (os.path.normpath, os.path.realpath)
    return bool(top) and any(
        os.path.join(way(path), "").startswith(os.path.join(way(top), "")) for way in ways
    )


def beside() -> str:
    """Return the folder of the programs that are installed with codex-guard."""
    return os.path.dirname(sys.executable)


def modules(repository: Repository, folder: str) -> tuple[str, ...]:
    """Return the folders of what npm installed for a folder of the repository, the nearest first.

    https://docs.npmjs.com/cli/configuring-npm/folders#executables
    """
    return tuple(os.path.join(repository.absolute(each), "node_modules", ".bin") for each in upward(folder))


def cache() -> str | None:
    """Return a folder of this user's alone below the temporary one, which a sandbox leaves writable.

    None where somebody else has made it.
    """
    # As tempfile.gettempdir does, whose import costs 7 ms.
    temporary = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 - only a folder of this user's is taken
    path = os.path.join(os.path.abspath(temporary), f"codex-guard-checks-{os.getuid()}")
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        pass
    except OSError:
        return None
    status = os.lstat(path)
    return path if _private(status) else None


def _private(status: os.stat_result) -> bool:
    import stat  # noqa: PLC0415 - see above

    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022

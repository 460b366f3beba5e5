"""Codex's own sandbox, for a program that may be the repository's: where it is, and how to start it."""

import os

from codex_guard.checks import executables

# Codex puts a folder of its own first on the PATH of hooks, with links to itself under these names.
_ALIASES = ("codex-linux-sandbox", "apply_patch")
_SECONDS = 20
_LONGEST = 200  # characters
# The `.codex/config.toml` of a repository that the user trusts could open the sandbox else:
# https://developers.openai.com/codex/config-reference
_SETTINGS = (
    'sandbox_mode="workspace-write"',
    "sandbox_workspace_write.network_access=false",
    "sandbox_workspace_write.writable_roots=[]",
)


def prefix(top: str = "") -> tuple[str, ...]:
    """Return the command that runs what follows it inside the sandbox; empty where Codex is not to be found.

    Inside, only the work tree and the temporary folders can be written, and there is no network, whatever
    Codex's configurations say. A Codex within the repository at ``top`` is none.
    """
    codex = _codex(top)
    settings = (word for setting in _SETTINGS for word in ("-c", setting))
    return (codex, "sandbox", *settings, "--") if codex else ()


def _codex(top: str) -> str | None:
    """Return the running Codex's binary, or else the one on PATH."""
    folders = tuple(folder for folder in executables.on_path() if not executables.is_inside(top, folder))
    for alias in _ALIASES:
        found = executables.first(alias, folders)
        if found and os.path.islink(found):
            real = os.path.realpath(found)
            if os.path.basename(real).startswith("codex") and not executables.is_inside(top, real):
                return real
    found = executables.first("codex", folders)
    return found if found and not executables.is_inside(top, found) else None


def failure(start: tuple[str, ...]) -> str | None:
    """Return why nothing can be run behind ``start``, in Codex's words; None where something can."""
    import subprocess  # noqa: PLC0415 - only where a check failed

    try:
        done = subprocess.run(  # noqa: S603 - the sandbox's own command
            [*start, "/bin/sh", "-c", "exit 7"], capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    if done.returncode == 7:  # noqa: PLR2004 - what was asked for, and nothing else gives
        return None
    said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
    return said[:_LONGEST] or f"status {done.returncode}"

"""Codex's own sandbox, for a program that may be the repository's: where it is, and how to start it."""

import os

from codex_guard.checks import executables

# Codex puts a folder of its own first on the PATH of hooks, with links to itself under these names.
_ALIASES = ("codex-linux-sandbox", "apply_patch")
_SECONDS = 20
_LONGEST = 200  # characters


def prefix() -> tuple[str, ...]:
    """Return the command that runs what follows it inside the sandbox; empty where Codex is not to be found.

    Inside, only the work tree and the temporary folders can be written, and there is no network.
    """
    codex = _codex()
    return (codex, "sandbox", "-c", 'sandbox_mode="workspace-write"', "--") if codex else ()


def _codex() -> str | None:
    """Return the running Codex's binary, or else the one on PATH."""
    for alias in _ALIASES:
        # A relative entry of PATH would lead into the repository.
        found = executables.first(alias, executables.on_path())
        if found and os.path.islink(found):
            real = os.path.realpath(found)
            if os.path.basename(real).startswith("codex"):
                return real
    return executables.first("codex", executables.on_path())


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

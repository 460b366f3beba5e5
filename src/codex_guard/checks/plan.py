"""Which checks apply to a set of changed files, from what the repository itself configures."""

from codex_guard.checks import golang, python, rust, scripts, web
from codex_guard.checks.check import TOOLS, Check, Choice, unsafe
from codex_guard.checks.projects import Repository, own

__all__ = ["TOOLS", "Check", "plan"]

# What runs without a sandbox, too: python plans it so that nothing of the repository's is executed.
_SAFE = ("ruff", "mypy")


def plan(
    root: str, files: tuple[str, ...], tools: tuple[str, ...] | None, *, trusted: bool = True
) -> tuple[Check, ...]:
    """Return the checks for changed files, in the order of ``tools``.

    ``root`` is the repository's top, absolute; ``files`` exist and are relative to it. Each goes to its
    nearest project; those in ``node_modules``, ``.venv``, ``vendor`` and the like to none. ``tools`` None:
    what the repository configures, and ruff and mypy for Python; else only tools of these names, whether
    they are configured or not, as long as they can run without.

    A tool that is wanted and not installed is a check with a ``problem``. Not ``trusted``: nothing that
    the repository controls may be executed, so of its tools only codex-guard's own ruff and mypy run.
    """
    repository, choice = Repository(root), Choice(tools, trusted)
    mine = tuple(path for path in files if own(path))
    checks = [
        check if trusted or check.tool in _SAFE else unsafe(check)
        for language in (python, web, golang, rust, scripts)
        for check in language.checks(repository, mine, choice)
    ]
    order = {tool: place for place, tool in enumerate(TOOLS if tools is None else tools)}
    return tuple(sorted(checks, key=lambda check: order.get(check.tool, len(order))))

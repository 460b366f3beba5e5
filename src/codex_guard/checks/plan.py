"""Which checks apply to a set of changed files, from what the repository itself configures."""

from codex_guard.checks import golang, projects, python, rust, scripts, web
from codex_guard.checks.check import TOOLS, Check, Choice, unsafe
from codex_guard.checks.projects import Repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.checks.own import Command

__all__ = ["TOOLS", "Check", "plan"]

# What runs without a sandbox, too: python plans it so that nothing of the repository's is executed.
_SAFE = ("ruff", "mypy")


def plan(
    root: str,
    files: tuple[str, ...],
    tools: tuple[str, ...] | None,
    *,
    trusted: bool = True,
    own: "tuple[Command, ...]" = (),
    origin: str | None = None,
) -> tuple[Check, ...]:
    """Return the checks for changed files, in the order of ``tools``.

    ``root`` is the repository's top, absolute; ``files`` exist and are relative to it. Each goes to its
    nearest project; those in ``node_modules``, ``.venv``, ``vendor`` and the like to none. ``tools`` None:
    what the repository configures, and ruff and mypy for Python; else only tools of these names, whether
    they are configured or not, as long as they can run without. ``own`` are the commands of policies, which
    come last, whatever ``tools`` names.

    A tool that is wanted and not installed is a check with a ``problem``. Not ``trusted``: nothing that
    the repository controls may be executed, so of its tools only codex-guard's own ruff and mypy run, and
    of the commands those of an organisation and a user. ``origin``: the work tree that ``root`` is a copy of.
    """
    repository, choice = Repository(root, origin), Choice(tools, trusted)
    mine = tuple(path for path in files if projects.own(path))
    found = [
        check if trusted or check.tool in _SAFE else unsafe(check)
        for language in (python, web, golang, rust, scripts)
        for check in language.checks(repository, mine, choice)
    ]
    order = {tool: place for place, tool in enumerate(TOOLS if tools is None else tools)}
    found.sort(key=lambda check: order.get(check.tool, len(order)))
    if own:
        from codex_guard.checks.own import checks  # noqa: PLC0415 - most policies have none

        found += checks(root, mine, own, trusted=trusted)
    return tuple(found)

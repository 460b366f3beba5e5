"""One tool to run over what changed, and which tools a plan may take."""

from codex_guard.record import Record

#: The tools that can be planned, by the names that checks and policies use, in the order of a plan.
TOOLS = (
    "ruff", "mypy", "pyright", "basedpyright", "ty", "pyrefly", "tsc", "eslint", "biome", "go vet",
    "staticcheck", "cargo clippy", "cargo check", "shellcheck",
)  # fmt: skip

_MOST_NAMED = 500  # files in one command
_MOST_BYTES = 100_000  # of their names: a system takes some 2 MB, its environment included


class Check(Record):
    """One tool to run: ``command`` in folder ``root``, or ``problem`` in a sentence where it cannot be.

    ``tool`` is one of ``TOOLS``. ``root`` is the project's folder and ``command[0]`` the program, both
    absolute. ``parser`` names the format of what it prints (``checks.reports.read.PARSERS``), ``pattern``
    is that of the parser "regex". ``files`` are the changed files it is about, relative to ``root``.
    ``scope`` is "changed" where it was asked about those, "project" where it looks at all of the project
    and so can report what the change broke elsewhere. ``environment`` are variables to set; ``statuses``
    the exit statuses that are a verdict: any other says that it could not run. ``seconds`` is what it may
    take, 0 for what all may; ``required``: where it cannot run, that is a failure.
    """

    tool: str
    root: str
    command: tuple[str, ...] = ()
    problem: str | None = None
    parser: str = "lines"
    pattern: str = ""
    files: tuple[str, ...] = ()
    scope: str = "changed"
    environment: tuple[tuple[str, str], ...] = ()
    statuses: tuple[int, ...] = (0, 1)
    seconds: int = 0
    required: bool = False


class Choice(Record):
    """What may be planned: only ``tools``, or with None what the repository configures.

    Not ``trusted``: nothing that the repository controls may be executed.
    """

    tools: tuple[str, ...] | None = None
    trusted: bool = True

    def allows(self, tool: str) -> bool:
        """Say whether the tool may be planned at all."""
        return self.tools is None or tool in self.tools

    def names(self, tool: str) -> bool:
        """Say whether the tool was asked for by its name, so that no configuration is needed."""
        return self.tools is not None and tool in self.tools


def arguments(files: tuple[str, ...], whole: str = ".") -> tuple[str, ...]:
    """Return files as a command's arguments; ``whole`` where they are too many for one command."""
    return (whole,) if _too_many(files) else tuple(map(argument, files))


def argument(path: str) -> str:
    """Return a path as an argument: "./" keeps one that begins with a dash from being an option."""
    return f"./{path}"


def batches(files: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the files in as few parts as fit in commands, for a tool that takes no folder."""
    if not _too_many(files):
        return [files] if files else []
    middle = len(files) // 2
    return batches(files[:middle]) + batches(files[middle:])


def _too_many(files: tuple[str, ...]) -> bool:
    # One file is never too many: its name has at most some 4,000 bytes.
    size = sum(len(path.encode("utf-8", "surrogateescape")) + 3 for path in files)
    return len(files) > _MOST_NAMED or (size > _MOST_BYTES and len(files) > 1)


def missing(check: Check, configured: str | None, place: str | None = None) -> Check:
    """Return the check with the problem that its tool is not installed.

    ``configured`` is the file that asks for it, None where the policy does; ``place`` is the folder, below
    the repository's top, that it would be installed for, None where it is one for the whole machine.
    """
    asked = f"is configured in {shown(configured)}, but not installed" if configured else "is not installed"
    where = "" if place is None else f" in {shown(place) if place else 'the repository'}"
    there = "" if place is None else " there"
    problem = (
        f"{check.tool} {asked}{where}: it was not run. Install it{there}, or leave it out with checks.tools."
    )
    return check.replace(problem=problem)


def unsafe(check: Check) -> Check:
    """Return the check with the problem that it may run nothing; one that has a problem keeps it."""
    if check.problem is not None:
        return check
    problem = (
        f"{check.tool} was not run: it can execute what the repository holds, and there is no sandbox of"
        " Codex's to run it in. Install Codex where this hook finds it, or leave it out with checks.tools."
    )
    return check.replace(command=(), environment=(), problem=problem)


def shown(path: str) -> str:
    """Return a path as a sentence can hold it."""
    return path if path.isprintable() else ascii(path)

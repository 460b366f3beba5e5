"""Checks that policies bring: any command, for the changed files that its patterns name.

Patterns are those of gitignore: https://git-scm.com/docs/gitignore#_pattern_format
"""

import os
from collections.abc import Iterator

from codex_guard.checks import executables
from codex_guard.checks.check import Check, argument, batches, shown
from codex_guard.checks.projects import Repository
from codex_guard.record import Record
from codex_guard.repo import gitignore

#: The word of a command that the changed files take the place of.
FILES = "{files}"

_ENVIRONMENTS = (".venv/bin", "venv/bin")
_UNSAFE = (
    "it can execute what the repository holds, and there is no sandbox of Codex's to run it in: install Codex"
    " where this hook finds it, or remove"
)


class Command(Record):
    """One entry ``[[checks.commands]]`` of a policy, which has been validated.

    ``name`` is shown as the tool's. ``command`` is started in the repository's top, without a shell; its
    word ``{files}`` stands for the changed files that ``files`` names: gitignore patterns, relative to the
    top, none for all. ``scope``, ``parser``, ``pattern`` and ``statuses`` are as in ``Check``. ``seconds``
    is what one run may take, 0 for the policy's own measure. ``needs`` are programs that must be found, and
    paths with a slash that must exist below the top. ``required``: where it cannot run, that is a failure.
    ``file`` and ``line`` are where the entry stands; ``shared``: that is a repository's policy.
    """

    name: str
    command: tuple[str, ...]
    files: tuple[str, ...] = ()
    scope: str = "changed"
    seconds: int = 0
    needs: tuple[str, ...] = ()
    parser: str = "lines"
    pattern: str = ""
    statuses: tuple[int, ...] = (0, 1)
    required: bool = False
    file: str = ""
    line: int = 0
    shared: bool = False


def checks(
    top: str, files: tuple[str, ...], commands: tuple[Command, ...], *, trusted: bool
) -> Iterator[Check]:
    """Yield the checks of the commands that changed files call for, each in as many runs as its files need.

    ``top`` is the repository's, absolute; ``files`` are relative to it. A program is a path below the top
    where it has a slash and is not absolute; else it is looked for in the repository's environments, then
    on PATH. What cannot run is a check with a ``problem``.

    Not ``trusted``: nothing that the repository controls is executed, neither a command of its policy nor a
    program in its folders. Those of an organisation and a user run all the same, from outside of it.
    """
    for command in commands:
        check = Check(
            command.name, top, parser=command.parser, pattern=command.pattern, files=files,
            scope=command.scope, statuses=command.statuses, seconds=command.seconds,
            required=command.required,
        )  # fmt: skip
        try:
            matching = tuple(filter(gitignore.matcher(command.files), files)) if command.files else files
        except ValueError as error:
            if files:
                yield _stopped(check, command, f"its files are no gitignore patterns ({error}): correct")
            continue
        if matching:
            yield from _runs(check.replace(files=matching), command, trusted=trusted)


def _runs(check: Check, command: Command, *, trusted: bool) -> Iterator[Check]:
    """Yield a check for each part of its files, or one where the command takes none."""
    program, *words = command.command
    folders = _folders(check.root, trusted=trusted)
    named = os.path.normpath(os.path.expanduser(program))
    start = executables.first(named, (check.root,) if "/" in program else folders)
    why = _obstacle(check.root, command, start, folders, trusted=trusted)
    if start is None or why is not None:
        yield _stopped(check, command, str(why))
    elif FILES not in words:
        yield check.replace(command=(start, *words))
    else:
        place = words.index(FILES)
        for part in batches(check.files):
            given = (*words[:place], *map(argument, part), *words[place + 1 :])
            yield check.replace(command=(start, *given), files=part)


def _obstacle(
    top: str, command: Command, start: str | None, folders: tuple[str, ...], *, trusted: bool
) -> str | None:
    """Return why the command cannot run, in words that end before the place of its entry."""
    if command.shared and not trusted:
        return _UNSAFE
    for need in command.needs:
        path = "/" in need
        if not (os.path.exists(os.path.join(top, need)) if path else executables.first(need, folders)):
            return (
                f"it needs {shown(need)}, which is not {'there' if path else 'installed'}: add it, or change"
            )
    program = command.command[0]
    if start is None and "/" in program:
        return f"its program {shown(program)} is not there, or cannot be executed: add it, or change"
    if start is None:
        looked = "neither in the repository nor on PATH" if trusted else "not on PATH outside the repository"
        return f"its program {shown(program)} is not installed, {looked}: install it, or change"
    return _UNSAFE if not trusted and executables.is_inside(top, start) else None


def _stopped(check: Check, command: Command, why: str) -> Check:
    """Return the check with the problem that its command was not run; ``why`` ends before its place."""
    file = os.path.basename(command.file) if command.shared else command.file
    return check.replace(problem=f"{check.tool} was not run: {why} {shown(file)}:{command.line}.")


def _folders(top: str, *, trusted: bool) -> tuple[str, ...]:
    """Return where programs are looked for; without trust only what lies outside of the repository."""
    path = executables.on_path()
    if not trusted:
        return tuple(folder for folder in path if not executables.is_inside(top, folder))
    environments = (os.path.join(top, folder) for folder in _ENVIRONMENTS)
    return (*environments, *executables.modules(Repository(top), ""), *path)

"""The files that a Bash command writes: redirections, heredocs, tee, and patches in heredocs."""

import os.path

from codex_guard.model import Unscanned, Write
from codex_guard.record import Record
from codex_guard.shell import meaning
from codex_guard.shell.meaning import HOLE, Scope
from codex_guard.shell.walk import Invocation, Walk
from codex_guard.writes import patch

_APPENDS = (">>", "&>>")
_PATCHERS = frozenset(("apply_patch", "applypatch"))
_STREAMS = ("/dev/",)


class Written(Record):
    """What a call writes, and what it writes that only run time can tell."""

    writes: tuple[Write, ...] = ()
    unscanned: tuple[Unscanned, ...] = ()


def parse(command: str, scope: Scope, cwd: str) -> Written:
    """Return the writes of a command line, in order; paths are relative to ``cwd`` where below it."""
    walk = Walk()
    walk.text(command, scope)
    writes: list[Write] = []
    unscanned: list[Unscanned] = []
    for invocation in walk.invocations:
        for path, op, content in _written(invocation):
            known = _relative(path, invocation.scope, cwd)
            if known is None:
                shown = path.replace(HOLE, "…")
                unscanned.append(Unscanned(shown, "its name is known at run time only"))
            elif not known.startswith(_STREAMS):
                writes.append(Write(known, op, content=content))
        if invocation.program in _PATCHERS:
            writes += _patched(invocation, cwd)
    unscanned += [Unscanned("the command", "a part of it is no valid Bash") for _ in walk.unparsed]
    return Written(tuple(writes), tuple(unscanned))


def _written(invocation: Invocation) -> list[tuple[str, str, str | None]]:
    """Return path, operation and content of each file that an invocation writes itself."""
    content = _output(invocation)
    found = [
        (value.text, "update" if operator in _APPENDS else "add", content)
        for operator, value in invocation.targets
        if value.text
    ]
    if invocation.program == "tee":
        options = [value.text for value in invocation.argv[1:] if value.text.startswith("-")]
        appends = any(option == "--append" or (option[1:2] != "-" and "a" in option) for option in options)
        found += [
            (value.text, "update" if appends else "add", invocation.stdin)
            for value in invocation.argv[1:]
            if value.text and not value.text.startswith("-")
        ]
    return found


def _output(invocation: Invocation) -> str | None:
    """Return what an invocation prints, for the programs that print what they are given."""
    program = invocation.program
    if program == "cat" and not [v for v in invocation.argv[1:] if v.text != "-"]:
        return invocation.stdin
    if program == "tee":
        return invocation.stdin
    if program in ("echo", "printf"):
        printed = meaning.printed([program, *(value.text for value in invocation.argv[1:])])
        if printed is not None and program == "echo" and not _suppresses_newline(invocation):
            printed += "\n"
        return printed
    if program == "":  # `> file` alone empties it
        return ""
    return None


def _suppresses_newline(invocation: Invocation) -> bool:
    first = invocation.argv[1].text if len(invocation.argv) > 1 else ""
    return first in ("-n", "-ne", "-en")


def _patched(invocation: Invocation, cwd: str) -> list[Write]:
    """Return the writes of ``apply_patch`` run from Bash: Codex applies it in the shell's folder."""
    arguments = [value.text for value in invocation.argv[1:]]
    text = arguments[0] if arguments else invocation.stdin
    if text is None:
        return []
    found = []
    for write in patch.parse(text).writes:
        path = _relative(write.path, invocation.scope, cwd)
        new_path = _relative(write.new_path, invocation.scope, cwd) if write.new_path else None
        found.append(write.replace(path=path or write.path, new_path=new_path or write.new_path))
    return found


def _relative(path: str, scope: Scope, cwd: str) -> str | None:
    """Return ``path`` as seen from ``cwd``; None where it is known at run time only."""
    absolute = scope.path(path)
    if HOLE in absolute:
        return None
    base = cwd.rstrip("/") + "/"
    if absolute.startswith(base):
        return absolute.removeprefix(base)
    return os.path.relpath(absolute, cwd) if not path.startswith(("/", "~")) else absolute

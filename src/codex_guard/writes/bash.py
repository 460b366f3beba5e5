"""The files that a Bash command writes: redirections, heredocs, tee, and patches in heredocs."""

import os.path

from codex_guard.model import Unscanned, Write
from codex_guard.record import Record
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Scope
from codex_guard.shell.printing import printed
from codex_guard.shell.walk import Walk

_APPENDS = (">>", "&>>", "<>")
_PATCHERS = frozenset(("apply_patch", "applypatch"))
_STREAMS = ("/dev/",)
_UNKNOWN_NAME = "its name is known at run time only"
_UNKNOWN_PATCH = "its patch is known at run time only"


class Written(Record):
    """What a call writes, and what it writes that only run time can tell."""

    writes: tuple[Write, ...] = ()
    unscanned: tuple[Unscanned, ...] = ()


def written(walk: Walk, cwd: str) -> Written:
    """Return what a walked command writes, in order; paths are relative to ``cwd`` where below it.

    Where the command can be in several folders, there is a write for each of them.
    """
    writes: list[Write] = []
    unscanned: list[Unscanned] = []
    for invocation in walk.invocations:
        for path, op, content in _written(invocation):
            shown = content and content.replace(HOLE, "…")
            for known in _relative(path, invocation.scope, cwd):
                if known is None:
                    unscanned.append(Unscanned(path.replace(HOLE, "…"), _UNKNOWN_NAME))
                elif not known.startswith(_STREAMS):
                    writes.append(Write(known, op, content=shown))
        if invocation.program in _PATCHERS:
            text = _patch_text(invocation)
            writes += _patched(text or "", invocation.scope, cwd)
            unscanned += [] if text and HOLE not in text else [Unscanned("apply_patch", _UNKNOWN_PATCH)]
    unscanned += [Unscanned("the command", "a part of it is no valid Bash") for _ in walk.unparsed]
    # What is gone through twice, such as a loop's body, says the same again.
    return Written(tuple(dict.fromkeys(writes)), tuple(dict.fromkeys(unscanned)))


def _written(invocation: Invocation) -> list[tuple[str, str, str | None]]:
    """Return path, operation and content of each file that an invocation writes itself."""
    content = _output(invocation) if invocation.targets else None
    found = [
        (value.text, "update" if operator in _APPENDS else "add", content)
        for operator, value in invocation.targets
        if value.text
    ]
    if invocation.program == "tee":
        texts = [value.text for value in invocation.argv[1:]]
        end = texts.index("--") if "--" in texts else len(texts)
        options = [text for text in texts[:end] if text.startswith("-")]
        appends = any(option == "--append" or (option[1:2] != "-" and "a" in option) for option in options)
        names = [text for text in texts[:end] if text and text not in options] + texts[end + 1 :]
        found += [(name, "update" if appends else "add", invocation.stdin) for name in names]
    return found


def _output(invocation: Invocation) -> str | None:
    """Return what an invocation prints, for the programs that print what they are given."""
    if not invocation.argv:  # a compound command: what is known of all that is in it
        known = [
            text for inner in invocation.inner if not inner.targets and (text := _output(inner)) is not None
        ]
        return "".join(known) if known else None
    program = invocation.program
    if program == "tee" or (program == "cat" and all(value.text == "-" for value in invocation.argv[1:])):
        return invocation.stdin
    if program == "":  # `> file` alone empties it
        return ""
    return printed([program, *(value.text for value in invocation.argv[1:])])


def _patch_text(invocation: Invocation) -> str | None:
    """Return the patch that ``apply_patch`` gets: its argument, or what it reads."""
    arguments = [value.text for value in invocation.argv[1:]]
    return arguments[0] if arguments else invocation.stdin


def _patched(text: str, scope: Scope, cwd: str) -> list[Write]:
    """Return the writes of ``apply_patch`` run from Bash: Codex applies it in the shell's folder."""
    found = []
    from codex_guard.writes import patch  # noqa: PLC0415 - few commands are patches

    for write in patch.parse(text).writes:
        paths = _relative(write.path, scope, cwd)
        new_paths = _relative(write.new_path, scope, cwd) if write.new_path else [None] * len(paths)
        # In a folder that is not known, a file goes by the name that it has in the patch.
        found += [
            write.replace(path=path or write.path, new_path=new_path or write.new_path)
            for path, new_path in zip(paths, new_paths, strict=False)
        ]
    return found


def _relative(path: str, scope: Scope, cwd: str) -> list[str | None]:
    """Return what ``path`` can be as seen from ``cwd``; None where it is known at run time only."""
    base = cwd.rstrip("/") + "/"
    found: list[str | None] = []
    for absolute in scope.paths(path):
        if HOLE in absolute:
            found.append(None)
        elif absolute.startswith(base):
            found.append(absolute.removeprefix(base))
        else:
            found.append(absolute if path.startswith(("/", "~")) else os.path.relpath(absolute, cwd))
    return found

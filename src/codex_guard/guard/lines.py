"""On which lines of the files as they will be a call puts the secrets that it carries."""

import os

from codex_guard.guard import disk
from codex_guard.guard.scan import Scanner
from codex_guard.model import BEHIND, Finding, Text, Write
from codex_guard.writes import placed
from codex_guard.writes.bash import Patched, Written

_Numbers = tuple[int, ...]


def found(scanner: Scanner, written: Written, cwd: str) -> tuple[Finding, ...]:
    """Return the findings in what a call writes into files, with the numbers of the lines to be.

    Where those cannot be told, a line is counted from the first one that the call writes.
    """
    findings: list[Finding] = []
    known: dict[str, str | None] = {}  # what the call itself made of a file so far
    met: dict[str, int] = {}
    for write in written.writes:
        path = write.new_path or write.path
        number = met.get(write.path, 0)
        met[write.path] = number + 1
        if write.content and write.op != "move":  # a move's content counts once, at its destination
            own = scanner.texts([Text(path, write.content, file=True)])
            findings += [_moved(one, write, number, written.patches, known, cwd) for one in own]
        known[path] = _made(write, known, cwd)
    return tuple(findings)


def _moved(
    finding: Finding,
    write: Write,
    number: int,
    patches: tuple[Patched, ...],
    known: dict[str, str | None],
    cwd: str,
) -> Finding:
    if write.first_line == BEHIND:
        body = _body(write.path, known, cwd)
        return finding.replace(line=finding.line + (body or "").count("\n"))
    for patched in patches:
        if write.path in patched.names:
            lines = _numbers(patched, write.path, number, cwd)
            if lines and finding.line <= len(lines) and lines[finding.line - 1]:
                return finding.replace(line=lines[finding.line - 1])
    return finding


def _numbers(patched: Patched, path: str, number: int, cwd: str) -> _Numbers:
    """Return the lines to be of the ``number``-th write that a patch makes to a file."""
    name = patched.names[path]
    source = placed.source(patched.text, name)
    real = next((own for own, named in patched.names.items() if named == source), source)
    said = placed.numbers(patched.text, name, _body(real, {}, cwd))
    return said[number] if said is not None and number < len(said) else ()


def _body(path: str, known: dict[str, str | None], cwd: str) -> str | None:
    if path in known:
        return known[path]
    text = disk.read(os.path.join(cwd, path), path)
    return text.body if isinstance(text, Text) else None


def _made(write: Write, known: dict[str, str | None], cwd: str) -> str | None:
    """Return what a file holds once it was written, as far as the call says."""
    if write.op == "add":
        return write.content
    if write.first_line == BEHIND and write.content is not None:
        return (_body(write.path, known, cwd) or "") + write.content
    return None

"""The report for people: failures by file with their source lines, and what it takes to see them again."""

import shlex
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from codex_guard.cli.catalogue import printable
from codex_guard.cli.formats.report import CLEAN, Ran, Report, Shown

_Paint = Callable[[str, str], str]

_WIDTH = 100  # columns of a source line that are shown
_BEFORE = 60  # of them before the column that is meant, where the line is longer
_LONGEST_COMMAND = 2_000  # characters
_TAB = 4
_BOLD, _DIM, _RED, _GREEN = "1", "2", "31", "32"  # ECMA-48, 8.3.117: select graphic rendition


def lines(report: Report, *, coloured: bool = False) -> Iterator[str]:
    """Yield each failure, a blank line between files, and then the commands that show them again."""
    paint = _painted if coloured else _plain
    path = None
    for failure in report.failures:
        if path is not None and failure.path != path:
            yield ""
        path = failure.path
        yield _place(failure, paint)
        yield from _source(failure, paint)
    failing = [ran for ran in report.ran if ran.command and (ran.failures or ran.problem)]
    if failing:
        yield from ("", "To run them again:") if report.failures else ("To run them again:",)
        yield from (f"  {_command(ran)}" for ran in failing)


def problems(report: Report) -> Iterator[str]:
    """Yield a sentence for each check that has no verdict."""
    for ran in report.ran:
        if ran.problem:
            yield printable(f"{ran.root}: {ran.problem}" if ran.root else ran.problem)


def doubts(report: Report) -> Iterator[str]:
    """Yield a sentence for what could not be compared."""
    if report.uncompared:
        tools = _listed(report.uncompared)
        yield printable(f"Which failures of {tools} HEAD has could not be told: all of them count.")


def summary(report: Report) -> str:
    """Return one line: what was found, what ran for how long and in what, what did not run."""
    if not report.ran:
        return f"no check applies to {_count(report.files, 'file')}."
    parts = [_found(report)]
    if report.old:
        parts[0] += f" ({report.old:,} not counted: there before, or in other files)"
    times: dict[str, list[float]] = {}
    for ran in report.ran:
        if not ran.problem:
            times.setdefault(ran.tool, []).append(ran.seconds)
    if times:
        how = f" {report.how}" if report.how else ""
        parts.append(_listed(_took(tool, seconds) for tool, seconds in times.items()) + how)
    without = list(dict.fromkeys(_named(ran) for ran in report.ran if ran.problem))
    if without:
        parts.append(f"no verdict of {_listed(without)}")
    return printable("; ".join(parts)) + "."


def _found(report: Report) -> str:
    if not report.failures:
        return f"no failures in {_count(report.files, 'file')}" if report.status == CLEAN else "no failures"
    paths = len({failure.path for failure in report.failures if failure.path})
    count = _count(len(report.failures), "failure")
    return f"{count} in {_count(paths, 'file')}" if paths else count


def _took(tool: str, seconds: list[float]) -> str:
    folders = f" ({len(seconds)} runs)" if len(seconds) > 1 else ""
    return f"{tool} {sum(seconds):.1f} s{folders}"


def _named(ran: Ran) -> str:
    return f"{ran.tool} in {ran.root}" if ran.root else ran.tool


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(items: Iterable[str]) -> str:
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last


def _place(failure: Shown, paint: _Paint) -> str:
    numbers = (failure.line, failure.column)
    place = ":".join([failure.path, *(str(number) for number in numbers if number)]) if failure.path else "-"
    parts = (
        paint(_BOLD, printable(place)),
        paint(_RED, printable(failure.code)),
        printable(failure.message),
        paint(_DIM, f"[{printable(failure.tool)}]"),
    )
    return "  ".join(part for part in parts if part)


def _source(failure: Shown, paint: _Paint) -> Iterator[str]:
    """Yield the line, without its indentation or cut around the column, and a caret below that."""
    line = failure.source.rstrip()
    if not line:
        return
    at = min(max(failure.caret - 1, 0), len(line))
    start = len(line) - len(line.lstrip())
    if failure.caret:
        start = min(max(start, at - _BEFORE if len(line) > _WIDTH else 0), at)
    left, right = ("…" if line[:start].strip() else ""), ""
    text = line[start:]
    if len(text) > _WIDTH:
        text, right = text[:_WIDTH], "…"
    yield f"    {left}{_flat(text)}{right}"
    if failure.caret:
        yield "    " + " " * _width(left + _flat(line[start:at])) + paint(_GREEN, "^")


def _flat(text: str) -> str:
    return printable(text.replace("\t", " " * _TAB))


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def _command(ran: Ran) -> str:
    """Return a command to copy, from the repository's top; a very long one only its beginning."""
    words: list[str] = []
    room = _LONGEST_COMMAND
    for word in map(shlex.quote, ran.command):
        room -= len(word) + 1
        if room < 0:
            words.append("…")
            break
        words.append(word)
    command = " ".join(words)
    return printable(f"(cd {shlex.quote(ran.root)} && {command})" if ran.root else command)


def _painted(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if text else ""


def _plain(_: str, text: str) -> str:
    return text

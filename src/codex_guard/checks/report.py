"""The failures as the next prompt: written for a model to act on at once."""

import os
import shlex

from codex_guard.model import CheckFailure, CheckResult

# All in UTF-8 bytes: Codex spills a text of much more than 8,000 into a file.
_ROOM = 6_000
_LONGEST_MESSAGE = 1_000
_LONGEST_COMMAND = 500
_LONGEST_SOURCE = 160


def continuation(results: tuple[CheckResult, ...], root: str) -> str:
    """Return what the model is told: each failure with its place and source line, and how to run it again."""
    failures = [failure for result in results for failure in result.failures]
    count = "1 failure" if len(failures) == 1 else f"{len(failures)} failures"
    lines = [f"codex-guard: the checks of what you changed found {count}. Fix them, then finish.", ""]
    room, shown = _ROOM, 0
    for failure in failures:
        told = _failure(failure, root)
        room -= _size(told) + 1
        if room < 0:
            break
        lines.append(told)
        shown += 1
    if shown < len(failures):
        lines.append(f"… and {len(failures) - shown} more.")
    lines += ["", "To see them all again:"]
    lines += [f"  {_command(result)}" for result in results if result.failures]
    lines += [f"({_cut(result.problem, _LONGEST_COMMAND)})" for result in results if result.problem]
    return "\n".join(lines)


def _command(result: CheckResult) -> str:
    """Return the command to copy, with as many of its files as there is room for."""
    text = shlex.join(result.command)
    for kept in range(len(result.command), 0, -1):
        if _size(text) <= _LONGEST_COMMAND:
            break
        text = shlex.join(result.command[:kept]) + " …"
    return _cut(text, _LONGEST_COMMAND)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))


def _cut(text: str, longest: int) -> str:
    """Cut a text between words only: half of a secret would not be recognised, and so not be masked."""
    if _size(text) <= longest:
        return text
    words, kept = text.split(" "), ""
    for word in words:
        if _size(kept) + _size(word) + 1 > longest:
            break
        kept += word + " "
    return kept + "…"


def leftover(results: tuple[CheckResult, ...], why: str) -> str:
    """Return what the user is told when the turn ends although checks fail."""
    failures = [failure for result in results for failure in result.failures]
    places = ", ".join(f"{failure.path}:{failure.line} {failure.code}" for failure in failures[:10])
    more = f" and {len(failures) - 10} more" if len(failures) > 10 else ""  # noqa: PLR2004
    return f"codex-guard: the turn ends with failing checks, because {why}: {places}{more}."


def _failure(failure: CheckFailure, root: str) -> str:
    place = (
        f"{failure.path}:{failure.line}:{failure.column}"
        if failure.column
        else f"{failure.path}:{failure.line}"
    )
    source = _line(os.path.join(root, failure.path), failure.line)
    return f"{place}: {failure.tool} {failure.code}: {_cut(failure.message, _LONGEST_MESSAGE)}" + (
        f"\n    {source}" if source else ""
    )


def _line(path: str, number: int) -> str:
    """Return a line of the source, or nothing where it is too long to be shown whole."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for at, line in enumerate(file, 1):
                if at == number:
                    source = line.strip()
                    return source if _size(source) <= _LONGEST_SOURCE else ""
    except (OSError, ValueError):
        pass
    return ""

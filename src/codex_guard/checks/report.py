"""The failures as the next prompt: written for a model to act on at once."""

import shlex

from codex_guard.model import CheckFailure, CheckResult

_LONGEST_COMMAND = 500
_ROOM = 6_500  # bytes for the failures: Codex spills a text of much more than 8,000 into a file


def continuation(results: tuple[CheckResult, ...], root: str) -> str:
    """Return what the model is told: each failure with its place and source line, and how to run it again."""
    failures = [failure for result in results for failure in result.failures]
    count = "1 failure" if len(failures) == 1 else f"{len(failures)} failures"
    lines = [f"codex-guard: the checks of what you changed found {count}. Fix them, then finish.", ""]
    room, shown = _ROOM, 0
    for failure in failures:
        told = _failure(failure, root)
        room -= len(told.encode("utf-8", "replace")) + 1
        if room < 0:
            break
        lines.append(told)
        shown += 1
    if shown < len(failures):
        lines.append(f"… and {len(failures) - shown} more.")
    lines += ["", "To see them all again:"]
    lines += [f"  {_command(result)}" for result in results if result.failures]
    lines += [f"({result.problem})" for result in results if result.problem]
    return "\n".join(lines)


def _command(result: CheckResult) -> str:
    text = shlex.join(result.command)
    return text if len(text) <= _LONGEST_COMMAND else text[:_LONGEST_COMMAND] + " …"


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
    source = _line(f"{root}/{failure.path}", failure.line)
    return f"{place}: {failure.tool} {failure.code}: {failure.message}" + (
        f"\n    {source}" if source else ""
    )


def _line(path: str, number: int) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for at, line in enumerate(file, 1):
                if at == number:
                    return line.strip()[:160]
    except OSError:
        pass
    return ""

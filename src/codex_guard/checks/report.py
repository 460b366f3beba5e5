"""The failures as the next prompt: written for a model to act on at once."""

import os

from codex_guard.model import CheckFailure, CheckResult

# All in UTF-8 bytes: Codex spills a text of much more than 8,000 into a file.
_ROOM = 5_500
_LONGEST_MESSAGE = 1_000
_LONGEST_COMMAND = 500
_LONGEST_SOURCE = 160
_MOST_COMMANDS = 4
_ALIKE = 3  # failures that say the same are shown with their lines; of more, only the places
_MOST_PLACES = 10


def continuation(
    failures: tuple[CheckFailure, ...],
    results: tuple[CheckResult, ...],
    top: str,
    how: str = "",
    problems: "list[str] | tuple[str, ...]" = (),
) -> str:
    """Return what the model is told: each failure with its place and source line, and how to run it again.

    Paths are relative to ``top``. What says the same of many lines is said once, with the places.
    """
    count = "1 failure" if len(failures) == 1 else f"{len(failures)} failures"
    lines = [f"codex-guard: the checks of what you changed found {count}. Fix them, then finish.", ""]
    room, shown = _ROOM, 0
    sources = _Sources(top)
    for told, number in _told(failures, sources):
        room -= _size(told) + 1
        if room < 0:
            break
        lines.append(told)
        shown += number
    if shown < len(failures):
        lines.append(f"… and {len(failures) - shown} more.")
    lines += ["", "To see them all again:"]
    tools = {(failure.tool) for failure in failures}
    again = [result for result in results if (result.failures or result.broken) and result.tool in tools]
    lines += [f"  {_command(result)}" for result in again[:_MOST_COMMANDS]]
    lines += (
        ["", *(_cut(problem, _LONGEST_COMMAND) for problem in problems[:_MOST_COMMANDS])] if problems else []
    )
    return "\n".join([*lines, how] if how else lines)


def leftover(failures: tuple[CheckFailure, ...], why: str) -> str:
    """Return what the user is told when the turn ends although checks fail."""
    places = ", ".join(f"{_place(failure)} {failure.code}" for failure in failures[:_MOST_PLACES])
    more = f" and {len(failures) - _MOST_PLACES} more" if len(failures) > _MOST_PLACES else ""
    return f"codex-guard: the turn ends with failing checks, because {why}: {places}{more}."


def _told(failures: tuple[CheckFailure, ...], sources: "_Sources") -> list[tuple[str, int]]:
    """Return the paragraphs of a report, and how many failures each is about."""
    alike: dict[tuple[str, str, str], list[CheckFailure]] = {}
    for failure in failures:
        alike.setdefault((failure.tool, failure.code, failure.message), []).append(failure)
    told: list[tuple[str, int]] = []
    done: set[tuple[str, str, str]] = set()
    for failure in failures:
        key = (failure.tool, failure.code, failure.message)
        group = alike[key]
        if len(group) <= _ALIKE:
            told.append((_failure(failure, sources), 1))
        elif key not in done:
            done.add(key)
            places = ", ".join(_place(one) for one in group[1 : _MOST_PLACES + 1])
            more = f" and {len(group) - 1 - _MOST_PLACES} more" if len(group) - 1 > _MOST_PLACES else ""
            told.append((f"{_failure(failure, sources)}\n    The same at {places}{more}.", len(group)))
    return told


def _command(result: CheckResult) -> str:
    """Return the command to copy, with as many of its files as there is room for."""
    import shlex  # noqa: PLC0415 - 6 ms, only where something failed

    before = f"cd {shlex.quote(result.root)} && " if result.root else ""
    text = before + shlex.join(result.command)
    for kept in range(len(result.command), 0, -1):
        if _size(text) <= _LONGEST_COMMAND:
            break
        text = before + shlex.join(result.command[:kept]) + " …"
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


def _place(failure: CheckFailure) -> str:
    place = f"{failure.path}:{failure.line}" if failure.line else failure.path
    return f"{place}:{failure.column}" if failure.column else place


def _failure(failure: CheckFailure, sources: "_Sources") -> str:
    source = sources.line(failure.path, failure.line)
    said = _cut(failure.message, _LONGEST_MESSAGE)
    return f"{_place(failure)}: {failure.tool} {failure.code}: {said}" + (f"\n    {source}" if source else "")


class _Sources:
    """Lines of source, each file read once."""

    def __init__(self, top: str) -> None:
        self._top = top
        self._files: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str:
        """Return a line, or nothing where it is too long to be shown whole."""
        if path not in self._files:
            self._files[path] = self._read(path)
        lines = self._files[path]
        source = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        return source if _size(source) <= _LONGEST_SOURCE else ""

    def _read(self, path: str) -> list[str]:
        try:
            full = os.path.join(self._top, path)
            # Opening a named pipe would wait for somebody to write to it.
            if not os.path.isfile(full):
                return []
            with open(full, encoding="utf-8", errors="replace") as file:
                return file.read(4 << 20).split("\n")
        except (OSError, ValueError):
            return []

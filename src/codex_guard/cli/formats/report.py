"""What the checks found, ready to be shown: masked, bounded, with the lines of the source."""

import os
from collections.abc import Iterable, Iterator

from codex_guard.guard import disk, scan
from codex_guard.guard.scan import Scanner
from codex_guard.model import CheckFailure, Finding, Text
from codex_guard.policy.policy import Policy
from codex_guard.record import Record
from codex_guard.secrets import search
from codex_guard.secrets.masking import veil_cut

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.validation import Validated

CLEAN, FAILURES, INCOMPLETE = range(3)  # the exit statuses
NO_FILE = "."  # the path of a failure that is of no file

_MOST_FILES = 200  # failing files that are read
_MOST_CHARACTERS = 64 << 20  # of them
_LONGEST = 2_000  # characters of a message
_WORDLESS = "reported without a word"


class Shown(Record):
    """One failure, without a secret in it.

    ``path`` is relative to the repository's top, absolute outside of it, empty for what is of no file.
    ``line`` and ``column`` are 1-based, 0 where unknown. ``source`` is the line itself, empty where it is
    not known; ``caret`` the column in it, 0 where a mask moved it.
    """

    tool: str
    path: str
    line: int
    column: int
    code: str
    message: str
    source: str = ""
    caret: int = 0


class Ran(Record):
    """One check: ``command`` in folder ``root`` took ``seconds`` and found ``failures`` that count.

    ``root`` is relative to the repository's top, empty for that itself. ``problem`` is a sentence where
    there is no verdict; with a ``command`` it was started, without one it could not be.
    """

    tool: str
    root: str
    command: tuple[str, ...]
    seconds: float
    failures: int
    problem: str | None


class Report(Record):
    """All that is told. ``files`` is how many were asked about.

    ``old`` is how many failures do not count: they were there before, or are in other files.
    ``how`` says in words what the checks ran in, ``status`` is the exit status. ``uncompared`` are the tools
    whose failures all count, since it could not be told which of them were there before.
    """

    top: str
    files: int
    failures: tuple[Shown, ...]
    ran: tuple[Ran, ...]
    old: int
    how: str
    status: int
    uncompared: tuple[str, ...] = ()


def report(top: str, files: int, validated: "Validated", policy: Policy, status: int) -> Report:
    """Return what there is to show. Raises GuardError where the policy's own rules are no good."""
    new = sorted(
        dict.fromkeys(_failures(validated)),
        key=lambda one: (one.path, one.line, one.column, one.tool, one.code, one.message),
    )
    masks = _Masks(scan.scanner(policy, top), validated)
    lines = masks.sources(top, new)
    counted = frozenset(new)
    ran = tuple(
        Ran(
            masks.text(result.tool),
            masks.text(result.root),
            tuple(map(masks.text, result.command)),
            result.seconds,
            len(counted.intersection(result.failures)),
            result.problem and masks.text(result.problem),
        )
        for result in validated.results
    )
    failures = tuple(_shown(one, masks, lines.get((one.path, one.line), "")) for one in new)
    uncompared = tuple(map(masks.text, validated.uncompared))
    return Report(
        masks.text(top), files, failures, ran, validated.old, validated.how, status, uncompared=uncompared
    )


def unmet(validated: "Validated") -> bool:
    """Say whether a check that could not be started counts as a failure, as a policy can say."""
    return len(_failures(validated)) < len(validated.new)


def _failures(validated: "Validated") -> list[CheckFailure]:
    """Return what the tools reported: that one could not be started is told once, as its problem."""
    problems = {(result.tool, result.problem) for result in validated.results if result.problem}
    return [one for one in validated.new if (one.tool, one.message) not in problems]


def _shown(failure: CheckFailure, masks: "_Masks", line: str) -> Shown:
    source = masks.text(line)
    caret = (
        failure.column if failure.column <= len(line) + 1 else 0
    )  # one behind the end: what is missing there
    message = masks.text(failure.message or failure.code or _WORDLESS)
    return Shown(
        masks.text(failure.tool),
        "" if failure.path in {"", NO_FILE} else masks.text(failure.path),
        failure.line,
        failure.column if failure.line else 0,
        masks.text(failure.code),
        message if len(message) <= _LONGEST else message[:_LONGEST] + "…",
        source,
        caret if source and source.startswith(line[: caret - 1]) else 0,
    )


class _Masks:
    """Masks what the report, or a failing file, holds as a secret, wherever else it is shown.

    A message may show a value cut, which is no longer recognised by itself, and a line may be one of a
    private key: so the failing files are looked through whole.
    """

    def __init__(self, scanner: Scanner, validated: "Validated") -> None:
        self._scanner = scanner
        self._seen: dict[str, str] = {}
        told = "\n".join(map(_encodable, _texts(validated)))
        self._findings: tuple[Finding, ...] = scanner.texts([Text("report", told)])

    def sources(self, top: str, failures: Iterable[CheckFailure]) -> dict[tuple[str, int], str]:
        """Read the failing files. Returns their failing lines, as they are, by path and number."""
        wanted: dict[str, set[int]] = {}
        for failure in failures:
            wanted.setdefault(failure.path, set()).add(failure.line)
        found: dict[tuple[str, int], str] = {}
        room = _MOST_CHARACTERS
        for path in list(wanted)[:_MOST_FILES]:
            text = _read(top, path)
            room -= len(text.body) if text else 0
            if room < 0:
                break
            if text is None:
                continue
            self._findings += self._scanner.texts([text])
            lines = text.body.split("\n")
            for number in wanted[path]:
                if 0 < number <= len(lines):
                    found[path, number] = _encodable(lines[number - 1].rstrip("\r"))
        return found

    def text(self, text: str) -> str:
        """Return a text without the secrets, such as UTF-8 can hold it."""
        if text not in self._seen:
            plain = _encodable(text)
            masked = veil_cut(plain, self._findings)
            # Of findings that overlap, one was kept: what is left of another shows once that is masked.
            self._seen[text] = masked if masked == plain else search.masked(masked, self._scanner.rules)
        return self._seen[text]


def _texts(validated: "Validated") -> Iterator[str]:
    for failure in validated.new:
        yield from (failure.path, failure.code, failure.message)
    for result in validated.results:
        yield from (result.tool, result.root, *result.command, result.problem or "")


def _read(top: str, path: str) -> Text | None:
    """Return a file of the work tree; None for what is outside of it, or cannot be read."""
    whole = os.path.join(top, path)
    if "\0" in path or not os.path.realpath(whole).startswith(os.path.join(os.path.realpath(top), "")):
        return None
    text = disk.read(whole, path)
    return text if isinstance(text, Text) else None


def _encodable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()

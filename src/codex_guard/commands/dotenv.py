"""Commands that show a dotenv file as it is, so that its values can be masked in what they print."""

from codex_guard.commands import paths
from codex_guard.commands.operands import Places
from codex_guard.shell.invocation import Invocation, Stage
from codex_guard.shell.meaning import HOLE, Value

# What prints lines as they stand in a file, perhaps with a number or a name before them.
_PLAIN = frozenset((
    "cat", "tac", "nl", "head", "tail", "less", "more", "most", "bat", "batcat", "grep", "egrep", "fgrep",
    "rg",
))  # fmt: skip
# With these, pieces of lines are printed, which no mask would fit.
_PIECES = ("only-matching", "byte-offset", "replace", "json", "passthru", "bytes")
_LETTERS = frozenset("obrc")


def shown(invocations: list[Invocation], places: Places) -> dict[int, tuple[str, ...]]:
    """Return the dotenv files that invocations show plainly, absolute, by the invocation's ``id``.

    An invocation that hands what it reads to anything else than such a program, or to a file, is not
    among them, nor is one whose files only run time knows.
    """
    handed = _handed(invocations)
    found: dict[int, tuple[str, ...]] = {}
    for one in invocations:
        if one.program not in _PLAIN or id(one) in handed or _is_led_away(one):
            continue
        words = [*one.argv[1:], *one.sources]
        files = [path for value in words for path in _dotenv(value, one, places)]
        if files and not any(value.glob or HOLE in value.text for value in words):
            found[id(one)] = tuple(files)
    return found


def _is_led_away(one: Invocation) -> bool:
    return bool(
        one.elsewhere or one.captured or one.targets or any(_cuts(value.text) for value in one.argv[1:])
    )


def _cuts(word: str) -> bool:
    """Say whether a word is an option, long ones also shortened, with which pieces of lines are printed."""
    if word.startswith("--"):
        name = word[2:].partition("=")[0]
        return bool(name) and any(piece.startswith(name) for piece in _PIECES)
    return word.startswith("-") and not _LETTERS.isdisjoint(word)


def _handed(invocations: list[Invocation]) -> set[int]:
    """Return the ids of the invocations whose output goes into a program that does not show it plainly."""
    found: set[int] = set()
    for one in invocations:
        if one.upstream is None or (one.program in _PLAIN and not _is_led_away(one)):
            continue
        stage: Stage | None = one.upstream
        while stage is not None:
            before = len(found)
            found.update(map(id, stage.started))
            stage = stage.before if len(found) > before else None
    return found


def _dotenv(value: Value, one: Invocation, places: Places) -> list[str]:
    found = []
    for path in one.scope.paths(value.text):
        name = path.rpartition("/")[2].lower()
        if paths.is_dotenv(name) and path.startswith(places.worktree.rstrip("/") + "/"):
            found.append(path)
    return found

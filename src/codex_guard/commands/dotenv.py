"""Commands that show a dotenv file as it is, so that its values can be masked in what they print."""

from codex_guard.commands import paths
from codex_guard.commands.operands import Places
from codex_guard.shell import inline, wrappers
from codex_guard.shell.invocation import Invocation, Stage
from codex_guard.shell.meaning import HOLE, Value

# What prints lines as they stand in a file, perhaps with a number or a name before them.
_PLAIN = frozenset((
    "cat", "tac", "nl", "head", "tail", "less", "more", "most", "bat", "batcat", "grep", "egrep", "fgrep",
    "rg",
))  # fmt: skip
# With these, pieces of lines are printed, or lines with something within them, which no mask would fit.
_PIECES = (
    "only-matching", "byte-offset", "replace", "json", "passthru", "bytes", "separator", "number-separator",
    "color", "colour", "pretty", "pre", "encoding", "max-columns",
)  # fmt: skip
_LETTERS = frozenset("obrc")
_OWN_LETTERS = {"tac": "s", "nl": "s", "rg": "pEM"}
_KNOWN = _PLAIN | wrappers.PLAIN  # programs, and no functions that could be called like one
# What may name a file that is shown in the same call: it leaves the file as it is.
_LOOKERS = _PLAIN | frozenset(
    ("[", "test", "ls", "stat", "file", "wc", "cd", "echo", "printf", "source", ".")
)


def shown(invocations: list[Invocation], places: Places) -> dict[int, tuple[str, ...]]:
    """Return the dotenv files that invocations show plainly, absolute, by the invocation's ``id``.

    An invocation that hands what it reads to anything else than such a program, or to a file, is not
    among them, nor is one whose files only run time knows, or the call itself may change.
    """
    if any(map(_may_lead_all_away, invocations)):
        return {}
    handed = _handed(invocations)
    # What an interpreter's program reads is walked like ``cat``, and printed in whatever form.
    programs = {one.source for one in invocations if inline.language(one.program)}
    changed = {
        path for one in invocations for value in _changeable(one) for path in one.scope.paths(value.text)
    }
    found: dict[int, tuple[str, ...]] = {}
    for one in invocations:
        if one.program not in _PLAIN or one.source in programs or id(one) in handed or _is_led_away(one):
            continue
        words = [*one.argv[1:], *one.sources]
        files = [path for value in words for path in _dotenv(value, one, places)]
        if (
            files
            and changed.isdisjoint(files)
            and not any(value.glob or HOLE in value.text for value in words)
        ):
            found[id(one)] = tuple(files)
    return found


def _is_led_away(one: Invocation) -> bool:
    opened = one.scope.opened
    outputs = [opened[number] for number in ("1", "&") if number in opened]
    return bool(
        one.elsewhere
        or one.captured
        or _into_files(one)
        or any(output.script or output.target for output in outputs)
        or any(_cuts(value.text, one.program) for value in one.argv[1:])
    )


def _may_lead_all_away(one: Invocation) -> bool:
    """Say whether it may lead the output of others into a file: a compound command, or a function."""
    return bool(_into_files(one)) and (not one.argv or one.program not in _KNOWN)


def _into_files(one: Invocation) -> list[Value]:
    return [value for _, value in one.targets if not _is_nowhere(value)]


def _is_nowhere(value: Value) -> bool:
    return value.text == "/dev/null"


def _changeable(one: Invocation) -> list[Value]:
    """Return what it may change; what it starts with its words is an invocation of its own."""
    targets = [value for _, value in one.targets]
    return targets if one.program in _LOOKERS or wrappers.started(one) else [*one.argv[1:], *targets]


def _cuts(word: str, program: str) -> bool:
    """Say whether a word is an option, long ones also shortened, with which pieces of lines are printed."""
    if word.startswith("--"):
        name = word[2:].partition("=")[0]
        return bool(name) and any(piece.startswith(name) for piece in _PIECES)
    is_option = word.startswith("-") or (program == "tail" and word.startswith("+"))
    return is_option and not _LETTERS.union(_OWN_LETTERS.get(program, "")).isdisjoint(word)


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

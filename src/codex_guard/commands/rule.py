"""One command rule, and whether an invocation is what it forbids."""

from codex_guard.commands import operands
from codex_guard.commands.arguments import Arguments
from codex_guard.commands.operands import Places
from codex_guard.record import Record
from codex_guard.shell.invocation import Invocation, Stage
from codex_guard.shell.meaning import HOLE
from codex_guard.shell.wrappers import reads_stdin

#: What cannot be said with programs, flags and operands.
SPECIAL = ("fork-bomb", "remote-code")
#: Which arguments a rule's ``operands`` are about.
ROLES = ("", "read", "written")
_FETCHERS = frozenset(("curl", "wget", "fetch", "aria2c", "http", "https", "xh", "lynx"))


class Rule(Record):
    """A kind of command that is denied.

    ``programs``: names, or patterns ending in ``*``. ``words``: the subcommand, in order. ``flags``: each
    must be given, in any of its ``|``-separated spellings without dashes (``--`` is one, where operands
    follow it). ``unless``: none of these is given. ``operands``: an argument is of one of these kinds of
    place, of those alone that the program reads or writes, where ``role`` says so; ``texts``: or is one of
    these, or begins with one that ends in ``*``. ``targets``: output is redirected to such a place.
    ``special``: a check of its own in ``judge``.
    """

    id: str
    title: str
    tier: str
    why: str
    instead: str
    programs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    operands: tuple[str, ...] = ()
    role: str = ""
    texts: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    special: str = ""


def matches(rule: Rule, invocation: Invocation, arguments: Arguments, places: Places) -> bool:
    """Say whether the invocation is what the rule forbids; its program already fits."""
    given = arguments.operands
    if len(given) < len(rule.words):
        return False
    for word, value in zip(rule.words, given, strict=False):
        if value.text not in word.split("|"):
            return False
    if not all(_has_flag(flag, arguments) for flag in rule.flags):
        return False
    if any(_has_flag(flag, arguments) for flag in rule.unless):
        return False
    if not (rule.operands or rule.texts):
        return True
    if rule.texts and any(_is_text(rule.texts, value.text) for value in given[len(rule.words) :]):
        return True
    wanted = frozenset(rule.operands)
    at_risk = {"read": arguments.read, "written": arguments.written}.get(rule.role, given[len(rule.words) :])
    return bool(wanted) and any(
        not wanted.isdisjoint(operands.kinds(value, invocation.scope, places)) for value in at_risk
    )


def _is_text(texts: tuple[str, ...], given: str) -> bool:
    # A lone prefix such as + or : says nothing.
    return len(given) > 1 and any(
        given.startswith(text[:-1]) if text.endswith("*") else given == text for text in texts
    )


def _has_flag(flag: str, arguments: Arguments) -> bool:
    """Find one of a flag's spellings; behind two dashes, the beginning of a name will do."""
    for spelling in flag.split("|"):
        if spelling == "--":
            if "" in arguments.names:
                return True
        elif spelling in arguments.flags or any(_abbreviates(name, spelling) for name in arguments.names):
            return True
    return False


def _abbreviates(given: str, spelling: str) -> bool:
    if given == spelling:
        return True
    name, equals, value = given.partition("=")
    whole, _, wanted = spelling.partition("=")
    if not name or len(whole) == 1 or not whole.startswith(name):
        return False
    return value == wanted if equals else not wanted


def runs_remote_code(invocation: Invocation, known: dict[int, bool]) -> bool:
    """Say whether a shell or interpreter is fed what a fetcher brings from the network.

    ``known`` remembers for the stages of one walk, by id, whether anything is fetched in or before them.
    """
    fetched_into_words = any(inner.program in _FETCHERS for inner in invocation.inner)
    if invocation.program in ("eval", "source", "."):
        return fetched_into_words
    first = next((value.text for value in invocation.argv[1:] if not value.text.startswith("-")), HOLE)
    if fetched_into_words and HOLE in first:
        return True
    return reads_stdin(invocation) and _is_fetched(invocation.upstream, known)


def _is_fetched(stage: Stage | None, known: dict[int, bool]) -> bool:
    passed: list[Stage] = []
    while stage is not None and id(stage) not in known:
        passed.append(stage)
        stage = stage.before
    fetched = stage is not None and known[id(stage)]
    for each in reversed(passed):
        fetched = fetched or any(source.program in _FETCHERS for source in each.started)
        known[id(each)] = fetched
    return fetched

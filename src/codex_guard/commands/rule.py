"""One command rule, and whether an invocation is what it forbids."""

from codex_guard.commands import operands
from codex_guard.commands.globs import like
from codex_guard.commands.operands import Places
from codex_guard.record import Record
from codex_guard.shell.arguments import Arguments
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import Value
from codex_guard.shell.programs import FIELD, ITEM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

#: What cannot be said with programs, flags and operands.
SPECIAL = (
    "fork-bomb", "remote-code", "decoded-code", "exfiltration", "reverse-shell",
    "guard-files", "too-much",
)  # fmt: skip
#: Tiers of rules; the first two are on unless a policy says otherwise.
TIERS = ("core", "infra")
#: Names under which the index files the rules for redirections, and the lengths of programs' patterns.
TARGETS, LENGTHS = "targets", "lengths"
#: Which arguments a rule's ``operands`` are about.
ROLES = ("", "read", "written")
#: Any number of words of a subcommand.
ANY = "..."
_MOST_BEFORE = 50  # programs of a pipe
# Kinds of place that say something of another machine, too: there are no folders of ours there.
_ELSEWHERE = {
    "container": frozenset(("root",)),
    "": operands.KINDS,
}
_ON_HOSTS = frozenset(("root", "home", "system", "device", "startup", "log", "secret"))


#: A rule's fields that are no texts.
LISTS = frozenset(
    ("programs", "words", "flags", "unless", "except_texts", "operands", "texts", "targets", "statements",
     "requests", "contains", "made_by")
)  # fmt: skip
NUMBERS = frozenset(("least", "most"))
SWITCHES = frozenset(("shown",))


class Rule(Record):
    """A kind of command that is denied.

    ``programs``: names, or patterns ending in ``*``. ``words``: the subcommand, in order, each with its
    ``|``-separated spellings in which ``*`` is any text; ``...`` is any number of words. ``flags``:
    each must be given, in any of its ``|``-separated spellings without dashes (``--`` is one, where operands
    follow it). ``unless``: none of these is given; ``except_texts``: no operand is one of these, and
    no variable is set so where it is ``NAME=value``. A flag with a value is spelled ``name=value``.
    ``operands``: an argument is of one of these kinds of place, of those alone that the program reads or
    writes, where ``role`` says so; ``texts``: or is one of these, in which ``*`` is any text. ``least`` and
    ``most``: how many operands stand behind the words. ``shown``: what it prints is not taken into a
    variable or an argument. ``targets``: output is redirected to such a place.
    ``statements``: what it has a database do (see ``sql``). ``requests``: what it asks of a server (see
    ``requests``). ``contains``: an argument or the input holds one of these texts. ``made_by``: one of
    these commands, such as ``docker ps``, stands in a substitution in it or in the pipe before it.
    ``special``: a check of
    its own in ``flow``.
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
    except_texts: tuple[str, ...] = ()
    operands: tuple[str, ...] = ()
    role: str = ""
    texts: tuple[str, ...] = ()
    least: int = 0
    most: int = 1_000_000
    shown: bool = False
    targets: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    made_by: tuple[str, ...] = ()
    special: str = ""


_WORDS = Rule._fields.index("words")


def unpacked(row: str) -> Rule:
    """Return the rule that the index holds as one text: many small texts take longer to load."""
    values: list[Any] = row.split(FIELD)
    for at, field in enumerate(Rule._fields):
        text = values[at]
        if field in LISTS:
            values[at] = tuple(text.split(ITEM)) if text else ()
        elif field in NUMBERS:
            values[at] = int(text)
        elif field in SWITCHES:
            values[at] = bool(text)
    return Rule(*values)


def begins(row: str, given: "Collection[str]") -> bool:
    """Say whether the first word of a rule's subcommand is among the arguments, without reading the rule."""
    first = row.split(FIELD, _WORDS + 1)[_WORDS].partition(ITEM)[0]
    if not first or first == ANY or "*" in first or "?" in first:
        return True
    return any(word in given for word in first.split("|"))


def matches(rule: Rule, invocation: Invocation, arguments: Arguments, places: Places) -> bool:
    """Say whether the invocation is what the rule forbids; its program already fits."""
    start = _behind(rule.words, arguments)
    if start is None or (rule.shown and invocation.captured):
        return False
    rest = arguments.operands[start:]
    sure = len(rest) - sum(at >= start for at in arguments.loose)
    if not rule.least <= sure <= rule.most:
        return False
    if not all(_has_flag(flag, arguments) for flag in rule.flags):
        return False
    if any(_is_given(flag, arguments) for flag in rule.unless):
        return False
    if rule.except_texts and (
        any(_is_text(rule.except_texts, value.text) for value in rest)
        or any(_is_set(text, invocation) for text in rule.except_texts)
    ):
        return False
    return _says(rule, invocation, arguments) and _concerns(rule, rest, invocation, arguments, places)


def _says(rule: Rule, invocation: Invocation, arguments: Arguments) -> bool:
    """Say whether a rule about what is asked of a server or a database fits, if it is one."""
    if rule.statements:
        from codex_guard.commands import sql  # noqa: PLC0415 - few commands talk to a database

        if not sql.does(rule.statements, invocation, arguments):
            return False
    if rule.requests:
        from codex_guard.commands import requests  # noqa: PLC0415 - for clients of the web only

        if not requests.asks(rule.requests, invocation, arguments):
            return False
    before = (*invocation.inner, *_before(invocation)) if rule.made_by else ()
    if rule.made_by and not any(_starts(rule.made_by, one) for one in before):
        return False
    if rule.contains:
        texts = [*(value.text for value in invocation.argv[1:]), invocation.stdin or ""]
        return any(part in text for text in texts for part in rule.contains)
    return True


def _before(invocation: Invocation) -> list[Invocation]:
    """Return what is started in the pipe before it."""
    found: list[Invocation] = []
    stage = invocation.upstream
    while stage is not None and len(found) < _MOST_BEFORE:
        found += stage.started
        stage = stage.before
    return found


def _starts(commands: tuple[str, ...], invocation: Invocation) -> bool:
    words = " ".join([invocation.program, *(value.text for value in invocation.argv[1:])]) + " "
    return words.startswith(tuple([f"{command} " for command in commands]))


def _concerns(
    rule: Rule, rest: tuple[Value, ...], invocation: Invocation, arguments: Arguments, places: Places
) -> bool:
    """Say whether an argument is of a kind, or a text, that the rule is about, if it is about any."""
    if not (rule.operands or rule.texts):
        return True
    if rule.texts and any(_is_text(rule.texts, value.text) for value in rest):
        return True
    wanted = frozenset(rule.operands)
    if invocation.elsewhere:
        wanted &= _ELSEWHERE.get(invocation.elsewhere, _ON_HOSTS)
    at_risk = {"read": arguments.read, "written": arguments.written}.get(rule.role, rest)
    return bool(wanted) and any(
        not wanted.isdisjoint(operands.kinds(value, invocation.scope, places)) for value in at_risk
    )


def _behind(words: tuple[str, ...], arguments: Arguments) -> int | None:
    """Return where the operands behind the rule's words begin; None where the words do not stand there."""
    given = arguments.operands
    at, free = 0, False
    for word in words:
        if word == ANY:
            free = True
            continue
        while at < len(given) and not _is_word(word, given[at].text):
            # What may be an option's value may be none of the words.
            if not (at in arguments.loose or (free and at < arguments.lead)):
                return None
            at += 1
        if at >= len(given) or (free and at in arguments.loose):
            return None
        at += 1
        free = False
    return at


def _is_word(word: str, given: str) -> bool:
    return any(like(spelling, given) for spelling in word.split("|"))


def _is_text(texts: tuple[str, ...], given: str) -> bool:
    # A lone prefix such as + or : says nothing.
    return len(given) > 1 and any(like(text, given) for text in texts)


def _is_set(text: str, invocation: Invocation) -> bool:
    """Say whether ``text`` is a variable and its value, as in ``RAILS_ENV=test``, and the variable has it."""
    name, equals, value = text.partition("=")
    return bool(equals) and name.isidentifier() and invocation.scope.lookup(name) == value


def _has_flag(flag: str, arguments: Arguments) -> bool:
    """Find one of a flag's spellings; behind two dashes, the beginning of a name will do."""
    return any(
        _is_given(spelling, arguments) or any(_abbreviates(name, spelling) for name in arguments.names)
        for spelling in flag.split("|")
    )


def _is_given(spelling: str, arguments: Arguments) -> bool:
    """Find a flag in this spelling; ``--`` is one, where operands follow it."""
    if spelling == "--":
        return "" in arguments.names
    if spelling in arguments.flags or spelling in arguments.names:
        return True
    return "=" in spelling and any(f"{name}={value.text}" == spelling for name, value in arguments.options)


def _abbreviates(given: str, spelling: str) -> bool:
    name, equals, value = given.partition("=")
    whole, _, wanted = spelling.partition("=")
    if not name or len(whole) == 1 or not whole.startswith(name):
        return False
    return value == wanted if equals else not wanted

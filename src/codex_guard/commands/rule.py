"""One command rule, and whether an invocation is what it forbids."""

from codex_guard.commands import operands
from codex_guard.commands.operands import Places
from codex_guard.record import Record
from codex_guard.shell.meaning import Value
from codex_guard.shell.walk import Invocation

#: What cannot be said with programs, flags and operands.
SPECIAL = ("fork-bomb", "remote-code")
# Options that stand before a subcommand and take a value, by program.
_GLOBAL_VALUES = {"git": frozenset(("C", "c", "git-dir", "work-tree", "namespace", "exec-path"))}
_FETCHERS = frozenset(("curl", "wget", "fetch", "aria2c", "http", "https", "xh", "lynx"))


class Rule(Record):
    """A kind of command that is denied.

    ``programs``: names, or patterns ending in ``*``. ``words``: the subcommand, in order. ``flags``: each
    must be given, in any of its ``|``-separated spellings without dashes (``--`` is one, where operands
    follow it). ``unless``: none of these is given. ``operands``: an argument is of one of these kinds of
    place; ``prefixes``: or begins with one of these texts. ``targets``: output is redirected to such a
    place. ``upstream``: such a program is piped into it. ``special``: a check of its own in ``judge``.
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
    prefixes: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ()
    special: str = ""


class Arguments(Record):
    """An invocation's arguments, told apart: flags without dashes, and operands."""

    flags: frozenset[str]
    operands: tuple[Value, ...]


def read_arguments(invocation: Invocation) -> Arguments:
    """Tell flags from operands, as getopt_long does: clusters, ``--name=value``, and ``--`` ends them."""
    flags: set[str] = set()
    rest: list[Value] = []
    skips = _GLOBAL_VALUES.get(invocation.program, frozenset())
    argv = invocation.argv
    at = 1
    while at < len(argv):
        text = argv[at].text
        if text == "--":
            rest += argv[at + 1 :]
            if at + 1 < len(argv):
                flags.add("--")
            break
        if text.startswith("--"):
            name, equals, value = text[2:].partition("=")
            flags.add(name)
            if value and "=" not in value:
                flags.add(f"{name}={value}")
            at += 1 if name in skips and not equals and not rest else 0
        elif text.startswith("-") and len(text) > 1:
            flags |= {text[1:], *text[1:]}
            at += 1 if text[1:] in skips and not rest else 0
        else:
            rest.append(argv[at])
        at += 1
    return Arguments(frozenset(flags), tuple(rest))


def matches(rule: Rule, invocation: Invocation, arguments: Arguments, places: Places) -> bool:
    """Say whether the invocation is what the rule forbids; its program already fits."""
    given = arguments.operands
    for word, value in zip(rule.words, given, strict=False):
        if value.text not in word.split("|"):
            return False
    if len(given) < len(rule.words):
        return False
    if not all(_has_flag(flag, arguments.flags) for flag in rule.flags):
        return False
    if any(_has_flag(flag, arguments.flags) for flag in rule.unless):
        return False
    if rule.upstream and not any(source.program in rule.upstream for source in invocation.upstream):
        return False
    if not (rule.operands or rule.prefixes):
        return True
    wanted = frozenset(rule.operands)
    for value in given[len(rule.words) :]:
        if rule.prefixes and value.text.startswith(rule.prefixes) and len(value.text) > 1:
            return True
        if wanted and not wanted.isdisjoint(operands.kinds(value, invocation.scope, places)):
            return True
    return False


def _has_flag(flag: str, given: frozenset[str]) -> bool:
    """Find one of a flag's spellings; GNU programs also take the beginning of a long name."""
    for spelling in flag.split("|"):
        if spelling in given:
            return True
        if len(spelling) > 3 and any(len(name) > 2 and spelling.startswith(name) for name in given):  # noqa: PLR2004
            return True
    return False


def runs_remote_code(invocation: Invocation) -> bool:
    """Say whether a shell or interpreter is fed what a fetcher brings from the network."""
    from codex_guard.shell.wrappers import reads_stdin  # noqa: PLC0415 - see walk

    fetched_into_words = any(inner.program in _FETCHERS for inner in invocation.inner)
    if invocation.program in ("eval", "source", "."):
        return fetched_into_words
    first = [value.text for value in invocation.argv[1:] if not value.text.startswith("-")][:1]
    if fetched_into_words and (not first or "\0" in first[0]):
        return True
    return reads_stdin(invocation) and any(source.program in _FETCHERS for source in invocation.upstream)

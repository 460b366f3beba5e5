"""Which output a pipe keeps to itself: what comes behind counts it, or leaves nothing of it but names."""

from codex_guard.shell.arguments import Arguments, read_arguments
from codex_guard.shell.invocation import Invocation, Stage

_QUIET = frozenset(("q", "quiet", "silent", "c", "count"))
_SEARCHES = frozenset(("grep", "egrep", "fgrep"))
_COUNTERS = frozenset(("wc", "md5sum", "sha1sum", "sha256sum", "sha512sum", "cksum"))
_AWKS = frozenset(("awk", "gawk", "mawk"))
_FIRST = frozenset(("{print $1}", "{ print $1 }"))
# What hands on what it reads, and writes to nothing but its output.
_PLAIN = frozenset(("cat", "head", "tail", "printenv", *_SEARCHES))


def kept(invocations: tuple[Invocation, ...]) -> frozenset[int]:
    """Return the ids of the invocations whose output is piped, and never shown as it was."""
    found: set[int] = set()
    seen: set[int] = set()
    for one in invocations:
        if one.upstream is None or not _hides(one):
            continue
        stage: Stage | None = one.upstream
        while stage is not None and id(stage) not in seen and _is_plain(stage):
            seen.add(id(stage))
            found.update(map(id, stage.started))
            stage = stage.before
    return frozenset(found)


def _is_plain(stage: Stage) -> bool:
    """Say whether it is one program that hands on what it reads, to nobody else."""
    return stage.wholly and len(stage.started) == 1 and stage.started[0].program in _PLAIN


def _hides(invocation: Invocation) -> bool:
    """Say whether a program tells of what it reads no more than how much it is, or the names before ``=``."""
    program, arguments = invocation.program, read_arguments(invocation)
    if program in _COUNTERS:
        return not arguments.names  # --files0-from prints the names that it reads and does not find
    if program in _SEARCHES:
        return not _QUIET.isdisjoint(arguments.flags | arguments.names)
    if program == "cut" and not any(name.startswith("c") for name in arguments.names):  # --complement
        return _is_given(arguments, "d", "delimiter", "=") and _is_given(arguments, "f", "fields", "1")
    if program in _AWKS:
        words = [value.text for value in arguments.operands]
        return _is_given(arguments, "F", "field-separator", "=") and len(words) == 1 and words[0] in _FIRST
    return False


def _is_given(arguments: Arguments, letter: str, name: str, text: str) -> bool:
    given = [value.text for value in arguments.option(letter, name)]
    return given == [text]

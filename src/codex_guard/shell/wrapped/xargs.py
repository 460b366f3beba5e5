"""Commands that are started once for each item: ``xargs``, ``parallel``, and ``find`` with them."""

from codex_guard.shell.invocation import Invocation, Start
from codex_guard.shell.meaning import HOLE, Value
from codex_guard.shell.wrapped import prefixes
from codex_guard.shell.wrapped.find import met

_MOST = 1_000  # arguments that are added, and commands of parallel
_MARKS = ("{}", "{.}", "{/}", "{//}", "{/.}", "{1}")
_SEPARATORS = frozenset((":::", ":::+", "::::", "::::+"))
_ACTIVE = frozenset(" \t\n;|&<>$`()'\"\\")


def started(invocation: Invocation) -> list[Start]:
    """Return what xargs or parallel starts, with its items behind the arguments or in place of a mark."""
    behind = prefixes.read(invocation.program, invocation.argv)
    if invocation.program == "parallel":
        return _parallel(behind, invocation)
    inner = behind.command
    if not inner:
        return []
    mark = behind.option("I", "i", "replace")
    text = (mark.text or "{}") if mark is not None else None
    items = _items(invocation, _delimiter(behind, lines=mark is not None))
    if text is None or not any(text in value.text for value in inner):
        return [Start((*inner, *items))]
    return [Start(filled(inner, text, item)) for item in items[: _MOST // len(inner) + 1]]


def filled(command: tuple[Value, ...], mark: str, item: Value) -> tuple[Value, ...]:
    """Return ``command`` with ``item`` wherever ``mark`` stands."""
    return tuple(
        [
            Value(value.text.replace(mark, item.text), value.glob or item.glob)
            if mark in value.text
            else value
            for value in command
        ]
    )


def _delimiter(behind: prefixes.Behind, *, lines: bool) -> str:
    """Return what ends an item; nothing where any blank does."""
    if behind.option("0", "null") is not None:
        return HOLE
    given = behind.option("d", "delimiter")
    if given is not None:
        return {"\\n": "\n", "\\t": "\t", "\\0": HOLE}.get(given.text, given.text[:1])
    return "\n" if lines else ""


def _items(invocation: Invocation, delimiter: str) -> tuple[Value, ...]:
    """Return the items that are read: what is printed into it, or something unknown."""
    text = invocation.stdin
    if text is not None and text.split():
        # A NUL is what is known at run time only, too: it ends a word and stays.
        words = text.replace(HOLE, " " + HOLE).split() if not delimiter else text.split(delimiter)
        words = [word.strip("\n") for word in words if word.strip()]
        return (*(Value(word) for word in words[:_MOST]), *((Value(HOLE),) if words[_MOST:] else ()))
    source = invocation.upstream.started[0] if invocation.upstream and invocation.upstream.started else None
    if source is not None and source.program == "find":
        return met(source.argv)
    if source is not None and source.program == "ls":
        listed = tuple([value for value in source.argv[1:] if not value.text.startswith("-")])
        return listed or (Value(HOLE),)
    return (Value(HOLE),)


def _parallel(behind: prefixes.Behind, invocation: Invocation) -> list[Start]:
    texts = [value.text for value in behind.command]
    cut = next((at for at, text in enumerate(texts) if text in _SEPARATORS), None)
    if cut is None:
        inner, items = behind.command, _items(invocation, "\n")
    else:
        inner = behind.command[:cut]
        read = any(text in ("::::", "::::+") for text in texts[cut:])
        items = (Value(HOLE),) if read else _without_separators(behind.command[cut:])
    mark = behind.option("I", "replace")
    marks = (mark.text,) if mark is not None and mark.text else _MARKS
    if not inner:  # each item is a command
        return [Start(script=item.text) for item in items[:_MOST]]
    found: list[Start] = []
    for item in items[: _MOST // len(inner) + 1]:
        command = inner
        for each in marks:
            command = filled(command, each, item)
        if command == inner:
            command = (*inner, item)
        # It joins its arguments for a shell: a command that is quoted whole is a script.
        if any(not _ACTIVE.isdisjoint(value.text) for value in inner):
            found.append(Start(script=" ".join([value.text for value in command])))
        if len(inner) > 1 or not found:
            found.append(Start(command))
    return found


def _without_separators(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple([value for value in values if value.text not in _SEPARATORS])

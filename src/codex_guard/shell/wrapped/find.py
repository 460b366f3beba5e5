"""find: where it begins, what it meets, and the commands that it starts."""

from codex_guard.shell.meaning import HOLE, Value

_EXEC = frozenset(("-exec", "-execdir", "-ok", "-okdir"))
_FILTERS = frozenset(("-name", "-iname", "-path", "-regex", "-newer", "-mtime", "-mmin", "-size", "-empty"))
_MOST = 1_000  # arguments that are added to a command
_MOST_NAMES = 20  # that find asks for, and commands of it that are told apart by them


def starts(argv: tuple[Value, ...]) -> list[Value]:
    """Return where find begins, which is here if nothing is said."""
    found: list[Value] = []
    for value in argv[1:]:
        if value.text.startswith(("-", "(", "!")):
            if found or value.text not in ("-L", "-H", "-P"):
                break
        else:
            found.append(value)
    return found or [Value(".")]


def own(argv: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return find's own arguments: without the commands of ``-exec`` and its like, which are others'."""
    found: list[Value] = []
    at = 0
    while at < len(argv):
        found.append(argv[at])
        at += 1
        if found[-1].text in _EXEC:
            at = _end(argv, at) + 1
    return tuple(found)


def met(argv: tuple[Value, ...], end: int | None = None) -> tuple[Value, ...]:
    """Return what find has met where it comes to ``end`` of its arguments.

    These are its starting points, or, where it filters, something below them and the names that it asks for.
    """
    begins = starts(argv)
    if not any(value.text in _FILTERS for value in argv):
        return tuple(begins)
    found: list[Value] = []
    for start in begins:
        folder = start.text.rstrip("/")
        found.append(Value(f"{folder}/{HOLE}"))
        found += [Value(f"{folder}/{name}", not set("*?[").isdisjoint(name)) for name in _named(argv[:end])]
    return tuple(found)


def _named(argv: tuple[Value, ...]) -> list[str]:
    """Return the names that find asks for since its last ``-o``, but for those in parentheses before it."""
    found: list[str] = []
    depth = 0
    for at, value in enumerate(argv):
        depth += (value.text == "(") - (value.text == ")")
        if value.text in ("-o", "-or", ",") and not depth:
            found = []
        elif value.text in ("-name", "-iname") and at + 1 < len(argv):
            name = argv[at + 1].text
            found += [name] if argv[at - 1].text not in ("!", "-not") and HOLE not in name else []
    return found[:_MOST_NAMES]


def _end(argv: tuple[Value, ...], at: int) -> int:
    """Return where the command of an ``-exec`` ends: at ``;``, or at a ``+`` behind ``{}``."""
    while at < len(argv):
        if argv[at].text == ";" or (argv[at].text == "+" and argv[at - 1].text == "{}"):
            break
        at += 1
    return at


def executed(argv: tuple[Value, ...]) -> list[tuple[Value, ...]]:
    """Return the commands of find's ``-exec``, with what it meets in place of ``{}``."""
    found: list[tuple[Value, ...]] = []
    items: tuple[Value, ...] = ()
    at = 1
    while at < len(argv):
        at += 1
        if argv[at - 1].text not in _EXEC:
            continue
        end = _end(argv, at)
        if len(found) < _MOST_NAMES:
            items = met(argv, at)
        found += _given(argv[at:end], items)
        at = end
    return [command for command in found if command]


def _given(command: tuple[Value, ...], items: tuple[Value, ...]) -> list[tuple[Value, ...]]:
    from codex_guard.shell.wrapped.xargs import filled  # noqa: PLC0415 - the two know each other

    texts = [value.text for value in command]
    if any("{}" in text and text != "{}" for text in texts):
        return [filled(command, "{}", item) for item in items[: _MOST // len(command) + 1]]
    if "{}" not in texts:
        return [command]
    at = texts.index("{}")
    return [(*command[:at], *items, *filled(command[at + 1 :], "{}", items[0]))]

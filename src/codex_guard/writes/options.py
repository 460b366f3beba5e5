"""A writer's arguments, told apart as its row in the table says.

The rules read arguments by tables of their own (``shell/arguments.py``), in which an option that is not
known may or may not take a value. Here a doubtful file would be reported though nobody wrote it, so every
option with a value is listed; and a hook that runs after a tool need not load the rules.
"""

from codex_guard.record import Record
from codex_guard.shell.meaning import Value


class Given(Record):
    """What a program was given: ``options`` by name without dashes, in order, and the ``operands``.

    An option without a value has the empty one. ``ended``: the operands from this number on stood behind
    ``--``, None where there was none.
    """

    operands: tuple[Value, ...]
    options: tuple[tuple[str, Value], ...] = ()
    ended: int | None = None

    def values(self, *names: str) -> list[Value]:
        """Return the values that options with one of these names have."""
        return [value for name, value in self.options if name in names and value.text]

    def has(self, *names: str) -> bool:
        """Say whether an option with one of these names, or ``name=value``, is given."""
        return any(name in names or f"{name}={value.text}" in names for name, value in self.options)


def read(arguments: tuple[Value, ...], takes: str, *, words: bool = False) -> Given:
    """Tell options from operands.

    ``takes`` lists the options with a value, of one letter or long; a ``?`` behind one says that the value
    is only taken where it is attached. ``words``: an option of several letters has one dash, as in ``-out``.
    """
    valued = frozenset(takes.split())
    operands: list[Value] = []
    options: list[tuple[str, Value]] = []
    ended = None
    at = 0
    while at < len(arguments):
        value = arguments[at]
        at += 1
        if value.text == "--":
            ended = len(operands)
            operands += arguments[at:]
            break
        if not value.text.startswith("-") or value.text == "-":
            operands.append(value)
            continue
        for name, attached in _named(value.text, valued, words=words):
            given = attached
            if attached is None and name in valued and at < len(arguments):
                given = arguments[at].text
                options.append((name, arguments[at]))
                at += 1
            else:
                options.append((name, Value(given or "")))
    return Given(tuple(operands), tuple(options), ended)


def _named(text: str, valued: frozenset[str], *, words: bool) -> list[tuple[str, str | None]]:
    """Return the options in one argument, each with the value attached to it."""
    long = text.startswith("--")
    name, equals, value = text.lstrip("-").partition("=")
    if long and equals and name not in valued and name + "?" not in valued:
        # A long name may be cut short; where the value is another argument, that would be a guess.
        whole = [known.removesuffix("?") for known in valued if known.startswith(name) and len(name) > 1]
        name = whole[0] if len(whole) == 1 else name
    if long or name in valued:
        return [(name, value if equals else None)]
    if words:
        letter = text[1:2]
        return [(letter, text[2:])] if letter in valued else [(name, value if equals else None)]
    found: dict[str, str | None] = {}  # a letter that is given twice says nothing more
    for at, letter in enumerate(text[1:], 2):
        if letter in valued or letter + "?" in valued:
            found[letter] = text[at:] or (None if letter in valued else "")
            break
        found[letter] = ""
    return list(found.items())

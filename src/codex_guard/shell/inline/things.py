"""What an expression of a program is, as far as reading it tells."""

from codex_guard.record import Record
from codex_guard.shell.meaning import HOLE, Value

_MOST = 40  # texts that one expression can be
_LONGEST = 1 << 16  # characters of one text that is put together


class Thing(Record):
    """A text, a list, an object, a function, or something of each.

    ``texts`` are what it can be as a text, with a HOLE for what is known at run time only; ``items`` a
    list's; ``named`` an object's properties or a call's named arguments; ``name`` the full name of a
    module or function; ``url`` where it was downloaded from; ``glob``: the texts are patterns.
    """

    texts: tuple[str, ...] = ()
    items: "tuple[Thing, ...] | None" = None
    named: "tuple[tuple[str, Thing], ...]" = ()
    name: str = ""
    url: str = ""
    glob: bool = False

    @property
    def known(self) -> bool:
        """Whether it is a text of which something is known."""
        return any(text != HOLE for text in self.texts)


UNKNOWN = Thing((HOLE,))


def text(content: str) -> Thing:
    """Return the thing that one known text is."""
    return Thing((content,))


def texts(thing: Thing) -> tuple[str, ...]:
    """Return what ``thing`` can be as a text, or all that its items can be."""
    if thing.items is None:
        return thing.texts
    return tuple([each for item in thing.items for each in item.texts])


def values(thing: Thing) -> tuple[Value, ...]:
    """Return the arguments that a command gets if each text of ``thing`` is one."""
    if thing.items is None:
        return tuple([Value(each, thing.glob) for each in thing.texts])
    return tuple([value for item in thing.items for value in values(item.replace(items=None))])


def one_of(things: "list[Thing]") -> Thing:
    """Return what stands for each of ``things`` in turn, as a loop's variable does."""
    found = dict.fromkeys(each for thing in things for each in thing.texts)
    glob = any(thing.glob for thing in things)
    named = next((thing.name for thing in things if thing.name), "")
    url = next((thing.url for thing in things if thing.url), "")
    return Thing(tuple(found)[:_MOST] or (HOLE,), glob=glob, name=named if not found else "", url=url)


def elements(thing: Thing) -> "list[Thing]":
    """Return what a loop over ``thing`` goes through."""
    if thing.items is not None:
        return list(thing.items)
    # A pattern stands for its matches; a text's letters are of no interest.
    return [thing] if thing.glob or thing.name or thing.url else [UNKNOWN]


def joined(left: Thing, right: Thing, between: str = "") -> Thing:
    """Return the two put together: lists to a list, texts to a text."""
    if left.items is not None:
        return left.replace(items=(*left.items, *(right.items if right.items is not None else (UNKNOWN,))))
    both = [
        first + between + second if len(first) + len(second) < _LONGEST else HOLE
        for first in left.texts or (HOLE,)
        for second in right.texts or (HOLE,)
    ]
    return Thing(tuple(both[:_MOST]), url=left.url or right.url, glob=left.glob or right.glob)


def below(folder: Thing, path: Thing) -> Thing:
    """Return ``path`` as it is seen from ``folder``."""
    found = [
        second if second.startswith("/") else f"{first.rstrip('/')}/{second}" if first else second
        for first in folder.texts or (HOLE,)
        for second in path.texts or (HOLE,)
    ]
    return Thing(tuple(found[:_MOST]), glob=folder.glob or path.glob)


def choices(argv: "list[Thing]") -> list[tuple[Value, ...]]:
    """Return each command that ``argv`` can be, where a word of it can be several."""
    found: list[tuple[Value, ...]] = [()]
    for word in argv:
        options = [Value(each, word.glob) for each in word.texts or (HOLE,)]
        if len(options) * len(found) > _MOST:
            options = options[:1] if len(found) >= _MOST else options[: _MOST // len(found)]
        found = [(*command, value) for command in found for value in options]
    return found


def option(named: "tuple[tuple[str, Thing], ...]", *names: str) -> Thing | None:
    """Return the named argument of the first of ``names`` that is given."""
    return next((thing for name in names for key, thing in named if key == name), None)

"""One name or item of an outline, and which values may stand in it."""

from codex_guard.record import Record
from codex_guard.secrets.naming import names

MASK = "<masked>"
_FLAGS = frozenset(("true", "false", "null"))
_HIGHEST_PORT = 65_535
_LONGEST_PORT = 5  # digits


class Entry(Record):
    """One line of an outline, ``depth`` levels deep.

    ``name`` is None where the file has none there; ``item``: it begins an element of a list. ``value`` is
    empty where only what follows, one level deeper, belongs to it.
    """

    depth: int
    name: str | None
    value: str
    item: bool = False


#: Something that stands there and was not understood.
UNKNOWN = Entry(0, None, MASK)


def shown(name: str | None, value: str) -> str:
    """Return what an outline shows of a single value.

    Three words and ports stay, for they say what a program does and nothing can be opened with them. No
    other number does: a PIN, a card's number or a key's byte is one, too. Under a name that says that it
    holds a secret nothing stays, nor in a list, whose items have no name.
    """
    if name is None or names.kind(name) is not None:
        return MASK
    if value.lower() in _FLAGS:
        return value.lower()
    return value if _is_port(name, value) else MASK


def _is_port(name: str, value: str) -> bool:
    if not (value.isascii() and value.isdigit() and len(value) <= _LONGEST_PORT and value[0] != "0"):
        return False
    return names.words(name)[-1:] == ["port"] and int(value) <= _HIGHEST_PORT

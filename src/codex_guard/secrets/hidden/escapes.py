r"""Texts without their escapes (``\u0041``, ``%41``, ``&#65;``), and where each character stood before."""

from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: The character that begins an escape, by the way of escaping.
BACKSLASH, PERCENT, AMPERSAND = MARKS = ("\\", "%", "&")

_HEX = frozenset("0123456789abcdefABCDEF")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_DIGITS = {"u": 4, "x": 2}
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LONGEST_ENTITY = 10  # characters of &#x10FFFF;


class Unescaped(Record):
    """A text without escapes. ``here`` are places behind each escape in it, ``there`` in the original."""

    body: str
    here: list[int]
    there: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``body[start:end]`` stands in the original, with the whole of its escapes."""
        return self._place(start), self._place(end)

    def _place(self, at: int) -> int:
        from bisect import bisect_right  # noqa: PLC0415 - only what was found is placed

        number = bisect_right(self.here, at) - 1
        return self.there[number] + at - self.here[number]


def unescaped(text: str, mark: str) -> Unescaped | None:
    """Return ``text`` without the escapes that begin with ``mark``; None where it has none.

    What a ``%`` stands for is a byte, given as the character of that number.
    """
    at = text.find(mark)
    read = _READERS[mark]
    pieces: list[str] = []
    here, there = [0], [0]
    size = copied = 0
    while at >= 0:
        character, width = read(text, at)
        if width:
            pieces += (text[copied:at], character)
            size += at - copied + 1
            copied = at + width
            here.append(size)
            there.append(copied)
        at = text.find(mark, at + (width or 1))
    if not pieces:
        return None
    pieces.append(text[copied:])
    return Unescaped("".join(pieces), here, there)


def _backslash(text: str, at: int) -> tuple[str, int]:
    """Return what the escape at a backslash says, and its width; 0 where it is none that is known."""
    kind = text[at + 1 : at + 2]
    if kind in _DIGITS:
        digits = text[at + 2 : at + 2 + _DIGITS[kind]]
        if len(digits) == _DIGITS[kind] and _HEX.issuperset(digits):
            return chr(int(digits, 16)), 2 + len(digits)
        return "", 0
    if kind in _CONTROLS:
        return _CONTROLS[kind], 2
    # Before a letter or a digit a backslash is a path's, or begins an escape of some other kind.
    return (kind, 2) if kind and not kind.isalnum() else ("", 0)


def _percent(text: str, at: int) -> tuple[str, int]:
    digits = text[at + 1 : at + 3]
    return (chr(int(digits, 16)), 3) if len(digits) == 2 and _HEX.issuperset(digits) else ("", 0)  # noqa: PLR2004


def _ampersand(text: str, at: int) -> tuple[str, int]:
    end = text.find(";", at, at + _LONGEST_ENTITY)
    name = text[at + 1 : max(end, at)]
    if name in _ENTITIES:
        return _ENTITIES[name], end + 1 - at
    if name[:1] != "#":
        return "", 0
    digits, base = (name[2:], 16) if name[1:2] in {"x", "X"} else (name[1:], 10)
    if not digits or not _HEX.issuperset(digits) or (base == 10 and not digits.isdecimal()):  # noqa: PLR2004
        return "", 0
    number = int(digits, base)
    return (chr(number), end + 1 - at) if number <= 0x10FFFF else ("", 0)  # noqa: PLR2004 - Unicode's last


_READERS: "dict[str, Callable[[str, int], tuple[str, int]]]" = {
    BACKSLASH: _backslash,
    PERCENT: _percent,
    AMPERSAND: _ampersand,
}

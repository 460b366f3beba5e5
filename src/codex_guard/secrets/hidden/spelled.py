r"""Characters that are spelled as numbers or names: ``%41``, ``\x41``, ``\u0041``, ``\101``, ``&#65;``."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from codex_guard.secrets.disguise import Edit

#: The digits of the bases that characters are spelled in.
_OF_BASE = {8: b"01234567", 10: b"0123456789", 16: b"0123456789abcdefABCDEF"}
_LONGEST = 10  # characters of an entity, or of an escape in braces
_NAMED = {
    b"amp": "&", b"apos": "'", b"colon": ":", b"commat": "@", b"dollar": "$", b"equals": "=", b"hyphen": "-",
    b"lowbar": "_", b"num": "#", b"percnt": "%", b"period": ".", b"plus": "+", b"quot": '"', b"semi": ";",
    b"sol": "/",
}  # fmt: skip
#: How many digits the escape has that a letter begins.
_DIGITS = {ord("x"): 2, ord("u"): 4, ord("U"): 8}


def edits(data: bytes) -> "Iterator[tuple[str, list[Edit]]]":
    """Yield each way of spelling in the text, a byte a character, with what to rewrite, in order."""
    if b"\\" in data:
        yield "escapes", _escapes(data)
    if b"%" in data:
        yield "percent-encoding", _percents(data)
    if b"&" in data:
        yield "HTML entities", _entities(data)


def _character(digits: bytes, base: int = 16) -> str:
    """Return the character of that number; empty if it is no printable ASCII, tab or line's end."""
    if not digits or digits.translate(None, _OF_BASE[base]):
        return ""
    code = int(digits, base)
    return chr(code) if 32 <= code < 127 or code in {9, 10, 13} else ""  # noqa: PLR2004 - ASCII's bounds


def _escapes(data: bytes) -> "list[Edit]":
    found: list[Edit] = []
    slashes = b":\\/\\/" in data  # as PHP's JSON has it in addresses; elsewhere it is a regex
    at = data.find(b"\\")
    while at >= 0:
        letter = at + 1
        while data[letter : letter + 1] == b"\\":  # an escape in an escaped text has two or four of them
            letter += 1
        character, end = _escaped(data, letter)
        if not character and slashes and data[letter : letter + 1] == b"/":
            character, end = "/", letter + 1
        if character:
            found.append((at, end, character, 1, end - at))
        at = data.find(b"\\", end if character else letter)
    return found


def _escaped(data: bytes, letter: int) -> tuple[str, int]:
    """Return the character that the escape behind a backslash stands for, and where the escape ends."""
    kind = data[letter] if letter < len(data) else 0
    if kind in b"01":
        digits = data[letter : letter + 3]
        return (_character(digits, 8) if len(digits) == 3 else ""), letter + 3  # noqa: PLR2004 - \101
    size = _DIGITS.get(kind, 0)
    if size and data[letter + 1 : letter + 2] == b"{":
        close = data.find(b"}", letter, letter + _LONGEST)
        return (_character(data[letter + 2 : close]) if close > 0 else ""), close + 1
    digits = data[letter + 1 : letter + 1 + size]
    return (_character(digits) if size and len(digits) == size else ""), letter + 1 + size


def _percents(data: bytes) -> "list[Edit]":
    """Return the percent escapes, unless none of them stands in a word: ``%5d`` is a number's format."""
    found: list[Edit] = []
    in_word = False
    at = data.find(b"%")
    while at >= 0:
        digits = data[at + 1 : at + 3]
        character = _character(digits) if len(digits) == 2 else ""  # noqa: PLR2004 - two digits a byte
        if character:
            found.append((at, at + 3, character, 1, 3))
            before, behind = data[max(0, at - 1) : at], data[at + 3 : at + 4]
            in_word = in_word or behind == b"%" or (before.isalnum() and behind.isalnum())
        at = data.find(b"%", at + (3 if character else 1))
    return found if in_word else []


def _entities(data: bytes) -> "list[Edit]":
    found: list[Edit] = []
    at = data.find(b"&")
    while at >= 0:
        end = data.find(b";", at, at + _LONGEST)
        name = data[at + 1 : end] if end > 0 else b""
        if name[:2] in {b"#x", b"#X"}:
            character = _character(name[2:])
        elif name[:1] == b"#":
            character = _character(name[1:], 10)
        else:
            character = _NAMED.get(name, "")
        if character:
            found.append((at, end + 1, character, 1, end + 1 - at))
        at = data.find(b"&", at + 1)
    return found

"""Does a value read as what people and programs write: code, a path, a name, an identifier?"""

from codex_guard.secrets.naming.letters import bits

_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"))
_HEX = frozenset("0123456789abcdefABCDEF")
_UUID = (8, 4, 4, 4, 12)
_WORD = 14.0  # bits that no word has (see ``letters.bits``)
_SESSIONS = ("sid", "session")  # names of values that are secrets all the same


def is_uuid(value: str) -> bool:
    """Say whether a value is a UUID."""
    return tuple(map(len, value.split("-"))) == _UUID and set(value) <= _HEX | {"-"}


def is_identifier(value: str) -> bool:
    """Say whether a value is made of names, numbers and hexadecimal digests: ``uploads/0a1b.../1.png``."""
    for mark in "-_/.:":
        value = value.replace(mark, " ")
    return all(set(piece) <= _HEX or is_name(piece) for piece in value.split())


def names_another(value: str) -> bool:
    """Say whether a value is another name with its own, as in ``invalid token jti=...``: read by itself."""
    name, equals, rest = value.partition("=")
    if not equals or not rest.strip("="):
        return False
    if name.lower().endswith(_SESSIONS) or not name.replace("_", "").replace("-", "").isalpha():
        return False
    return bits(name) < _WORD


def is_code(value: str, *, quoted: bool) -> bool:
    """Say whether ``value`` is an expression, a variable or a template rather than a text."""
    if "://" in value or "::" in value or value.endswith("\\"):
        return True
    if not quoted:
        opened = any(mark in value for mark in "([{") or value[0] in "$<&*"
        if opened or value.endswith((")", "]", "}", ";", ",")):
            return True
        first, dot, _ = value.partition(".")  # module.Class is code, where the module is a word
        return bool(dot) and all(map(str.isidentifier, value.split("."))) and bits(first) < 0
    if value[0] == "$" and is_name(value[1:]):
        return True
    return any(0 <= value.find(start) < value.rfind(end) for start, end in _PAIRS)


def is_path(value: str) -> bool:
    """Say whether ``value`` reads as a path: its pieces are names. Those of base64 with slashes are not."""
    if value[0] in ".~" and value.lstrip(".~")[:1] == "/":
        return True
    pieces = [piece for piece in value.split("/") if piece]
    if value[0] != "/" and len(pieces) <= 3:  # noqa: PLR2004 - one or two slashes stand in passwords
        return False
    named = sum(len(piece) for piece in pieces if is_name(piece))
    return named * 3 > len(value)


def is_name(value: str) -> bool:
    """Say whether ``value`` reads as an identifier: words, camels, dots and dashes, a number at the end."""
    stem = value.rstrip("0123456789")
    pieces = stem.replace("-", "_").replace(".", "_").split("_")
    return all(piece.isalpha() and _is_cased_as_word(piece) for piece in pieces if piece)


def _is_cased_as_word(piece: str) -> bool:
    """Say whether letters are cased as in words: ``word``, ``WORD``, ``Word``, ``refreshTokenValue``."""
    if piece.islower() or piece.isupper() or piece.istitle():
        return True
    humps = sum(letter.isupper() for letter in piece[1:])
    return piece.isascii() and humps * 4 <= len(piece)

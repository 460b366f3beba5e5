"""Is a candidate a secret? Entropy, placeholders, boundaries: what a regex cannot say."""

_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_HEX = frozenset("0123456789abcdefABCDEF")
_RUN = 6  # as many equal characters in a row: 35 / 16**5 of random 40-digit hex has one
_SEQUENCE = 7  # as many ascending characters: abcdefg, 1234567
# Words that people put where a secret would stand. All lower case.
_PLACEHOLDERS = (
    "example", "placeholder", "changeme", "change_me", "change-me", "redacted", "masked",
    "your-", "your_", "yourkey", "yourtoken", "yourapi", "yourpass", "yoursecret", "insert", "replace",
    "dummy", "notreal", "not-a-real", "not_a_real", "xxxx", "fakekey", "faketoken", "fake-", "fake_",
    "sample", "todo", "my-secret", "mysecret", "my_secret", "supersecret", "<masked:", "...", "****",
)  # fmt: skip
_TEMPLATES = ("${", "{{", "}}", "$(", "%(", "<%", "#{", "@{")
_MARKS = "!@#$%^&*?+=~"
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"))
_PUBLIC = (
    "$2a$", "$2b$", "$2y$", "$argon2", "$1$", "$5$", "$6$", "pbkdf2", "scrypt:", "sha256$", "pk.", "pk_",
)  # fmt: skip
_ADDRESS = 42  # characters of an Ethereum address
_LOOK_ALIKES = str.maketrans("0134@$5", "oieaass")
_COMMON_PASSWORDS = frozenset(
    ("password", "secret", "admin", "postgres", "root", "test",
     "guest", "welcome", "qwerty", "letmein", "hunter", "user", "demo", "dev", "default", "none", "null",
     "true", "false", "undefined", "optional", "required", "string")
)  # fmt: skip


def entropy(text: str) -> float:
    """Return the Shannon entropy of ``text`` in bits per character; 0.0 for an empty text."""
    from math import log2  # noqa: PLC0415 - a clean text never comes here

    size = len(text)
    counts = [text.count(character) for character in set(text)]
    return -sum(count / size * log2(count / size) for count in counts)


def is_placeholder(value: str, *, formatted: bool = False) -> bool:
    """Say whether ``value`` is what documentation and templates put in a secret's place.

    One patterned stretch is enough where only a name says that it is a secret. A value that is
    ``formatted`` as a provider's secrets are is one all the same, unless most of it is patterned.
    """
    lowered = value.lower()
    if any(word in lowered for word in _PLACEHOLDERS):
        return True
    if any(mark in value for mark in _TEMPLATES) or (value[:1], value[-1:]) == ("<", ">"):
        return True
    patterned = _patterned(lowered)
    return patterned * 2 > len(value) if formatted else patterned > 0


def _patterned(value: str) -> int:
    """Count the characters in runs of one character, or ascending sequences, that are too long for chance."""
    found = 0
    same = rising = 1
    for at, character in enumerate(value):
        following = value[at + 1 : at + 2]
        if following == character:
            same += 1
        else:
            found += same if same >= _RUN else 0
            same = 1
        if following and ord(following) == ord(character) + 1:
            rising += 1
        else:
            found += rising if rising >= _SEQUENCE else 0
            rising = 1
    return found


def is_bounded(text: str, start: int, end: int) -> bool:
    r"""Say whether ``text[start:end]`` is a word of its own.

    An escape before it (``\n``, ``\u003d``, ``%3D``, ``ESC[0m``) is a boundary although it ends in a
    letter or digit.
    """
    if end < len(text) and text[end] in _WORD:
        return False
    if start == 0 or text[start - 1] not in _WORD:
        return True
    before = text[max(0, start - 12) : start]
    if len(before) > 1 and before[-2] == "\\" and before[-1] in "nrtbfv0":
        return True
    if len(before) > 5 and before[-6:-4] == "\\u" and set(before[-4:]) <= _HEX:  # noqa: PLR2004
        return True
    if len(before) > 2 and before[-3] == "%" and before[-1] in _HEX and before[-2] in _HEX:  # noqa: PLR2004
        return True
    _, escape, tail = before.rpartition("\x1b[")
    return bool(escape) and tail.endswith("m") and set(tail[:-1]) <= set("0123456789;")


def looks_secret(value: str, *, quoted: bool = False) -> bool:
    """Say whether a value that only its name calls a secret looks like one.

    Passwords have no format, so this asks for what words, identifiers, paths and code lack: letters
    mixed with digits or marks, beyond a name with a number behind it. ``quoted``: the value stands
    between quotes, so that a bracket or a dollar in it need not be code.
    """
    if _plain(value) in _COMMON_PASSWORDS or not value.isprintable() or _is_public(value):
        return False
    digits = sum(character.isdigit() for character in value)
    letters = sum(character.isalpha() for character in value)
    marks = sum(character in _MARKS for character in value)
    if not letters or not (digits or marks):
        return False
    if _is_code(value, quoted=quoted) or _is_path(value) or _is_name(value):
        return False
    mixed = digits > 1 and letters > 1 and len(value) >= 8  # noqa: PLR2004 - the shortest usual password
    return len(set(value)) >= (5 if mixed else 6) and entropy(value) >= (2.1 if mixed else 2.8)


def _plain(value: str) -> str:
    """Return the word in ``Passw0rd!`` or ``Test1234``: letters for their look-alikes, ends without marks."""
    word = value.strip("0123456789!@#$%^&*?.+-_=~")
    return word.lower().translate(_LOOK_ALIKES)


def _is_public(value: str) -> bool:
    """Say whether a value is of a kind that is no secret: a password's hash, an address, a public key."""
    if value.startswith(_PUBLIC):
        return True
    return value.startswith("0x") and len(value) == _ADDRESS and set(value[2:]) <= _HEX


def _is_code(value: str, *, quoted: bool) -> bool:
    """Say whether ``value`` is an expression, a variable or a template rather than a text."""
    if "://" in value or "::" in value or value.endswith("\\"):
        return True
    if not quoted:
        return "(" in value or value[0] in "$<({[&*" or value.endswith((")", "]", "}", ";", ","))
    if value[0] == "$" and _is_name(value[1:]):
        return True
    return any(0 <= value.find(start) < value.rfind(end) for start, end in _PAIRS)


def _is_path(value: str) -> bool:
    """Say whether ``value`` reads as a path: its pieces are names. Those of base64 with slashes are not."""
    if value[0] in ".~" and value.lstrip(".~")[:1] == "/":
        return True
    pieces = [piece for piece in value.split("/") if piece]
    if value[0] != "/" and len(pieces) <= 3:  # noqa: PLR2004 - one or two slashes stand in passwords
        return False
    named = sum(len(piece) for piece in pieces if _is_name(piece))
    return named * 3 > len(value)


def _is_name(value: str) -> bool:
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

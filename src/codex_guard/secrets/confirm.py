"""Is a candidate a secret? Entropy, placeholders, boundaries: what a regex cannot say."""

_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_HEX = frozenset("0123456789abcdefABCDEF")
_RUN = 6  # as many equal characters in a row: 35 / 16**5 of random 40-digit hex has one
_SEQUENCE = 8  # as many ascending characters: abcdefgh, 01234567
# Words that people put where a secret would stand. All lower case.
_PLACEHOLDERS = (
    "example", "placeholder", "changeme", "change_me", "change-me", "redacted", "masked",
    "your-", "your_", "yourkey", "yourtoken", "yourapi", "yourpass", "yoursecret", "insert", "replace",
    "dummy", "notreal", "not-a-real", "not_a_real", "xxxx", "fakekey", "faketoken", "fake-", "fake_",
    "sample", "todo", "my-secret", "mysecret", "my_secret", "supersecret", "<masked:", "...", "****",
)  # fmt: skip
_TEMPLATES = ("${", "{{", "}}", "$(", "%(", "<%", "#{", "@{")
_COMMON_PASSWORDS = frozenset(
    ("password", "passw0rd", "password1", "password123", "secret", "admin", "postgres", "root", "test",
     "guest", "default", "none", "null", "true", "false", "undefined", "optional", "required", "string")
)  # fmt: skip


def entropy(text: str) -> float:
    """Return the Shannon entropy of ``text`` in bits per character; 0.0 for an empty text."""
    from math import log2  # noqa: PLC0415 - a clean text never comes here

    size = len(text)
    counts = [text.count(character) for character in set(text)]
    return -sum(count / size * log2(count / size) for count in counts)


def is_placeholder(value: str) -> bool:
    """Say whether ``value`` is what documentation and templates put in a secret's place."""
    lowered = value.lower()
    if any(word in lowered for word in _PLACEHOLDERS):
        return True
    if any(mark in value for mark in _TEMPLATES) or (value[:1], value[-1:]) == ("<", ">"):
        return True
    return _has_pattern(lowered)


def _has_pattern(value: str) -> bool:
    """Find a run of one character, or an ascending sequence, too long for chance."""
    same = rising = 1
    previous = ""
    for character in value:
        same = same + 1 if character == previous else 1
        rising = rising + 1 if previous and ord(character) == ord(previous) + 1 else 1
        if same >= _RUN or rising >= _SEQUENCE:
            return True
        previous = character
    return False


def is_bounded(text: str, start: int, end: int) -> bool:
    r"""Say whether ``text[start:end]`` is a word of its own.

    An escape before it (``\n``, ``%3D``, a terminal's ``ESC[0m``) is a boundary although it ends in a
    letter or digit.
    """
    if end < len(text) and text[end] in _WORD:
        return False
    if start == 0 or text[start - 1] not in _WORD:
        return True
    before = text[max(0, start - 12) : start]
    if len(before) > 1 and before[-2] == "\\" and before[-1] in "nrtbfv0":
        return True
    if len(before) > 2 and before[-3] == "%" and before[-1] in _HEX and before[-2] in _HEX:  # noqa: PLR2004
        return True
    _, escape, tail = before.rpartition("\x1b[")
    return bool(escape) and tail.endswith("m") and set(tail[:-1]) <= set("0123456789;")


def looks_secret(value: str) -> bool:
    """Say whether a value that only its name calls a secret looks like one.

    Passwords have no format, so this asks for what words, identifiers, paths and code lack: letters
    mixed with digits or marks, beyond a name with a number behind it.
    """
    if value.lower() in _COMMON_PASSWORDS or len(set(value)) < 6:  # noqa: PLR2004
        return False
    digits = sum(character.isdigit() for character in value)
    letters = sum(character.isalpha() for character in value)
    if not letters or not value.isprintable():
        return False
    if value[0] in "./~$<({[&*" or value.endswith((")", "]", "}", ";", ",", "\\")) or "::" in value:
        return False
    if "://" in value or "(" in value or value.count("/") > 2:  # noqa: PLR2004
        return False
    marks = sum(character in "!@#$%^&*?+=~" for character in value)
    if not digits and not marks:
        return False
    if _is_name(value):
        return False
    return entropy(value) >= 2.8  # noqa: PLR2004 - an eight-character password has at most 3.0


def _is_name(value: str) -> bool:
    """Say whether ``value`` reads as an identifier: words, dots and dashes, a number at the end."""
    stem = value.rstrip("0123456789")
    pieces = stem.replace("-", "_").replace(".", "_").split("_")
    return all(
        piece.isalpha() and (piece.islower() or piece.isupper() or piece.istitle())
        for piece in pieces
        if piece
    )

"""Is a candidate a secret? Entropy, placeholders, boundaries: what a regex cannot say."""

_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_HEX = frozenset("0123456789abcdefABCDEF")
_RUN = 6  # as many equal characters in a row: 35 / 16**5 of random 40-digit hex has one
_SEQUENCE = 7  # as many rising or falling characters: abcdefg, 7654321
_ALPHABET = 16  # as many, where only a whole alphabet says that a token is made up: abcdefghijklmnop
_STEPS = frozenset((-1, 0, 1))
# Words that people put where a secret would stand. All lower case.
_PLACEHOLDERS = (
    "example", "placeholder", "changeme", "change_me", "change-me", "redacted", "masked",
    "your-", "your_", "yourkey", "yourtoken", "yourapi", "yourpass", "yoursecret", "insert", "replace",
    "dummy", "notreal", "not-a-real", "not_a_real", "xxxx", "fakekey", "faketoken", "fake-", "fake_",
    "sample", "todo", "my-secret", "mysecret", "my_secret", "supersecret", "<masked:", "...", "****",
    "qwxhzgrpbjpvcgvuihnlc2ftzq",  # RFC 7617's own example
)  # fmt: skip
_OPENERS = ("${", "{{", "$(", "%(", "<%", "#{", "@{", "$[[", "[[", "<<")
_INSIDE = "".join(sorted(_WORD)) + " .-:=%"
_AFTER_NAME = "}:|?)[(,+-'\"/>]"


def entropy(text: str) -> float:
    """Return the Shannon entropy of ``text`` in bits per character; 0.0 for an empty text."""
    from math import log2  # noqa: PLC0415 - a clean text never comes here

    size = len(text)
    counts = [text.count(character) for character in set(text)]
    return -sum(count / size * log2(count / size) for count in counts)


def holds(check: str, value: str) -> bool:
    """Say whether a value has the proof that its format asks for; False where it asks for none."""
    if not check:
        return False
    from codex_guard.secrets import checksum  # noqa: PLC0415 - few formats have a proof of their own

    return checksum.holds(check, value)


def is_placeholder(value: str, *, formatted: bool = False, owned: bool = False) -> bool:
    """Say whether ``value`` is what documentation and templates put in a secret's place.

    One patterned stretch is enough where only a name says that it is a secret. A value that is
    ``formatted`` as a provider's secrets are is one all the same, unless most of it repeats itself or
    spells the alphabet; one that is ``owned``, beside a provider's name, unless most of it repeats itself.
    """
    lowered = value.lower()
    if any(word in lowered for word in _PLACEHOLDERS):
        return True
    if _holds_template(value) or (value[:1], value[-1:]) == ("<", ">"):
        return True
    if formatted or owned:
        return _patterned(lowered, _RUN, len(value) if owned else _ALPHABET) * 2 > len(value)
    return _patterned(lowered, _RUN, _SEQUENCE) > 0


def _holds_template(value: str) -> bool:
    """Say whether a variable is to be put in: ``${NAME}``, ``{{ name }}``, ``$(command)``, ``%(name)s``."""
    for opener in _OPENERS:
        at = value.find(opener)
        while at >= 0:
            inside = value[at + len(opener) : at + 80]
            name = inside.lstrip(" %=-")
            size = len(name) - len(name.lstrip(_INSIDE))
            if size and (name[size : size + 1] or "}") in _AFTER_NAME:
                return opener != "{{" or "}}" in inside or not name[size : size + 1]
            at = value.find(opener, at + 1)
    return False


def _patterned(value: str, same: int, steps: int) -> int:
    """Count the characters in runs of one character, or of rising or falling ones, that are so long."""
    found = 0
    start, step = 0, None
    for at in range(1, len(value) + 1):
        this = ord(value[at]) - ord(value[at - 1]) if at < len(value) else None
        if this == step and this in _STEPS:
            continue
        if step is not None and at - start >= (same if step == 0 else steps):
            found += at - start
        start, step = (at - 1, this) if this in _STEPS else (at, None)
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

"""Does a value that only its name calls a secret look like one?"""

from codex_guard.secrets.confirm import entropy
from codex_guard.secrets.naming import names
from codex_guard.secrets.naming.letters import bits
from codex_guard.secrets.naming.public import is_example, is_public, unpacked
from codex_guard.secrets.naming.writing import (
    is_code,
    is_identifier,
    is_name,
    is_path,
    is_uuid,
    names_another,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.secrets.naming.pairs import Pair

_MARKS = "!@#$%^&*?+=~"
_APNS = 64  # digits of a device's token
_OPENPGP = (16, 40)  # characters of a key's id, and of its fingerprint
_HEX = frozenset("0123456789abcdefABCDEF")
# Bits that speak for chance (see ``letters.bits``), and the fewest characters, by what ties a value to
# its name: an assignment says more than a sentence.
_LEAST = {"=": (14.0, 10), "(": (16.0, 12), "--": (14.0, 10), " ": (24.0, 16), "-": (24.0, 16)}
_LEAST_FOR_KEY = (30.0, 16)
_SOURCES = ("file:", "env:", "fd:")  # where openssl takes a password from
_ODD_WORD = 14.0
_LETTERS, _ODD_LETTERS = 12, 24.0  # a long value of letters alone that is no word of any case
_ODD_NAME = (10.0, 4.0)  # a word by its form that is none, with two digits and with more: qxvkzt458
_ODD_SHORT = 9.0  # a word of few characters, with digits among letters of either case: qW3rT9
_LONG = 20
_SINGLE = ("token", "secret")  # of ``tokens`` there is a number
_LONG_NUMBER = (16, 24)
_SIZE_OF_UUID = 36


def looks_like(kind: str, value: str, pair: "Pair", *, owned: bool, strict: bool = False) -> bool:
    """Say whether the value of a pair, whose name is of that ``kind`` (see ``names.kind``), is a secret.

    ``owned``: the name also says whose it is, so that less is asked of the value. ``strict``: a word will
    do as a password.
    """
    if any(map(str.isspace, value)):
        return False
    if kind == names.PASSWORD:
        return _looks_password(value, pair) or (strict and _may_be_password(value, pair))
    if not value.isprintable() or _is_harmless(kind, value, pair):
        return False
    if is_uuid(value):  # an identifier as often as a key
        return (owned and (kind == names.SECRET or pair.tie == "=")) or _is_api_key(pair)
    if owned and value.isdigit():
        return pair.tie == "=" and names.words(pair.name)[-1] in _SINGLE and _is_long_number(value)
    if owned and _is_mixed(value) and (pair.tie != "-" or "." not in value):
        return True
    if kind == names.KEY:
        return (pair.quoted or pair.whole) and pair.tie == "=" and _is_random(value, *_LEAST_FOR_KEY)
    if pair.tie == "-":
        return False
    if pair.quoted and sum(character in _MARKS for character in value) >= 3:  # noqa: PLR2004 - as generated
        return looks_secret(value, quoted=True)
    return _is_random(value, *_LEAST[pair.tie])


def _is_api_key(pair: "Pair") -> bool:
    """Say whether the name is that of an API key, which some providers make of a UUID."""
    return pair.tie == "=" and "".join(names.words(pair.name)).endswith("apikey")


def _is_long_number(value: str) -> bool:
    """Say whether a number is as long as an account's or an app's, and no time in milliseconds."""
    return _LONG_NUMBER[0] <= len(value) <= _LONG_NUMBER[1] and entropy(value) >= 2.5  # noqa: PLR2004


def _is_harmless(kind: str, value: str, pair: "Pair") -> bool:
    """Say whether a value is known to be of another kind than a token or a key."""
    if is_public(value) or is_code(value, quoted=pair.quoted) or is_path(value) or _is_dull(value):
        return True
    if not pair.quoted and names_another(value):
        return True
    called = names.words(pair.name)
    if set(value) <= _HEX:
        if "device" in called and len(value) == _APNS:
            return True  # where Apple's push service sends a message to
        signing = kind == names.KEY or called[-1:] == ["signingkey"]
        if signing and value == value.upper() and len(value) in _OPENPGP:
            return True  # gpg --recv-keys, user.signingkey
    if pair.tie == "-" and "_" in value and value == value.upper():
        return True  # a constant: RSA_AES_KEY_WRAP_SHA_256
    if kind != names.KEY or not is_identifier(value):
        return False
    # What something is kept under; and an element's: <li key="row-{uuid}">
    element = pair.quoted and pair.tie == "=" and pair.name.endswith(" key")
    return len(called) == 1 or (element and is_uuid(value[-_SIZE_OF_UUID:]))


def _is_dull(value: str) -> bool:
    """Say whether base64 hides a text that is no secret by itself: ``dXNlcjpwYXNzd29yZA==``."""
    text = unpacked(value)
    if not text:
        return False
    word = text.rpartition(":")[2]
    return not word or word.isalpha() or not looks_secret(word, quoted=True)


def _is_mixed(value: str) -> bool:
    """Say whether a long value mixes letters and digits as no identifier does, in whatever order."""
    digits = sum(map(str.isdigit, value))
    letters = sum(map(str.isalpha, value))
    return (
        len(value) >= _LONG
        and value.isascii()
        and min(digits, letters) >= 4  # noqa: PLR2004 - a version or a year has fewer
        and digits + letters + sum(map(value.count, "-_=+/.")) == len(value)
        and len(set(value)) >= 8  # noqa: PLR2004
        and not is_name(value)
    )


def _looks_password(value: str, pair: "Pair") -> bool:
    if value.startswith(_SOURCES) or _is_dull(value):
        return False
    if value.isupper() and "_" in value and names.kind(value) == names.PASSWORD:
        return False  # a constant: MYSQL_NATIVE_PASSWORD
    if pair.tie == "-" and pair.name.isupper() and value.isupper():
        return False  # PASSWORD_ARGON2ID
    if pair.tie in (" ", "-"):
        if names.words(pair.name)[-1:] == ["pass"]:
            return False
        mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value)) and value != value.lower()
        return mixed and len(value) >= 8 and looks_secret(value) and bits(value) > 0  # noqa: PLR2004
    if len(value) < 6:  # noqa: PLR2004 - a shorter one cannot be told from a word
        return False
    return looks_secret(value, quoted=pair.quoted) or (
        value.isalpha() and value.isascii() and len(value) >= 8 and bits(value) >= _ODD_WORD  # noqa: PLR2004
    )


def _may_be_password(value: str, pair: "Pair") -> bool:
    """Say whether a value that looks like a word stands where only a password would."""
    stands = pair.tie in ("=", "(") and (pair.quoted or pair.whole)
    code = is_code(value, quoted=pair.quoted) or is_path(value) or is_example(value)
    return stands and len(value) >= 6 and not code and value.isprintable()  # noqa: PLR2004


def _is_random(value: str, least: float, shortest: int) -> bool:
    digits = sum(map(str.isdigit, value))
    if len(value) < shortest or digits == len(value):
        return False
    return bits(value) >= least and entropy(value) >= 2.5  # noqa: PLR2004 - fewer than six characters in turn


def looks_secret(value: str, *, quoted: bool = False) -> bool:
    """Say whether a value that only its name calls a secret looks like one.

    Passwords have no format, so this asks for what words, identifiers, paths and code lack: letters
    mixed with digits or marks, beyond a name with a number behind it. ``quoted``: the value stands
    between quotes, so that a bracket or a dollar in it need not be code.
    """
    if is_example(value) or not value.isprintable() or is_public(value):
        return False
    digits = sum(character.isdigit() for character in value)
    letters = sum(character.isalpha() for character in value)
    marks = sum(character in _MARKS for character in value)
    if not letters:
        return False
    if not (digits or marks):
        return value.isalpha() and value.isascii() and len(value) >= _LETTERS and bits(value) >= _ODD_LETTERS
    if is_code(value, quoted=quoted) or is_path(value):
        return False
    if is_name(value.strip("#.%")) and (digits < 2 or bits(value) < _ODD_NAME[digits > 2]):  # noqa: PLR2004
        return False
    cased = digits > 1 and value not in (value.lower(), value.upper())
    if cased and len(value) >= 6 and bits(value) >= _ODD_SHORT:  # noqa: PLR2004
        return True
    mixed = digits > 1 and letters > 1 and len(value) >= 8  # noqa: PLR2004 - the shortest usual password
    return len(set(value)) >= (5 if mixed else 6) and entropy(value) >= (2.1 if mixed else 2.8)

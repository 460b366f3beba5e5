"""Does a value that only its name calls a secret look like one?"""

from codex_guard.secrets import names
from codex_guard.secrets.confirm import entropy
from codex_guard.secrets.letters import bits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.secrets.pairs import Pair

_MARKS = "!@#$%^&*?+=~"
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"))
_PUBLIC = (
    "$2a$", "$2b$", "$2y$", "$argon2", "$1$", "$5$", "$6$", "pbkdf2", "scrypt:", "sha256$", "pk.", "pk_",
    "SCRAM-SHA-", "phc_",
    "MIIBIjANBgkq", "MIICIjANBgkq", "MIGfMA0GCSqG", "MFkwEwYHKoZI", "MHYwEAYHKoZI", "MIGbMBAGByqG", "MCowBQYDK2V",
    "AAAAC3NzaC1lZDI1", "AAAAB3NzaC1yc2", "AAAAE2VjZHNh",
)  # fmt: skip
_POINT = "ABCDEFGHIJKLMNOP"  # how base64 goes on behind a point's first byte, 4
_POINT_SIZE = 87  # characters of its 65 bytes
_SEALED = ("AgA", "AgB", "AgC", "AgD")  # Bitnami's sealed secrets
_SEALED_SIZE = 400
_APNS = 64  # digits of a device's token
_OPENPGP = (16, 40)  # characters of a key's id, and of its fingerprint
_ADDRESS = 42  # characters of an Ethereum address
_LOOK_ALIKES = str.maketrans("0134@$5", "oieaass")
_COMMON_PASSWORDS = frozenset(
    ("password", "secret", "admin", "postgres", "root", "test",
     "guest", "welcome", "qwerty", "letmein", "hunter", "user", "demo", "dev", "default", "none", "null",
     "true", "false", "undefined", "optional", "required", "string", "abc", "abcd", "qwe", "qwer", "asdf",
     "changeme", "short", "tooshort")
)  # fmt: skip
_TELLING_WORDS = ("pass", "secret", "secure")
#: What values that say "password" of themselves are made of; longer words first.
_WORDED = (
    "password", "passwort", "passwrd", "passw", "passphrase", "pass", "word", "secret", "secure", "correct",
    "current", "existing", "original", "updated", "another", "different", "invalid", "strong", "valid", "wrong",
    "super", "short", "weak", "test", "temp", "user", "admin", "demo", "good", "long", "very", "some", "your",
    "kindof", "initial", "default", "reset", "change", "new", "old", "bad", "any", "top", "my", "is", "a", "s", "this",
)  # fmt: skip
_HEX = frozenset("0123456789abcdefABCDEF")
_UUID = (8, 4, 4, 4, 12)
# Bits that speak for chance (see ``letters.bits``), and the fewest characters, by what ties a value to
# its name: an assignment says more than a sentence.
_LEAST = {"=": (14.0, 10), "(": (16.0, 12), "--": (14.0, 10), " ": (24.0, 16), "-": (24.0, 16)}
_LEAST_FOR_KEY = (30.0, 16)
_SOURCES = ("file:", "env:", "fd:")  # where openssl takes a password from
_ODD_WORD = 14.0
_LONG = 20


def looks_like(kind: str, value: str, pair: "Pair", *, owned: bool, strict: bool = False) -> bool:
    """Say whether the value of a pair, whose name is of that ``kind`` (see ``names.kind``), is a secret.

    ``owned``: the name also says whose it is, so that less is asked of the value. ``strict``: a word will
    do as a password.
    """
    if any(map(str.isspace, value)):
        return False
    if kind == names.PASSWORD:
        return _looks_password(value, pair) or (strict and _may_be_password(value, pair))
    if not value.isprintable() or _is_public(value) or _is_code(value, quoted=pair.quoted) or _is_path(value):
        return False
    if _is_uuid(value):
        return owned and (kind == names.SECRET or pair.tie == "=")  # an identifier as often as a key
    if kind == names.KEY or names.words(pair.name)[-1:] == ["signingkey"]:
        upper_hex = set(value) <= _HEX and value == value.upper()
        if upper_hex and len(value) in _OPENPGP:
            return False  # gpg --recv-keys, user.signingkey
    if "device" in names.words(pair.name) and len(value) == _APNS and set(value) <= _HEX:
        return False  # where Apple's push service sends a message to
    if _names_another(value, pair) or _is_dull(value):
        return False
    if pair.tie == "-" and "_" in value and value == value.upper():
        return False  # a constant: RSA_AES_KEY_WRAP_SHA_256
    if kind == names.KEY and pair.quoted and pair.tie == "=" and pair.name.endswith(" key"):
        if _is_uuid(value[-36:]) and _is_identifier(value):
            return False  # an element's: <li key="row-{uuid}">
    if owned and _is_mixed(value) and (pair.tie != "-" or ("." not in value and bits(value) > 0)):
        return True
    if kind == names.KEY:
        least, shortest = _LEAST_FOR_KEY
        if len(names.words(pair.name)) == 1 and _is_identifier(value):
            return False  # the digest, path or number under which something is kept
        return (pair.quoted or pair.whole) and pair.tie == "=" and _is_random(value, least, shortest)
    if pair.tie == "-":
        return False
    if pair.quoted and sum(character in _MARKS for character in value) >= 3:  # noqa: PLR2004 - as generated
        return looks_secret(value, quoted=True)
    return _is_random(value, *_LEAST[pair.tie])


def _names_another(value: str, pair: "Pair") -> bool:
    """Say whether what follows a name is another name with its own value: ``invalid token jti=...``.

    That one is read by itself.
    """
    name, equals, rest = value.partition("=")
    if pair.quoted or not equals or not rest.strip("="):
        return False
    if name.lower().endswith(("sid", "session")) or not name.replace("_", "").replace("-", "").isalpha():
        return False
    return bits(name) < _ODD_WORD


def _is_identifier(value: str) -> bool:
    """Say whether a value is made of names, numbers and hexadecimal digests: ``uploads/0a1b.../1.png``."""
    for mark in "-_/.:":
        value = value.replace(mark, " ")
    return all(set(piece) <= _HEX or _is_name(piece) for piece in value.split())


def _is_dull(value: str) -> bool:
    """Say whether base64 hides a text that is no secret by itself: ``dXNlcjpwYXNzd29yZA==``."""
    text = _decoded(value)
    if not text:
        return False
    word = text.rpartition(":")[2]
    return not word or word.isalpha() or not looks_secret(word, quoted=True)


def _decoded(value: str) -> str:
    """Return the printable text that base64 hides; empty where there is none."""
    if len(value) % 4 or len(value) < 8:  # noqa: PLR2004
        return ""
    import binascii  # noqa: PLC0415 - a clean text never comes here

    try:
        text = binascii.a2b_base64(value, strict_mode=True).decode("ascii")
    except ValueError:
        return ""
    return text if text.isprintable() else ""


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
        and not _is_name(value)
    )


def _looks_password(value: str, pair: "Pair") -> bool:
    if value.startswith(_SOURCES):
        return False
    if _is_dull(value):
        return False
    if pair.tie in (" ", "-"):
        if pair.tie == "-" and pair.name.isupper() and value.isupper():
            return False  # PASSWORD_ARGON2ID
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
    code = _is_code(value, quoted=pair.quoted) or _is_path(value) or _plain(value) in _COMMON_PASSWORDS
    return stands and len(value) >= 6 and not code and value.isprintable()  # noqa: PLR2004


def _is_random(value: str, least: float, shortest: int) -> bool:
    digits = sum(map(str.isdigit, value))
    if len(value) < shortest or digits == len(value):
        return False
    return bits(value) >= least and entropy(value) >= 2.5  # noqa: PLR2004 - fewer than six characters in turn


def _is_uuid(value: str) -> bool:
    return tuple(map(len, value.split("-"))) == _UUID and set(value) <= _HEX | {"-"}


def looks_secret(value: str, *, quoted: bool = False) -> bool:
    """Say whether a value that only its name calls a secret looks like one.

    Passwords have no format, so this asks for what words, identifiers, paths and code lack: letters
    mixed with digits or marks, beyond a name with a number behind it. ``quoted``: the value stands
    between quotes, so that a bracket or a dollar in it need not be code.
    """
    if (
        _plain(value) in _COMMON_PASSWORDS
        or _is_worded(value)
        or not value.isprintable()
        or _is_public(value)
    ):
        return False
    digits = sum(character.isdigit() for character in value)
    letters = sum(character.isalpha() for character in value)
    marks = sum(character in _MARKS for character in value)
    if not letters or not (digits or marks):
        return False
    if _is_code(value, quoted=quoted) or _is_path(value) or _is_name(value.strip("#.%")):
        return False
    mixed = digits > 1 and letters > 1 and len(value) >= 8  # noqa: PLR2004 - the shortest usual password
    return len(set(value)) >= (5 if mixed else 6) and entropy(value) >= (2.1 if mixed else 2.8)


def _is_worded(value: str) -> bool:
    """Say whether a value says of itself that it is a password: ``NewPassw0rd456!``, ``Sup3rS3cret!``."""
    word = "".join(filter(str.isalpha, _plain(value)))
    if not any(telling in word for telling in _TELLING_WORDS):
        return False
    for part in _WORDED:
        word = word.replace(part, " ")
    return not word.strip()


def _plain(value: str) -> str:
    """Return the word in ``Passw0rd!`` or ``Test1234``: letters for their look-alikes, ends without marks."""
    word = value.strip("0123456789!@#$%^&*?.+-_=~")
    return word.lower().translate(_LOOK_ALIKES)


def _is_public(value: str) -> bool:
    """Say whether a value is of a kind that is no secret: a password's hash, an address, a public key."""
    if value.startswith(_PUBLIC) or ":APA91b" in value:  # the last: where Firebase sends a message to
        return True
    if value.startswith(("*", "md5")) and len(value.lstrip("*md")) in (40, 33) and set(value[3:]) <= _HEX:
        return True  # MySQL's and PostgreSQL's hash of a password
    if value[:1] == "B" and value[1:2] in _POINT and len(value.rstrip("=")) == _POINT_SIZE:
        return True  # a point on P-256: a browser's, or an application server's, public key
    if value.startswith(_SEALED) and len(value) >= _SEALED_SIZE:
        return True
    return value.startswith("0x") and len(value) == _ADDRESS and set(value[2:]) <= _HEX


def _is_code(value: str, *, quoted: bool) -> bool:
    """Say whether ``value`` is an expression, a variable or a template rather than a text."""
    if "://" in value or "::" in value or value.endswith("\\"):
        return True
    if not quoted:
        if (
            any(mark in value for mark in "([{")
            or value[0] in "$<&*"
            or value.endswith((")", "]", "}", ";", ","))
        ):
            return True
        first, dot, _ = value.partition(".")  # module.Class is code, where the module is a word
        return bool(dot) and all(map(str.isidentifier, value.split("."))) and bits(first) < 0
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

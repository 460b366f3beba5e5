"""Is a value meant to be seen: a password's hash, a public key, an address, an example's password?"""

_PUBLIC = (
    "$2a$", "$2b$", "$2y$", "$argon2", "$1$", "$5$", "$6$", "pbkdf2", "scrypt:", "sha256$", "pk.", "pk_",
    "SCRAM-SHA-", "phc_", "MIIBIjANBgkq", "MIICIjANBgkq", "MIGfMA0GCSqG", "MFkwEwYHKoZI", "MHYwEAYHKoZI",
    "MIGbMBAGByqG", "MCowBQYDK2V", "AAAAC3NzaC1lZDI1", "AAAAB3NzaC1yc2", "AAAAE2VjZHNh",
)  # fmt: skip
_POINT = "ABCDEFGHIJKLMNOP"  # how base64 goes on behind a point's first byte, 4
_POINT_SIZE = 87  # characters of its 65 bytes
_SEALED = ("AgA", "AgB", "AgC", "AgD")  # Bitnami's sealed secrets
_SEALED_SIZE = 400
_ADDRESS = 42  # characters of an Ethereum address
#: MySQL's and PostgreSQL's hashes of a password: what they begin with, and their digits.
_HASHES = (("*", 40), ("md5", 32))
_HEX = frozenset("0123456789abcdefABCDEF")
_LOOK_ALIKES = str.maketrans("0134@$5", "oieaass")
_COMMON = frozenset(
    """
    password secret admin postgres root test guest welcome qwerty letmein hunter user demo dev
    default none null true false undefined optional required string abc abcd qwe qwer asdf changeme
    short tooshort
    """.split()
)
_TELLING_WORDS = ("pass", "secret", "secure")
#: What values that say "password" of themselves are made of; longer words first.
_WORDED = tuple(
    """
    password passwort passwrd passw passphrase pass word secret secure correct current existing
    original updated another different invalid strong valid wrong super short weak test temp user
    admin demo good long very some your kindof initial default reset change new old bad any top my
    is a s this
    """.split()
)


def is_public(value: str) -> bool:
    """Say whether a value is of a kind that is no secret: a password's hash, an address, a public key."""
    if value.startswith(_PUBLIC) or ":APA91b" in value:  # the last: where Firebase sends a message to
        return True
    for begins, size in _HASHES:
        digest = value.removeprefix(begins)
        if digest != value and len(digest) == size and set(digest) <= _HEX:
            return True
    if value[:1] == "B" and value[1:2] in _POINT and len(value.rstrip("=")) == _POINT_SIZE:
        return True  # a point on P-256: a browser's, or an application server's, public key
    if value.startswith(_SEALED) and len(value) >= _SEALED_SIZE:
        return True
    return value.startswith("0x") and len(value) == _ADDRESS and set(value[2:]) <= _HEX


def is_example(value: str) -> bool:
    """Say whether a password is one of those that examples have: ``Passw0rd!``, ``NewPassword456!``."""
    plain = _plain(value)
    if plain in _COMMON:
        return True
    word = "".join(filter(str.isalpha, plain))
    if not any(telling in word for telling in _TELLING_WORDS):
        return False
    for part in _WORDED:
        word = word.replace(part, " ")
    return not word.strip()


def _plain(value: str) -> str:
    """Return the word in ``Passw0rd!`` or ``Test1234``: letters for their look-alikes, ends without marks."""
    word = value.strip("0123456789!@#$%^&*?.+-_=~")
    return word.lower().translate(_LOOK_ALIKES)


def unpacked(value: str) -> str:
    """Return the printable text that base64 hides in a value; empty where there is none."""
    if len(value) % 4 or len(value) < 8:  # noqa: PLR2004
        return ""
    import binascii  # noqa: PLC0415 - a clean text never comes here

    try:
        text = binascii.a2b_base64(value, strict_mode=True).decode("ascii")
    except ValueError:
        return ""
    return text if text.isprintable() else ""

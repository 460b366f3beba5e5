"""Fingerprints that may be shared: a policy that lists one tells nobody the value.

A plain hash of a value could be turned back by trying guesses at a billion a second, and would look the
same in every repository. So each is derived by scrypt (16 MiB and about 50 ms a guess) under a random
salt, which stands in the fingerprint. A file's entries share one salt, so that a finding costs one
derivation however many entries there are; another file's salt differs, and so does the same value there.
"""

import os

from codex_guard.model import Secret

_VERSION = "s1"
_SALT = 16  # bytes, as is what is kept of the derived key
_COST = 1 << 14
_BLOCK = 8
_HEX = frozenset("0123456789abcdef")


def new_salt() -> str:
    """Return a fresh random salt, as 32 hex digits."""
    return os.urandom(_SALT).hex()


def salt_of(fingerprint: str) -> str | None:
    """Return the salt in a fingerprint, ``s1-SALT-DIGEST``; None where it is no fingerprint."""
    version, _, rest = fingerprint.partition("-")
    salt, _, digest = rest.partition("-")
    sound = all(len(part) == 2 * _SALT and _HEX.issuperset(part) for part in (salt, digest))
    return salt if version == _VERSION and sound else None


def fingerprint(secret: Secret, salt: str) -> str:
    """Return the value's fingerprint under a salt of ``new_salt``. Takes about 50 ms, on purpose."""
    import hashlib  # noqa: PLC0415 - only a finding under a policy with entries needs it

    value = secret.reveal().encode("utf-8", "surrogatepass")
    key = hashlib.scrypt(value, salt=bytes.fromhex(salt), n=_COST, r=_BLOCK, p=1, dklen=_SALT)
    return f"{_VERSION}-{salt}-{key.hex()}"

"""Templates that expand to made-up credentials, so that no complete token is ever written down.

``ghp_{crc62:36}`` becomes a token of the right shape. The same template and seed always give the
same text. ``{{`` and ``}}`` stand for braces.
"""

import random
import re
import string
import uuid

from codex_guard.errors import GuardError
from codex_guard.secrets.proof import checksum

_CHARSETS = {
    "alnum": string.ascii_letters + string.digits,
    "alpha": string.ascii_letters,
    "lower": string.ascii_lowercase + string.digits,
    "upper": string.ascii_uppercase + string.digits,
    "digits": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "base32": string.ascii_uppercase + "234567",
    "base64": string.ascii_letters + string.digits + "+/",
    "base64url": string.ascii_letters + string.digits + "-_",
    # What stands in a token's place: written out, it would look like a whole one.
    "x": "x",
    "X": "X",
    "zero": "0",
    "dash": "-",
}
_FIELD = re.compile(r"\{\{|\}\}|\{([A-Za-z0-9]+)(?::(\d+))?\}|[{}]")
_LINE = 64
_CRC = 6  # base62 digits of a CRC-32


def expand(template: str, seed: int = 0) -> str:
    """Return ``template`` with every field replaced by made-up text of that shape.

    Fields: ``{CHARSET:N}`` with a charset of this module, ``{uuid}``, ``{jwt}``, ``{pem:N}`` (N base64
    characters in lines of 64) and ``{crc62:N}`` (the last six are the others' CRC-32, as GitHub's tokens
    end). Raises GuardError for a field that does not exist.
    """
    source = random.Random(f"{seed}:{template}")  # noqa: S311 - made-up tokens must be reproducible

    def fill(match: re.Match[str]) -> str:
        whole, name, size = match[0], match[1], int(match[2] or 0)
        if whole in {"{{", "}}"}:
            return whole[0]
        if name == "uuid":
            return str(uuid.UUID(int=source.getrandbits(128), version=4))
        if name == "jwt":
            return _jwt(source)
        if name == "pem":
            body = _characters(source, "base64", size)
            return "\n".join(body[at : at + _LINE] for at in range(0, size, _LINE))
        if name == "crc62" and size > _CRC:
            body = _characters(source, "alnum", size - _CRC)
            return body + checksum.digits(checksum.crc32(body), checksum.BASE62, _CRC)
        if name in _CHARSETS and size:
            return _characters(source, name, size)
        known = ", ".join((*_CHARSETS, "uuid", "jwt", "pem", "crc62"))
        raise GuardError(
            f"The template field {whole!r} is unknown: use {{NAME:LENGTH}} with one of {known},"
            " and {{ or }} for a brace."
        )

    return _FIELD.sub(fill, template)


def _characters(source: random.Random, charset: str, size: int) -> str:
    """Draw ``size`` characters; from 8 on, every class of the charset that fits is present."""
    letters = _CHARSETS[charset]
    drawn = [source.choice(letters) for _ in range(size)]
    if size >= 8:  # noqa: PLR2004 - shorter pieces are parts of a token, not its random body
        classes = [
            "".join(c for c in letters if c in group)
            for group in (string.digits, string.ascii_lowercase, string.ascii_uppercase)
        ]
        places = source.sample(range(size), 3)
        for place, group in zip(places, classes, strict=True):
            if group:
                drawn[place] = source.choice(group)
    return "".join(drawn)


def _jwt(source: random.Random) -> str:
    """Return a three-part token whose header and payload are base64url of JSON."""
    import base64  # noqa: PLC0415 - only this field needs it

    def part(text: str) -> str:
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    header = part('{"alg":"HS256","typ":"JWT"}')
    payload = part(f'{{"sub":"{_characters(source, "digits", 10)}","iat":1700000000}}')
    return f"{header}.{payload}.{_characters(source, 'base64url', 43)}"

"""Does a value hold its format's own proof? By name, for what a rule's regex matched.

Two sorts of proof: a checksum that the value carries (here and in ``personal``), and a structure that it
decodes to (``structure``, ``keyblock``). A check says no only where the value breaks a proof
that the format has: a documented older form without one holds. Pure, and linear in the value's length.
"""

from codex_guard.secrets.proof import keyblock, personal, structure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def holds(check: str, value: str) -> bool:
    """Say whether ``value`` holds the proof that the format named ``check`` carries.

    ``value`` is any text and never raises; a ``check`` that is not in ``CHECKS`` raises KeyError.
    """
    return _CHECKS[check](value)


def _github(value: str) -> bool:
    """GitHub's tokens: 30 random characters, then their CRC-32 in 6 base62 digits.

    https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    The digits run 0-9, A-Z, a-z: real tokens published after their revocation show it. Installation
    tokens can be JWTs behind the prefix instead, and the longer refresh tokens hold as they are: what
    their checksum covers is not said.
    """
    prefix, _, body = value.partition("_")
    if prefix not in {"ghp", "gho", "ghu", "ghs", "ghr"}:
        return False
    if prefix == "ghs" and "." in body:
        number, _, token = body.partition("_")
        return structure.jwt(token if _is_number(number) else body)
    if prefix == "ghr" and len(body) > 36:  # noqa: PLR2004 - a classic token's length
        return body.isascii() and body.isalnum()
    return _ends_in_crc62(body)


def _npm(value: str) -> bool:
    """Check npm's granular and classic tokens, which have GitHub's format.

    https://github.blog/security/announcing-npms-new-access-token-format/
    """
    return value.startswith("npm_") and _ends_in_crc62(value[4:])


def _ends_in_crc62(body: str) -> bool:
    """Say whether 30 base62 characters are followed by their CRC-32, zero-padded to 6 base62 digits."""
    if len(body) != 36 or not (body.isascii() and body.isalnum()):  # noqa: PLR2004 - 30 and 6
        return False
    return digits(crc32(body[:30]), BASE62, 6) == body[30:]


def _gitlab(value: str) -> bool:
    """Check GitLab's routable tokens: payload, its length, and a CRC-32 of all before, both in base 36.

    https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/
    An instance can put a prefix of its own before ``glpat-``, which the CRC covers and a rule does not
    match. So a payload that is built as GitLab builds it holds too. Tokens without a dot carry no proof.
    """
    if not value.startswith(("gl", "GR")):
        return False
    if "." not in value:
        return True
    pieces = value.rsplit(".", 3)
    tail = pieces[-1]
    if len(pieces) > 3 or len(tail) != 9 or not set(tail) <= set(_BASE36):  # noqa: PLR2004 - 2 and 7 digits
        return False
    size = int(tail[:2], 36)
    if size == 0 or len(pieces[0]) <= size:
        return False
    return digits(crc32(value[:-7]), _BASE36, 7) == tail[2:] or structure.is_routing(pieces[0][-size:])


def _grafana(value: str) -> bool:
    """Check Grafana's service account tokens: a CRC-32 of all before it, as little-endian hex.

    https://github.com/grafana/grafana/blob/main/pkg/components/satokengen/tokengen.go
    """
    body, _, checksum = value.rpartition("_")
    if not body.startswith("glsa_"):
        return False
    return crc32(body).to_bytes(4, "little").hex() == checksum.lower()


def _age(value: str) -> bool:
    """Check an age identity: Bech32 of 32 bytes, in one case.

    https://github.com/C2SP/C2SP/blob/main/age.md and
    https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki
    """
    if value not in {value.upper(), value.lower()}:
        return False
    readable, _, symbols = value.lower().rpartition("1")
    if readable not in {"age-secret-key-", "age-secret-key-pq-"}:
        return False
    if len(symbols) != 58 or not set(symbols) <= set(_BECH32):  # noqa: PLR2004 - 52 for 32 bytes, 6 to check
        return False
    expanded = [ord(letter) >> 5 for letter in readable] + [0] + [ord(letter) & 31 for letter in readable]
    state = 1
    for number in expanded + [_BECH32.index(symbol) for symbol in symbols]:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ number
        for bit, generator in enumerate(_BECH32_GENERATOR):
            state ^= generator if top >> bit & 1 else 0
    return state == 1


def _bitcoin_wif(value: str) -> bool:
    """Check a Bitcoin private key in wallet import format: main or test network, 32 bytes.

    https://en.bitcoin.it/wiki/Wallet_import_format
    """
    data = _base58check(value)
    if data[:1] not in {b"\x80", b"\xef"}:
        return False
    return len(data) == 33 or (len(data) == 34 and data[-1] == 1)  # noqa: PLR2004 - version, key, compressed


def _bip32_private(value: str) -> bool:
    """Check an extended private key (``xprv``, ``tprv``, ``zprv``): 78 bytes, of which the key's first is 0.

    https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki
    """
    data = _base58check(value)
    return value[1:4] == "prv" and len(data) == 78 and data[45] == 0  # noqa: PLR2004 - BIP-32's layout


def _base58check(value: str) -> bytes:
    """Return what base58check protects in ``value``, without its four check bytes; nothing if they are wrong.

    https://en.bitcoin.it/wiki/Base58Check_encoding
    """
    import hashlib  # noqa: PLC0415 - only these formats need it

    if not 8 < len(value) <= 120 or not set(value) <= set(_BASE58):  # noqa: PLR2004 - decoding is quadratic
        return b""
    number = 0
    for digit in value:
        number = number * 58 + _BASE58.index(digit)
    zeros = len(value) - len(value.lstrip("1"))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    body, check = data[:-4], data[-4:]
    return body if hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == check else b""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def digits(number: int, alphabet: str, width: int) -> str:
    """Write ``number`` in the base of ``alphabet``, with leading zeros up to ``width`` digits."""
    written = ""
    while number:
        number, digit = divmod(number, len(alphabet))
        written = alphabet[digit] + written
    return written.rjust(width, "0")


def crc32(text: str) -> int:
    """Return the CRC-32 of a text's UTF-8."""
    import zlib  # noqa: PLC0415 - only these formats need it

    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


_CHECKS: "dict[str, Callable[[str], bool]]" = {
    "age": _age,
    "base64-32": structure.base64_32,
    "base64-64": structure.base64_64,
    "basic": structure.basic,
    "bedrock": structure.bedrock,
    "bip32-private": _bip32_private,
    "bitcoin-wif": _bitcoin_wif,
    "cloudflare-tunnel": structure.cloudflare_tunnel,
    "discord": structure.discord,
    "docker-auth": structure.docker_auth,
    "github": _github,
    "gitlab": _gitlab,
    "grafana": _grafana,
    "grafana-cloud": structure.grafana_cloud,
    "grafana-legacy": structure.grafana_legacy,
    "iban": personal.iban,
    "jwt": structure.jwt,
    "luhn": personal.luhn,
    "mapbox": structure.mapbox,
    "npm": _npm,
    "onepassword": structure.onepassword,
    "pem": keyblock.pem,
    "pem-base64": keyblock.pem_base64,
    "ppk": keyblock.ppk,
    "pypi": structure.pypi,
    "sentry": structure.sentry,
    "us-ssn": personal.us_ssn,
}

#: The names that ``holds`` knows, in alphabetical order.
CHECKS: tuple[str, ...] = tuple(_CHECKS)

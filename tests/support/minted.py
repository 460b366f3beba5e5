"""Made-up credentials that hold their format's proof, written from the formats and not from our checks."""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable

from codex_guard.secrets.rules.template import expand

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
DASHES = "-" * 5


def crc(text: str) -> int:
    return zlib.crc32(text.encode())


def in_base(number: int, digits: str, width: int) -> str:
    written = []
    for _ in range(width):
        number, rest = divmod(number, len(digits))
        written.append(digits[rest])
    assert number == 0
    return "".join(reversed(written))


def in_base62(text: str) -> str:
    digits = "".join(map(chr, (*range(48, 58), *range(65, 91), *range(97, 123))))
    return in_base(crc(text), digits, 6)


def in_base36(number: int, width: int) -> str:
    return in_base(number, "".join(map(chr, (*range(48, 58), *range(97, 123)))), width)


def octets(size: int, seed: int) -> bytes:
    return hashlib.shake_256(str(seed).encode()).digest(size)


def standard(data: bytes) -> str:
    return base64.b64encode(data).decode()


def url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def written(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def classic(prefix: str, seed: int) -> str:
    body = expand("{alnum:30}", seed)
    return f"{prefix}_{body}{in_base62(body)}"


def gitlab(seed: int, payload: str = "", prefix: str = "glpat-", covered: str = "") -> str:
    payload = payload or url_safe(octets(16, seed) + b"c:1\no:a\nu:z9\x10")
    body = f"{prefix}{payload}.01.{in_base36(len(payload), 2)}"
    return body + in_base36(crc(covered + body), 7)


def grafana(seed: int) -> str:
    body = expand("glsa_{alnum:32}", seed)
    return f"{body}_{crc(body).to_bytes(4, 'little').hex()}"


def bech32(readable: str, data: bytes) -> str:
    """BIP-173 as a division of polynomials over GF(32), in upper case."""
    bits = "".join(f"{octet:08b}" for octet in data)
    bits += "0" * (-len(bits) % 5)
    symbols = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    spread = [ord(letter) // 32 for letter in readable] + [0] + [ord(letter) % 32 for letter in readable]
    state = 1
    for number in [*spread, *symbols, *[0] * 6]:
        high, state = divmod(state, 1 << 25)
        state = (state << 5) ^ number
        for place in range(5):
            if high & (1 << place):
                state ^= (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)[place]
    state ^= 1
    check = [(state >> 5 * place) % 32 for place in (5, 4, 3, 2, 1, 0)]
    return (readable + "1" + "".join(BECH32[symbol] for symbol in symbols + check)).upper()


def base58check(data: bytes) -> str:
    data += hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    number, out = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        out = BASE58[rest] + out
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + out


def extended(seed: int, version: int = 0x0488ADE4) -> str:
    return base58check(version.to_bytes(4, "big") + octets(41, seed) + b"\0" + octets(32, seed + 1))


def jwt(seed: int, header: object = None, payload: object = None) -> str:
    parts = header or {"alg": "HS256", "typ": "JWT"}, payload or {"sub": str(seed), "exp": 1_500_000_000}
    return ".".join([*(url_safe(written(part)) for part in parts), url_safe(octets(32, seed))])


def jwe(seed: int) -> str:
    header = url_safe(written({"alg": "dir", "enc": "A256GCM"}))
    return f"{header}..{url_safe(octets(12, seed))}.{url_safe(octets(90, seed))}.{url_safe(octets(16, seed))}"


def macaroon(seed: int, host: str = "pypi." + "org", signature: int = 32, caveats: int = 2) -> str:
    def field(kind: int, content: bytes) -> bytes:
        size = len(content)
        low, high = size % 128, size // 128
        return bytes([kind, *([low + 128, high] if high else [low])]) + content

    body = field(1, host.encode()) + field(2, octets(36, seed)) + b"\0"
    for number in range(caveats):
        body += field(2, written([number, [expand("{uuid}", seed)] * 5])) + b"\0"
    return "pypi-" + url_safe(b"\x02" + body + b"\0" + field(6, octets(signature, seed)))


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(length)]) + length + content


def rsa(seed: int) -> bytes:
    numbers = (der(2, b"\1" + octets(size, seed + size)) for size in (128, 3, 127, 64, 65, 66, 67, 68))
    return der(0x30, der(2, b"\0") + b"".join(numbers))


def pkcs8(seed: int) -> bytes:
    algorithm = der(0x30, der(6, b"\x2b\x65\x70"))
    return der(0x30, der(2, b"\0") + algorithm + der(4, der(4, octets(32, seed))))


def sec1(seed: int) -> bytes:
    return der(0x30, der(2, b"\1") + der(4, octets(32, seed)) + der(0xA0, der(6, octets(8, seed))))


def encrypted(seed: int) -> bytes:
    scheme = der(0x30, der(6, octets(9, seed)) + der(0x30, der(4, octets(16, seed))))
    return der(0x30, scheme + der(4, octets(160, seed)))


def openssh(seed: int) -> bytes:
    return b"openssh-key-v1\0" + octets(180, seed)


def pgp(seed: int) -> bytes:
    return b"\x95\x01\x20" + octets(288, seed)


def block(label: str, data: bytes, headers: Iterable[str] = (), behind: str = "") -> str:
    body = standard(data)
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    head = [*headers, ""] if headers else []
    ends = f"{DASHES}BEGIN {label}{DASHES}", f"{DASHES}END {label}{DASHES}"
    return "\n".join([ends[0], *head, *lines, *([behind] if behind else []), ends[1], ""])


def putty(seed: int) -> str:
    lines = expand("{pem:128}", seed) + "\n" + standard(octets(24, seed))
    return (
        "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: work\nPublic-Lines: 1\nAAAA\n"
        f"Private-Lines: 3\n{lines}\nPrivate-MAC: {expand('{hex:64}', seed)}\n"
    )


def card(prefix: str, size: int, seed: int) -> str:
    body = prefix + expand(f"{{digits:{size - len(prefix) - 1}}}", seed)
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body)))
    return body + str(-sum(sum(divmod(number, 10)) for number in doubled) % 10)


def iban(country: str, size: int, seed: int) -> str:
    account = expand(f"{{digits:{size - 4}}}", seed)
    number = "".join(str(ord(letter) - 55) for letter in country)
    return f"{country}{98 - int(account + number + '00') % 97:02}{account}"


def credentials(user: str, password: str) -> str:
    return standard(f"{user}:{password}".encode())


#: A value that holds, by the name of its check; from a seed.
MINTED: dict[str, Callable[[int], str]] = {
    "age": lambda seed: bech32("age-secret-key-", octets(32, seed)),
    "base64-32": lambda seed: standard(octets(32, seed)),
    "base64-64": lambda seed: standard(octets(64, seed)),
    "basic": lambda seed: credentials("deploy", expand("{alnum:14}", seed)),
    "bedrock": lambda seed: (
        "bedrock-api-key-"
        + standard(b"bedrock.amazonaws.com/?Action=CallWithBearerToken&X=" + octets(40, seed).hex().encode())
    ),
    "bip32-private": extended,
    "bitcoin-wif": lambda seed: base58check(b"\x80" + octets(32, seed) + b"\1"),
    "cloudflare-tunnel": lambda seed: standard(
        written({"a": octets(16, seed).hex(), "t": expand("{uuid}", seed), "s": standard(octets(32, seed))})
    ),
    "discord": lambda seed: ".".join(
        [url_safe(expand("1{digits:17}", seed).encode()), expand("{alnum:6}"), expand("{alnum:38}", seed)]
    ),
    "docker-auth": lambda seed: credentials("deploy", expand("{alnum:14}", seed)),
    "github": lambda seed: classic("ghp", seed),
    "gitlab": gitlab,
    "grafana": grafana,
    "grafana-cloud": lambda seed: (
        "glc_" + standard(written({"o": "1", "n": "ci", "k": expand("{alnum:24}", seed), "m": {"r": "eu"}}))
    ),
    "grafana-legacy": lambda seed: standard(written({"k": expand("{alnum:32}", seed), "n": "ci", "id": 1})),
    "iban": lambda seed: iban("DE", 22, seed),
    "jwt": jwt,
    "luhn": lambda seed: card("4", 16, seed),
    "mapbox": lambda seed: (
        f"sk.{url_safe(written({'u': 'acme', 'a': str(seed)}))}.{expand('{base64url:22}', seed)}"
    ),
    "npm": lambda seed: classic("npm", seed),
    "onepassword": lambda seed: (
        "ops_" + url_safe(written({"signInAddress": "acme", "secretKey": expand("{alnum:30}", seed)}))
    ),
    "pem": lambda seed: block("RSA PRIVATE KEY", rsa(seed)),
    "pem-base64": lambda seed: standard(block("PRIVATE KEY", pkcs8(seed)).encode()),
    "ppk": putty,
    "pypi": macaroon,
    "sentry": lambda seed: (
        f"sntrys_{standard(written({'iat': 1.5, 'org': 'acme'}))}_{standard(octets(32, seed))[:43]}"
    ),
    "us-ssn": lambda seed: f"5{seed % 10}8-1{seed % 10}-2{expand('{digits:3}', seed)}",
}

"""Tokens that decode to something: JSON, a macaroon, user and password, so many bytes. No clock, no network.

A structure proves a format, not that a token is live: a JWT whose ``exp`` has passed is still well formed.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")
_SNOWFLAKE = range(17, 21)  # digits of a Discord id: the service's first ones had 17, 64 bits have 20
_LOCATION, _IDENTIFIER, _VERIFIER, _SIGNATURE = 1, 2, 4, 6  # a macaroon's fields; 0 ends a section
_MACAROON = 16_384  # bytes of a macaroon, generously: the service's own have some 150
_HOSTS = ("cHlwaS5vcmc", "dGVzdC5weXBpLm9yZw")  # the index and its test site, as their tokens have them
_RANDOM = 16  # random bytes of a routable GitLab token


def decoded(text: str) -> bytes:
    """Return what ``text`` is the base64 of, in either alphabet, padded or not; nothing where it is none."""
    import binascii  # noqa: PLC0415 - only these formats need it

    body = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return binascii.a2b_base64(body + "=" * (-len(body) % 4), strict_mode=True)
    except ValueError:
        return b""


def _document(text: str) -> "Any":
    """Return the JSON that ``text`` is the base64 of; None where it is none."""
    import json  # noqa: PLC0415 - only these formats need it

    try:
        return json.loads(decoded(text).decode())
    except (ValueError, RecursionError):
        return None


def _names(text: str, *names: str) -> bool:
    """Say whether ``text`` is the base64 of a JSON object that has all these ``names``."""
    document = _document(text)
    return isinstance(document, dict) and all(name in document for name in names)


def jwt(value: str) -> bool:
    """Check a JSON Web Token: a signed one of three parts, or an encrypted one of five.

    https://www.rfc-editor.org/rfc/rfc7519, rfc7515#section-7.1 and rfc7516#section-7.1. The header is a
    JSON object that names its algorithm. The payload is an object or an array, except where the header
    says that it is compressed or encrypted. Only ``alg`` "none" goes without a signature.
    """
    if value.count(".") not in {2, 4}:
        return False
    header, *parts = value.split(".")
    about = _document(header)
    algorithm = about.get("alg") if isinstance(about, dict) else None
    if not isinstance(algorithm, str) or not all(_BASE64.issuperset(part) for part in parts):
        return False
    if len(parts) == 4:  # noqa: PLR2004 - key, nonce, ciphertext, tag
        return "enc" in about and all(parts[1:])
    payload, signature = parts
    if "zip" not in about and not isinstance(_document(payload), (dict, list)):
        return False
    return bool(signature) or algorithm.lower() == "none"


def mapbox(value: str) -> bool:
    """Check a Mapbox token: its kind, a base64url JSON object, and a signature.

    https://docs.mapbox.com/api/accounts/tokens/#token-format
    """
    kind, _, rest = value.partition(".")
    payload, _, signature = rest.partition(".")
    return kind in {"sk", "pk", "tk"} and bool(signature) and _names(payload)


def onepassword(value: str) -> bool:
    """Check a 1Password service account token: ``ops_`` and the base64url of a JSON object.

    https://developer.1password.com/docs/service-accounts/security/
    """
    return value.startswith("ops_") and _names(value[4:])


def sentry(value: str) -> bool:
    """Check a Sentry organisation token: base64 JSON of when and for whom, then the secret.

    https://github.com/getsentry/rfcs/blob/main/text/0091-ci-upload-tokens.md
    """
    facts, _, secret = value.removeprefix("sntrys_").rpartition("_")
    return value.startswith("sntrys_") and bool(secret) and _names(facts, "iat", "org")


def grafana_cloud(value: str) -> bool:
    """Check a Grafana Cloud access policy token: base64 JSON of organisation ``o``, name ``n`` and key ``k``.

    https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/
    (the names as in every token that the service hands out).
    """
    return value.startswith("glc_") and _names(value[4:], "o", "n", "k")


def grafana_legacy(value: str) -> bool:
    """Check a Grafana API key of before the service accounts: base64 JSON of key, name and organisation id.

    https://github.com/grafana/grafana/blob/main/pkg/components/apikeygen/apikeygen.go
    """
    return _names(value, "k", "n", "id")


def cloudflare_tunnel(value: str) -> bool:
    """Check a Cloudflare tunnel token: base64 JSON of account ``a``, tunnel ``t`` and secret ``s``.

    https://github.com/cloudflare/cloudflared/blob/master/connection/connection.go
    """
    return _names(value, "a", "s", "t")


def bedrock(value: str) -> bool:
    """Check a short-term Bedrock key: the base64 of the signed request that calls with a bearer token.

    https://github.com/aws/aws-bedrock-token-generator-python
    """
    prefix = "bedrock-api-key-"
    return value.startswith(prefix) and b"Action=CallWithBearerToken" in decoded(value[len(prefix) :])


def discord(value: str) -> bool:
    """Check a Discord token: its first of three parts is the base64 of a decimal user id.

    https://discord.com/developers/docs/reference#snowflakes gives the id; that a token starts with it is
    how the service builds tokens, and libraries read it so, though Discord does not promise it.
    """
    first, *rest = value.split(".", 3)
    number = decoded(first)
    return len(rest) == 2 and all(rest) and len(number) in _SNOWFLAKE and number.isdigit()  # noqa: PLR2004


def basic(value: str) -> bool:
    """Check HTTP Basic credentials: the base64 of ``user:password``, of which one can be empty.

    https://www.rfc-editor.org/rfc/rfc7617#section-2. Services that take an API key have it as either
    half. A UUID alone holds too: OneSignal's older keys are sent so, without the colon.
    """
    text = _credentials(value)
    user, colon, password = text.partition(":")
    if colon:
        return bool(user or password)
    return [len(piece) for piece in text.split("-", 5)] == [8, 4, 4, 4, 12]


def docker_auth(value: str) -> bool:
    """Check an ``auth`` of Docker's config.json: the base64 of ``user:password``, neither of them empty.

    https://github.com/docker/cli/blob/master/cli/config/configfile/file.go. Without a password it is
    the mark of a login by identity token, and no secret.
    """
    user, _, password = _credentials(value).partition(":")
    return bool(user and password.rstrip("\0"))


def _credentials(value: str) -> str:
    """Return the text that ``value`` is the base64 of; empty where it is none.

    A password can be a whole JSON key file, so line ends are text.
    """
    data = decoded(value)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text if text.translate(dict.fromkeys(b"\0\t\n\r")).isprintable() else ""


def base64_32(value: str) -> bool:
    """Check the base64 of 32 bytes, as an encoder writes it: a WireGuard key, an Azure shared access key.

    https://man7.org/linux/man-pages/man8/wg.8.html and
    https://learn.microsoft.com/en-us/azure/service-bus-messaging/service-bus-sas
    """
    return _encodes(value, 32)


def base64_64(value: str) -> bool:
    """Check the base64 of 64 bytes, as an encoder writes it: an Azure storage account key.

    https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage
    """
    return _encodes(value, 64)


def _encodes(value: str, size: int) -> bool:
    import binascii  # noqa: PLC0415 - only these formats need it

    data = decoded(value)
    return len(data) == size and binascii.b2a_base64(data, newline=False).decode() == value


def pypi(value: str) -> bool:
    """Check a PyPI token: a version 2 macaroon of the index, or its test site, signed with 32 bytes.

    https://github.com/pypi/warehouse/blob/main/docs/user/api/secrets.md and
    https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt: a location, an identifier and an
    end; then caveats; then an end and the signature, and nothing behind it.
    """
    data = decoded(value.removeprefix("pypi-"))
    if not value.startswith("pypi-") or data[:1] != b"\x02" or len(data) > _MACAROON:
        return False
    fields = list(_fields(data))
    if len(fields) < 5 or fields[0] not in {(_LOCATION, decoded(host)) for host in _HOSTS}:  # noqa: PLR2004
        return False
    if fields[1][0] != _IDENTIFIER or fields[2][0] or fields[-2][0]:
        return False
    kind, signature = fields[-1]
    within = {kind for kind, _ in fields[3:-1]} <= {0, _LOCATION, _IDENTIFIER, _VERIFIER}
    return within and kind == _SIGNATURE and len(signature) == 32  # noqa: PLR2004 - HMAC-SHA-256


def _fields(data: bytes) -> "Iterator[tuple[int, bytes]]":
    """Yield a macaroon's fields as type and content; a last one of type -1 where they do not fit the data."""
    at = 1
    while at < len(data):
        kind = data[at]
        at += 1
        size = shift = 0
        while kind:
            if at >= len(data) or shift > 21:  # noqa: PLR2004 - no field needs more than four digits of 7 bits
                yield -1, b""
                return
            digit = data[at]
            at += 1
            size |= (digit & 127) << shift
            shift += 7
            if digit < 128:  # noqa: PLR2004 - the last digit
                break
        if at + size > len(data):
            yield -1, b""
            return
        yield kind, data[at : at + size]
        at += size


def is_routing(payload: str) -> bool:
    """Say whether ``payload`` is the base64url of what a routable GitLab token carries.

    Random bytes, lines of a letter and a base 36 number (``o:1``), and how many random bytes there are.
    """
    data = decoded(payload)
    if len(data) <= _RANDOM + 1 or data[-1] != _RANDOM:
        return False
    return all(
        len(line) > 2 and line[:1].isalpha() and line[1:2] == b":" and line[2:].isalnum()  # noqa: PLR2004
        for line in data[_RANDOM:-1].split(b"\n")
    )

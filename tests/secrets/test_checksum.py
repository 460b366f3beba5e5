"""Which values hold their format's proof, and what breaks one."""

import base64
from collections.abc import Callable

import pytest

from codex_guard.secrets.proof.checksum import CHECKS, holds
from codex_guard.secrets.rules.template import expand
from support import minted

BLOCKS = {
    "PKCS#1": minted.block("RSA PRIVATE KEY", minted.rsa(1)),
    "PKCS#8": minted.block("PRIVATE KEY", minted.pkcs8(2)),
    "PKCS#8, RSA": minted.block("PRIVATE KEY", minted.der(0x30, b"\2\1\0\x30\3\6\1\5" + minted.rsa(3))),
    "SEC1": minted.block("EC PRIVATE KEY", minted.sec1(4)),
    "encrypted": minted.block("ENCRYPTED PRIVATE KEY", minted.encrypted(5)),
    "encrypted as of old": minted.block(
        "RSA PRIVATE KEY",
        minted.octets(608, 6),
        ["Proc-Type: 4,ENCRYPTED", expand("DEK-Info: AES-128-CBC,{HEX:32}")],
    ),
    "OpenSSH": minted.block("OPENSSH PRIVATE KEY", minted.openssh(7)),
    "PGP": minted.block("PGP PRIVATE KEY BLOCK", minted.pgp(8), ["Version: GnuPG v2"], expand("={alnum:4}")),
    "PGP, new": minted.block("PGP PRIVATE KEY BLOCK", b"\xc5\x58" + minted.octets(88, 9), ["Comment: a b"]),
    "SSH2": minted.block("SSH2 ENCRYPTED PRIVATE KEY", b"\x3f\x6f\xf9\xeb" + minted.octets(300, 1)),
}
GUISES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "CR LF": lambda text: text.replace("\n", "\r\n"),
    "one line of JSON": lambda text: text.replace("\n", "\\n"),
    "JSON in JSON": lambda text: text.replace("\n", "\\\\n"),
    "JSON's other way": lambda text: text.replace("\n", "\\u000a"),
    "percent-encoded": lambda text: text.replace("\n", "%0A"),
    "XML": lambda text: text.replace("\n", "&#10;"),
    "spaces for lines": lambda text: text.replace("\n", " "),
    "indented": lambda text: "".join(f"\t    {line}\n" for line in text.splitlines()),
    "quoted": lambda text: " +\n".join(f'    "{line}\\n"' for line in text.splitlines()),
    "listed": lambda text: ",\n".join(f"'{line}'" for line in text.splitlines()),
    "commented": lambda text: "".join(f"// {line}\n" for line in text.splitlines()),
    "added": lambda text: "".join(f"+{line}\n" for line in text.splitlines()),
}


def test_every_check_is_known_by_name() -> None:
    assert set(CHECKS) == minted.MINTED.keys()
    assert list(CHECKS) == sorted(CHECKS)
    with pytest.raises(KeyError):
        holds("nothing", "")


@pytest.mark.parametrize("check", CHECKS)
def test_what_is_made_by_the_format_holds(check: str) -> None:
    for seed in range(20):
        assert holds(check, minted.MINTED[check](seed)), seed


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    "value", ["", "=", ".", "-", "..", "_", "1", "\0", "é", "\ud800", "ghp_", "pypi-", "gl."]
)
def test_what_is_too_little_does_not_hold(check: str, value: str) -> None:
    assert not holds(check, value)


@pytest.mark.parametrize(
    ("check", "template"),
    [
        ("age", "AGE-SECRET-KEY-1{upper:58}"),
        ("base64-32", "{base64:42}B="),
        ("base64-64", "{base64:85}B=="),
        ("basic", "{base64:40}"),
        ("bedrock", "bedrock-api-key-{base64:200}"),
        ("bip32-private", "xprv{alnum:107}"),
        ("bitcoin-wif", "5J{alnum:49}"),
        ("cloudflare-tunnel", "eyJhIjoi{base64:160}"),
        ("discord", "MT{alnum:22}.{alnum:6}.{alnum:38}"),
        ("docker-auth", "{base64:40}"),
        ("github", "ghp_{alnum:36}"),
        ("github", "ghs_12_{base64url:40}.{base64url:40}.{base64url:43}"),
        ("gitlab", "glpat-{base64url:40}.01.14{lower:7}"),
        ("grafana", "glsa_{alnum:32}_{hex:8}"),
        ("grafana-cloud", "glc_eyJ{base64:100}"),
        ("grafana-legacy", "eyJrIjoi{base64:80}"),
        ("jwt", "eyJ{base64url:30}.eyJ{base64url:30}.{base64url:43}"),
        ("mapbox", "sk.eyJ{base64url:60}.{base64url:22}"),
        ("npm", "npm_{alnum:36}"),
        ("onepassword", "ops_eyJ{base64:300}"),
        ("pem", "{dash:5}BEGIN RSA PRIVATE KEY{dash:5}\n{pem:800}\n{dash:5}END RSA PRIVATE KEY{dash:5}\n"),
        ("pem-base64", "LS0tLS1CRUdJTiBSU0EgUFJJV{base64:400}"),
        ("pypi", "pypi-AgEIcHlwaS5vcmcC{base64url:120}"),
        ("sentry", "sntrys_eyJ{base64:90}_{base64:43}"),
    ],
)
def test_what_only_has_the_shape_does_not_hold(check: str, template: str) -> None:
    assert not [seed for seed in range(20) if holds(check, expand(template, seed))]


@pytest.mark.parametrize("prefix", ["ghp", "gho", "ghu", "ghs", "ghr"])
def test_github(prefix: str) -> None:
    value = minted.classic(prefix, 3)
    assert holds("github", value)
    assert not holds("github", value.swapcase())
    assert not holds("github", value[:-1])
    assert not holds("npm", value)


def test_githubs_other_forms_hold_by_what_they_are() -> None:
    assert holds("github", f"ghs_{minted.jwt(1)}")
    assert holds("github", f"ghs_123456_{minted.jwt(2)}")
    assert holds("github", expand("ghr_{alnum:76}"))
    assert not holds("github", f"ghp_{minted.jwt(1)}")


def test_gitlab() -> None:
    noise = minted.url_safe(minted.octets(33, 1))
    routable = minted.gitlab(1)
    assert holds("gitlab", minted.gitlab(1, noise))
    assert holds("gitlab", minted.gitlab(1, noise, "glrt-t3_"))
    assert holds("gitlab", expand("glpat-{base64url:20}"))
    assert not holds("gitlab", expand("acme-{base64url:20}"))
    # An instance's own prefix is in the checksum and not in what a rule matches.
    assert holds("gitlab", minted.gitlab(1, covered="acme-"))
    assert not holds("gitlab", minted.gitlab(1, noise, covered="acme-"))
    assert not holds("gitlab", routable.replace(".01.", ".01.0"))
    assert not holds("gitlab", routable[:-9] + "00" + routable[-7:])
    body, _, tail = routable.partition(".01.")
    first_form = f"{body}.{tail[:2]}"
    assert holds("gitlab", first_form + minted.in_base36(minted.crc(first_form), 7))
    payload = minted.url_safe(minted.octets(16, 1) + b"no routing\x10")
    assert not holds("gitlab", minted.gitlab(1, payload, covered="acme-"))


def test_age_takes_one_case_and_the_new_kind() -> None:
    value = minted.bech32("age-secret-key-pq-", minted.octets(32, 1))
    assert holds("age", value)
    assert holds("age", value.lower())
    assert not holds("age", value[:30] + value[30:].lower())
    assert not holds("age", minted.bech32("age-secret-key-", minted.octets(31, 1)))
    assert not holds("age", minted.bech32("age", minted.octets(32, 1)))


@pytest.mark.parametrize(
    ("data", "good"),
    [
        (b"\x80" + minted.octets(32, 1), True),
        (b"\xef" + minted.octets(32, 1), True),
        (b"\xef" + minted.octets(32, 1) + b"\1", True),
        (b"\x80" + minted.octets(32, 1) + b"\2", False),
        (b"\x80" + minted.octets(31, 1), False),
        (b"\0" + minted.octets(20, 1), False),  # an address
    ],
)
def test_a_bitcoin_key(data: bytes, good: bool) -> None:  # noqa: FBT001 - a row of a table
    assert holds("bitcoin-wif", minted.base58check(data)) is good


def test_an_extended_key_is_private() -> None:
    assert minted.extended(1)[:4] == "xprv"
    assert holds("bip32-private", minted.extended(1, 0x04358394))
    assert not holds("bip32-private", minted.extended(1, 0x0488B21E))  # xpub


@pytest.mark.parametrize(
    ("value", "good"),
    [
        (minted.jwe(1), True),
        (minted.jwe(1).rpartition(".")[0] + ".", False),
        (minted.jwt(1, {"alg": "none"}), True),
        (minted.jwt(1, {"alg": "none"}).rpartition(".")[0] + ".", True),
        (minted.jwt(1).rpartition(".")[0] + ".", False),
        (minted.jwt(1).rpartition(".")[0], False),
        (minted.jwt(1) + "." + expand("{base64url:20}"), False),
        (minted.jwt(1, {"typ": "JWT"}), False),
        (minted.jwt(1, {"alg": 256}), False),
        (minted.jwt(1, ["alg"]), False),
        (minted.jwt(1, payload="sub"), False),
        (minted.jwt(1, payload=[1]), True),
        (".".join([minted.jwt(1, {"alg": "RS256", "zip": "DEF"}).split(".")[0], "eJxLy", "c2ln"]), True),
        (".".join([minted.jwt(1).split(".")[0], "eJxLy", "c2ln"]), False),
        (minted.jwt(1).replace(".", "==.", 1), True),
        (minted.jwt(1)[:-3] + "\n**", False),
    ],
)
def test_a_jwt(value: str, good: bool) -> None:  # noqa: FBT001 - a row of a table
    assert holds("jwt", value) is good


@pytest.mark.parametrize(
    ("value", "good"),
    [
        (minted.macaroon(1, "test.pypi." + "org"), True),
        (minted.macaroon(1, caveats=0), True),
        (minted.macaroon(1, "pypi.acme.io"), False),
        (minted.macaroon(1, signature=31), False),
        (minted.macaroon(1)[5:], False),
        (minted.macaroon(1)[:-4], False),
        (minted.macaroon(1) + "AAAA", False),
        ("pypi-" + minted.url_safe(b"\x01" + base64.urlsafe_b64decode(minted.macaroon(1)[9:] + "==")), False),
        ("pypi-" + minted.url_safe(b"\x02\x01" + b"\xff" * 40), False),
        ("pypi-" + minted.url_safe(b"\x02\x01"), False),
    ],
)
def test_a_pypi_token(value: str, good: bool) -> None:  # noqa: FBT001 - a row of a table
    assert holds("pypi", value) is good


@pytest.mark.parametrize("guise", GUISES)
@pytest.mark.parametrize("kind", BLOCKS)
def test_a_private_key_block_in_any_guise(kind: str, guise: str) -> None:
    text = GUISES[guise](BLOCKS[kind])
    assert holds("pem", text)
    assert holds("pem-base64", minted.standard(text.encode()))


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_without_its_end_or_its_start(kind: str) -> None:
    text = BLOCKS[kind]
    body = text.split(minted.DASHES)[2].strip()
    assert holds("pem", body)
    assert holds("pem", body.replace("\n", "\\n"))
    assert holds("pem", text[: text.rindex("\n" + minted.DASHES)])
    assert holds("pem-base64", minted.standard(text.encode())[:76])
    assert holds("pem-base64", minted.standard(text.encode()).rstrip("="))


def test_a_block_that_was_cut() -> None:
    text = BLOCKS["PKCS#1"]
    assert holds("pem", text[:200])
    assert not holds("pem", text[:90])  # not the 64 bytes that a cut key needs
    assert not holds("pem", text[:60])
    begin = f"{minted.DASHES}BEGIN PRIVATE KEY{minted.DASHES}\n"
    assert holds("pem-base64", minted.standard(f"{begin}MIIEvQIB".encode()))  # too little to tell
    assert not holds("pem-base64", minted.standard(f"{begin}{'+' * 39}MA".encode()))


@pytest.mark.parametrize(
    "text",
    [
        minted.block("RSA PRIVATE KEY", b"This is where the key of your own server goes, in PEM. " * 3),
        minted.block("PRIVATE KEY", minted.octets(200, 1)),
        minted.block("OPENSSH PRIVATE KEY", minted.octets(200, 1)),
        minted.block("PGP PRIVATE KEY BLOCK", minted.octets(200, 2)),
        minted.block("PRIVATE KEY", minted.rsa(1)[:20] + bytes(40)),
        minted.block("PRIVATE KEY", b"\x30\x80" + minted.octets(200, 1)),
        minted.block("PRIVATE KEY", b"\x30\x88" + minted.octets(200, 1)),
        minted.block("PRIVATE KEY", minted.der(0x30, b"\2\1\7\x30" + minted.octets(200, 1))),
        minted.block("PRIVATE KEY", minted.der(0x30, b"\2\1\0\x17" + minted.octets(200, 1))),
        minted.block(
            "CERTIFICATE", minted.der(0x30, minted.der(0x30, b"\xa0\3\2\1\2" + minted.octets(200, 1)))
        ),
        minted.block("RSA PRIVATE KEY", minted.octets(30, 1), ["Proc-Type: 4,ENCRYPTED"]),
        expand("{dash:5}BEGIN PRIVATE KEY{dash:5}\nyour key goes here, with all its lines\n{dash:5}END P"),
        expand("{dash:5}BEGIN PRIVATE KEY{dash:5}\n{x:64}\n{x:64}\n{dash:5}END PRIVATE KEY{dash:5}"),
        expand("{dash:5}BEGIN PRIVATE KEY{dash:5}\nMII...\n{dash:5}END PRIVATE KEY{dash:5}"),
    ],
)
def test_a_block_that_is_no_key(text: str) -> None:
    certificate = "CERTIFICATE" in text
    assert holds("pem", text) is certificate  # whose body alone cannot tell
    assert not holds("pem-base64", minted.standard(text.encode()))


def test_a_body_alone_is_no_text_and_no_pattern() -> None:
    assert holds("pem", minted.standard(minted.octets(64, 1)))
    assert not holds("pem", minted.standard(b"Lorem ipsum dolor sit amet, consectetur adipiscing elit"))
    assert not holds("pem", expand("{x:64}"))
    assert not holds(
        "pem-base64", minted.standard(b"Lorem ipsum dolor sit amet, consectetur adipiscing elit")
    )


def test_a_putty_key() -> None:
    text = minted.putty(1)
    lines = text.partition("Private-Lines: 3\n")[2].partition("Private-MAC")[0]
    assert holds("ppk", lines)
    assert holds("ppk", text.replace("\n", "\r\n"))
    assert not holds("ppk", text.replace("Private-Lines: 3", "Private-Lines: 1"))
    assert not holds("ppk", text.replace("Private-Lines: 3", "Private-Lines: 3000"))
    assert holds("ppk", text[: text.index("\nPrivate-MAC") - 4])
    assert not holds("ppk", text.replace("Private-Lines: 3", "Private-Lines: N"))
    assert not holds("ppk", text.partition("Private-Lines: 3\n")[0] + "Private-Lines: 3\nAAAA\n")
    assert not holds("ppk", minted.standard(b"the private lines of a PuTTY key stand here"))


@pytest.mark.parametrize(
    ("value", "basic", "docker"),
    [
        (minted.credentials("deploy", "p:a:s:s"), True, True),
        (minted.credentials("deploy", ""), True, False),
        (minted.credentials("", "key"), True, False),
        (minted.credentials("", ""), False, False),
        (minted.credentials("Jürgen", "Ü"), True, True),
        (minted.standard("Jürgen:Ü".encode("latin-1")), True, True),
        (minted.credentials("_json_key", '{\n\t"type": 1\n}'), True, True),
        (minted.credentials("deploy", "\0"), True, False),
        (minted.standard(expand("{uuid}").encode()), True, False),
        (minted.standard(b"no colon"), False, False),
        (minted.standard(b"a:\x01\x02"), False, False),
    ],
)
def test_user_and_password(value: str, basic: bool, docker: bool) -> None:  # noqa: FBT001 - a row of a table
    assert (holds("basic", value), holds("docker-auth", value)) == (basic, docker)


def test_as_many_bytes_as_the_key_has() -> None:
    key = minted.standard(minted.octets(32, 1))
    assert not holds("base64-64", key)
    assert not holds("base64-32", key.rstrip("="))
    assert not holds("base64-32", minted.standard(minted.octets(31, 1)))
    assert not holds("base64-32", minted.standard(minted.octets(33, 1)))


def test_a_token_of_json_has_the_names_it_needs() -> None:
    for check, prefix in [("grafana-cloud", "glc_"), ("grafana-legacy", ""), ("cloudflare-tunnel", "")]:
        assert not holds(check, prefix + minted.standard(minted.written({"k": "1", "t": "2", "c": 3})))
        assert not holds(
            check, prefix + minted.standard(minted.written(["k", "n", "id", "o", "a", "s", "t"]))
        )
    assert not holds("onepassword", "ops_" + minted.standard(b"[" * 60_000))
    assert not holds("mapbox", f"sk.{minted.url_safe(b'{}')}.")
    assert not holds("mapbox", f"xx.{minted.url_safe(b'{}')}.abc")
    assert not holds("sentry", minted.MINTED["sentry"](1).rpartition("_")[0] + "_")


@pytest.mark.parametrize(
    ("prefix", "size", "good"),
    [
        ("4", 13, True), ("4", 19, True), ("4", 15, False), ("37", 15, True), ("37", 16, False),
        ("51", 16, True), ("56", 16, False), ("2221", 16, True), ("2720", 16, True), ("2721", 16, False),
        ("6011", 16, True), ("65", 19, True), ("3530", 16, True), ("36", 14, True), ("300", 13, False),
        ("2204", 16, True), ("62", 19, True), ("6304", 12, True), ("0", 16, False), ("9", 16, False),
    ],
)  # fmt: skip
def test_a_card_is_an_issuers(prefix: str, size: int, good: bool) -> None:  # noqa: FBT001 - a row of a table
    number = minted.card(prefix, size, 1)
    assert holds("luhn", number) is good
    spaced = " ".join(number[at : at + 4] for at in range(0, size, 4))
    assert holds("luhn", spaced) is good
    assert holds("luhn", spaced.replace(" ", "-")) is good


def test_an_account_is_a_countrys() -> None:
    value = minted.iban("NO", 15, 1)
    assert holds("iban", value)
    assert holds("iban", " ".join(value[at : at + 4] for at in range(0, 15, 4)).lower())
    assert not holds("iban", minted.iban("NO", 16, 1))
    assert not holds("iban", minted.iban("XX", 22, 1))
    assert not holds("iban", "NOAB" + value[4:])


@pytest.mark.parametrize(
    ("area", "group", "serial", "good"),
    [
        (1, 1, 1, True), (665, 1, 1, True), (667, 99, 9999, True), (899, 1, 1, True),
        (0, 1, 1, False), (666, 1, 1, False), (900, 1, 1, False), (999, 1, 1, False),
        (5, 0, 1, False), (5, 1, 0, False), (78, 5, 1120, False), (219, 9, 9999, False),
    ],
)  # fmt: skip
def test_a_social_security_number(area: int, group: int, serial: int, good: bool) -> None:  # noqa: FBT001
    for separator in ("-", " ", ""):
        assert holds("us-ssn", f"{area:03}{separator}{group:02}{separator}{serial:04}") is good

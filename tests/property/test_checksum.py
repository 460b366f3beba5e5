"""What holds of every text and every made value: no error, no way around a checksum, an end on a megabyte."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codex_guard.secrets.proof.checksum import CHECKS, holds
from support import minted

SEEDS = st.integers(0, 10**6)
ANY = st.text(st.characters(), max_size=60)  # surrogates and NULs included
PIECES = st.one_of(
    ANY,
    st.sampled_from(["=", ".", "_", "-", "\n", "\\n", "eyJ", "Private-Lines: ", "PRIVATE KEY", ": ", "%0A"]),
    st.builds(lambda check, seed: minted.MINTED[check](seed), st.sampled_from(CHECKS), SEEDS),
)
#: Checks whose checksum covers each letter and digit, and how many stand before what it covers.
SEALED = {
    "age": 0,
    "bip32-private": 0,
    "bitcoin-wif": 0,
    "github": 4,
    "grafana": 0,
    "iban": 0,
    "luhn": 0,
    "npm": 0,
}
KINDS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)


@given(st.sampled_from(CHECKS), SEEDS)
@settings(max_examples=300, deadline=None)
def test_what_is_made_holds(check: str, seed: int) -> None:
    assert holds(check, minted.MINTED[check](seed))


def changed(value: str, at: int, by: int) -> str:
    """Replace one character by another of its kind."""
    kind = next(kind for kind in KINDS if value[at] in kind)
    return value[:at] + kind[(kind.index(value[at]) + by) % len(kind)] + value[at + 1 :]


@given(st.sampled_from(sorted(SEALED)), SEEDS, st.integers(0, 200), st.integers(1, 9))
@settings(max_examples=1000, deadline=None)
def test_no_character_of_what_is_sealed_can_change(check: str, seed: int, place: int, by: int) -> None:
    value = minted.MINTED[check](seed)
    at = SEALED[check] + place % (len(value) - SEALED[check])
    if value[at].isalnum():
        assert not holds(check, changed(value, at, by))


@given(SEEDS, st.integers(0, 200), st.integers(1, 9))
@settings(max_examples=300, deadline=None)
def test_no_character_of_a_gitlab_token_without_routing_can_change(seed: int, place: int, by: int) -> None:
    value = minted.gitlab(seed, minted.url_safe(minted.octets(33, seed)))
    at = place % len(value)
    if value[at].isalnum():
        assert not holds("gitlab", changed(value, at, by))


@given(st.sampled_from(CHECKS), st.lists(PIECES, max_size=4).map("".join))
@settings(max_examples=1000, deadline=None)
def test_any_text_is_judged(check: str, value: str) -> None:
    assert holds(check, value) in {True, False}


@given(st.sampled_from(CHECKS), SEEDS, st.integers(0, 200), st.integers(0, 200), ANY)
@settings(max_examples=1000, deadline=None)
def test_what_is_cut_and_mended_is_judged(check: str, seed: int, start: int, size: int, filling: str) -> None:
    value = minted.MINTED[check](seed)
    assert holds(check, value[:start] + filling + value[start + size :]) in {True, False}


@pytest.mark.parametrize("check", CHECKS)
def test_a_megabyte(check: str) -> None:
    """A check with more than linear work on one of these makes this test hang."""
    value = minted.MINTED[check](1)
    begin = minted.DASHES + "BEGIN PRIVATE KEY" + minted.DASHES
    units = [
        "A",
        "1",
        "=",
        ".",
        "-",
        "_",
        "\\",
        "\n",
        "+",
        "é",
        "Ab: ",
        "AAAA ",
        begin,
        value,
        "AAAA=\n",
        "A" * 39 + ".",
    ]
    for unit in units:
        body = unit * (1_000_000 // len(unit))
        for text in (body, value + body, body + value, value[: len(value) // 2] + body):
            assert holds(check, text) in {True, False}


@pytest.mark.parametrize("check", CHECKS)
def test_a_megabyte_inside_the_base64(check: str) -> None:
    prefixes = {
        "pypi": "pypi-",
        "onepassword": "ops_",
        "grafana-cloud": "glc_",
        "bedrock": "bedrock-api-key-",
    }
    prefix = prefixes.get(check, "")
    documents = [b"[", b'{"a":', b"\0", b"1", b'"\\u0000', b"\x02\x01\x80", b"a:", minted.rsa(1)]
    for data in documents:
        text = prefix + minted.standard(data * (750_000 // len(data)))
        assert holds(check, text) in {True, False}
        assert holds(check, f"{text}.{text}.{text}") in {True, False}

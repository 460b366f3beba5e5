"""Fingerprints that may be shared."""

import pytest

from codex_guard.model import Secret
from codex_guard.secrets import salted
from codex_guard.secrets.rules.template import expand

SECRET = Secret(expand("ghp_{crc62:36}"), "github-pat")


def test_the_same_value_and_salt_and_only_those() -> None:
    salt, other = salted.new_salt(), salted.new_salt()
    first = salted.fingerprint(SECRET, salt)
    assert salted.fingerprint(Secret(SECRET.reveal(), "another-rule"), salt) == first
    assert salted.fingerprint(Secret(SECRET.reveal() + "x", "github-pat"), salt) != first
    assert salted.fingerprint(SECRET, other).rpartition("-")[2] != first.rpartition("-")[2]
    assert (salted.salt_of(first), salt != other) == (salt, True)


def test_a_value_that_is_no_unicode() -> None:
    assert salted.salt_of(salted.fingerprint(Secret("\ud800", "a"), salted.new_salt()))


def test_a_fingerprint_made_once_stays() -> None:
    # What policies hold must be found again by every later version.
    value = Secret("correct horse", "a")
    assert salted.fingerprint(value, "00" * 16) == f"s1-{'00' * 16}-{GOLDEN}"


GOLDEN = "72f28348847cbc0ff6e044157f5b4119"


@pytest.mark.parametrize(
    "text",
    ["", "s1", "s1--", f"s1-{'0' * 32}", f"s2-{'0' * 32}-{'0' * 32}", f"s1-{'0' * 31}-{'0' * 32}",
     f"s1-{'0' * 32}-{'0' * 33}", f"s1-{'G' * 32}-{'0' * 32}", f"s1-{'A' * 32}-{'0' * 32}",
     f"s1-{'0' * 32}-{'0' * 32}-", f" s1-{'0' * 32}-{'0' * 32}"],
)  # fmt: skip
def test_what_is_no_fingerprint(text: str) -> None:
    assert salted.salt_of(text) is None

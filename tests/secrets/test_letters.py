"""How random a text looks beside what people write."""

import pytest

from codex_guard.secrets.naming import letters
from codex_guard.secrets.naming.letters import bits, spelled
from codex_guard.secrets.rules.template import expand


def test_the_table_is_whole() -> None:
    size = len(letters.SYMBOLS)
    assert [len(row) for row in letters.ROWS] == [size] * size
    assert {letter for row in letters.ROWS for letter in row} <= set(letters.HALF_BITS)


@pytest.mark.parametrize("charset", ["alnum", "lower", "upper", "alpha", "base64", "base64url", "hex"])
def test_chance(charset: str) -> None:
    drawn = [bits(expand(f"{{{charset}:32}}", seed)) for seed in range(50)]
    assert min(drawn) > 24


@pytest.mark.parametrize(
    "text",
    ["refresh_token_value", "getAuthorizationHeader", "projects/acme/locations", "UserAuthenticationToken",
     "correct-horse-battery-staple", "com.example.service.internal"],
)  # fmt: skip
def test_writing(text: str) -> None:
    assert bits(text) < 0


def test_what_is_spelled() -> None:
    assert spelled("aZ09_é-") == "aZ00---"


@pytest.mark.parametrize("text", ["", "-", "é", "12345", "\ud800", "a" * 100_000])
def test_any_text(text: str) -> None:
    assert isinstance(bits(text), float)

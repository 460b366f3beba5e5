"""Made-up credentials: the same for the same template and seed, and of the shape the template says."""

import re

import pytest

from codex_guard.errors import GuardError
from codex_guard.secrets.rules.template import expand


@pytest.mark.parametrize(
    ("template", "shape"),
    [
        ("ghp_{crc62:36}", r"ghp_[A-Za-z0-9]{36}"),
        ("{alpha:5}{digits:5}", r"[A-Za-z]{5}\d{5}"),
        ("{lower:10}{upper:10}", r"[a-z0-9]{10}[A-Z0-9]{10}"),
        ("{hex:32}{HEX:32}", r"[0-9a-f]{32}[0-9A-F]{32}"),
        ("{base32:16}", r"[A-Z2-7]{16}"),
        ("{base64:44}", r"[A-Za-z0-9+/]{44}"),
        ("{base64url:44}", r"[A-Za-z0-9_-]{44}"),
        ("{uuid}", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ("{jwt}", r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}"),
        ("{pem:100}", r"[A-Za-z0-9+/]{64}\n[A-Za-z0-9+/]{36}"),
        ("${{TOKEN}}", r"\$\{TOKEN\}"),
        ("{{{digits:3}}}", r"\{\d{3}\}"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_shape(template: str, shape: str) -> None:
    assert re.fullmatch(shape, expand(template))


def test_deterministic() -> None:
    assert expand("{alnum:20}") == expand("{alnum:20}")
    assert expand("{alnum:20}", 1) == expand("{alnum:20}", 1)
    assert expand("{alnum:20}", 1) != expand("{alnum:20}", 2)
    first, second = expand("{alnum:20} {alnum:20}").split()
    assert first != second


def test_every_class_is_present() -> None:
    for seed in range(50):
        drawn = expand("{alnum:8}", seed)
        assert re.search("[0-9]", drawn)
        assert re.search("[a-z]", drawn)
        assert re.search("[A-Z]", drawn)


@pytest.mark.parametrize(
    "template", ["{nothing:3}", "{alnum}", "{alnum:0}", "{", "}", "{}", "a{b", "{alnum:x}"]
)
def test_unknown_field(template: str) -> None:
    with pytest.raises(GuardError, match="template field") as error:
        expand(template)
    assert "alnum" in str(error.value)
    assert "{{ or }}" in str(error.value)

"""Masks stand where values stood: everywhere, also where findings overlap or were cut."""

import pytest

from codex_guard.model import Finding, Secret, Text
from codex_guard.secrets.index import load
from codex_guard.secrets.masking import mask, veil, veil_cut
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import scan

KEY = expand("ghp_{crc62:36}")
MASKED = "<masked:github-pat>"


def finding(value: str, start: int = 0, rule: str = "r") -> Finding:
    return Finding(
        rule, "t", "high", "", "text", 1, start + 1, start, start + len(value), Secret(value, rule)
    )


def found(body: str) -> tuple[Finding, ...]:
    return scan(Text("text", body), load())


@pytest.mark.parametrize(
    ("body", "masked"),
    [
        (KEY, MASKED),
        (f"a {KEY} b {KEY}", f"a {MASKED} b {MASKED}"),
        # The second is part of a word, so it is no finding of its own.
        (f"{KEY} x{KEY}x", f"{MASKED} x{MASKED}x"),
        ("nothing", "nothing"),
        (f"İ\r\n{KEY}\r\n", f"İ\r\n{MASKED}\r\n"),
    ],
)
def test_every_occurrence(body: str, masked: str) -> None:
    assert mask(body, found(body)) == masked


def test_overlapping_findings() -> None:
    body = "ab12345yz"
    findings = (finding("b123", 1, "one"), finding("2345", 3, "two"))
    assert mask(body, findings) == "a<masked:one>yz"
    assert mask(body, findings[::-1]) == "a<masked:one>yz"


def test_a_value_within_another() -> None:
    long, short = "abc123def456", "123def"
    findings = (finding(short, 0, "short"), finding(long, 7, "long"))
    assert mask(f"{short} {long}", findings) == "<masked:short> <masked:long>"
    assert veil(f"{long} {short}", findings) == "<masked:long> <masked:short>"


def test_lines_of_a_value() -> None:
    pem = "-----BEGIN " + expand("PRIVATE KEY-----\n{pem:640}\n-----END ") + "PRIVATE KEY-----"
    (one,) = found(pem)
    line = pem.splitlines()[3]
    assert veil(f"echo {line}", (one,)) == f"echo {one.secret}"


@pytest.mark.parametrize(
    ("text", "veiled"),
    [
        (f"use {KEY[:20]}", f"use {MASKED}"),
        (f"use {KEY[:20]} …", f"use {MASKED} …"),
        (f"use {KEY[:20]}…)\nmore", f"use {MASKED}…)\nmore"),
        (f"one {KEY}\ntwo {KEY[:-1]}\n", f"one {MASKED}\ntwo {MASKED}\n"),
        ("use ghp_", "use ghp_"),
        ("clean", "clean"),
    ],
)
def test_cut_values(text: str, veiled: str) -> None:
    assert veil_cut(text, found(KEY)) == veiled


def test_nothing_to_veil() -> None:
    assert veil_cut(KEY, ()) == KEY
    assert veil(KEY, ()) == KEY

"""Known secrets are found by their value, as it is and encoded, at the very place where they stand."""

import base64
import html
import json
import shlex
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.model import Finding, Secret, Text
from codex_guard.secrets import known
from codex_guard.secrets.hidden import escapes
from codex_guard.secrets.known import Known
from codex_guard.secrets.rules.template import expand

#: Values of all shapes that machines hold; what is no letter or digit is what encodings change.
VALUES = {
    "token": expand("ghp_{crc62:36}"),
    "base64": expand("{base64:37}+/+"),
    "password": expand("{lower:4}\"{upper:4}&<%>'\\/ {alnum:9}$`"),
    "not ascii": expand("pä{alnum:8}ß€{alnum:8}"),
    "lines": expand("-----BEGIN\n{pem:130}\n-----END"),
    "short": expand("{alnum:9}"),
    "shortest": expand("{lower:7}!"),
}
ENCODINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "reversed": lambda value: value[::-1],
    "hex": lambda value: value.encode().hex(),
    "hex in capitals": lambda value: value.encode().hex().upper(),
    "hex in pairs": lambda value: value.encode().hex(":"),
    "hex over lines": lambda value: "\n".join(_cut(value.encode().hex(" ", 2), 10)),
    "a URL": lambda value: urllib.parse.quote(value, safe=""),
    "every character of a URL": lambda value: "".join(f"%{byte:02x}" for byte in value.encode()),
    "JSON": lambda value: json.dumps(value)[1:-1],
    "JSON in UTF-8": lambda value: json.dumps(value, ensure_ascii=False)[1:-1].replace("/", "\\/"),
    "bytes in Python": lambda value: "".join(f"\\x{byte:02x}" for byte in value.encode()),
    "HTML": html.escape,
    "HTML in numbers": lambda value: "".join(f"&#{ord(character)};" for character in value),
    "HTML in hex": lambda value: "".join(f"&#x{ord(character):X};" for character in value),
}


def _cut(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def machine(*values: str) -> tuple[Known, ...]:
    return tuple(
        Known(f"KEY_{number} in .env", Secret(value, "known-secret")) for number, value in enumerate(values)
    )


def found(body: str, *values: str) -> tuple[Finding, ...]:
    return known.find(Text("file.py", body), machine(*values))


def shown(body: str, *values: str) -> list[str]:
    """Return what the findings say stands in the text, having checked that it does."""
    findings = found(body, *values)
    assert all(body[one.start : one.end] == one.secret.reveal() for one in findings)
    return [one.secret.reveal() for one in findings]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_is_found_in_every_encoding(value: str, encoding: str) -> None:
    encoded = ENCODINGS[encoding](value)
    assert shown(encoded, value) == [encoded]
    assert shown(f"say = '{encoded}'; # {value[:-1]}", value) == [encoded]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_another_value_is_not(encoding: str) -> None:
    other = expand("ghp_{crc62:36}", 1)
    assert shown(f"'{ENCODINGS[encoding](other)}'", *VALUES.values()) == []


@pytest.mark.parametrize("urlsafe", [False, True])
@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "user:"])
@pytest.mark.parametrize("behind", ["", "z", "yz", "xyz"])
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_in_base64_is_found_at_every_alignment(
    value: str, before: str, behind: str, *, urlsafe: bool
) -> None:
    encode = base64.urlsafe_b64encode if urlsafe else base64.b64encode
    encoded = encode(f"{before}{value}{behind}".encode()).decode()
    assert shown(f'auth: "{encoded}"', value) == [encoded]
    unpadded = encoded.rstrip("=")
    assert shown(f"auth: {unpadded}.", value) == [unpadded]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("shift", range(0, 60, 7))
def test_a_value_in_base64_is_found_over_lines(shift: int, width: int, newline: str) -> None:
    encoded = base64.b64encode(f"{'#' * shift} KEY={VALUES['token']}\n# the end\n".encode()).decode()
    body = f"$ base64 .env{newline}{newline.join(_cut(encoded, width))}{newline}$ "
    (finding,) = found(body, VALUES["token"])
    taken = finding.secret.reveal().replace(newline, "")
    (form,) = [form for form in known.base64_forms(VALUES["token"].encode()) if form.decode() in encoded]
    assert body[finding.start : finding.end] == finding.secret.reveal()
    assert form.decode() in taken
    assert taken in encoded


def test_a_shell_quotes_with_backslashes() -> None:
    value = VALUES["password"]
    escaped = "".join(
        character if character.isalnum() or character in "_-" else f"\\{character}" for character in value
    )
    assert shown(f"login {escaped} now", value) == [escaped]
    assert shown(f"login {shlex.quote(VALUES['token'])}", VALUES["token"]) == [VALUES["token"]]


@pytest.mark.parametrize("around", ["x{}", "{}x", "1{}", "{}1", "é{}", "{}é"])
def test_a_short_value_is_a_word_of_its_own(around: str) -> None:
    short, long = expand("{alnum:15}"), expand("{alnum:16}")
    assert shown(around.format(short), short) == []
    assert shown(around.format(long), long) == [long]
    assert shown(f"{around.format(short)} {short}", short) == [short]
    assert shown(around.format(short[::-1]), short) == []


@pytest.mark.parametrize("around", ["_{}-", '"{}"', "({})", "={}\n", ".{}."])
def test_what_is_no_letter_or_digit_ends_a_word(around: str) -> None:
    assert shown(around.format(VALUES["short"]), VALUES["short"]) == [VALUES["short"]]


@pytest.mark.parametrize("escape", ["\\n", "%0A", "&#10;", "\\u000a", "\\t"])
def test_an_escape_ends_a_word_although_it_ends_in_a_letter(escape: str) -> None:
    value = VALUES["short"]
    assert shown(f"'a{escape}{value}{escape}b'", value) == [value]


def test_a_finding_says_what_where_and_what_next() -> None:
    value = VALUES["token"]
    body = f"first\nsecond = {value}\n\n  {value} {value}"
    findings = known.find(Text("a.py", body, first_line=10), machine(VALUES["short"], value))
    assert [(one.where, one.line, one.column) for one in findings] == [
        ("a.py", 11, 10),
        ("a.py", 13, 3),
        ("a.py", 13, 44),
    ]
    assert {(one.rule, one.severity, one.title) for one in findings} == {
        ("known-secret", "critical", "A secret of this machine: KEY_1 in .env")
    }
    assert findings[0].revoke.startswith("https://")
    assert findings[0].suppressed is None
    assert value not in repr(findings)
    assert str(findings[0].secret) == "<masked:known-secret>"


def test_values_within_one_another_are_one_finding_named_by_the_longest() -> None:
    inner = VALUES["token"]
    outer = f"{inner}.{expand('{alnum:20}')}"
    for values in ((inner, outer), (outer, inner)):
        (finding,) = found(f"({outer})", *values)
        assert finding.secret.reveal() == outer
        assert finding.title.endswith(f"KEY_{values.index(outer)} in .env")


def test_values_that_overlap_leave_nothing_of_either() -> None:
    shared = expand("{alnum:20}")
    first, second = expand("{alnum:20}", 1) + shared, shared + expand("{alnum:20}", 2)
    whole = first + second[len(shared) :]
    assert shown(f"({whole})", first, second) == [whole]


def test_values_side_by_side_are_two_findings() -> None:
    first, second = VALUES["token"], VALUES["base64"]
    assert shown(f"{first}{second}", first, second) == [first, second]


def test_several_values_in_one_run_of_base64_are_one_finding() -> None:
    encoded = base64.b64encode("\n".join(VALUES.values()).encode()).decode()
    assert shown(f"'{encoded}'", *VALUES.values()) == [encoded]


def test_a_value_many_times_in_one_run_of_base64_is_one_finding() -> None:
    encoded = base64.b64encode((VALUES["token"] * 50).encode()).decode()
    body = f"({encoded}) ({encoded})"
    assert shown(body, VALUES["token"]) == [encoded, encoded]
    # Measuring the run again for each value in it would take quadratic time.
    assert len(known.stands(Text("a", body), machine(VALUES["token"]))) <= 2 * 3


def test_a_value_of_several_sources_is_found_for_each_and_named_by_the_first() -> None:
    value = VALUES["token"]
    twice = machine(value, value)
    assert [(one.known, one.start) for one in known.stands(Text("a", f"({value})"), twice)] == [
        (twice[0], 1),
        (twice[1], 1),
    ]
    (finding,) = known.find(Text("a", value), twice)
    assert finding.title.endswith("KEY_0 in .env")


def test_a_short_text_has_no_room_for_an_encoding() -> None:
    assert shown(VALUES["token"][:-1].encode().hex(), VALUES["token"]) == []


@pytest.mark.parametrize("body", ["", "\\", "%", "&", "\\u12", "%4", "&#;", "&#x;", "&#99999999;", "\ud800"])
def test_broken_escapes_are_texts_like_any_other(body: str) -> None:
    value = VALUES["token"]
    assert shown(body, value) == []
    assert shown(f"{body} {value}", value) == [value]
    assert shown(f"{value} {body}", value) == [value]


def test_a_path_has_no_escapes() -> None:
    assert escapes.unescaped("C:\\abc\\1\\", escapes.BACKSLASH) is None


def test_no_value_is_no_finding() -> None:
    assert found("some text") == ()
    assert found("some text", "") == ()


@given(st.text(), st.text(), st.sampled_from(sorted(ENCODINGS)), st.sampled_from(sorted(VALUES)))
def test_a_value_is_found_between_any_texts(before: str, behind: str, encoding: str, name: str) -> None:
    encoded = ENCODINGS[encoding](VALUES[name])
    body = f"{before} '{encoded}' {behind}"
    start = len(before) + 2
    covered = [(one.start, one.end) for one in found(body, VALUES[name])]
    assert any(first <= start and start + len(encoded) <= last for first, last in covered)


@given(st.text(alphabet="\\u0041%&#x;41 =/+\n"))
def test_any_text_can_be_looked_at(body: str) -> None:
    assert shown(body, *VALUES.values()) == []

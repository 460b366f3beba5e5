"""What stands disguised in a text is read, and its place in the text is known."""

import base64
import gzip
import os
import subprocess
import sys
import zlib
from collections.abc import Callable

import pytest

import codex_guard
from codex_guard.secrets.disguise import Layer, layers
from codex_guard.secrets.hidden import encoded
from codex_guard.secrets.rules.template import expand

TOKEN = expand("ghp_{crc62:36}")
HEAD, TAIL = TOKEN[:9], TOKEN[9:]


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def each(form: str) -> str:
    return "".join(form.format(ord(character)) for character in TOKEN)


def wrapped(text: str, width: int, between: str = "\n") -> str:
    return between.join(text[at : at + width] for at in range(0, len(text), width))


LONG = "export A=1\n" * 20 + TOKEN + "\n" + "echo done\n" * 9
DISGUISED = {
    "base64": b64(TOKEN),
    "unpadded base64url": base64.urlsafe_b64encode(f"??>{TOKEN}>".encode()).decode().rstrip("="),
    "base64 behind an escaped line's end": "\\n" + b64(TOKEN),
    "wrapped base64": wrapped(b64(LONG), 64),
    "wrapped base64, CRLF": wrapped(b64(LONG), 76, "\r\n"),
    "indented base64": wrapped(b64(LONG), 76, "\n    "),
    "base64 in a diff": "+" + wrapped(b64(LONG), 64, "\n+"),
    "gzip": base64.b64encode(gzip.compress(TOKEN.encode())).decode(),
    "zlib": base64.b64encode(zlib.compress(TOKEN.encode() * 2)).decode(),
    "base64 in gzip": base64.b64encode(gzip.compress(b64(TOKEN).encode())).decode(),
    "base64 three times": b64(b64(b64(TOKEN))),
    "base64 of UTF-16": base64.b64encode(f"$t='{TOKEN}'".encode("utf-16-le")).decode(),
    "base64 of UTF-16 with its mark": base64.b64encode(f"$t='{TOKEN}'".encode("utf-16")).decode(),
    "split base64": f'"{b64(TOKEN)[:21]}" + "{b64(TOKEN)[21:]}"',
    "base64 of a text with an accent": b64(f"caf\u00e9 {TOKEN} and some more words that are plain"),
    "hex": TOKEN.encode().hex(),
    "hex with 0x": "0x" + TOKEN.encode().hex(),
    "hex of gzip": gzip.compress(TOKEN.encode()).hex(),
    "a list of bytes": "{" + ", ".join(f"0x{ord(character):02x}" for character in TOKEN) + "}",
    "pairs": TOKEN.encode().hex(" ") + "\n",
    "pairs with colons": TOKEN.encode().hex(":").upper(),
    "escaped bytes": each("\\x{:02x}"),
    "escaped characters": each("\\u{:04x}"),
    "long escaped characters": each("\\U{:08x}"),
    "escapes in braces": each("\\u{{{:x}}}"),
    "escapes in an escaped text": each("\\\\u{:04x}"),
    "octal": f"$'{each(chr(92) + '{:03o}')}'",
    "one escape": f"{HEAD}\\u{ord(TAIL[0]):04x}{TAIL[1:]}",
    "percent-encoding": each("%{:02X}"),
    "percent-encoding in an escape": each("\\u0025{:02x}"),
    "one percent escape": f"{HEAD}%{ord(TAIL[0]):02x}{TAIL[1:]}",
    "decimal entities": each("&#{};"),
    "hexadecimal entities": each("&#x{:x};"),
    "a named entity": TOKEN.replace("_", "&lowbar;"),
    "strings with a plus": f'"{HEAD}" + "{TAIL}"',
    "strings over lines": f"('{HEAD}'\n    '{TAIL}')",
    "strings with a prefix": f'"{HEAD}" f"{TAIL}"',
    "strings behind a backslash": f'"{HEAD}" \\\n  "{TAIL}"',
    "strings without a blank": f"'{HEAD}''{TAIL}'",
    "strings with a dot": f"'{HEAD}' . '{TAIL}'",
    "strings with an ampersand": f'"{HEAD}" & _\n  "{TAIL}"',
    "strings with two bars": f"'{HEAD}' || '{TAIL}'",
    "one string a letter": "+".join(f'"{character}"' for character in TOKEN),
    "template strings": f"${{'{HEAD}'}}${{'{TAIL}'}}",
    "concat": f'"{HEAD}".concat("{TAIL}")',
    "a quote in a word": f"{HEAD}'{TAIL}'",
    "a joined list": f"['{HEAD}', '{TAIL[:9]}',\n '{TAIL[9:]}'].join('')",
    "join of a list": f"''.join(['{HEAD}', '{TAIL}'])",
    "implode": f"implode('', ['{HEAD}', '{TAIL}'])",
    "a continued line": f"{HEAD}\\\n{TAIL}",
    "a continued line, CRLF": f"{HEAD}\\\r\n{TAIL}",
    "a continued, indented line": f"{HEAD}\\\n    {TAIL}",
    "a full line": f"this is the one for the nightly builds: {HEAD}\n{TAIL} and so on",
    "a full line, CRLF": f"this is the one for the nightly builds: {HEAD}\r\n{TAIL} and so on",
    "a full line in a quotation": f"\n> this is the one for the nightly builds: {HEAD}\n> {TAIL} and so on",
    "a full line of a comment": f"\n# this is the one for the nightly builds: {HEAD}\n# {TAIL} and so on",
    "reversed": f"{TOKEN[::-1]}",
    "reversed by a program": f"echo {expand('{alnum:36}')} | rev; {TOKEN[::-1]}",
    "NULs behind": "".join(f"{character}\0" for character in TOKEN),
    "NULs before": "".join(f"\0{character}" for character in TOKEN),
}


def readings(body: str) -> list[tuple[Layer, int]]:
    """Return the layers that hold the token, with its place in each."""
    return [(layer, layer.body.index(TOKEN)) for layer in layers(body) if TOKEN in layer.body]


@pytest.mark.parametrize("disguised", DISGUISED.values(), ids=DISGUISED)
def test_read(disguised: str) -> None:
    before, after = 'name: "x"\n\nvalue = ', "\nnothing = more\n"
    assert TOKEN not in disguised
    body = before + disguised + after
    found = readings(body)
    assert found
    layer, at = found[0]
    start, end = layer.span(at, at + len(TOKEN))
    assert len(before) <= start < end <= len(before) + len(disguised)
    assert not readings(body[:start] + body[end:])


@pytest.mark.parametrize("disguised", DISGUISED.values(), ids=DISGUISED)
def test_read_in_a_long_text(disguised: str) -> None:
    filler = "".join(f"def name_{number}(one: int) -> str:\n" for number in range(400))
    body = f"{filler}{disguised}\n{filler}"
    found = readings(body)
    assert found
    assert all(len(layer.body) < 4000 for layer, _ in found)
    layer, at = found[0]
    start, end = layer.span(at, at + len(TOKEN))
    assert body[start:end] in disguised


def test_places_are_exact() -> None:
    body = f'a = "{HEAD}" + "{TAIL}"'
    (layer, at), *_ = readings(body)
    assert layer.span(at, at + 40) == (5, len(body) - 1)
    assert layer.span(at, at + 4) == (5, 9)
    assert layer.span(at + 9, at + 13) == (5 + 9 + 5, 5 + 9 + 5 + 4)
    body = "t=" + each("%{:02X}")
    (layer, at), *_ = readings(body)
    assert layer.span(at + 2, at + 4) == (2 + 6, 2 + 12)
    body = "t=" + b64("abc" + TOKEN)
    (layer, at), *_ = readings(body)
    assert layer.span(at, at + 3) == (6, 10)


def test_surroundings_stay() -> None:
    secret = f"data:\n  password: {b64('correct-horse-' + 'battery-9')}\n  user: me\n"
    assert [layer.body for layer in layers(secret)] == [
        "data:\n  password: correct-horse-battery-9\n  user: me\n"
    ]
    (layer,) = layers(f'password = "{HEAD}" "{TAIL}" # for ci\n')
    assert layer.body == f'password = "{TOKEN}" # for ci\n'
    assert layer.how == "joined strings"


def test_what_was_cut_off_is_no_word() -> None:
    (layer,) = (each for each in layers("z" * 3000 + f" '{HEAD}' + '{TAIL}' " + "z" * 3000))
    assert layer.body.startswith("_") or layer.body.startswith("\n_")
    assert layer.body.endswith("_")
    assert len(layer.body) < 2000


def test_far_readings_are_one_layer() -> None:
    other = expand("glpat-{alnum:20}")
    body = f"a = {b64(TOKEN)}\n" + "pass\n" * 1000 + f"b = {b64(other)}\n"
    (layer,) = layers(body)
    assert f"a = {TOKEN}\n" in layer.body
    assert f"b = {other}\n" in layer.body
    at = layer.body.index(other)
    start, end = layer.span(at, at + len(other))
    assert base64.b64decode(body[start:end]).decode() == other


@pytest.mark.parametrize(
    "body",
    [
        "",
        "ghp_",
        TOKEN,
        "Fix the flaky test in tests/test_login.py and say what was wrong.",
        "git log --oneline -20 && pytest -q tests/unit/test_parser_combinators.py::TestParser",
        'print("this is a long sentence that goes on " "in the next string of 2024")',
        'x = ""\ny = ""\nz = f"{x}" + "" + "1"\n',
        '"""Docstring."""\n\nfrom os import path\n',
        'printf("%5d %2d items\\n", 1, 2);',
        "re.compile('[\\\\w.]+\\n\\t')",
        "sha256:" + expand("{hex:64}", 3),
        expand("{base64:88}", 4),
        "This line is quite long and ends with an ordinary word in the\nmiddle of a sentence of 2024.",
        "aren't isn't doesn't couldn't",
        "AAAA" * 40,
        "\0" * 40,
    ],
)
def test_ordinary_texts_have_none(body: str) -> None:
    assert list(layers(body)) == []


def test_a_bomb_stays_small() -> None:
    body = base64.b64encode(gzip.compress(b"password=a1 " * 4_000_000)).decode()
    read = sum(len(layer.body) for layer in layers(body))
    assert 0 < read <= 2 * len(body) + 65_536


def test_what_cannot_be_read_is_unpacked_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    unpack = encoded._unpacked
    sizes: list[int] = []

    def counted(raw: bytes, left: int) -> bytes:
        sizes.append(len(unpack(raw, left)))
        return unpack(raw, left)

    monkeypatch.setattr(encoded, "_unpacked", counted)
    one = base64.b64encode(zlib.compress(b"\1" * 400_000)).decode()
    body = f"{one} " * 50
    assert list(layers(body)) == []
    assert 400_000 > max(sizes) > 0
    assert sum(sizes) <= 2 * len(body) + 65_536


def test_the_start_of_what_is_cut_off_is_read() -> None:
    packed = base64.b64encode(zlib.compress((TOKEN + expand("{base64:400}")).encode())).decode()
    assert readings(packed[: len(packed) // 8 * 4])


def test_broken_packing_is_passed_over() -> None:
    packed = gzip.compress(TOKEN.encode())
    broken = packed[:12] + bytes(byte ^ 255 for byte in packed[12:])
    assert readings(base64.b64encode(broken).decode()) == []


def test_at_most_three_deep() -> None:
    assert readings(b64(b64(b64(TOKEN))))
    assert readings(b64(b64(b64(b64(TOKEN))))) == []


def test_how_names_the_way() -> None:
    hows = [layer.how for layer, _ in readings(b64(each("%{:02X}")))]
    assert hows == ["percent-encoding in base64 or hex"]


def test_no_layer_shows_its_text() -> None:
    (layer, _), *_ = readings(b64(TOKEN))
    assert TOKEN not in repr(layer)
    assert layer.how in repr(layer)


HOSTILE: dict[str, Callable[[int], str]] = {
    "letters": lambda size: "A" * size,
    "plus and quote": lambda size: "+'" * (size // 2),
    "backslashes": lambda size: "\\" * size,
    "quotes": lambda size: '"' * size,
    "joins": lambda size: "['a1'].join('')" * (size // 15),
    "open joins": lambda size: "''.join([" * (size // 9),
    "open escapes": lambda size: "\\u{" * (size // 3),
    "entities": lambda size: "&#0" * (size // 3),
    "continued lines": lambda size: "a\\\n" * (size // 3),
    "full lines": lambda size: ("a1" * 30 + "\n") * (size // 61),
    "packed": lambda size: ("eJ" * 12 + " ") * (size // 25),
    "one letter a string": lambda size: "'1' " * (size // 4),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_readings_are_bounded(make: Callable[[int], str]) -> None:
    body = make(200_000)
    assert sum(len(layer.body) for layer in layers(body)) <= 2 * len(body) + 65_536


def test_an_ordinary_text_imports_nothing() -> None:
    code = """
import sys
from codex_guard.secrets.disguise import layers
before = set(sys.modules)
assert not list(layers('def run(name: str) -> None:\\n    print(f"hello {name}", "100%", r"\\\\d+")\\n' * 50))
print(sorted(set(sys.modules) - before), "re" in sys.modules)
"""
    run = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": os.path.dirname(os.path.dirname(codex_guard.__file__))},
    )
    assert run.stdout == "[] False\n"


def test_one_kind_of_disguise_leaves_room_for_the_others() -> None:
    key = expand("ghp_{crc62:36}")
    escaped = '{"a": "\\u003cb\\u003e &amp; %2F%2e"}\n' * 3_000
    joined = f'key = "{key[:20]}" + "{key[20:]}"\n'
    for text in (escaped + joined, joined + escaped):
        assert any(key in layer.body for layer in layers(text))

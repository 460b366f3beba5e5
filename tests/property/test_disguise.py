"""What holds of every text: reading through disguise never fails, and every place is right."""

import base64
import gzip
from collections.abc import Callable
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from codex_guard.secrets.disguise import Layer, layers

ANY = st.text(st.characters(), max_size=40)  # surrogates and NULs included
WORDS = st.text(st.sampled_from("abcdefghijKLMNOPQRSTuvwxyz_"), min_size=20, max_size=60).map(
    lambda word: f"{word}7"
)


def as_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ENCODERS: list[Callable[[str], str]] = [
    as_base64,
    lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    lambda text: base64.b64encode(gzip.compress(text.encode())).decode(),
    lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    lambda text: text.encode().hex(),
    lambda text: "".join(f"%{ord(character):02x}" for character in text),
    lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
    lambda text: "".join(f"\\x{ord(character):02x}" for character in text),
    lambda text: "".join(f"&#{ord(character)};" for character in text),
    lambda text: "".join(f"{character}\0" for character in text),
    lambda text: f'"{text[:9]}" + "{text[9:]}"',
    lambda text: f"'{text[:9]}'\n  '{text[9:]}'",
    lambda text: f"{text[:9]}\\\n{text[9:]}",
]
MARKS = [
    *(
        "\n",
        "\r\n",
        " ",
        '"',
        "'",
        "`",
        "+",
        '" + "',
        "\\",
        "\\\n",
        "\\u0041",
        "%41",
        "&#65;",
        "\0",
        "reverse",
    ),
    *("0x41, ", "['a', 'b1'].join('')", "''.join(['", "eJ", "H4sI", "1f8b", "=", "-----", f"{'q' * 200}1"),
]
PIECES = st.one_of(
    ANY,
    WORDS,
    st.builds(lambda encode, word: encode(word), st.sampled_from(ENCODERS), WORDS),
    st.sampled_from(MARKS),
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)


def check_places(layer: Layer, body: str) -> None:
    """Places are in range, in order, and a longer stretch covers a shorter one."""
    size = len(layer.body)
    spans = [layer.span(at, at + 1) for at in range(size)]
    assert all(0 <= start < end <= len(body) for start, end in spans)
    assert all(one[0] <= two[0] and one[1] <= two[1] for one, two in pairwise(spans))
    for start, end in ((0, size), (size // 3, size // 2 + 1), (size - 1, size)):
        assert layer.span(start, end) == (spans[start][0], spans[end - 1][1])


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_text(body: str) -> None:
    found = list(layers(body))
    assert sum(len(layer.body) for layer in found) <= 2 * len(body) + 65_536
    assert len({body, *(layer.body for layer in found)}) == len(found) + 1
    for layer in found:
        check_places(layer, body)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_what_was_not_rewritten_stands_where_it_is_said_to(body: str) -> None:
    for layer in layers(body):
        if layer.inside is None:
            for mark, following, (start, end, unit, width) in zip(
                layer.marks, (*layer.marks[1:], len(layer.body)), layer.pieces, strict=True
            ):
                if unit == width == 1 and end - start > 1:
                    assert layer.body[mark:following] == body[start:end]


@given(WORDS, st.sampled_from(ENCODERS), ANY, ANY)
@settings(max_examples=400, deadline=None)
def test_what_was_encoded_is_read(word: str, encode: Callable[[str], str], before: str, after: str) -> None:
    disguised = encode(word)
    body = f"{before}\n= {disguised}\n\n{after}"
    start = len(before) + 3
    found = [layer for layer in layers(body) if word in layer.body]
    assert found
    spans = []
    for layer in found:
        at = layer.body.index(word)
        spans.append(layer.span(at, at + len(word)))
    # At least one says exactly where it stands: all of it but quotes and padding around it.
    assert any(
        start <= one and two <= start + len(disguised) and two - one >= len(disguised.strip("\"'=\0")) - 1
        for one, two in spans
    )


@given(WORDS, st.sampled_from(ENCODERS[:9]), st.sampled_from(ENCODERS[:9]))
@settings(max_examples=200, deadline=None)
def test_disguises_in_each_other_are_read(
    word: str, inner: Callable[[str], str], outer: Callable[[str], str]
) -> None:
    body = f"value: {outer(inner(word))}\n"
    assert any(word in layer.body for layer in layers(body))

"""Properties of what is read from and written to Codex."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from codex_guard.model import Allow, Block
from codex_guard.wire import decisions, fastjson
from codex_guard.wire.events import TIMEOUTS
from support import answers

any_text = st.text(st.characters(exclude_categories=[]))  # half surrogate pairs and NUL included
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner) | st.dictionaries(any_text, inner),
    max_leaves=20,
)
documents = st.builds(
    lambda value, indent, ascii_only, space: (
        space + json.dumps(value, indent=indent, ensure_ascii=ascii_only) + space
    ),
    values,
    st.sampled_from([None, 0, 3, "\t"]),
    st.booleans(),
    st.text(" \t\r\n", max_size=3),
)
json_characters = st.text('{}[]",:\\/ \t\r\n0123456789.eE+-trufalsnNIiy\ufeff\x00é')


def outcome(loads: Any, text: str) -> str:
    """Return what came of it, NaN and -0.0 told apart: the value's repr or that it was refused."""
    try:
        return repr(loads(text))
    except (ValueError, RecursionError):
        return "refused"


@given(documents)
def test_any_document_is_read_as_json_reads_it(text: str) -> None:
    assert outcome(fastjson.loads, text) == outcome(json.loads, text) != "refused"


@given(any_text | json_characters)
@example("")
@example(" ")
@example("\ufeff{}")
@example("\u00a0{}")
@example("\x0b1")
@example("01")
@example("-")
@example("-Infinit")
@example("1e999")
@example('"\\ud83d\\ude00"')
@example("[" * 100_000)
@example('{"a":' * 100_000)
@example("9" * 5_000)
def test_any_text_is_refused_exactly_when_json_refuses_it(text: str) -> None:
    assert outcome(fastjson.loads, text) == outcome(json.loads, text)


@given(documents, st.data())
def test_a_damaged_document_is_refused_exactly_when_json_refuses_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    damaged = text[:start] + data.draw(json_characters.filter(lambda put: len(put) < 4)) + text[end:]
    assert outcome(fastjson.loads, damaged) == outcome(json.loads, damaged)


@given(any_text)
def test_a_text_is_quoted_as_json_quotes_it(text: str) -> None:
    assert fastjson.quote(text) == json.dumps(text)


reasons = st.one_of(
    any_text,
    st.text(" \t\r\n\x0b\x0c\x1c\x85\u00a0\u2003\u3000"),
    st.builds(lambda text, times: text * times, any_text, st.integers(1, 9_000)),
    st.builds(
        lambda letter, more: letter * (8_000 // len(letter.encode()) - 30 + more),
        st.sampled_from(["a", "é", "語", "😀"]),
        st.integers(0, 60),
    ),
)


@given(st.sampled_from([*TIMEOUTS, "SubagentStop"]), reasons)
def test_every_block_is_one_that_codex_obeys(event: str, reason: str) -> None:
    answer = answers.check(event, decisions.spell(event, Block(reason)))
    said = answers.reason(answer)
    assert said.strip()
    assert len(said.encode()) <= decisions.LONGEST
    assert not answer.keys() & {"continue", "stopReason", "suppressOutput"}
    assert answer.get("decision") == "block" or (
        answer["hookSpecificOutput"]["permissionDecision"] == "deny" and event == "PreToolUse"
    )


@given(st.sampled_from([*TIMEOUTS, "SubagentStop"]), st.none() | reasons)
def test_every_allow_is_silent_or_a_message(event: str, note: str | None) -> None:
    answer = answers.check(event, decisions.spell(event, Allow(note)))
    assert answer.keys() == ({"systemMessage"} if (note or "").strip() else set())

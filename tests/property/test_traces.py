"""Whatever stands around a secret in Codex's files: they stay as long and JSON, and lose the secret only."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from codex_guard.guard import prompt, scan
from codex_guard.guard.traces import strings
from codex_guard.guard.traces.batch import Batch
from codex_guard.guard.traces.marks import Values
from codex_guard.model import Finding, PromptEvent, Text
from codex_guard.policy.policy import Policy
from codex_guard.secrets.rules.template import expand
from support.histories import line, put

KEYS = [expand("ghp_{crc62:36}", seed) for seed in range(4)]
#: Nothing that a word could be made of: what is masked is the key, and nothing beside it.
AROUND = st.text(st.sampled_from(" \t\n\r\"\\/{}[]:,'<>äß€😀\u2028\x00\x1f\x7f"), max_size=12)
SPACED = AROUND.map(lambda text: f" {text} ")
PROMPT = st.lists(st.one_of(SPACED, st.sampled_from(KEYS)), max_size=6).map(" ".join)
SESSION = st.sampled_from(["session", "other"])
LINES = st.lists(st.tuples(SESSION, PROMPT, st.booleans()), max_size=6)


def without(text: str) -> str:
    for key in KEYS:
        text = text.replace(key, "*" * len(key))
    return text


@given(
    before=LINES, told=st.tuples(PROMPT, st.sampled_from(KEYS), PROMPT), behind=LINES, escaped=st.booleans()
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_loses_the_prompts_secrets_and_nothing_else(
    own_home: Path,
    before: list[tuple[str, str, bool]],
    told: tuple[str, str, str],
    behind: list[tuple[str, str, bool]],
    *,
    escaped: bool,
) -> None:
    text = " ".join(told)
    around = [
        [line(session, said, ascii_only=ascii_only) for session, said, ascii_only in lines]
        for lines in (before, behind)
    ]
    path = put(own_home, *around[0], line("session", text, ascii_only=escaped), *around[1])
    old = path.read_bytes()
    prompt.judge(PromptEvent("session", "turn", str(own_home), text), Policy())
    new = path.read_bytes()
    assert len(new) == len(old)
    shared = {key for key in KEYS if key in text}
    for was, now in zip(old.split(b"\n")[:-1], new.split(b"\n")[:-1], strict=True):
        entry, masked = json.loads(was), json.loads(now)
        holds = entry["session_id"] == "session" and any(key in entry["text"] for key in shared)
        assert masked["text"] == (without(entry["text"]) if holds else entry["text"])
        assert now == (without(was.decode()).encode() if holds else was)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(), PROMPT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.text(), PROMPT), inner, max_size=4)
    ),
    max_leaves=12,
)


def find(body: str) -> tuple[Finding, ...]:
    policy = Policy(known_secrets=False)
    return scan.scanner(policy, "/").texts([Text("", body)])


def masked(text: str) -> str:
    batch = Batch(find, Values())
    batch.add(0, text)
    return next((one.new for one in batch.masked()), text)


@given(JSON, st.booleans(), st.sampled_from([None, 1]))
@example({"a": "\ud800", "b": [f"\udfff{KEYS[0]}\ud83d"]}, True, None)
@example({KEYS[0]: {KEYS[1]: KEYS[2]}}, False, None)
@example([f'x"{KEYS[0]}\\'], False, None)
def test_json_stays_json_and_only_strings_change(value: object, ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    if not ascii_only and any(0xD800 <= ord(character) < 0xE000 for character in text):
        text = json.dumps(value, indent=indent)
    new = masked(text)
    assert len(strings.encoded(new)) == len(strings.encoded(text))
    assert not [key for key in KEYS if key in new]
    assert masked(new) == new
    if new != text:
        changed = [(a, b) for a, b in zip(strings.encoded(text), strings.encoded(new), strict=True) if a != b]
        assert {b for _, b in changed} == {ord("*")}
    json.loads(new)


@given(st.binary(max_size=40), st.sampled_from(KEYS), st.binary(max_size=40))
def test_what_is_no_json_keeps_its_length_and_its_lines(before: bytes, key: str, behind: bytes) -> None:
    raw = before + b" " + key.encode() + b" " + behind
    new = strings.encoded(masked(strings.decoded(raw)))
    assert len(new) == len(raw)
    assert key.encode() not in new
    assert new.count(b"\n") == raw.count(b"\n")


@pytest.mark.parametrize("size", [1, 10, 5_000])
@pytest.mark.parametrize("text", ['{{"text": "{number} {key}"}}', "{key}", "{number} {key}\n"])
def test_a_value_is_counted_once_for_each_place(size: int, text: str) -> None:
    batch = Batch(find, Values())
    for number in range(size):
        batch.add(number, text.format(number=number, key=KEYS[number % 4]))
    found = list(batch.masked())
    assert [one.key for one in found] == list(range(size))
    assert sum(len(one.secrets) for one in found) == size

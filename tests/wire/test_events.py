"""What Codex sends, read into the model's events: its real payloads, and everything that is none."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codex_guard.errors import GuardError
from codex_guard.model import Event, PromptEvent, StopEvent, ToolEvent
from codex_guard.wire import events

PAYLOADS = Path(__file__).parents[1] / "fixtures" / "payloads"
HEREDOC = "cat > h.txt <<'EOF'\nheredoc body\nEOF\n"
PATCH = (
    "*** Begin Patch\n*** Add File: new.txt\n+hello\n*** Update File: old.txt\n*** Move to: sub/renamed.txt\n"
    "@@\n-line1\n+LINE1\n line2\n*** End Patch\n"
)
PATCHED = (
    "Exit code: 0\nWall time: 0 seconds\nOutput:\nSuccess. Updated the following files:\nA new.txt\n"
    "M sub/renamed.txt\n"
)
MCP_SAID = {"content": [{"type": "text", "text": 'MCP says {"text": "hi"}'}], "isError": False}
SPAWNED = '{"agent_id":"01a1f894-9031-7e63-9147-3e33c4252010","nickname":"Confucius"}'

#: Each payload of an event that has a hook: a prompt, a call (tool, arguments, command, response), an end.
READ: dict[str, tuple[Any, ...]] = {
    "UserPromptSubmit": ("p",),
    "UserPromptSubmit.subagent": ("sub task",),
    "PreToolUse.Bash": ("Bash", {"command": HEREDOC}, HEREDOC, None),
    "PreToolUse.Bash.apply_patch_heredoc": (
        "Bash",
        {"command": f"apply_patch <<'EOF'\n{PATCH}EOF\n"},
        f"apply_patch <<'EOF'\n{PATCH}EOF\n",
        None,
    ),
    "PreToolUse.Bash.codemode": (
        "Bash",
        {"command": "echo NESTED > n.txt"},
        "echo NESTED > n.txt",
        None,
    ),
    "PreToolUse.apply_patch": ("apply_patch", {"command": PATCH}, PATCH, None),
    "PreToolUse.mcp": ("mcp__demo__echo_it", {"text": "hi"}, None, None),
    "PreToolUse.spawn_agent": ("spawn_agent", {"message": "sub task"}, None, None),
    "PreToolUse.subagent": ("Bash", {"command": "echo y"}, "echo y", None),
    "PostToolUse.Bash": ("Bash", {"command": HEREDOC}, HEREDOC, ""),
    "PostToolUse.Bash.codemode": (
        "Bash",
        {"command": "echo NESTED > n.txt"},
        "echo NESTED > n.txt",
        "",
    ),
    "PostToolUse.apply_patch": ("apply_patch", {"command": PATCH}, PATCH, PATCHED),
    "PostToolUse.mcp": ("mcp__demo__echo_it", {"text": "hi"}, None, MCP_SAID),
    "PostToolUse.spawn_agent": ("spawn_agent", {"message": "sub task"}, None, SPAWNED),
    "PostToolUse.subagent": ("Bash", {"command": "echo y"}, "echo y", "y\n"),
    "Stop": (False,),
    "Stop.stop_hook_active": (True,),
    "SubagentStop": (False,),
}
UNSERVED = sorted(
    path.stem
    for path in PAYLOADS.glob("*.json")
    if path.stem.partition(".")[0] not in {*events.TIMEOUTS, "SubagentStop"}
)


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def wanted(name: str, sent: dict[str, Any]) -> Event:
    session, turn = sent["session_id"], sent["turn_id"]
    row = READ[name]
    if name.startswith("UserPromptSubmit"):
        return PromptEvent(session, turn, "/REPO", row[0])
    if "Stop" in name:
        return StopEvent(session, turn, "/REPO", row[0])
    tool, arguments, command, response = row
    return ToolEvent(session, turn, "/REPO", tool, arguments, command, response, sent["tool_use_id"])


def test_every_payload_is_in_one_of_the_tables() -> None:
    assert sorted(path.stem for path in PAYLOADS.glob("*.json")) == sorted([*READ, *UNSERVED])


@pytest.mark.parametrize("name", READ)
def test_a_real_payload_is_read(name: str) -> None:
    sent = payload(name)
    kind = sent["hook_event_name"]
    expected = "Stop" if kind == "SubagentStop" else kind
    for raw in (encoded(sent), (PAYLOADS / f"{name}.json").read_bytes()):
        assert events.read(raw, expected) == (kind, wanted(name, sent))
        assert events.read(raw) == (kind, wanted(name, sent))


@pytest.mark.parametrize("name", READ)
def test_fields_of_a_newer_codex_are_ignored(name: str) -> None:
    sent = payload(name)
    more = sent | {"novelty": {"deep": [1, None]}, "permission_mode": "novel", "model": 7}
    assert events.read(encoded(more)) == events.read(encoded(sent))


@pytest.mark.parametrize("name", UNSERVED)
def test_an_event_without_a_hook_is_refused_by_its_name(name: str) -> None:
    kind = name.partition(".")[0]
    with pytest.raises(GuardError, match=rf"Codex sent a {kind} event to the hook for .*codex-guard init"):
        events.read(encoded(payload(name)))


@pytest.mark.parametrize("expected", sorted(events.TIMEOUTS.keys() - {"SubagentStop"}))
@pytest.mark.parametrize("name", READ)
def test_an_event_for_another_hook_is_refused(name: str, expected: str) -> None:
    kind = payload(name)["hook_event_name"]
    if kind == expected or (kind, expected) == ("SubagentStop", "Stop"):
        assert events.read(encoded(payload(name)), expected)[0] == kind
        return
    with pytest.raises(GuardError, match=f"Codex sent a {kind} event to the hook for {expected}"):
        events.read(encoded(payload(name)), expected)


CONTENT = "ZQ0content1of2the3payload"
TEXTS = (None, 7, 1.5, True, [CONTENT], {CONTENT: CONTENT})
#: The fields without which an event cannot be judged, and values that are not theirs.
NEEDED = [
    *(("UserPromptSubmit", field, TEXTS) for field in ("session_id", "cwd", "prompt", "hook_event_name")),
    *(("PreToolUse.Bash", field, TEXTS) for field in ("session_id", "cwd", "tool_name", "hook_event_name")),
    (
        "PreToolUse.Bash",
        "tool_input",
        (None, 7, True, CONTENT, [CONTENT], {}, {"command": None}, {"command": [CONTENT]}),
    ),
    ("PreToolUse.apply_patch", "tool_input", (None, CONTENT, {}, {"command": 7}, {"patch": CONTENT})),
    ("PreToolUse.mcp", "tool_input", ()),
    *(("PostToolUse.Bash", field, TEXTS) for field in ("session_id", "cwd", "tool_name")),
    ("PostToolUse.Bash", "tool_input", (None, {"command": 7})),
    ("PostToolUse.Bash", "tool_response", ()),
    ("PostToolUse.mcp", "tool_response", ()),
    *(("Stop", field, TEXTS) for field in ("session_id", "turn_id", "cwd", "hook_event_name")),
    ("Stop", "stop_hook_active", (None, 0, 1, CONTENT, "true", [], {})),
    ("SubagentStop", "stop_hook_active", (None, "false")),
]
MISSING = object()


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [(name, field, value) for name, field, values in NEEDED for value in (MISSING, *values)],
    ids=lambda value: "missing" if value is MISSING else None,
)
def test_half_an_event_is_an_error_without_its_contents(name: str, field: str, value: object) -> None:
    sent = payload(name) | {"last_assistant_message": CONTENT, "transcript_path": CONTENT}
    for other in {"prompt", "session_id", "cwd"} & sent.keys():
        sent[other] = CONTENT
    if value is MISSING:
        del sent[field]
    else:
        sent[field] = value
    with pytest.raises(GuardError) as caught:
        events.read(encoded(sent))
    sentence = str(caught.value)
    assert field in sentence or field.rpartition(".")[2] in sentence
    assert CONTENT not in sentence
    assert "newer codex-guard" in sentence


@pytest.mark.parametrize("field", ["turn_id", "tool_use_id"])
@pytest.mark.parametrize("value", [None, 7])
def test_what_a_judgement_does_not_need_may_be_strange(field: str, value: object) -> None:
    _, event = events.read(encoded(payload("PreToolUse.mcp") | {field: value}))
    assert isinstance(event, ToolEvent)
    assert {"turn_id": event.turn, "tool_use_id": event.call}[field] == ""


@pytest.mark.parametrize("name", ["", "stop", "Stop ", "StopFailure", f"{CONTENT}Stop", CONTENT])
def test_a_strange_name_of_an_event_is_not_repeated(name: str) -> None:
    with pytest.raises(GuardError, match="Codex sent a strange event to the hook for Stop:") as caught:
        events.read(encoded(payload("Stop") | {"hook_event_name": name}), "Stop")
    assert CONTENT not in str(caught.value)


#: What is no event at all, and what the sentence says of it.
BROKEN = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t", "is empty"),
    "null": (b"null", "no object"),
    "a number": (b"7", "no object"),
    "a text": (f'"{CONTENT}"'.encode(), "no object"),
    "a list": (f'["{CONTENT}"]'.encode(), "no object"),
    "an empty object": (b"{}", "hook_event_name"),
    "no JSON": (CONTENT.encode(), "not one whole JSON object"),
    "cut short": (encoded({"prompt": CONTENT})[:-3], "not one whole JSON object"),
    "cut within an escape": (b'{"prompt":"\\u00', "not one whole JSON object"),
    "two documents": (encoded({"prompt": CONTENT}) * 2, "not one whole JSON object"),
    "text behind it": (encoded({"prompt": CONTENT}) + b" x", "not one whole JSON object"),
    "a raw control character": (b'{"prompt":"a\x00b"}', "not one whole JSON object"),
    "single quotes": (b"{'prompt': 1}", "not one whole JSON object"),
    "not UTF-8": (f'{{"{CONTENT}":"'.encode() + b'\xff"}', "not one whole JSON object"),
    "UTF-16": ('{"prompt":1}'.encode("utf-16"), "not one whole JSON object"),
    "a surrogate in UTF-8": (b'{"prompt":"\xed\xa0\x80"}', "not one whole JSON object"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "not one whole JSON object"),
    "deep lists": (b'{"a":' + b"[" * 200_000, "not one whole JSON object"),
    "deep objects": (b'{"a":' * 200_000, "not one whole JSON object"),
    "a number of 5,000 digits": (b'{"a":' + b"7" * 5_000 + b"}", "not one whole JSON object"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_event_is_an_error_without_its_contents(case: str) -> None:
    raw, said = BROKEN[case]
    with pytest.raises(GuardError, match=said) as caught:
        events.read(raw, "UserPromptSubmit")
    assert CONTENT not in str(caught.value)


@pytest.mark.parametrize("name", ["PreToolUse.Bash", "UserPromptSubmit", "Stop"])
def test_no_beginning_of_an_event_is_taken_for_one(name: str) -> None:
    raw = encoded(payload(name))
    for end in range(len(raw)):
        with pytest.raises(GuardError):
            events.read(raw[:end])


def test_the_last_of_a_key_that_stands_twice_counts_as_in_codex() -> None:
    raw = encoded(payload("UserPromptSubmit"))[:-1] + b', "prompt": "last"}'
    _, event = events.read(raw)
    assert isinstance(event, PromptEvent)
    assert event.prompt == "last"


#: Odd but whole JSON within an event is read.
ODD: dict[str, tuple[bytes, Callable[[Any], bool]]] = {
    "half a surrogate pair": (rb'"a\ud800b"', lambda text: text == "a\ud800b"),
    "a NUL": (rb'"a\u0000b"', lambda text: text == "a\0b"),
    "NaN": (b'["NaN", NaN]', lambda given: given[1] != given[1]),
    "infinities": (b"[Infinity, -Infinity]", lambda given: given == [float("inf"), float("-inf")]),
    "deep, within bounds": (b"[" * 200 + b"]" * 200, lambda given: str(given) == "[" * 200 + "]" * 200),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_json_is_read(case: str) -> None:
    raw, holds = ODD[case]
    whole = encoded(payload("PreToolUse.mcp") | {"tool_input": "HERE"}).replace(b'"HERE"', raw)
    _, event = events.read(whole)
    assert isinstance(event, ToolEvent)
    assert holds(event.arguments)


def test_reading_leaves_nothing_shared_between_events() -> None:
    raw = encoded(payload("PreToolUse.mcp"))
    _, first = events.read(raw)
    assert isinstance(first, ToolEvent)
    kept = copy.deepcopy(first.arguments)
    assert isinstance(first.arguments, dict)
    first.arguments["text"] = "changed"
    _, second = events.read(raw)
    assert isinstance(second, ToolEvent)
    assert second.arguments == kept


@pytest.mark.parametrize(
    ("mode", "planning"), [("plan", True), ("default", False), ("bypassPermissions", False)]
)
def test_a_stop_event_says_whether_the_agent_may_only_plan(mode: str, *, planning: bool) -> None:
    payload = json.loads((PAYLOADS / "Stop.json").read_text(encoding="utf-8")) | {"permission_mode": mode}
    _, read = events.read(json.dumps(payload).encode())
    assert isinstance(read, StopEvent)
    assert read.planning is planning

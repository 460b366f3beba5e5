"""What a call of any tool writes and says."""

import base64
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.errors import GuardError
from codex_guard.guard import calls, places
from codex_guard.model import Allow, Judgement, Text, ToolEvent, Write
from codex_guard.policy.policy import Policy
from support.repositories import put, repository

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
WRITERS = ("mcp__files__*", "mcp__*__save_?ile")
POLICY = Policy(writers=WRITERS)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def picture(*texts: str) -> str:
    """Return a grey pixel in base64, a PNG with these comments."""
    body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    for text in texts:
        body += chunk(b"tEXt", b"Comment\0" + text.encode("latin-1"))
    body += chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return base64.b64encode(body).decode()


def named(tool: str, arguments: object, *, declared: bool = False, command: str | None = None) -> list[str]:
    return calls.named_paths(ToolEvent("s", "t", "/w", tool, arguments, command), declared=declared)


def written(tool: str, arguments: object) -> tuple[Write, ...]:
    return calls.written(ToolEvent("s", "t", "/w", tool, arguments, None), None, WRITERS).writes


def said(value: object) -> list[str]:
    return [text.body for text in calls.spoken(value, "here")]


# What a model reads of a result

READ: dict[str, tuple[object, str]] = {
    "a text": ("a\nb", "a\nb"),
    "no text": ("", ""),
    "texts of an MCP result": (
        {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b\n"}], "isError": False},
        "a\nb\n",
    ),
    "a list of texts": ([{"type": "text", "text": "a"}, {"text": "b"}], "a\nb"),
    "a picture": (
        {
            "content": [
                {"type": "text", "text": "a"},
                {"type": "image", "data": picture(), "mimeType": "image/png"},
            ]
        },
        "a\n[a picture]",
    ),
    "an input picture": ([{"type": "input_image", "image_url": "data:x"}], "[a picture]"),
    "structured content": ({"structuredContent": {"é": 1}}, '{\n "é": 1\n}'),
    "both": ({"content": [{"type": "text", "text": "a"}], "structuredContent": []}, "a\n[]"),
    "content that is null": ({"content": [{"text": "a"}], "structuredContent": None}, "a"),
    "a text that is none": ([{"type": "text", "text": 3}], '{\n "type": "text",\n "text": 3\n}'),
    "items that are no objects": (["a", 3, None, ["b"]], '"a"\n3\nnull\n[\n "b"\n]'),
    "an empty list": ([], "[]"),
    "another object": ({"rows": [1]}, '{\n "rows": [\n  1\n ]\n}'),
    "content of another kind": ({"content": "a"}, '{\n "content": "a"\n}'),
    "a number": (7, "7"),
    "nothing": (None, "null"),
}


@pytest.mark.parametrize("case", READ)
def test_a_result_is_readable_as_the_model_reads_it(case: str) -> None:
    response, text = READ[case]
    assert calls.readable(response) == text


# Every text within a value

SAID: dict[str, tuple[object, list[str]]] = {
    "a text": ("a", ["a"]),
    "nothing": (None, []),
    "an empty text": (["", {"": []}], []),
    "numbers and truths": ([1, 2.5, True, {"a": 3}], ["a"]),
    "a value with its name": ({"password": "x"}, ["password: x"]),
    "several words below their name": ({"text": "a b"}, ["text:\na b"]),
    "several lines below their name": ({"text": "a\nb"}, ["text:\na\nb"]),
    "a word between blanks": ({"text": " a\n"}, ["text:  a\n"]),
    "an empty value": ({"text": ""}, ["text: "]),
    "what is within": ([["a"], {"b": ["c"]}], ["a", "b", "c"]),
    "a picture": ([picture()], []),
    "a picture's comment": ([picture("hidden words")], ["\nComment:\nhidden words"]),
    "a picture with a name": ({"data": picture("hidden words")}, ["data:\n\nComment:\nhidden words"]),
    "a picture's name without a comment": ({"data": picture()}, ["data: "]),
    "a data URL": ([f"data:image/png;base64,{picture('hidden')}"], ["data:image/png\nComment: hidden"]),
    "a data URL of no picture": (["data:image/png;base64,abc"], ["data:image/png;base64,abc"]),
    "SVG": (["data:image/svg+xml;base64,PHN2Zz4="], ["data:image/svg+xml;base64,PHN2Zz4="]),
    "another data URL": ([f"data:text/plain;base64,{picture()}"], [f"data:text/plain;base64,{picture()}"]),
    "a long type": (
        [f"data:image/png;x={'y' * 60};base64,{picture()}"],
        [f"data:image/png;x={'y' * 60};base64,{picture()}"],
    ),
    "what only begins like a picture": (["iVBORw0KGgo and words"], ["iVBORw0KGgo and words"]),
}


@pytest.mark.parametrize("case", SAID)
def test_every_text_is_looked_at(case: str) -> None:
    value, texts = SAID[case]
    assert sorted(said(value)) == sorted(texts)
    assert all(text.where == "here" and not text.file for text in calls.spoken(value, "here"))


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in [name, *strings(inner)]]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [value] if isinstance(value, str) else []


@given(documents)
def test_no_text_is_left_out_of_any_document(value: object) -> None:
    told = "\x00".join(said(value))
    assert all(text in told for text in strings(value))
    assert json.loads(calls.readable({"a": value})) == {"a": value}


def test_a_deep_value_is_no_recursion() -> None:
    deep: object = "at the bottom"
    for _ in range(100_000):
        deep = [deep]
    assert said(deep) == ["at the bottom"]
    assert named("mcp__a__write", {"x": deep}) == []


NUMBERED = [
    ("     1\ta\n     2\tb", "a\nb"),
    ("1:a\n2-b", "a\nb"),
    ("a.py:12:x = 1\na.py-13-y", "x = 1\na.py-13-y"),
    ("1 | a\n2 | b", "a\nb"),
    ("1|a", "a"),
    ("12: a", "a"),
    ("a\n1:b\nc", ""),
    ("1:a\nb", "a\nb"),
    ("a: b", ""),
    ("12", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "plain"), NUMBERED)
def test_what_is_printed_with_numbers_is_read_without_them_as_well(text: str, plain: str) -> None:
    texts = [Text("output", text)] if text else []
    assert calls.printed(text) == texts + ([Text("output", plain)] if plain else [])


# The paths that a tool's arguments name

NAMED: dict[str, tuple[object, list[str]]] = {
    "path": ({"path": "a"}, ["a"]),
    "in a longer name": ({"file_path": "a", "targetFile": "b", "destination_uri": "c"}, ["a", "b", "c"]),
    "in capitals": ({"PATH": "a"}, ["a"]),
    "several": ({"paths": ["a", "b"]}, ["a", "b"]),
    "source and destination": ({"source": "a", "destination": "b"}, ["a", "b"]),
    "a file's URL": ({"uri": "file:///w/a"}, ["/w/a"]),
    "within": ({"edits": [{"path": "a"}, {"path": "b"}]}, ["b", "a"]),
    "files with their contents": ({"files": [{"path": "a", "content": "x"}, {"path": "b"}]}, ["b", "a"]),
    "below a name of its own": ({"path": {"path": "a"}}, ["a"]),
    "other names": ({"query": "a", "text": "b"}, []),
    "what is no text": ({"path": 3, "paths": [None, 4], "file": True}, []),
    "texts among others": ({"paths": ["a", 3]}, []),
    "nothing": ({"paths": []}, []),
    "what is too long": ({"path": "a" * 4_097}, []),
    "what is just not": ({"path": "a" * 4_096}, ["a" * 4_096]),
    "a list of arguments": ([{"path": "a"}], ["a"]),
    "no arguments": (None, []),
    "a text": ("path", []),
}


@pytest.mark.parametrize("case", NAMED)
def test_the_paths_that_arguments_name(case: str) -> None:
    arguments, paths = NAMED[case]
    assert named("mcp__files__write", arguments) == paths


@pytest.mark.parametrize(
    "tool", ["read_file", "mcp__f__read", "mcp__f__GetFile", "mcp__f__list_x", "view_image"]
)
def test_a_tool_that_reads_writes_only_where_it_is_declared_to(tool: str) -> None:
    assert named(tool, {"path": "a"}) == []
    assert named(tool, {"path": "a"}, declared=True) == ["a"]


@pytest.mark.parametrize("tool", ["mcp__read__write", "write", "spread_out", "thread"])
def test_only_the_last_part_of_a_tools_name_says_that_it_reads(tool: str) -> None:
    assert named(tool, {"path": "a"}) == ["a"]


def test_a_command_names_its_paths_itself() -> None:
    assert named("Bash", {"command": "x", "path": "a"}, command="x", declared=True) == []


# Tools that a policy declares to write

DECLARED: dict[str, tuple[str, object, tuple[Write, ...]]] = {
    "a path and its content": (
        "mcp__files__write",
        {"path": "a", "content": "x"},
        (Write("a", "add", content="x"),),
    ),
    "a name with a sign for one letter": (
        "mcp__any__save_file",
        {"path": "a", "text": "x"},
        (Write("a", "add", content="x"),),
    ),
    "the same path twice": (
        "mcp__files__write",
        {"path": "a", "uri": "file://a", "body": "x"},
        (Write("a", "add", content="x"),),
    ),
    "several paths": (
        "mcp__files__write",
        {"paths": ["a", "b"], "content": "x"},
        (Write("a", "add"), Write("b", "add")),
    ),
    "several contents": (
        "mcp__files__write",
        {"path": "a", "content": "x", "data": "y"},
        (Write("a", "add"),),
    ),
    "no content": ("mcp__files__write", {"path": "a"}, (Write("a", "add"),)),
    "content that is no text": ("mcp__files__write", {"path": "a", "content": ["x"]}, (Write("a", "add"),)),
    "a list": ("mcp__files__write", [{"path": "a", "content": "x"}], (Write("a", "add"),)),
    "one that reads by its name": (
        "mcp__files__read_and_mend",
        {"path": "a"},
        (Write("a", "add"),),
    ),
    "no path": ("mcp__files__write", {"content": "x"}, ()),
    "another tool": ("mcp__db__write", {"path": "a", "content": "x"}, ()),
    "a longer name": ("mcp__any__save_profile", {"path": "a", "content": "x"}, ()),
}


@pytest.mark.parametrize("case", DECLARED)
def test_what_a_declared_tool_writes(case: str) -> None:
    tool, arguments, writes = DECLARED[case]
    assert written(tool, arguments) == writes


def test_without_a_declaration_no_tool_writes() -> None:
    event = ToolEvent("s", "t", "/w", "mcp__files__write", {"path": "a", "content": "x"}, None)
    assert calls.written(event, None).writes == ()


def test_a_secret_is_told_by_its_line_in_the_file(judge: Judge, tool: Tool, reason: Said, key: str) -> None:
    event = tool("mcp__files__write", {"path": "sub/a.py", "content": f"x\nTOKEN = '{key}'\n"})
    assert "  sub/a.py:2:10: " in reason(judge(event, POLICY))
    assert "mcp__files__write's arguments:" in reason(judge(event))


def test_of_several_paths_the_arguments_are_told(judge: Judge, tool: Tool, reason: Said, key: str) -> None:
    event = tool("mcp__files__write", {"paths": ["a", "b"], "content": key})
    assert "mcp__files__write's arguments:1:" in reason(judge(event, POLICY))


def test_a_secret_may_go_into_a_file_that_git_ignores(
    judge: Judge, tool: Tool, reason: Said, tmp_path: Path, key: str
) -> None:
    put(repository(tmp_path / "repo") / ".gitignore", ".env\n")
    event = tool("mcp__files__write", {"path": ".env", "content": f"TOKEN={key}\n"})
    judgement = judge(event, POLICY)
    assert judgement.decision == Allow()
    assert [finding.where for finding in judgement.findings] == [".env"]
    # To a tool that is not declared, it could be anything.
    assert "arguments" in reason(judge(event))
    # What is said beside the content goes elsewhere.
    beside = tool("mcp__files__write", {"path": ".env", "content": f"TOKEN={key}\n", "note": f"for {key}"})
    assert "arguments" in reason(judge(beside, POLICY))
    for path in ("env.txt", "../.env", str(tmp_path / ".env")):
        other = tool("mcp__files__write", {"path": path, "content": f"TOKEN={key}\n"})
        assert f"  {path}:1:7: " in reason(judge(other, POLICY))


def test_each_file_that_a_declared_tool_named_is_looked_at(
    judge: Judge, tool: Tool, reason: Said, repo: Path, key: str
) -> None:
    for name in ("a", "b"):
        put(repo / name, f"x\n{key}\n")
    event = tool("mcp__files__copy", {"paths": ["a", "b", "c"]}, "done")
    told = reason(judge(event, POLICY))
    assert "2 secrets in files" in told
    assert "  a:2:1: " in told
    assert "  b:2:1: " in told
    assert judge(event).decision == Allow()


@pytest.mark.parametrize("path", [".codex/hooks.json", "file://REPO/.codex-guard.toml"])
def test_the_guards_own_files_are_kept_from_any_tool(
    judge: Judge, tool: Tool, reason: Said, repo: Path, path: str
) -> None:
    event = tool("mcp__files__write", {"path": path.replace("REPO", str(repo)), "content": "x"})
    for policy in (POLICY, Policy()):
        assert "[guard-files" in reason(judge(event, policy))


# Commands


def test_only_bash_is_walked(tool: Tool, repo: Path) -> None:
    scope = places.scope(str(repo), places.of(str(repo)))
    walk = calls.walked(tool("Bash", "echo x > a"), scope)
    assert walk is not None
    assert calls.written(tool("Bash", "echo x > a"), walk).writes == (Write("a", "add", content="x\n"),)
    assert calls.walked(tool("apply_patch", "ls"), scope) is None
    assert calls.walked(tool("mcp__a__run", {"command": "ls"}), scope) is None


def test_a_command_that_no_shell_takes_is_an_error(tool: Tool, repo: Path) -> None:
    scope = places.scope(str(repo), places.of(str(repo)))
    with pytest.raises(
        GuardError, match=r"longer than 1 MiB.*write a long text into a file with apply_patch"
    ):
        calls.walked(tool("Bash", ":" + " " * (1 << 20)), scope)


def test_a_files_name_is_a_text_of_its_own() -> None:
    writes = (Write("a", "move", "b"), Write("b", "add"), Write("", "delete"))
    assert [text.body for text in calls.names(writes)] == ["a", "b"]

"""What holds for every format of a report: paths, messages, order, bounds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.checks.reports.read import ON_STDERR, PARSERS, failures
from codex_guard.model import CheckFailure

ROOT = "/work/repo"
PATTERN = r"(?P<path>[^:]+):(?P<line>\d+): (?P<message>.*)"


def one(parser: str, path: str, message: str = "X") -> str:
    """Return a report in the format, of one failure in line 3, column 4."""
    begin = {"line": 3, "column": 4}
    diagnostic = {"file": path, "severity": "error", "message": message, "code": 1, **begin}
    spans = [{"file_name": path, "is_primary": True, "line_start": 3, "column_start": 4}]
    region = {"startLine": 3, "startColumn": 4}
    located = [{"physicalLocation": {"artifactLocation": {"uri": path}, "region": region}}]
    ranged = {"range": {"start": {"line": 2, "character": 3}}}
    formats: dict[str, Any] = {
        "ruff-json": [{"filename": path, "location": {"row": 3, "column": 4}, "message": message}],
        "pyright-json": {"generalDiagnostics": [diagnostic | ranged]},
        "ty": [{"description": message, "location": {"path": path, "positions": {"begin": begin}}}],
        "pyrefly": {"errors": [{"path": path, "description": message, **begin}]},
        "eslint-json": [{"filePath": path, "messages": [{"severity": 2, "message": message, **begin}]}],
        "staticcheck-json": {"severity": "error", "location": {"file": path, **begin}, "message": message},
        "cargo-json": {"message": {"level": "error", "message": message, "spans": spans}},
        "shellcheck-json": {"comments": [diagnostic]},
        "sarif": {"runs": [{"results": [{"message": {"text": message}, "locations": located}]}]},
        "mypy": f"{path}:3:4: error: {message}",
        "tsc": f"{path}(3,4): error TS1: {message}",
        "biome": f"::error file={path},line=3,col=4::{message}",
        "go": f"{path}:3:4: {message}",
        "regex": f"{path}:3: {message}",
        "lines": f"{path}:3:4: {message}",
    }
    return formats[parser] if isinstance(formats[parser], str) else json.dumps(formats[parser])


def read(parser: str, output: str, root: str = ROOT) -> tuple[CheckFailure, ...]:
    return failures(parser, "tool", output, root, PATTERN)


@pytest.mark.parametrize("parser", PARSERS)
def test_every_format_is_read(parser: str) -> None:
    [found] = read(parser, one(parser, "sub/a.py", "Something is wrong"))
    column = 0 if parser == "regex" else 4
    assert (found.tool, found.path, found.line, found.column) == ("tool", "sub/a.py", 3, column)
    assert found.message == "Something is wrong"


@pytest.mark.parametrize("parser", PARSERS)
def test_nothing_is_no_failure(parser: str) -> None:
    assert read(parser, "") == read(parser, "\n \n") == ()


def test_programs_that_report_on_standard_error_are_named() -> None:
    assert set(PARSERS) > ON_STDERR >= {"go"}


#: A path that a tool prints, and the failure's.
PATHS = {
    "a.py": "a.py",
    "./a.py": "a.py",
    "sub//./x/../a.py": "sub/a.py",
    "/work/repo/sub/a.py": "sub/a.py",
    "/work/repo/../repo/a.py": "a.py",
    "/work/repo": ".",
    "/work/repository/a.py": "/work/repository/a.py",
    "/work/a.py": "/work/a.py",
    "../a.py": "/work/a.py",
    "../repo/a.py": "a.py",
    "a b/é ü.py": "a b/é ü.py",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("parser", PARSERS)
def test_paths(parser: str, path: str) -> None:
    [found] = read(parser, one(parser, path))
    assert found.path == PATHS[path]


def test_a_folder_and_its_real_name_are_the_same(tmp_path: Path) -> None:
    """macOS' /tmp is a link, and some tools print real paths."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("link", "real"):
        [found] = read("ruff-json", one("ruff-json", f"{tmp_path}/{name}/a.py"), f"{tmp_path}/link/")
        assert found.path == "a.py"


def test_the_root_of_all_is_a_root() -> None:
    assert [found.path for found in read("go", one("go", "/a.go"), "/")] == ["a.go"]


def test_a_message_is_one_line_of_text() -> None:
    said = "one\n  two\r\n\tthree\x00\x1b[31m four\x1b[0m\u2028five \ud800six\x9b"
    [found] = read("ruff-json", one("ruff-json", "a.py", said))
    assert found.message == "one two three [31m four [0m five ?six"
    assert found.message.encode()


def test_a_path_can_be_written() -> None:
    [found] = read("ruff-json", one("ruff-json", "a\ud800.py"))
    assert found.path == "a?.py"


def test_each_failure_comes_once_and_in_order() -> None:
    places = (("b.go", 1, 1), ("a.go", 10, 1), ("a.go", 9, 2), ("a.go", 9, 1), ("./b.go", 1, 1))
    printed = "".join(f"{path}:{line}:{column}: X\n" for path, line, column in places)
    assert [(one.path, one.line, one.column) for one in read("go", printed)] == sorted(set(places[:4]))


@pytest.mark.parametrize("number", [True, -1, 0, 1.5, "3", None, [], 10**12])
def test_what_is_no_line_is_none(number: object) -> None:
    printed = [{"filename": "a.py", "message": "X", "location": {"row": number, "column": number}}]
    [found] = read("ruff-json", json.dumps(printed))
    assert (found.line, found.column) == (0, 0)


@pytest.mark.parametrize(
    "around",
    [
        lambda text: f"\ufeff{text}",
        lambda text: f"\n\n  {text}\n\n",
        lambda text: f"> lint\n[1/2] running\n{text}\nDone [in 1 s].\n",
        lambda text: f"{{braces}}\n[WARN] old\n{text}",
    ],
)
def test_json_is_found_between_other_lines(around: Callable[[str], str]) -> None:
    assert len(read("ruff-json", around(one("ruff-json", "a.py")))) == 1


def test_json_is_not_looked_for_without_end() -> None:
    assert read("ruff-json", "[WARN]\n" * 8 + one("ruff-json", "a.py")) == ()


JUNK = {
    "a sentence": "error: no such file\n",
    "cut short": '[{"filename": "a.py", "location": {',
    "nested lists": "[" * 100_000,
    "nested objects": '{"runs":' * 100_000,
    "nested within a report": '{"errors": [' + "[" * 100_000,
    "a number": "7",
    "a number without end": "[" + "1" * 5_000 + "]",
    "null": "null",
    "other things": '{"errors": 7, "runs": {"a": []}, "comments": [7], "generalDiagnostics": [[]]}',
    "empty things": '[{}, [], null, "", 0]',
    "a usage": "usage: tool [-h]\ntool: error: unrecognized arguments\n",
}


@pytest.mark.parametrize("parser", [parser for parser in PARSERS if parser not in {"lines", "mypy", "tsc"}])
@pytest.mark.parametrize("junk", JUNK)
def test_what_is_no_report_is_no_failure(parser: str, junk: str) -> None:
    assert read(parser, JUNK[junk]) == ()


def test_at_most_a_hundred_thousand_failures_are_kept() -> None:
    printed = "".join(f"a.go:{line}: X\n" for line in range(1, 100_003))
    assert [len(read("go", printed)), read("go", printed)[-1].line] == [100_000, 100_000]


#: Texts over which a careless pattern would take hours.
LONG = {
    "spaces": "a.py:1:1: error: X" + " " * (1 << 20) + "[misc]",
    "brackets": "a.py:1:1: error: X" + "  [" * (1 << 18),
    "places": "a.py:1:" * (1 << 17),
    "places in brackets": "(1,1): " * (1 << 17),
    "open brackets": "(1" * (1 << 19),
    "escapes": "\x1b[" * (1 << 19),
    "an escape": "\x1b[" + "1;" * (1 << 19),
    "properties": "::error " + "a=%25," * (1 << 17) + "::X",
    "lines below": "a.go:1:1: X\n" + "\ty\n" * (1 << 18),
    "objects": "{\n" * (1 << 19),
    "lists": "[\n" * (1 << 19),
}


@pytest.mark.parametrize("text", LONG)
def test_long_texts_are_read_through(text: str) -> None:
    for parser in PARSERS:
        assert len(read(parser, LONG[text])) <= 20_000


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("error"),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            "filename location row column message file severity range start line character errors path name"
            " description positions begin check_name messages filePath ruleId fatal level spans is_primary"
            " expansion span file_name code runs results locations physicalLocation artifactLocation uri"
            " uriBaseId index originalUriBaseIds artifacts rules tool driver suppressions kind text id"
            " arguments ruleIndex rule comments generalDiagnostics".split()
        ),
        inner,
        max_size=4,
    ),
    max_leaves=24,
)  # fmt: skip
PIECES = st.sampled_from(
    ["a.py", ":", "1", "(", ")", ",", " ", "error", "TS1", "[misc]", "::error ", "=", "%2C", "\n", "\t", "\r",
     "vet: ", "#", "\x1b[1m", "\ud800", "/", "..", "{", "}", '"', "\0", "é"]
)  # fmt: skip
OUTPUTS = (
    st.text(max_size=200)
    | st.lists(PIECES, max_size=40).map("".join)
    | VALUES.map(json.dumps)
    | st.fixed_dictionaries(dict.fromkeys(("runs", "errors", "comments", "message"), VALUES)).map(json.dumps)
)


@pytest.mark.parametrize("parser", PARSERS)
@given(output=OUTPUTS)
def test_whatever_is_printed_failures_are_well_formed_and_in_order(parser: str, output: str) -> None:
    found = read(parser, output)
    assert list(found) == sorted(set(found), key=found.index)
    places = [(failure.path, failure.line, failure.column, failure.code) for failure in found]
    assert places == sorted(places)
    for failure in found:
        assert failure.line >= 0
        assert failure.column >= 0
        assert failure.path
        assert not failure.path.startswith(("./", "../", ROOT + "/"))
        assert failure.message == " ".join(failure.message.split())
        assert (failure.path + failure.code + failure.message).encode()


@given(
    path=st.lists(st.text("ab .é-%", min_size=1, max_size=5), min_size=1, max_size=3),
    line=st.integers(1, 9**9),
)
def test_a_place_in_json_comes_back(path: list[str], line: int) -> None:
    name = "/".join(part.strip(". ") or "x" for part in path)
    printed = json.dumps([{"filename": f"{ROOT}/{name}", "message": "X", "location": {"row": line}}])
    assert [(one.path, one.line) for one in read("ruff-json", printed)] == [(name, line)]

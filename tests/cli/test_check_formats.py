"""The forms of a report: what stands in each, whatever tools and names say."""

import json
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.checks.reports import sarif as reader
from codex_guard.cli.formats import document, github, sarif, text
from codex_guard.cli.formats.report import CLEAN, FAILURES, INCOMPLETE, Ran, Report, Shown

ONE = Shown("ruff", "src/a b.py", 3, 7, "F401", "`os` imported but unused", "import os", 7)
RUFF = Ran("ruff", "", ("/bin/ruff", "./a b.py"), 0.25, 1, None)
CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS, max_size=30)
NUMBERS = st.integers(0, 1_000)
WORDS = st.text(CHARACTERS, min_size=1, max_size=30)
SHOWN = st.builds(Shown, TEXTS, TEXTS, NUMBERS, NUMBERS, TEXTS, WORDS, TEXTS, st.integers(0, 40))


def report(*failures: Shown, ran: tuple[Ran, ...] = (RUFF,), **changes: Any) -> Report:
    made = Report("/top", 2, failures, ran, 0, "in Codex's sandbox", FAILURES if failures else CLEAN)
    return made.replace(**changes)


def printed(*failures: Shown, **changes: Any) -> list[str]:
    return list(text.lines(report(*failures, ran=(), **changes)))


def test_text_is_in_groups() -> None:
    other = ONE.replace(path="z.py", line=0, column=0, source="", code="")
    none = ONE.replace(path="", message="coverage is low", source="", line=0, column=0)
    assert printed(none, ONE, ONE.replace(line=9, column=0, source=""), other) == [
        "-  F401  coverage is low  [ruff]",
        "",
        "src/a b.py:3:7  F401  `os` imported but unused  [ruff]",
        "    import os",
        "          ^",
        "src/a b.py:9  F401  `os` imported but unused  [ruff]",
        "",
        "z.py  `os` imported but unused  [ruff]",
    ]


@pytest.mark.parametrize(
    ("source", "caret", "shown"),
    [
        ("    return x\n", 12, ["    return x", "           ^"]),
        ("\tif\tx:", 5, ["    if    x:", "          ^"]),
        ("    indented", 2, ["       indented", "    ^"]),
        ("x = '日本' + y", 12, ["    x = '日本' + y", "                 ^"]),
        ("e\u0301 = y", 6, ["    e\u0301 = y", "        ^"]),
        ("x = (", 6, ["    x = (", "         ^"]),
        ("x = 1   ", 8, ["    x = 1", "         ^"]),
        ("  no place", 0, ["    no place"]),
        ("   ", 2, []),
        ("red = '\x1b[31m'", 1, ["    red = '\\x1b[31m'", "    ^"]),
        ("a" * 300, 0, [f"    {'a' * 100}…"]),
        ("a" * 300, 201, [f"    …{'a' * 100}…", f"    {' ' * 61}^"]),
        ("a" * 150, 150, [f"    …{'a' * 61}", f"    {' ' * 61}^"]),
    ],
)
def test_a_caret_stands_below_its_column(source: str, caret: int, shown: list[str]) -> None:
    assert printed(ONE.replace(source=source, caret=caret))[1:] == shown


def test_commands_to_run_again() -> None:
    ran = (
        RUFF,
        Ran("ruff", "web api", ("/bin/ruff", "it's.py"), 0.1, 2, None),
        Ran("mypy", "", ("/bin/mypy",), 0.1, 0, None),
        Ran("tsc", "", ("/bin/tsc",), 9.0, 0, "tsc did not finish."),
        Ran("eslint", "", (), 0.0, 0, "eslint is not installed."),
        Ran("biome", "", ("/bin/biome", *["file.js"] * 1_000), 0.1, 1, None),
    )
    commands = list(text.lines(report(ONE, ran=ran)))[-5:]
    assert commands[:4] == [
        "To run them again:",
        "  /bin/ruff './a b.py'",
        "  (cd 'web api' && /bin/ruff 'it'\"'\"'s.py')",
        "  /bin/tsc",
    ]
    assert commands[4].endswith(" file.js …")
    assert len(commands[4]) < 2_100
    assert next(text.lines(report(ran=ran))) == "To run them again:"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (report(), "no failures in 2 files; ruff 0.2 s in Codex's sandbox."),
        (report(ran=()), "no check applies to 2 files."),
        (report(ran=(), files=1), "no check applies to 1 file."),
        (report(ONE, ONE, how=""), "2 failures in 1 file; ruff 0.2 s."),
        (report(ONE.replace(path="")), "1 failure; ruff 0.2 s in Codex's sandbox."),
        (report(old=1_200), "no failures in 2 files (1,200 not counted: there before, or in other files);"),
        (report(ran=(RUFF, RUFF)), "no failures in 2 files; ruff 0.5 s (2 runs) in Codex's sandbox."),
        (
            report(ran=(RUFF.replace(problem="It broke."),), status=INCOMPLETE),
            "no failures; no verdict of ruff.",
        ),
    ],
)
def test_summary(made: Report, said: str) -> None:
    assert text.summary(made).startswith(said)


@given(st.lists(SHOWN, max_size=4), TEXTS, TEXTS)
def test_text_is_lines_that_a_terminal_can_show(failures: list[Shown], tool: str, problem: str) -> None:
    made = report(*failures, ran=(Ran(tool, tool, (tool, problem), 1.0, 1, problem),), uncompared=(tool,))
    for line in (*text.lines(made), *text.problems(made), *text.doubts(made), text.summary(made)):
        assert line.isprintable()


def unescaped(text: str) -> str:
    """Undo the escapes as GitHub's runner does."""
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def test_github() -> None:
    failures = (
        ONE,
        ONE.replace(path="a:b,c%0A.py", column=0, message="50 %\r\n::error::x"),
        ONE.replace(line=0, column=4, code=""),
        ONE.replace(path="", message="of no file"),
    )
    ran = (RUFF, Ran("tsc", "web", (), 0.0, 0, "tsc is not installed."))
    made = report(*failures, ran=ran, uncompared=("ruff",))
    assert list(github.lines(made)) == [
        "::error file=src/a b.py,line=3,col=7,title=ruff F401::`os` imported but unused",
        "::error file=a%3Ab%2Cc%250A.py,line=3,title=ruff F401::50 %25%0D%0A::error::x",
        "::error file=src/a b.py,title=ruff::`os` imported but unused",
        "::error title=ruff F401::of no file",
        "::warning title=codex-guard::web: tsc is not installed.",
        "::notice title=codex-guard::Which failures of ruff HEAD has could not be told: all of them count.",
        f"codex-guard: {text.summary(made)}",
    ]
    assert "::error title=codex-guard::web: tsc" in "\n".join(github.lines(made.replace(status=INCOMPLETE)))


@given(SHOWN)
def test_github_gets_what_was_said(failure: Shown) -> None:
    command = next(github.lines(report(failure)))
    assert "\n" not in command
    assert "\r" not in command
    head, _, message = command.removeprefix("::error ").partition("::")
    assert unescaped(message) == failure.message
    properties = dict(one.split("=", 1) for one in head.split(","))
    assert unescaped(properties.get("file", "")) == failure.path
    assert properties.keys() <= {"file", "line", "col", "title"}


def log(made: Report) -> dict[str, Any]:
    found = json.loads(sarif.document(made))
    assert found["version"] == "2.1.0"
    assert isinstance(found, dict)
    return found


def test_sarif() -> None:
    failures = (ONE, ONE.replace(line=4), ONE.replace(code="E1", column=0), ONE.replace(path="/x/ü", line=0))
    ran = (RUFF, RUFF.replace(root="web", problem="It broke."), Ran("mypy", "", ("/bin/mypy",), 1, 0, None))
    first, second, own = log(report(*failures, ran=ran))["runs"]
    assert first["tool"]["driver"]["name"] == "ruff"
    assert [rule["id"] for rule in first["tool"]["driver"]["rules"]] == ["F401", "E1"]
    assert [result["ruleIndex"] for result in first["results"]] == [0, 0, 1, 0]
    assert {result["level"] for result in first["results"]} == {"error"}
    places = [result["locations"][0]["physicalLocation"] for result in first["results"]]
    assert places[0] == {
        "artifactLocation": {"uri": "src/a%20b.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 3, "startColumn": 7},
    }
    assert places[2]["region"] == {"startLine": 3}
    assert places[3] == {"artifactLocation": {"uri": "file:///x/%C3%BC"}}
    assert "SRCROOT" in first["originalUriBaseIds"]
    assert first["invocations"] == [
        {"commandLine": "/bin/ruff './a b.py'", "executionSuccessful": True},
        {
            "commandLine": "/bin/ruff './a b.py'",
            "executionSuccessful": False,
            "workingDirectory": {"uri": "web/", "uriBaseId": "SRCROOT"},
        },
    ]
    assert (second["tool"]["driver"]["name"], second["results"]) == ("mypy", [])
    assert own["tool"]["driver"]["name"] == "codex-guard"
    assert own["invocations"][0]["executionSuccessful"] is False


def test_sarif_has_no_run_of_a_tool_without_a_verdict() -> None:
    """GitHub would take an empty one for "all is mended"."""
    ran = (Ran("mypy", "", ("/bin/mypy",), 120.0, 0, "mypy did not finish."),)
    (own,) = log(report(ran=ran, status=INCOMPLETE))["runs"]
    (note,) = own["invocations"][0]["toolExecutionNotifications"]
    assert note == {"level": "error", "message": {"text": "mypy did not finish."}}
    (own,) = log(report(ran=()))["runs"]
    assert own["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_sarif_has_no_result_without_a_place() -> None:
    """GitHub would refuse the whole file."""
    ruff, own = log(report(ONE.replace(path=""), ONE))["runs"]
    assert len(ruff["results"]) == 1
    (note,) = own["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "ruff F401: `os` imported but unused"


def test_sarif_fingerprints() -> None:
    moved = ONE.replace(line=30, column=1)
    failures = (ONE, moved, ONE.replace(code="E1"), ONE.replace(path="b"), ONE.replace(message="see line 3"))

    def fingerprints(*failures: Shown) -> list[str]:
        results = log(report(*failures))["runs"][0]["results"]
        return [result["partialFingerprints"]["codexGuard/v1"] for result in results]

    found = fingerprints(*failures)
    assert len(set(found)) == len(failures)
    assert fingerprints(moved) == found[:1]
    assert fingerprints(ONE.replace(message="see line 44")) == found[4:]


def test_sarif_stays_within_what_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "_MOST_RESULTS", 2)
    ran = tuple(RUFF.replace(tool=f"tool{number}") for number in range(25))
    failures = [ONE.replace(tool="tool0", line=number) for number in (1, 2, 3)]
    runs = log(report(*failures, ran=ran))["runs"]
    assert len(runs) == 20
    assert len(runs[0]["results"]) == 2
    notes = [one["message"]["text"] for one in runs[-1]["invocations"][0]["toolExecutionNotifications"]]
    assert notes[0] == "1 results of tool0 are left out."
    assert [note.split()[0] for note in notes[1:]] == [f"tool{number}" for number in range(19, 25)]


@given(st.lists(SHOWN, max_size=4))
def test_sarif_is_read_back(failures: list[Shown]) -> None:
    found = sarif.document(report(*failures))
    assert found.isascii()
    expected = [
        (one.path, one.line, one.column if one.line else 0, one.code or "error", one.message)
        for one in failures
        if one.path
    ]
    assert sorted(reader.entries(found)) == sorted(expected)
    for run in json.loads(found)["runs"]:
        for result in run["results"]:
            uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            assert not set(uri) & set(' "<>\\^`{}|#?:') or uri.startswith("file:///")
            assert unquote(uri).removeprefix("file://") in {one.path for one in failures}


def test_json() -> None:
    failures = (ONE, ONE.replace(path="", line=0, column=0))
    made = report(*failures, old=4, uncompared=("ruff",))
    assert json.loads(document.document(made)) == {
        "status": "failures",
        "top": "/top",
        "files": 2,
        "how": "in Codex's sandbox",
        "failures": [
            {
                "path": path, "line": line, "column": column, "code": "F401",
                "message": "`os` imported but unused", "tool": "ruff",
            }
            for path, line, column in (("src/a b.py", 3, 7), (None, None, None))
        ],
        "old": 4,
        "uncompared": ["ruff"],
        "checks": [
            {
                "tool": "ruff", "root": "", "command": ["/bin/ruff", "./a b.py"], "seconds": 0.25,
                "failures": 1, "problem": None,
            }
        ],
    }  # fmt: skip

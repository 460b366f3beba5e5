"""Reports in JSON: as the tools themselves print them, shortened."""

import json
from typing import Any

import pytest

from codex_guard.checks.reports.read import failures

ROOT = "/work/repo"
Row = tuple[str, int, int, str, str]


def rows(parser: str, printed: object) -> list[Row]:
    """Return what is found in JSON, and that it is the tool's."""
    found = failures(parser, "tool", printed if isinstance(printed, str) else json.dumps(printed), ROOT)
    assert {failure.tool for failure in found} <= {"tool"}
    return [(one.path, one.line, one.column, one.code, one.message) for one in found]


def lines(*documents: object) -> str:
    return "".join(f"{json.dumps(document)}\n" for document in documents)


def ruff(**changes: Any) -> dict[str, Any]:
    """Return an entry as ruff 0.17 prints it."""
    return {
        "cell": None,
        "code": "F401",
        "end_location": {"column": 10, "row": 1},
        "filename": "/work/repo/sub/a.py",
        "fix": {"applicability": "safe", "edits": [], "message": "Remove unused import: `os`"},
        "location": {"column": 8, "row": 1},
        "message": "`os` imported but unused",
        "name": "unused-import",
        "noqa_row": 1,
        "severity": "error",
        "url": "https://docs.astral.sh/ruff/rules/unused-import",
    } | changes


UNUSED = ("sub/a.py", 1, 8, "F401", "`os` imported but unused")
RUFF: dict[str, tuple[object, list[Row]]] = {
    "none": ([], []),
    "one": ([ruff()], [UNUSED]),
    "the same twice": ([ruff(), ruff(fix=None)], [UNUSED]),
    "in order": (
        [
            ruff(location={"row": 9, "column": 1}),
            ruff(filename="/work/repo/a.py"),
            ruff(),
            ruff(code="E1"),
        ],
        [("a.py", *UNUSED[1:]), (*UNUSED[:3], "E1", UNUSED[4]), UNUSED, ("sub/a.py", 9, 1, *UNUSED[3:])],
    ),
    "a syntax error, before ruff 0.13": (
        [ruff(code=None, message="SyntaxError: Expected ')'")],
        [("sub/a.py", 1, 8, "syntax", "SyntaxError: Expected ')'")],
    ),
    "a syntax error": (
        [ruff(code="invalid-syntax", message="unexpected EOF while parsing", url=None)],
        [("sub/a.py", 1, 8, "invalid-syntax", "unexpected EOF while parsing")],
    ),
    "a file outside": ([ruff(filename="/work/x.py")], [("/work/x.py", *UNUSED[1:])]),
    "of a whole file": ([ruff(location=None)], [("sub/a.py", 0, 0, *UNUSED[3:])]),
    "without a file": ([ruff(filename=None)], [(".", *UNUSED[1:])]),
    "what is no entry": (["x", None, 7, {}, ruff()], [UNUSED]),
    "no list": ({"a": 1}, []),
}


@pytest.mark.parametrize("case", RUFF)
def test_ruff(case: str) -> None:
    printed, expected = RUFF[case]
    assert rows("ruff-json", printed) == expected


def pyright(severity: str, line: int, character: int, message: str, **more: Any) -> dict[str, Any]:
    """Return a diagnostic as pyright 1.1.414 and basedpyright 1.40 print it."""
    start, end = {"line": line, "character": character}, {"line": line, "character": character + 1}
    shown = {"file": "/work/repo/a b/é.py", "severity": severity, "message": message}
    return shown | {"range": {"start": start, "end": end}} | more


def test_pyright() -> None:
    unknown = 'Cannot access attribute "foo" for class "int"\n  Attribute "foo" is unknown'
    printed = {
        "version": "1.1.414",
        "time": "1795207058526",
        "generalDiagnostics": [
            pyright("warning", 0, 19, 'Import "Any" is not accessed', rule="reportUnusedImport"),
            pyright("information", 0, 0, "Something"),
            pyright("error", 3, 6, unknown, rule="reportAttributeAccessIssue"),
            pyright("error", 0, 5, '"(" was not closed', file="/work/repo/bad.py"),
            {"file": "/work/repo/c.py", "severity": "error", "message": "It cannot be read"},
        ],
        "summary": {"filesAnalyzed": 4, "errorCount": 3, "warningCount": 1, "informationCount": 1},
    }
    unfolded = 'Cannot access attribute "foo" for class "int" Attribute "foo" is unknown'
    assert rows("pyright-json", json.dumps(printed, indent=4)) == [
        ("a b/é.py", 4, 7, "reportAttributeAccessIssue", unfolded),
        ("bad.py", 1, 6, "error", '"(" was not closed'),
        ("c.py", 0, 0, "error", "It cannot be read"),
    ]


def ty(code: str, severity: str, path: str, line: int, column: int, message: str) -> dict[str, Any]:
    """Return an issue as ty 0.0.104 prints it."""
    begin, end = {"line": line, "column": column}, {"line": line, "column": column + 1}
    return {
        "check_name": code,
        "description": f"{code}: {message}",
        "severity": severity,
        "fingerprint": "cf3f18072b8ec40e",
        "location": {"path": path, "positions": {"begin": begin, "end": end}},
    }


def test_ty() -> None:
    operator = "Operator `+` is not supported between objects of type `list[int]` and `Literal[1]`"
    printed = [
        ty("io", "major", "", 1, 1, "`/work/repo/nope.py`: No such file or directory (os error 2)"),
        ty("revealed-type", "info", "w.py", 3, 17, "Revealed type: `int`"),
        ty("unsupported-operator", "minor", "w.py", 7, 12, operator),
        ty("unresolved-reference", "major", "a b/é.py", 3, 11, "Name `y` used when not defined"),
    ]
    assert rows("ty", json.dumps(printed, indent=2)) == [
        (".", 1, 1, "io", "`/work/repo/nope.py`: No such file or directory (os error 2)"),
        ("a b/é.py", 3, 11, "unresolved-reference", "Name `y` used when not defined"),
        ("w.py", 7, 12, "unsupported-operator", operator),
    ]


def pyrefly(**changes: Any) -> dict[str, Any]:
    """Return an error as pyrefly 1.4 prints it."""
    return {
        "line": 7,
        "column": 12,
        "stop_line": 7,
        "stop_column": 17,
        "path": "w.py",
        "code": -2,
        "name": "unsupported-operation",
        "description": "`+` is not supported\n  Possible overloads:\n    (value: int, /) -> int",
        "concise_description": "`+` is not supported",
        "severity": "error",
    } | changes


def test_pyrefly() -> None:
    early = pyrefly(path="a.py", description=None)
    del early["severity"]
    printed = {"errors": [pyrefly(), pyrefly(severity="info", name="reveal-type", line=3), early]}
    assert rows("pyrefly", printed) == [
        ("a.py", 7, 12, "unsupported-operation", "`+` is not supported"),
        (
            "w.py", 7, 12, "unsupported-operation",
            "`+` is not supported Possible overloads: (value: int, /) -> int",
        ),
    ]  # fmt: skip


def test_eslint() -> None:
    debugger = {
        "ruleId": "no-debugger", "severity": 2, "message": "Unexpected 'debugger' statement.", "line": 4,
        "column": 1, "messageId": "unexpected", "endLine": 4, "endColumn": 10,
    }  # fmt: skip
    broken = {"ruleId": None, "fatal": True, "severity": 2, "message": "Parsing error: Type expected."}
    unused = {"ruleId": None, "message": "Unused eslint-disable directive.", "line": 1, "column": 1}
    printed = [
        {
            "filePath": "/work/repo/a.ts",
            "messages": [debugger, debugger | {"ruleId": "eqeqeq", "severity": 1}, unused | {"severity": 2}],
            "suppressedMessages": [debugger | {"line": 9}],
            "errorCount": 2,
            "source": "debugger;\n",
        },
        {"filePath": "/work/repo/b c.ts", "messages": [broken | {"line": 1, "column": 7}]},
        {"filePath": "/work/repo/fine.ts", "messages": []},
    ]
    assert rows("eslint-json", printed) == [
        ("a.ts", 1, 1, "error", "Unused eslint-disable directive."),
        ("a.ts", 4, 1, "no-debugger", "Unexpected 'debugger' statement."),
        ("b c.ts", 1, 7, "syntax", "Parsing error: Type expected."),
    ]


def staticcheck(code: str, severity: str, file: str, line: int, column: int, message: str) -> dict[str, Any]:
    """Return a problem as staticcheck 2023.1 prints it."""
    location = {"file": file, "line": line, "column": column}
    end = {"file": "", "line": 0, "column": 0}
    return {"code": code, "severity": severity, "location": location, "end": end, "message": message}


def test_staticcheck() -> None:
    unequal = "found packages a (a.go) and b (b.go) in /work/repo/mix"
    printed = lines(
        staticcheck("SA4018", "error", "/work/repo/a.go", 8, 2, "self-assignment of x to x"),
        staticcheck("U1000", "warning", "/work/repo/sub/b.go", 5, 6, "func f is unused"),
        staticcheck("ST1000", "ignored", "/work/repo/sub/b.go", 1, 1, "at least one comment"),
        staticcheck("compile", "error", "", 0, 0, unequal),
    )
    assert rows("staticcheck-json", f"-: no Go files\n{printed}{{broken\n[]\n") == [
        (".", 0, 0, "compile", unequal),
        ("a.go", 8, 2, "SA4018", "self-assignment of x to x"),
    ]


def test_shellcheck() -> None:
    quote = {"file": "b c.sh", "line": 2, "endLine": 2, "column": 6, "endColumn": 8, "level": "info"}
    printed = {
        "comments": [
            quote | {"code": 2086, "message": "Double quote to prevent globbing and word splitting."},
            quote | {"file": "./a.sh", "level": "error", "code": 1073, "message": "Couldn't parse this."},
            quote | {"line": 3, "code": None, "message": "Something"},
        ]
    }
    assert rows("shellcheck-json", printed) == [
        ("a.sh", 2, 6, "SC1073", "Couldn't parse this."),
        ("b c.sh", 2, 6, "SC2086", "Double quote to prevent globbing and word splitting."),
        ("b c.sh", 3, 6, "error", "Something"),
    ]
    assert rows("shellcheck-json", {"comments": []}) == []

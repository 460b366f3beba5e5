"""What validators print, as failures."""

import json
from typing import Any

import pytest

from codex_guard.checks.parse import failures
from codex_guard.model import CheckFailure

ROOT = "/work/repo"


def ruff(path: str, line: int, column: int, code: str, message: str) -> CheckFailure:
    return CheckFailure("ruff", path, line, column, code, message)


def mypy(path: str, line: int, column: int, code: str, message: str) -> CheckFailure:
    return CheckFailure("mypy", path, line, column, code, message)


def entry(**changes: Any) -> dict[str, Any]:
    """Return an entry as ruff 0.15 prints it."""
    return {
        "cell": None,
        "code": "F401",
        "end_location": {"column": 10, "row": 1},
        "filename": "/work/repo/sub/a.py",
        "fix": {"applicability": "safe", "edits": [], "message": "Remove unused import: `os`"},
        "location": {"column": 8, "row": 1},
        "message": "`os` imported but unused",
        "noqa_row": 1,
        "severity": "error",
        "url": "https://docs.astral.sh/ruff/rules/unused-import",
    } | changes


UNUSED = ruff("sub/a.py", 1, 8, "F401", "`os` imported but unused")
RUFF: dict[str, tuple[object, tuple[CheckFailure, ...]]] = {
    "none": ([], ()),
    "one": ([entry()], (UNUSED,)),
    "the same twice": ([entry(), entry(fix=None)], (UNUSED,)),
    "in order": (
        [
            entry(location={"row": 9, "column": 1}),
            entry(filename="/work/repo/a.py"),
            entry(),
            entry(code="E1"),
        ],
        (
            UNUSED.replace(path="a.py"),
            UNUSED.replace(code="E1"),
            UNUSED,
            UNUSED.replace(line=9, column=1),
        ),
    ),
    "a syntax error": (
        [entry(code=None, message="SyntaxError: Expected ')'")],
        (UNUSED.replace(code="syntax", message="SyntaxError: Expected ')'"),),
    ),
    "a newer syntax error": ([entry(code="invalid-syntax")], (UNUSED.replace(code="invalid-syntax"),)),
    "a file outside": ([entry(filename="/work/x.py")], (UNUSED.replace(path="../x.py"),)),
    "of a whole file": ([entry(location=None)], (UNUSED.replace(line=0, column=0),)),
    "without a file": ([entry(filename=None)], (UNUSED.replace(path="."),)),
    "what is no entry": (["x", None, 7, entry()], (UNUSED,)),
    "no list": ({"a": 1}, ()),
}


@pytest.mark.parametrize("case", RUFF)
def test_ruff(case: str) -> None:
    printed, expected = RUFF[case]
    assert failures("ruff", json.dumps(printed), ROOT) == expected


@pytest.mark.parametrize("printed", ["", "[", "error: no such file", "[" * 100_000, "[]\nwarning: x"])
def test_what_ruff_does_not_print_is_no_failure(printed: str) -> None:
    assert failures("ruff", printed, ROOT) == ()


MYPY: dict[str, tuple[str, tuple[CheckFailure, ...]]] = {
    "none": ("", ()),
    "one": (
        'a.py:2:12: error: Incompatible return value type (got "str", expected "int")  [return-value]\n',
        (mypy("a.py", 2, 12, "return-value", 'Incompatible return value type (got "str", expected "int")'),),
    ),
    "without a column": ("a.py:2: error: Wrong  [misc]\n", (mypy("a.py", 2, 0, "misc", "Wrong"),)),
    "without a code": ("a.py:2:1: error: Wrong\n", (mypy("a.py", 2, 1, "error", "Wrong"),)),
    "brackets that are no code": (
        'a.py:2:1: error: Need "list[int]"  [var-annotated]\nb.py:1:1: error: Not a [Tuple]\n',
        (
            mypy("a.py", 2, 1, "var-annotated", 'Need "list[int]"'),
            mypy("b.py", 1, 1, "error", "Not a [Tuple]"),
        ),
    ),
    "notes are none": (
        (
            "a.py:1:1: error: Module has no stubs  [import-untyped]\n"
            'a.py:1:1: note: Hint: "python3 -m pip install types-x"\n'
            "a.py:1:1: note: (or run --install-types)\n"
            "a.py:3: note: Revealed type is int\n"
        ),
        (mypy("a.py", 1, 1, "import-untyped", "Module has no stubs"),),
    ),
    "a syntax error": (
        "a.py:1:7: error: '(' was never closed  [syntax]\n",
        (mypy("a.py", 1, 7, "syntax", "'(' was never closed"),),
    ),
    "a path from the top": ("./sub/../a.py:1:1: error: X  [misc]\n", (mypy("a.py", 1, 1, "misc", "X"),)),
    "a path with spaces": ("a b/é.py:1:1: error: X  [misc]\n", (mypy("a b/é.py", 1, 1, "misc", "X"),)),
    "a colon in the message": (
        "a.py:1:1: error: b.py:2: error: X  [misc]\n",
        (mypy("a.py", 1, 1, "misc", "b.py:2: error: X"),),
    ),
    "in order, each once": (
        "".join(f"{place}:1: error: X  [misc]\n" for place in ("b.py:1", "a.py:10", "a.py:9", "b.py:1")),
        (mypy("a.py", 9, 1, "misc", "X"), mypy("a.py", 10, 1, "misc", "X"), mypy("b.py", 1, 1, "misc", "X")),
    ),
    "what it says besides": ("Found 1 error in 1 file (checked 1 source file)\nmypy: can't read file\n", ()),
}


@pytest.mark.parametrize("case", MYPY)
def test_mypy(case: str) -> None:
    printed, expected = MYPY[case]
    assert failures("mypy", printed, ROOT) == expected

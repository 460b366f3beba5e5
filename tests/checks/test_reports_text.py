"""Reports in text: as the tools themselves print them, shortened."""

import json

import pytest

from codex_guard.checks.reports.read import failures

ROOT = "/work/repo"
Row = tuple[str, int, int, str, str]


def rows(parser: str, printed: str, pattern: str = "") -> list[Row]:
    found = failures(parser, "tool", printed, ROOT, pattern)
    return [(one.path, one.line, one.column, one.code, one.message) for one in found]


MYPY: dict[str, tuple[str, list[Row]]] = {
    "none": ("", []),
    "one": (
        'a.py:2:12: error: Incompatible return value type (got "str", expected "int")  [return-value]\n',
        [("a.py", 2, 12, "return-value", 'Incompatible return value type (got "str", expected "int")')],
    ),
    "without a column": ("a.py:2: error: Wrong  [misc]\n", [("a.py", 2, 0, "misc", "Wrong")]),
    "with its end": ("a.py:9:13:9:14: error: Wrong  [misc]\r\n", [("a.py", 9, 13, "misc", "Wrong")]),
    "without a code": ("a.py:2:1: error: Wrong\n", [("a.py", 2, 1, "error", "Wrong")]),
    "without a line": (
        (
            'y/m.py: error: Duplicate module named "m" (also at "x/m.py")\n'
            "y/m.py: note: Common resolutions include:\n"
            "y/m.py: note:     a) using `--exclude` to avoid checking one of them,\n"
        ),
        [("y/m.py", 0, 0, "error", 'Duplicate module named "m" (also at "x/m.py")')],
    ),
    "brackets that are no code": (
        (
            'a.py:2:1: error: Need "list[int]"  [var-annotated]\nb.py:1:1: error: Not a [Tuple]\n'
            "c.py:1:1: error: X  [Y]\nc.py:2:1: error:   [misc]\n"
        ),
        [
            ("a.py", 2, 1, "var-annotated", 'Need "list[int]"'),
            ("b.py", 1, 1, "error", "Not a [Tuple]"),
            ("c.py", 1, 1, "error", "X [Y]"),
            ("c.py", 2, 1, "error", "[misc]"),
        ],
    ),
    "notes are none": (
        (
            "a.py:1:1: error: Module has no stubs  [import-untyped]\n"
            'a.py:1:1: note: Hint: "python3 -m pip install types-x"\n'
            "a.py:1:1: note: (or run --install-types)\n"
            "a.py:3: note: Revealed type is int\n"
        ),
        [("a.py", 1, 1, "import-untyped", "Module has no stubs")],
    ),
    "a syntax error": (
        "a.py:1:7: error: '(' was never closed  [syntax]\n",
        [("a.py", 1, 7, "syntax", "'(' was never closed")],
    ),
    "a path from the top": ("./sub/../a.py:1:1: error: X  [misc]\n", [("a.py", 1, 1, "misc", "X")]),
    "a path with spaces": ("a b/é.py:1:1: error: X  [misc]\n", [("a b/é.py", 1, 1, "misc", "X")]),
    "a colon in the message": (
        "a.py:1:1: error: b.py:2: error: X  [misc]\n",
        [("a.py", 1, 1, "misc", "b.py:2: error: X")],
    ),
    "in order, each once": (
        "".join(f"{place}:1: error: X  [misc]\n" for place in ("b.py:1", "a.py:10", "a.py:9", "b.py:1")),
        [("a.py", 9, 1, "misc", "X"), ("a.py", 10, 1, "misc", "X"), ("b.py", 1, 1, "misc", "X")],
    ),
    "coloured": (
        "x/m.py:1: \x1b[1m\x1b[31merror:\x1b(B\x1b[m Wrong  \x1b[33m[misc]\x1b(B\x1b[m\n",
        [("x/m.py", 1, 0, "misc", "Wrong")],
    ),
    "what it says besides": (
        (
            "Found 1 error in 1 file (checked 1 source file)\nmypy: can't read file\n"
            "mypy.ini: [mypy]: Unrecognized option: foo = 1\nmypy: error: unrecognized arguments: --nope\n"
        ),
        [],
    ),
}


@pytest.mark.parametrize("case", MYPY)
def test_mypy(case: str) -> None:
    printed, expected = MYPY[case]
    assert rows("mypy", printed) == expected


def test_mypy_in_json() -> None:
    end = {"end_line": 3, "end_column": 11, "hint": None}
    found = {"file": "a b/é.py", "line": 3, "column": 10, "message": "Wrong", "code": "misc"} | end
    unused = found | {"column": -1, "message": "Unused", "code": None, "severity": "error"}
    printed = (found | {"severity": "error"}, found | {"severity": "note", "line": 9}, unused)
    text = "".join(f"{json.dumps(entry)}\n" for entry in printed) + "Found 2 errors in 1 file\n"
    assert rows("mypy", text) == [
        ("a b/é.py", 3, 0, "error", "Unused"),
        ("a b/é.py", 3, 11, "misc", "Wrong"),
    ]


UNASSIGNABLE = "Type 'string' is not assignable to type 'number'."
TSC: dict[str, tuple[str, list[Row]]] = {
    "one": (f"a.ts(1,7): error TS2322: {UNASSIGNABLE}\n", [("a.ts", 1, 7, "TS2322", UNASSIGNABLE)]),
    "why": (
        ("a.ts(7,7): error TS2322: Type '{ a: 1; }' is not assignable to type 'T'.\n"
        "  The types of 'a.b' are incompatible between these types.\n"
        "    Property 'c' is missing.\n"
        f"b.ts(1,7): error TS2322: {UNASSIGNABLE}\n"),
        [
            (
                "a.ts", 7, 7, "TS2322",
                ("Type '{ a: 1; }' is not assignable to type 'T'. The types of 'a.b' are incompatible between"
                " these types. Property 'c' is missing."),
            ),
            ("b.ts", 1, 7, "TS2322", UNASSIGNABLE),
        ],
    ),
    "brackets in a path": (
        f"(group)/[id]/p(1).ts(1,7): error TS2322: {UNASSIGNABLE}\r\n",
        [("(group)/[id]/p(1).ts", 1, 7, "TS2322", UNASSIGNABLE)],
    ),
    "spaces in a path": (
        "b c.ts(1,8): error TS1110: Type expected.",
        [("b c.ts", 1, 8, "TS1110", "Type expected.")],
    ),
    "a path above": (
        f"../js/a.ts(1,7): error TS2322: {UNASSIGNABLE}\n",
        [("/work/js/a.ts", 1, 7, "TS2322", UNASSIGNABLE)],
    ),
    "of no file": (
        ("error TS18003: No inputs were found in config file '/work/repo/tsconfig.json'.\n"
        "tsconfig.json(1,21): error TS5025: Unknown compiler option 'strct'. Did you mean 'strict'?\n"),
        [
            (".", 0, 0, "TS18003", "No inputs were found in config file '/work/repo/tsconfig.json'."),
            ("tsconfig.json", 1, 21, "TS5025", "Unknown compiler option 'strct'. Did you mean 'strict'?"),
        ],
    ),
    "what a build says besides": (
        ("8:38:25 PM - Projects in this build: \n    * tsconfig.json\n\n"
        "8:38:25 PM - Project 'tsconfig.json' is out of date\n\n"
        f"a.ts(1,7): error TS2322: {UNASSIGNABLE}\n"),
        [("a.ts", 1, 7, "TS2322", UNASSIGNABLE)],
    ),
    "messages and warnings": ("a.ts(1,7): message TS1: X\na.ts(1,7): warning TS2: X\nFound 1 error.\n", []),
}  # fmt: skip


@pytest.mark.parametrize("case", TSC)
def test_tsc(case: str) -> None:
    printed, expected = TSC[case]
    assert rows("tsc", printed) == expected


UNUSED = '"os" imported and not used'
GO: dict[str, tuple[str, list[Row]]] = {
    "vet": (
        ("# example.org/m\n./a.go:8:2: self-assignment of x to x\n"
        './a.go:6:2: fmt.Printf format %d has arg "x" of wrong type string\n'),
        [
            ("a.go", 6, 2, "error", 'fmt.Printf format %d has arg "x" of wrong type string'),
            ("a.go", 8, 2, "error", "self-assignment of x to x"),
        ],
    ),
    "vet of what does not compile": (
        ("# example.org/m/two\nvet: two/c.go:3:9: expected ')', found '{' (and 1 more errors)\n"
        "# example.org/m/sub\nvet: ./b.go:7:9: undefined: x\n"),
        [
            ("b.go", 7, 9, "error", "undefined: x"),
            ("two/c.go", 3, 9, "error", "expected ')', found '{' (and 1 more errors)"),
        ],
    ),
    "build": (
        (f"# example.org/m/sub\nsub/b.go:3:8: {UNUSED}\nsub/b.go:12:6: f redeclared in this block\n"
        "\tsub/b.go:5:6: other declaration of f\nsub/b.go:13:2: too many errors\n"),
        [
            ("sub/b.go", 3, 8, "error", UNUSED),
            (
                "sub/b.go", 12, 6, "error",
                "f redeclared in this block sub/b.go:5:6: other declaration of f",
            ),
            ("sub/b.go", 13, 2, "error", "too many errors"),
        ],
    ),
    "a module": (
        "go: errors parsing go.mod:\n/work/repo/go.mod:2: unknown directive: foo\n",
        [("go.mod", 2, 0, "error", "unknown directive: foo")],
    ),
    "what it says besides": (
        ("go: finding module for package nope.example/x\n2026/01/02 12:30:45 something\n"
        "found packages a (a.go) and b (b.go) in /work/repo/mix\n\tgoroutine 1 [running]:\n"),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GO)
def test_go(case: str) -> None:
    printed, expected = GO[case]
    assert rows("go", printed) == expected


def test_biome() -> None:
    printed = (
        "::warning title=lint/style/useConst,file=/work/repo/b c.ts,line=1,endLine=1,col=1,endColumn=4::X\n"
        "::error title=lint/suspicious/noDebugger,file=/work/repo/a%2Cb%3Ac%25.js,line=4,endLine=4,col=1,"
        "endColumn=10::This is an unexpected use of the debugger statement.\n"
        "\n"
        "::error title=format,file=./a.ts,line=1,endLine=1,col=2::It would have printed:%0A100%25\r\n"
        "::error title=parse::Expected a type: a::b\n"
        "::error file=c.ts,line=1234567890,col=x::Something\n"
        "check ━━━━━━━━\n\n  Some errors were emitted while running checks.\n"
    )
    assert rows("biome", printed) == [
        (".", 0, 0, "parse", "Expected a type: a::b"),
        (
            "a,b:c%.js", 4, 1, "lint/suspicious/noDebugger",
            "This is an unexpected use of the debugger statement.",
        ),
        ("a.ts", 1, 2, "format", "It would have printed: 100%"),
        ("c.ts", 0, 0, "error", "Something"),
    ]  # fmt: skip


LINES: dict[str, tuple[str, list[Row]]] = {
    "none": (" \n\n\t\n", []),
    "a place": ("a.py:1:7: E501 too long\n", [("a.py", 1, 7, "error", "E501 too long")]),
    "a line": ("Makefile:3: *** missing separator\n", [("Makefile", 3, 0, "error", "*** missing separator")]),
    "in brackets": ("a.cs(3,5): error CS1: X\n", [("a.cs", 3, 5, "error", "error CS1: X")]),
    "a line in brackets": ("p(1).cs(3): X\n", [("p(1).cs", 3, 0, "error", "X")]),
    "indented": ("  ./a b.py:2: X\r\n", [("a b.py", 2, 0, "error", "X")]),
    "nothing behind the place": ("a.py:1:\n", [("a.py", 1, 0, "error", "a.py:1:")]),
    "no place": ("Something is wrong\n", [(".", 0, 0, "error", "Something is wrong")]),
    "a time": ("12:30:45: X\n", [(".", 0, 0, "error", "12:30:45: X")]),
    "an address": ("http://a:80/: X\n", [(".", 0, 0, "error", "http://a:80/: X")]),
    "coloured": ("\x1b[1;31ma.py\x1b[0m:1:7: \x1b[38;5;1mX\x1b[K\n", [("a.py", 1, 7, "error", "X")]),
}


@pytest.mark.parametrize("case", LINES)
def test_lines(case: str) -> None:
    printed, expected = LINES[case]
    assert rows("lines", printed) == expected


#: A pattern, what is printed, and what is found.
REGEX: dict[str, tuple[str, str, list[Row]]] = {
    "all groups": (
        r"^(?P<path>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<code>\w+) (?P<message>.+)$",
        "a.py:1:7: E501 too long\r\nDone.\n",
        [("a.py", 1, 7, "E501", "too long")],
    ),
    "only a path": (r"^(?P<path>.+\.go)$", "sub/a.go\n\n", [("sub/a.go", 0, 0, "error", "sub/a.go")]),
    "only a message": ("(?P<message>bad .*)", "this is bad luck\n", [(".", 0, 0, "error", "bad luck")]),
    "a group that took no part": (
        r"(?P<path>\w+\.py)(?::(?P<line>\d+))?: (?P<code>[A-Z]\d+)?(?P<message>.*)",
        "a.py: X\n",
        [("a.py", 0, 0, "error", "X")],
    ),
    "an empty message": ("(?P<message>.*)", "\n", []),
    "no number": (r"(?P<path>\w+):(?P<line>\w+)", "a:twelve\n", [("a", 0, 0, "error", "a:twelve")]),
    "a number without end": (
        r"(?P<path>\w+):(?P<line>\w+)", f"a:{1 << 99}", [("a", 0, 0, "error", f"a:{1 << 99}")],
    ),
    "numbers of other scripts": (
        r"(?P<path>\w+):(?P<line>\d+)", "a:\u0663", [("a", 0, 0, "error", "a:\u0663")],
    ),
    "neither group": (r"(?P<line>\d+)", "1\n", []),
    "no pattern": ("", "a\n", []),
    "a pattern that is none": ("(?P<message>", "a\n", []),
    "a pattern too large": ("(?P<message>a{9999999999})", "a\n", []),
    "each line by itself": (r"(?s)(?P<message>a.*)", "a\nb\n", [(".", 0, 0, "error", "a")]),
}  # fmt: skip


@pytest.mark.parametrize("case", REGEX)
def test_regex(case: str) -> None:
    pattern, printed, expected = REGEX[case]
    assert rows("regex", printed, pattern) == expected


def test_a_pattern_is_not_tried_on_long_lines_nor_on_many() -> None:
    printed = "b" * 2_001 + "\n" + "a" * 2_000 + "\n"
    assert [row[4][:1] for row in rows("regex", printed, "(?P<message>.+)")] == ["a"]
    printed = "\n" * 19_999 + "a\nb\n"
    assert [row[4] for row in rows("regex", printed, "(?P<message>.+)")] == ["a"]


def test_lines_beyond_many_are_left() -> None:
    assert [row[4] for row in rows("lines", "\n" * 19_999 + "a\nb\n")] == ["a"]

"""cargo's messages, as cargo 1.95 prints them, shortened."""

import json
from pathlib import Path
from typing import Any

from codex_guard.checks.reports.read import failures


def span(file: str, line: int, column: int, **changes: Any) -> dict[str, Any]:
    return {
        "byte_end": 27, "byte_start": 24, "column_end": column + 3, "column_start": column,
        "expansion": None, "file_name": file, "is_primary": True, "label": None, "line_end": line,
        "line_start": line, "suggested_replacement": None, "text": [],
    } | changes  # fmt: skip


def message(level: str, said: str, code: str | None, *spans: dict[str, Any]) -> str:
    """Return a line: a compiler's diagnostic."""
    named = None if code is None else {"code": code, "explanation": None}
    found: dict[str, Any] = {"rendered": f"{level}: {said}\n", "children": [], "level": level}
    found |= {"$message_type": "diagnostic", "message": said, "spans": spans, "code": named}
    line = {"reason": "compiler-message", "manifest_path": "/work/ws/m1/Cargo.toml", "message": found}
    return json.dumps(line) + "\n"


FINISHED = json.dumps({"reason": "build-finished", "success": False}) + "\n"


def rows(printed: str, root: str = "/work/ws") -> list[tuple[str, int, int, str, str]]:
    found = failures("cargo-json", "cargo check", printed, root)
    return [(one.path, one.line, one.column, one.code, one.message) for one in found]


def test_errors_are_failures_and_warnings_are_none() -> None:
    because = span("src/other.rs", 1, 15, is_primary=False, label="expected `i32` because of return type")
    mismatch = span("src/other.rs", 2, 5, label="expected `i32`, found `&str`")
    printed = (
        message("error", "mismatched types", "E0308", because, mismatch)
        + message("warning", "unused variable: `unused`", "unused_variables", span("src/main.rs", 6, 9))
        + message(
            "error", "unneeded `return` statement", "clippy::needless_return", span("src/main.rs", 3, 5)
        )
        + message("error", "linking with `cc` failed: exit status: 1", None)
        + message("error", "aborting due to 2 previous errors", None)
        + message("failure-note", "For more information about this error, try `rustc --explain E0308`.", None)
        + "   Compiling m v0.1.0 (/work/ws)\n"
        + FINISHED
    )
    assert rows(printed) == [
        (".", 0, 0, "error", "linking with `cc` failed: exit status: 1"),
        ("src/main.rs", 3, 5, "clippy::needless_return", "unneeded `return` statement"),
        ("src/other.rs", 2, 5, "E0308", "mismatched types: expected `i32`, found `&str`"),
    ]


def test_what_stands_in_a_macro_of_the_library_is_where_it_is_called() -> None:
    called = span("src/lib.rs", 1, 71)
    within = {"macro_decl_name": "assert_eq!", "span": called, "def_site_span": None}
    library = "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/macros/mod.rs"
    deeper = {"span": span(library, 9, 9, expansion=within)}
    place = span(library, 46, 32, label="no implementation for `{integer} == &str`", expansion=deeper)
    assert rows(message("error", "can't compare `{integer}` with `&str`", "E0277", place)) == [
        (
            "src/lib.rs", 1, 71, "E0277",
            "can't compare `{integer}` with `&str`: no implementation for `{integer} == &str`",
        ),
    ]  # fmt: skip


def test_what_stands_in_a_macro_of_the_crate_stays_there() -> None:
    called = {"span": span("src/other.rs", 5, 14), "macro_decl_name": "m!"}
    place = span("src/other.rs", 4, 38, expansion=called)
    assert rows(message("error", "mismatched types", "E0308", place)) == [
        ("src/other.rs", 4, 38, "E0308", "mismatched types"),
    ]


def test_macros_without_end_are_left() -> None:
    place = span("/rustc/a.rs", 1, 1)
    for _ in range(200):
        place = span("/rustc/a.rs", 1, 1, expansion={"span": place})
    assert rows(message("error", "mismatched types", "E0308", place)) == [
        ("/rustc/a.rs", 1, 1, "E0308", "mismatched types"),
    ]


def test_paths_start_at_the_workspace(tmp_path: Path) -> None:
    """Cargo starts the compiler there, in whichever package it was started itself."""
    package = tmp_path / "m1"
    package.mkdir()
    printed = message("error", "X", "E1", span("m1/src/lib.rs", 1, 2)) + message(
        "error", "X", "E1", span("m2/src/lib.rs", 1, 2)
    )
    (tmp_path / "Cargo.lock").write_text("version = 4\n")
    other = f"{tmp_path}/m2/src/lib.rs"
    assert [row[0] for row in rows(printed, str(package))] == [other, "src/lib.rs"]
    assert [row[0] for row in rows(printed, str(tmp_path))] == ["m1/src/lib.rs", "m2/src/lib.rs"]

"""Any text costs work in proportion to its length; what is too much is left unparsed. Nothing is timed."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from codex_guard.shell.parser import Parser, parse

_TOP = Path(__file__).parents[2]
_SMALL = 4_096
_WHOLE = 64 * 1024


def _kinds() -> dict[str, Callable[[int], str]]:
    before = sys.path[:]
    sys.path.insert(0, str(_TOP))
    try:
        kinds: dict[str, Callable[[int], str]] = importlib.import_module("benchmarks.hostile_bash").KINDS
    finally:
        sys.path[:] = before
    return kinds


KINDS = _kinds()


def lines_run(text: str) -> int:
    """Count the lines of Python that a parse of ``text`` runs."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parse(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("kind", KINDS)
def test_twice_the_text_is_twice_the_work(kind: str) -> None:
    once, twice = (lines_run(KINDS[kind](size)) for size in (_SMALL, 2 * _SMALL))
    assert twice <= 2.5 * once + 500


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_text_is_read_in_part_or_as_a_whole(kind: str) -> None:
    text = KINDS[kind](_WHOLE)
    parser = Parser(text)
    script = parser.script()
    assert script.unparsed is None or text.endswith(script.unparsed)
    # One word's quotes are counted at its end; beyond that, a text that is too much ends there.
    assert parser.fuel[0] >= -len(text)
    assert script.statements or script.unparsed or not text.strip("\n\\# a")


def test_what_is_too_much_is_unparsed_and_what_stands_before_is_kept() -> None:
    script = parse("rm x\n" + "a;" * _WHOLE)
    assert script.unparsed is not None
    assert len(script.statements) > 1_000
    assert script.text.endswith(script.unparsed)


def test_a_text_in_backquotes_spends_what_the_whole_has() -> None:
    script = parse("`" + "a;" * _WHOLE + "`; rm x")
    assert script.unparsed is not None


@pytest.mark.parametrize("lines", [1, 400])
def test_a_long_script_of_usual_commands_is_read_as_a_whole(lines: int) -> None:
    text = 'if [ -f "$file" ]; then\n  cp "$file" "${target:-/tmp}/copy" && echo done\nfi\n' * lines
    assert parse(text).unparsed is None


def test_a_long_document_is_read_as_a_whole() -> None:
    text = "cat > notes.md <<'END'\n" + "a line of it's `text` $(rm -rf /)\n" * 20_000 + "END\nls"
    script = parse(text)
    assert script.unparsed is None
    assert len(script.statements) == 2

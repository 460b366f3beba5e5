"""Output that a pipe keeps to itself."""

import pytest

from codex_guard.commands.pipes import kept
from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import walked


def hidden(script: str) -> list[str]:
    invocations = walked(script, Scope("/work/app", {}, "/work/app")).invocations
    ids = kept(tuple(invocations))
    return [one.program for one in invocations if id(one) in ids]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("cat a | wc -l", ["cat"]),
        ("cat a 2>&1 | md5sum", ["cat"]),
        ("cat < a | grep -c x", ["cat"]),
        ("cat a | grep x | grep -q y", ["cat", "grep"]),
        ("grep -v x a | cut -d= -f1 | sort", ["grep"]),
        ("cat a | cut --delimiter== --fields=1", ["cat"]),
        ("printenv | awk -F= '{print $1}'", ["printenv"]),
        ("cat a | wc -l; cat b", ["cat"]),
        ("cat a", []),
        ("cat a | grep x", []),
        ("cat a | cut -d= -f2", []),
        ("cat a | cut -d= -f1 -f2", []),
        ("cat a | cut -c1", []),
        ("cat a | cut -d= -f1 --complement", []),
        ("cat a | wc --files0-from=-", []),
        ("cat a | awk '{print $1}'", []),
        ("cat a | awk -F= '{print $1}' b", []),
        ("cat a >&2 | wc -l", []),
        ("cat a 1>&2 | wc -l", []),
        ("cat a &> /dev/tty | wc -l", []),
        ("{ cat a; } >&2 | wc -l", []),
        ("(cat a >&2) | wc -l", []),
        ("cat a | tee /dev/stderr | wc -l", []),
        ("sed p a | wc -l", []),
        ("show() { cat a >&2; }; show | wc -l", []),
        ("cat() { command cat a >&2; }; cat | wc -l", []),
        ("cat a > >(cat) | wc -l", []),
        ("wc -l < <(cat a >&2)", []),
    ],
)
def test_what_is_kept(script: str, expected: list[str]) -> None:
    assert hidden(script) == expected

"""On which line a denied call would have put a secret."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from codex_guard.model import Judgement, ToolEvent
from codex_guard.secrets.rules.template import expand

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
OTHER = expand("glpat-{base64url:20}")
TEN = "".join(f"line {number}\n" for number in range(1, 11))


def patch(*lines: str) -> str:
    return "\n".join(("*** Begin Patch", *lines, "*** End Patch"))


def update(name: str, *lines: str) -> tuple[str, ...]:
    return (f"*** Update File: {name}", *lines)


def run(*lines: str) -> str:
    """Return a command that applies a patch, as models write it."""
    return f"apply_patch <<'EOF'\n{patch(*lines)}\nEOF"


Files = Mapping[str, str]
# The files that are there, the command, and the places of {} and {2} in the files as they will be.
Row = tuple[Files, str, list[str]]

APPENDED: dict[str, Row] = {
    "to no file": ({}, "echo T={} >> a", ["a:1"]),
    "to an empty file": ({"a": ""}, "echo T={} >> a", ["a:1"]),
    "behind two lines": ({"a": "1\n2\n"}, "echo T={} >> a", ["a:3"]),
    "to a last line without an end": ({"a": "1\n2"}, "echo T={} >> a", ["a:2"]),
    "behind lines that end with CRLF": ({"a": "1\r\n2\r\n"}, "echo T={} >> a", ["a:3"]),
    "in the second line of a heredoc": (
        {"a": "1\n2\n"},
        "cat >> a <<'EOF'\nx\nT={}\nEOF",
        ["a:4"],
    ),
    "by tee": ({"a": "1\n2\n"}, "echo T={} | tee -a a", ["a:3"]),
    "to two files": ({"a": "1\n", "b": "1\n2\n"}, "echo T={} | tee -a a b", ["a:2", "b:3"]),
    "in a folder": ({"d/a": "1\n"}, "cd d && echo T={} >> a", ["d/a:2"]),
    "two folders up": ({"a": "1\n"}, "mkdir -p d/e && cd d/e && echo T={} >> ../../a", ["a:2"]),
    "behind what errors were led to": ({"a": "1\n"}, "echo T={} &>> a", ["a:2"]),
    "for the whole shell": ({"a": "1\n"}, "exec >> a; echo x; echo T={}", ["a:3"]),
}
AFTER_ANOTHER: dict[str, Row] = {
    "append": ({"a": "1\n"}, "echo x >> a; echo T={} >> a", ["a:3"]),
    "two appends": ({"a": "1\n"}, "echo x >> a; printf 'y\\nz\\n' >> a; echo T={} >> a", ["a:5"]),
    "append of the other": ({"a": "1\n"}, "echo T={} >> a; echo U={2} >> a", ["a:2", "a:3"]),
    "append to another": ({"a": "1\n"}, "echo x >> b; echo T={} >> a", ["a:2"]),
    "write": ({"a": TEN}, "echo x > a; echo T={} >> a", ["a:2"]),
    "write of nothing": ({"a": TEN}, ": > a; echo T={} >> a", ["a:1"]),
    "write without an end": ({"a": TEN}, "printf x > a; echo T={} >> a", ["a:1"]),
    "removal": ({"a": TEN}, "rm a; echo T={} >> a", ["a:1"]),
    "write of what only run time knows": ({"a": TEN}, "make > a; echo T={} >> a", ["a:1"]),
    "append of what only run time knows": ({"a": "1\n"}, "make >> a; echo T={} >> a", ["a:1"]),
    "patch that adds": ({}, run("*** Add File: a", "+1", "+2") + "\necho T={} >> a", ["a:3"]),
    "patch that changes": ({"a": "1\n"}, run(*update("a", " 1", "+2")) + "\necho T={} >> a", ["a:1"]),
}
PATCHED: dict[str, Row] = {
    "an added file": ({}, patch("*** Add File: a", "+x", "+{}"), ["a:2"]),
    "over a file": ({"a": TEN}, patch("*** Add File: a", "+x", "+{}"), ["a:2"]),
    "behind a line": ({"a": TEN}, patch(*update("a", "@@", " line 4", "+{}")), ["a:5"]),
    "before a line": ({"a": TEN}, patch(*update("a", "@@", "+{}", " line 4")), ["a:4"]),
    "in place of lines": ({"a": TEN}, patch(*update("a", "-line 4", "-line 5", "+x", "+{}")), ["a:5"]),
    "in a section": ({"a": TEN + TEN}, patch(*update("a", "@@ line 9", " line 4", "+{}")), ["a:15"]),
    "at the end": ({"a": TEN}, patch(*update("a", "@@", "+{}", "*** End of File")), ["a:11"]),
    "in the second change": (
        {"a": TEN},
        patch(*update("a", "@@", " line 2", "+x", "+y", "@@", "-line 7", "+{}")),
        ["a:9"],
    ),
    "in both changes": (
        {"a": TEN},
        patch(*update("a", "@@", " line 2", "+{}", "@@", "-line 7", "-line 8", "+{2}")),
        ["a:3", "a:8"],
    ),
    "in two files": (
        {"a": TEN, "d/b": TEN},
        patch(*update("a", " line 1", "+{}"), *update("d/b", " line 2", "+{2}")),
        ["a:2", "d/b:3"],
    ),
    "a file that another patch adds to": (
        {"b": TEN},
        patch("*** Add File: a", "+x", "*** Delete File: c", *update("b", " line 9", "+{}")),
        ["b:10"],
    ),
    "a renamed file": (
        {"a": TEN},
        patch(*update("a", "*** Move to: d/b", "@@", " line 4", "+{}")),
        ["d/b:5"],
    ),
    "lines that end with CRLF": (
        {"a": TEN.replace("\n", "\r\n")},
        patch(*update("a", " line 4", "+{}")),
        ["a:5"],
    ),
    "by an absolute path": ({"a": TEN}, patch(*update("REPO/a", " line 4", "+{}")), ["REPO/a:5"]),
    # Where it cannot be told, the lines of the patch are counted.
    "what does not apply": ({"a": TEN}, patch(*update("a", " line 44", "+x", "+{}")), ["a:2"]),
    "a file that is not there": ({}, patch(*update("a", " line 4", "+x", "+{}")), ["a:2"]),
}
PATCHED_IN_BASH: dict[str, Row] = {
    "plainly": ({"a": TEN}, run(*update("a", " line 4", "+{}")), ["a:5"]),
    "after cd": ({"d/a": TEN}, "cd d && " + run(*update("a", " line 4", "+{}")), ["d/a:5"]),
    "after cd, upwards": ({"a": TEN}, "cd d && " + run(*update("../a", " line 4", "+{}")), ["a:5"]),
    "after cd, a rename": (
        {"d/a": TEN},
        "cd d && " + run(*update("a", "*** Move to: e/b", " line 4", "+{}")),
        ["d/e/b:5"],
    ),
    "after cd, from elsewhere": (
        {"d/a": TEN, "a": "line 4\n"},
        "cd d && " + run(*update("a", " line 4", "+{}"), "*** Add File: b", "+{2}"),
        ["d/a:5", "d/b:1"],
    ),
    "as an argument": ({"a": TEN}, f'apply_patch "{patch(*update("a", " line 4", "+{}"))}"', ["a:5"]),
    "one section after the other": (
        {"a": TEN},
        run(*update("a", " line 1", "+{}"), *update("a", "@@", "-line 7", "+{2}", "+x")),
        ["a:2", "a:8"],
    ),
    "what a later section moves": (
        {"a": TEN},
        run(*update("a", " line 4", "+{}"), *update("a", "+x", "+y", " line 1")),
        ["a:7"],
    ),
    "what a later section takes away": (
        {"a": TEN},
        run(*update("a", " line 4", "+{}"), *update("a", "-{}")),
        ["a:1", "command:5", "command:7"],  # said twice, and written once
    ),
    "added and changed": (
        {},
        run("*** Add File: a", "+1", "+2", *update("a", " 1", "+{}")),
        ["a:2"],
    ),
    "renamed and changed": (
        {"a": TEN},
        run(*update("a", "*** Move to: b", " line 4", "+{}"), *update("b", " line 8", "+{2}")),
        ["b:5", "b:10"],
    ),
    "two patches to two files": (
        {"a": TEN, "b": TEN},
        f"{run(*update('a', ' line 4', '+{}'))}\n{run(*update('b', ' line 6', '+{2}'))}",
        ["a:5", "b:7"],
    ),
    # Where a call writes a file before it patches it, the lines of the patch are counted.
    "two patches to one file": (
        {"a": TEN},
        f"{run(*update('a', ' line 4', '+{}'))}\n{run(*update('a', ' line 6', '+{2}'))}",
        ["a:5", "a:1"],
    ),
    "a patch behind a write": ({"a": TEN}, "echo x > a\n" + run(*update("a", " x", "+y", "+{}")), ["a:2"]),
    "a patch and a redirection": (
        {"a": TEN, "b": "1\n"},
        f"{run(*update('a', ' line 4', '+{}'))}\necho U={{2}} >> b",
        ["a:5", "b:2"],
    ),
}
ROWS = {
    f"{group}: {name}": row
    for group, rows in {
        "appended": APPENDED,
        "after another": AFTER_ANOTHER,
        "patched": PATCHED,
        "in Bash": PATCHED_IN_BASH,
    }.items()
    for name, row in rows.items()
}


@pytest.mark.parametrize("row", ROWS)
def test_the_line_is_that_of_the_file_as_it_will_be(
    judge: Judge, tool: Tool, repo: Path, key: str, row: str
) -> None:
    files, command, places = ROWS[row]
    for name, text in files.items():
        (repo / name).parent.mkdir(exist_ok=True)
        (repo / name).write_bytes(text.encode())
    command = command.replace("{}", key).replace("{2}", OTHER).replace("REPO", str(repo))
    name = "apply_patch" if command.startswith("***") else "Bash"
    judgement = judge(tool(name, command), secrets=(OTHER,))
    told = [f"{finding.where}:{finding.line}" for finding in judgement.findings]
    assert told == [place.replace("REPO", str(repo)) for place in places]

"""The patch format as the tables say it. The real tool of codex-cli 0.169.0 gave every row its verdict."""

import pytest

from codex_guard.model import Write
from codex_guard.writes.patch import Patch, parse


def envelope(*lines: str) -> str:
    """Return a patch of these lines."""
    return "\n".join(("*** Begin Patch", *lines, "*** End Patch"))


def add(path: str, content: str) -> Write:
    return Write(path, "add", None, content)


def update(path: str, content: str) -> Write:
    return Write(path, "update", None, content)


def move(path: str, new_path: str, content: str) -> tuple[Write, Write]:
    return (Write(path, "move", new_path, content), Write(new_path, "add", None, content))


def delete(path: str) -> Write:
    return Write(path, "delete")


ADD_X = "*** Add File: x\n+1"
X = add("x", "1\n")

# The real tool takes these patches, so ``problem`` is None.
FILES = [
    # new files
    (envelope("*** Add File: x", "+1", "+2"), (add("x", "1\n2\n"),)),
    (envelope("*** Add File: x"), (add("x", ""),)),
    (envelope("*** Add File: x", "+", "+1  ", "+"), (add("x", "\n1  \n\n"),)),
    (
        envelope("*** Add File: x", "+*** Add File: y", "+*** End Patch"),
        (add("x", "*** Add File: y\n*** End Patch\n"),),
    ),
    (envelope("*** Add File: x", "++1", "+-1", "+ 1"), (add("x", "+1\n-1\n 1\n"),)),
    # only LF ends a line
    (
        envelope("*** Add File: x", "+1\r+2\v+3\x1c+4\x85+5\u2028+6"),
        (add("x", "1\r+2\v+3\x1c+4\x85+5\u2028+6\n"),),
    ),
    # updates
    (envelope("*** Update File: a", "@@", " one", "-two", "+TWO", " three"), (update("a", "TWO\n"),)),
    (envelope("*** Update File: a", "@@ def f():", "-1", "+2", "@@", "-3", "+4"), (update("a", "2\n4\n"),)),
    (envelope("*** Update File: a", "@@", "-one"), (update("a", ""),)),
    (envelope("*** Update File: a", "@@", " one"), (update("a", ""),)),
    (envelope("*** Update File: a", "@@  ", "+1"), (update("a", "1\n"),)),
    (envelope("*** Update File: a", "@@ -1,2 +1,2 @@", "+1"), (update("a", "1\n"),)),
    # the first hunk may do without its @@, an empty line is an empty context line
    (envelope("*** Update File: a", " one", "+1"), (update("a", "1\n"),)),
    (envelope("*** Update File: a", "", "+1", ""), (update("a", "1\n"),)),
    # the end of the file
    (envelope("*** Update File: a", "@@", "+1", "*** End of File"), (update("a", "1\n"),)),
    (
        envelope("*** Update File: a", "@@", "+1", "*** End of File", "", " \t", ADD_X),
        (update("a", "1\n"), X),
    ),
    (envelope("*** Update File: a", "+1", "*** End of File", "@@ f", "+2"), (update("a", "1\n2\n"),)),
    (envelope("*** Update File: a", "*** End of File", "+1"), (update("a", "1\n"),)),
    # renames: both ends
    (envelope("*** Update File: a", "*** Move to: d/b", "@@", "-one", "+1"), move("a", "d/b", "1\n")),
    (envelope("*** Update File: a", "*** Move to: b", " one"), move("a", "b", "")),
    (envelope("*** Update File: a", "*** Move to: b", ""), move("a", "b", "")),
    (envelope("*** Update File: a", "*** End of File", "*** Move to: b", "+1"), move("a", "b", "1\n")),
    (envelope("*** Update File: a", "*** Move to: a", "+1"), move("a", "a", "1\n")),
    # deletions, and several files
    (envelope("*** Delete File: a"), (delete("a"),)),
    (
        envelope(ADD_X, "*** Delete File: b", "*** Update File: c", "+2", "*** Add File: x", "+3"),
        (X, delete("b"), update("c", "2\n"), add("x", "3\n")),
    ),
    # the environment
    (envelope("*** Environment ID: remote", ADD_X), (X,)),
    (envelope("  *** Environment ID:remote ", ADD_X), (X,)),
    # an indented marker is a marker, but a context line in an update, where only the last end may be indented
    (envelope("\t*** Add File: x \u3000", "+1", "  *** Delete File: y"), (X, delete("y"))),
    (
        envelope("*** Update File: a", "+1", " *** Add File: x", " *** End Patch", " @@", "+2"),
        (update("a", "1\n2\n"),),
    ),
    ("*** Begin Patch\n*** Update File: a\n+1\n  *** End Patch", (update("a", "1\n"),)),
    # around the envelope
    (f" \n\n  {envelope(ADD_X)}  \n\n", (X,)),
    (f"  *** Begin Patch \n{ADD_X}\n\t*** End Patch ", (X,)),
    (f"{envelope(ADD_X)}\n\n*** End Patch", (X,)),
    (f"<<'EOF'\n{envelope(ADD_X)}\nEOF\n", (X,)),
    (f"<<EOF\n{envelope(ADD_X)}\nEOF", (X,)),
    (f'<<"EOF"\n{envelope(ADD_X)}\nxEOF', (X,)),
    # a line may end in CRLF, even in one CR more; a third is text
    (
        envelope("*** Add File: x", "+1", "*** Update File: a", "@@", "+2").replace("\n", "\r\n"),
        (X, update("a", "2\n")),
    ),
    (f"<<'EOF'\n{envelope(ADD_X)}\nEOF\n".replace("\n", "\r\n"), (X,)),
    (envelope("*** Add File: x", "+1\r\r", "+2\r\r\r"), (add("x", "1\n2\r\n"),)),
]

# Names in headers and the files that are really written.
NAMES = [
    ("dir/with space/ü.txt", "dir/with space/ü.txt"),
    ("/abs/../x", "/abs/../x"),
    ("./x", "./x"),
    ("~/x", "~/x"),
    ('"x"', '"x"'),
    ("a%2Fb?c#d\\e", "a%2Fb?c#d\\e"),
    ("file:///x", "file:///x"),
    ("trailing \u00a0\u2028", "trailing"),
    # only one space belongs to the header
    ("  x", "  x"),
    # no whitespace to the tool, though Python's strip takes it
    ("x\x1c", "x\x1c"),
    # lost on the tool's way through URLs: a hole to hide a file's name in
    (".e\tnv", ".env"),
    (".e\rnv", ".env"),
    ("\t.env", ".env"),
    (".\t./x", "../x"),
]

# The real tool refuses these patches; what was understood is still told.
REFUSED = [
    ("", ()),
    ("nonsense", ()),
    ("*** Begin Patch", ()),
    ("*** End Patch", ()),
    (envelope(), ()),
    ("*** Begin Patch *** End Patch", ()),
    (envelope(ADD_X).lower(), ()),
    # no whole envelope
    (f"*** Begin Patch\n{ADD_X}", (X,)),
    (f"{ADD_X}\n*** End Patch", (X,)),
    (f"\ufeff{envelope(ADD_X)}", (X,)),
    (f"hello\n{envelope(ADD_X)}", (X,)),
    (f"{envelope(ADD_X)}\nbye", (X,)),
    (f"{envelope(ADD_X)}\n{envelope('*** Delete File: y')}", (X, delete("y"))),
    (f"{envelope(ADD_X)}\n*** Delete File: y\n*** End Patch", (X, delete("y"))),
    (f"{envelope(ADD_X)}\n*** End Patch\n*** End Patch", (X,)),
    (f"*** Begin Patch\n{envelope(ADD_X)}", (X,)),
    (f"<<'PATCH'\n{envelope(ADD_X)}\nPATCH", (X,)),
    (f"apply_patch <<'EOF'\n{envelope(ADD_X)}\nEOF", (X,)),
    (f"<<'EOF'\n\n{envelope(ADD_X)}\nEOF", (X,)),
    (f"<<'EOF'\n{envelope(ADD_X)}\n\nEOF", (X,)),
    ("<<'EOF'\nEOF", ()),
    # headers
    (envelope("*** Add File:x", "+1"), ()),
    (envelope("*** Add File: ", "+1"), ()),
    (envelope("*** Rename File: x", ADD_X), (X,)),
    (envelope("", ADD_X), (X,)),
    (envelope("*** Environment ID: ", ADD_X), (X,)),
    (envelope("*** Environment ID: a", "*** Environment ID: b", ADD_X), (X,)),
    (envelope(ADD_X, "*** Environment ID: a"), (X,)),
    # bodies
    (envelope(ADD_X, "", "+2"), (add("x", "1\n2\n"),)),
    (envelope(ADD_X, " +2"), (X,)),
    (envelope("*** Delete File: a", ""), (delete("a"),)),
    (envelope("*** Delete File: a", "-1"), (delete("a"),)),
    (envelope("*** Update File: a"), (update("a", ""),)),
    (envelope("*** Update File: a", "@@"), (update("a", ""),)),
    (envelope("*** Update File: a", "@@", ADD_X), (update("a", ""), X)),
    (envelope("*** Update File: a", "@@ f", "@@ g", "+1"), (update("a", "1\n"),)),
    (envelope("*** Update File: a", "@@f", "+1"), (update("a", "1\n"),)),
    (envelope("*** Update File: a", "+1", "\t", "+2"), (update("a", "1\n2\n"),)),
    (envelope("*** Update File: a", "*** End of File"), (update("a", ""),)),
    (envelope("*** Update File: a", "@@", "*** End of File", "+1"), (update("a", "1\n"),)),
    (envelope("*** Update File: a", "+1", "*** End of File", "+2", "junk"), (update("a", "1\n2\n"),)),
    (envelope("*** Update File: a", "+1", "*** Begin Patch", "+2"), (update("a", "1\n2\n"),)),
    # renames: one of them, first, and not alone
    (envelope("*** Update File: a", "*** Move to: b"), move("a", "b", "")),
    (envelope("*** Update File: a", "*** Move to: b", "*** Move to: c", "+1"), move("a", "b", "1\n")),
    (envelope("*** Update File: a", "+1", "*** Move to: b"), (update("a", "1\n"),)),
]


@pytest.mark.parametrize(("text", "writes"), FILES)
def test_a_patch_that_codex_takes(text: str, writes: tuple[Write, ...]) -> None:
    assert parse(text) == Patch(writes, None)


@pytest.mark.parametrize(("named", "path"), NAMES)
def test_the_path_is_the_one_that_is_written(named: str, path: str) -> None:
    text = envelope(f"*** Update File: {named}", f"*** Move to: {named}", "+1", f"*** Delete File: {named}")
    assert parse(text) == Patch((*move(path, path, "1\n"), delete(path)), None)


@pytest.mark.parametrize(("text", "writes"), REFUSED)
def test_a_patch_that_codex_refuses(text: str, writes: tuple[Write, ...]) -> None:
    patch = parse(text)
    assert patch.writes == writes
    assert patch.problem is not None


def test_the_problem_is_the_first_one_and_shows_no_content() -> None:
    patch = parse(envelope("*** Add File: x", "content", "*** Delete File: y", "content"))
    assert patch.problem == "Line 3 of the patch is neither a marker nor a line of a file."

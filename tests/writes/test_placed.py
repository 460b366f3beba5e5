"""Where added lines stand, in tables. The real tool of codex-cli 0.169.0 gave every row its verdict."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.writes.patch import parse
from codex_guard.writes.placed import numbers, source


def envelope(*lines: str) -> str:
    """Return a patch of these lines."""
    return "\n".join(("*** Begin Patch", *lines, "*** End Patch"))


def update(*lines: str) -> str:
    return envelope("*** Update File: a", *lines)


TEXT = "a\nb\nc\na\nb\nc\n"
END = "*** End of File"

# A file's text, the update's lines, and the number of each added line.
PLACES = [
    # context says where
    (TEXT, ("@@", " b", "+X"), (3,)),
    (TEXT, (" b", "+X"), (3,)),
    (TEXT, ("@@", "+X", " b", "-c", "+Y", "+Z"), (2, 4, 5)),
    (TEXT, ("@@ c", " a", "+X"), (5,)),
    (TEXT, ("@@ a", " a", "+X"), (5,)),
    (TEXT, ("@@   b  ", " b", "+X"), (6,)),
    # each hunk is looked for behind the one before, and moves what comes later
    (TEXT, ("@@", " b", "+X", "@@", " a", "+Y"), (3, 6)),
    (TEXT, ("@@", "-a", "-b", "@@", " a", "+Y"), (3,)),
    (TEXT, ("@@", " a", "+X", "@@", " b", "+Y"), (2, 4)),
    # without old lines: the end, whatever stands there, and the search goes on from where it was
    (TEXT, ("@@", "+X"), (7,)),
    (TEXT, ("@@ a", "+X"), (7,)),
    ("a\nb\n\n\n", ("@@", "+X"), (5,)),
    ("", ("@@", "+X"), (1,)),
    ("\n", ("@@", "+X"), (2,)),
    ("a\nb\nc\n", ("@@", "+X", "@@", "-a", "+Y"), (4, 1)),
    ("a\nb\nc\n", ("@@", "+X", "@@", "-c", "+Y"), (4, 3)),
    ("a\nb\nc\n", ("@@", "+X", "@@", " c", "+Y"), (4, 5)),
    ("a\nb\nc\n", ("@@", "+X", "@@", "+Y"), (4, 5)),
    # the end of the file
    (TEXT, ("@@", " b", " c", "+X", END), (7,)),
    (TEXT, ("@@", "+X", END), (7,)),
    ("a\n2\na\n", (END, "@@", " a", "+X"), (2,)),
    ("a\n2\na\n", ("@@", " a", "+X", END, "", "@@", "+Z"), (4, 5)),
    # a last line without an end
    ("a\nb", ("@@", "-b", "+X"), (2,)),
    ("a\nb", ("@@", "+X"), (3,)),
    # an empty last line may be none
    ("a\nb\nc\n", ("@@", " c", "+X", ""), (4,)),
    ("a\nb\nc\n", ("@@", " c", "", "+X"), (5,)),
    ("a\nb\nc\n", ("@@", " c", "+X", " ", END), (4,)),
    ("a\nb\nc\n", ("@@", "+X", ""), (1,)),
    ("a\nb\nc\n", ("@@", "", "+X"), (2,)),
    ("a\n\nc\n", ("@@", "", "+X"), (3,)),
    ("a\nb\nc\n", ("@@ a", "+X", "", END), (2,)),
    ("a\nb\nc\n", ("@@", "-c", "+X", "+", "-"), (3, 0)),
    # what is alike counts only where nothing is the same
    (" a\na \na\n", ("@@", " a", "+X"), (4,)),
    (" a\na \n", ("@@", " a", "+X"), (3,)),
    ("b\n a\n", ("@@", " a", "+X"), (3,)),
    ("a\nb\n", ("@@", " a\u3000", "+X"), (2,)),
    ("a \u2014 \u2018b\u2019\nc\n", ("@@", " a - 'b'", "+X"), (2,)),
    ("a - 'b'\nc\n", ("@@", " a\u00a0\u2212\u2003\u201bb\u2018", "+X"), (2,)),
    # lines end at LF and CRLF, to Codex at CR, too
    ("a\r\nb\r\n", ("@@", " a", "+X", "+Y"), (2, 3)),
    ("a\r\nb\r\n", ("@@", " a\r", "+X\r"), (2,)),
    ("a\rb\nc\n", ("@@", " b", "+X"), (2,)),
    ("a\nb\rc", ("@@", "-c", "+X", "+Y"), (2, 3)),
    ("a\rb\rc", ("@@", " c", "+X"), (1,)),
    ("a\nb\n", ("@@", " a", "+X\rY", "+Z"), (2, 3)),
    # nothing is added
    (TEXT, ("@@", "-a"), ()),
    (TEXT, ("@@", " a"), ()),
]

# What the tool does not apply.
FAILURES = [
    (TEXT, ("@@ zz", "+X")),
    (TEXT, ("@@", " zz", "+X")),
    (TEXT, ("@@", " c", "-a", "+X", "@@", "-a", "+Y")),
    ("a\nb\n", ("@@", "-b", "+X", "@@", "-a", "+Y")),
    ("a\nb\n", ("@@", "-b", "+X", "@@ a", "+Y")),
    ("a\nb\n", ("@@ b", "+X", "@@", "-b", "+Y")),
    ("a\nb\nc\n", ("@@", " a", "+X", END)),
    ("a\n", ("@@", " a", " b", "+X", END)),
    ("a\nb\nc\n", ("@@", "-b", "-c", "+X", "@@", "-c", "+Y", END)),
    ("a\nb\nc\n", ("@@", " c", "+X", " ", " ")),
    ("\ufeffa\n", ("@@", " a", "+X")),
    ("a\x1c\n", ("@@", " a", "+X")),
    ("a\u1680b\n", ("@@", " a b", "+X")),
    # no patch at all
    (TEXT, ("@@",)),
    (TEXT, ("@@ a", "@@ c", " a", "+X")),
]

A_AND_B = {"a": "1\n2\n", "b": "3\n"}
UPDATE_A, UPDATE_B = "*** Update File: a", "*** Update File: b"

# Patches over several sections: of whom, and the numbers for each of its writes.
SECTIONS = [
    ((UPDATE_A, "@@", "-1", "+X", UPDATE_A, "@@", " X", "+Y"), "a", ((1,), (2,))),
    ((UPDATE_A, "@@", "+X", UPDATE_A, "@@", "-1", "-2"), "a", ((1,), ())),
    ((UPDATE_A, " 2", "+X", "+Y", UPDATE_A, "-X", "+Z"), "a", ((0, 4), (3,))),
    ((UPDATE_A, " 1", "+X", "*** Update File: d/../a", "+Y", " 1"), "a", ((3,),)),
    ((UPDATE_A, " 1", "+X", "*** Update File: d/../a", "+Y", " 1"), "d/../a", ((1,),)),
    (("*** Add File: a", "+7", "+8", UPDATE_A, " 7", "+X"), "a", ((1, 3), (2,))),
    (("*** Delete File: a", "*** Add File: a", "+7"), "a", ((), (1,))),
    (("*** Add File: a", "+7", "*** Delete File: a"), "a", ((0,), ())),
    # renames
    ((UPDATE_A, "*** Move to: b", " 1", "+X"), "a", ((2,),)),
    ((UPDATE_A, "*** Move to: b", " 1", "+X"), "b", ((2,),)),
    ((UPDATE_A, "*** Move to: b", " 1", "+X", UPDATE_B, "+Y", " 1"), "a", ((3,),)),
    ((UPDATE_A, "*** Move to: b", " 1", "+X", UPDATE_B, "+Y", " 1"), "b", ((3,), (1,))),
    ((UPDATE_A, "*** Move to: c", " 1", "+X", "*** Add File: a", "+7"), "a", ((2,), (1,))),
    ((UPDATE_A, "*** Move to: c", "+X", "*** Update File: c", "*** Move to: b", "-1"), "c", ((2,), ())),
    ((UPDATE_A, "*** Move to: c", "+X", "*** Update File: c", "*** Move to: b", "-1", "+Y"), "b", ((1,),)),
    (("*** Delete File: b", UPDATE_A, "*** Move to: b", " 1", "+X"), "b", ((), (2,))),
    ((UPDATE_A, "*** Move to: a", " 1", "+X"), "a", ((0,), (0,))),
    # other files do not matter
    ((UPDATE_A, " 1", "+X", UPDATE_B, " zz", "+Y", "*** Add File: c", "+Z"), "a", ((2,),)),
    ((UPDATE_A, " 1", "+X", "*** Add File: c", "+", "+Z"), "c", ((1, 2),)),
]


@pytest.mark.parametrize(("text", "lines", "places"), PLACES)
def test_added_lines_are_placed(text: str, lines: tuple[str, ...], places: tuple[int, ...]) -> None:
    assert numbers(update(*lines), "a", text) == (places,)


@pytest.mark.parametrize(("text", "lines"), FAILURES)
def test_what_does_not_apply_has_no_places(text: str, lines: tuple[str, ...]) -> None:
    assert numbers(update(*lines), "a", text) is None


@pytest.mark.parametrize(("lines", "path", "places"), SECTIONS)
def test_sections_apply_one_after_the_other(
    lines: tuple[str, ...], path: str, places: tuple[tuple[int, ...], ...]
) -> None:
    patch = envelope(*lines)
    current = A_AND_B.get(os.path.normpath(source(patch, path)))
    assert numbers(patch, path, current) == places


def test_without_the_files_text_only_new_files_have_places() -> None:
    patch = envelope(UPDATE_A, "+X", "*** Add File: c", "+Y")
    assert numbers(patch, "a", None) is None
    assert numbers(patch, "c", None) == ((1,),)
    assert numbers(patch, "d", "1\n") is None
    # one file becomes b, another one is renamed to it: one text does not tell about both
    assert numbers(envelope(UPDATE_B, "+X", UPDATE_A, "*** Move to: b", "+Y"), "b", "3\n") is None
    # after a line with a CR within, which Codex would read as two
    assert numbers(envelope(UPDATE_A, "+X\rY", UPDATE_A, "+Z"), "a", "1\n") is None


def test_a_refused_patch_has_no_places() -> None:
    assert numbers("*** Begin Patch\n*** Add File: a\n+X", "a", None) is None
    assert source("*** Begin Patch\n*** Add File: a\n+X", "a") == "a"


def test_renames_are_followed_back_to_the_file_on_disk() -> None:
    patch = envelope(UPDATE_A, "*** Move to: ./b", "+X", UPDATE_B, "*** Move to: c", "+Y")
    assert [source(patch, path) for path in ("a", "b", "c", "d")] == ["a", "a", "a", "d"]


HUGE = "a\n" * (1 << 18)
SLOW = [
    # every section goes through the whole file
    (envelope(*[UPDATE_A, "@@", "+X"] * 9_000), HUGE),
    # every hunk looks for lines up to the end, and finds what is alike close by
    (update(*["@@", " a", " b"] * 90_000), "b\na\n" + "a \nb\n" * 90_000 + "a\nc\n" * 90_000),
    # the same with many lines that are the same before the one that is not
    (
        update(*["@@", *[" a"] * 90, " b"] * 1_000),
        ("a \n" + "a\n" * 89 + "b\n") * 1_000 + ("a\n" * 89 + "b\n") * 10_000,
    ),
    # too long
    (update("+X"), "a\n" * (3 << 20)),
    (update(*["+X"] * (2 << 20)), ""),
    (update("+X"), "\n" * 0x110000),
]


@pytest.mark.parametrize("case", range(len(SLOW)))
def test_too_much_work_is_left(case: int) -> None:
    patch, text = SLOW[case]
    assert parse(patch).problem is None
    assert numbers(patch, "a", text) is None


lines = st.text(st.sampled_from("ab -+@*\t\r\u2014\u3000"), max_size=4)


@given(st.lists(lines), st.lists(lines), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_text_and_patch_have_an_answer(body: list[str], text: list[str], end: str) -> None:
    patch = update(*body)
    current = end.join(text)
    found = numbers(patch, "a", current)
    contents = [(write.content or "").split("\n")[:-1] for write in parse(patch).writes if write.path == "a"]
    if found is not None:
        assert [len(part) for part in found] == [len(content) for content in contents]


@given(st.lists(st.sampled_from(" -+")), st.integers(0, 3), st.sampled_from(["\n", "\r\n"]))
def test_lines_between_known_ones_are_counted(signs: list[str], before: int, end: str) -> None:
    old = [f"before {index}" for index in range(before)]
    patch, new = ["@@", " first"], [*old, "first"]
    old.append("first")
    for index, sign in enumerate(signs):
        patch.append(f"{sign}line {index}")
        if sign != "+":
            old.append(f"line {index}")
        if sign != "-":
            new.append(f"line {index}")
    places = tuple([new.index(line[1:]) + 1 for line in patch if line[0] == "+"])
    assert numbers(update(*patch), "a", "".join([line + end for line in old])) == (places,)

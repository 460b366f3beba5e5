"""Properties of the patch parser: any text has an answer, and every file of a valid patch is found."""

from hypothesis import given
from hypothesis import strategies as st

from codex_guard.model import Write
from codex_guard.writes.patch import parse

MARKERS = (
    "*** Begin Patch",
    "*** End Patch",
    "*** Add File: x",
    "*** Update File: a",
    "*** Move to: b",
    "*** Delete File: y",
    "*** Environment ID: e",
    "*** End of File",
    "@@",
    "@@ f",
    "<<'EOF'",
    "EOF",
)

# A line's text: anything but LF, and no CR at its end, where the tool takes it for a part of the line's end.
texts = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]))
names = st.text(st.characters(exclude_characters="\n\r\t", exclude_categories=["Cs", "Z", "Cc"]), min_size=1)
spaces = st.sampled_from(["", " ", "\t", "\u3000", " \t"])
contexts = st.builds(lambda sign, text: sign + text, st.sampled_from(" -"), texts)
lines = st.one_of(
    st.sampled_from(MARKERS),
    st.builds("{}{}{}".format, spaces, st.sampled_from(MARKERS), spaces),
    st.builds("+{}".format, texts),
    contexts,
    texts,
)


def text_of(added: list[str]) -> str:
    return "".join(f"{line}\n" for line in added)


@st.composite
def additions(draw: st.DrawFn) -> tuple[list[str], list[Write]]:
    path, added = draw(names), draw(st.lists(texts))
    header = f"{draw(spaces)}*** Add File: {path}{draw(spaces)}"
    return [header, *(f"+{line}" for line in added)], [Write(path, "add", None, text_of(added))]


@st.composite
def deletions(draw: st.DrawFn) -> tuple[list[str], list[Write]]:
    path = draw(names)
    return [f"{draw(spaces)}*** Delete File: {path}{draw(spaces)}"], [Write(path, "delete")]


@st.composite
def updates(draw: st.DrawFn) -> tuple[list[str], list[Write]]:
    path, new_path, added = draw(names), draw(st.none() | names), []
    body = [f"*** Update File: {path}{draw(spaces)}"]
    if new_path is not None:
        body.append(f"*** Move to: {new_path}{draw(spaces)}")
    for index in range(draw(st.integers(1, 3))):
        if index or draw(st.booleans()):
            body.append(draw(st.sampled_from(["@@", "@@ f", "@@  "])))
        for line in draw(st.lists(contexts | st.just("") | st.builds("+{}".format, texts), min_size=1)):
            body.append(line)
            if line.startswith("+"):
                added.append(line[1:])
        if draw(st.booleans()):
            body.append("*** End of File")
    content = text_of(added)
    if new_path is None:
        return body, [Write(path, "update", None, content)]
    return body, [Write(path, "move", new_path, content), Write(new_path, "add", None, content)]


@st.composite
def patches(draw: st.DrawFn) -> tuple[str, tuple[Write, ...]]:
    body, writes = [], []
    # An indented header after an update would be its context line, so updates come last.
    sections = draw(st.lists(additions() | deletions()))
    sections += draw(st.lists(updates(), min_size=0 if sections else 1))
    for section, section_writes in sections:
        body += section
        writes += section_writes
    whole = [f"{draw(spaces)}*** Begin Patch{draw(spaces)}", *body, f"{draw(spaces)}*** End Patch"]
    if draw(st.booleans()):
        whole = ["<<'EOF'", *whole, "EOF"]
    return draw(st.sampled_from(["\n", "\r\n"])).join(whole) + draw(spaces), tuple(writes)


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    patch = parse(text)
    assert patch.writes or patch.problem is not None


@given(st.lists(lines), st.sampled_from(["\n", "\r\n", "\r\r\n", "\r"]))
def test_any_lines_have_an_answer(some: list[str], line_end: str) -> None:
    patch = parse(line_end.join(some))
    assert patch.writes or patch.problem is not None


@given(patches())
def test_every_file_of_a_valid_patch_is_found(case: tuple[str, tuple[Write, ...]]) -> None:
    text, writes = case
    patch = parse(text)
    assert patch.problem is None
    assert patch.writes == writes


@given(patches(), st.data())
def test_a_patch_cut_short_still_names_its_files(
    case: tuple[str, tuple[Write, ...]], data: st.DataObject
) -> None:
    text, writes = case
    cut = parse(text[: data.draw(st.integers(0, len(text)))])
    # The last file may be cut within its name or before its rename, never those in front of it.
    known = max(0, len(cut.writes) - 2)
    assert cut.writes[:known] == writes[:known]


@given(st.lists(lines))
def test_the_problem_shows_no_content(some: list[str]) -> None:
    marked = "\n".join(f"{line}\ue000" for line in some)
    assert "\ue000" not in (parse(marked).problem or "")

"""What is new in a file, what it held before, and what was told already."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from codex_guard.guard import brought, landed
from codex_guard.ledger import place, seen, session
from codex_guard.model import Allow, Block, Finding, Judgement, Secret, Text, ToolEvent
from codex_guard.secrets.rules.template import expand
from support.repositories import repository, run

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
KEY, OTHER = "first-made-up-value", "second-made-up-value"
TOLD, BEFORE = "reported before in this session", "stood in the file before"


def patch(*lines: str) -> str:
    return "\n".join(("*** Begin Patch", *lines, "*** End Patch"))


def find(text: Text, *values: str) -> tuple[Finding, ...]:
    """Return a finding wherever one of the values stands in a text."""
    found = []
    for value in values:
        at = text.body.find(value)
        while at >= 0:
            line, column = text.body.count("\n", 0, at) + 1, at - text.body.rfind("\n", 0, at)
            secret = Secret(value, "made-up")
            end = at + len(value)
            found.append(Finding("made-up", "T", "high", "R", text.where, line, column, at, end, secret))
            at = text.body.find(value, end)
    return tuple(sorted(found, key=lambda finding: finding.start))


def file(body: str, where: str = "a") -> Text:
    return Text(where, body, file=True)


def nothing(_where: str) -> None:
    return None


def sort(
    text: Text,
    held: str | None = None,
    *,
    session_id: str | None = None,
    added: Mapping[str, str] | None = None,
    values: tuple[str, ...] = (KEY, OTHER),
) -> landed.Landed:
    return landed.sort(find(text, *values), [text], lambda _where: held, session_id, added)


def lines(findings: tuple[Finding, ...]) -> list[int]:
    return [finding.line for finding in findings]


# New or old, by what the file held: the text before, the text now, and the lines of what is new and old.
HELD = [
    (None, f"x\n{KEY}\n", [2], []),
    ("", f"x\n{KEY}\n", [2], []),
    (f"x\n{KEY}\n", f"x\n{KEY}\n", [], [2]),
    (f"x\n{KEY}\n", f"y\nz\n{KEY}\n", [], [3]),
    (f"x\n{KEY}\n", f"x\n  again = '{KEY}'\n", [], [2]),
    (f"x\n{OTHER}\n", f"x\n{KEY}\n", [2], []),
    (f"{OTHER}\n", f"{OTHER}\n{KEY}\n", [2], [1]),
    # as often as it stood there, the lines first that are as they were
    (f"{KEY}\n", f"{KEY}\n{KEY}\n", [2], [1]),
    (f"t = {KEY}\n", f"new: {KEY}\nt = {KEY}\n", [1], [2]),
    (f"t = {KEY}\n", f"new: {KEY}\n\nt = {KEY}!\n", [3], [1]),
    (f"{KEY} {KEY}\n", f"x {KEY}\ny {KEY}\nz {KEY}\n", [3], [1, 2]),
    (f"{KEY}\n{KEY}\n", f"{KEY}\n", [], [1]),
    (f"t = {KEY}\n", f"{KEY} {KEY}\nt = {KEY}\n", [1, 1], [2]),
]


@pytest.mark.parametrize(("held", "now", "new", "old"), HELD)
def test_what_a_file_held_is_old_as_often_as_it_held_it(
    held: str | None, now: str, new: list[int], old: list[int]
) -> None:
    sorted_ = sort(file(now), held)
    assert (lines(sorted_.new), lines(sorted_.old)) == (new, old)
    assert {finding.line for finding in sorted_.all if finding.suppressed == BEFORE} == set(old)
    assert sorted_.problem is None
    assert len(sorted_.all) == len(new) + len(old)


# In a file of which nothing is known, what a call added to it is new, and the rest was there.
ADDED: list[tuple[Mapping[str, str] | None, bool]] = [
    (None, True),
    ({}, True),
    ({"b": "x"}, True),
    ({"a": f"x\n{KEY}"}, True),
    ({"a": "x"}, False),
    ({"a": ""}, False),
]


@pytest.mark.parametrize(("added", "is_new"), ADDED)
def test_what_a_call_did_not_add_was_there(added: Mapping[str, str] | None, *, is_new: bool) -> None:
    sorted_ = sort(file(f"x\n{KEY}\n"), added=added)
    assert (len(sorted_.new), len(sorted_.old)) == ((1, 0) if is_new else (0, 1))


def test_what_a_file_held_counts_more_than_what_was_added() -> None:
    assert lines(sort(file(f"{KEY}\n"), "", added={"a": "x"}).new) == [1]


def test_a_secret_in_a_name_is_always_new() -> None:
    name = Text("a file's name", f"{KEY}.txt")
    found = find(name, KEY)
    sorted_ = landed.sort(found, [file("x")], lambda _where: f"{KEY}.txt", None, {"a file's name": ""})
    assert sorted_ == landed.Landed(found, (), found)


def test_what_stands_there_in_another_form_is_looked_for_in_that_form() -> None:
    spelled = expand("{alnum:24}")
    (finding,) = find(file(f"x = {spelled}"), spelled)
    finding = finding.replace(secret=Secret(KEY, "made-up"), spelled=Secret(spelled, "made-up"))
    now = [file(f"x = {spelled}")]
    assert landed.sort((finding,), now, lambda _where: KEY, None).new
    assert landed.sort((finding,), now, lambda _where: spelled, None).old


@pytest.mark.parametrize("line", [0, -1, 3])
def test_a_line_that_is_none(line: int) -> None:
    found = tuple(finding.replace(line=line) for finding in find(file(KEY), KEY))
    assert landed.sort(found, [file(KEY)], lambda _where: f"\n{KEY}", None).old


def test_what_does_not_count_is_neither_new_nor_old_nor_remembered() -> None:
    text = file(f"{KEY}\n")
    allowed = tuple(finding.replace(suppressed="allowed") for finding in find(text, KEY))
    for held in ("", f"{KEY}\n"):
        sorted_ = landed.sort(allowed, [text], lambda _where, held=held: held, "s")  # type: ignore[misc]
        assert sorted_ == landed.Landed((), (), allowed)
    assert lines(sort(text, "", session_id="s").new) == [1]


# What was told


def test_told_once_in_each_file_and_session() -> None:
    text = file(f"{KEY}\n")
    first = sort(text, session_id="s")
    assert (lines(first.new), first.all) == ([1], first.new)
    again = sort(file(f"moved\n{KEY}\n"), session_id="s")
    assert (again.new, again.old) == ((), ())
    assert [finding.suppressed for finding in again.all] == [TOLD]
    assert sort(file(KEY, "b"), session_id="s").new
    assert sort(text, session_id="another").new
    assert sort(text, session_id=None).new


def test_several_places_of_one_value_are_told_together() -> None:
    text = file(f"{KEY}\n{KEY}\n")
    assert lines(sort(text, session_id="s").new) == [1, 2]
    assert sort(text, session_id="s").new == ()


def test_what_stood_there_and_is_new_in_a_second_place_is_another_thing_to_tell() -> None:
    held = f"{KEY}\n"
    assert lines(sort(file(held), held, session_id="s").old) == [1]
    second = sort(file(f"{KEY}\nx {KEY}\n"), held, session_id="s")
    assert (lines(second.new), second.old) == ([2], ())
    assert [finding.suppressed for finding in second.all] == [TOLD, None]


@pytest.mark.parametrize("way", ["overwritten", "clean", "another", "not looked at"])
def test_what_is_gone_is_forgotten_and_told_when_it_comes_back(way: str) -> None:
    sort(file(f"{KEY}\n"), session_id="s")
    if way == "overwritten":
        landed.sort((), [file("")], nothing, "s")
    elif way == "clean":
        landed.sort((), [], nothing, "s", clean=("a",))
    elif way == "another":
        sort(file(f"{OTHER}\n"), session_id="s")
    else:
        landed.sort((), [file("", "b")], nothing, "s", clean=("c",))
    assert bool(sort(file(f"{KEY}\n"), session_id="s").new) == (way != "not looked at")


def test_a_file_whose_name_is_a_secret_is_remembered_without_it(own_home: Path) -> None:
    where = f"{KEY}.txt"
    name = Text("a file's name", where)
    text = file(f"{KEY}\n", where)
    found = find(text, KEY) + find(name, KEY)
    assert len(landed.sort(found, [text], nothing, "s").new) == 2
    assert landed.sort(found, [text], nothing, "s").new == ()
    kept = Path(place.of_session("s")).read_text()
    assert KEY not in kept
    assert "<masked:made-up>.txt" in kept


def test_only_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landed, "_MOST_REMEMBERED", 2)
    for where in ("a", "b", "c"):
        sort(file(KEY, where), session_id="s")
    assert [bool(sort(file(KEY, where), session_id="s").new) for where in ("b", "c", "a")] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("kept", [None, 3, {}, [3, None, []]])
def test_a_memory_that_is_none(kept: object) -> None:
    with session.opened("s") as state:
        state["told"] = kept
    assert sort(file(KEY), session_id="s").new
    assert sort(file(KEY), session_id="s").new == ()


def test_what_cannot_be_remembered_is_told_all_the_same() -> None:
    place.folder()
    Path(place.of_session("s")).parent.touch()
    for _ in range(2):
        sorted_ = sort(file(f"{KEY}\n{OTHER}\n"), f"{OTHER}\n", session_id="s")
        assert (lines(sorted_.new), lines(sorted_.old)) == ([1], [2])
        assert "codex-guard cannot keep the session's state in" in str(sorted_.problem)


# What a file held when the session began


def test_the_commit_that_the_session_began_at_is_what_counts(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", "a", "sub/b")
    head = run(repo, "rev-parse", "HEAD").stdout.decode().strip()
    seen.begin("s", lambda: head)
    (repo / "a").write_text("later\n")
    run(repo, "commit", "-q", "-a", "-m", "later")
    for cwd, name in ((repo, "a"), (repo / "sub", "../a"), (repo / "sub", str(repo / "a"))):
        assert landed.at_start("s", str(cwd))(name) == "text\n"
        assert landed.at_start("unknown", str(cwd))(name) == "later\n"
    held = landed.at_start("s", str(repo))
    assert [held(name) for name in ("sub/b", "c", "sub", "../a")] == ["text\n", None, None, None]


def test_outside_a_repository_nothing_was_held(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    assert landed.at_start("s", str(tmp_path))("a") is None


def test_a_committed_file_is_read_as_files_on_disk_are(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo")
    (repo / "wide").write_bytes(b"\xff\xfe" + "é\n".encode("utf-16-le"))
    (repo / "marked").write_bytes(b"\xef\xbb\xbf" + "é\n".encode())
    (repo / "broken").write_bytes(b"\xe9\n")
    run(repo, "add", ".")
    run(repo, "commit", "-q", "-m", "x")
    held = landed.at_start("s", str(repo))
    assert [held(name) for name in ("wide", "marked", "broken")] == ["é\n", "é\n", "\ufffd\n"]


def test_so_many_files_are_compared_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = repository(tmp_path / "repo", "a", "b", "c")
    monkeypatch.setattr(brought, "_MOST_COMPARED", 2)
    held = landed.at_start("s", str(repo))
    assert [held(name) for name in ("a", "b", "c", "a")] == ["text\n", "text\n", None, "text\n"]


# The same through a call that ran


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", "old.py")


@pytest.fixture
def committed(repo: Path, key: str) -> Path:
    """Return a file in which a key is committed."""
    (repo / "old.py").write_text(f"a = 1\nTOKEN = '{key}'\n")
    run(repo, "commit", "-q", "-a", "-m", "x")
    return repo / "old.py"


def test_a_call_beside_a_committed_secret_goes_on_and_is_told_of_it_once(
    judge: Judge, tool: Tool, committed: Path, key: str
) -> None:
    committed.write_text(f"a = 2\nb = 3\nTOKEN = '{key}'\n")
    event = tool("apply_patch", patch("*** Update File: old.py", "@@", "-a = 1", "+a = 2", "+b = 3"), "ok")
    decision = judge(event).decision
    assert isinstance(decision, Allow)
    assert "found 1 secret that stood in a file before this session wrote to it" in str(decision.context)
    assert "old.py:3:10" in str(decision.context)
    assert decision.note is None
    assert judge(event).decision == Allow()


def test_new_and_old_in_one_file_are_told_apart(
    judge: Judge, tool: Tool, reason: Said, committed: Path, key: str
) -> None:
    new = expand("glpat-{base64url:20}")
    committed.write_text(f"NEW = '{new}'\nTOKEN = '{key}'\n")
    told = reason(judge(tool("Bash", "make > old.py", ""), secrets=(new,)))
    written, _, before = told.partition("that stood in a file before")
    assert "1 secret in files that this call wrote:\n  old.py:1:8" in written
    assert "old.py:2:10" in before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Bash", "git mv old.py new.py"),
        ("Bash", "mv old.py new.py"),
        ("apply_patch", patch("*** Update File: old.py", "*** Move to: new.py", "@@", "-a = 1", "+a = 2")),
    ],
)
def test_a_renamed_file_held_what_it_held(
    judge: Judge, tool: Tool, committed: Path, name: str, said: str
) -> None:
    committed.rename(committed.parent / "new.py")
    decision = judge(tool(name, said, "ok")).decision
    assert isinstance(decision, Allow)
    assert "new.py:2:10" in str(decision.context)


@pytest.mark.parametrize("command", ["cp old.py new.py", "cat old.py > new.py"])
def test_a_copied_secret_is_a_new_one(
    judge: Judge, tool: Tool, reason: Said, committed: Path, command: str
) -> None:
    (committed.parent / "new.py").write_text(committed.read_text())
    assert "new.py:2:10" in reason(judge(tool("Bash", command, "")))


@pytest.mark.parametrize(
    ("name", "said", "is_new"),
    [
        ("apply_patch", patch("*** Update File: notes", "@@", " x", "+y"), False),
        ("apply_patch", patch("*** Update File: notes", "@@", " x", "+{}"), True),
        ("Bash", "echo y >> notes", False),
        ("Bash", "echo y >> notes; echo x >> notes", False),
        ("Bash", "echo $(date) >> notes", True),
        ("Bash", "make >> notes", True),
        ("Bash", "echo y >> notes; make > notes", True),
        ("Bash", "echo y > notes", True),
    ],
)
def test_in_a_file_that_was_never_committed_what_a_call_adds_is_new(
    judge: Judge, tool: Tool, repo: Path, key: str, name: str, said: str, *, is_new: bool
) -> None:
    (repo / "notes").write_text(f"x\n{key}\ny\n")
    decision = judge(tool(name, said.replace("{}", key), "ok")).decision
    assert isinstance(decision, Block) == is_new

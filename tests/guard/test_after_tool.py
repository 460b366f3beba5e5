"""A call that ran: what it left in files and what it printed."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.guard import after_tool, disk
from codex_guard.ledger import session
from codex_guard.model import Allow, Judgement, Text, ToolEvent, Unscanned
from codex_guard.policy.policy import Policy
from codex_guard.secrets.rules.template import expand

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
Note = Callable[[Judgement], str | None]
DONE = "Exit code: 0\nOutput:\nSuccess."


def patch(*lines: str) -> str:
    return "\n".join(("*** Begin Patch", *lines, "*** End Patch"))


def write(folder: Path, name: str, content: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize(
    ("name", "command", "path"),
    [
        ("Bash", "cat > conf.env <<EOF\n$TOKEN\nEOF", "conf.env"),
        ("Bash", "echo $TOKEN >> sub/conf.env", "sub/conf.env"),
        ("Bash", "cd sub && make | tee out.log", "sub/out.log"),
        ("Bash", "make > ~/out.log", "~/out.log"),
        ("apply_patch", patch("*** Add File: a.py", "+x"), "a.py"),
        ("apply_patch", patch("*** Update File: a.py", "*** Move to: b/c.py", "@@", "-x", "+y"), "b/c.py"),
        ("apply_patch", patch("*** Add File: ~/a.py", "+x"), "./~/a.py"),
    ],
)
def test_what_landed(
    judge: Judge, tool: Tool, reason: Said, repo: Path, key: str, name: str, command: str, path: str
) -> None:
    write(repo, os.path.expanduser(path), f"a\nTOKEN={key}\n")
    told = reason(judge(tool(name, command, DONE)))
    assert "found 1 secret in files that this call wrote:" in told
    assert f"{os.path.expanduser(path).removeprefix('./')}:2:7: " in told
    assert "this call's output" not in told


@pytest.mark.parametrize("content", ["clean\n", None])
def test_clean_or_gone(judge: Judge, tool: Tool, allowed: Note, repo: Path, content: str | None) -> None:
    if content is not None:
        write(repo, "a.py", content)
    judgement = judge(tool("apply_patch", patch("*** Add File: a.py", "+x"), DONE))
    assert allowed(judgement) is None
    assert judgement.unscanned == ()


def test_a_folder_in_the_way(judge: Judge, tool: Tool, allowed: Note, repo: Path) -> None:
    (repo / "out").mkdir()
    (repo / "file").touch()
    assert allowed(judge(tool("Bash", "echo x > out; echo y > file/z", ""))) is None


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.close()


def make_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate((32 << 20) + 1)


def make_loop(path: Path) -> None:
    path.symlink_to(path.name)


def make_unreadable(path: Path) -> None:
    path.touch(mode=0)
    if os.geteuid() == 0:
        pytest.skip("root reads everything")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (make_fifo, "it is no regular file"),
        (make_socket, "No such device or address"),
        (make_large, "it is larger than 32 MiB"),
        (make_loop, "Too many levels of symbolic links"),
        (make_unreadable, "Permission denied"),
    ],
)
def test_what_cannot_be_looked_at_is_said(
    judge: Judge,
    tool: Tool,
    allowed: Note,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Path], None],
    why: str,
) -> None:
    folder = tmp_path / "repo"
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)  # a socket's path must be short
    make(Path("odd") if make is make_socket else folder / "odd")
    judgement = judge(tool("Bash", "make > odd", ""))
    assert allowed(judgement) == f"codex-guard could not look at odd ({why})."
    assert [item.where for item in judgement.unscanned] == ["odd"]


def test_a_file_that_grows(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repo, "a", "x" * 100)
    monkeypatch.setattr(disk, "LARGEST", 99)
    assert disk.read(str(repo / "a"), "a") == Unscanned("a", "it is larger than 0 MiB")
    monkeypatch.setattr(os, "fstat", lambda handle: os.stat_result((0o100644, *[0] * 9)))
    assert disk.read(str(repo / "a"), "a") == Unscanned("a", "it is larger than 0 MiB")


def test_a_name_that_is_none(judge: Judge, tool: Tool, allowed: Note) -> None:
    judgement = judge(tool("apply_patch", patch("*** Add File: a\x00b", "+x"), DONE))
    assert "its name is no file's" in str(allowed(judgement))


def test_a_secret_beside_what_cannot_be_looked_at(
    judge: Judge, tool: Tool, reason: Said, allowed: Note, repo: Path, key: str
) -> None:
    os.mkfifo(repo / f"x-{key}")
    command = patch(f"*** Add File: x-{key}", "+x")
    told = reason(judge(tool("apply_patch", command, DONE)))
    assert "could not look at x-<masked:github-pat> (it is no regular file)" in told
    # Told once: the second time it is only a note, and that one is masked as well.
    assert "x-<masked:github-pat>" in str(allowed(judge(tool("apply_patch", command, DONE))))


@pytest.mark.parametrize(
    ("encode", "place"),
    [
        (lambda text: b"\x7fELF\x00\xff\xfe" + text.encode() + b"\x00\xff", "bin:2:7:"),
        (lambda text: b"\xff\xfe" + text.encode("utf-16-le"), "bin:2:7:"),
        (lambda text: b"\xfe\xff" + text.encode("utf-16-be"), "bin:2:7:"),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "bin:2:7:"),
        (lambda text: b"\xff" + text.encode("latin-1"), "bin:2:7:"),
    ],
)
def test_encodings(
    judge: Judge, tool: Tool, reason: Said, repo: Path, key: str, encode: Callable[[str], bytes], place: str
) -> None:
    write(repo, "bin", encode(f"a\nTOKEN={key}\n"))
    assert place in reason(judge(tool("Bash", "make > bin", "")))


def test_a_byte_order_mark_hides_no_first_line(judge: Judge, tool: Tool, reason: Said, repo: Path) -> None:
    password = expand("{alnum:14}")
    write(repo, "conf.env", b"\xef\xbb\xbf" + f"DB_PASSWORD={password}\n".encode())
    assert "conf.env:1:13:" in reason(judge(tool("Bash", "make > conf.env", ""), secrets=(password,)))


def test_output_is_given_back_masked(judge: Judge, tool: Tool, reason: Said, key: str) -> None:
    told = reason(judge(tool("Bash", "env", f"A=1\nTOKEN={key}\nB=2\n")))
    assert "found 1 secret in this call's output:\n  output:2:7:" in told
    assert told.endswith("masked:\n\nA=1\nTOKEN=<masked:github-pat>\nB=2\n")


@pytest.mark.parametrize("padding", [6_900, 7_000, 7_050, 7_100, 7_200, 7_300, 50_000])
def test_long_output_is_cut(
    judge: Judge, tool: Tool, reason: Said, repo: Path, key: str, padding: int
) -> None:
    password = expand("{alnum:14}")
    # The file says that it is a password, the output does not: it must not be cut within it.
    write(repo, "conf.env", f"DB_PASSWORD={password}\n")
    response = f"{key} {'é' * (padding // 2)} {password} {key}"
    told = reason(judge(tool("Bash", "make > conf.env", response), secrets=(password,)))
    assert told.endswith(" <masked:generic-password> <masked:github-pat>")
    assert ("bytes are left out here …]" in told) == (told.count("é") < padding // 2)


def test_of_long_output_the_end_is_kept_as_well(judge: Judge, tool: Tool, reason: Said, key: str) -> None:
    lines = [f"tests/test_{number}.py ........" for number in range(1_000)]
    told = reason(judge(tool("Bash", "pytest", "\n".join([*lines, f"E  {key}", "3 failed, 200 passed"]))))
    assert told.endswith("E  <masked:github-pat>\n3 failed, 200 passed")
    assert "\ntests/test_0.py ........\n" in told
    left_out = told.partition("[… ")[2].partition(" ")[0]
    shown = told.partition("masked:\n\n")[2].replace(f"[… {left_out} bytes are left out here …]\n", "")
    whole = "\n".join([*lines, "E  <masked:github-pat>", "3 failed, 200 passed"])
    assert int(left_out) + len(shown) == len(whole)


def test_what_is_masked_is_no_context_of_a_patch(judge: Judge, tool: Tool, reason: Said, key: str) -> None:
    told = reason(judge(tool("Bash", "cat tests/a.py", f"token = '{key}'\n")))
    assert "leave such lines out of a patch" in told


def test_output_that_is_no_unicode(judge: Judge, tool: Tool, reason: Said, key: str) -> None:
    told = reason(judge(tool("Bash", "env", f"\ud800 {key}")))
    assert "left out" not in told


@pytest.mark.parametrize(
    "response",
    [
        {"content": [{"type": "text", "text": "a {} b"}], "isError": False},
        {"structuredContent": {"rows": [["x", "{}"]]}},
        [{"text": "{}"}],
        '{"token": "{}"}',
    ],
)
def test_results_of_other_tools(judge: Judge, tool: Tool, reason: Said, key: str, response: object) -> None:
    def filled(value: object) -> object:
        if isinstance(value, dict):
            return {name: filled(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [filled(inner) for inner in value]
        return value.replace("{}", key) if isinstance(value, str) else value

    told = reason(judge(tool("mcp__db__query", {}, filled(response))))
    assert "in this call's output" in told
    assert "The output with the values masked" in told
    assert "<masked:github-pat>" in told


@pytest.mark.parametrize(
    "wrap", [lambda url: [{"image_url": url}], lambda url: [url], lambda url: {"a": [url]}]
)
def test_images_are_skipped(
    judge: Judge, tool: Tool, allowed: Note, key: str, wrap: Callable[[str], object]
) -> None:
    picture = f"data:image/png;base64,iVBORw0KGgo{key.replace('_', '')}"
    assert allowed(judge(tool("view_image", {"path": "a"}, wrap(picture)))) is None


@pytest.mark.parametrize("kind", ["png", "svg+xml"])
def test_what_only_says_that_it_is_a_picture_is_read(
    judge: Judge, tool: Tool, reason: Said, key: str, kind: str
) -> None:
    said = reason(judge(tool("view_image", {"path": "a"}, [f"data:image/{kind};base64,{key}"])))
    assert "github-pat" in said


def test_reported_once_for_each_session_and_file(
    judge: Judge, tool: Tool, reason: Said, allowed: Note, repo: Path, key: str
) -> None:
    write(repo, "a", f"{key}\n")
    write(repo, "b", f"{key}\n")
    one, other = tool("Bash", "make > a", ""), tool("Bash", "make > b", "")
    assert "a:1:1" in reason(judge(one))
    again = judge(one)
    assert allowed(again) is None
    assert [finding.suppressed for finding in again.findings] == ["reported before in this session"]
    assert "b:1:1" in reason(judge(other))
    assert "a:1:1" in reason(judge(tool("Bash", "make > a", "", session="another")))
    # Without remembering, it is as if it were the first time, and stays so.
    assert "a:1:1" in reason(judge(one, remember=False))
    new = expand("glpat-{base64url:20}")
    write(repo, "a", f"{key}\n{new}\n")
    told = reason(judge(one, secrets=(new,)))
    assert "a:2:1" in told
    assert "a:1:1" not in told


def test_what_is_printed_is_always_masked(judge: Judge, tool: Tool, reason: Said, key: str) -> None:
    event = tool("Bash", "env", key)
    assert reason(judge(event)) == reason(judge(event))


def test_a_damaged_state(
    judge: Judge, tool: Tool, reason: Said, repo: Path, own_home: Path, key: str
) -> None:
    write(repo, "a", key)
    reason(judge(tool("Bash", "make > a", "")))
    (state,) = (own_home / "state" / "codex-guard" / "sessions").iterdir()
    for text in ("{", "[]", '{"told": 3}', '{"told": [{}, 3]}'):
        state.write_text(text)
        assert "a:1:1" in reason(judge(tool("Bash", "make > a", "")))


def test_allowed_paths(judge: Judge, tool: Tool, allowed: Note, reason: Said, repo: Path, key: str) -> None:
    write(repo, "tests/fixtures/a", key)
    policy = Policy(allowed_paths=("tests/fixtures/",))
    judgement = judge(tool("Bash", "make > tests/fixtures/a", ""), policy)
    assert allowed(judgement) is None
    assert [finding.suppressed for finding in judgement.findings] == [
        "the policy allows secrets in this file"
    ]
    assert reason(judge(tool("Bash", "make > tests/fixtures/a", key), policy))


def test_disabled_rules(judge: Judge, tool: Tool, repo: Path) -> None:
    other = expand("glpat-{base64url:20}")
    write(repo, "a", other)
    policy = Policy(disabled_secret_rules=frozenset(("gitlab-pat",)))
    assert judge(tool("Bash", "make > a", other), policy).findings == ()


def test_many_files(judge: Judge, tool: Tool, reason: Said, repo: Path) -> None:
    keys = tuple(expand("ghp_{crc62:36}", seed) for seed in range(40))
    folder = "/".join(["d" * 100] * 8)
    for number, value in enumerate(keys):
        write(repo, f"{folder}/{number}", value)
    command = "; ".join(f"make > {folder}/{number}" for number in range(40))
    told = reason(judge(tool("Bash", command, "\n".join(keys)), secrets=keys))
    assert "40 secrets in files" in told
    assert "40 secrets in this call's output" in told


def test_a_program_that_was_built_is_left_alone_without_a_word(repo: Path) -> None:
    (repo / "app").write_bytes(b"\x7fELF\0" + bytes(2 << 20))
    assert disk.read(str(repo / "app"), "app") == Unscanned("app", disk.NO_TEXT)
    (repo / "small").write_bytes(b"\x7fELF\0" + b"A" * 100)
    assert isinstance(disk.read(str(repo / "small"), "small"), Text)
    (repo / "wide").write_bytes(b"\xff\xfe" + "wide".encode("utf-16-le") * (1 << 18))
    assert isinstance(disk.read(str(repo / "wide"), "wide"), Text)


def test_the_rounds_of_a_check_make_no_clean_call_slow(
    judge: Judge, tool: Tool, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session.opened("session") as state:
        state["stop"] = {"rounds": 1}
    write(repo, "out.txt", b"x\n")
    monkeypatch.setattr(after_tool, "_landed", lambda *_, **__: pytest.fail("it was sorted"))
    assert judge(tool("Bash", "make > out.txt", "")).decision == Allow()

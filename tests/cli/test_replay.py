"""``codex-guard replay``: recorded events judged again, with nothing executed and nothing remembered."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from codex_guard.cli.main import main
from codex_guard.secrets.rules.template import expand
from support import processes

KEY = expand("ghp_{crc62:36}")
MASK = "<masked:github-pat>"
PAYLOADS = Path(__file__).parent.parent / "fixtures" / "payloads"
Captured = pytest.CaptureFixture[str]


def run(
    capsys: Captured, folder: Path, *events: dict[str, Any] | str, content: bool = False
) -> tuple[int, list[dict[str, Any]]]:
    """Return exit code and answers, in which no secret's value may stand."""
    path = folder / "events.jsonl"
    path.write_text(
        "".join(f"{e if isinstance(e, str) else json.dumps(e)}\n" for e in events), encoding="utf-8"
    )
    status = main(["replay", *(["--content"] if content else []), str(path)])
    out, err = capsys.readouterr()
    assert KEY not in out + err
    return status, [json.loads(line) for line in out.splitlines()]


def patch(*lines: str) -> str:
    return "\n".join(("*** Begin Patch", *lines, "*** End Patch"))


def test_every_kind(capsys: Captured, tmp_path: Path) -> None:
    patched = {"command": patch("*** Add File: a.py", f"+{KEY}")}
    (tmp_path / "a.py").write_text(KEY, encoding="utf-8")
    events = [
        processes.event("UserPromptSubmit", tmp_path, prompt=f"use {KEY}"),
        processes.event("UserPromptSubmit", tmp_path),
        processes.event("PreToolUse", tmp_path, tool_input={"command": "git reset --hard"}),
        processes.event("PreToolUse", tmp_path, tool_name="apply_patch", tool_input=patched),
        processes.event("PostToolUse", tmp_path, tool_name="apply_patch", tool_input=patched),
        processes.event("PostToolUse", tmp_path, tool_response=KEY),
        processes.event("Stop", tmp_path),
        processes.event("Stop", tmp_path, hook_event_name="SubagentStop"),
    ]
    status, answers = run(capsys, tmp_path, *events)
    assert status == 0
    assert [(answer["event"], answer["decision"]) for answer in answers] == [
        ("UserPromptSubmit", "block"), ("UserPromptSubmit", "allow"), ("PreToolUse", "block"),
        ("PreToolUse", "block"), ("PostToolUse", "block"), ("PostToolUse", "block"), ("Stop", "allow"),
        ("SubagentStop", "allow"),
    ]  # fmt: skip
    assert answers[1]["reason"] is None
    assert answers[2]["violations"][0]["rule"] == "git-reset-hard"
    assert answers[2]["violations"][0]["command"] == "git reset --hard"
    assert answers[3]["findings"] == [
        {"rule": "github-pat", "path": "a.py", "line": 1, "column": 1, "suppressed": None}
    ]
    assert answers[3]["writes"] == [{"path": "a.py", "op": "add", "new_path": None}]
    assert "does not run the checks" in answers[6]["reason"]


@pytest.mark.parametrize("path", sorted(PAYLOADS.glob("*.json")), ids=lambda path: path.stem)
def test_real_payloads(capsys: Captured, tmp_path: Path, path: Path) -> None:
    known = path.name.startswith(("PreToolUse", "PostToolUse", "UserPromptSubmit", "Stop", "SubagentStop"))
    payload = json.loads(path.read_text(encoding="utf-8"))
    status, (answer,) = run(capsys, tmp_path, payload)
    assert status == (0 if known else 2)
    assert (answer["event"] is not None) == known


@pytest.mark.parametrize("line", ["garbage", "[]", "{}", "3", '{"hook_event_name": "Nothing"}', f'"{KEY}'])
def test_a_line_that_is_no_event(capsys: Captured, tmp_path: Path, line: str) -> None:
    good = processes.event("PreToolUse", tmp_path)
    status, answers = run(capsys, tmp_path, good, "", line, good)
    assert status == 2
    assert [answer["decision"] for answer in answers] == ["allow", "block", "allow"]
    assert answers[1]["reason"].startswith("line 3: ")
    assert set(answers[1]) == set(answers[0])


def test_content_is_masked(capsys: Captured, tmp_path: Path) -> None:
    patched = {"command": patch("*** Add File: a.py", f"+x = '{KEY}'", f"*** Add File: {KEY}.py", "+y")}
    # What ran is judged by what is on disk, and there is nothing: its content is masked all the same.
    for kind in ("PreToolUse", "PostToolUse"):
        event = processes.event(kind, tmp_path, tool_name="apply_patch", tool_input=patched)
        _, (answer,) = run(capsys, tmp_path, event, content=True)
        assert answer["writes"] == [
            {"path": "a.py", "op": "add", "new_path": None, "content": f"x = '{MASK}'\n"},
            {"path": f"{MASK}.py", "op": "add", "new_path": None, "content": "y\n"},
        ]


def test_a_violation_that_quotes_a_cut_secret(capsys: Captured, tmp_path: Path) -> None:
    for padding in range(130, 190, 10):
        command = f"git reset --hard {'x' * padding} {KEY}"
        _, (answer,) = run(
            capsys, tmp_path, processes.event("PreToolUse", tmp_path, tool_input={"command": command})
        )
        assert KEY[:12] not in json.dumps(answer)


def test_nothing_is_executed_or_remembered(capsys: Captured, tmp_path: Path, own_home: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "a").write_text(KEY, encoding="utf-8")
    ran = processes.event("PostToolUse", work, tool_input={"command": "make > a; touch made"})
    status, answers = run(capsys, tmp_path, ran, ran)
    assert status == 0
    assert [answer["decision"] for answer in answers] == ["block", "block"]
    assert [path.name for path in work.iterdir()] == ["a"]
    assert list(own_home.rglob("*")) == []


def test_standard_input(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = json.dumps(processes.event("Stop", tmp_path)).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert main(["replay"]) == 0
    assert json.loads(capsys.readouterr().out)["event"] == "Stop"


def test_unreadable_file(capsys: Captured, tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        assert main(["replay", str(path)]) == 2
        assert f"{path} cannot be read" in capsys.readouterr().err


def test_a_broken_policy(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / ".codex-guard.toml").write_text("nonsense = 1\n", encoding="utf-8")
    status, (answer,) = run(capsys, tmp_path, processes.event("PreToolUse", tmp_path))
    assert status == 2
    assert "'nonsense'" in answer["reason"]

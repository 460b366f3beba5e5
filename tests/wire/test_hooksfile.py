"""Codex's hooks.json: ours put in and taken out, everybody else's left as they are."""

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from codex_guard.errors import GuardError
from codex_guard.wire import accepted
from codex_guard.wire.command import EXECUTABLES, Install, handler
from codex_guard.wire.events import EVENTS
from codex_guard.wire.hooksfile import install, uninstall

PORTABLE = Install()
ABSOLUTE = Install("/usr/bin/python3", "/opt/guard/codex_guard/launch.py")
OTHER = {"type": "command", "command": "/usr/bin/lint --é 'x'", "timeout": 7, "novel": {"key": [1, None]}}


def ours(event: str, how: Install = PORTABLE) -> dict[str, Any]:
    return {"hooks": [handler(event, how)]}


OURS = {event: [ours(event)] for event in EXECUTABLES}


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, document: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "repo" / ".codex" / "hooks.json"


#: What is in the file, and what is in it afterwards.
INSTALLED: dict[str, tuple[object, object]] = {
    "no file": (None, {"hooks": OURS}),
    "an empty object": ({}, {"hooks": OURS}),
    "no hooks": ({"description": "mine", "hooks": {}}, {"description": "mine", "hooks": OURS}),
    "no description": ({"description": None}, {"description": None, "hooks": OURS}),
    "others' stand before ours": (
        {
            "hooks": {
                "Stop": [{"hooks": [OTHER]}],
                "PreToolUse": [{"matcher": "Bash", "hooks": [OTHER, OTHER]}],
            }
        },
        {
            "hooks": {
                "Stop": [{"hooks": [OTHER]}, ours("Stop")],
                "PreToolUse": [{"matcher": "Bash", "hooks": [OTHER, OTHER]}, ours("PreToolUse")],
                "UserPromptSubmit": OURS["UserPromptSubmit"],
                "PostToolUse": OURS["PostToolUse"],
                "SubagentStop": OURS["SubagentStop"],
            }
        },
    ),
    "another event's stay": (
        {"hooks": {"SessionStart": [{"matcher": "startup", "hooks": [OTHER]}]}},
        {"hooks": {"SessionStart": [{"matcher": "startup", "hooks": [OTHER]}], **OURS}},
    ),
    "an older version of ours is replaced where it stands": (
        {"hooks": {"Stop": [ours("Stop", ABSOLUTE), {"hooks": [OTHER]}]}},
        {"hooks": {**OURS, "Stop": [ours("Stop"), {"hooks": [OTHER]}]}},
    ),
    "also within a group of others'": (
        {"hooks": {"Stop": [{"matcher": "*", "hooks": [OTHER, handler("Stop", ABSOLUTE), OTHER]}]}},
        {"hooks": {**OURS, "Stop": [{"matcher": "*", "hooks": [OTHER, handler("Stop", PORTABLE), OTHER]}]}},
    ),
    "ours more than once becomes one": (
        {
            "hooks": {
                "Stop": [
                    {"hooks": [handler("Stop", ABSOLUTE), handler("Stop", ABSOLUTE), OTHER]},
                    ours("Stop"),
                    {"hooks": [OTHER, handler("Stop", PORTABLE)]},
                ]
            }
        },
        {"hooks": {**OURS, "Stop": [{"hooks": [handler("Stop", PORTABLE), OTHER]}, {"hooks": [OTHER]}]}},
    ),
    "groups without hooks": (
        {"hooks": {"Stop": [{}, {"matcher": "x"}, {"hooks": []}]}},
        {"hooks": {**OURS, "Stop": [{}, {"matcher": "x"}, {"hooks": []}, ours("Stop")]}},
    ),
    "names that are no events of Codex's": (
        {"hooks": {"Novel": "x", "Other": [{"hooks": [{"timeout": 1.5}, "y"]}]}},
        {"hooks": {"Novel": "x", "Other": [{"hooks": [{"timeout": 1.5}, "y"]}], **OURS}},
    ),
    "handlers of other types": (
        {"hooks": {"Stop": [{"hooks": [{"type": "prompt"}, {"type": "mcp_tool", "timeout": None}]}]}},
        {
            "hooks": {
                **OURS,
                "Stop": [
                    {"hooks": [{"type": "prompt"}, {"type": "mcp_tool", "timeout": None}]},
                    ours("Stop"),
                ],
            }
        },
    ),
}


@pytest.mark.parametrize("case", INSTALLED)
def test_install(path: Path, case: str) -> None:
    before, after = INSTALLED[case]
    if before is not None:
        write(path, before)
    assert install(path, PORTABLE)
    assert read(path) == after
    if isinstance(before, dict):  # the order is the others' trust
        kept = before.get("hooks", {})
        assert list(read(path)["hooks"])[: len(kept)] == list(kept)


@pytest.mark.parametrize("case", INSTALLED)
def test_a_second_install_leaves_the_file_untouched(path: Path, case: str) -> None:
    before, _ = INSTALLED[case]
    if before is not None:
        write(path, before)
    install(path, PORTABLE)
    raw = path.read_bytes()
    os.utime(path, ns=(1, 1))
    assert not install(path, PORTABLE)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (raw, 1)


def test_a_file_that_says_the_same_otherwise_is_left_alone(path: Path) -> None:
    install(path, PORTABLE)
    path.write_text(json.dumps(read(path), indent=7, ensure_ascii=True), encoding="utf-8")
    raw = path.read_bytes()
    assert not install(path, PORTABLE)
    assert path.read_bytes() == raw


def test_what_is_written_is_for_people(path: Path) -> None:
    write(path, {"hooks": {"Stop": [{"hooks": [OTHER]}]}})
    install(path, PORTABLE)
    text = path.read_text(encoding="utf-8")
    assert "--é" in text
    assert text.startswith("{\n  ")
    assert text.endswith("}\n")
    assert os.listdir(path.parent) == ["hooks.json"]


def test_the_file_keeps_its_mode(path: Path) -> None:
    write(path, {}).chmod(0o640)
    install(path, PORTABLE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_is_followed_and_kept(path: Path, tmp_path: Path) -> None:
    target = write(tmp_path / "dotfiles" / "codex.json", {"hooks": {"Stop": [{"hooks": [OTHER]}]}})
    path.parent.mkdir(parents=True)
    path.symlink_to(target)
    assert install(path, PORTABLE)
    assert path.is_symlink()
    assert read(target)["hooks"]["Stop"] == [{"hooks": [OTHER]}, ours("Stop")]
    assert uninstall(path)
    assert path.is_symlink()
    assert read(target) == {"hooks": {"Stop": [{"hooks": [OTHER]}]}}


def test_a_link_to_a_file_with_only_ours_is_kept_too(path: Path, tmp_path: Path) -> None:
    target = write(tmp_path / "codex.json", {})
    path.parent.mkdir(parents=True)
    path.symlink_to(target)
    install(path, PORTABLE)
    assert uninstall(path)
    assert path.is_symlink()
    assert read(target) == {"hooks": {}}


def test_a_link_to_nothing_gets_its_file(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "later.json")
    assert install(path, PORTABLE)
    assert read(tmp_path / "later.json") == {"hooks": OURS}


@pytest.mark.parametrize("case", INSTALLED)
def test_uninstall_leaves_the_others_as_they_were(path: Path, case: str) -> None:
    before, _ = INSTALLED[case]
    if before is not None:
        write(path, before)
    install(path, PORTABLE)
    assert uninstall(path)
    if before in (None, {}):
        assert not path.parent.exists()
        assert path.parent.parent.exists()
        return
    if "ours" in case or "also" in case:  # what was ours before is gone too
        assert "codex-guard" not in path.read_text(encoding="utf-8")
        return
    assert isinstance(before, dict)
    assert read(path) == {"hooks": {}} | before


UNTOUCHED: dict[str, object] = {
    "others' only": {"hooks": {"Stop": [{"hooks": [OTHER]}]}},
    "nothing": {},
    "strange entries": {
        "hooks": {"Stop": ["x", None, {"hooks": "y"}, {"hooks": [1, None]}], "PreToolUse": 7}
    },
    "what Codex rejects": {"$schema": "x", "hooks": {"Stop": [{"hooks": [{"timeout": 1.5}]}]}},
}


@pytest.mark.parametrize("case", UNTOUCHED)
def test_uninstall_without_ours_changes_nothing(path: Path, case: str) -> None:
    raw = write(path, UNTOUCHED[case]).read_bytes()
    assert not uninstall(path)
    assert path.read_bytes() == raw


def test_uninstall_without_a_file_changes_nothing(path: Path) -> None:
    assert not uninstall(path)
    assert not path.parent.exists()


def test_uninstall_finds_ours_among_strange_entries(path: Path) -> None:
    strange: list[object] = ["x", None, {"hooks": "y"}, {"hooks": [1, handler("Stop", ABSOLUTE)]}]
    write(
        path, {"$schema": "x", "hooks": {"Stop": strange, "Interrupt": 7, "PreToolUse": [ours("PreToolUse")]}}
    )
    assert uninstall(path)
    left = ["x", None, {"hooks": "y"}, {"hooks": [1]}]
    assert read(path) == {"$schema": "x", "hooks": {"Stop": left, "Interrupt": 7}}


def test_uninstall_leaves_a_folder_with_other_files(path: Path) -> None:
    install(path, PORTABLE)
    (path.parent / "config.toml").write_text("")
    assert uninstall(path)
    assert os.listdir(path.parent) == ["config.toml"]


def test_uninstall_leaves_a_folder_of_another_name(tmp_path: Path) -> None:
    path = tmp_path / "codex-home" / "hooks.json"
    install(path, PORTABLE)
    assert uninstall(path)
    assert os.listdir(path.parent) == []


def group(**fields: object) -> str:
    return json.dumps({"hooks": {"Stop": [{"hooks": [OTHER]}, {"hooks": [OTHER | fields]}]}})


HANDLER = r"hooks\.Stop\[1\]\.hooks\[0\]"
#: What Codex 0.169.0 rejects whole, as its own `hooks/list` says, and how it is told.
REFUSED: dict[str, tuple[str, str]] = {
    "empty": ("", "cannot be read as JSON"),
    "cut short": ('{"hooks":{', "cannot be read as JSON"),
    "a comment": ("{} // mine", "cannot be read as JSON"),
    "a byte order mark": ("\ufeff{}", "cannot be read as JSON"),
    "deep": ("[" * 100_000, "cannot be read as JSON"),
    "a key twice": ('{"hooks":{"Stop":[]},"hooks":{}}', "the key 'hooks' stands twice"),
    "an event twice": ('{"hooks":{"Stop":[],"Stop":[]}}', "the key 'Stop' stands twice"),
    "a list": ("[]", "is not a hooks file"),
    "null": ("null", "is not a hooks file"),
    "hooks as a list": ('{"hooks":[]}', "is not a hooks file"),
    "hooks as null": ('{"hooks":null}', "is not a hooks file"),
    "$schema": ('{"$schema":"x","hooks":{}}', r"has the key '\$schema': take it out"),
    "a description that is no text": ('{"description":3}', "has a description that is no text"),
    "NaN": (group(novel=float("nan")), "holds NaN"),
    "a number that is infinite": ('{"hooks":{"Stop":[{"hooks":[],"x":1e400}]}}', "holds NaN, Infinity"),
    "half a surrogate pair": (group(novel="\ud800"), "half of a surrogate pair"),
    "an event as null": ('{"hooks":{"SessionEnd":null}}', r"has no list under hooks\.SessionEnd"),
    "an event as an object": ('{"hooks":{"Stop":{}}}', r"has no list under hooks\.Stop"),
    "a group as a text": ('{"hooks":{"Stop":["x"]}}', r"has no object at hooks\.Stop\[0\]"),
    "a group as null": ('{"hooks":{"Stop":[null]}}', r"has no object at hooks\.Stop\[0\]"),
    "a group's hooks as null": (
        '{"hooks":{"Stop":[{"hooks":null}]}}',
        r"no list under hooks\.Stop\[0\]\.hooks",
    ),
    "a group's hooks as an object": (
        '{"hooks":{"Stop":[{"hooks":{}}]}}',
        r"no list under hooks\.Stop\[0\]\.hooks",
    ),
    "a matcher that is no text": ('{"hooks":{"Stop":[{"matcher":3}]}}', r"has a matcher at hooks\.Stop\[0\]"),
    "a handler as a text": ('{"hooks":{"Stop":[{},{"hooks":["x"]}]}}', f"has no object at {HANDLER}"),
    "no type": (group(type=None), f"has a type at {HANDLER} that is none of command, mcp_tool"),
    "another type": (group(type="webhook"), f"has a type at {HANDLER} that is none of command, mcp_tool"),
    "no command": (group(command=None), f"has no text as command at {HANDLER}"),
    "a command as a list": (group(command=["x"]), f"has no text as command at {HANDLER}"),
    "a float timeout": (group(timeout=1.5), f"has a timeout at {HANDLER} that is no whole number"),
    "a float timeout that is whole": (group(timeout=30.0), f"has a timeout at {HANDLER}"),
    "a negative timeout": (group(timeout=-1), f"has a timeout at {HANDLER}"),
    "a timeout as a text": (group(timeout="30"), f"has a timeout at {HANDLER}"),
    "a timeout as true": (group(timeout=True), f"has a timeout at {HANDLER}"),
    "a timeout beyond 64 bits": (group(timeout=2**64), f"has a timeout at {HANDLER}"),
    "a status message that is no text": (group(statusMessage=3), f"has a statusMessage at {HANDLER}"),
    "async as a text": (group(**{"async": "yes"}), f"has a async at {HANDLER}"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_codex_would_reject_is_refused_and_left_as_it_is(path: Path, case: str) -> None:
    text, said = REFUSED[case]
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GuardError, match=said) as caught:
        install(path, PORTABLE)
    assert str(caught.value).startswith(f"{path} ")
    assert "run this again" in str(caught.value)
    assert path.read_text(encoding="utf-8") == text


def test_a_file_that_is_not_utf8_is_refused(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"description":"\xff"}')
    with pytest.raises(GuardError, match="cannot be read as JSON"):
        install(path, PORTABLE)


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_every_event_of_codex_is_looked_at(event: str) -> None:
    with pytest.raises(GuardError, match=rf"has no list under hooks\.{event}:"):
        accepted.check("hooks.json", {"hooks": {event: "x"}})


UNWRITABLE = ["a folder in its place", "a file in place of its folder", "links in a circle"]


@pytest.mark.parametrize("case", UNWRITABLE)
def test_what_cannot_be_written_is_said(path: Path, case: str) -> None:
    if case == "a folder in its place":
        path.mkdir(parents=True)
    elif case == "a file in place of its folder":
        write(path.parent, {})
    else:
        path.parent.mkdir(parents=True)
        path.symlink_to(path)
    if case == "links in a circle" and sys.version_info >= (3, 13):
        install(path, PORTABLE)  # takes the place of the link, which led nowhere
        assert read(path) == {"hooks": OURS}
        return
    with pytest.raises(GuardError) as caught:
        install(path, PORTABLE)
    assert str(caught.value).startswith(f"{path} cannot be ")
    assert not list(path.parent.parent.rglob(".hooks.json.*"))


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = write(path, {"hooks": {"Stop": [{"hooks": [OTHER]}]}}).read_bytes()

    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(GuardError, match=r"cannot be written \(No space left on device\)"):
        install(path, PORTABLE)
    assert path.read_bytes() == raw
    assert os.listdir(path.parent) == ["hooks.json"]


def test_uninstall_leaves_codexs_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / ".codex"
    monkeypatch.setenv("CODEX_HOME", str(own))
    install(own / "hooks.json", PORTABLE)
    assert uninstall(own / "hooks.json")
    assert list(own.iterdir()) == []

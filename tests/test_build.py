"""The compiled index: what it holds, that it is always the same, and that a stale one is noticed."""

import importlib.util
import os
import re
import runpy
import shutil
import sys
import types
from pathlib import Path

import pytest

from codex_guard import borrowed, build
from codex_guard.errors import GuardError
from codex_guard.secrets.index import Entry, load, ungrouped
from codex_guard.secrets.rules.pack import read_packs


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(build, "FOLDER", tmp_path)
    return tmp_path / "_index.py"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["build", *arguments])
    return build.main()


def test_check(target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--check") == 1
    assert "make index" in capsys.readouterr().err
    assert run(monkeypatch) == 0
    assert run(monkeypatch, "--check") == 0
    assert capsys.readouterr().err == ""
    target.write_text(target.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert run(monkeypatch, "--check") == 1
    assert "_index.py is not what" in (said := capsys.readouterr().err)
    assert "_commands.py" not in said


def test_unknown_argument(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "--chek") == 2
    assert not target.exists()


def test_deterministic(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch)
    first = target.read_bytes()
    run(monkeypatch)
    assert target.read_bytes() == first == build.sources()["_index.py"].encode()


def test_a_broken_pack_is_said(
    target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "a.toml").write_text("[[rule]]\nid = 'x'\n", encoding="utf-8")
    monkeypatch.setattr(build, "patterns", lambda: tmp_path)
    assert run(monkeypatch) == 1
    assert "a.toml: rule 'x'" in capsys.readouterr().err
    assert not target.exists()


def test_the_patterns_of_detect_secrets() -> None:
    taken = borrowed.read(read_packs(build.patterns() / "secrets"))
    index = load()
    rows = {identity: index.entry(number) for number, identity in enumerate(index.ids())}
    for rule in taken.rules:
        entry = rows[rule.id]
        # What makes a borrowed rule rank below ours, and ask what its value looks like.
        assert (entry.regex, entry.generic, entry.severity) == (rule.regex, True, "medium")
    comments = [line for line in build.sources()["_index.py"].splitlines() if line.startswith("# ")]
    assert comments == [f"# {note}" for note in taken.notes]


def test_without_the_library(
    target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(ours: object) -> borrowed.Borrowed:
        raise GuardError("The library is not installed here: install it.")

    monkeypatch.setattr(borrowed, "read", missing)
    assert run(monkeypatch) == 1
    assert capsys.readouterr().err == "codex-guard: The library is not installed here: install it.\n"
    assert not target.exists()


def test_the_build_hook_sees_what_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An isolated build has its requirements on a path that no variable and no prefix tells."""
    top = Path(__file__).parent.parent
    packages = importlib.util.find_spec("detect_secrets")
    assert packages is not None
    assert packages.origin is not None
    shutil.copytree(
        top / "src",
        tmp_path / "src",
        ignore=shutil.ignore_patterns("_index.py", "_commands.py", "__pycache__"),
    )
    shutil.copytree(top / "patterns", tmp_path / "patterns")
    interface = types.ModuleType("hatchling.builders.hooks.plugin.interface")
    interface.BuildHookInterface = type("BuildHookInterface", (), {"root": str(tmp_path)})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, interface.__name__, interface)
    hook = runpy.run_path(str(top / "hatch_build.py"))["IndexBuildHook"]()
    data: dict[str, list[str]] = {"artifacts": []}
    # The interpreter without this environment's packages, which then come by sys.path alone.
    monkeypatch.setattr(sys, "executable", os.path.realpath(sys.executable))
    monkeypatch.setattr(sys, "path", [*sys.path, str(Path(packages.origin).parent.parent)])
    hook.initialize("standard", data)
    written = {Path(name).name: (tmp_path / name).read_text(encoding="utf-8") for name in data["artifacts"]}
    assert written == build.sources()


def test_no_patterns(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(build, "_HERE", tmp_path / "a" / "b")
    with pytest.raises(GuardError, match="No patterns/ folder"):
        build.patterns()


def test_the_index_is_current() -> None:
    assert {
        name: (build.FOLDER / name).read_text(encoding="utf-8") for name in build.sources()
    } == build.sources()


def test_sizes() -> None:
    index = load()
    assert len(index.rows) >= 400
    sizes = {name: len(text) for name, text in build.sources().items()}
    assert sizes["_index.py"] < 600_000
    assert sizes["_commands.py"] < 400_000
    named = {number for _, numbers in index.asked() for number in numbers}
    assert named == set(range(len(index.rows)))


@pytest.mark.parametrize("entry", [load().entry(n) for n in range(len(load().rows))], ids=lambda e: e.id)
def test_row(entry: Entry) -> None:
    assert load().entry(load().ids().index(entry.id)) == entry
    if entry.says:
        assert (entry.regex, entry.value) == ("", "")
        return
    pattern = entry.pattern()
    assert isinstance(pattern, re.Pattern)
    assert 0 <= entry.group <= pattern.groups
    assert pattern.match("") is None


def test_keywords() -> None:
    index = load()
    keywords = [keyword for keyword, _ in index.asked()]
    assert len(keywords) == len(set(keywords))
    assert all(len(keyword) < 4 for keyword, _ in index.keywords)
    for gram, line in index.grams.items():
        assert all(gram in keyword for keyword, _ in ungrouped(line))
    assert [keyword for keyword in keywords if len(keyword) < 3 or keyword != keyword.lower()] == []

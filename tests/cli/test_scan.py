"""``codex-guard scan``: what it prints, what it leaves out, and its exit code."""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from codex_guard.cli.main import main
from codex_guard.secrets.rules.template import expand

KEY = expand("ghp_{crc62:36}")
Captured = pytest.CaptureFixture[str]


def write(folder: Path, name: str, content: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def run(capsys: Captured, *arguments: str) -> tuple[int, str, str]:
    """Return exit code, output and errors, in which no secret's value may stand."""
    status = main(["scan", *arguments])
    out, err = capsys.readouterr()
    assert KEY not in out + err
    return status, out, err


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_text(repo: Path, capsys: Captured) -> None:
    write(repo, "a/b.py", f"x = 1\nTOKEN = '{KEY}'\n")
    status, out, err = run(capsys, ".")
    assert status == 1
    assert out.startswith("a/b.py:2:10: ")
    assert out.endswith(" [github-pat]\n")
    assert err == "codex-guard: 1 secret.\n"


def test_jsonl(repo: Path, capsys: Captured) -> None:
    write(repo, "a.py", f"x = 1\nTOKEN = '{KEY}'\n")
    status, out, err = run(capsys, "--format", "jsonl", ".")
    (found,) = lines(out)
    assert (status, err) == (1, "")
    fingerprint = found.pop("fingerprint")
    assert len(fingerprint) == 32
    assert int(fingerprint, 16)
    severity = found.pop("severity")
    assert severity in {"critical", "high"}
    assert found == {"path": "a.py", "line": 2, "column": 10, "rule": "github-pat", "suppressed": None}


def test_fingerprints(repo: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(repo, "a", f"{KEY}\n")
    write(repo, "b", f"\n {KEY}\n")

    def fingerprints() -> set[str]:
        return {found["fingerprint"] for found in lines(run(capsys, "--format", "jsonl", ".")[1])}

    first = fingerprints()
    assert len(first) == 1
    assert fingerprints() == first
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    assert fingerprints() != first


@pytest.mark.parametrize(
    ("content", "options", "status"),
    [("clean\n", [], 0), (f"{KEY}\n", [], 1), (f"{KEY}\n", ["--exit-zero"], 0), ("", ["--exit-zero"], 0)],
)
def test_exit_code(repo: Path, capsys: Captured, content: str, options: list[str], status: int) -> None:
    write(repo, "a", content)
    assert run(capsys, ".", *options)[0] == status


@pytest.mark.parametrize("options", [[], ["--exit-zero"]])
def test_what_is_missing(repo: Path, capsys: Captured, options: list[str]) -> None:
    write(repo, "a", KEY)
    status, out, err = run(capsys, "none", "a", *options)
    assert status == 2
    assert "codex-guard: none was not scanned: there is no such file.\n" in err
    assert "1 secret, 1 not scanned" in err
    assert "a:1:1" in out


def test_ignored_files(repo: Path, capsys: Captured) -> None:
    write(repo, ".gitignore", "*.env\n")
    write(repo, "a.env", KEY)
    write(repo, ".git/b", KEY)
    assert run(capsys, ".")[0] == 0
    assert [found["path"] for found in lines(run(capsys, "--no-ignore", "--format", "jsonl", ".")[1])] == [
        "a.env"
    ]
    # Who names a file wants it scanned.
    assert run(capsys, "a.env")[0] == 1


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "sub/a", KEY)
    assert run(capsys, "sub")[1].startswith("sub/a:1:1: ")


def test_standard_input(repo: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\n" + KEY.encode())))
    assert run(capsys, "-")[1].startswith("-:2:1: ")


def test_a_path_given_twice(repo: Path, capsys: Captured) -> None:
    write(repo, "a/b", KEY)
    out = run(capsys, "a/b", "./a/b", "a", ".")[1]
    assert out.count("\n") == 1


def test_links(repo: Path, capsys: Captured, tmp_path: Path) -> None:
    write(tmp_path, "outside", KEY)
    (repo / "loop").symlink_to("loop")
    (repo / "up").symlink_to("..")
    (repo / "out").symlink_to(tmp_path / "outside")
    assert run(capsys, ".")[0] == 0
    assert run(capsys, "--no-ignore", ".")[0] == 0
    assert run(capsys, "out")[0] == 1
    status, _, err = run(capsys, "loop")
    assert status == 2
    assert "loop was not scanned: Too many levels of symbolic links." in err


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable(repo: Path, capsys: Captured) -> None:
    write(repo, "a", KEY)
    (repo / "a").chmod(0)
    assert run(capsys, ".")[0] == 2


def test_odd_files(repo: Path, capsys: Captured) -> None:
    os.mkfifo(repo / "pipe")
    status, _, err = run(capsys, "pipe")
    assert status == 2
    assert "it is no regular file" in err
    (repo / "binary").write_bytes(b"\x00\xff\xfe" + KEY.encode() + b"\x00")
    assert run(capsys, "binary")[0] == 1


def test_a_name_that_is_no_text(repo: Path, capsys: Captured) -> None:
    with open(os.fsencode(repo) + b"/\xff.py", "wb") as file:
        file.write(KEY.encode())
    status, out, _ = run(capsys, ".")
    assert status == 1
    assert "\\udcff.py:1:1" in out
    assert lines(run(capsys, "--format", "jsonl", ".")[1])[0]["path"] == "\udcff.py"


def test_a_name_that_holds_the_secret(repo: Path, capsys: Captured) -> None:
    write(repo, f"{KEY}.txt", KEY)
    assert run(capsys, ".")[1].startswith("<masked:github-pat>.txt:1:1: ")
    assert lines(run(capsys, "--format", "jsonl", ".")[1])[0]["path"] == "<masked:github-pat>.txt"


def test_allowed_paths(repo: Path, capsys: Captured) -> None:
    write(repo, "tests/a", KEY)
    write(repo, ".codex-guard.toml", 'secrets.allowed_paths = ["tests/**"]\n')
    status, out, err = run(capsys, ".")
    assert status == 0
    assert "(suppressed: the policy allows secrets in this file)" in out
    assert err == "codex-guard: no secrets, 1 suppressed.\n"


def test_disabled_rules(repo: Path, capsys: Captured) -> None:
    write(repo, "a", KEY)
    write(repo, ".codex-guard.toml", 'secrets.disabled_rules = ["github-pat"]\n')
    assert run(capsys, ".")[0] == 0


def test_text_needs_no_key(repo: Path, capsys: Captured, own_home: Path) -> None:
    write(repo, "a", KEY)
    run(capsys, ".")
    assert not (own_home / "state").exists()


MARK = "codex-guard: allow[github-pat] a test key"


@pytest.mark.parametrize("mark", [MARK, "pragma: allowlist secret", "gitleaks:allow"])
def test_marks(repo: Path, capsys: Captured, mark: str) -> None:
    write(repo, "a", f"{KEY} # {mark}\n")
    status, out, err = run(capsys, ".")
    assert status == 0
    assert "(suppressed: allowed on its line: " in out
    assert err == "codex-guard: no secrets, 1 suppressed.\n"
    assert str(lines(run(capsys, "--format", "jsonl", ".")[1])[0]["suppressed"]).startswith("allowed on")
    assert run(capsys, "--no-allow", ".")[::2] == (1, "codex-guard: 1 secret.\n")


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("codex-guard: allow[github-pat]", "it gives no reason"),
        ("codex-guard: allow[*] all", "it allows everything"),
        ("codex-guard: allow a key", "it names no rule"),
        ("codex-guard: allow[gitlab-pat] a key", "it names gitlab-pat, not this rule"),
        (f"codex-guard: allow[{KEY}] a key", "it names <masked:github-pat>, not this rule"),
    ],
)
def test_marks_that_do_not_count(repo: Path, capsys: Captured, mark: str, said: str) -> None:
    write(repo, "a", f"\n{KEY} # {mark}\n")
    status, _, err = run(capsys, "a")
    assert status == 1
    assert f"codex-guard: a:2: the mark on this line does not count: {said}" in err
    assert "does not count" not in run(capsys, "--no-allow", "a")[2]


def test_marks_on_standard_input(repo: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def given(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    given(f"+{KEY} # {MARK}\n")
    assert run(capsys, "-")[0] == 0
    write(repo, ".codex-guard.toml", 'secrets.allowed_paths = ["*"]\n')
    given(f"+{KEY}\n")
    assert run(capsys, "-")[0] == 1


def test_ignored_paths(repo: Path, capsys: Captured) -> None:
    write(repo, "docs/a.md", KEY)
    write(
        repo,
        ".codex-guard.toml",
        '[[secrets.ignore]]\npaths = ["docs/"]\nrules = ["*"]\nreason = "made up"\n',
    )
    status, out, _ = run(capsys, ".")
    assert status == 0
    assert "(suppressed: ignored in .codex-guard.toml:1: made up)" in out
    assert run(capsys, "--no-allow", ".")[0] == 1


def test_an_expired_entry_is_named(repo: Path, capsys: Captured) -> None:
    write(repo, "a", "clean\n")
    text = f'[[secrets.allow]]\nfingerprint = "s1-{"0" * 32}-{"0" * 32}"\nreason = "x"\nexpires = '
    write(repo, ".codex-guard.toml", text + "2001-01-01\n")
    place = repo / ".codex-guard.toml"
    said = f"codex-guard: {place}:1: this entry of secrets.allow expired on 2001-01-01 and does not count"
    assert said in run(capsys, "a")[2]
    assert "expired" not in run(capsys, "--no-allow", "a")[2]
    write(repo, ".codex-guard.toml", text + "2999-01-01\n")
    assert "expired" not in run(capsys, "a")[2]

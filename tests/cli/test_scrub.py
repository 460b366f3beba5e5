"""``codex-guard scrub``: what Codex kept of sessions, found without --apply and masked with it."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from codex_guard.cli.main import main
from codex_guard.guard.traces import databases, lines, look
from codex_guard.ledger import audit, place
from codex_guard.model import Secret
from codex_guard.secrets import salted
from codex_guard.secrets.rules.template import expand
from support.histories import APPENDER, KEEPER, line, put, said

KEY = expand("ghp_{crc62:36}")
STARS = "*" * len(KEY)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def codex(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return Codex's folder, which is there and empty; the test works elsewhere."""
    monkeypatch.chdir(tmp_path)
    folder = own_home / "codex"
    folder.mkdir()
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the verb, whose output never shows the key."""

    def ran(*arguments: str) -> tuple[int, str, str]:
        status = main(["scrub", *arguments])
        out, err = capsys.readouterr()
        assert KEY not in out + err
        assert KEY[8:30] not in out + err
        return status, out, err

    return ran


def rollout(codex: Path, name: str = "rollout-1.jsonl") -> Path:
    folder = codex / "sessions" / "2026" / "11"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    arguments = json.dumps({"cmd": f'echo "{KEY}"\n'})
    events = (
        {"type": "session_meta", "payload": {"id": "1", "cwd": "/work"}},
        {"type": "response_item", "payload": {"type": "function_call", "arguments": arguments}},
        {"type": "event_msg", "payload": {"token": expand("{alnum:24}", 3), "size": 10**30}},
    )
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return path


def database(path: Path, rows: list[Any], journal: str = "wal") -> Path:
    with closing(sqlite3.connect(path)) as opened:
        opened.execute(f"PRAGMA journal_mode = {journal}")
        opened.execute("CREATE TABLE logs (id INTEGER PRIMARY KEY, body TEXT, thread_id TEXT, raw BLOB)")
        opened.executemany("INSERT INTO logs (body, thread_id) VALUES (?, '1')", [(row,) for row in rows])
        opened.commit()
    return path


def bodies(path: Path) -> list[Any]:
    with closing(sqlite3.connect(path)) as opened:
        return [row[0] for row in opened.execute("SELECT body FROM logs ORDER BY id")]


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def test_nothing_is_changed_without_apply(codex: Path, own_home: Path, run: Run) -> None:
    put(own_home, line("a", KEY), line("b", f"and {KEY} and {KEY}"))
    rollout(codex)
    database(codex / "logs_2.sqlite", [f"body {KEY}"])
    before = files(codex)
    status, out, err = run()
    assert status == 1
    assert out.splitlines() == [
        "history.jsonl: 3 secrets, not masked: github-pat 3",
        "logs_2.sqlite: 1 secret, not masked: github-pat 1",
        "sessions/2026/11/rollout-1.jsonl: 2 secrets, not masked: generic-secret 1, github-pat 1",
    ]
    assert err == "codex-guard: 6 secrets in 3 files, 0 masked; with --apply they are masked.\n"
    assert files(codex) == before
    assert not Path(audit.path()).exists()


def test_apply_masks_in_place_and_then_there_is_nothing(codex: Path, own_home: Path, run: Run) -> None:
    history = put(own_home, line("a", KEY), line("b", f"and {KEY} ä"))
    path = rollout(codex)
    stored = database(codex / "logs_2.sqlite", [f"body {KEY}", None, "5", b"raw", json.dumps({"a": [KEY]})])
    before = path.stat(), path.read_text().splitlines()
    assert run("--apply")[0] == 0
    after = path.stat(), path.read_text().splitlines()
    assert (after[0].st_ino, after[0].st_size) == (before[0].st_ino, before[0].st_size)
    assert after[1][0] == before[1][0]
    assert json.loads(json.loads(after[1][1])["payload"]["arguments"]) == {"cmd": f'echo "{STARS}"\n'}
    assert json.loads(after[1][2])["payload"] == {"token": "*" * 24, "size": 10**30}
    assert said(history) == [STARS, f"and {STARS} ä"]
    assert bodies(stored) == [f"body {STARS}", None, "5", b"raw", json.dumps({"a": [STARS]})]
    assert not [path for path in codex.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert run() == (0, "", "codex-guard: no secrets in 3 files, 0 masked.\n")


def test_the_ledger_says_what_was_masked(codex: Path, own_home: Path, run: Run) -> None:
    put(own_home, line("a", "hello"), line("a", KEY))
    database(codex / "state_5.sqlite", [KEY])
    run("--apply")
    text = Path(audit.path()).read_text()
    assert KEY not in text
    entries = [json.loads(entry) for entry in text.splitlines()]
    assert [(one["event"], one["rules"], one["findings"][0]["where"]) for one in entries] == [
        ("Scrub", ["github-pat"], "history.jsonl"),
        ("Scrub", ["github-pat"], "state_5.sqlite"),
    ]
    assert [one["findings"][0]["line"] for one in entries] == [2, 0]


def test_as_json(codex: Path, own_home: Path, run: Run) -> None:
    put(own_home, line("a", KEY))
    (codex / "sessions").mkdir()
    (codex / "sessions" / "rollout-2.jsonl.zst").write_bytes(b"x")
    told = {"path": "history.jsonl", "found": 1, "rules": {"github-pat": 1}, "problems": []}
    for options, masked in ((), 0), (("--apply",), 1):
        status, out, err = run("--format", "json", *options)
        assert (status, err) == (1 - masked, "")
        assert json.loads(out) == {
            "folder": str(codex),
            "applied": bool(masked),
            "files": [{**told, "masked": masked}],
            "packed": ["sessions/rollout-2.jsonl.zst"],
        }


UNTOUCHED = (
    "auth.json", "config.toml", "hooks.json", "AGENTS.md", "skills/x/x.jsonl", "worktrees/repo/x.jsonl",
    "prompts/x.md", "rules/default.rules", "sessions/notes.txt", "log/settings.toml", "version.json",
)  # fmt: skip


@pytest.mark.parametrize("name", UNTOUCHED)
def test_what_codex_is_set_up_with_is_not_looked_at(codex: Path, run: Run, name: str) -> None:
    path = codex / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"OPENAI_API_KEY": KEY}))
    assert run("--apply") == (0, "", "codex-guard: no secrets in 0 files, 0 masked.\n")
    assert KEY in path.read_text()


@pytest.mark.parametrize(
    "name",
    ["log/codex-tui.log", "archived_sessions/rollout-1.jsonl", "sessions/rollout-1.json", "session.jsonl"],
)
def test_what_sessions_leave_is_looked_at(codex: Path, run: Run, name: str) -> None:
    path = codex / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"items": [f"a\n{KEY}"]}, indent=1))
    size = path.stat().st_size
    if name.endswith(".jsonl"):
        path.write_text(json.dumps(json.loads(path.read_text())))
        size = path.stat().st_size
    assert run("--apply")[0] == 0
    assert path.stat().st_size == size
    assert json.loads(path.read_text()) == {"items": [f"a\n{STARS}"]}


def test_what_codex_finds_its_sessions_by_stays(codex: Path, run: Run) -> None:
    path = codex / "sessions" / "rollout-1.jsonl"
    path.parent.mkdir()
    path.write_text(json.dumps({"encrypted_content": KEY, "id": KEY, "note": KEY}) + "\n")
    assert run("--apply")[0] == 0
    assert json.loads(path.read_text()) == {"encrypted_content": KEY, "id": KEY, "note": STARS}


def test_compressed_rollouts_are_said(codex: Path, run: Run) -> None:
    (codex / "sessions").mkdir()
    (codex / "sessions" / "rollout-2.jsonl.zst").write_bytes(KEY.encode())
    status, out, err = run()
    assert (status, out) == (0, "")
    assert err.startswith(
        "codex-guard: sessions/rollout-2.jsonl.zst: it is compressed, and was not looked at.\n"
    )


def test_no_link_leads_out(codex: Path, run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "rollout.jsonl").write_text(line("a", KEY))
    (codex / "sessions").symlink_to(outside)
    (codex / "archived_sessions").mkdir()
    (codex / "archived_sessions" / "inner").symlink_to(outside)
    (codex / "history.jsonl").symlink_to(outside / "rollout.jsonl")
    (codex / "logs_2.sqlite").symlink_to(database(outside / "x.sqlite", [KEY]))
    os.mkfifo(codex / "pipe.jsonl")
    status, out, err = run("--apply")
    assert (status, out) == (2, "")
    assert err.splitlines()[:3] == [
        "codex-guard: history.jsonl: Too many levels of symbolic links.",
        "codex-guard: logs_2.sqlite: Too many levels of symbolic links.",
        "codex-guard: pipe.jsonl: it is no regular file.",
    ]
    assert KEY in (outside / "rollout.jsonl").read_text()
    assert bodies(outside / "x.sqlite") == [KEY]


def test_a_line_that_is_being_written_is_left(codex: Path, own_home: Path, run: Run) -> None:
    whole, cut = line("a", KEY), line("a", f'"{KEY}" and more')[:-8]
    path = put(own_home, whole, cut)
    status, out, err = run("--apply")
    assert (status, out) == (2, "history.jsonl: 1 secret, masked: github-pat 1\n")
    assert "its last line is cut short" in err
    assert path.read_text() == whole.replace(KEY, STARS) + cut


def test_a_line_beyond_all_measure_is_skipped_and_said(
    own_home: Path, codex: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LARGEST", 1_000)
    path = put(
        own_home, line("a", f"{KEY} {'x' * 5_000}"), line("b", KEY), line("c", "y" * 1_000) + "z" * 3_000
    )
    status, out, err = run("--apply")
    assert (status, out) == (2, "history.jsonl: 1 secret, masked: github-pat 1\n")
    assert "history.jsonl: a line of more than 32 MiB was not looked at.\n" in err
    assert json.loads(path.read_text().split("\n")[1])["text"] == STARS
    assert path.read_text().startswith(line("a", f"{KEY} {'x' * 5_000}"))


def test_a_document_beyond_all_measure_is_said(
    codex: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LARGEST", 1_000)
    (codex / "sessions").mkdir()
    (codex / "sessions" / "rollout-1.json").write_text(json.dumps([KEY, "x" * 1_000]))
    status, _, err = run()
    assert status == 2
    assert err.startswith("codex-guard: sessions/rollout-1.json: it is larger than 32 MiB.\n")


def test_a_large_file_is_looked_at_in_pieces(
    own_home: Path, codex: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "TOGETHER", 200)
    monkeypatch.setattr(databases, "TOGETHER", 200)
    texts = [f"{'x y ' * (number % 7)}{KEY}" for number in range(50)]
    path = put(own_home, *(line("a", text) for text in texts))
    stored = database(codex / "logs_2.sqlite", texts)
    assert run("--apply")[0] == 0
    assert said(path) == bodies(stored) == [text.replace(KEY, STARS) for text in texts]


def test_the_ledger_lists_no_more_than_its_most(
    own_home: Path, codex: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "_LISTED", 3)
    put(own_home, *(line("a", KEY) for _ in range(5)))
    assert run("--apply")[1] == "history.jsonl: 5 secrets, masked: github-pat 5\n"
    assert len(json.loads(Path(audit.path()).read_text())["findings"]) == 3


def test_a_value_that_was_told_once_is_masked_where_nothing_tells_it(
    own_home: Path, codex: Path, run: Run
) -> None:
    value = expand("{alnum:18}", 5)
    path = put(own_home, line("a", f"password: {value}"), line("a", f"so try {value} again"))
    stored = database(codex / "logs_2.sqlite", [f"tried {value}"])
    assert run("--apply")[0] == 0
    assert said(path) == [f"password: {'*' * 18}", f"so try {'*' * 18} again"]
    assert bodies(stored) == [f"tried {'*' * 18}"]


def test_what_the_user_allows_stays(own_home: Path, codex: Path, run: Run) -> None:
    print_ = salted.fingerprint(Secret(KEY, "github-pat"), salted.new_salt())
    policy = own_home / "config" / "codex-guard" / "policy.toml"
    policy.parent.mkdir(parents=True)
    policy.write_text(f'[[secrets.allow]]\nfingerprint = "{print_}"\nreason = "revoked"\n')
    other = expand("ghp_{crc62:36}", 7)
    path = put(own_home, line("a", f"{KEY} {other} {KEY}"))
    assert run("--apply")[:2] == (0, "history.jsonl: 1 secret, masked: github-pat 1\n")
    assert said(path) == [f"{KEY} {STARS} {KEY}"]


def test_a_locked_history_is_said(own_home: Path, codex: Path, run: Run) -> None:
    path = put(own_home, line("a", KEY))
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with keeper:
        assert keeper.stdout is not None
        keeper.stdout.readline()
        status, out, err = run("--apply")
        keeper.communicate()
    assert (status, out) == (2, "history.jsonl: 1 secret, not masked: github-pat 1\n")
    assert "history.jsonl: another process keeps it locked.\n" in err
    assert said(path) == [KEY]


def test_what_is_appended_meanwhile_stays(own_home: Path, codex: Path, run: Run) -> None:
    path = put(own_home, *(line("a", f"{KEY} {number}") for number in range(200)))
    appender = subprocess.Popen([sys.executable, "-c", APPENDER, str(path), "300"], stdout=subprocess.PIPE)
    with appender:
        assert appender.stdout is not None
        appender.stdout.readline()
        while appender.poll() is None:
            assert run("--apply")[0] == 0
    assert appender.returncode == 0
    assert said(path) == [*(f"{STARS} {number}" for number in range(200)), *["line"] * 300]


def test_a_file_that_is_rewritten_meanwhile_is_said(
    own_home: Path, codex: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(own_home, line("a", KEY))
    lock = place.lock

    def rewritten(handle: int, patience: float) -> None:
        path.write_text(line("a", KEY[::-1]))
        lock(handle, patience)

    monkeypatch.setattr(place, "lock", rewritten)
    status, _, err = run("--apply")
    assert status == 2
    assert "history.jsonl: it was rewritten meanwhile.\n" in err
    assert said(path) == [KEY[::-1]]


def test_a_locked_database_is_said_and_the_rest_is_masked(own_home: Path, codex: Path, run: Run) -> None:
    stored = database(codex / "logs_2.sqlite", [KEY])
    path = put(own_home, line("a", KEY))
    with closing(sqlite3.connect(stored, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, out, err = run("--apply")
    assert status == 2
    assert "logs_2.sqlite: 1 secret, not masked: github-pat 1" in out
    assert "logs_2.sqlite: another process keeps it locked.\n" in err
    assert said(path) == [STARS]
    assert bodies(stored) == [KEY]


def test_a_reader_keeps_old_pages_and_that_is_said(codex: Path, run: Run) -> None:
    stored = database(codex / "logs_2.sqlite", [KEY])
    with closing(sqlite3.connect(stored, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM logs").fetchall()
        status, _, err = run("--apply")
        other.execute("COMMIT")
    assert status == 2
    assert "old pages stay in its -wal file" in err
    assert bodies(stored) == [STARS]


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_what_is_overwritten_is_gone_from_the_file(codex: Path, run: Run, journal: str) -> None:
    rows = [f"{number} {KEY} {'x' * 3_000}" for number in range(30)]
    stored = database(codex / "logs_2.sqlite", rows, journal)
    run("--apply")
    assert not [path for path in codex.iterdir() if KEY.encode() in path.read_bytes()]
    assert bodies(stored)[7] == rows[7].replace(KEY, STARS)


def foreign(path: Path) -> None:
    path.write_bytes(b"no database " + KEY.encode())


def damaged(path: Path) -> None:
    database(path, [KEY])
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 5_000)


def in_utf_16(path: Path) -> None:
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA encoding = 'UTF-16le'")
        opened.execute("CREATE TABLE logs (body TEXT)")


def without_rows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("CREATE TABLE logs (name TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID")


def virtual(path: Path) -> None:
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("CREATE VIRTUAL TABLE logs USING fts5(body)")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (foreign, "it is no SQLite database"),
        (damaged, "SQLite cannot read or change it (SQLITE_"),
        (in_utf_16, "its texts are not in UTF-8"),
        (without_rows, "SQLite cannot read or change it (SQLITE_ERROR)"),
        (virtual, "it has a virtual table, whose index was not looked at"),
    ],
)
def test_a_database_that_cannot_be_looked_at_is_said(
    codex: Path, run: Run, make: Callable[[Path], None], why: str
) -> None:
    path = codex / "x.sqlite"
    make(path)
    before = path.read_bytes()
    status, out, err = run("--apply")
    assert (status, out) == (2, "")
    assert f"codex-guard: x.sqlite: {why}" in err
    assert path.read_bytes() == before


def test_an_empty_database_and_one_of_odd_names_are_fine(codex: Path, run: Run) -> None:
    (codex / "empty.sqlite").touch()
    with closing(sqlite3.connect(codex / "a?b#c%20.db")) as opened:
        opened.execute('CREATE TABLE "a""b; --" ("c""d" TEXT, n INTEGER)')
        opened.execute('INSERT INTO "a""b; --" VALUES (CAST(? AS TEXT), 1)', (KEY.encode() + b" \xff\xfe",))
        opened.commit()
    assert run("--apply")[0] == 0
    with closing(sqlite3.connect(codex / "a?b#c%20.db")) as opened:
        opened.text_factory = bytes
        assert opened.execute('SELECT * FROM "a""b; --"').fetchall() == [(STARS.encode() + b" \xff\xfe", 1)]


def test_a_name_that_is_a_secret_is_masked(codex: Path, run: Run) -> None:
    (codex / f"{KEY}.jsonl").write_text(line("a", KEY))
    assert run()[1] == "<masked:github-pat>.jsonl: 1 secret, not masked: github-pat 1\n"


def test_without_codex_there_is_nothing_to_look_at(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scrub"]) == 2
    assert capsys.readouterr().err == (
        f"codex-guard: There is no folder {own_home / 'codex'}: set CODEX_HOME to Codex's own.\n"
    )


def test_a_folder_that_is_a_link_itself_is_codexs(
    own_home: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dotfiles").mkdir()
    (own_home / "codex").symlink_to(tmp_path / "dotfiles")
    path = put(own_home, line("a", KEY))
    assert run("--apply")[0] == 0
    assert said(path) == [STARS]

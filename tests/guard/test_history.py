"""After a block, a prompt's secrets are masked in Codex's history, and nothing else in it changes."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codex_guard.guard import prompt
from codex_guard.guard.traces import file, history
from codex_guard.ledger import place
from codex_guard.model import Judgement, PromptEvent, Secret
from codex_guard.policy.entries import Allowed
from codex_guard.policy.policy import Policy
from codex_guard.secrets import salted
from codex_guard.secrets.rules.template import expand
from support import processes
from support.histories import APPENDER, KEEPER, line, put, said
from support.minted import MINTED

Judge = Callable[..., Judgement]
Said = Callable[[Judgement], str]
LEFT = "Codex's history.jsonl was not masked"


def event(text: str, session: str = "session") -> PromptEvent:
    return PromptEvent(session, "turn", "/nowhere", text)


def stars(value: str) -> str:
    return "*" * len(value.encode())


def test_the_line_of_the_prompt_is_masked_in_place(judge: Judge, own_home: Path, key: str) -> None:
    text = f'Deploy "it" with {key}\nnow, \\ ä 😀'
    path = put(own_home, line("session", "hello"), line("session", text))
    before = path.stat()
    judge(event(text))
    after = path.stat()
    assert (after.st_ino, after.st_size, after.st_mode) == (before.st_ino, before.st_size, before.st_mode)
    assert said(path) == ["hello", text.replace(key, stars(key))]


PROMPTS = {
    "twice": ("{key} and {key}", "{stars} and {stars}"),
    "in base64 besides": ("{key} is {encoded}", "{stars} is {coded}"),
    "by its name": ("password: {password}!", "password: {hidden}"),
    "right behind an escape": ("token\n{key}\n\ttoken", "token\n{stars}\n\ttoken"),
}


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("case", PROMPTS)
def test_whatever_the_prompt_shows_is_masked(
    judge: Judge, own_home: Path, key: str, case: str, *, ascii_only: bool
) -> None:
    encoded, password = base64.b64encode(key.encode()).decode(), expand("{alnum:14}")
    given = {"key": key, "encoded": encoded, "password": password}
    shown = {"stars": stars(key), "coded": stars(encoded), "hidden": stars(f"{password}!")}
    text, masked = PROMPTS[case]
    path = put(own_home, line("session", text.format(**given), ascii_only=ascii_only))
    judge(event(text.format(**given)), secrets=(password,))
    assert said(path) == [masked.format(**shown)]


def test_a_key_of_many_lines_keeps_its_lines(judge: Judge, own_home: Path) -> None:
    pem = MINTED["pem"](1)
    path = put(own_home, line("session", f"use {pem}"))
    body = pem.split("\n")[3]
    judge(event(f"use {pem}"), secrets=(body,))
    (masked,) = said(path)
    assert masked.count("\n") == pem.count("\n")
    assert not [part for part in pem.split("\n")[1:-2] if part in masked]


def test_what_is_not_of_this_session_stays(own_home: Path, judge: Judge, key: str) -> None:
    lines = [
        line("other", f"session {key}"),
        "no JSON, of session, " + key + "\n",
        json.dumps({"session_id": "session", "ts": 1}) + "\n",
        json.dumps(["session", key]) + "\n",
        line("session", "harmless"),
    ]
    path = put(own_home, *lines, line("session", key))
    told = path.read_bytes()
    # The fixture looks for the key in the home folder, where other sessions may keep it.
    prompt.judge(event(key), Policy())
    assert path.read_bytes() == told.replace(
        line("session", key).encode(), line("session", stars(key)).encode()
    )


def test_older_versions_of_codex_name_the_session_otherwise(judge: Judge, own_home: Path, key: str) -> None:
    path = put(own_home, json.dumps({"conversation_id": "session", "ts": 1, "text": key}) + "\n")
    judge(event(key))
    assert said(path) == [stars(key)]


def test_the_value_is_masked_in_the_sessions_earlier_prompts_too(
    judge: Judge, own_home: Path, key: str
) -> None:
    password = expand("{alnum:14}")
    path = put(own_home, line("session", f"try {password} first"), line("session", f"password: {password}"))
    judge(event(f"password: {password}"), secrets=(password,))
    assert said(path) == [f"try {stars(password)} first", f"password: {stars(password)}"]


def test_a_clean_prompt_and_the_policy_leave_the_history(own_home: Path, judge: Judge, key: str) -> None:
    path = put(own_home, line("session", key))
    prompt.judge(event("hello"), Policy())
    prompt.judge(event(key), Policy(history="leave"))
    prompt.judge(event(key), Policy(), remember=False)
    assert said(path) == [key]


def test_what_is_allowed_stays(own_home: Path, key: str) -> None:
    allowed = expand("glpat-{base64url:20}")
    entry = Allowed(salted.fingerprint(Secret(allowed, "gitlab-pat"), salted.new_salt()), "revoked")
    path = put(own_home, line("session", f"{allowed} and {key}"))
    prompt.judge(event(f"{allowed} and {key}"), Policy(allow=(entry,)))
    assert said(path) == [f"{allowed} and {stars(key)}"]


def test_without_a_history_nothing_is_said_or_made(
    judge: Judge, reason: Said, own_home: Path, key: str
) -> None:
    assert "history.jsonl" not in reason(judge(event(key)))
    assert not (own_home / "codex").exists()


def test_a_locked_history_is_left_and_the_reason_says_so(
    judge: Judge, reason: Said, own_home: Path, key: str
) -> None:
    path = put(own_home, line("session", key))
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with keeper:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == b"locked\n"
        told = reason(prompt.judge(event(key), Policy()))
        keeper.communicate()
    assert said(path) == [key]
    first, second, *_ = told.split("\n")
    assert first == "codex-guard did not send this prompt: it holds 1 secret."
    assert second == f"{LEFT} (another process keeps it locked): run `codex-guard scrub --apply`."
    assert told.endswith("<masked:github-pat>")


def a_link(path: Path) -> None:
    elsewhere = path.parent.parent / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (a_link, "Too many levels of symbolic links"),
        (a_pipe, "it is no regular file"),
        (a_folder, "Is a directory"),
    ],
)
def test_what_is_no_file_of_codexs_is_left(
    reason: Said, own_home: Path, key: str, make: Callable[[Path], None], why: str
) -> None:
    path = put(own_home, line("session", key))
    make(path)
    told = reason(prompt.judge(event(key), Policy()))
    assert f"{LEFT} ({why}): run `codex-guard scrub --apply`.\n" in told
    elsewhere = own_home / "elsewhere"
    assert not elsewhere.exists() or said(elsewhere) == [key]


def test_a_prompt_that_reaches_beyond_what_is_looked_at_is_said(
    reason: Said, own_home: Path, key: str
) -> None:
    text = f"{key} {'long ' * (history.LOOKED_AT // 5)}"
    path = put(own_home, line("session", "hello"), line("session", text))
    told = reason(prompt.judge(event(text), Policy()))
    assert "The prompt is too long to be masked in Codex's history.jsonl here: run" in told
    assert said(path)[1] == text


def test_only_the_historys_end_is_looked_at(own_home: Path, key: str) -> None:
    filler = line("other", "x" * 1_000) * (history.LOOKED_AT // 1_000 + 10)
    path = put(own_home, line("session", key), filler, line("session", key))
    prompt.judge(event(key), Policy())
    told = said(path)
    assert (told[0], told[-1]) == (key, stars(key))


def test_a_failure_of_our_own_is_a_sentence_and_the_prompt_stays_blocked(
    reason: Said, own_home: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(own_home, line("session", key))

    def broken(*_: Any) -> None:
        raise ValueError(key)

    monkeypatch.setattr(file, "overwrite", broken)
    told = reason(prompt.judge(event(key), Policy()))
    assert f"{LEFT} (an internal error, ValueError): run" in told
    assert key not in told


def test_a_history_that_is_replaced_meanwhile_is_left(
    reason: Said, own_home: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(own_home, line("session", key))
    lock = place.lock

    def locked(handle: int, patience: float) -> None:
        fresh = path.with_suffix(".new")
        fresh.write_text(line("session", "other"))
        fresh.rename(path)
        lock(handle, patience)

    monkeypatch.setattr(place, "lock", locked)
    assert f"{LEFT} (it was replaced meanwhile): run" in reason(prompt.judge(event(key), Policy()))
    assert said(path) == ["other"]


def test_what_other_processes_append_meanwhile_stays(own_home: Path, key: str) -> None:
    count = 300
    path = put(own_home, *(line("session", f"{key} {number}") for number in range(20)))
    appender = subprocess.Popen(
        [sys.executable, "-c", APPENDER, str(path), str(count)], stdout=subprocess.PIPE
    )
    with appender:
        assert appender.stdout is not None
        assert appender.stdout.readline() == b"ready\n"
        while appender.poll() is None:
            prompt.judge(event(key), Policy())
    assert appender.returncode == 0
    told = said(path)
    assert told == [*(f"{stars(key)} {number}" for number in range(20)), *["line"] * count]


def test_the_executable_masks_the_history(own_home: Path, key: str) -> None:
    path = put(own_home, line("session", f"Use {key}"))
    ran = processes.run(
        "UserPromptSubmit", processes.event("UserPromptSubmit", own_home, prompt=f"Use {key}")
    )
    assert ran.blocked
    assert "history.jsonl" not in ran.sentence
    assert said(path) == [f"Use {stars(key)}"]


def test_a_clean_prompt_loads_nothing_of_this(own_home: Path) -> None:
    code = (
        "import sys\nfrom codex_guard.guard import prompt\nfrom codex_guard.model import PromptEvent\n"
        "from codex_guard.policy.policy import Policy\n"
        f"prompt.judge(PromptEvent('s', 't', {str(own_home)!r}, 'hello'), Policy())\n"
        "print([name for name in sys.modules if 'traces' in name or name == 'json'])\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

"""The audit log: whole lines, and nothing of what was judged."""

import json
import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from codex_guard.errors import GuardError
from codex_guard.ledger import audit, key, place
from codex_guard.model import (
    Allow,
    Block,
    CheckFailure,
    CheckResult,
    Finding,
    Judgement,
    PromptEvent,
    Secret,
    Unscanned,
    Violation,
    Write,
)
from codex_guard.secrets.fingerprint import fingerprint
from codex_guard.secrets.rules.template import expand

TOKEN = expand("ghp_{crc62:36}")
OTHER = expand("ghp_{crc62:36}", seed=1)
EVENT = PromptEvent("the session", "the turn", "/repo", f"a prompt with {TOKEN}")


def finding(where: str = "prompt", suppressed: str | None = None) -> Finding:
    secret = Secret(TOKEN, "github-pat")
    return Finding(
        "github-pat", "A token", "critical", "https://x", where, 3, 14, 40, 80, secret, suppressed=suppressed
    )


def written() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(audit.path()).read_text(encoding="ascii").splitlines()]


def test_a_judgement_is_a_line_of_rules_places_and_fingerprints() -> None:
    judgement = Judgement(
        Block(f"a reason with {TOKEN}"),
        (finding("a.env"), finding("b.env", "allowed")),
        (Violation("git-reset-hard", f"git reset --hard # {TOKEN}", "why", "instead"),),
        (Write("a.env", "add", None, TOKEN),),
        (Unscanned("big.bin", "it is larger than 32 MiB"),),
        (CheckResult("ruff", ("ruff",), (CheckFailure("ruff", "a.py", 1, 1, "F401", TOKEN),)),),
    )
    audit.record_judgement("PreToolUse", EVENT, judgement, time.monotonic())
    [line] = written()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line.pop("duration_ms") >= 0
    shown = {"rule": "github-pat", "line": 3, "column": 14}
    shown["fingerprint"] = fingerprint(Secret(TOKEN, "github-pat"), key.read())
    assert line == {
        "event": "PreToolUse",
        "session": "the session",
        "decision": "block",
        "rules": ["git-reset-hard", "github-pat"],
        "findings": [
            shown | {"where": "a.env", "suppressed": None},
            shown | {"where": "b.env", "suppressed": "allowed"},
        ],
        "found": 2,
        "unscanned": [["big.bin", "it is larger than 32 MiB"]],
        "failures": 1,
    }


def test_an_allow_is_a_line_too() -> None:
    audit.record_judgement("Stop", EVENT, Judgement(Allow("a note")), time.monotonic())
    [line] = written()
    assert (line["decision"], line["rules"], line["findings"]) == ("allow", [], [])
    assert not os.path.exists(os.path.join(place.folder(), "key"))  # nothing was to be fingerprinted


def raised(error: Exception) -> Exception:
    """Return the error with a traceback of this one line."""
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_an_error_is_its_type_and_its_place() -> None:
    audit.record_error("Stop", None, raised(ValueError(f"about {TOKEN}")), "block", time.monotonic())
    audit.record_error("Stop", "s", raised(GuardError("A sentence.")), "allow", time.monotonic())
    first, second = written()
    assert (first["error"], first["sentence"], first["decision"]) == ("ValueError", None, "block")
    assert (second["error"], second["sentence"], second["decision"]) == ("GuardError", "A sentence.", "allow")
    assert (first["session"], second["session"]) == (None, "s")
    [place_] = first["trace"]
    assert re.fullmatch(rf"{re.escape(__file__)}:\d+ raised", place_)


def test_the_trace_of_a_recursion_is_short() -> None:
    def deeper() -> None:
        deeper()

    with pytest.raises(RecursionError) as caught:
        deeper()
    audit.record_error("Stop", None, caught.value, "block", time.monotonic())
    assert len(written()[0]["trace"]) == 50


#: Where a secret can stand in what is recorded besides its finding.
HIDDEN = {
    "the file's name": Judgement(Block("no"), (finding(f"dir/{TOKEN}.env"),)),
    "another secret in the file's name": Judgement(Block("no"), (finding(f"dir/{OTHER}.env"),)),
    "a file that was not scanned": Judgement(Allow("n"), unscanned=(Unscanned(f"{OTHER}.bin", "too large"),)),
    "both": Judgement(Block("no"), (finding(),), unscanned=(Unscanned(f"{TOKEN}/{OTHER}", "too large"),)),
    "the command": Judgement(Block("no"), (finding(),), (Violation("rule", f"rm {TOKEN}", TOKEN, OTHER),)),
    "what was written": Judgement(Block("no"), (finding(),), writes=(Write(TOKEN, "add", OTHER, TOKEN),)),
    "a check": Judgement(Block("no"), checks=(CheckResult(TOKEN, (OTHER,), problem=TOKEN),)),
    "the reason": Judgement(Block(TOKEN), (finding(suppressed="allowed"),)),
}


def test_nor_in_the_session_s_name() -> None:
    event = EVENT.replace(session=f"of-{TOKEN}")
    audit.record_judgement("PreToolUse", event, Judgement(Block("no")), time.monotonic())
    audit.record_error("PreToolUse", f"of {OTHER}", ValueError("x"), "block", time.monotonic())
    assert [line["session"] for line in written()] == ["of-<masked:github-pat>", "of <masked:github-pat>"]


@pytest.mark.parametrize("case", HIDDEN)
def test_no_secret_is_ever_in_the_log(case: str) -> None:
    audit.record_judgement("PreToolUse", EVENT, HIDDEN[case], time.monotonic())
    text = Path(audit.path()).read_text()
    assert len(written()) == 1
    for secret in (TOKEN, OTHER):
        assert secret not in text
        assert secret[4:30] not in text
    if "name" in case or "not scanned" in case:
        assert "<masked:github-pat>" in text


def test_only_its_user_may_read_it() -> None:
    audit.record_judgement("Stop", EVENT, Judgement(Allow("n")), time.monotonic())
    assert stat.S_IMODE(os.stat(audit.path()).st_mode) == 0o600


def test_eight_processes_at_once_write_whole_lines(tmp_path: Path) -> None:
    code = f"""
import os, sys, time
from codex_guard.ledger import audit
from codex_guard.model import Block, Judgement, PromptEvent, Unscanned
print(flush=True)
while not os.path.exists({str(tmp_path / "go")!r}): pass
for number in range(50):
    judgement = Judgement(Block("no"), unscanned=(Unscanned("x" * 20_000, str(number)),))
    audit.record_judgement("Stop", PromptEvent(sys.argv[1], "", "/", ""), judgement, time.monotonic())
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(number)], stdout=subprocess.PIPE)
        for number in range(8)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    (tmp_path / "go").touch()
    for process in processes:
        process.communicate(timeout=120)
        assert process.returncode == 0
    lines = written()
    assert len(lines) == 400
    for number in range(8):
        own = [line["unscanned"] for line in lines if line["session"] == str(number)]
        assert own == [[["x" * 20_000, str(count)]] for count in range(50)]


def test_a_line_cut_short_costs_no_other() -> None:
    audit.record_judgement("Stop", EVENT, Judgement(Allow("n")), time.monotonic())
    with open(audit.path(), "a", encoding="ascii") as file:
        file.write('{"time": "2026-')
    audit.record_judgement("PreToolUse", EVENT, Judgement(Allow("n")), time.monotonic())
    first, cut, last = Path(audit.path()).read_text().splitlines()
    assert (json.loads(first)["event"], json.loads(last)["event"]) == ("Stop", "PreToolUse")
    assert cut == '{"time": "2026-'


UNWRITABLE = {
    "a folder in its place": lambda path: path.mkdir(),
    "a link to another file": lambda path: path.symlink_to("/dev/null"),
}


@pytest.mark.parametrize("case", UNWRITABLE)
def test_a_log_that_cannot_be_written_is_an_error(case: str) -> None:
    UNWRITABLE[case](Path(audit.path()))
    with pytest.raises(GuardError, match=r"cannot write its log .*/ledger\.jsonl \(.*\): make it writable"):
        audit.record_judgement("Stop", EVENT, Judgement(Allow("n")), time.monotonic())
    with pytest.raises(GuardError, match="cannot write its log"):
        audit.record_error("Stop", None, ValueError(), "block", time.monotonic())


def test_a_full_disk_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(GuardError, match="No space left on device"):
        audit.record_judgement("Stop", EVENT, Judgement(Allow("n")), time.monotonic())


def test_a_folder_that_cannot_be_made_is_an_error(own_home: Path) -> None:
    (own_home / "state").write_text("")
    with pytest.raises(GuardError, match="cannot make its state folder"):
        audit.record_judgement("Stop", EVENT, Judgement(Allow("n")), time.monotonic())

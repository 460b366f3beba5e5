"""Codex's history as its terminal interface writes it, and a process that appends to it meanwhile."""

import json
from pathlib import Path

#: A program that appends lines as Codex does: one write each, under a lock that it tries ten times for.
APPENDER = """\
import fcntl, json, os, sys, time
path, count = sys.argv[1], int(sys.argv[2])
print("ready", flush=True)
for number in range(count):
    line = json.dumps({"session_id": "other", "ts": number, "text": "line"}).encode() + b"\\n"
    handle = os.open(path, os.O_RDWR | os.O_APPEND)
    for _ in range(10):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            time.sleep(0.1)
    else:
        sys.exit("no lock within a second")
    os.write(handle, line)
    os.close(handle)
"""
#: A program that keeps a file locked until its input ends.
KEEPER = """\
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_RDWR)
fcntl.flock(handle, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
"""


def line(session: str, text: str, *, ascii_only: bool = False) -> str:
    entry = {"session_id": session, "ts": 1_795_200_113, "text": text}
    return json.dumps(entry, ensure_ascii=ascii_only, separators=(",", ":")) + "\n"


def put(home: Path, *lines: str) -> Path:
    """Write the history of a home folder; Codex's own folder in it is made if need be."""
    folder = home / "codex"
    folder.mkdir(exist_ok=True)
    path = folder / "history.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    path.chmod(0o600)
    return path


def said(path: Path) -> list[str]:
    """Return the prompts in a history, each line of which must be valid JSON."""
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").split("\n")[:-1]]

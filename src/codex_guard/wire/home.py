"""Codex's own folder: where it is, and which of its files hold what was said in sessions.

What Codex is set up with (``auth.json``, ``config.toml``, hooks, skills, prompts) is none of those.
"""

import os

from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

HISTORY = "history.jsonl"
#: Values of these keys are Codex's own: without them a session cannot be resumed.
STRUCTURE = frozenset((
    "id", "session_id", "conversation_id", "thread_id", "turn_id", "root_turn_id", "parent_turn_id",
    "call_id", "item_id", "type", "timestamp", "encrypted_content", "cwd", "rollout_path",
))  # fmt: skip
_FOLDERS = ("archived_sessions", "log", "logs", "sessions", "sqlite")
_KINDS = (
    (".jsonl", "lines"),
    (".log", "lines"),
    (".json", "document"),
    (".sqlite", "database"),
    (".sqlite3", "database"),
    (".db", "database"),
    (".zst", "packed"),
    (".gz", "packed"),
)


class Trace(Record):
    """A file that sessions leave behind. ``name`` is its path in the folder.

    ``kind`` is ``lines``, ``document`` (one JSON value), ``database`` (SQLite) or ``packed`` (compressed).
    """

    path: str
    name: str
    kind: str


def folder() -> str:
    """Return the folder's path, without links, whether it is there or not."""
    return os.path.realpath(os.environ.get("CODEX_HOME") or os.path.expanduser("~/.codex"))


def prompt_of(entry: object, session: str) -> str | None:
    """Return the prompt in a line of the history, decoded; None where it is none of that session."""
    if not isinstance(entry, dict) or entry.get("session_id", entry.get("conversation_id")) != session:
        return None
    text = entry.get("text")
    return text if isinstance(text, str) else None


def traces(top: str) -> "Iterator[Trace]":
    """Yield what sessions left in the folder ``top``, the history first; no link is followed.

    Raises OSError where a folder cannot be listed.
    """
    yield from sorted(_in(top, top, ("lines", "database")), key=lambda one: one.name != HISTORY)
    for name in _FOLDERS:
        path = os.path.join(top, name)
        if os.path.isdir(path) and not os.path.islink(path):
            for inner, folders, _ in os.walk(path, onerror=_raise):
                folders.sort()
                yield from _in(top, inner, tuple(kind for _, kind in _KINDS))


def _in(top: str, inner: str, kinds: tuple[str, ...]) -> "Iterator[Trace]":
    with os.scandir(inner) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            kind = next((kind for suffix, kind in _KINDS if entry.name.endswith(suffix)), "")
            if kind in kinds and not entry.is_dir(follow_symlinks=False):
                yield Trace(entry.path, os.path.relpath(entry.path, top), kind)


def _raise(error: OSError) -> None:
    raise error

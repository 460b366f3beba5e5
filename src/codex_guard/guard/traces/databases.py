"""Codex's SQLite databases: the texts in their cells, masked by plain updates."""

import os
import sqlite3
from contextlib import closing
from urllib.parse import quote

from codex_guard.guard.traces import file, strings
from codex_guard.guard.traces.look import LARGEST, TOGETHER, Look, Scrubbed
from codex_guard.ledger import place
from codex_guard.record import Record
from codex_guard.wire.home import STRUCTURE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.traces.batch import Batch, Masked
    from codex_guard.wire.home import Trace

_HEAD = b"SQLite format 3\0"
_BEFORE_ALL = -(1 << 63)
_PATIENCE = 0.2  # seconds, for another process's lock
_IN_LOG = "old pages stay in its -wal file while Codex has it open: scrub again when Codex has ended"


class Cell(Record):
    """A cell: its table and column, quoted for SQL, and its row."""

    table: str
    column: str
    row: int


def scrub(trace: "Trace", look: Look) -> Scrubbed:
    """Find, and mask if that is asked for, the secrets in a database's texts.

    Keys, and what Codex finds its sessions by, are left. What is overwritten is zeroed in the file, too.
    """
    scrubbed = Scrubbed(trace.name)
    try:
        handle = place.opened(trace.path, os.O_RDONLY)
        try:
            head = file.read(handle, len(_HEAD), 0)
        finally:
            os.close(handle)
        if not head:
            return scrubbed
        if head != _HEAD:
            scrubbed.problems["it is no SQLite database"] = None
            return scrubbed
        with closing(_connected(trace.path, look)) as database:
            _scrub(database, look, scrubbed)
    except OSError as error:
        scrubbed.problems[error.strerror or type(error).__name__] = None
    except sqlite3.Error as error:
        scrubbed.problems[_said(error)] = None
    return scrubbed


def _connected(path: str, look: Look) -> sqlite3.Connection:
    uri = f"file:{quote(path)}?mode={'rw' if look.apply else 'ro'}"
    database = sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)
    database.text_factory = strings.decoded
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
    database.execute("PRAGMA trusted_schema = OFF")
    if look.apply:
        database.execute("PRAGMA secure_delete = ON")
    return database


def _scrub(database: sqlite3.Connection, look: Look, scrubbed: Scrubbed) -> None:
    if database.execute("PRAGMA encoding").fetchone() != ("UTF-8",):
        scrubbed.problems["its texts are not in UTF-8"] = None
        return
    tables = database.execute(
        "SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_schema"
        " WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"
    ).fetchall()
    for name, virtual in tables:
        if virtual:
            scrubbed.problems["it has a virtual table, whose index was not looked at"] = None
        else:
            _scrub_table(database, name, look, scrubbed)
    if scrubbed.masked and database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        scrubbed.problems[_IN_LOG] = None


def _scrub_table(database: sqlite3.Connection, name: str, look: Look, scrubbed: Scrubbed) -> None:
    """Look at a table in pieces: between them, Codex can write."""
    table = _quoted(name)
    columns = [
        _quoted(column)
        for _, column, _, _, _, key in database.execute(f"PRAGMA table_info({table})")
        if not key and column not in STRUCTURE
    ]
    last, more = _BEFORE_ALL, bool(columns)
    while more:
        batch, more = look.batch(), False
        with closing(_rows(database, table, columns, last)) as rows:
            for row, *texts in rows:
                last = row
                for column, text in zip(columns, texts, strict=True):
                    if text is not None:
                        batch.add(Cell(table, column, row), text)
                if batch.size >= TOGETHER:
                    more = True
                    break
        _finish(batch, database, look, scrubbed)


def _rows(database: sqlite3.Connection, table: str, columns: list[str], last: int) -> sqlite3.Cursor:
    texts = ", ".join(f"CASE typeof({column}) WHEN 'text' THEN {column} END" for column in columns)
    # The names are the database's own, and quoted.
    return database.execute(
        f"SELECT rowid, {texts} FROM {table} WHERE rowid > ? ORDER BY rowid",  # noqa: S608
        (last,),
    )


def _finish(batch: "Batch", database: sqlite3.Connection, look: Look, scrubbed: Scrubbed) -> None:
    """Count what the batch holds, and mask it where a cell still says what was read."""
    found = list(batch.masked())
    for one in found:
        scrubbed.count(one)
    if not (found and look.apply):
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        changed = [one for one in found if _update(database, one)]
        database.execute("COMMIT")
    except sqlite3.Error:
        database.execute("ROLLBACK")
        raise
    for one in changed:
        scrubbed.mask(one, 0)
    if len(changed) < len(found):
        scrubbed.problems["it was rewritten meanwhile"] = None


def _update(database: sqlite3.Connection, one: "Masked") -> bool:
    cell = one.key
    assert isinstance(cell, Cell)  # noqa: S101 - the only keys that are given here
    # As bytes, since a text that is no UTF-8 cannot be given as one.
    done = database.execute(
        f"UPDATE {cell.table} SET {cell.column} = CAST(? AS TEXT)"  # noqa: S608 - quoted above
        f" WHERE rowid = ? AND {cell.column} = CAST(? AS TEXT)",
        (strings.encoded(one.new), cell.row, strings.encoded(one.old)),
    )
    return done.rowcount == 1


def _said(error: sqlite3.Error) -> str:
    name = str(getattr(error, "sqlite_errorname", type(error).__name__))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "another process keeps it locked"
    # The error's message can quote a cell; its name cannot.
    return f"SQLite cannot read or change it ({name})"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'

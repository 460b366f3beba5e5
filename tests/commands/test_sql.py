"""What a database client is told to destroy."""

import pytest

from codex_guard.commands import sql
from codex_guard.shell.arguments import read_arguments
from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import walked


def kinds(command: str) -> set[str]:
    invocation = walked(command, Scope("/work", {}, "/work")).invocations[-1]
    arguments = read_arguments(invocation)
    return {kind for kind in sql.KINDS if sql.does((kind,), invocation, arguments)}


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("DROP TABLE users", "drop"),
        ("drop database if exists shop", "drop"),
        ("SELECT 1; DROP SCHEMA public CASCADE;", "drop"),
        ("BEGIN; DROP TABLE a; COMMIT", "drop"),
        ("/* x */ DROP TABLE a", "drop"),
        ("-- x\nDROP TABLE a", "drop"),
        ("TRUNCATE users", "truncate"),
        ("truncate table users, orders", "truncate"),
        ("DELETE FROM users", "delete-all"),
        ("DELETE FROM users WHERE 1=1", "delete-all"),
        ("delete from users where true", "delete-all"),
        ("WITH x AS (SELECT 1) DELETE FROM users", "delete-all"),
        ("EXPLAIN ANALYZE DELETE FROM users", "delete-all"),
        ("UPDATE users SET admin = true", "update-all"),
        ("ALTER TABLE users DROP COLUMN name", "drop-column"),
        ('DROP TABLE "users"', "drop"),
        ("DROP/**/TABLE users", "drop"),
    ],
)
def test_a_statement_that_destroys(statement: str, kind: str) -> None:
    quoted = statement.replace("'", "'\\''")
    assert kind in kinds(f"psql -c '{quoted}'")
    assert kind in kinds(f"mysql -e'{quoted}' shop")
    assert kind in kinds(f"echo '{quoted}' | psql shop")
    assert kind in kinds(f"psql <<'E'\n{statement}\nE")
    assert kind in kinds(f"sqlite3 app.db '{quoted}'")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 'DROP TABLE users'",
        'SELECT "drop", "table" FROM x',
        "SELECT * FROM drop_table",
        "DELETE FROM users WHERE id = 3",
        "DELETE FROM users LIMIT 1",
        "UPDATE users SET a = 1 WHERE id = 3",
        "-- DROP TABLE users",
        "/* DROP TABLE users */ SELECT 1",
        "EXPLAIN DELETE FROM users",
        "CREATE TABLE truncate_me (a int)",
        "ALTER TABLE users ADD COLUMN a int",
        "INSERT INTO a VALUES ('; DROP TABLE users')",
        "",
    ],
)
def test_a_statement_that_does_not(statement: str) -> None:
    quoted = statement.replace("'", "'\\''")
    assert kinds(f"psql -c '{quoted}'") == set()

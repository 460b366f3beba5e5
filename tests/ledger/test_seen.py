"""What a session's hooks have looked at: kept side by side, and never more than what was seen."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codex_guard.ledger import place, seen

SESSION = "01a1f894-59a2-7bc0-9609-fd497e0a057a"
MADE = 0x01A1F89459A2 * 1_000_000
HEAD = "a" * 40


def log() -> Path:
    return Path(place.of_session(SESSION)).with_suffix(".seen")


def test_a_session_that_nothing_is_known_of_began_when_its_id_was_made() -> None:
    assert seen.read(SESSION) == seen.Seen(MADE, "", frozenset())


@pytest.mark.parametrize(
    "name", ["session", "", SESSION.replace("7b", "4b"), "f" * 12 + "7" + "0" * 19, "zz" * 16]
)
def test_an_id_that_says_no_time_says_none(name: str) -> None:
    assert seen.read(name).started == 0


def test_a_turn_begins_and_ends() -> None:
    before = time.time_ns()
    asked = []

    def head() -> str:
        asked.append(1)
        return HEAD

    assert not seen.begin(SESSION, head)
    known = seen.read(SESSION)
    assert before <= known.started <= time.time_ns()
    assert (known.head, known.unswept, known.stamps) == (HEAD, True, frozenset())
    assert seen.begin(SESSION, head)  # the first one never ended
    seen.note(SESSION, ["a", "b", ""])
    seen.finish(SESSION, seen.read(SESSION), ["a"])
    turn = seen.read(SESSION).turn
    assert known.turn <= turn <= time.time_ns()
    assert seen.read(SESSION) == seen.Seen(known.started, HEAD, frozenset("a"), turn, commit=HEAD)
    assert not seen.begin(SESSION, head)
    assert len(asked) == 3  # the commit can be another at each turn


def test_a_sweep_for_a_turn_that_was_interrupted_does_not_end_the_next_one() -> None:
    seen.begin(SESSION, lambda: HEAD)
    assert seen.begin(SESSION, lambda: HEAD)
    seen.finish(SESSION, seen.read(SESSION), [], ends=False)
    assert seen.read(SESSION).unswept
    before = seen.read(SESSION)
    seen.begin(SESSION, lambda: HEAD)  # a message to the running turn, while its end is judged
    seen.finish(SESSION, before, [])
    assert seen.read(SESSION).unswept
    seen.finish(SESSION, seen.read(SESSION), [])
    assert not seen.read(SESSION).unswept


def test_what_is_noted_while_a_sweep_runs_is_kept() -> None:
    seen.note(SESSION, ["old", "kept"])
    before = seen.read(SESSION)
    seen.note(SESSION, ["meanwhile"])
    seen.finish(SESSION, before, ["kept"])
    assert seen.read(SESSION).stamps == {"kept", "meanwhile"}


def test_hooks_side_by_side_lose_nothing() -> None:
    code = (
        "import sys\nfrom codex_guard.ledger import seen\n"
        f"for n in range(20):\n seen.note({SESSION!r}, [sys.argv[1] + '.' + str(n)])\n"
        f" seen.begin({SESSION!r}, lambda: {HEAD!r})\n"
    )
    running = [subprocess.Popen([sys.executable, "-I", "-c", code, str(number)]) for number in range(8)]
    assert [process.wait(60) for process in running] == [0] * 8
    assert seen.read(SESSION).stamps == {f"{number}.{n}" for number in range(8) for n in range(20)}


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"began", b"began x y\n", b"began 1 2 3\n", b"\n\n\n"])
def test_a_damaged_log_is_one_that_knows_less(damage: bytes) -> None:
    seen.note(SESSION, ["a"])
    log().write_bytes(damage)
    assert seen.read(SESSION).started == MADE
    seen.note(SESSION, ["b"])
    assert "b" in seen.read(SESSION).stamps


def test_a_line_cut_short_costs_that_line_only() -> None:
    seen.note(SESSION, ["a"])
    with log().open("ab") as file:
        file.write(b"half")
    seen.note(SESSION, ["b"])
    assert seen.read(SESSION).stamps == {"a", "half", "b"}


def test_a_pipe_in_its_place_holds_nothing_up() -> None:
    seen.note(SESSION, ["a"])
    log().unlink()
    os.mkfifo(log())
    assert seen.read(SESSION).stamps == frozenset()
    with pytest.raises(OSError, match=r"no regular file|No such device"):
        seen.note(SESSION, ["b"])


def test_what_is_older_than_a_month_is_forgotten() -> None:
    seen.note(SESSION, ["a"])
    os.utime(log(), (0, 0))
    seen.note("another", ["b"])
    assert not log().exists()


def test_a_state_is_told_by_all_that_changes_with_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("one")
    time.sleep(0.05)
    first = seen.stamp(path.stat())
    assert first == seen.stamp(path.stat())
    for change in (
        lambda: path.write_text("two"),
        lambda: path.chmod(0o600),
        lambda: os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns)),
        lambda: path.rename(tmp_path / "b").rename(path),
    ):
        before = seen.stamp(path.stat())
        change()
        time.sleep(0.05)
        assert seen.stamp(path.stat()) != before


def test_a_file_that_changed_just_now_has_no_state_to_rely_on() -> None:
    now = time.time_ns()

    class Status:
        st_dev = st_ino = st_size = st_mtime_ns = 1
        st_ctime_ns = now

    assert seen.stamp(Status()) == ""  # type: ignore[arg-type] # as much of a status as is read
    Status.st_ctime_ns = (now // 1_000_000_000) * 1_000_000_000  # a clock of whole seconds
    assert seen.stamp(Status()) == ""  # type: ignore[arg-type]
    Status.st_ctime_ns = now - 3_000_000_000
    assert seen.stamp(Status())  # type: ignore[arg-type]

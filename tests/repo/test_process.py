"""Programs that are read to their end, whatever they do on the way."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codex_guard.repo import process
from codex_guard.repo.process import Process

MEGABYTE = 1 << 20
LONG = 60.0  # seconds; nothing here waits for it
Start = Callable[..., Process]


def later(seconds: float = LONG) -> float:
    return time.monotonic() + seconds


def open_files() -> list[str]:
    folder = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"
    return sorted(os.listdir(folder))


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts Python with a program; what still runs in the end is ended."""
    started: list[Process] = []

    def made(program: str, *arguments: str, **variables: str) -> Process:
        code = f"import os, signal, sys, time\n{program}"
        started.append(Process(sys.executable, ["python", "-I", "-S", "-c", code, *arguments], variables))
        return started[-1]

    yield made
    for one in started:
        one.kill()


def is_gone(one: Process) -> bool:
    """Say whether a program has ended and was waited for."""
    try:
        os.kill(one._number, 0)
    except ProcessLookupError:
        return True
    return False


def until_it_prints(start: Start, one: Process) -> None:
    while not one.out:
        start("").finish(later(), one)


def test_what_is_printed_and_the_exit_status(start: Start) -> None:
    one = start("print('out'); print('err', file=sys.stderr); sys.exit(3)")
    one.finish(later())
    assert (one.status, bytes(one.out), bytes(one.errors)) == (3, b"out\n", b"err\n")
    assert one.waiting == {}
    assert is_gone(one)


def test_it_gets_its_arguments_an_empty_input_and_no_other_environment(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELSE", "x")
    one = start(
        "print(sys.argv[1:], [sys.stdin.read()], os.environ.get('A'), os.environ.get('ELSE'))", "b c", A="d"
    )
    one.finish(later())
    assert one.out == b"['b c'] [''] d None\n"


@pytest.mark.parametrize("order", ["out, err", "err, out", "err, err", "out, out"])
def test_large_outputs_on_both_streams(start: Start, order: str) -> None:
    one = start(
        f"out, err = sys.stdout, sys.stderr\nfor to in ({order}): to.write('x' * {MEGABYTE}); to.flush()"
    )
    one.finish(later())
    assert one.status == 0
    assert (len(one.out), len(one.errors)) == (order.count("out") * MEGABYTE, order.count("err") * MEGABYTE)


def test_outputs_that_take_turns(start: Start) -> None:
    piece = 100_000  # more than a pipe holds
    one = start(f"for n in range(20): os.write(1 + n % 2, b'%x' % (n % 16) * {piece})")
    one.finish(later())
    assert one.out == b"".join(b"%x" % (n % 16) * piece for n in range(0, 20, 2))
    assert len(one.errors) == 10 * piece


def test_several_at_once_none_waits_for_another(start: Start, tmp_path: Path) -> None:
    # The first ends only after the others, which do not before all that they print is read.
    (tmp_path / "go").mkdir()
    go = str(tmp_path / "go")
    write = f"for n in (1, 2): os.write(n, b'y' * {MEGABYTE})\nopen({go!r} + '/' + sys.argv[1], 'w')"
    first = start(f"while len(os.listdir({go!r})) < 3: time.sleep(0.001)\nprint('first')")
    others = [start(write, str(number)) for number in range(3)]
    first.finish(later(), *others)
    assert first.out == b"first\n"
    for number, one in enumerate(others):
        one.finish(later(), *others[number + 1 :])
        assert (one.status, len(one.out), len(one.errors)) == (0, MEGABYTE, MEGABYTE)


def test_what_others_have_printed_is_kept_while_they_run_on(start: Start, tmp_path: Path) -> None:
    go = tmp_path / "go"
    other = start(
        "os.write(1, b'early ')\n"
        f"while not os.path.exists({str(go)!r}): time.sleep(0.001)\n"
        "os.write(1, b'late')"
    )
    until_it_prints(start, other)
    assert (other.status, bytes(other.out)) == (None, b"early ")
    go.touch()
    other.finish(later())
    assert (other.status, bytes(other.out)) == (0, b"early late")


def test_one_that_has_ended_can_be_finished_again_and_killed(start: Start) -> None:
    one = start("")
    one.finish(later())
    one.kill()
    one.kill()
    assert one.status == 0


@pytest.mark.parametrize(
    "program",
    [
        "time.sleep(600)",
        "os.close(1); time.sleep(600)",
        "os.close(1); os.close(2); time.sleep(600)",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
        "while True: pass",
        "print('x', flush=True); time.sleep(600)",
    ],
)
def test_one_that_does_not_end_in_time_is_ended(start: Start, program: str) -> None:
    before = open_files()
    other = start("time.sleep(600)")
    one = start(program)
    with pytest.raises(TimeoutError):
        one.finish(later(0.2), other)
    assert one.status == other.status == -signal.SIGKILL
    assert is_gone(one)
    assert is_gone(other)
    assert open_files() == before


def test_one_that_prints_without_an_end_is_ended(start: Start) -> None:
    one = start("while True: os.write(1, b'x' * 65536)")
    until_it_prints(start, one)
    with pytest.raises(TimeoutError):
        one.finish(later(0.2))
    assert is_gone(one)


def test_one_that_closes_its_output_and_ends_later_is_waited_for(start: Start) -> None:
    one = start("os.close(1); os.close(2); time.sleep(0.05); os._exit(7)")
    one.finish(later())
    assert (one.status, bytes(one.out)) == (7, b"")


def test_a_time_that_is_over_ends_it_at_once(start: Start) -> None:
    one = start("time.sleep(600)")
    with pytest.raises(TimeoutError):
        one.finish(time.monotonic() - 1)
    assert one.status == -signal.SIGKILL


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL", "SIGABRT", "SIGPIPE"])
def test_one_that_a_signal_ends(start: Start, name: str) -> None:
    one = start(
        f"own = signal.{name}\n"
        "if own != signal.SIGKILL: signal.signal(own, signal.SIG_DFL)\n"
        "os.kill(os.getpid(), own)"
    )
    one.finish(later())
    assert one.status == -getattr(signal, name)


def test_nobody_who_reads_ends_it_as_in_a_shell() -> None:
    # Python ignores SIGPIPE, which what it starts would inherit; `yes` would complain instead.
    one = Process("/bin/sh", ["sh", "-c", "yes | head -n 1"], {"PATH": os.environ["PATH"]})
    one.finish(later())
    assert (one.status, bytes(one.out), bytes(one.errors)) == (0, b"y\n", b"")


@pytest.mark.parametrize("program", ["no-such-program", "folder", "plain", "a\0b"])
def test_one_that_cannot_be_started_leaves_nothing_open(tmp_path: Path, program: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain").write_text("#!/bin/sh\n")
    before = open_files()
    with pytest.raises((OSError, ValueError)):
        Process(f"{tmp_path}/{program}", [program], {})
    assert open_files() == before


def test_nothing_is_left_open_and_nothing_is_passed_on(start: Start) -> None:
    before = open_files()
    first = start("time.sleep(600)")
    looks = "for n in sys.argv[1:]:\n try: print(os.fstat(int(n)))\n except OSError: print('closed')"
    second = start(looks, *map(str, first.waiting))
    second.finish(later())
    first.kill()
    assert first.status == -signal.SIGKILL
    assert second.out == b"closed\n" * 2
    assert open_files() == before


def test_a_program_that_leaves_a_child_with_its_output_is_waited_for(start: Start) -> None:
    one = start("pid = os.fork()\nif not pid: time.sleep(600)\nos.write(1, b'%d' % pid)")
    until_it_prints(start, one)
    with pytest.raises(TimeoutError):
        one.finish(later(0.2))
    os.kill(int(one.out), signal.SIGKILL)
    assert one.status is not None


def test_between_two_looks_at_one_that_prints_no_more_there_is_a_pause(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        (tmp_path / "go").touch()

    monkeypatch.setattr(time, "sleep", pause)
    start(
        f"os.close(1); os.close(2)\nwhile not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.001)"
    ).finish(later())
    assert set(pauses) == {process._PAUSE}

"""Whether a session was told of anything."""

from pathlib import Path

from codex_guard.ledger import place, session, told


def test_only_what_was_told_counts() -> None:
    assert not told.any_told("s")
    with session.opened("s") as state:
        state["stop"] = {"turn": "told", "rounds": 1}
        state["told"] = []
    assert not told.any_told("s")
    with session.opened("s") as state:
        state["told"] = ["0123 a.py"]
    assert told.any_told("s")


def test_a_state_that_cannot_be_read_may_tell_something() -> None:
    Path(place.of_session("s")).mkdir(parents=True)
    assert told.any_told("s")

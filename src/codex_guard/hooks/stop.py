"""The Stop hook: judges the work at the end of a turn."""

from codex_guard.hooks.runner import run
from codex_guard.model import Event, Judgement, StopEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def judge(event: Event) -> Judgement:
    """Judge one event. Imported here, the deadline already runs while the rest loads."""
    from codex_guard.guard import turn_end  # noqa: PLC0415
    from codex_guard.policy import layers  # noqa: PLC0415

    assert isinstance(event, StopEvent)  # noqa: S101 - the runner reads no other kind
    return turn_end.judge(event, layers.load(event.cwd))


def main() -> "NoReturn":
    """Run the hook: one event on standard input, one decision out."""
    run("Stop", judge)

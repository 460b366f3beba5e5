"""The PreToolUse hook: judges a tool call before it runs."""

from codex_guard.hooks.runner import run
from codex_guard.model import Event, Judgement, ToolEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def judge(event: Event) -> Judgement:
    """Judge one event. Imported here, the deadline already runs while the rest loads."""
    from codex_guard.guard import before_tool  # noqa: PLC0415
    from codex_guard.policy import layers  # noqa: PLC0415

    assert isinstance(event, ToolEvent)  # noqa: S101 - the runner reads no other kind
    return before_tool.judge(event, layers.load(event.cwd))


def main() -> "NoReturn":
    """Run the hook: one event on standard input, one decision out."""
    run("PreToolUse", judge)

"""One way to judge an event in a test, which never lets a secret's value out by any of the ways there are."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.guard import after_tool, before_tool, prompt, turn_end
from codex_guard.ledger import audit
from codex_guard.model import Allow, Block, Event, Judgement, PromptEvent, StopEvent, ToolEvent
from codex_guard.policy.policy import Policy
from codex_guard.secrets.rules.template import expand
from codex_guard.wire import decisions

_TELLING = 12  # characters of a value that must not be seen either


@pytest.fixture
def key() -> str:
    return expand("ghp_{crc62:36}")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Return a work tree, as far as the guard can tell."""
    folder = tmp_path / "repo"
    (folder / ".git").mkdir(parents=True)
    return folder


@pytest.fixture
def judge(own_home: Path, key: str) -> Callable[..., Judgement]:
    """Return a function that judges an event and looks for secrets in all that leaves the process."""

    def judged(
        event: Event, policy: Policy | None = None, *, secrets: tuple[str, ...] = (), remember: bool = True
    ) -> Judgement:
        chosen = policy or Policy()
        if isinstance(event, PromptEvent):
            name, judgement = "UserPromptSubmit", prompt.judge(event, chosen)
        elif isinstance(event, StopEvent):
            name, judgement = "Stop", turn_end.judge(event, chosen)
        elif event.response is None:
            name, judgement = "PreToolUse", before_tool.judge(event, chosen)
        else:
            name, judgement = "PostToolUse", after_tool.judge(event, chosen, remember=remember)
        # What the hook does next: spell the answer (held against its schema) and write the ledger.
        told = [decisions.spell(name, judgement.decision), repr(judgement.decision), repr(judgement.findings)]
        audit.record_judgement(name, event, judgement, time.monotonic())
        told += [path.read_text() for path in own_home.rglob("*.json*") if path.is_file()]
        for value in (key, *secrets):
            pieces = {value[at : at + _TELLING] for at in range(len(value) - _TELLING + 1)} | {value}
            assert not [piece for piece in pieces for text in told if piece in text]
        return judgement

    return judged


@pytest.fixture
def tool(repo: Path) -> Callable[..., ToolEvent]:
    """Return a function that makes a tool's event in the work tree; ``response`` makes it one that ran."""

    def made(name: str, said: object, response: object = None, *, session: str = "session") -> ToolEvent:
        command = said if isinstance(said, str) else None
        arguments = {"command": said} if isinstance(said, str) else said
        return ToolEvent(session, "turn", str(repo), name, arguments, command, response, "call")

    return made


@pytest.fixture
def reason() -> Callable[[Judgement], str]:
    """Return a function that gives the reason of a judgement that blocks."""

    def given(judgement: Judgement) -> str:
        assert isinstance(judgement.decision, Block)
        assert len(judgement.decision.reason.encode("utf-8", "backslashreplace")) <= decisions.LONGEST
        return judgement.decision.reason

    return given


@pytest.fixture
def allowed() -> Callable[[Judgement], str | None]:
    """Return a function that gives the note of a judgement that allows."""

    def given(judgement: Judgement) -> str | None:
        assert isinstance(judgement.decision, Allow)
        return judgement.decision.note

    return given

"""Every test runs in a home of its own, and every answer it makes is one that Codex accepts."""

from pathlib import Path

import pytest
from hypothesis import settings

from codex_guard.model import Decision
from codex_guard.wire import decisions
from support import answers

# How long an example takes says something of the machine, not of the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep state, policies and Codex's own folder away from the person who runs the tests."""
    home = tmp_path_factory.mktemp("home")
    for name, folder in (
        ("HOME", home),
        ("XDG_STATE_HOME", home / "state"),
        ("XDG_CONFIG_HOME", home / "config"),
        ("CODEX_HOME", home / "codex"),
    ):
        monkeypatch.setenv(name, str(folder))
    for name in ("VIRTUAL_ENV", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    return home


@pytest.fixture(autouse=True)
def accepted_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold each answer that is spelled in this process against the schema of its event."""
    spell = decisions.spell

    def checked(event: str, decision: Decision) -> str:
        printed = spell(event, decision)
        answers.check(event, printed)
        return printed

    monkeypatch.setattr(decisions, "spell", checked)

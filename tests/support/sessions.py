"""Sessions of the real Codex CLI with codex-guard installed, as tests play them."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from codex_guard.cli.rehearsal import Result, Stage
from codex_guard.cli.scripted_model import Item
from codex_guard.secrets.rules.template import expand

Rehearse = Callable[[Stage], Result]
KEY = expand("ghp_{crc62:36}")
BIN = Path(sys.executable).parent
PATH = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
ADDING = f"*** Begin Patch\n*** Add File: deploy.env\n+A=1\n+TOKEN={KEY}\n*** End Patch\n"
GUARD = str(BIN / "codex-guard")
#: Python that makes the key of numbers, as nobody can read it who does not run it.
AT_RUN_TIME = f"'TOKEN=' + ''.join(map(chr, {[ord(character) for character in KEY]}))"


def init(*options: str) -> Callable[[Path, Path], None]:
    """What a user does: ``codex-guard init`` in the repository, before Codex starts."""

    def prepare(repo: Path, home: Path) -> None:
        environment = os.environ | PATH | {"CODEX_HOME": str(home)}
        subprocess.run([GUARD, "init", *options], cwd=repo, env=environment, check=True, capture_output=True)

    return prepare


def stage(prompt: str, turns: list[Any], **more: Any) -> Stage:
    return Stage(prompt=prompt, turns=turns, env=PATH, **{"prepare": init(), **more})


def played(rehearse: Rehearse, played_stage: Stage) -> Result:
    """Play a stage and make sure that no hook's answer was dropped: then Codex would have gone ahead."""
    result = rehearse(played_stage)
    assert not result.timed_out
    assert not re.search(r"^hook: \w+ Failed", result.stderr, re.MULTILINE), result.stderr
    return result


def output_of(result: Result, call: Item) -> str:
    return result.tool_outputs()[call["call_id"]]


def made_at_run_time(path: str) -> str:
    """A command that puts the key into a file without showing it to anybody before it runs."""
    return f'python3 -c "print({AT_RUN_TIME})" > {path}'


def continuations(result: Result) -> list[str]:
    return [text for text in result.user_texts() if "<hook_prompt" in text]

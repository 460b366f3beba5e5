"""The real Codex CLI for the end-to-end tests, and what they need to drive it."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from codex_guard.cli import rehearsal
from codex_guard.cli.rehearsal import Result, Stage

VERSION = "0.169.0"
CACHE = Path(__file__).resolve().parents[2] / ".cache"
BINARY = Path("node_modules/.bin/codex")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "e2e: drives the real Codex CLI against a scripted model")


def _unavailable(reason: str) -> NoReturn:
    # On a developer's machine a missing tool costs the test; in CI it must not pass unnoticed.
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def codex(pytestconfig: pytest.Config) -> Path:
    """Return the path of the real CLI, installing it below .cache/ the first time."""
    if os.environ.get("CODEX_BIN"):
        return rehearsal.find_codex() or pytest.fail("$CODEX_BIN is not an executable file", pytrace=False)
    installed = CACHE / f"codex-cli-{VERSION}"
    if not (installed / BINARY).exists():
        _install(installed, pytestconfig)
    return installed / BINARY


def _install(target: Path, config: pytest.Config) -> None:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        _unavailable("The Codex CLI needs node and npm on PATH, or $CODEX_BIN")
    capture = config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
        print(f"\nInstalling @openai/codex@{VERSION} into {target}", flush=True)  # noqa: T201 - a long step is said
    CACHE.mkdir(exist_ok=True)
    # Renamed into place when whole, so that an interrupted install is never taken for one.
    partial = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=CACHE))
    try:
        package = f"@openai/codex@{VERSION}"
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(partial), package]
        done = subprocess.run(command, cwd=partial, capture_output=True, text=True, check=False, timeout=900)
        if done.returncode != 0 or not (partial / BINARY).exists():
            _unavailable(f"npm could not install {package}: {' '.join(done.stderr.split())[:300]}")
        partial.rename(target)
    except subprocess.TimeoutExpired:
        _unavailable(f"npm took more than 15 minutes to install {package}")
    except OSError:
        # Another run was faster, and its install is as good as ours.
        if not (target / BINARY).exists():
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@pytest.fixture
def rehearse(codex: Path) -> Iterator[Callable[[Stage], Result]]:
    """Return a function that plays a stage on the real CLI; the folders go when the test ends."""
    results: list[Result] = []

    def play(stage: Stage) -> Result:
        results.append(rehearsal.run(stage, codex=codex, path=os.environ["PATH"]))
        return results[-1]

    yield play
    for result in results:
        result.cleanup()


@pytest.fixture
def system_folder() -> Path:
    """Return Codex's system folder, which this test may make: it runs as root and there is none yet."""
    if os.geteuid() != 0:
        _unavailable(f"Only root can make {rehearsal.SYSTEM_FOLDER}")
    if rehearsal.SYSTEM_FOLDER.exists():
        _unavailable(f"{rehearsal.SYSTEM_FOLDER} exists, and a test never overwrites it")
    return rehearsal.SYSTEM_FOLDER

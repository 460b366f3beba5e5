"""Runs the real Codex CLI in folders of its own against a scripted model, with nothing else in reach.

``run`` plays one ``codex exec`` session and returns what the model was sent and what is left on disk;
``hooks_list`` asks Codex which hooks it discovers. Both give Codex an environment made from nothing.
"""

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from codex_guard import __version__
from codex_guard.cli import scripted_model
from codex_guard.cli.scripted_model import Body, ScriptedModel, Turn
from codex_guard.errors import GuardError

SYSTEM_FOLDER = Path("/etc/codex")
Hooks = str | Mapping[str, Any]

_ROOT_VARIABLE = "CODEX_GUARD_REHEARSAL_ROOT"
# A request that leaves loopback meets a closed port, whatever library sends it.
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
# A process group of its own is what a timeout can kill whole.
_popen = functools.partial(subprocess.Popen, start_new_session=True)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One session to play: what Codex finds, how it is started, and what the model answers.

    ``files`` are committed to the repo first; then ``prepare(repo, home)`` runs, where ``home`` is
    CODEX_HOME. Hooks are a whole hooks.json, as text or as the object. ``requirements`` is the system's
    requirements.toml, which takes root and no /etc/codex. ``config_extra`` is appended to the user's
    config.toml, whose last table is ``[features]``. The default model calls tools directly; those
    from gpt-5.6 on call them from code mode. ``timeout`` is in seconds.
    """

    prompt: str
    turns: Sequence[Turn]
    files: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Path, Path], object] | None = None
    repo_hooks: Hooks | None = None
    user_hooks: Hooks | None = None
    requirements: str | None = None
    repo_config: str | None = None
    config_extra: str = ""
    args: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    stdin: str | None = None
    trust_hooks: bool = True
    trust_project: bool = True
    sandbox: str = "danger-full-access"
    approval: str = "never"
    model: str = "gpt-5.5"
    timeout: float = 90


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a session left behind; its folders stay until ``cleanup``, or until its ``with`` ends.

    ``requests`` are the bodies the model was sent, ``home`` is CODEX_HOME, ``wall`` is in seconds.
    """

    rc: int
    timed_out: bool
    stdout: str
    stderr: str
    requests: list[Body]
    repo: Path
    home: Path
    root: Path
    wall: float

    def tool_outputs(self, n: int = -1) -> dict[str, str]:
        """Return the tool results in request ``n`` by call id, as the text the model sees."""
        return scripted_model.tool_outputs(self.requests[n])

    def user_texts(self, n: int = -1) -> list[str]:
        """Return the texts of the user messages in request ``n``; the first are Codex's own context."""
        return scripted_model.user_texts(self.requests[n])

    def model_text(self) -> str:
        """Return everything the model was sent, as JSON with its non-ASCII characters as they are."""
        return json.dumps(self.requests, ensure_ascii=False)

    def repo_files(self) -> dict[str, str]:
        """Return the texts of the repo's files by their paths in it, without git's own."""
        names = (path.relative_to(self.repo) for path in sorted(self.repo.rglob("*")) if path.is_file())
        own = [name for name in names if name.parts[0] != ".git"]
        return {str(name): (self.repo / name).read_text(errors="replace") for name in own}

    def home_grep(self, needle: str) -> list[str]:
        """Return the files under CODEX_HOME that hold ``needle``, plainly or as JSON escapes it."""
        spellings = (needle, json.dumps(needle)[1:-1], json.dumps(needle, ensure_ascii=False)[1:-1])
        return sorted(
            str(path.relative_to(self.home))
            for path in self.home.rglob("*")
            if path.is_file() and any(text.encode() in path.read_bytes() for text in spellings)
        )

    def cleanup(self) -> None:
        """Delete the session's folders."""
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.cleanup()


def find_codex() -> Path | None:
    """Return the Codex CLI that ``$CODEX_BIN`` names, else the one on PATH, else None."""
    found = shutil.which(os.environ.get("CODEX_BIN") or "codex")
    # Absolute, because Codex is started in another folder; unresolved, because npm links to a script.
    return None if found is None else Path(found).absolute()


def run(stage: Stage, *, codex: Path, path: str) -> Result:
    """Play ``stage`` with the CLI at ``codex``, whose PATH is ``path`` (git and the CLI's node are in it).

    At the timeout Codex's process group is killed; a hook runs in a session of its own and outlives it.
    Raises ``GuardError`` where the stage cannot be set up, and what a turn's function raised.
    """
    root = _work_folder()
    repo, home = root / "repo", root / "codex-home"
    env = _environment(home, root / "user", path) | {"TMPDIR": str(root / "tmp"), **stage.env}
    try:
        with ScriptedModel(stage.turns) as model, contextlib.ExitStack() as system:
            trusted = repo if stage.trust_project else None
            config = model.config(stage.model, stage.approval, stage.sandbox, trusted)
            _set_up(stage, root, repo, home, config)
            _commit(repo, env)
            if stage.prepare is not None:
                stage.prepare(repo, home)
            if stage.requirements is not None:
                system.enter_context(_system_requirements(stage.requirements))
            start = time.monotonic()
            rc, timed_out = _play(stage, codex, root, env)
            wall = time.monotonic() - start
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    return Result(
        rc=rc,
        timed_out=timed_out,
        stdout=(root / "stdout").read_text(errors="replace"),
        stderr=(root / "stderr").read_text(errors="replace"),
        requests=model.requests,
        repo=repo,
        home=home,
        root=root,
        wall=wall,
    )


def _work_folder() -> Path:
    # Not the system's temp folder: Codex refuses to make its PATH helpers (apply_patch among them)
    # when CODEX_HOME is below it.
    chosen = os.environ.get(_ROOT_VARIABLE)
    parent = Path(chosen or "/var/tmp")  # noqa: S108 - mkdtemp makes a private folder in it
    if chosen is None and not os.access(parent, os.W_OK):
        parent = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "codex-guard"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        # Resolved, because Codex compares real paths when it looks up whether it trusts a folder.
        return Path(tempfile.mkdtemp(prefix="rehearsal-", dir=parent)).resolve()
    except OSError as error:
        raise GuardError(f"No work folder in {parent}, set {_ROOT_VARIABLE}: {error}") from error


def _environment(home: Path, user: Path, path: str) -> dict[str, str]:
    return {
        "PATH": path,
        "HOME": str(user),
        "CODEX_HOME": str(home),
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "RUST_LOG": "warn",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **dict.fromkeys(_PROXIES, "http://127.0.0.1:9"),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost"),
    }


def _set_up(stage: Stage, root: Path, repo: Path, home: Path, config: str) -> None:
    for folder in (repo, home, root / "user", root / "tmp"):
        folder.mkdir()
    files: dict[Path, Hooks | None] = {repo / name: text for name, text in stage.files.items()}
    files[repo / ".codex/hooks.json"] = stage.repo_hooks
    files[repo / ".codex/config.toml"] = stage.repo_config
    files[home / "hooks.json"] = stage.user_hooks
    files[home / "config.toml"] = config + stage.config_extra
    for file, content in files.items():
        if content is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else json.dumps(content, indent=1)
            file.write_text(text, encoding="utf-8")


def _commit(repo: Path, env: Mapping[str, str]) -> None:
    git = ["git", "-c", "user.name=Rehearsal", "-c", "user.email=rehearsal@localhost"]
    commit = ["commit", "--quiet", "--allow-empty", "--message=The stage"]
    try:
        for args in (["init", "--quiet", "--initial-branch=main"], ["add", "--all"], commit):
            subprocess.run([*git, *args], cwd=repo, env=env, check=True)  # noqa: S603 - our own folder
    except (OSError, subprocess.CalledProcessError) as error:
        raise GuardError(f"The rehearsal's repo cannot be made: {error}") from error


@contextlib.contextmanager
def _system_requirements(text: str) -> Iterator[None]:
    try:
        SYSTEM_FOLDER.mkdir()
    except OSError as error:
        raise GuardError(f"{SYSTEM_FOLDER} must not exist yet and takes root to make: {error}") from error
    try:
        (SYSTEM_FOLDER / "requirements.toml").write_text(text, encoding="utf-8")
        yield
    finally:
        shutil.rmtree(SYSTEM_FOLDER)


def _play(stage: Stage, codex: Path, root: Path, env: Mapping[str, str]) -> tuple[int, bool]:
    """Run Codex to its end or the timeout; return its exit code and whether it timed out."""
    bypass = ["--dangerously-bypass-hook-trust"] if stage.trust_hooks else []
    command = [str(codex), "exec", *bypass, *stage.args, "--", stage.prompt]
    (root / "stdin").write_text(stage.stdin or "", encoding="utf-8")
    # Files, not pipes: what a background process of the session inherits can then keep nobody waiting.
    streams = ((root / "stdin").open("rb"), (root / "stdout").open("wb"), (root / "stderr").open("wb"))
    with streams[0] as stdin, streams[1] as out, streams[2] as err:
        process = _popen(command, cwd=root / "repo", env=env, stdin=stdin, stdout=out, stderr=err)
        try:
            return process.wait(stage.timeout), False
        except subprocess.TimeoutExpired:
            return _kill(process), True
        finally:
            _kill(process)


def _kill(process: subprocess.Popen[Any]) -> int:
    # Unreaped, our child still holds its id, so the group is certainly ours.
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def hooks_list(
    codex: Path, repo: Path, home: Path, env: Mapping[str, str] | None = None, timeout: float = 20
) -> dict[str, Any]:
    """Return what Codex says to ``hooks/list`` about ``repo``, with ``home`` as CODEX_HOME.

    ``["data"][0]`` has ``hooks`` (key, currentHash, trustStatus, isManaged, enabled ...), ``warnings`` and
    ``errors``. ``env`` is added to the closed environment, whose PATH is ours. ``timeout`` is in seconds.
    Raises ``GuardError`` where Codex does not answer.
    """
    full = _environment(home, home, os.environ.get("PATH", os.defpath)) | dict(env or {})
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    command = [str(codex), "app-server"]
    process = _popen(command, cwd=repo, env=full, stdin=pipe, stdout=pipe, stderr=nowhere, text=True)
    killer = threading.Timer(timeout, _kill, [process])
    killer.start()
    try:
        with process:
            try:
                client = {"name": "codex-guard", "title": "codex-guard", "version": __version__}
                _ask(process, "initialize", {"clientInfo": client})
                return _ask(process, "hooks/list", {"cwds": [str(repo)]})
            finally:
                killer.cancel()
                killer.join()
                _kill(process)
    except OSError as error:
        raise GuardError(f"Codex's app-server went away: {error}") from error


def _ask(process: subprocess.Popen[str], method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Send one JSON-RPC request over the app-server's pipes and return its result."""
    if process.stdin is None or process.stdout is None:
        raise GuardError("The app-server was started without pipes.")
    print(json.dumps({"id": method, "method": method, "params": params}), file=process.stdin, flush=True)
    for line in process.stdout:
        answer = json.loads(line)
        if answer.get("id") == method:
            if "result" not in answer:
                raise GuardError(f"Codex's app-server refused {method}: {answer}")
            return dict(answer["result"])
    raise GuardError(f"Codex's app-server ended before it answered {method}.")

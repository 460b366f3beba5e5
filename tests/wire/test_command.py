"""The command lines, run as Codex runs them: every exit but 0 and 2 becomes a block with a sentence."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from codex_guard.secrets.rules.template import expand
from codex_guard.wire.command import EXECUTABLES, Install, handler, hook_command, is_ours
from codex_guard.wire.events import TIMEOUTS
from support import answers
from support.processes import ABSOLUTE, event

SHELLS = ("bash", "sh", "dash", "zsh")
PORTABLE = Install()
#: A path with everything that a shell reads as something else.
AWKWARD = 'it\'s a "päth" $HOME `id` \\n ; & * 雪 😀 !x'


def shell(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}, and in CI it must be", pytrace=False)
        pytest.skip(reason)
    return found


class Machine:
    """Fake executables of both installs, which do what ``body`` says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / AWKWARD / "bin"
        self.bin.mkdir(parents=True)
        self.interpreter = self.bin / "python 3"
        self.launcher = folder / AWKWARD / "launch.py"

    def put(self, body: str, mode: int = 0o755) -> None:
        for path in (self.interpreter, *(self.bin / name for name in EXECUTABLES.values())):
            path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            path.chmod(mode)

    def run(
        self, kind: str, *, absolute: bool, by: str = "sh", stdin: bytes = b"{}", **more: str
    ) -> "subprocess.CompletedProcess[bytes]":
        how = Install(str(self.interpreter), str(self.launcher)) if absolute else PORTABLE
        return subprocess.run(
            [shell(by), "-c", hook_command(kind, how)],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=self.folder,
            env=os.environ | {"PATH": f"{self.bin}:{os.environ['PATH']}"} | more,
            timeout=60,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def stop_event(*, continued: bool, message: str = "done", separators: tuple[str, str] = (",", ":")) -> bytes:
    fields = event("Stop", Path("/repo"), stop_hook_active=continued, last_assistant_message=message)
    return json.dumps(fields, separators=separators).encode()


# In every shell that can be a user's, in both installs, for every event.
every_way = [
    pytest.param(by, kind, absolute, id=f"{by}-{kind}-{'absolute' if absolute else 'portable'}")
    for by in SHELLS
    for kind in EXECUTABLES
    for absolute in (False, True)
]
#: What becomes of a hook, and the words of the block. None: it answered, and its answer goes through.
FATES = {
    "echo ANSWER; echo noise >&2; exit $CODEX_GUARD_JUDGED": None,
    "echo ANSWER; echo why >&2; exit 2": None,
    # What ends well without having judged is somebody else, or an empty file.
    "echo ANSWER; exit 0": "stopped with status 0 before it could judge",
    "echo ANSWER; exit 1": "stopped with status 1 before it could judge",
    "echo ANSWER; exit 3": "stopped with status 3 before it could judge",
    "exit 126": "cannot be started",
    "exit 127": "cannot be started",
    "kill -KILL $$": "stopped with status 137 before it could judge",
    "ulimit -c 0; kill -SEGV $$": "stopped with status 139 before it could judge",
    "kill -TERM $$": "stopped with status 143 before it could judge",
    "exit 255": "stopped with status 255 before it could judge",
}


@pytest.mark.parametrize(("by", "kind", "absolute"), every_way)
def test_whatever_becomes_of_a_hook_is_an_answer_or_a_block(
    machine: Machine, by: str, kind: str, *, absolute: bool
) -> None:
    for body, block in FATES.items():
        machine.put(body)
        done = machine.run(kind, absolute=absolute, by=by, stdin=stop_event(continued=False))
        if block is None:
            status = 2 if body.endswith("2") else 0
            assert (done.returncode, done.stdout) == (status, b"ANSWER\n"), body
            assert (b"why\n" if status else b"noise\n") == done.stderr
            continue
        assert done.returncode == 2, body
        sentence = done.stderr.decode()
        assert f"codex-guard: the {kind} hook" in sentence, body
        assert block in sentence, body


@pytest.mark.parametrize("by", SHELLS)
@pytest.mark.parametrize("kind", EXECUTABLES)
def test_a_shells_options_from_outside_change_nothing(machine: Machine, by: str, kind: str) -> None:
    machine.put("exit 3")
    script = hook_command(kind, PORTABLE).replace("/bin/sh", f"{shell('bash')} --posix", 1)
    done = subprocess.run(
        [shell(by), "-c", script],
        input=stop_event(continued=False),
        capture_output=True,
        check=False,
        env=os.environ
        | {"PATH": f"{machine.bin}:{os.environ['PATH']}", "SHELLOPTS": "errexit:nounset:xtrace"},
    )
    assert done.returncode == 2
    assert b"stopped with status 3" in done.stderr
    assert b"last_assistant_message" not in done.stderr


@pytest.mark.parametrize(("by", "kind", "absolute"), every_way)
@pytest.mark.parametrize("fate", ["missing", "not executable", "a folder"])
def test_a_hook_that_cannot_be_started_blocks_and_says_what_to_do(
    machine: Machine, by: str, kind: str, *, absolute: bool, fate: str
) -> None:
    if fate == "not executable":
        machine.put("exit 0", mode=0o644)
    if fate == "a folder":
        for name in (machine.interpreter.name, *set(EXECUTABLES.values())):
            (machine.bin / name).mkdir()
    # The real executables must not be found behind the fake ones.
    done = machine.run(kind, absolute=absolute, by=by, stdin=b"{}", PATH=f"{machine.bin}:/usr/bin:/bin")
    assert done.returncode == 2
    sentence = done.stderr.decode()
    assert f"the {kind} hook cannot be started: is codex-guard installed?" in sentence
    assert ("Reinstall it" if absolute else "on PATH") in sentence
    assert sentence.endswith(".\n")


@pytest.mark.parametrize(("by", "kind", "absolute"), every_way)
def test_the_event_arrives_byte_for_byte(machine: Machine, by: str, kind: str, *, absolute: bool) -> None:
    machine.put('printf "%s\\n" "$@" >arguments; cat >event; exit 90')
    # JSON has no NUL, and the end of a line behind an event means nothing: Stop's wrapper may lose these.
    raw = bytes(range(1, 256)) * 2_000 + b'\\n\\"$(id) %s \\0'
    raw = raw if kind.endswith("Stop") else b"\0" + raw + b"\n\n"
    assert machine.run(kind, absolute=absolute, by=by, stdin=raw).returncode == 0
    assert (machine.folder / "event").read_bytes() == raw
    name = EXECUTABLES[kind].removeprefix("codex-guard-")
    expected = ["-X", "utf8", "-I", "-S", str(machine.launcher), name] if absolute else [""]
    assert (machine.folder / "arguments").read_text(encoding="utf-8") == "\n".join(expected) + "\n"


@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize("body", ["exit 1", "exit 127", "kill -KILL $$"])
@pytest.mark.parametrize("by", SHELLS)
class TestTheEndOfATurn:
    def test_the_first_failure_blocks(self, machine: Machine, by: str, body: str, *, absolute: bool) -> None:
        machine.put(body)
        done = machine.run("Stop", absolute=absolute, by=by, stdin=stop_event(continued=False))
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"the Stop hook" in done.stderr

    @pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
    def test_the_second_in_a_row_ends_the_turn_with_a_message(
        self, machine: Machine, by: str, body: str, *, absolute: bool, separators: tuple[str, str]
    ) -> None:
        machine.put(body)
        stdin = stop_event(continued=True, separators=separators)
        done = machine.run("Stop", absolute=absolute, by=by, stdin=stdin)
        assert done.returncode == 0
        answer = answers.check("Stop", done.stdout.decode())
        assert answer.keys() == {"systemMessage"}
        assert "The turn ends unchecked." in answer["systemMessage"]

    @pytest.mark.parametrize(
        "message",
        [
            '"stop_hook_active":true',
            '{"stop_hook_active": true}',
            '\\"stop_hook_active\\":true',
            '","stop_hook_active":true,"',
            "\\\\",
        ],
    )
    def test_what_the_model_says_does_not_end_it(
        self, machine: Machine, by: str, body: str, *, absolute: bool, message: str
    ) -> None:
        machine.put(body)
        for separators in ((",", ":"), (", ", ": ")):
            stdin = stop_event(continued=False, message=message, separators=separators)
            assert machine.run("Stop", absolute=absolute, by=by, stdin=stdin).returncode == 2


@pytest.mark.parametrize("inner", SHELLS)
def test_any_shell_can_be_the_machines_sh(machine: Machine, inner: str) -> None:
    for body, block in FATES.items():
        machine.put(body)
        for kind in EXECUTABLES:
            command = hook_command(kind, Install(str(machine.interpreter), str(machine.launcher)))
            own = command.replace("/bin/sh", shell(inner), 1)
            done = subprocess.run(["sh", "-c", own], input=b"{}", capture_output=True, check=False)
            assert done.returncode == (0 if body.endswith("JUDGED") else 2), (kind, body)
            assert block is None or block in done.stderr.decode()


def test_a_large_event_passes_stop_although_e_is_a_variable_of_the_environment(machine: Machine) -> None:
    machine.put("cat >event; exit 90")
    raw = stop_event(continued=False, message="x" * 3_000_000)
    done = machine.run("Stop", absolute=True, stdin=raw, e="exported", s="exported", m="exported")
    assert (done.returncode, done.stderr) == (0, b"")
    assert (machine.folder / "event").read_bytes() == raw


def test_a_hook_that_does_not_read_its_event_still_answers(machine: Machine) -> None:
    machine.put("echo why >&2; exit 2")
    for kind in EXECUTABLES:
        done = machine.run(kind, absolute=True, stdin=stop_event(continued=True, message="x" * 1_000_000))
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"why\n" in done.stderr


def test_no_program_of_the_repository_reads_the_event(machine: Machine) -> None:
    (machine.bin / "cat").write_text("#!/bin/sh\ntouch ran\n")
    (machine.bin / "cat").chmod(0o755)
    machine.put("/bin/cat >event; exit 90")
    assert machine.run("Stop", absolute=True, stdin=b"{}").returncode == 0
    assert (machine.folder / "event").read_bytes() == b"{}"
    assert not (machine.folder / "ran").exists()


#: The modules that a hook may import, and those that Python imports by itself.
EVIL = ("json", "re", "os", "tomllib", "sitecustomize", "usercustomize", "codex_guard", "startup", "fcntl")


def evil_folder(folder: Path, marker: Path) -> Path:
    """Make modules that leave a mark when they are imported, in every place that Python can be led to."""
    code = f"import sys; sys.modules['builtins'].open({str(marker)!r}, 'a').write(__name__ + '\\n')\n"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    places = [folder, folder / "lib" / version, folder / "lib" / version / "site-packages"]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        for name in EVIL:
            (place / f"{name}.py").write_text(code)
    (places[2] / "evil.pth").write_text(f"import sys; open({str(marker)!r}, 'a').write('pth')\n")
    return folder


def evil_environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(folder),
        "PYTHONSTARTUP": str(folder / "startup.py"),
        "PYTHONUSERBASE": str(folder),
        "PYTHONINSPECT": "1",
        "PYTHONWARNINGS": "error::DeprecationWarning:codex_guard",
        "PYTHONPLATLIBDIR": "lib",
        "PYTHONCASEOK": "1",
        "PYTHONDEVMODE": "1",
    }


@pytest.mark.parametrize("home", [False, True], ids=["", "PYTHONHOME"])
@pytest.mark.parametrize("how", [PORTABLE, ABSOLUTE], ids=["portable", "absolute"])
@pytest.mark.parametrize("kind", EXECUTABLES)
def test_nothing_of_the_repository_or_the_environment_is_imported(
    tmp_path: Path, kind: str, how: Install, *, home: bool
) -> None:
    marker = tmp_path / "imported"
    folder = evil_folder(tmp_path / "evil", marker)
    environment = evil_environment(folder) | ({"PYTHONHOME": str(folder)} if home else {})
    token = expand("ghp_{crc62:36}")
    fields: dict[str, dict[str, Any]] = {
        "UserPromptSubmit": {"prompt": token},
        "PreToolUse": {"tool_input": {"command": f"echo {token} > x"}},
        "PostToolUse": {"tool_response": token},
    }
    for more in ({}, fields.get(kind, {})):
        done = subprocess.run(
            ["/bin/sh", "-c", hook_command(kind, how)],
            input=json.dumps(event(kind, folder, **more)).encode(),
            capture_output=True,
            check=False,
            cwd=folder,
            env=environment,
            timeout=60,
        )
        assert not marker.exists(), marker.read_text()
        assert (done.returncode, done.stderr) == (0, b"")
        assert bool(answers.check(kind, done.stdout.decode())) == bool(more)


def test_the_evil_modules_would_be_found(tmp_path: Path) -> None:
    marker = tmp_path / "imported"
    folder = evil_folder(tmp_path / "evil", marker)
    for way in ({}, {"PYTHONPATH": ""}):
        environment = evil_environment(folder) | way
        subprocess.run(
            [sys.executable, "-c", "import startup"],
            cwd=folder,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        assert "startup" in marker.read_text()
        marker.unlink()


@pytest.mark.parametrize("how", [PORTABLE, ABSOLUTE, Install(AWKWARD, f"/{AWKWARD}/launch.py")])
@pytest.mark.parametrize("kind", EXECUTABLES)
def test_a_command_is_recognised_as_ours(kind: str, how: Install) -> None:
    assert is_ours(hook_command(kind, how))
    assert is_ours(f"{hook_command(kind, how)} --timeout=60")


@pytest.mark.parametrize(
    "command",
    [
        None,
        7,
        ["/bin/sh"],
        "",
        "codex-guard-stop",
        "/bin/sh -c 'echo codex-guard'",
        "echo ' codex-guard '",
        "python3 -I /lib/other-guard.py",
    ],
)
def test_no_other_command_is(command: object) -> None:
    assert not is_ours(command)


@pytest.mark.parametrize("kind", EXECUTABLES)
def test_a_handler_is_what_codex_reads(kind: str) -> None:
    assert handler(kind, PORTABLE) == {
        "type": "command",
        "command": hook_command(kind, PORTABLE),
        "timeout": TIMEOUTS[kind],
        "statusMessage": handler(kind, ABSOLUTE)["statusMessage"],
    }
    assert isinstance(TIMEOUTS[kind], int)
    assert str(handler(kind, PORTABLE)["statusMessage"]).startswith("codex-guard: ")


@pytest.mark.parametrize("kind", EXECUTABLES)
def test_a_command_is_one_program_and_its_arguments(kind: str) -> None:
    words = shlex.split(hook_command(kind, PORTABLE))
    assert (words[:2], words[3:]) == (["/bin/sh", "-c"], ["codex-guard", EXECUTABLES[kind]])
    # fish reads these within single quotes as something else; every other shell does not.
    assert not {"\\\\", "\\'"} & {words[2][at : at + 2] for at in range(len(words[2]))}

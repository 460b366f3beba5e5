"""``codex-guard check``: which files it asks about, its exit status, and what it never shows."""

import io
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from codex_guard.checks.check import TOOLS, Check
from codex_guard.cli import progress
from codex_guard.cli.formats import report
from codex_guard.cli.main import main
from codex_guard.errors import GuardError
from codex_guard.guard import validation
from codex_guard.guard.asked import Asked
from codex_guard.guard.validation import Validated
from codex_guard.model import CheckFailure, CheckResult
from codex_guard.policy.policy import Policy
from codex_guard.secrets.rules.template import expand
from support import repositories

Captured = pytest.CaptureFixture[str]
KEY = expand("ghp_{crc62:36}")
RUFF = CheckResult("ruff", ("/bin/ruff", "check", "a.py"), seconds=0.12)
FAILURE = CheckFailure("ruff", "a.py", 2, 5, "F821", "Undefined name `y`")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with a commit, and files that differ from it."""
    folder = repositories.repository(tmp_path / "tree", "same.py", "api/same.py")
    repositories.put(folder / "a.py", "x = 1\nx = y\n")
    repositories.put(folder / "api/b.py", "x = 1\n")
    repositories.put(folder / ".gitignore", "ignored.py\n")
    repositories.put(folder / "ignored.py")
    monkeypatch.chdir(folder)
    return folder


class Stub:
    """Stands for the checks: keeps what it is asked, and says what it is told to."""

    def __init__(self) -> None:
        self.says = Validated(results=(RUFF,), how="in Codex's sandbox")
        self.asked: Asked | None = None
        self.policy = Policy()
        self.options: dict[str, Any] = {}
        self.raises: BaseException | None = None

    def __call__(self, asked: Asked, policy: Policy, **options: Any) -> Validated:
        self.asked, self.policy, self.options = asked, policy, options
        if self.raises is not None:
            raise self.raises
        return self.says

    def failing(self, *failures: CheckFailure, **changes: Any) -> None:
        result = RUFF.replace(failures=failures)
        self.says = self.says.replace(results=(result,), new=failures).replace(**changes)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Stub:
    found = Stub()
    monkeypatch.setattr(validation, "validate", found)
    monkeypatch.setattr(validation, "how", lambda *_: validation.How((), trusted=True, said=""))
    return found


def check(capsys: Captured, *arguments: str) -> tuple[int, str, str]:
    """Return exit status, output and errors, in which no secret may stand."""
    status = main(["check", *arguments])
    out, err = capsys.readouterr()
    assert KEY not in out + err
    return status, out, err


def files(stub: Stub) -> list[str]:
    return sorted(stub.asked.files) if stub.asked is not None else []


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        ([], [".gitignore", "a.py", "api/b.py"]),
        (["api"], ["api/b.py"]),
        (["./api/../a.py", "api/"], ["a.py", "api/b.py"]),
        (["."], [".gitignore", "a.py", "api/b.py"]),
        (["same.py"], []),
        (["--all"], [".gitignore", "a.py", "api/b.py", "api/same.py", "same.py"]),
        (["--all", "api"], ["api/b.py", "api/same.py"]),
    ],
)
def test_which_files(
    tree: Path, stub: Stub, capsys: Captured, arguments: list[str], asked: list[str]
) -> None:
    assert check(capsys, *arguments)[0] == 0
    assert files(stub) == asked
    assert not asked or (stub.asked is not None and stub.asked.top == str(tree))


def test_paths_start_from_the_folder_one_is_in(
    tree: Path, stub: Stub, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree / "api")
    check(capsys, "b.py")
    assert files(stub) == ["api/b.py"]
    check(capsys, "../a.py")
    assert files(stub) == ["a.py"]
    check(capsys)
    assert files(stub) == [".gitignore", "a.py", "api/b.py"]


def test_links(tree: Path, stub: Stub, capsys: Captured, tmp_path: Path) -> None:
    (tree / "link.py").symlink_to("a.py")
    (tmp_path / "way").symlink_to(tree / "api")
    check(capsys, "--all")
    assert "link.py" not in files(stub)
    check(capsys, "link.py")
    assert files(stub) == ["link.py"]
    check(capsys, str(tmp_path / "way"))
    assert files(stub) == ["api/b.py"]


def test_what_is_gone_is_told(tree: Path, stub: Stub, capsys: Captured) -> None:
    (tree / "same.py").unlink()
    check(capsys)
    assert stub.asked is not None
    assert stub.asked.gone == ("same.py",)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.py"], "codex-guard: There is no file or folder 'none.py'.\n"),
        (["/"], "codex-guard: '/' is not in the repository of this folder: go there first.\n"),
        (["--tool", "rufff"], "codex-guard: There is no check 'rufff': did you mean 'ruff'?"),
        (["--tool", KEY], "codex-guard: There is no check '<masked:github-pat>'."),
        ([KEY], "codex-guard: There is no file or folder '<masked:github-pat>'.\n"),
    ],
)
def test_what_cannot_be_asked(
    tree: Path, stub: Stub, capsys: Captured, arguments: list[str], said: str
) -> None:
    status, out, err = check(capsys, *arguments)
    assert (status, out, stub.asked) == (2, "", None)
    assert err.startswith(said)


def test_outside_a_repository(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in ([], ["--all"]):
        status, out, err = check(capsys, *arguments)
        assert (status, out) == (2, "")
        assert err.startswith("codex-guard: This folder is in no git repository")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing differs from HEAD; --all checks it all."),
        (["same.py"], "nothing there differs from HEAD; --all checks it all."),
        (["--all", "ignored.py"], "there is no file."),
    ],
)
def test_nothing_to_check(tree: Path, stub: Stub, capsys: Captured, arguments: list[str], said: str) -> None:
    repositories.run(tree, "add", "--all")
    repositories.run(tree, "commit", "-q", "-m", "second")
    assert check(capsys, *arguments) == (0, "", f"codex-guard: {said}\n")
    assert stub.asked is None


def test_options(tree: Path, stub: Stub, capsys: Captured) -> None:
    check(capsys)
    assert (stub.policy.check_sandbox, stub.policy.check_tools) == ("codex", None)
    assert stub.options == {"compare": False, "remember": False, "progress": None}
    check(capsys, "--new", "--no-sandbox", "--tool", "mypy", "--tool", "go vet")
    assert (stub.policy.check_sandbox, stub.policy.check_tools) == ("none", ("mypy", "go vet"))
    assert stub.options["compare"] is True


def test_a_policys_own_commands_have_names_too(tree: Path, stub: Stub, capsys: Captured) -> None:
    entries = "".join(
        f'[[checks.commands]]\nname = "{name}"\ncommand = ["true"]\n' for name in ("one", "two")
    )
    repositories.put(tree / ".codex-guard.toml", entries)
    check(capsys)
    assert [command.name for command in stub.policy.check_commands] == ["one", "two"]
    check(capsys, "--tool", "two")
    assert [command.name for command in stub.policy.check_commands] == ["two"]
    assert stub.policy.check_tools == ()


def test_help_names_every_tool(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert [tool for tool in TOOLS if tool not in told] == []


NO_VERDICT = RUFF.replace(tool="mypy", problem="mypy did not finish within 1 seconds and was stopped.")
NOT_STARTED = CheckResult("eslint", (), problem="eslint is not installed: it was not run.")
UNMET = CheckFailure("eslint", ".", 0, 0, "not-installed", str(NOT_STARTED.problem))


@pytest.mark.parametrize(
    ("results", "new", "status"),
    [
        ((), (), 0),
        ((RUFF,), (), 0),
        ((RUFF,), (FAILURE,), 1),
        ((RUFF, NOT_STARTED), (), 0),
        ((RUFF, NOT_STARTED), (FAILURE,), 1),
        ((RUFF, NOT_STARTED), (UNMET,), 2),
        ((RUFF, NOT_STARTED), (FAILURE, UNMET), 2),
        ((NOT_STARTED,), (), 2),
        ((RUFF, NO_VERDICT), (), 2),
        ((RUFF, NO_VERDICT), (FAILURE,), 2),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_exit_status(
    tree: Path,
    stub: Stub,
    capsys: Captured,
    results: tuple[CheckResult, ...],
    new: tuple[CheckFailure, ...],
    status: int,
    form: str,
) -> None:
    stub.says = Validated(results=results, new=new)
    found, out, err = check(capsys, "--format", form)
    assert found == status
    # What is told as a problem is no failure besides.
    assert (out + err).count("eslint is not installed") == (NOT_STARTED in results)
    assert ("F821" in out) == (FAILURE in new)
    if form == "json":
        assert json.loads(out)["status"] == ("clean", "failures", "incomplete")[status]


def test_text(tree: Path, stub: Stub, capsys: Captured) -> None:
    stub.failing(FAILURE, old=3, uncompared=("ruff",))
    stub.says = stub.says.replace(results=(*stub.says.results, NOT_STARTED.replace(root="api")))
    status, out, err = check(capsys)
    assert status == 1
    assert out.splitlines() == [
        "a.py:2:5  F821  Undefined name `y`  [ruff]",
        "    x = y",
        "        ^",
        "",
        "To run them again:",
        "  /bin/ruff check a.py",
    ]
    assert err.splitlines() == [
        "codex-guard: api: eslint is not installed: it was not run.",
        "codex-guard: Which failures of ruff HEAD has could not be told: all of them count.",
        (
            "codex-guard: 1 failure in 1 file (3 not counted: there before, or in other files);"
            " ruff 0.1 s in Codex's sandbox; no verdict of eslint in api."
        ),
    ]


def test_no_check_applies(tree: Path, stub: Stub, capsys: Captured) -> None:
    stub.says = Validated(how="in Codex's sandbox")
    assert check(capsys) == (0, "", "codex-guard: no check applies to 3 files.\n")


def test_a_hint_where_the_sandbox_is_what_is_missing(tree: Path, stub: Stub, capsys: Captured) -> None:
    unsafe = NOT_STARTED.replace(problem="eslint was not run: there is no sandbox of Codex's to run it in.")
    stub.says = Validated(results=(RUFF, unsafe))
    assert "--no-sandbox runs them as you" in check(capsys)[2]
    assert "--no-sandbox" not in check(capsys, "--no-sandbox")[2]


def test_a_policy_that_skips_without_a_sandbox(
    tree: Path, stub: Stub, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "how", lambda *_: None)
    status, out, err = check(capsys)
    assert (status, out, stub.asked) == (2, "", None)
    assert err.startswith("codex-guard: Nothing was checked: Codex's sandbox was not found")


@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [
        (False, {}, False),
        (True, {}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colours(
    tree: Path,
    stub: Stub,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,  # noqa: FBT001
    environment: dict[str, str],
    coloured: bool,  # noqa: FBT001
) -> None:
    for name, value in ({"TERM": "xterm", "NO_COLOR": ""} | environment).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    stub.failing(FAILURE)
    assert ("\x1b[" in check(capsys)[1]) == coloured


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_no_secret_is_shown(tree: Path, stub: Stub, capsys: Captured, form: str) -> None:
    repositories.put(tree / "a.py", f"x = 1\nTOKEN = '{KEY}'; y\n")
    stub.failing(
        FAILURE.replace(column=6, message=f"Literal['{KEY}'] is no int"),
        FAILURE.replace(path=f"{KEY}.py", code=KEY),
        # Cut, it is no token any more: only the file tells what it is.
        FAILURE.replace(line=1, column=0, message=f"bad value '{KEY[:30]}"),
    )
    stub.says = stub.says.replace(
        results=(stub.says.results[0].replace(command=("ruff", f"./{KEY}.py"), root=KEY),
                 NO_VERDICT.replace(problem=f"mypy did not like {KEY}."))
    )  # fmt: skip
    out = "".join(map(str, check(capsys, "--format", form)))
    assert out.count("masked:github-pat") + out.count("masked%3Agithub-pat") >= 5
    assert KEY[:30] not in out
    if form == "text":
        assert "    TOKEN = '<masked:github-pat>'; y\n         ^\n" in out


def test_a_line_of_a_private_key_is_masked(tree: Path, stub: Stub, capsys: Captured) -> None:
    key = "-----BEGIN RSA " + expand("PRIVATE KEY-----\n{pem:640}\n-----END RSA ") + "PRIVATE KEY-----\n"
    repositories.put(tree / "a.py", f"'''\n{key}'''\n")
    stub.failing(FAILURE.replace(line=4, column=1))
    out = check(capsys)[1]
    assert key.splitlines()[2] not in out
    assert "masked:" in out


def test_files_outside_of_the_tree_are_not_read(
    tree: Path, stub: Stub, capsys: Captured, tmp_path: Path
) -> None:
    outside = repositories.put(tmp_path / "outside.py", "first\nsecond\n")
    (tree / "link.py").symlink_to(outside)
    os.mkfifo(tree / "pipe.py")
    for path in (str(outside), "link.py", "../outside.py", "pipe.py", "none.py", "a\0b"):
        stub.failing(FAILURE.replace(path=path))
        status, out, _ = check(capsys)
        assert status == 1
        assert "second" not in out


def test_a_line_that_is_not_there(tree: Path, stub: Stub, capsys: Captured) -> None:
    stub.failing(FAILURE.replace(line=99))
    assert check(capsys)[1].startswith("a.py:99:5  F821  Undefined name `y`  [ruff]\n\nTo run them again:")


def test_no_more_source_is_read_than_there_is_room_for(
    tree: Path, stub: Stub, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "_MOST_CHARACTERS", 12)
    stub.failing(FAILURE, FAILURE.replace(path="api/b.py", line=1))
    out = check(capsys)[1]
    assert "    x = y\n" in out
    assert "    x = 1\n" not in out


def test_interruption(tree: Path, stub: Stub, capsys: Captured) -> None:
    stub.raises = KeyboardInterrupt()
    assert check(capsys) == (130, "", "codex-guard: interrupted.\n")


def test_an_error_of_the_checks(tree: Path, stub: Stub, capsys: Captured) -> None:
    stub.raises = GuardError("It broke.")
    assert check(capsys) == (2, "", "codex-guard: It broke.\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


MYPY, WEB = Check("mypy", "/t"), Check("eslint\x1b[2J", "/t/web")


def test_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    stream = Terminal()
    with progress.shown(stream) as told:
        assert told is not None
        told(MYPY, None)
        assert stream.getvalue().endswith("\r\x1b[Kmypy 0 s")
        told(WEB, None)
        assert "\x1b[2J" not in stream.getvalue()
        told(MYPY, RUFF)
        assert stream.getvalue().endswith("1 done")
        told(MYPY, RUFF)  # never started: not counted
        assert stream.getvalue().endswith("1 done")
    shown = stream.getvalue()
    assert shown.endswith("\r\x1b[K")
    assert max(map(len, shown.split("\r\x1b[K"))) < 60
    told(WEB, RUFF)
    assert stream.getvalue() == shown


def test_progress_goes_on_while_a_check_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched(Terminal):
        def write(self, text: str) -> int:
            if self.getvalue().count("mypy") > 1:
                again.set()
            return super().write(text)

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "_AGAIN", 0.001)
    again = threading.Event()
    with progress.shown(Watched()) as told:
        assert told is not None
        told(MYPY, None)
        assert again.wait(60)


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    with progress.shown(io.StringIO()) as told:
        assert told is None
    monkeypatch.setenv("TERM", "dumb")
    with progress.shown(Terminal()) as told:
        assert told is None


def test_a_terminal_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(Terminal):
        def write(self, _: str) -> int:
            raise OSError

    monkeypatch.setenv("TERM", "xterm")
    with progress.shown(Gone()) as told:
        assert told is not None
        told(MYPY, None)


def test_the_real_checks(tree: Path, capsys: Captured) -> None:
    repositories.put(tree / "ruff.toml", "lint.select = ['F']\n")
    repositories.put(tree / "same.py", "import os\n")
    repositories.run(tree, "add", "same.py")
    repositories.run(tree, "commit", "-q", "-m", "second")
    repositories.put(tree / "same.py", "import os\n\nimport sys\n")
    status, out, err = check(capsys, "--no-sandbox", "--tool", "ruff", "--format", "json")
    found = json.loads(out)
    assert (status, err, found["status"], found["how"]) == (1, "", "failures", "without a sandbox")
    assert [(one["path"], one["line"], one["code"]) for one in found["failures"]] == [
        ("a.py", 2, "F821"),
        ("same.py", 1, "F401"),
        ("same.py", 3, "F401"),
    ]
    assert [(one["tool"], one["failures"], one["problem"]) for one in found["checks"]] == [("ruff", 3, None)]
    found = json.loads(check(capsys, "--no-sandbox", "--tool", "ruff", "--new", "--format", "json")[1])
    assert [(one["path"], one["line"]) for one in found["failures"]] == [("a.py", 2), ("same.py", 3)]
    assert found["old"] == 1
    assert check(capsys, "--no-sandbox", "--tool", "ruff", "api")[0] == 0

"""The failures as the next prompt."""

import shlex
from pathlib import Path

import pytest

from codex_guard.checks import report
from codex_guard.checks.report import leftover
from codex_guard.model import CheckFailure, CheckResult
from codex_guard.secrets.rules.template import expand

COMMAND = ("/usr/bin/ruff", "check", "./a b.py")
WRONG = CheckFailure("ruff", "a.py", 2, 5, "F401", "`os` imported but unused")


def result(
    *failures: CheckFailure, command: tuple[str, ...] = COMMAND, problem: str | None = None
) -> CheckResult:
    return CheckResult("ruff", command, failures, problem)


def continuation(results: tuple[CheckResult, ...], top: str) -> str:
    """Report all failures and problems of some results."""
    failures = tuple(failure for result in results for failure in result.failures)
    problems = [result.problem for result in results if result.problem is not None]
    return report.continuation(failures, results, top, problems=problems)


def test_it_says_what_is_wrong_where_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("first\n    import os  # é\nthird\n")
    unknown = CheckFailure("mypy", "gone.py", 7, 0, "misc", "Wrong")
    results = (result(WRONG), CheckResult("mypy", ("mypy", "./a.py"), (unknown,)), CheckResult("x", ("x",)))
    assert continuation(results, str(tmp_path)) == (
        "codex-guard: the checks of what you changed found 2 failures. Fix them, then finish.\n"
        "\n"
        "a.py:2:5: ruff F401: `os` imported but unused\n"
        "    import os  # é\n"
        "gone.py:7: mypy misc: Wrong\n"
        "\n"
        "To see them all again:\n"
        "  /usr/bin/ruff check './a b.py'\n"
        "  mypy ./a.py"
    )


def test_what_says_the_same_of_many_lines_is_said_once(tmp_path: Path) -> None:
    text = continuation((result(*(WRONG.replace(line=line) for line in range(1, 21))),), str(tmp_path))
    assert "found 20 failures" in text
    assert text.count("imported but unused") == 1
    assert "    The same at a.py:2:5, a.py:3:5, " in text
    assert "a.py:11:5 and 9 more." in text
    assert "… and" not in text


def test_a_check_below_the_top_is_run_again_there(tmp_path: Path) -> None:
    below = result(WRONG).replace(root="packages/a b")
    assert "  cd 'packages/a b' && /usr/bin/ruff check" in continuation((below,), str(tmp_path))


def test_a_check_that_could_not_run_is_said(tmp_path: Path) -> None:
    text = continuation((result(WRONG), result(problem="mypy is not installed.")), str(tmp_path))
    assert "found 1 failure." in text
    assert text.endswith("\n\nmypy is not installed.")


LONG = {
    "many": result(*(WRONG.replace(line=line, message=f"`m{line}` unused") for line in range(500))),
    "many in CJK": result(*(WRONG.replace(line=line, message="語" * 60 + str(line)) for line in range(500))),
    "a long message": result(WRONG.replace(message="word " * 5_000)),
    "a long message of one word": result(WRONG.replace(message="x" * 50_000)),
    "long paths": result(
        *(WRONG.replace(path="é" * 200 + f"/{line}.py", message=f"{line}") for line in range(500))
    ),
    "long commands": result(WRONG, command=(*COMMAND, *(f"./語{number}.py" for number in range(500)))),
    "one long argument": result(WRONG, command=("/usr/bin/ruff", "check", "語" * 5_000)),
    "a long problem": result(WRONG, problem="word " * 5_000),
    "half surrogate pairs": result(
        *(WRONG.replace(line=line, message="\udcff" * 50 + str(line)) for line in range(500))
    ),
}


@pytest.mark.parametrize("case", LONG)
def test_it_never_grows_beyond_what_codex_passes_on(tmp_path: Path, case: str) -> None:
    text = continuation((LONG[case], LONG[case]), str(tmp_path))
    assert len(text.encode("utf-8", "backslashreplace")) < 7_900
    assert "To see them all again:\n  /usr/bin/ruff check" in text
    shown = sum(line.startswith(("a.py:", "é")) for line in text.splitlines())
    total = 2 * len(LONG[case].failures)
    assert f"found {total} failures" in text
    assert shown > 0
    assert (f"… and {total - shown} more." in text) == (shown < total)


def test_a_long_command_keeps_whole_arguments(tmp_path: Path) -> None:
    command = (*COMMAND, *(f"./a file {number}.py" for number in range(500)))
    text = continuation((result(WRONG, command=command),), str(tmp_path))
    shown = text.splitlines()[-1].strip().removesuffix(" …")
    assert shlex.split(shown) == list(command[: len(shlex.split(shown))])
    assert len(shlex.split(shown)) > 10


@pytest.mark.parametrize("where", ["the source", "the message"])
def test_no_half_of_a_secret_is_shown(tmp_path: Path, where: str) -> None:
    token = expand("ghp_{crc62:36}")
    for before in range(0, 1_010, 7):
        text = "x" * before + f" {token} " + "y" * 300
        (tmp_path / "a.py").write_text(f"\n{text}\n")
        failure = WRONG.replace(message=text) if where == "the message" else WRONG
        shown = continuation((result(failure),), str(tmp_path))
        assert token in shown or token[:12] not in shown


SOURCES = {
    "missing": None,
    "shorter than the line": b"one\n",
    "not UTF-8": b"\n\xff\n",
    "a long line": b"\n" + b"x" * 161 + b"\n",
}


@pytest.mark.parametrize("case", SOURCES)
def test_a_source_that_cannot_be_shown_is_left_out(tmp_path: Path, case: str) -> None:
    if (source := SOURCES[case]) is not None:
        (tmp_path / "a.py").write_bytes(source)
    text = continuation((result(WRONG),), str(tmp_path))
    assert ("\n    " in text) == (case == "not UTF-8")


@pytest.mark.parametrize("path", ["../outside.py", "{0}/outside.py", ".", "a\0.py"])
def test_any_path_has_a_report(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside.py").write_text("first\nsecond\n")
    (tmp_path / "repo").mkdir()
    failure = WRONG.replace(path=path.format(tmp_path))
    text = continuation((result(failure),), str(tmp_path / "repo"))
    assert ("    second" in text) == ("outside" in path)


def test_what_is_left_over_is_said_with_its_places() -> None:
    few = leftover((WRONG,), "they still fail after 3 rounds")
    assert few == (
        "codex-guard: the turn ends with failing checks, because they still fail after 3 rounds:"
        " a.py:2:5 F401."
    )
    many = leftover(tuple(WRONG.replace(line=line) for line in range(12)), "why")
    assert many.endswith("a.py:9:5 F401 and 2 more.")

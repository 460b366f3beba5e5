"""The benchmark of the secret search says what is so: its scores, its sentences, its readers of reports."""

import base64
import importlib
import json
import os
import subprocess
import sys
from math import inf
from pathlib import Path
from typing import Any

import pytest

from codex_guard.secrets.rules.template import expand

TOP = Path(__file__).parent.parent
KEY = expand("ghp_{crc62:36}")
OTHER = expand("ghp_{crc62:36}", 1)


def case(text: str, label: str = "positive", kind: str = "secret", **more: Any) -> dict[str, Any]:
    encoded = base64.b64encode(text.encode()).decode()
    flag = {"agreed": True} if label == "positive" else {"strict": True}
    return {"text_b64": encoded, "provider": "acme", "label": label, "kind": kind} | flag | more


#: Of the secrets that count, acme's two are found and not found, zeta's one is: 2 of 3, and 75 % a provider.
CASES = [
    case(f"token {KEY}"),
    case("nothing\x1b[2J to see|here\n"),
    case(OTHER, provider="zeta"),
    case("no key either", agreed=False),
    case("nor here", kind="identifier"),
    case("password of no shape", kind="generic", provider="zeta"),
    case(f"an alarm\t{KEY}", label="negative", provider="beta"),
    case("quiet", label="negative"),
    case(f"not strict: {KEY}", label="negative", strict=False),
]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write(tmp_path, *(json.dumps(each) for each in CASES))


def write(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def bench(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TOP / "benchmarks" / "secrets.py"), *map(str, arguments)],
        capture_output=True, check=False, encoding="utf-8", env=os.environ | environment, timeout=300,
    )  # fmt: skip


def row(printed: str, name: str) -> list[str]:
    """Return the cells behind the first one of the table's line that starts with it."""
    for line in printed.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if cells[0] == name:
            return cells[1:]
    raise AssertionError(f"no row {name!r} in:\n{printed}")


def test_scores(cases: Path) -> None:
    done = bench("--cases", cases, "--no-peers")
    assert (done.returncode, done.stderr) == (0, "")
    scores = row(done.stdout, "codex-guard")[:4]
    assert scores == ["66.7 % (2/3)", "75.0 % (2)", "0.0 % (0/1)", "50.0 % (1/2)"]
    assert "gitleaks" not in done.stdout
    assert "Missed" not in done.stdout


def test_what_nothing_counts_for_is_a_dash(tmp_path: Path) -> None:
    done = bench("--cases", write(tmp_path, json.dumps(CASES[3])), "--no-peers")
    assert row(done.stdout, "codex-guard")[:4] == ["-"] * 4


def test_lists(cases: Path) -> None:
    done = bench("--cases", cases, "--no-peers", "--misses", "--false-alarms")
    lines = [line for line in done.stdout.splitlines() if line.startswith("- ")]
    assert lines == [
        "- acme (secret): nothing\\x1b[2J to see|here\\n",
        "- zeta (generic): password of no shape",
        "- beta (secret): github-pat: an alarm\\t<masked:github-pat>",
    ]
    assert "Missed: 2" in done.stdout
    assert "False alarms: 1" in done.stdout


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "holds no case"),
        ("{", "cases.jsonl:1: not JSON"),
        ("[]", "cases.jsonl:1: a case is a JSON object"),
        (json.dumps(case("a", label="maybe")), "'label' must be one of positive, negative"),
        (json.dumps(case("a", kind="thing")), "'kind' must be one of secret, generic, identifier"),
        (json.dumps(case("a", provider="")), "'provider' must be a text"),
        (json.dumps(case("a", agreed="yes")), "'agreed' must be true or false"),
        (json.dumps(case("a", text_b64="?")), "'text_b64' must be base64 of a text in UTF-8"),
        (json.dumps(case("a", text_b64="/w==")), "'text_b64' must be base64 of a text in UTF-8"),
        (json.dumps(case("a", text_b64=None)), "'text_b64' must be base64 of a text in UTF-8"),
    ],
)
def test_unreadable_cases_are_a_sentence(line: str, sentence: str, tmp_path: Path) -> None:
    done = bench("--cases", write(tmp_path, line), "--no-peers")
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.startswith("benchmarks/secrets.py: ")
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--cases", "/nowhere/cases.jsonl"), "/nowhere/cases.jsonl cannot be read: No such file"),
        (("--benign", "/nowhere"), "/nowhere is no folder"),
        (("--pumped", "no-such-rule"), "There is no rule 'no-such-rule'"),
        (("--quick",), "unrecognized arguments: --quick"),
    ],
)
def test_bad_arguments_are_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    done = bench(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr


def peer(folder: Path, name: str, body: str) -> None:
    """Write a program that stands for a scanner: ``flagged`` are the paths of the first ``n`` cases."""
    path = folder / name
    path.write_text(
        f"#!{sys.executable}\nimport json, os, sys\na = sys.argv[1:]\n"
        "folder = next(item for item in a if os.path.isdir(item))\n"
        "flagged = lambda n: [os.path.join(folder, f'{number}.txt') for number in range(n)]\n"
        "after = lambda option: a[a.index(option) + 1]\n"
        f"{body}\n",
        encoding="utf-8",
    )
    path.chmod(0o755)


GITLEAKS = "json.dump([{'File': path} for path in flagged(1)], open(after('--report-path'), 'w'))"


def secrets_of(tmp_path: Path) -> Path:
    return write(tmp_path, *(json.dumps(case(f"text {number}")) for number in range(4)))


def test_peers_are_run_and_their_reports_are_read(tmp_path: Path) -> None:
    peer(tmp_path, "gitleaks", f"assert a[0] == 'dir'; {GITLEAKS}")
    peer(
        tmp_path,
        "betterleaks",
        "assert '--offline' in a; found = [{'location': {'path': path}} for path in flagged(2)]\n"
        "json.dump({'schema_version': '1', 'findings': found}, open(after('--output'), 'w'))",
    )
    peer(
        tmp_path,
        "kingfisher",
        "assert '--no-validate' in a; found = [{'finding': {'path': path}} for path in flagged(3)]\n"
        "json.dump({'findings': found}, open(after('--output'), 'w'))\nsys.exit(200)",
    )
    peer(
        tmp_path,
        "trufflehog",
        "assert '--no-verification' in a; print('no JSON')\nfor path in flagged(4):\n"
        "    print(json.dumps({'SourceMetadata': {'Data': {'Filesystem': {'file': path}}}}))",
    )
    peer(
        tmp_path,
        "credsweeper",
        "found = [{'line_data_list': [{'path': path} for path in flagged(1)]}]\n"
        "json.dump(found, open(after('--save-json'), 'w'))",
    )
    done = bench("--cases", secrets_of(tmp_path), PATH=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    names = (
        "codex-guard",
        "detect-secrets",
        "gitleaks",
        "betterleaks",
        "kingfisher",
        "trufflehog",
        "credsweeper",
    )
    found = {name: row(done.stdout, name)[0] for name in names}
    assert found == {
        "codex-guard": "0.0 % (0/4)",
        "detect-secrets": "0.0 % (0/4)",
        "gitleaks": "25.0 % (1/4)",
        "betterleaks": "50.0 % (2/4)",
        "kingfisher": "75.0 % (3/4)",
        "trufflehog": "100.0 % (4/4)",
        "credsweeper": "25.0 % (1/4)",
    }


def test_peers_that_fail_stop_nothing(tmp_path: Path) -> None:
    peer(tmp_path, "gitleaks", f"sys.stderr.write({KEY!r}); sys.exit(3)")
    # An older version does not know the newer one's command.
    peer(tmp_path, "betterleaks", f"if a[0] == 'fs': sys.exit(1)\n{GITLEAKS}")
    peer(tmp_path, "credsweeper", "open(after('--save-json'), 'w').write('oops')")
    peer(tmp_path, "trufflehog", "print(json.dumps({'SourceMetadata': None}))")
    done = bench("--cases", secrets_of(tmp_path), PATH=str(tmp_path))
    assert done.returncode == 0
    assert row(done.stdout, "gitleaks")[-1].startswith("it ended with exit code 3")
    assert row(done.stdout, "betterleaks")[0] == "25.0 % (1/4)"
    assert row(done.stdout, "kingfisher")[-1].startswith("not found on PATH")
    assert "not the JSON" in row(done.stdout, "credsweeper")[-1]
    assert "not the JSON" in row(done.stdout, "trufflehog")[-1]
    assert KEY not in done.stdout + done.stderr


def test_benign_text(tmp_path: Path) -> None:
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "a.py").write_text(f'{"x = 1; " * 40}print("{KEY}")\n', encoding="utf-8")
    (tmp_path / "b.py").write_text("print()\n", encoding="utf-8")
    (tmp_path / "c.MD").write_text(f"# {OTHER}\n", encoding="utf-8")
    for skipped in ("d.png", "site-packages/e.py"):
        (tmp_path / skipped).write_text(KEY, encoding="utf-8")
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    done = bench("--benign", tmp_path, tmp_path, "--false-alarms")
    assert (done.returncode, done.stderr) == (0, "")
    assert row(done.stdout, "Python")[::2] == ["2", "1"]
    assert row(done.stdout, "documents")[::2] == ["1", "1"]
    assert row(done.stdout, "all")[::2] == ["3", "2"]
    assert row(done.stdout, "github-pat") == ["2"]
    assert f"{tmp_path}/c.MD:1: github-pat: # <masked:github-pat>" in done.stdout
    assert KEY not in done.stdout
    assert KEY[:10] not in done.stdout
    assert "MB/s on one core" in done.stdout
    assert len(row(done.stdout, "every further one")) == 3


def test_pumped_texts() -> None:
    done = bench("--pumped", "github-pat")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Rules: 1. Texts: " in done.stdout
    assert "The slowest" in done.stdout


def test_growth_is_the_worst_of_the_doublings_that_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(TOP)
    pumped = importlib.import_module("benchmarks.pumped")
    for milliseconds, worst in (
        ((1.0, 4.0, 16.0, 64.0), 4.0),
        ((1.0, 2.0, 8.0, 8.0), 4.0),
        ((0.001, 0.01, 1.0, 2.0), 100.0),
        ((0.001, 0.01, 0.02, 0.03), 0.0),
        ((0.001, 0.01, 0.02, inf), inf),
        ((inf, inf, inf, inf), inf),
    ):
        assert pumped.Growth("a", "its regex", "", milliseconds).worst == worst


def test_pumped_texts_have_their_size_and_show_no_whole_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(TOP)
    pumped = importlib.import_module("benchmarks.pumped")
    assert pumped._pump("ghp_", "ab", 9) == "ghp_ababa"
    assert pumped._shape("ghp_", "\n") == "ghp_ (\\n)*"
    assert pumped._shape(KEY, KEY) == f"…{KEY[-16:]} (…{KEY[-16:]})*"


def test_long_texts_are_cut_and_control_characters_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(TOP)
    tables = importlib.import_module("benchmarks.tables")
    assert tables.one_line("a\r\n\x00é\u2028\ud800") == "a\\r\\n\\x00é\\u2028\\ud800"
    assert tables.one_line("a" * 100 + "b" * 200) == f"{'a' * 80} … {'b' * 80}"


def commands(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TOP / "benchmarks" / "commands.py"), *map(str, arguments)],
        capture_output=True, check=False, encoding="utf-8", timeout=300,
    )  # fmt: skip


def labelled(command: str, label: str = "deny", tier: str = "core", **more: Any) -> str:
    encoded = base64.b64encode(command.encode()).decode()
    return json.dumps({"command_b64": encoded, "label": label, "tier": tier, "category": "a"} | more)


def test_commands_are_scored_by_tier_and_category(tmp_path: Path) -> None:
    lines = (
        labelled("rm -rf /"),
        labelled("echo harmless"),
        labelled("git reset --hard", label="allow", category="b"),
        labelled("ls", label="allow", tier="niche", category="b"),
    )
    done = commands("--cases", write(tmp_path, *lines), "--misses")
    assert (done.returncode, done.stderr) == (0, "")
    assert row(done.stdout, "core")[:2] == ["50.0 % (1/2)", "100.0 % (1/1)"]
    assert row(done.stdout, "niche")[:2] == ["-", "0.0 % (0/1)"]
    assert row(done.stdout, "all")[:2] == ["50.0 % (1/2)", "50.0 % (1/2)"]
    assert row(done.stdout, "a")[:2] == ["50.0 % (1/2)", "-"]
    assert row(done.stdout, "b")[:2] == ["-", "50.0 % (1/2)"]
    assert all(cell.isdecimal() for cell in row(done.stdout, "all")[2:])
    assert done.stdout.endswith(
        "\n### Missed: 1\n\n- core, a: echo harmless\n"
        "\n### Denied falsely: 1\n\n- core, b [git-reset-hard]: git reset --hard\n"
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "holds no case"),
        ("{", "cases.jsonl:1: not JSON"),
        ("[]", "cases.jsonl:1: a case is a JSON object"),
        (labelled("a", label="maybe"), "'label' must be one of deny, allow"),
        (labelled("a", label="deny", tier="other"), "'tier' must be one of core, infra, niche"),
        (labelled("a", category=""), "'category' must be a text"),
        (labelled("a", command_b64="/w=="), "'command_b64' must be base64 of a text in UTF-8"),
        (labelled("a", command_b64="é"), "'command_b64' must be base64 of a text in UTF-8"),
        (labelled("a", command_b64=None), "'command_b64' must be base64 of a text in UTF-8"),
    ],
)
def test_unreadable_commands_are_a_sentence(line: str, sentence: str, tmp_path: Path) -> None:
    done = commands("--cases", write(tmp_path, line))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("benchmarks/commands.py: ")
    assert sentence in done.stderr


def test_commands_that_are_nowhere_are_a_sentence() -> None:
    assert (
        "/nowhere/cases.jsonl cannot be read: No such file"
        in commands("--cases", "/nowhere/cases.jsonl").stderr
    )
    assert "--cases" in commands().stderr

"""``codex-guard scan`` with a baseline of detect-secrets: made, and run, by the library itself."""

import builtins
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from detect_secrets.constants import VerifiedResult
from detect_secrets.core import baseline
from detect_secrets.core.log import log
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.plugins.base import BasePlugin
from detect_secrets.settings import get_settings, transient_settings

from codex_guard.cli import detectors
from codex_guard.cli.main import main
from codex_guard.secrets.rules.template import expand

KEY = expand("ghp_{crc62:36}")
HEX = expand("{hex:40}", 5)  # no name says what it is: the library's guess alone
OTHER = expand("{hex:40}", 6)
PASSWORD = expand("{alnum:14}", 3)
BUILTIN: list[dict[str, Any]] = [
    {"name": "GitHubTokenDetector"},
    {"name": "KeywordDetector"},
    {"limit": 3.0, "name": "HexHighEntropyString"},
]
ALLOWLIST = {"path": "detect_secrets.filters.allowlist.is_line_allowlisted"}
VERIFY = {"path": "detect_secrets.filters.common.is_ignored_due_to_verification_policies", "min_level": 2}
HEX_RULE = "detect-secrets-hex-high-entropy-string"
PLUGIN = """
import re
from detect_secrets.plugins.base import RegexBasedDetector
open("ran", "w").close()
class AcmeDetector(RegexBasedDetector):
    secret_type = "Acme Ticket"
    denylist = [re.compile("ticket-[0-9]{6}")]
"""
OWN = [{"name": "AcmeDetector", "path": "file://own.py"}]
TICKET = "ticket-482913"
Captured = pytest.CaptureFixture[str]
Finding = tuple[str, int, str, str | None]


@pytest.fixture(autouse=True)
def the_library_as_it_was() -> Iterator[None]:
    before = get_settings().json()
    yield
    assert get_settings().json() == before
    assert not log.disabled
    assert "Acme Ticket" not in get_mapping_from_secret_type_to_class()


@pytest.fixture
def scan(repo: Path, capsys: Captured) -> Callable[..., tuple[int, list[Finding], str]]:
    """Return exit code, findings as (path, line, rule, suppressed), and errors; values stand in none."""

    def run(*arguments: str) -> tuple[int, list[Finding], str]:
        status = main(["scan", "--format", "jsonl", *(arguments or (".",))])
        out, err = capsys.readouterr()
        assert not [value for value in (KEY, HEX, OTHER, PASSWORD) if value in out + err]
        found = [json.loads(line) for line in out.splitlines()]
        return status, [(f["path"], f["line"], f["rule"], f["suppressed"]) for f in found], err

    return run


def write(folder: Path, name: str, content: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


def recorded(
    *files: str,
    plugins: list[dict[str, Any]] = BUILTIN,
    filters: list[dict[str, Any]] | None = None,
    said: bool | None = None,
) -> dict[str, Any]:
    """Return a baseline that the library makes of the files, in the current folder."""
    config = {"plugins_used": plugins} | ({} if filters is None else {"filters_used": filters})
    get_mapping_from_secret_type_to_class.cache_clear()
    with transient_settings(config):
        found = baseline.create(*files) if files else baseline.SecretsCollection()
        for _, secret in found:
            secret.is_secret = said
        document: dict[str, Any] = baseline.format_for_output(found)
    get_mapping_from_secret_type_to_class.cache_clear()
    return document


def keep(document: object, name: str = ".secrets.baseline") -> None:
    Path(name).write_text(json.dumps(document), encoding="utf-8")


def test_without_a_baseline(repo: Path, scan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repo, "a.py", f"h = '{HEX}'\n")
    monkeypatch.setitem(sys.modules, "detect_secrets", None)
    assert scan() == (0, [], "")


def test_what_is_in_the_baseline(repo: Path, scan: Any) -> None:
    write(repo, "a.py", f"h = '{HEX}'\npassword = '{PASSWORD}'\n")
    keep(recorded("a.py"))
    known = "in .secrets.baseline"
    write(repo, "a.py", f"h = '{HEX}'\npassword = '{PASSWORD}'\nk = '{OTHER}'\n")
    status, found, err = scan()
    assert found == [
        ("a.py", 1, HEX_RULE, known),
        ("a.py", 2, "generic-password", known),
        ("a.py", 3, HEX_RULE, None),
    ]
    assert (status, err) == (1, "")
    assert [suppressed for *_, suppressed in scan("--no-allow", ".")[1]] == [None] * 3
    write(repo, "a.py", f"\n\nh = '{HEX}'\n")
    assert scan()[:2] == (0, [("a.py", 3, HEX_RULE, known)])
    # It says nothing of another file.
    write(repo, "b.py", f"h = '{HEX}'\n")
    assert scan()[0] == 1


@pytest.mark.parametrize(
    ("said", "suppressed"),
    [(None, "in .secrets.baseline"), (False, "marked as no secret in .secrets.baseline"), (True, None)],
)
def test_what_an_audit_said(repo: Path, scan: Any, said: bool | None, suppressed: str | None) -> None:  # noqa: FBT001
    write(repo, "a.py", f"h = '{HEX}'\ntoken = '{KEY}'\n")
    keep(recorded("a.py", plugins=[*BUILTIN, {"name": "Base64HighEntropyString"}], said=said))
    assert [suppressed] * 2 == [why for *_, why in scan()[1]]


def test_who_said_that_it_is_one_wins(repo: Path, scan: Any) -> None:
    write(repo, "a.py", f"api_key = '{HEX}'\n")
    document = recorded("a.py")
    entries = document["results"]["a.py"]
    assert len(entries) == 2
    for first, second, suppressed in ((True, False, None), (False, True, None), (None, True, None)):
        entries[0]["is_secret"], entries[1]["is_secret"] = first, second
        keep(document)
        assert [why for *_, why in scan()[1]] == [suppressed]
    entries[0]["is_secret"], entries[1]["is_secret"] = None, False
    keep(document)
    assert [why for *_, why in scan()[1]] == ["marked as no secret in .secrets.baseline"]


def test_what_both_find_is_there_once(repo: Path, scan: Any) -> None:
    keep(recorded())
    write(repo, "a.py", f"token = '{KEY}'  # '{HEX}'\nTOKEN = '{KEY}'\n")
    assert scan()[1] == [
        ("a.py", 1, "github-pat", None),
        ("a.py", 1, HEX_RULE, None),
        ("a.py", 2, "github-pat", None),
    ]


def test_of_several_plugins_the_one_that_knows_more(repo: Path, scan: Any) -> None:
    write(
        repo,
        "own.py",
        PLUGIN.replace("Acme Ticket", "Zeta Ticket").replace("ticket-[0-9]{6}", "[0-9a-f]{40}"),
    )
    keep(recorded(plugins=[*BUILTIN, *OWN]))
    write(repo, "a.py", f"h = '{HEX}'\n")
    assert scan("--plugins", "a.py")[1] == [("a.py", 1, "detect-secrets-zeta-ticket", None)]


def test_places(repo: Path, scan: Any, capsys: Captured) -> None:
    keep(recorded())
    for end in ("\n", "\r\n", "\r"):
        (repo / "a.txt").write_bytes(f"é{end}{end}  '{HEX}'{end}".encode())
        main(["scan", "a.txt"])
        # Our lines end in a line feed.
        line, column = (1, 7) if end == "\r" else (3, 4)
        assert capsys.readouterr().out.startswith(
            f"a.txt:{line}:{column}: medium: Hex High Entropy String (det"
        )


def test_a_value_that_stands_altered(repo: Path, scan: Any, capsys: Captured) -> None:
    keep(recorded())
    write(repo, "a.yaml", f'a: 1\nkey:   "{HEX[:20]}\\x{ord(HEX[20]):x}{HEX[21:]}"\n')
    main(["scan", "a.yaml"])
    out = capsys.readouterr().out
    assert out.startswith("a.yaml:2:1: medium: Hex High Entropy String (detect-secrets)")


def test_allowed_lines(repo: Path, scan: Any) -> None:
    # By default a filter of the library takes the brackets of our mark for a subscript, and drops the line.
    keep(recorded(filters=[ALLOWLIST]))
    mark = f"codex-guard: allow[{HEX_RULE}] a commit"
    write(repo, "a.py", f"a = '{HEX}'  # pragma: allowlist secret\nb = '{OTHER}'  # {mark}\n")
    assert scan()[:2] == (0, [("a.py", 2, HEX_RULE, "allowed on its line: a commit")])
    assert scan("--no-allow", ".")[1] == [("a.py", 1, HEX_RULE, None), ("a.py", 2, HEX_RULE, None)]


def test_policies(repo: Path, scan: Any) -> None:
    keep(recorded())
    write(repo, "a.py", f"a = '{HEX}'\n")
    write(
        repo,
        ".codex-guard.toml",
        f'[[secrets.ignore]]\npaths = ["a.py"]\nrules = ["{HEX_RULE}"]\nreason = "x"\n',
    )
    assert scan("a.py")[:2] == (0, [("a.py", 1, HEX_RULE, "ignored in .codex-guard.toml:1: x")])
    write(repo, ".codex-guard.toml", f'secrets.disabled_rules = ["{HEX_RULE}"]\n')
    assert scan("a.py")[:2] == (0, [])


def test_filters_are_about_names_from_the_top(repo: Path, scan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    only = {"path": "detect_secrets.filters.regex.should_exclude_file", "pattern": ["^sub/b"]}
    write(repo, "sub/a.py", f"a = '{HEX}'\n")
    write(repo, "sub/b.py", f"a = '{HEX}'\n")
    keep(recorded(filters=[ALLOWLIST, only]))
    assert [path for path, *_ in scan()[1]] == ["sub/a.py"]
    monkeypatch.chdir(repo / "sub")
    assert [path for path, *_ in scan()[1]] == ["a.py"]
    assert os.getcwd() == str(repo / "sub")
    monkeypatch.chdir(repo.parent)
    assert [path for path, *_ in scan("repo")[1]] == ["repo/sub/a.py"]


def test_another_baseline(repo: Path, scan: Any) -> None:
    write(repo, "sub/a.py", f"a = '{HEX}'\n")
    keep(recorded("sub/a.py"), "sub/known.json")
    keep(recorded())
    assert scan()[0] == 1
    assert scan("--baseline", "sub/known.json", "sub")[:2] == (
        0,
        [("sub/a.py", 1, HEX_RULE, "in sub/known.json")],
    )


def test_the_digests_in_a_baseline_are_no_secrets(repo: Path, scan: Any) -> None:
    write(repo, "a.py", f"a = '{HEX}'\n")
    keep({**recorded("a.py"), "token": KEY})
    assert scan(".secrets.baseline")[1] == [(".secrets.baseline", 1, "github-pat", None)]


def test_what_is_outside_or_no_file(
    repo: Path, scan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(recorded())
    write(tmp_path, "a.py", f"a = '{HEX}'\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"a = '{HEX}'".encode())))
    assert scan("-", "../a.py") == (0, [], "")


def test_code_of_the_repository_runs_only_when_told(repo: Path, scan: Any) -> None:
    write(repo, "own.py", PLUGIN)
    write(repo, "a.py", f"t = '{TICKET}'\n")
    keep(recorded(plugins=[*BUILTIN, *OWN]))
    (repo / "ran").unlink()
    status, found, err = scan("a.py")
    assert (status, found) == (0, [])
    assert (
        ".secrets.baseline names code of the repository's own, which did not run: file://own.py. Say" in err
    )
    assert scan("--no-plugins", "a.py") == (0, [], "")
    assert not (repo / "ran").exists()
    assert scan("--plugins", "a.py") == (1, [("a.py", 1, "detect-secrets-acme-ticket", None)], "")
    assert (repo / "ran").exists()
    keep(recorded("a.py", plugins=[*BUILTIN, *OWN]))
    assert scan("--plugins", "a.py")[1] == [("a.py", 1, "detect-secrets-acme-ticket", "in .secrets.baseline")]


@pytest.mark.parametrize("path", ["file://own.py::told", "own.told"])
def test_filters_that_are_code(repo: Path, scan: Any, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(repo))
    write(repo, "own.py", "open('ran', 'w').close()\ndef told(secret):\n    return True\n")
    write(repo, "a.py", f"a = '{HEX}'\n")
    keep({**recorded(), "filters_used": [{"path": path}]})
    status, found, err = scan("a.py")
    assert (status, len(found)) == (1, 1)
    assert f"did not run: {path}. Say" in err
    assert not (repo / "ran").exists()
    assert scan("--plugins", "a.py")[:2] == (0, [])
    sys.modules.pop("own", None)


def test_plugins_of_an_old_baseline(repo: Path, scan: Any) -> None:
    write(repo, "own.py", PLUGIN)
    write(repo, "a.py", f"t = '{TICKET}'\nh = '{HEX}'\n")
    old = {
        "version": "0.14.3",
        "custom_plugin_paths": ["own.py"],
        "exclude": {"files": None, "lines": None},
        "plugins_used": [{"name": "HexHighEntropyString", "hex_limit": 3}],
        "results": {
            "a.py": [{"type": "Hex High Entropy String", "line_number": 9, "hashed_secret": digest(HEX)}]
        },
    }
    keep(old)
    status, found, err = scan("a.py")
    assert (status, found) == (0, [("a.py", 2, HEX_RULE, "in .secrets.baseline")])
    assert "did not run: own.py. Say" in err
    assert not (repo / "ran").exists()
    assert len(scan("--plugins", "a.py")[1]) == 2


def digest(value: str) -> str:
    return str(PotentialSecret("kind", "file", value).secret_hash)


def test_nothing_is_asked_of_a_provider(repo: Path, scan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def verify(self: object, secret: str) -> VerifiedResult:
        asked.append(secret)
        return VerifiedResult.UNVERIFIED

    monkeypatch.setattr(BasePlugin, "verify", verify)
    write(repo, "a.py", f"h = '{HEX}'\n")
    document = recorded("a.py", filters=[VERIFY])
    assert asked
    asked.clear()
    keep(document)
    for told in ("--plugins", "--no-plugins"):
        assert scan(told, "a.py") == (0, [("a.py", 1, HEX_RULE, "in .secrets.baseline")], "")
    assert asked == []


BROKEN = {
    "no JSON at line 2": '{\n"a',
    "no JSON": "[" * 200_000,
    "no 'version'": "[]",
    "no 'plugins_used'": '{"version": "1.5.0"}',
    "no 'results'": '{"version": "1.5.0", "plugins_used": [], "results": []}',
    "none that detect-secrets can use (": '{"version": "1.5.0", "plugins_used": [], "results": {"a": [{}]}}',
    "can use (ValueError)": '{"version": "new", "plugins_used": [], "results": {}}',
    "can use (TypeError)": (
        '{"version": "1.5.0", "plugins_used": [{"name": "KeywordDetector", "a": 1}], "results": {}}'
    ),
    "can use (KeyError)": '{"version": "1.5.0", "plugins_used": [], "filters_used": [{}], "results": {}}',
    "names plugins that this detect-secrets does not have: Acme?": (
        '{"version": "1.5.0", "plugins_used": [{"name": "Acme\\u001b"}], "results": {}}'
    ),
}


@pytest.mark.parametrize("said", BROKEN)
def test_a_baseline_that_is_none(repo: Path, scan: Any, said: str) -> None:
    write(repo, ".secrets.baseline", BROKEN[said])
    status, found, err = scan()
    assert (status, found) == (2, [])
    assert err.startswith("codex-guard: The baseline .secrets.baseline ")
    assert said in err
    assert err.count("\n") == 1
    assert "detect-secrets scan" in err or "Update it" in err


def test_a_baseline_that_cannot_be_read(repo: Path, scan: Any) -> None:
    assert (
        "The baseline none cannot be read: there is no such file: make it anew"
        in scan("--baseline", "none", ".")[2]
    )
    os.mkfifo(repo / ".secrets.baseline")
    status, _, err = scan()
    assert status == 2
    assert "it is no regular file" in err
    (repo / ".secrets.baseline").unlink()
    (repo / ".secrets.baseline").mkdir()
    assert scan() == (0, [], "")


@pytest.mark.parametrize("code", ["raise OSError('{}')", "def", PLUGIN.replace("AcmeDetector", "Other")])
def test_a_plugin_that_does_not_load(repo: Path, scan: Any, code: str) -> None:
    write(repo, "own.py", code.replace("{}", KEY))
    keep({**recorded(), "plugins_used": OWN})
    status, found, err = scan("--plugins", "a.py")
    assert (status, found) == (2, [])
    assert err.startswith("codex-guard: The baseline .secrets.baseline ")


def test_a_plugin_that_fails(repo: Path, scan: Any) -> None:
    write(
        repo, "own.py", PLUGIN + "    def analyze_string(self, string):\n        raise RuntimeError(string)\n"
    )
    write(repo, "a.py", f"token = '{KEY}'\n")
    write(repo, "b.py", "")
    keep({**recorded(), "plugins_used": OWN})
    status, found, err = scan("--plugins", "a.py", "b.py")
    assert (status, found) == (2, [("a.py", 1, "github-pat", None)])
    assert err == (
        "codex-guard: a.py was not scanned by detect-secrets, which failed (RuntimeError): try"
        " `detect-secrets scan` on it.\n"
    )


def test_names_that_the_repository_gives(repo: Path, scan: Any, capsys: Captured) -> None:
    write(repo, "own.py", PLUGIN.replace('"Acme Ticket"', "'Acme \\x1b[2J Ticket' + 'y' * 99"))
    write(repo, "a.py", f"t = '{TICKET}'\n")
    keep({**recorded(), "plugins_used": OWN})
    main(["scan", "--plugins", "a.py"])
    out = capsys.readouterr().out
    assert "medium: Acme ?[2J Ticketyyy" in out
    assert "y" * 70 not in out


def test_the_library_is_not_installed(repo: Path, scan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repo, "a.py", f"token = '{KEY}'\nh = '{HEX}'\n")
    keep(recorded("a.py"))
    imported = builtins.__import__

    def without(name: str, *arguments: Any) -> Any:
        if name.startswith("detect_secrets"):
            raise ImportError(name)
        return imported(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without)
    status, found, err = scan("a.py")
    assert (status, found) == (1, [("a.py", 1, "github-pat", None)])
    assert err == f"codex-guard: .secrets.baseline {detectors._MISSING}\n"
    assert "codex-guard[detect-secrets]" in err


def test_many_on_one_line(repo: Path, scan: Any) -> None:
    keep(recorded())
    values = [expand("{hex:40}", seed) for seed in range(300)]
    write(repo, "a.js", " ".join(f"'{value}'" for value in values))
    _, found, _ = scan("a.js")
    assert len(found) > 290


def test_hooks_know_nothing_of_it() -> None:
    code = (
        "import sys\n"
        "from codex_guard.hooks import runner, stop, user_prompt_submit, pre_tool_use, post_tool_use\n"
        "from codex_guard.model import Text\n"
        "from codex_guard.secrets import index, search\n"
        "from codex_guard.secrets.rules.template import expand\n"
        "index.load()\n"
        "found = search.scan(Text('a', expand('x AKIA{base32:16}')), index.load())\n"
        "assert found\n"
        "sys.exit(any(name.split('.')[0] in {'detect_secrets', 'requests'} for name in sys.modules))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

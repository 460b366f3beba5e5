"""``codex-guard allow``: what it writes, and all that it refuses."""

import datetime as dt
import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from codex_guard.cli import allow
from codex_guard.cli.main import main
from codex_guard.policy import layers
from codex_guard.secrets import salted
from codex_guard.secrets.rules.template import expand

KEY = expand("ghp_{crc62:36}")
OTHER = expand("glpat-{base64url:20}")
WHY = ("--reason", "a test key, revoked")
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in allow._OF_CODEX:
        monkeypatch.delenv(name, raising=False)


def run(capsys: Captured, *arguments: str) -> tuple[int, str, str]:
    """Return exit code, output and errors, in which no secret's value may stand."""
    status = main(["allow", *arguments])
    out, err = capsys.readouterr()
    assert KEY not in out + err
    assert OTHER not in out + err
    return status, out, err


def refused(capsys: Captured, *arguments: str) -> str:
    before = sorted((path, path.read_bytes()) for path in Path().rglob("*") if path.is_file())
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert sorted((path, path.read_bytes()) for path in Path().rglob("*") if path.is_file()) == before
    assert err.startswith("codex-guard: ")
    return err


def entries(path: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["secrets"]["allow"]
    return listed


def scan(capsys: Captured, *arguments: str) -> tuple[int, str]:
    status = main(["scan", *arguments])
    return status, capsys.readouterr().out


def test_the_first_entry_makes_the_policy(repo: Path, capsys: Captured) -> None:
    (repo / "a.py").write_text(f"x = 1\nk = '{KEY}'\n")
    status, out, err = run(capsys, "a.py:2", *WHY)
    assert (status, err) == (0, "")
    policy = repo / ".codex-guard.toml"
    assert out.startswith("Allowed GitHub ")
    assert f"[github-pat] at a.py:2:6, in {policy}:3.\nCommit that file: " in out
    text = policy.read_text()
    assert text.startswith("# codex-guard's policy; ")
    assert KEY not in text
    (entry,) = entries(policy)
    assert salted.salt_of(entry.pop("fingerprint"))
    assert entry == {"rule": "github-pat", "reason": "a test key, revoked"}
    assert scan(capsys, "a.py")[0] == 0
    assert f"(suppressed: allowed in {policy.name}:3: a test key, revoked)" in scan(capsys, "a.py")[1]
    assert scan(capsys, "--no-allow", "a.py")[0] == 1


def test_a_policy_keeps_all_that_it_holds(repo: Path, capsys: Captured) -> None:
    policy = repo / ".codex-guard.toml"
    before = b"# mine\r\n[checks]\r\nrounds = 2 # two\r\n[secrets]\r\nallowed_paths = ['x']"
    policy.write_bytes(before)
    policy.chmod(0o640)
    (repo / "a.py").write_text(f"{KEY}\n{OTHER}\n")
    assert run(capsys, "a.py:1:1", *WHY, "--expires", "2999-12-31")[0] == 0
    after = policy.read_bytes()
    assert after.startswith(before + b"\r\n\r\n[[secrets.allow]]\r\nfingerprint = ")
    assert after.endswith(b"\r\nexpires = 2999-12-31\r\n")
    assert policy.stat().st_mode & 0o777 == 0o640
    assert run(capsys, "a.py:2", "--reason", 'with "quotes", \\ and é\x7f')[0] == 0
    assert policy.read_bytes().startswith(after)
    first, second = entries(policy)
    assert first["expires"] == dt.date(2999, 12, 31)
    assert second["reason"] == 'with "quotes", \\ and é\x7f'
    # One salt a file, so that a finding costs one derivation.
    assert salted.salt_of(first["fingerprint"]) == salted.salt_of(second["fingerprint"])
    assert sorted(path.name for path in repo.iterdir()) == [".codex-guard.toml", ".git", "a.py"]
    assert scan(capsys, "a.py")[0] == 0


def test_another_repository_has_another_fingerprint(
    repo: Path, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo / "a.py").write_text(KEY)
    run(capsys, "a.py:1", *WHY)
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    (other / "a.py").write_text(KEY)
    monkeypatch.chdir(other)
    run(capsys, "a.py:1", *WHY)
    prints = [entries(folder / ".codex-guard.toml")[0]["fingerprint"] for folder in (repo, other)]
    assert prints[0].rpartition("-")[2] != prints[1].rpartition("-")[2]


def test_the_policy_is_the_one_that_holds(
    repo: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo / "sub").mkdir()
    (repo / "sub" / "a.py").write_text(KEY)
    monkeypatch.chdir(repo / "sub")
    run(capsys, "a.py:1", *WHY)
    assert len(entries(repo / ".codex-guard.toml")) == 1
    (repo / "sub" / ".codex-guard.toml").touch()
    run(capsys, "a.py:1", *WHY)
    assert len(entries(repo / "sub" / ".codex-guard.toml")) == 1


def test_another_policy(repo: Path, capsys: Captured, tmp_path: Path) -> None:
    (repo / "a.py").write_text(KEY)
    target = Path(layers.user_file())
    target.parent.mkdir(parents=True)
    out = run(capsys, "a.py:1", *WHY, "--policy", str(target))[1]
    assert "Commit" not in out
    assert not (repo / ".codex-guard.toml").exists()
    assert scan(capsys, "a.py")[0] == 0
    assert f"allowed in {target}:3: " in scan(capsys, "a.py")[1]


def test_a_policy_behind_a_link(repo: Path, capsys: Captured) -> None:
    (repo / "real.toml").write_text("# mine\n")
    (repo / ".codex-guard.toml").symlink_to("real.toml")
    (repo / "a.py").write_text(KEY)
    assert run(capsys, "a.py:1", *WHY)[0] == 0
    assert (repo / ".codex-guard.toml").is_symlink()
    assert len(entries(repo / "real.toml")) == 1


def test_an_expired_entry_is_renewed(repo: Path, capsys: Captured) -> None:
    (repo / "a.py").write_text(KEY)
    run(capsys, "a.py:1", *WHY, "--expires", "2999-12-31")
    policy = repo / ".codex-guard.toml"
    policy.write_text(policy.read_text().replace("2999", "2001"))
    assert run(capsys, "a.py:1", *WHY)[0] == 0
    assert len(entries(policy)) == 2


PEM = "-----BEGIN RSA " + expand("PRIVATE KEY-----\n{pem:640}\n-----END RSA ") + "PRIVATE KEY-----"


@pytest.mark.parametrize("line", [3, 7, 12])
def test_any_line_of_a_key(repo: Path, capsys: Captured, line: int) -> None:
    (repo / "a.pem").write_text(f"\n{PEM}\n")
    assert run(capsys, f"a.pem:{line}", *WHY)[0] == 0
    assert scan(capsys, "a.pem")[0] == 0


def test_two_on_a_line(repo: Path, capsys: Captured) -> None:
    (repo / "a.py").write_text(f"{KEY} {OTHER} {KEY}\n")
    err = refused(capsys, "a.py:1", *WHY)
    assert "3 secrets stand there, name one by its column: a.py:1:1: GitHub" in err
    assert "; a.py:1:42: GitLab" in err
    assert "2 secrets stand there" in refused(capsys, "a.py:1", *WHY, "--rule", "github-pat")
    assert run(capsys, "a.py:1", *WHY, "--rule", "gitlab-pat")[0] == 0
    assert run(capsys, "a.py:1:1", *WHY)[0] == 0
    assert [entry["rule"] for entry in entries(repo / ".codex-guard.toml")] == ["gitlab-pat", "github-pat"]
    assert scan(capsys, "a.py")[0] == 0


def test_names_with_colons(repo: Path, capsys: Captured) -> None:
    for name in ("a:1", "b:c.py"):
        (repo / name).write_text(f"\n{expand('ghp_{crc62:36}', len(name))}\n")
    assert run(capsys, "a:1:2", *WHY)[0] == 0
    assert run(capsys, "b:c.py:2:1", *WHY)[0] == 0


#: What is asked for, and what is said.
REFUSED = {
    "no place": (WHY, "Say what to allow"),
    "no line": (("a.py", *WHY), "The place must be PATH:LINE or PATH:LINE:COLUMN"),
    "no number": (("a.py:x", *WHY), "The place must be PATH:LINE"),
    "no path": ((":1", *WHY), "The place must be PATH:LINE"),
    "no such file": (("none.py:1", *WHY), "none.py cannot be looked at: there is no such file"),
    "a folder": (("sub:1", *WHY), "sub cannot be looked at: there is no such file"),
    "a pipe": (("pipe:1", *WHY), "pipe cannot be looked at: it is no regular file"),
    "nothing on that line": (("a.py:1", *WHY), "No secret is found at a.py:1: `codex-guard scan a.py`"),
    "no such line": (("a.py:99", *WHY), "No secret is found at a.py:99"),
    "nothing in that column": (("a.py:2:1", *WHY), "No secret is found at a.py:2:1"),
    "another rule": (("a.py:2", *WHY, "--rule", "gitlab-pat"), "No secret of the rule gitlab-pat is found"),
    "no reason": (("a.py:2",), "Say why the value may stand there"),
    "an empty reason": (("a.py:2", "--reason", " - "), "Say why the value may stand there"),
    "a long reason": (("a.py:2", "--reason", "why " * 101), "longer than 400 characters"),
    "the value as the reason": (("a.py:2", "--reason", f"{KEY} is fine"), "The reason holds a secret itself"),
    "another value in the reason": (("a.py:2", "--reason", f"like {OTHER}"), "holds a secret itself"),
    "a reason that is no text": (("a.py:2", "--reason", "why \udcff"), "The reason is not valid text"),
    "no date": (("a.py:2", *WHY, "--expires", "soon"), "--expires takes a date as YYYY-MM-DD"),
    "another spelling of a date": (("a.py:2", *WHY, "--expires", "20991231"), "--expires takes a date"),
    "a day that is none": (("a.py:2", *WHY, "--expires", "2099-02-30"), "--expires takes a date"),
    "a week": (("a.py:2", *WHY, "--expires", "2099-W01-1"), "--expires takes a date"),
    "a date in the past": (("a.py:2", *WHY, "--expires", "2001-01-01"), "--expires 2001-01-01 is past"),
    "a policy in no folder": (("a.py:2", *WHY, "--policy", "none/p.toml"), "none/p.toml cannot be written"),
    "a policy that is a folder": (("a.py:2", *WHY, "--policy", "sub"), "sub is no regular file"),
    "a policy that is none": (("a.py:2", *WHY, "--policy", "a.py"), "a.py:1: there is no key 'x'"),
    "an inline list": (("a.py:2", *WHY, "--policy", "inline.toml"), "add it by hand: fingerprint = "),
    "an inline table": (("a.py:2", *WHY, "--policy", "table.toml"), "cannot take the entry at its end"),
    "a list with a place": (("--list", "a.py:2"), "--list goes alone"),
    "a list with a reason": (("--list", *WHY), "--list goes alone"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(repo: Path, capsys: Captured, case: str) -> None:
    arguments, said = REFUSED[case]
    (repo / "a.py").write_text(f"x = 1\nk = '{KEY}'\n")
    (repo / "sub").mkdir()
    (repo / "inline.toml").write_text("[secrets]\nallow = []\n")
    (repo / "table.toml").write_text("secrets = {disabled_rules = []}\n")
    os.mkfifo(repo / "pipe")
    assert said in refused(capsys, *arguments)
    assert not (repo / ".codex-guard.toml").exists()


@pytest.mark.parametrize("name", allow._OF_CODEX)
def test_codex_is_refused(repo: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (repo / "a.py").write_text(KEY)
    monkeypatch.setenv(name, "1")
    err = refused(capsys, "a.py:1", *WHY)
    assert f"Codex runs this command ({name} is set), and only a person may allow a value" in err
    assert run(capsys, "--list")[0] == 0


def test_what_is_allowed_already(repo: Path, capsys: Captured) -> None:
    (repo / "a.py").write_text(f"{KEY}\n")
    (repo / "b.py").write_text(f"\n{KEY}\n")
    run(capsys, "a.py:1", *WHY)
    policy = repo / ".codex-guard.toml"
    assert f"This value is allowed already, by {policy}:3." in refused(capsys, "b.py:2", *WHY)


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(KEY)
    assert "is in no git repository: name a policy with --policy FILE" in refused(capsys, "a.py:1", *WHY)
    assert run(capsys, "a.py:1", *WHY, "--policy", ".codex-guard.toml")[0] == 0
    assert scan(capsys, "a.py")[0] == 0


def test_a_locked_list(repo: Path, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation = tmp_path / "organisation.toml"
    monkeypatch.setattr(layers, "ORGANISATION", str(organisation))
    organisation.write_text('locked = ["secrets.allow"]\n')
    (repo / "a.py").write_text(KEY)
    err = refused(capsys, "a.py:1", *WHY)
    assert f"The organisation's policy {organisation} locks secrets.allow" in err
    assert run(capsys, "a.py:1", *WHY, "--policy", str(organisation))[0] == 0
    assert scan(capsys, "a.py")[0] == 0


def test_a_value_in_a_name_is_not_printed(repo: Path, capsys: Captured) -> None:
    (repo / f"{KEY}.py").write_text(f"{KEY}\n")
    assert "No secret is found at <masked:github-pat>.py:2" in refused(capsys, f"{KEY}.py:2", *WHY)
    assert "at <masked:github-pat>.py:1:1" in run(capsys, f"{KEY}.py:1", *WHY)[1]


def test_the_list(repo: Path, capsys: Captured) -> None:
    assert run(capsys, "--list") == (0, "No entry of secrets.allow holds here.\n", "")
    (repo / "a.py").write_text(f"{KEY}\n{OTHER}\n")
    user = Path(layers.user_file())
    user.parent.mkdir(parents=True)
    run(capsys, "a.py:1", *WHY, "--expires", "2999-12-31", "--policy", str(user))
    run(capsys, "a.py:2", *WHY)
    policy = repo / ".codex-guard.toml"
    user.write_text(user.read_text().replace("2999-12-31", f'2001-12-31\npaths = ["a", "b"]\n# {KEY}'))
    user.write_text(user.read_text().replace("revoked", KEY))
    status, out, _ = run(capsys, "--list")
    assert status == 0
    waits = "; not committed, so in `codex-guard scan` only"
    assert out.splitlines() == [
        f"{user}:3: github-pat in a, b, expired on 2001-12-31: a test key, <masked:github-pat>",
        f"{policy}:3: gitlab-pat, no expiry{waits}: a test key, revoked",
    ]
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", "add", policy.name], check=True)
    subprocess.run(["git", *author, "commit", "-q", "-m", "one"], check=True)
    assert f"{policy}:3: gitlab-pat, no expiry: a test key" in run(capsys, "--list")[1]

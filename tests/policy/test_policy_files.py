"""One policy file: what it may say, and the sentence for what it may not."""

import os
from pathlib import Path

import pytest

from codex_guard.checks.check import TOOLS
from codex_guard.checks.own import Command
from codex_guard.commands.own import Own
from codex_guard.commands.rule import Rule
from codex_guard.errors import GuardError
from codex_guard.policy import file
from codex_guard.policy.entries import Allowed, Ignored
from codex_guard.policy.policy import KEYS, Policy

PRINT = f"s1-{'0' * 32}-{'a' * 32}"
EVERYTHING = f"""\
# An organisation's file.
on_error = "allow"
locked = ["checks.enabled", "checks.sandbox"]

[secrets]
disabled_rules = ["a-rule", "other"]
allowed_paths = ["tests/fixtures/**"]
stores = [".env", "secrets/local.toml"]
strictness = "lenient"
known = false
known_files = ["~/.acme/credentials"]
history = "leave"
packs = ["pii"]
internal = ["*.corp.acme.com"]
rule_files = ["/etc/codex-guard/acme.toml"]

[commands]
disabled_rules = []
tiers = ["core"]
env_files = "mask"

[tools]
writers = ["mcp__files__*"]

[checks]
enabled = false
tools = ["ruff"]
rounds = 1
seconds = 200
total_seconds = 190
baseline = "cache"
missing = "fail"
sandbox = "none"

[[secrets.allow]]
fingerprint = "{PRINT}"
reason = "revoked"

[[secrets.ignore]]
paths = ["docs/**", "*.md"]
rules = ["*"]
reason = "made up"

[[secrets.allow]]
fingerprint = "{PRINT}"
rule = "github-pat"
paths = ["tests/"]
reason = "for tests"
expires = 2030-12-31

[[commands.rules]]
id = "no-x"
programs = ["x"]
decision = "allow"

[[checks.commands]]
name = "licences"
command = ["tools/licences", "{{files}}"]
"""
FILE = "POLICY"
READ = {
    "on_error": "allow",
    "locked": ["checks.enabled", "checks.sandbox"],
    "secrets.disabled_rules": ["a-rule", "other"],
    "secrets.stores": [".env", "secrets/local.toml"],
    "commands.env_files": "mask",
    "tools.writers": ["mcp__files__*"],
    "secrets.allowed_paths": ["tests/fixtures/**"],
    "secrets.strictness": "lenient",
    "secrets.known": False,
    "secrets.known_files": ["~/.acme/credentials"],
    "secrets.history": "leave",
    "secrets.packs": ["pii"],
    "secrets.internal": ["*.corp.acme.com"],
    "secrets.rule_files": ["/etc/codex-guard/acme.toml"],
    "secrets.allow": (
        Allowed(PRINT, "revoked", file=FILE, line=35),
        Allowed(PRINT, "for tests", "github-pat", ("tests/",), "2030-12-31", FILE, 44),
    ),
    "secrets.ignore": (Ignored(("docs/**", "*.md"), ("*",), "made up", FILE, 39),),
    "commands.disabled_rules": [],
    "commands.tiers": ["core"],
    "commands.rules": (
        Own(Rule("no-x", "no-x", "core", "Allowed.", "Nothing.", ("x",)), allows=True, file=FILE, line=51),
    ),
    "checks.enabled": False,
    "checks.tools": ["ruff"],
    "checks.rounds": 1,
    "checks.commands": (Command("licences", ("tools/licences", "{files}"), file=FILE, line=56),),
    "checks.seconds": 200,
    "checks.total_seconds": 190,
    "checks.baseline": "cache",
    "checks.missing": "fail",
    "checks.sandbox": "none",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def test_every_key_is_read(path: Path) -> None:
    path.write_text(EVERYTHING)
    read = file.read(str(path), managed=True)
    for name, value in read.items():
        if isinstance(value, tuple):
            read[name] = tuple(entry.replace(file=entry.file.replace(str(path), FILE)) for entry in value)
    assert read == READ
    assert READ.keys() == KEYS.keys()


def test_every_key_but_locked_is_a_field_of_the_policy() -> None:
    fields = set(Policy._fields) - {"disabled_prompt_rules"}  # follows from another
    assert {key.field for key in KEYS.values() if key.field} == fields


def test_every_tool_can_be_named(path: Path) -> None:
    path.write_text(f"[checks]\ntools = {list(TOOLS)}")
    assert file.read(str(path), managed=False) == {"checks.tools": list(TOOLS)}


SAME = {
    "empty": ("", {}),
    "comments": ("# nothing\n\n", {}),
    "dotted": ("checks.enabled = false", {"checks.enabled": False}),
    "inline": ("checks = { enabled = false }", {"checks.enabled": False}),
    "quoted": ('["checks"]\n"enabled" = false', {"checks.enabled": False}),
    "the ends of lines of Windows": ("[checks]\r\nenabled = false\r\n", {"checks.enabled": False}),
    "an empty table": ("[checks]\n", {}),
}


@pytest.mark.parametrize("case", SAME)
def test_any_spelling_of_toml_is_read(path: Path, case: str) -> None:
    text, values = SAME[case]
    path.write_bytes(text.encode())
    assert file.read(str(path), managed=False) == values


#: What stands in a file, the line it is told at, and the words.
WRONG = {
    "a mistyped key": (
        "[checks]\nenable = false",
        2,
        "there is no key 'checks.enable'; did you mean 'checks.enabled'?",
    ),
    "a key of another table": (
        "[secrets]\n\ntools = []",
        3,
        "no key 'secrets.tools'; did you mean 'checks.tools'?",
    ),
    "a key without its table": (
        "# one\nenabled = false",
        2,
        "no key 'enabled'; did you mean 'checks.enabled'?",
    ),
    "a mistyped table": ("\n\n[check]\nenabled = false", 3, "no key 'check'"),
    "a key nearest to nothing": (
        "zzz = 1",
        1,
        "there is no key 'zzz'; the keys are on_error, locked, secrets.",
    ),
    "the second of two": ("[checks]\nenabled = true\nround = 1", 3, "did you mean 'checks.rounds'?"),
    "the same leaf in another table": (
        "[secrets]\ndisabled_rules = []\n[commands]\ndisabled_rules = 1",
        4,
        "'commands.disabled_rules' must be a list",
    ),
    "with spaces and quotes": (
        '[checks]\n  "rounds"  =  "2"',
        2,
        "'checks.rounds' must be a whole number from 1 to 100",
    ),
    "dotted": ("# one\nchecks . rounds = 0", 2, "'checks.rounds' must be a whole number from 1 to 100"),
    "inline": ("# one\nchecks = { rounds = 0 }", 2, "'checks.rounds' must be a whole number"),
    "a comment behind the table": ("[checks] # mine\nrounds = 0", 2, "'checks.rounds' must be"),
    "a table in a table": ("[checks]\n[checks.rounds]\nx = 1", 2, "'checks.rounds' must be"),
    "a list of tables": ("\n[[checks]]\nrounds = 1", 2, "there is no key 'checks'"),
    "a number as a switch": ("[checks]\nenabled = 1", 2, "'checks.enabled' must be true or false"),
    "a switch as a number": ("[checks]\nrounds = true", 2, "'checks.rounds' must be a whole number"),
    "a float": ("[checks]\nseconds = 1.0", 2, "'checks.seconds' must be a whole number from 1 to 200"),
    "no seconds": ("[checks]\nseconds = 0", 2, "'checks.seconds' must be"),
    "more seconds than the hook has": ("[checks]\nseconds = 201", 2, "'checks.seconds' must be"),
    "a text as a list": ('[checks]\ntools = "ruff"', 2, "'checks.tools' must be a list of texts"),
    "a list with a number": (
        '[secrets]\nallowed_paths = ["a", 1]',
        2,
        "'secrets.allowed_paths' must be a list of texts",
    ),
    "a list with an empty text": (
        '[secrets]\nallowed_paths = [""]',
        2,
        "'secrets.allowed_paths' must be a list of texts",
    ),
    "a list as a text": ('[checks]\nsandbox = ["codex"]', 2, "'checks.sandbox' must be a text"),
    "an unknown tool": (
        '[checks]\ntools = ["ruff", "pylint"]',
        2,
        "'checks.tools' takes ruff, mypy, pyright, basedpyright, ty, pyrefly, tsc, eslint, biome, go vet,",
    ),
    "an unknown sandbox": (
        '[checks]\nsandbox = "docker"',
        2,
        "'checks.sandbox' takes codex, none, skip, not 'docker'",
    ),
    "an unknown baseline": (
        '[checks]\nbaseline = "HEAD"',
        2,
        "'checks.baseline' takes head, cache, none, not 'HEAD'",
    ),
    "an unknown way with what is missing": (
        '[checks]\nmissing = "ignore"',
        2,
        "'checks.missing' takes say, fail, not 'ignore'",
    ),
    "more seconds in all than the hook has": (
        "[checks]\ntotal_seconds = 201",
        2,
        "'checks.total_seconds' must be a whole number from 1 to 200",
    ),
    "the organisation's on_error": (
        '\non_error = "allow"',
        2,
        "'on_error' belongs into the organisation's policy only",
    ),
    "the organisation's locked": ("locked = []", 1, "'locked' belongs into the organisation's policy only"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_its_line(path: Path, case: str) -> None:
    text, line, said = WRONG[case]
    path.write_text(text)
    with pytest.raises(GuardError) as caught:
        file.read(str(path), managed=False)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('on_error = "ignore"', "'on_error' takes block, allow, not 'ignore'"),
        ("on_error = true", "'on_error' must be a text"),
        ('locked = ["checks.enable"]', "'locked' takes on_error, locked"),
        ('locked = "checks.enabled"', "'locked' must be a list of texts"),
    ],
)
def test_the_organisations_own_keys_are_checked(path: Path, text: str, said: str) -> None:
    path.write_text(text)
    with pytest.raises(GuardError) as caught:
        file.read(str(path), managed=True)
    assert said in str(caught.value)


def test_a_long_name_is_not_repeated_whole(path: Path) -> None:
    path.write_text(f"{'x' * 100_000} = 1")
    with pytest.raises(GuardError) as caught:
        file.read(str(path), managed=False)
    assert len(str(caught.value)) < 1_000


def test_what_is_no_toml_is_told_with_its_place(path: Path) -> None:
    path.write_text("[checks]\nenabled = yes\n")
    with pytest.raises(GuardError, match=rf"The policy {path} is not valid TOML: .*at line 2, column 11"):
        file.read(str(path), managed=False)


UNREADABLE = {
    "missing": "cannot be read (No such file or directory)",
    "a folder": "is no regular file",
    "a link to nothing": "cannot be read (No such file or directory)",
    "links in a circle": "cannot be read (Too many levels of symbolic links)",
    "a named pipe": "is no regular file",
    "an endless device": "is no regular file",
    "not UTF-8": "is not UTF-8 text: save it as UTF-8",
    "a byte order mark": "is not valid TOML",
    "a NUL": "is not valid TOML",
    "a key twice": "is not valid TOML",
    "deep": "is not valid TOML",
    "huge": "is larger than 1 MiB: it is not a policy",
    "huge, and cut within a line": "is larger than 1 MiB: it is not a policy",
}


def make(path: Path, case: str) -> None:
    contents = {
        "not UTF-8": b"# \xff\n",
        "a byte order mark": b"\xef\xbb\xbf[checks]\n",
        "a NUL": b"\0",
        "a key twice": b"[checks]\nrounds = 1\nrounds = 2\n",
        "deep": b"locked = " + b"[" * 100_000,
        "huge": b"# it is large\n" * 100_000,
        "huge, and cut within a line": b"[secrets]\nallowed_paths = ['" + b"x" * 2_000_000 + b"']\n",
    }
    if case in contents:
        path.write_bytes(contents[case])
    elif case == "a folder":
        path.mkdir()
    elif case == "a link to nothing":
        path.symlink_to(path.parent / "nothing")
    elif case == "links in a circle":
        path.symlink_to(path)
    elif case == "a named pipe":
        os.mkfifo(path)
    elif case == "an endless device":
        path.symlink_to("/dev/zero")


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_an_error(path: Path, case: str) -> None:
    make(path, case)
    with pytest.raises(GuardError) as caught:
        file.read(str(path), managed=False)
    assert str(caught.value).startswith(f"The policy {path} ")
    assert UNREADABLE[case] in str(caught.value)


def test_a_file_of_another_users_is_an_error(path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads every file, so nothing is unreadable here")
    path.write_text("")
    path.chmod(0)
    with pytest.raises(GuardError, match="Permission denied"):
        file.read(str(path), managed=False)


#: What stands in a file, the line it is told at, and the words.
WRONG_ENTRIES = {
    "an unknown key": (
        '[[secrets.allow]]\nfingerprnt = "x"',
        2,
        "'secrets.allow' has no key 'fingerprnt'; did you mean 'fingerprint'?",
    ),
    "a key nearest to nothing": (
        '[[secrets.ignore]]\nzzz = "x"',
        2,
        "'secrets.ignore' has no key 'zzz'; its keys are paths, rules, reason",
    ),
    "a key of the other table": (f'[[secrets.allow]]\nfingerprint="{PRINT}"\nrules = ["a"]', 3, "'rule'?"),
    "no fingerprint": ('\n[[secrets.allow]]\nreason = "x"', 2, "has no 'fingerprint': add it"),
    "no reason": (f'[[secrets.allow]]\nfingerprint = "{PRINT}"', 1, "has no 'reason': add it"),
    "an empty reason": (
        f'[[secrets.allow]]\nfingerprint = "{PRINT}"\nreason = " "',
        3,
        "'secrets.allow.reason' must be a text of 1 to 400 characters",
    ),
    "a long reason": (f'[[secrets.allow]]\nreason = "{"a b" * 200}"', 2, "must be a text of 1 to 400"),
    "a malformed fingerprint": (
        '[[secrets.allow]]\nreason = "x"\nfingerprint = "s1-ff-ff"',
        3,
        "'secrets.allow.fingerprint' is no fingerprint: `codex-guard allow PATH:LINE` makes",
    ),
    "a quoted date": (
        f'[[secrets.allow]]\nfingerprint = "{PRINT}"\nreason = "x"\nexpires = "2030-12-31"',
        4,
        "'secrets.allow.expires' must be a date such as 2030-12-31, without quotes",
    ),
    "a time of day": ("[[secrets.allow]]\nexpires = 2030-12-31T00:00:00Z", 2, "must be a date"),
    "paths that are a text": ('[[secrets.allow]]\npaths = "a"', 2, "'secrets.allow.paths' must be a list"),
    "the second entry": (
        f'[[secrets.allow]]\nfingerprint = "{PRINT}"\nreason = "x"\n\n[["secrets".allow]]\nreason = 1',
        6,
        "'secrets.allow.reason' must be a text",
    ),
    "no rules": ('[[secrets.ignore]]\npaths = ["a"]\nreason = "x"', 1, "has no 'rules'"),
    "no paths": ('[[secrets.ignore]]\npaths = []\nrules = ["a"]\nreason = "x"', 1, "has no 'paths'"),
    "an ignore without a reason": ('[[secrets.ignore]]\npaths = ["a"]\nrules = ["a"]', 1, "has no 'reason'"),
    "one table": ("[checks]\n[secrets.allow]\nreason = 1", 2, "must be a list of tables: [[secrets.allow]]"),
    "inline": ("[secrets]\n\nallow = [{reason = 1}]", 3, "'secrets.allow.reason' must be a text"),
    "inline, and no tables": ("[secrets]\nignore = [1]", 2, "must be a list of tables"),
}


@pytest.mark.parametrize("case", WRONG_ENTRIES)
def test_what_is_wrong_in_an_entry_is_told_with_its_line(path: Path, case: str) -> None:
    text, line, said = WRONG_ENTRIES[case]
    path.write_text(text)
    with pytest.raises(GuardError) as caught:
        file.read(str(path), managed=False)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)


def test_what_is_no_date_is_no_toml(path: Path) -> None:
    path.write_text("[[secrets.allow]]\nexpires = 2030-13-31")
    with pytest.raises(GuardError, match="is not valid TOML"):
        file.read(str(path), managed=False)


def test_each_salt_costs_so_there_are_few(path: Path) -> None:
    def entries(salts: int) -> str:
        one = '[[secrets.allow]]\nfingerprint = "s1-{:032x}-{}"\nreason = "x"\n'
        return "".join(one.format(number, "a" * 32) for number in range(salts))

    path.write_text(entries(8))
    assert file.read(str(path), managed=False)
    path.write_text(entries(9))
    with pytest.raises(GuardError, match=r":1: .* have 9 different salts, and at most 8"):
        file.read(str(path), managed=False)

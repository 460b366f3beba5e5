"""How policies merge: defaults, organisation, user, repository."""

import os
from pathlib import Path

import pytest

from codex_guard.errors import GuardError
from codex_guard.policy import layers
from codex_guard.policy.policy import KEYS, Policy


class Layers:
    """The three files, somewhere that a test may write to."""

    def __init__(self, folder: Path) -> None:
        self.organisation = folder / "etc" / "codex-guard" / "policy.toml"
        self.user = Path(layers.user_file())
        self.repo = folder / "work" / "repo"
        self.repository = self.repo / layers.REPOSITORY
        (self.repo / ".git").mkdir(parents=True)

    def put(self, organisation: str = "", user: str = "", repository: str = "") -> None:
        for path, text in (
            (self.organisation, organisation),
            (self.user, user),
            (self.repository, repository),
        ):
            if text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    def load(self) -> Policy:
        return layers.load(str(self.repo))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layers:
    found = Layers(tmp_path)
    monkeypatch.setattr(layers, "ORGANISATION", str(found.organisation))
    return found


def test_the_organisations_file_has_a_fixed_place() -> None:
    assert layers.ORGANISATION == "/etc/codex-guard/policy.toml"


def test_without_files_the_defaults_hold(files: Layers) -> None:
    assert files.load() == Policy()
    assert Policy() == Policy(
        on_error="block",
        disabled_secret_rules=frozenset(),
        disabled_command_rules=frozenset(),
        allowed_paths=(),
        allow=(),
        ignore=(),
        checks=True,
        check_tools=None,
        check_commands=(),
        check_rounds=3,
        check_seconds=120,
        check_total=180,
        check_baseline="head",
        check_missing="say",
        check_sandbox="codex",
    )


#: What the organisation, the user and the repository say, and what then holds.
MERGED: dict[str, tuple[str, str, str, dict[str, object]]] = {
    "the organisation's over the defaults": ("checks.rounds = 5", "", "", {"check_rounds": 5}),
    "the user's over the organisation's": ("checks.rounds = 5", "checks.rounds = 6", "", {"check_rounds": 6}),
    "the repository's over all": (
        "checks.rounds = 5",
        "checks.rounds = 6",
        "checks.rounds = 7",
        {"check_rounds": 7},
    ),
    "each key by itself": (
        "checks.rounds = 5",
        "checks.seconds = 6",
        'checks.tools = ["mypy"]',
        {"check_rounds": 5, "check_seconds": 6, "check_tools": ("mypy",)},
    ),
    "lists of rules add up": (
        'secrets.disabled_rules = ["a"]',
        'secrets.disabled_rules = ["b"]',
        'secrets.disabled_rules = ["a", "c"]',
        {"disabled_secret_rules": frozenset("abc"), "disabled_prompt_rules": frozenset("ab")},
    ),
    "those of commands too": (
        'commands.disabled_rules = ["a"]',
        "",
        'commands.disabled_rules = ["c"]',
        {"disabled_command_rules": frozenset("ac")},
    ),
    "paths add up, in order": (
        'secrets.allowed_paths = ["a"]',
        'secrets.allowed_paths = ["!b"]',
        'secrets.allowed_paths = ["a"]',
        {"allowed_paths": ("a", "!b", "a")},
    ),
    "rule files add up, but for a repository's": (
        'secrets.rule_files = ["/etc/a.toml"]',
        'secrets.rule_files = ["~/b.toml"]',
        'secrets.rule_files = ["/work/repo/c.toml"]',
        {"rule_files": ("/etc/a.toml", "~/b.toml")},
    ),
    "a repository alone has none": ("", "", 'secrets.rule_files = ["/work/repo/c.toml"]', {}),
    "locked rule files are the organisation's": (
        'locked = ["secrets.rule_files"]\nsecrets.rule_files = ["/etc/a.toml"]',
        'secrets.rule_files = ["~/b.toml"]',
        "",
        {"rule_files": ("/etc/a.toml",)},
    ),
    "tools do not": ('checks.tools = ["ruff"]', "", "checks.tools = []", {"check_tools": ()}),
    "on_error is the organisation's": ('on_error = "allow"', "", "", {"on_error": "allow"}),
    # locked
    "a locked switch is not loosened": (
        'locked = ["checks.enabled"]',
        "checks.enabled = false",
        "checks.enabled = false",
        {"checks": True},
    ),
    "a locked switch is tightened": (
        'locked = ["checks.enabled"]\nchecks.enabled = false',
        "checks.enabled = true",
        "",
        {"checks": True},
    ),
    "and stays so": (
        'locked = ["checks.enabled"]\nchecks.enabled = false',
        "checks.enabled = true",
        "checks.enabled = false",
        {"checks": True},
    ),
    "locked rules are not switched off": (
        (
            'locked = ["secrets.disabled_rules", "commands.disabled_rules", "secrets.allowed_paths"]\n'
            'secrets.disabled_rules = ["a"]'
        ),
        'secrets.disabled_rules = ["b"]\ncommands.disabled_rules = ["b"]',
        'secrets.disabled_rules = ["c"]\nsecrets.allowed_paths = ["**"]',
        {"disabled_secret_rules": frozenset("a"), "disabled_prompt_rules": frozenset("a")},
    ),
    "a locked number is the organisation's": (
        'locked = ["checks.rounds", "checks.seconds"]\nchecks.rounds = 5',
        "checks.rounds = 9",
        "checks.seconds = 1",
        {"check_rounds": 5},
    ),
    "locked tools are the organisation's": (
        'locked = ["checks.tools"]',
        "checks.tools = []",
        'checks.tools = ["ruff"]',
        {},
    ),
    "what is not locked stays free": (
        'locked = ["checks.enabled"]',
        "checks.rounds = 9",
        "checks.enabled = false",
        {"check_rounds": 9},
    ),
    "a locked sandbox is not loosened by the user": (
        'locked = ["checks.sandbox"]',
        'checks.sandbox = "none"',
        "",
        {"check_sandbox": "codex"},
    ),
    "a locked sandbox is tightened": (
        'locked = ["checks.sandbox"]\nchecks.sandbox = "none"',
        'checks.sandbox = "codex"',
        "",
        {"check_sandbox": "codex"},
    ),
    "or skipped where there is none": (
        'locked = ["checks.sandbox"]\nchecks.sandbox = "none"',
        'checks.sandbox = "skip"',
        "",
        {"check_sandbox": "skip"},
    ),
    "and left so by the repository": (
        'locked = ["checks.sandbox"]\nchecks.sandbox = "none"',
        'checks.sandbox = "skip"',
        'checks.sandbox = "none"',
        {"check_sandbox": "skip"},
    ),
    "what is missing is tightened": (
        'locked = ["checks.missing"]',
        'checks.missing = "fail"',
        'checks.missing = "say"',
        {"check_missing": "fail"},
    ),
    "the baseline is tightened": (
        'locked = ["checks.baseline"]',
        'checks.baseline = "none"',
        'checks.baseline = "cache"',
        {"check_baseline": "none"},
    ),
    "the time for all is locked": (
        'locked = ["checks.total_seconds"]',
        "checks.total_seconds = 1",
        "",
        {"check_total": 180},
    ),
    # the sandbox is never the repository's to loosen
    "the user may go without a sandbox": ("", 'checks.sandbox = "none"', "", {"check_sandbox": "none"}),
    "a repository may not": ("", "", 'checks.sandbox = "none"', {"check_sandbox": "codex"}),
    "a repository may have them skipped": (
        "",
        'checks.sandbox = "none"',
        'checks.sandbox = "skip"',
        {"check_sandbox": "skip"},
    ),
    "a repository may ask for it": (
        "",
        'checks.sandbox = "none"',
        'checks.sandbox = "codex"',
        {"check_sandbox": "codex"},
    ),
}


@pytest.mark.parametrize("case", MERGED)
def test_layers_merge(files: Layers, case: str) -> None:
    *texts, changes = MERGED[case]
    files.put(*texts)
    assert files.load() == Policy().replace(**changes)


@pytest.mark.parametrize("key", [key for key in KEYS.values() if key.managed], ids=lambda key: key.name)
@pytest.mark.parametrize("layer", ["user", "repository"])
def test_a_managed_key_elsewhere_is_an_error(files: Layers, layer: str, key: object) -> None:
    files.put(**{layer: '\non_error = "allow"\n'})
    with pytest.raises(GuardError, match=r":2: 'on_error' belongs into the organisation's policy only"):
        files.load()


@pytest.mark.parametrize("layer", ["organisation", "user", "repository"])
def test_a_layer_that_cannot_be_understood_is_an_error(files: Layers, layer: str) -> None:
    files.put(**{layer: "[checks]\nenabled = of course"})
    with pytest.raises(GuardError, match=str(getattr(files, layer))):
        files.load()


@pytest.mark.parametrize("layer", ["organisation", "user", "repository"])
def test_a_link_to_nothing_is_an_error_and_not_no_policy(files: Layers, layer: str) -> None:
    path: Path = getattr(files, layer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(path.parent / "nothing")
    with pytest.raises(GuardError, match="No such file"):
        files.load()


#: Where a session is, where policies and repositories are, and which policy holds. None: none.
FOUND = {
    "at the top": ("repo", ["repo"], ["repo"], "repo"),
    "from a subfolder": ("repo/a/b", ["repo"], ["repo"], "repo"),
    "the nearest": ("repo/a/b", ["repo", "repo/a"], ["repo"], "repo/a"),
    "not beyond the top": ("repo/a", ["", "repo/.."], ["repo"], None),
    "not of the repository around": ("repo/inner/a", ["repo"], ["repo", "repo/inner"], None),
    "not below": ("repo", ["repo/a"], ["repo"], None),
    "not beside": ("repo/a", ["repo/b"], ["repo"], None),
    "outside of a repository, here": ("plain/a", ["plain/a"], [], "plain/a"),
    "outside of a repository, not above": ("plain/a", ["plain", ""], [], None),
    "a folder that is not there": ("repo/gone/a", ["repo"], ["repo"], "repo"),
}


@pytest.mark.parametrize("marker", ["folder", "file"])
@pytest.mark.parametrize("case", FOUND)
def test_a_repositorys_policy_is_found(tmp_path: Path, case: str, marker: str) -> None:
    cwd, policies, repositories, expected = FOUND[case]
    if "gone" not in cwd:
        (tmp_path / cwd).mkdir(parents=True)
    for name in repositories:
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        if marker == "folder":
            (tmp_path / name / ".git").mkdir()
        else:  # a linked work tree
            (tmp_path / name / ".git").write_text("gitdir: elsewhere")
    for name in policies:
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / layers.REPOSITORY).write_text("")
    found = layers.repository_file(str(tmp_path / cwd))
    assert found == (None if expected is None else str(tmp_path / expected / layers.REPOSITORY))


@pytest.mark.parametrize("cwd", ["", "/", "relative", "a/b", "/nonexistent"])
def test_any_folder_has_an_answer(cwd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert layers.repository_file(cwd) is None


USER_FILES = {
    "XDG_CONFIG_HOME": ({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, "/x/codex-guard/policy.toml"),
    "none": ({"HOME": "/h"}, "/h/.config/codex-guard/policy.toml"),
    "an empty one": ({"XDG_CONFIG_HOME": "", "HOME": "/h"}, "/h/.config/codex-guard/policy.toml"),
    "a relative one": ({"XDG_CONFIG_HOME": "x", "HOME": "/h"}, "/h/.config/codex-guard/policy.toml"),
    "a relative home": ({"HOME": "h"}, "/.config/codex-guard/policy.toml"),
    "an empty home": ({"HOME": ""}, "/.config/codex-guard/policy.toml"),
}


@pytest.mark.parametrize("case", USER_FILES)
def test_the_users_file_is_never_in_the_folder_of_the_session(
    monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    variables, expected = USER_FILES[case]
    for name in ("XDG_CONFIG_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert layers.user_file() == expected


ON_ERROR = {
    "no file": (None, False),
    "nothing about it": ("checks.enabled = true", False),
    "block": ('on_error = "block"', False),
    "allow": ('on_error = "allow"', True),
    "another value": ('on_error = "Allow"', False),
    "a mistake elsewhere": ('on_error = "allow"\nchecks.enable = true', False),
    "no TOML": ('on_error = "allow', False),
}


@pytest.mark.parametrize("case", ON_ERROR)
def test_only_a_sound_file_of_the_organisations_allows_on_error(files: Layers, case: str) -> None:
    text, expected = ON_ERROR[case]
    if text is not None:
        files.put(text)
    files.user.parent.mkdir(parents=True)
    files.user.write_text('on_error = "allow"')
    files.repository.write_text('on_error = "allow"')
    assert layers.allows_on_error() is expected


def test_a_folder_in_place_of_the_organisations_file_does_not_allow(files: Layers) -> None:
    files.organisation.mkdir(parents=True)
    assert not layers.allows_on_error()
    os.rmdir(files.organisation)
    files.organisation.symlink_to("/nonexistent")
    assert not layers.allows_on_error()


def entries(name: str) -> str:
    return (
        f'[[secrets.allow]]\nfingerprint = "s1-{"0" * 32}-{"a" * 32}"\nreason = "{name}"\n'
        f'[[secrets.ignore]]\npaths = ["a"]\nrules = ["*"]\nreason = "{name}"\n'
    )


def test_entries_add_up_and_know_where_they_stand(files: Layers) -> None:
    files.put(entries("organisation"), entries("user"), entries("repository"))
    policy = files.load()
    for found in (policy.allow, policy.ignore):
        assert [(entry.reason, entry.shared) for entry in found] == [
            ("organisation", False),
            ("user", False),
            ("repository", True),
        ]
        assert [entry.file for entry in found] == [
            str(files.organisation),
            str(files.user),
            str(files.repository),
        ]
    assert [entry.line for entry in policy.ignore] == [4, 4, 4]


@pytest.mark.parametrize(
    ("locked", "allowed", "ignored"),
    [
        ('["secrets.allow"]', 1, 3),
        ('["secrets.ignore"]', 3, 1),
        ('["secrets.allow", "secrets.ignore"]', 1, 1),
        ('["secrets.allowed_paths"]', 3, 3),
    ],
)
def test_the_organisation_locks_entries(files: Layers, locked: str, allowed: int, ignored: int) -> None:
    files.put(f"locked = {locked}\n{entries('organisation')}", entries("user"), entries("repository"))
    policy = files.load()
    assert (len(policy.allow), len(policy.ignore)) == (allowed, ignored)
    assert {policy.allow[0].reason, policy.ignore[0].reason} == {"organisation"}
    assert layers.is_locked("secrets.allow") == (allowed == 1)


def test_without_an_organisation_nothing_is_locked(files: Layers) -> None:
    assert not layers.is_locked("secrets.allow")


def test_a_repository_alone_has_entries(files: Layers) -> None:
    files.put(repository=entries("repository"))
    policy = files.load()
    assert policy.allow[0].shared
    assert policy.ignore[0].shared
    assert policy.disabled_prompt_rules == frozenset()


def test_a_repository_does_not_switch_off_what_keeps_the_guard_on(files: Layers) -> None:
    disabled = 'commands.disabled_rules = ["guard-files", "rm-recursive"]'
    files.put(repository=disabled)
    assert files.load().disabled_command_rules == {"rm-recursive"}
    files.put(user=disabled)
    assert files.load().disabled_command_rules == {"guard-files", "rm-recursive"}

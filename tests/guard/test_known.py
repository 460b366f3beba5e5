"""What a machine holds as secrets is read where programs keep it, and found wherever it goes."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.errors import GuardError
from codex_guard.guard import known
from codex_guard.model import Finding, Text
from codex_guard.repo import git
from codex_guard.secrets.rules.template import expand

ONE, TWO = expand("{alnum:40}"), expand("{alnum:40}", 1)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    """Leave nothing in the environment but what finds the home folder and programs."""
    for name in set(os.environ) - {"PATH", "PYTEST_CURRENT_TEST", "HOME", "GIT_CONFIG_GLOBAL"}:
        monkeypatch.delenv(name)


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("ONE", ONE).replace("TWO", TWO))
    return path


def held(folder: Path, worktree: Path | None = None) -> dict[str, str]:
    """Return the known secrets by their names."""
    collected = known.collect(str(folder), str(worktree or folder))
    assert len({(one.secret, one.path) for one in collected}) == len(collected)
    return {one.name: one.secret.reveal() for one in collected}


#: A file of the home folder, what it says, and the names of its secrets in order.
FILES: dict[str, tuple[str, list[str]]] = {
    ".aws/credentials": (
        "[default]\naws_access_key_id = me1\naws_secret_access_key = ONE\naws_session_token=TWO\n",
        ["aws_secret_access_key", "aws_session_token"],
    ),
    ".netrc": ("machine a.example.com\n  login me\n  password ONE\n", ["password"]),
    "_netrc": ('machine a login password password "ONE"\n', ["password"]),
    ".npmrc": ("save=true\n//registry.example.com/:_authToken=ONE\n_auth=TWO\n", ["_authToken", "_auth"]),
    ".pypirc": ("[pypi]\nusername = __token__\npassword = ONE\n", ["password"]),
    ".docker/config.json": (
        '{"auths":{"a.example.com":{"auth":"ONE","email":"a"},"b":{"identitytoken":"TWO"},"c":{}},"n":1}',
        ["identitytoken", "auth"],
    ),
    ".git-credentials": ("https://me:ONE@example.com\n", ["password"]),
    ".config/gh/hosts.yml": ("github.com:\n    user: me\n    oauth_token: ONE\n", ["oauth_token"]),
    ".config/hub": ("github.com:\n- user: me\n  oauth_token: ONE\n", ["oauth_token"]),
    ".pgpass": ("# a:b:c:d:e\n\nhost:5432:db:me\\:too:ONE\\:\\\\\n", ["password"]),
    ".my.cnf": ("[client]\nuser=me\npassword='ONE'\n", ["password"]),
    ".kube/config": (
        "users:\n- user:\n    client-key-data: ONE\n    client-certificate-data: a\n    token: TWO\n",
        ["client-key-data", "token"],
    ),
    ".codex/auth.json": (
        '{"OPENAI_API_KEY": null, "tokens": {"id_token": "ONE", "refresh_token": "TWO", "account_id": "a"}}',
        ["refresh_token", "id_token"],
    ),
    ".cargo/credentials.toml": ('[registry]\ntoken = "ONE"\n', ["token"]),
    ".terraform.d/credentials.tfrc.json": ('{"credentials":{"a":{"token":"ONE"}}}', ["token"]),
    ".config/gcloud/application_default_credentials.json": (
        '{"client_id":"no1","client_secret":"TWO","private_key":"ONE\\n"}',
        ["private_key", "client_secret"],
    ),
    ".azure/msal_token_cache.json": ('{"AccessToken":{"a":{"secret":"ONE","realm":"no1"}}}', ["secret"]),
    ".huggingface/token": ("ONE\n", ["token"]),
    ".cache/huggingface/token": ("ONE", ["token"]),
    ".config/op/config": ('{"accounts":[{"accountKey":"ONE"}]}', ["accountKey"]),
    ".vault-token": ("ONE", ["token"]),
    ".gem/credentials": ("---\n:rubygems_api_key: ONE\n", ["rubygems_api_key"]),
    ".composer/auth.json": (
        '{"http-basic":{"a":{"username":"no1","password":"TWO"}},"github-oauth":{"github.com":"ONE"}}',
        ["github-oauth", "password"],
    ),
    ".m2/settings.xml": (
        "<server><username>no1</username><password>ONE&amp;</password></server>",
        ["password"],
    ),
    ".gradle/gradle.properties": ("org.gradle.jvmargs=-Xmx2g\nmavenPassword=ONE\n", ["mavenPassword"]),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_home_folder_holds_secrets(own_home: Path, tmp_path: Path, name: str) -> None:
    text, names = FILES[name]
    put(own_home / name, text)
    secrets = held(tmp_path)
    assert list(secrets) == [f"{one} in ~/{name}" for one in names]
    assert all(value.startswith((ONE, TWO)) for value in secrets.values())


def test_every_file_is_tested() -> None:
    assert set(FILES) == {name for name, _, _ in known._SOURCES}


def test_escapes_of_a_file_are_taken_off(own_home: Path, tmp_path: Path) -> None:
    for name in (".pgpass", ".m2/settings.xml"):
        put(own_home / name, FILES[name][0])
    assert list(held(tmp_path).values()) == [f"{ONE}:\\", f"{ONE}&"]


def test_codex_can_have_a_home_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put(tmp_path / "codex/auth.json", '{"OPENAI_API_KEY": "ONE"}')
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "codex"))
    assert held(tmp_path) == {"OPENAI_API_KEY in $CODEX_HOME/auth.json": ONE}


@pytest.mark.parametrize("home", ["", "relative", None])
def test_without_a_home_there_is_none(
    monkeypatch: pytest.MonkeyPatch, own_home: Path, tmp_path: Path, home: str | None
) -> None:
    monkeypatch.chdir(own_home)
    put(own_home / ".vault-token", ONE)
    put(own_home / "relative/.vault-token", ONE)
    if home is None:
        monkeypatch.delenv("HOME")
    else:
        monkeypatch.setenv("HOME", home)
    assert held(tmp_path) == {}


def test_the_environment_holds_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "OPENAI_API_KEY": ONE,
        "DATABASE_URL": f"postgres://me:{TWO}@db/app",
        "DB_PASSWORD_FILE": expand("{alnum:20}"),
        "HOMEPAGE": "https://example.com/a1",
        "SOME_TOKEN": "short1",
        "OTHER": expand("{alnum:30}"),
    }.items():
        monkeypatch.setenv(name, value)
    assert held(tmp_path) == {
        "OPENAI_API_KEY in the environment": ONE,
        "DATABASE_URL in the environment": TWO,
    }


@pytest.mark.parametrize("name", [".env", ".env.local", ".env.production.local", ".env.test", ".envrc"])
def test_dotenv_files_hold_secrets(tmp_path: Path, name: str) -> None:
    put(
        tmp_path / name,
        "# the database\nexport DB_PASSWORD='ONE'\nURL=redis://:TWO@a\nNAME=some1-other-name\n",
    )
    (tmp_path / "sub").mkdir()
    names = {f"DB_PASSWORD in {name}": ONE, f"URL in {name}": TWO}
    assert held(tmp_path) == names
    assert held(tmp_path / "sub", tmp_path) == names


def test_a_folder_within_the_work_tree_has_its_own(tmp_path: Path) -> None:
    put(tmp_path / ".env", "A_TOKEN=ONE")
    put(tmp_path / "sub/.env", "B_TOKEN=TWO\nA_TOKEN=ONE")
    put(tmp_path / "sub/.npmrc", "_password=TWO3")
    assert held(tmp_path / "sub", tmp_path) == {
        "B_TOKEN in sub/.env": TWO,
        "A_TOKEN in sub/.env": ONE,
        "_password in sub/.npmrc": f"{TWO}3",
        "A_TOKEN in .env": ONE,
    }


@pytest.mark.parametrize(
    "name",
    [
        ".env.example",
        ".env.sample",
        ".env.local.template",
        ".env.dist",
        ".env.a b",
        ".env.é",
        "env",
        ".environment",
    ],
)
def test_other_files_hold_none(tmp_path: Path, name: str) -> None:
    put(tmp_path / name, "DB_PASSWORD=ONE")
    assert held(tmp_path) == {}


def test_a_value_is_known_once_of_the_machine_and_once_a_file(
    monkeypatch: pytest.MonkeyPatch, own_home: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("A_TOKEN", ONE)
    monkeypatch.setenv("B_TOKEN", ONE)
    put(own_home / ".vault-token", "ONE")
    put(tmp_path / ".env", "A_TOKEN=ONE\nB_TOKEN=ONE\n")
    names = list(held(tmp_path))
    assert len(names) == 2
    assert names[0] in {"A_TOKEN in the environment", "B_TOKEN in the environment"}
    assert names[1] == "A_TOKEN in .env"


def test_a_mark_of_the_byte_order_is_no_part_of_a_name(tmp_path: Path) -> None:
    put(tmp_path / ".env", "\ufeffA_TOKEN=ONE")
    assert held(tmp_path) == {"A_TOKEN in .env": ONE}


UNREADABLE: dict[str, Callable[[Path], object]] = {
    "a named pipe": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a file that cannot be read from its start": lambda path: path.symlink_to("/proc/self/mem"),
    "a link to nothing": lambda path: path.symlink_to("gone"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "no text": lambda path: path.write_bytes(bytes(range(256))),
    "nothing": lambda path: path.touch(),
    "JSON of another shape": lambda path: path.write_text('[1, "a", {"auth": {"b": [null]}}]'),
    "JSON without end": lambda path: path.write_text('{"auth": "'),
    "JSON without bottom": lambda path: path.write_text("[" * 100_000),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_source_that_cannot_be_read_is_skipped(own_home: Path, tmp_path: Path, case: str) -> None:
    for path in (tmp_path / ".env", *(own_home / name for name in FILES)):
        path.parent.mkdir(parents=True, exist_ok=True)
        UNREADABLE[case](path)
    put(tmp_path / ".env.local", "A_TOKEN=ONE")
    assert held(tmp_path) == {"A_TOKEN in .env.local": ONE}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_of_somebody_else_is_skipped(tmp_path: Path) -> None:
    put(tmp_path / ".env", "A_TOKEN=ONE").chmod(0)
    assert held(tmp_path) == {}


@pytest.mark.parametrize("cwd", ["gone", "a\0b", "file"])
def test_a_folder_that_cannot_be_listed_holds_none(tmp_path: Path, cwd: str) -> None:
    put(tmp_path / "file", "")
    put(tmp_path / ".env", "A_TOKEN=ONE")
    assert held(Path(f"{tmp_path}/{cwd}"), tmp_path) == {"A_TOKEN in .env": ONE}


def test_of_a_large_file_and_of_many_the_first_count(tmp_path: Path) -> None:
    put(tmp_path / ".env", "A_TOKEN=ONE\n" + "#" * (256 << 10) + "\nB_TOKEN=TWO")
    assert list(held(tmp_path)) == ["A_TOKEN in .env"]
    many = "\n".join(f"TOKEN_{number}={expand('{alnum:20}', number)}" for number in range(150))
    put(tmp_path / ".env", many)
    assert list(held(tmp_path)) == [f"TOKEN_{number} in .env" for number in range(100)]
    for number in range(30):
        put(tmp_path / f".env.{number:02}", f"TOKEN={expand('{alnum:20}', number)}{number}")
    assert len(held(tmp_path)) == 100 + 15


# Finding them, and what counts.


def found(body: str, cwd: Path, where: str = "a.py") -> tuple[Finding, ...]:
    texts = [Text("other.py", "nothing here", file=True), Text(where, body, file=True)]
    return known.find(texts, known.collect(str(cwd), str(cwd)), str(cwd))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a repository with a dotenv file that is tracked and one that is not."""
    git.output(str(tmp_path), "init", "-q")
    put(tmp_path / ".env", "A_TOKEN=ONE")
    put(tmp_path / ".env.local", "B_TOKEN=TWO")
    git.output(str(tmp_path), "add", ".env")
    return tmp_path


def test_a_secret_of_a_dotenv_file_is_found(tree: Path) -> None:
    (finding,) = found(f"token = '{TWO}'", tree)
    assert (finding.where, finding.line, finding.column) == ("a.py", 1, 10)
    assert finding.title == "A secret of this machine: B_TOKEN in .env.local"


def test_a_value_that_git_tracks_is_everybodys(tree: Path) -> None:
    assert found(f"token = '{ONE}'", tree) == ()
    put(tree / ".env.local", "B_TOKEN=ONE")
    (finding,) = found(f"token = '{ONE}'", tree)
    assert finding.title.endswith("B_TOKEN in .env.local")


def test_what_the_machine_holds_elsewhere_counts_though_git_tracks_it(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_TOKEN", ONE)
    assert [one.title for one in found(ONE, tree, ".env")] == [
        "A secret of this machine: A_TOKEN in the environment"
    ]


def test_outside_a_repository_every_value_counts(tmp_path: Path) -> None:
    put(tmp_path / ".env", "A_TOKEN=ONE")
    assert len(found(ONE, tmp_path)) == 1


def test_a_tracked_link_does_not_make_what_it_leads_to_public(tree: Path) -> None:
    (tree / ".env").unlink()
    put(tree.parent / f"{tree.name}-secrets", "A_TOKEN=ONE")
    (tree / ".env").symlink_to(tree.parent / f"{tree.name}-secrets")
    git.output(str(tree), "add", ".env")
    assert len(found(ONE, tree)) == 1


def test_a_secret_may_stand_in_the_very_file_it_is_known_from(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(f"B_TOKEN={TWO}", tree, ".env.local") == ()
    assert found(f"B_TOKEN={TWO}", tree, str(tree / "sub" / ".." / ".env.local")) == ()
    monkeypatch.setenv("C_TOKEN", TWO)
    assert found(f"B_TOKEN={TWO}", tree, ".env.local") == ()
    (finding,) = found(f"B_TOKEN={TWO}", tree, ".env")
    assert finding.title.endswith("C_TOKEN in the environment")
    assert len(found(f"B_TOKEN={TWO}", tree, "a\0b")) == 1


def test_git_is_asked_once_a_file_and_only_for_what_is_found(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def tracks(path: str) -> bool:
        asked.append(path)
        return False

    monkeypatch.setattr(git, "tracks", tracks)
    texts = [Text("a.py", f"{TWO} {TWO}"), Text("b.py", f"{TWO}"), Text("c.py", "none")]
    collected = known.collect(str(tree), str(tree))
    assert len(known.find(texts, collected, str(tree))) == 3
    assert asked == [str(tree / ".env.local")]


def test_where_git_fails_a_value_counts(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(path: str) -> bool:
        raise GuardError("git failed")

    monkeypatch.setattr(git, "tracks", fails)
    assert len(found(ONE, tree)) == 1


def test_nothing_known_is_nothing_found(tmp_path: Path) -> None:
    assert found(f"{ONE} {TWO}", tmp_path) == ()

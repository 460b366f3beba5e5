"""Files that matter, by where they stand and what they are called."""

import pytest

from codex_guard.commands.paths import is_cache, is_dotenv, kinds, named

HOME = "/home/dev"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/work/app/.env", {"secret"}),
        ("/work/app/.env.production", {"secret"}),
        ("/work/app/deploy/prod.env", {"secret"}),
        ("/work/app/.env.example", set()),
        ("/work/app/.env.sample", set()),
        ("/work/app/.env.local.template", set()),
        ("/work/app/environment.ts", set()),
        ("/home/dev/.ssh/id_ed25519", {"secret"}),
        ("/home/dev/.ssh/work", {"secret"}),
        ("/home/dev/.ssh/id_ed25519.pub", set()),
        ("/home/dev/.ssh/known_hosts", set()),
        ("/home/dev/.ssh/config", {"startup"}),
        ("/home/dev/.ssh/authorized_keys", {"startup"}),
        ("/home/other/.aws/credentials", {"secret"}),
        ("/root/.aws/credentials", {"secret"}),
        ("/Users/dev/.netrc", {"secret"}),
        ("/home/dev/.aws/config", set()),
        ("/home/dev/.kube/config", {"secret"}),
        ("/work/app/kube/config", set()),
        ("/etc/shadow", {"secret"}),
        ("/etc/passwd", set()),
        ("/proc/self/environ", {"secret"}),
        ("/proc/12/environ", {"secret"}),
        ("/proc/12/status", set()),
        ("/work/app/certs/server.key", {"secret"}),
        ("/work/app/certs/public.key", set()),
        ("/home/dev/.bashrc", {"startup"}),
        ("/home/dev/.config/systemd/user/a.service", {"startup"}),
        ("/etc/cron.d/x", {"startup"}),
        ("/home/dev/.bash_history", {"log"}),
        ("/var/log/syslog", {"log"}),
        ("/work/app/app.log", set()),
        ("/home/dev/.SSH/ID_RSA", {"secret"}),
    ],
)
def test_what_a_file_is_for(path: str, expected: set[str]) -> None:
    assert kinds(path, HOME) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/home/dev/.ssh/id_*", "secret"),
        ("/work/app/.e*", "secret"),
        ("/work/app/.env.*", "secret"),
        ("/work/app/*.key", "secret"),
        ("/home/dev/.aws/c*", "secret"),
        ("/home/dev/.ssh/*", "secret"),
        ("/home/dev/.bash_h*", "log"),
        ("/work/app/*", None),
        ("/work/app/*.py", None),
        ("/work/app/src/e*", None),
    ],
)
def test_what_a_pattern_can_stand_for(pattern: str, expected: str | None) -> None:
    found = {kind for path in named(pattern, HOME) for kind in kinds(path, HOME)}
    assert (expected in found) if expected else not found


def test_dotenv_names() -> None:
    assert all(map(is_dotenv, (".env", ".env.staging", "my.env")))
    assert not any(map(is_dotenv, (".env.dist", "env", "x.envelope")))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/dev/.cache/pip", True),
        ("/home/dev/.cache/pip/http-v2", True),
        ("/Users/dev/Library/Developer/Xcode/DerivedData/App-x", True),
        ("/root/.npm/_cacache", True),
        ("/var/lib/apt/lists", True),
        ("/home/dev/.cache", False),
        ("/home/dev/.npm", False),
        ("/home/dev/.cache/pipeline", False),
        ("/home/dev/projects/.cache/pip", False),
        ("/var/lib/apt", False),
    ],
)
def test_what_is_made_again_by_itself(path: str, expected: bool) -> None:  # noqa: FBT001 - a row of a table
    assert is_cache(path, HOME) is expected

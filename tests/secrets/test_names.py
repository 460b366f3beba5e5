"""What a name says of its value."""

import pytest

from codex_guard.secrets.naming import names
from codex_guard.secrets.naming.names import KEY, PASSWORD, SECRET, has_owner, kind, words


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("api_key", ["api", "key"]),
        ("AWSSecretKey_2", ["aws", "secret", "key", "2"]),
        ("dbPass2", ["db", "pass2"]),
        ("spring.datasource.password", ["spring", "datasource", "password"]),
        ("--api-key", ["api", "key"]),
        ("$env", ["env"]),
        ("token1Value", ["token1", "value"]),
        ("", []),
        ("...", []),
        ("X", ["x"]),
    ],
)
def test_words(name: str, found: list[str]) -> None:
    assert words(name) == found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("password", PASSWORD),
        ("DB_PASSWORD", PASSWORD),
        ("smtpPasswd", PASSWORD),
        ("MYSQLPASS", None),
        ("mysql_pass", PASSWORD),
        ("passphrase2", PASSWORD),
        ("admin_password_test", PASSWORD),
        ("forgot_password", None),
        ("password_file", None),
        ("password_hash", None),
        ("PasswordLabel", None),
        ("secret", SECRET),
        ("client_secret", SECRET),
        ("clientsecret", SECRET),
        ("AUTH_TOKEN", SECRET),
        ("accesstoken", SECRET),
        ("next_page_token", None),
        ("nexttoken", None),
        ("csrf_token", None),
        ("max_tokens", None),
        ("publicKeyToken", None),
        ("api_key", SECRET),
        ("apikey", SECRET),
        ("X-Api-Key", SECRET),
        ("secret_access_key", SECRET),
        ("acme_key", KEY),
        ("key", KEY),
        ("cache_key", None),
        ("public_key", None),
        ("primary_key", None),
        ("s3Key", None),
        ("monkey", None),
        ("acmeACCESS", KEY),
        ("access", None),
        ("tokenizer", None),
        ("secretary", None),
        ("", None),
        ("1", None),
        ("value", None),
    ],
)
def test_kind(name: str, said: str | None) -> None:
    assert kind(name) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("password", PASSWORD),
        ("setPassword", PASSWORD),
        ("with_api_token", SECRET),
        ("get_password", None),
        ("verifyToken", None),
        ("splitpasswd", None),
        ("Token", SECRET),
    ],
)
def test_in_a_call(name: str, said: str | None) -> None:
    assert kind(name, "(") == said


@pytest.mark.parametrize("name", ["sendbird_token", "ACME_API_KEY", "acme TOKEN", "plaidSecret"])
def test_owned(name: str) -> None:
    assert has_owner(name)


@pytest.mark.parametrize(
    "name", ["token", "api_key", "ACCESS_TOKEN", "const authToken", "the password is", "my key"]
)
def test_nobodys(name: str) -> None:
    assert not has_owner(name)


def test_the_lists_do_not_contradict_each_other() -> None:
    assert not names._KEY_OWNERS & names._NO_KEYS
    assert not names._PASSWORDS & names._SECRETS
    assert not (names._PASSWORDS | names._SECRETS) & names._TRAILING

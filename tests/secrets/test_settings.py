"""Assignments as files spell them, and which of their values are secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.secrets import settings
from codex_guard.secrets.rules.template import expand

VALUE = expand("{alnum:10}-{alnum:10}")

ASSIGNED = {
    "plain": ("NAME=VALUE", "NAME", "VALUE"),
    "exported": ("export NAME=VALUE", "NAME", "VALUE"),
    "spaces": ("  name = VALUE  ", "name", "VALUE"),
    "Windows": ("NAME=VALUE\r\nOTHER=a\r\n", "NAME", "VALUE"),
    "in quotes": ('NAME="VALUE"', "NAME", "VALUE"),
    "in single quotes": ("NAME='VALUE # all'  # not all", "NAME", "VALUE # all"),
    "with a comment": ("NAME=VALUE # not this", "NAME", "VALUE"),
    "with a hash": ("NAME=VALUE#this", "NAME", "VALUE#this"),
    "with an equals sign": ("NAME=VALUE==", "NAME", "VALUE=="),
    "with a colon": ("NAME=VALUE: this", "NAME", "VALUE: this"),
    "with quotes within": ('NAME=VALUE"this', "NAME", 'VALUE"this'),
    "with escapes": (r'NAME="VALUE\"\\\$\n"', "NAME", 'VALUE"\\$\n'),
    "with escapes that are none": (r"NAME='VALUE\n'", "NAME", r"VALUE\n"),
    "over lines": ('NAME="first\nB=VALUE\n"  # end', "NAME", "first\nB=VALUE\n"),
    "a quote without end": ("NAME='VALUE\nOTHER=a", "NAME", "'VALUE"),
    "YAML": ("users:\n- name: a\n  user:\n    token: VALUE\n", "token", "VALUE"),
    "an item of YAML": ("- token: 'VALUE'", "token", "VALUE"),
    "a symbol": ("---\n:rubygems_api_key: VALUE\n", "rubygems_api_key", "VALUE"),
    "npm": ("//registry.example.com/:_authToken=VALUE", "_authToken", "VALUE"),
    "INI": ("[a]\n; b=c\nname = VALUE", "name", "VALUE"),
    "properties": ("signing.password=VALUE", "signing.password", "VALUE"),
    "JSON": ('{\n  "name": "VALUE",\n}', "name", "VALUE"),
}


@pytest.mark.parametrize("case", ASSIGNED)
def test_an_assignment_is_read(case: str) -> None:
    text, name, value = (part.replace("VALUE", VALUE) for part in ASSIGNED[case])
    assert (name, value) in list(settings.assigned(text))
    assert ("LAST", "end") in list(settings.assigned(f"FIRST=a\n\n{text.partition('OTHER')[0]}\nLAST=end"))


@pytest.mark.parametrize("line", ["", "# NAME=a", "  # NAME=a", "; NAME=a", "NAME", "NAME:", "=a", "a b!=c"])
def test_what_is_no_assignment_is_none(line: str) -> None:
    assert list(settings.assigned(f"{line}\nLAST=end\n")) == [("LAST", "end")]


def test_a_name_is_ordinary_and_short() -> None:
    assert list(settings.assigned(f"{'A' * 81}=a\nÄÄ=a\nA$B=a\n{'A' * 80}=a")) == [("A" * 80, "a")]


@given(st.text(alphabet="\"'\\\n=: #Aa"))
def test_any_text_can_be_read(text: str) -> None:
    for name, value in settings.assigned(text):
        assert name in text
        assert len(value) <= len(text)


@pytest.mark.parametrize(
    "name",
    [
        "API_KEY",
        "DB_PASSWORD",
        "PGPASSWORD",
        "mavenPassword",
        "signing.password",
        "SECRET_KEY_BASE",
        "GITHUB_TOKEN",
        "GH_PAT",
        "AWS_SECRET_ACCESS_KEY",
        "TOKEN_2",
        "MYSQL_PWD",
        "PRIVATE_KEY",
        "SENTRY_DSN",
        "NPM_AUTH",
        "client-secret",
        "MYAPIKEY",
        "SMTP_PASS",
        "GOOGLE_CREDENTIALS",
    ],
)
def test_a_name_can_call_its_value_a_secret(name: str) -> None:
    assert settings.names_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "AWS_ACCESS_KEY_ID",
        "DB_PASSWORD_FILE",
        "SSH_AUTH_SOCK",
        "GPG_KEY",
        "XAUTHORITY",
        "PATH",
        "PWD",
        "OLDPWD",
        "PASSWORD_HASHER",
        "STRIPE_PUBLISHABLE_KEY",
        "NEXT_PUBLIC_API_KEY",
        "MONKEY",
        "KEYBOARD",
        "PATTERN",
        "AUTHOR",
        "COMPASS",
        "TOKEN_TYPE",
        "MAX_TOKENS",
        "GIT_ASKPASS",
        "SECRET_NAME",
        "TOKEN_URL",
        "HOME",
    ],
)
def test_a_name_can_only_be_about_a_secret(name: str) -> None:
    assert not settings.names_secret(name)


@pytest.mark.parametrize(
    "value",
    [
        VALUE,
        expand("{lower:7}!"),
        expand("{digits:12}"),
        expand("{hex:40}"),
        expand("/{base64:39}"),
        expand("$2a$10${alnum:53}"),
        expand("{lower:6}.{hex:16}"),
        expand("{jwt}"),
        "the quick brown fox",
        expand("C0mpl{alnum:8}x"),
    ],
)
def test_a_value_of_its_own_is_a_secret(value: str) -> None:
    assert settings.telling("DB_PASSWORD", value) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        expand("{alnum:7}"),
        "a" * 8193,
        "production",
        "Production",
        "12345678901",
        "Passw0rd!",
        "postgres123",
        "admin-2024",
        "changeme-please1",
        "your-token-here1",
        "<password-1234>",
        "$DB_PASSWORD",
        "${DB_PASSWORD:-a1}",
        "$(pass show db1)",
        "`pass show db1`",
        "/run/secrets/db-1",
        "/Users/Me/Keys/1",
        "~/.keys/db1",
        "./keys/db1",
        "C:\\Keys\\db1",
        "/usr/bin:/bin",
        "db1.example.com:5432",
        "192.168.100.1:5432",
        "https://db1.example.com/path",
        "https://me@db1.example.com/path",
        "op://vault1/item/field",
        "db_password",
    ],
)
def test_a_plain_value_is_none(value: str) -> None:
    assert not settings.telling("DB_PASSWORD", value)


def test_words_are_a_secret_only_where_a_passphrase_can_be() -> None:
    words = "purple-monkey-dishwasher"
    assert settings.telling("DB_PASSPHRASE", words) == words
    assert not settings.telling("AUTH", words)
    assert not settings.telling("SECRETS_KEY", "PRODUCTION")


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "token"])
def test_of_a_header_the_token_is_the_secret(scheme: str) -> None:
    assert settings.telling("AUTH", f"{scheme} {VALUE}") == VALUE


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("postgres://me:VALUE@db:5432/app?a=b@c", "VALUE"),
        ("redis://:VALUE@db", "VALUE"),
        ("https://me:VALUE%40%2F@example.com", "VALUE@/"),  # codex-guard: allow[url-credentials] made up
        ("https://me:p%C3%A4VALUE@example.com", "päVALUE"),  # codex-guard: allow[url-credentials] made up
        ("https://me:VALUE%FF@example.com", "VALUEÿ"),
        ("https://me:VALUE%@example.com", "VALUE%"),
        ("mongodb://me:VALUE/1@a,b/app", "VALUE/1"),
        ("https://example.com/a:b", ""),
        ("https://me@example.com", ""),
        ("no url", ""),
    ],
)
def test_of_a_url_the_password_is_the_secret(url: str, password: str) -> None:
    assert settings.url_password(url.replace("VALUE", VALUE)) == password.replace("VALUE", VALUE)

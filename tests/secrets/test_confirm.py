"""What a regex cannot say: randomness, placeholders, patterns, and what only a name calls a secret."""

import pytest

from codex_guard.model import Text
from codex_guard.secrets.confirm import entropy, is_placeholder
from codex_guard.secrets.index import load
from codex_guard.secrets.naming.looks import looks_secret
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import scan


@pytest.mark.parametrize(
    ("text", "bits"), [("", 0.0), ("aaaa", 0.0), ("ab", 1.0), ("aabb", 1.0), ("abcd", 2.0), ("éèêë", 2.0)]
)
def test_entropy(text: str, bits: float) -> None:
    assert entropy(text) == pytest.approx(bits)


RANDOM = expand("{alnum:24}")


@pytest.mark.parametrize(
    "value",
    [
        "your-api-key-1", "YOUR_TOKEN_HERE", "changeme1", "Change-Me-2", f"example{RANDOM}",
        f"{RANDOM}EXAMPLE", "xxxxXXXXxxxx", f"<{RANDOM}>", f"${{{RANDOM}}}", f"{{{{ {RANDOM} }}}}",
        f"$({RANDOM})", f"%({RANDOM})s",
        "<masked:github-pat>", "sk-...", f"a****{RANDOM}", "aaaaaaB1", "abcdefg12", "1234567",
        "a1b2c3d4e5f6", "000102030405", "abc123def456ghi789", "aA1bB2cC3dD4eE5fF6", "abcd-efgh-ijkl-mnop",
    ],
)  # fmt: skip
def test_placeholder(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [RANDOM, expand("{hex:40}"), "aaaaaB1", "abcdef12", "123456", "<b", "a>", "abcd1234abcd", "!@#$%^&*("],
)
def test_no_placeholder(value: str) -> None:
    assert not is_placeholder(value)


@pytest.mark.parametrize(
    ("value", "named", "formatted"),
    [
        # (value, is it a placeholder where a name calls it a secret, ... where a format does)
        ("ghp_" + "0" * 36, True, True),
        ("ghp_" + expand("{alnum:30}") + "000000", True, False),
        ("pk_" + "1234567890" + expand("{hex:30}"), True, False),
        ("pk_" + "abcdefghijklmnopqrst" + expand("{hex:8}"), True, True),
        ("pk_" + "tsrqponmlkjihgfedcba" + expand("{hex:8}"), True, True),
        ("pk_" + "abcdefghijklmno" + expand("{hex:4}"), True, False),
        ("pk_" + expand("{hex:30}"), False, False),
        ("pk_example_" + expand("{hex:30}"), True, True),
    ],
)
def test_patterned(value: str, *, named: bool, formatted: bool) -> None:
    assert is_placeholder(value) == named
    assert is_placeholder(value, formatted=True) == formatted


@pytest.mark.parametrize(
    "template",
    [
        "tr0ub4dor&3x", "{alnum:16}", "{lower:9}7q", "pa55W0rd!xyz", "d3adb33f", "{hex:32}",
        "{alnum:6}!{digits:3}",
        "{base64:20}/{base64:30}/{base64:20}/a1{base64:10}=", "{base64url:40}", "correct+horse7battery",
        "{upper:8}-{upper:8}-{digits:4}", "x/{alnum:9}/y2{alnum:5}", "qW3rT9", "x7Kp2Qz",
    ],
)  # fmt: skip
def test_looks_secret(template: str) -> None:
    assert looks_secret(expand(template))
    assert looks_secret(expand(template), quoted=True)


@pytest.mark.parametrize(
    "value",
    [
        # words and names
        "password", "Secret", "none", "username", "next_page_token", "user-password-2", "client.secret1",
        "PASSWORD_RESET_2", "hunter2", "Password123", "aaaaaaa1", "1122112211a", "!!!!!!!!", "123456789012",
        "Test12", "md5Sum", "qw3rt9",
        # code and templates
        "os.environ[TOKEN2]", "get_password(1)", "$DB_PASSWORD2", "Foo::bar_Baz1", "https://a.b/c?d=1x9Q",
        "x7Q9w2;", "x7Q9w2Zk\\",
        # paths
        "./conf/key1.Pem", "../a/b2/key", "~/keys/Id2.pub", "/etc/ssl/private/key2.pem",
        "src/app/v2/main/token3",
        "tab\there1Xq",
    ],
)  # fmt: skip
def test_does_not_look_secret(value: str) -> None:
    assert not looks_secret(value)
    assert not looks_secret(value, quoted=True) or value == "x7Q9w2;"


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        # Between quotes a bracket or a dollar begins and ends passwords.
        ("$k7Qw9x!Zp", True), ("(k7Qw9x!Zp", True), ("k7Qw9x!Zp]", True), ("[k7Qw9x!Zp", True),
        ("&k7Qw9x!Zp", True),
        ("*k7Qw9x!Zp", True), ("k7Qw9x!Zp;", True), ("k7Qw9x!Zp,", True), (")k7Qw9x!Zp(", True),
        # But pairs are code, and a dollar with a name is a variable.
        ("{k7Qw9x!Zp}", False), ("[k7Qw9x!Zp]", False), ("f(k7Qw9x!Zp)", False), ("a<k7Qw9x!Zp>", False),
        ("$password2", False), ("$DB_PASSWORD2", False),
    ],
)  # fmt: skip
def test_brackets(value: str, *, counts: bool) -> None:
    assert looks_secret(value, quoted=True) == counts
    assert bool(scan(Text("text", f'password = "{value}"'), load())) == counts


@pytest.mark.parametrize(
    "value", ["$k7Qw9xZp", "(k7Qw9xZp", "k7Qw9xZp]", "*k7Qw9xZp", "k7Qw9xZp;", "k7(Qw9xZp"]
)
def test_brackets_without_quotes_are_code(value: str) -> None:
    assert not looks_secret(value)


@pytest.mark.parametrize("value", ["$DB_PASSWORD2", "getenv(PASS1)", "args[1]", "/run/secrets/db2"])
def test_unquoted_code_is_no_secret(value: str) -> None:
    assert scan(Text("text", f"password = {value}\n"), load()) == ()

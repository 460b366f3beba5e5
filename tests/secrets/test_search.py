"""Where secrets are found, which of several findings counts, and what stands in a longer word."""

import pytest

from codex_guard.model import Finding, Text
from codex_guard.secrets import formats
from codex_guard.secrets.index import Index, Row, load
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import lower, scan
from codex_guard.secrets.strictness import STRICT

KEY = expand("ghp_{crc62:36}")
OTHER = expand("glpat-{base64url:20}")
PEM = "-----BEGIN RSA " + expand("PRIVATE KEY-----\n{pem:640}\n-----END RSA ") + "PRIVATE KEY-----"
LONG_LINE = "x " * 5_000


def found(body: str, *, first_line: int = 1, disabled: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    findings = scan(Text("text", body, first_line), load(), disabled)
    for finding in findings:
        assert body[finding.start : finding.end] == finding.secret.reveal()
    return findings


@pytest.mark.parametrize(
    ("body", "first_line", "places"),
    [
        (KEY, 1, [(1, 1)]),
        (f"a {KEY}", 1, [(1, 3)]),
        (f"{KEY}\n", 1, [(1, 1)]),
        (f"\n{KEY}", 1, [(2, 1)]),
        (f"a\n b {KEY}", 7, [(8, 4)]),
        (f"a\r\n {KEY}\r\n", 1, [(2, 2)]),
        (f"{KEY} {OTHER}", 1, [(1, 1), (1, 42)]),
        (f"{OTHER} {KEY}", 1, [(1, 1), (1, 28)]),
        (f"{KEY}\n\n{KEY}", 3, [(3, 1), (5, 1)]),
        (f"{PEM}\n{KEY}", 1, [(2, 1), (PEM.count("\n") + 2, 1)]),
        (f"{PEM} {KEY}", 1, [(2, 1), (PEM.count("\n") + 1, len(PEM) - PEM.rindex("\n") + 1)]),
        (f"{LONG_LINE}{KEY}{' y' * 5_000}", 1, [(1, 10_001)]),
        (f"İİ {KEY}", 1, [(1, 4)]),
        (f"ẞß ﬁ 😀 é\u0301 {KEY}", 1, [(1, 11)]),
        (f"\ud800\x00 {KEY}", 1, [(1, 4)]),
        (f"日本\nİ\u2028{KEY}", 1, [(2, 3)]),
    ],
)
def test_place(body: str, first_line: int, places: list[tuple[int, int]]) -> None:
    assert [(finding.line, finding.column) for finding in found(body, first_line=first_line)] == places


@pytest.mark.parametrize("text", ["", "İ", "aİbİ", "ΑΣ ß ẞ ﬀ", "\ud800", "K \u017f", "Ǆ ǅ"])
def test_lower_moves_nothing(text: str) -> None:
    assert len(lower(text)) == len(text)


def test_thousand_secrets() -> None:
    keys = [expand("ghp_{crc62:36}", seed) for seed in range(1_000)]
    findings = found("\n".join(keys))
    assert [finding.secret.reveal() for finding in findings] == keys
    assert [finding.line for finding in findings] == list(range(1, 1_001))


@pytest.mark.parametrize(
    "body",
    [
        f"AWS_SECRET_ACCESS_KEY={expand('{base64:40}')}\n",
        f"aws_secret_access_key={expand('{base64:40}')}\n",
        f"Aws_Secret_Access_Key={expand('{base64:40}')}\n",
    ],
)
def test_keyword_in_any_case(body: str) -> None:
    assert len(found(body)) == 1


def test_disabled_rules() -> None:
    assert [finding.rule for finding in found(KEY)] == ["github-pat"]
    assert found(KEY, disabled=("github-pat",)) == ()
    # What a disabled rule would have claimed, another may.
    named = f'api_token = "{KEY}"'
    assert [finding.rule for finding in found(named)] == ["github-pat"]
    assert [finding.rule for finding in found(named, disabled=("github-pat",))] == ["generic-secret"]


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("", "", 1),
        ("=", ";", 1),
        ("\\n", "\\n", 1),
        ("\\t", "\\r\\n", 1),
        ("\\u003d", "\\u0026", 1),
        ("%3D", "%26", 1),
        ("%3d", "&", 1),
        ("\x1b[0m", "\x1b[0m", 1),
        ("\x1b[1;31m", "\x1b[m", 1),
        ("é", "é", 1),
        ("x", "", 0),
        ("", "x", 0),
        ("_", "", 0),
        ("", "_", 0),
        ("n", "", 0),
        ("%zz", "", 0),
        ("[0m", "", 0),
        ("\x1b[0mm", "", 0),
        ("\\q", "", 0),
    ],
)
def test_boundaries(before: str, after: str, count: int) -> None:
    assert len(found(f"{before}{KEY}{after}")) == count
    assert len(found(f"token at {before}{KEY}{after} there")) == count


def row(**changes: object) -> Row:
    fields: dict[str, object] = {
        "id": "a", "title": "", "severity": "high", "revoke": "", "regex": "", "value": "", "says": "",
        "alone": False, "sole": False, "check": "", "group": 0, "entropy": 0.0, "before": 0, "after": 64,
        "bounded": False, "generic": False, "structured": False, "solid": 0,
    }  # fmt: skip
    return tuple((fields | changes).values())  # type: ignore[return-value]


VALUE = expand("abc{alnum:20}")


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        # A format before a provider's name, a provider's name before a mere name, whatever the severity.
        ({"regex": "abc[a-zA-Z0-9]+"}, {"regex": "key=(.+)", "group": 1, "severity": "critical"}, "a"),
        ({"regex": "key=(.+)", "group": 1}, {"regex": "key=(.+)", "group": 1, "generic": True}, "a"),
        (
            {"regex": "key=(.+)", "group": 1, "generic": True, "severity": "critical"},
            {"regex": "abc[a-zA-Z0-9]+", "severity": "low"},
            "b",
        ),
        # A common format says nothing of the provider that a name says.
        (
            {"regex": "abc[a-zA-Z0-9]+", "structured": True},
            {"regex": "key=(.+)", "group": 1, "severity": "critical"},
            "b",
        ),
        ({"regex": "abc[a-zA-Z0-9]+"}, {"regex": "abc[a-zA-Z0-9]+", "severity": "critical"}, "b"),
        ({"regex": "abc[a-zA-Z0-9]{10}"}, {"regex": "abc[a-zA-Z0-9]+"}, "b"),
        ({"regex": "abc[a-zA-Z0-9]+"}, {"regex": "abc[a-zA-Z0-9]+"}, "a"),
    ],
)
def test_overlap(first: dict[str, object], second: dict[str, object], kept: str) -> None:
    rows = (row(id="a", **first), row(id="b", **second))
    numbers: dict[str, list[int]] = {}
    for number, regex in enumerate((first["regex"], second["regex"])):
        numbers.setdefault("abc" if str(regex).startswith("abc") else "key=", []).append(number)
    index = Index(tuple((keyword, tuple(of)) for keyword, of in numbers.items()), rows)
    assert [finding.rule for finding in scan(Text("text", f"key={VALUE}"), index)] == [kept]


def test_windows_merge() -> None:
    assert list(formats._windows([50, 0, 5], 2, 10)) == [(0, 15), (48, 60)]
    assert list(formats._windows([0, 12], 2, 10)) == [(0, 22)]
    assert list(formats._windows([0, 13], 2, 10)) == [(0, 10), (11, 23)]


def test_a_match_is_not_cut_where_its_window_ends() -> None:
    index = Index((("abc", (0,)),), (row(regex="abc[a-z]+", after=10),))
    body = expand("abc{alnum:80}").lower().translate(str.maketrans("0123456789", "qwertzuiop"))
    assert [finding.end for finding in scan(Text("text", body), index)] == [len(body)]


def test_a_group_that_is_not_there_is_no_finding() -> None:
    index = Index((("abc", (0,)),), (row(regex="abc(d)?(e*)", group=1),))
    assert scan(Text("text", "abc abcd"), index)[0].start == 7
    index = Index((("abc", (0,)),), (row(regex="abc(d)?(e*)", group=2),))
    assert scan(Text("text", "abc"), index) == ()


@pytest.mark.parametrize(
    "template",
    [
        "DATABRICKS_TOKEN=dapi{digits:8}zq{hex:20}",
        "DATABRICKS_TOKEN=dapi{hex:29}",
        "token: ghp_{alnum:30}",
        "GITHUB_TOKEN=ghp_{crc62:36}_old",
        "npm_token = npm_{alnum:40}",
        'linearToken: "lin_api_{alnum:20}-{alnum:19}"',
        "EXOSCALE_API_KEY=EXA{hex:24}",
        "chapa_token: CHASECK-{alnum:28}",
    ],
)
def test_what_begins_like_a_token_and_is_none(template: str) -> None:
    text = Text("text", expand(template) + "\n")
    assert scan(text, load()) == ()
    assert [finding.rule for finding in scan(text, load(), strictness=STRICT)] == ["generic-secret"]


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        # Many providers' keys begin so.
        ("ACME_TOKEN=sk_{alnum:24}", "generic-secret"),
        ("ACME_TOKEN=key_{alnum:24}", "generic-secret"),
        # A password may begin with anything.
        ('password = "npm_{alnum:6}!{digits:3}"', "generic-password"),
    ],
)
def test_what_begins_like_a_token_and_is_another_secret(template: str, rule: str) -> None:
    assert [finding.rule for finding in found(expand(template) + "\n")] == [rule]


def test_what_goes_on_behind_a_whole_token_is_part_of_the_secret() -> None:
    body = expand("token = ghp_{crc62:36}:x-oauth-basic")
    findings = scan(Text("text", body), load())
    assert [(finding.rule, finding.end) for finding in findings] == [("github-pat", len(body))]


def test_another_shape_than_the_sole_one_is_told_by_its_name_where_that_rule_is_disabled() -> None:
    body = expand("DATABRICKS_TOKEN=dapi{digits:8}zq{hex:20}\n")
    assert [finding.rule for finding in found(body, disabled=("databricks-token",))] == ["generic-secret"]


def test_under_its_providers_name_half_a_token_is_none() -> None:
    assert found(expand("ELEVENLABS_API_KEY=sk_{hex:24}\n")) == ()


@pytest.mark.parametrize(
    ("template", "count"),
    [
        ("ACME_TOKEN=617{digits:15}", 1),
        ('acmeSecret: "482{digits:13}"', 1),
        ("ACME_TOKENS=617{digits:15}", 0),
        ("acme_token_id = 617{digits:15}", 0),
        ("acme_token = 170{digits:10}", 0),
        ("acme_token = 9000000000000000", 0),
        ("the acme token 617{digits:15}", 0),
        ("API_KEY={uuid}", 1),
        ('-H "apikey: {uuid}"', 1),
        ("row_key = {uuid}", 0),
        ("api key {uuid}", 0),
        ('"DB_PASSWORD", "ACME_NATIVE_PASSWORD"', 0),
        ('password = "MYSQL_CACHING_SHA2_PASSWORD"', 0),
        ('oauth_token: "1234567890{hex:12}"', 0),
        ('acme_token: "1234567890{hex:12}"', 1),
    ],
)
def test_numbers_uuids_and_constants(template: str, count: int) -> None:
    assert len(found(expand(template) + "\n")) == count

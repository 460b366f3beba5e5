"""A name and its value are read in whatever syntax people put them."""

import pytest

from codex_guard.secrets.naming.pairs import Pair, read

VALUE = "Zx81q-Lm44"  # no secret: what counts here is where it begins and ends


def pair(text: str, keyword: str = "token") -> Pair | None:
    return read(text, text.lower().index(keyword))


TIED = {
    "assignment": f"token = {VALUE}",
    "no blanks": f"TOKEN={VALUE}",
    "aligned": f"token                = {VALUE}",
    "quoted": f'token = "{VALUE}"',
    "single quotes": f"token = '{VALUE}'",
    "backticks": f"const token = `{VALUE}`;",
    "three quotes": f'token = """{VALUE}"""',
    "a prefix": f"token = b'{VALUE}'",
    "verbatim": f'token = @"{VALUE}";',
    "json": f'{{"token": "{VALUE}", "a": 1}}',
    "json in a string": rf'"{{\"token\": \"{VALUE}\"}}"',
    "json in a string twice": rf"\\\"token\\\": \\\"{VALUE}\\\"",
    "a list of one": f'{{"token": ["{VALUE}"]}}',
    "yaml": f"  token: {VALUE}",
    "yaml in a list": f"- token: {VALUE}",
    "yaml with a comment": f"token: {VALUE}  # old",
    "ruby": f":token => '{VALUE}'",
    "go": f"token := `{VALUE}`",
    "make": f"token ?= {VALUE}",
    "php": f"$token .= '{VALUE}';",
    "perl": f"$config{{'token'}} = '{VALUE}';",
    "subscript": f"config['token'] = '{VALUE}'",
    "attribute": f"self.token = '{VALUE}'",
    "typed": f"token: str = '{VALUE}'",
    "typed and optional": f"token: Optional[str] = '{VALUE}'",
    "rust": f'const TOKEN: &str = "{VALUE}";',
    "typescript": f'const token: string = "{VALUE}"',
    "go with a type": f'var token string = "{VALUE}"',
    "c": f'char token[25] = "{VALUE}";',
    "java": f'private static final String token = "{VALUE}";',
    "compared": f"if (token == '{VALUE}') {{",
    "compared strictly": f"if (token !== '{VALUE}') {{",
    "wrapped": f'token = SecretStr("{VALUE}")',
    "wrapped and new": f'token = new String("{VALUE}")',
    "in brackets, on the next line": f'token = (\n    "{VALUE}"\n)',
    "named, then its value": f'{{"name": "token", "value": "{VALUE}"}}',
    "attributes": f'<add key="token" value="{VALUE}" />',
    "element": f"<token>{VALUE}</token>",
    "element on lines": f"<token>\n    {VALUE}\n</token>",
    "element of a namespace": f"<a:token>{VALUE}</a:token>",
    "query": f"https://acme.io/?a=1&token={VALUE}&b=2",
    "header": f"X-Token: {VALUE}",
    "header with a scheme": f"token: Bearer {VALUE}",
    "curl": f"curl -H 'X-Token: {VALUE}' https://acme.io",
    "environment": f"export TOKEN={VALUE}",
    "environment, quoted": f'export TOKEN="{VALUE}"',
    "docker": f"docker run -e TOKEN={VALUE} acme",
    "dockerfile": f"ENV TOKEN={VALUE}",
    "powershell": f"$env:TOKEN = '{VALUE}'",
    "batch": f"set TOKEN={VALUE}",
    "arguments": f'setProperty("token", "{VALUE}")',
    "a flag in a list": f'["--token", "{VALUE}"]',
    "connection string": f"Server=a;Token={VALUE};Database=b",
    "a line of a file in json": f'{{"config.ini": "TOKEN={VALUE}\\nDEBUG=1"}}',
    "dashes": f"token -> {VALUE}",
    "a diff": f"+token = {VALUE}",
    "commented out": f"# token = {VALUE}",
}


@pytest.mark.parametrize("case", TIED)
def test_tied(case: str) -> None:
    text = TIED[case]
    found = pair(text)
    assert found is not None
    assert text[found.start : found.end] == VALUE
    assert found.tie == "="


@pytest.mark.parametrize(
    ("text", "tie", "name"),
    [
        (f"the token {VALUE} expires", " ", "the token"),
        (f"my API token is {VALUE}.", " ", "API token is"),
        (f"Acme SECRET token {VALUE}", " ", "SECRET token"),
        (f"acme --token {VALUE} sync", "--", "acme --token"),
        (f"acme --token={VALUE} sync", "=", "acme --token"),
        (f'setToken("{VALUE}")', "(", "setToken"),
        (f"acme-TOKEN-{VALUE}", "-", "acme-TOKEN"),
        (f"acme_token_{VALUE}", None, ""),
    ],
)
def test_other_ties(text: str, tie: str | None, name: str) -> None:
    found = pair(text)
    if tie is None:
        assert found is None or found.tie == "-"
        return
    assert found is not None
    assert (found.tie, found.name, text[found.start : found.end]) == (tie, name, VALUE)


@pytest.mark.parametrize(
    "text",
    [
        "token",
        "token.",
        "token\n",
        'token = ""',
        "token = ''",
        "token = \n",
        "def login(token):\n    pass",
        "token://host",
        f"AWS::Acme::Token = {VALUE}",
        "read(token)",
        f'prompt("Token: ", stream={VALUE})',
        f"ask('Token: ') or {VALUE}",
        f'("user", "token", "{VALUE}")',
        "<user>:<token>@host",
    ],
)
def test_no_value(text: str) -> None:
    assert pair(text) is None


@pytest.mark.parametrize(
    ("text", "value", "whole"),
    [
        (f"token = {VALUE},;", VALUE, True),
        ("token = a;b,c(d)e{f}", "a;b,c(d)e{f}", True),
        ("x: token = a;b", "a", False),
        ("token = a b", "a", False),
        ('token = "a b"', "a b", False),
        (r'token = "a\"b"', r"a\"b", False),
        ('token = "a\nb"', "a", False),
        ("token: 'a'b'", "a", False),
    ],
)
def test_where_a_value_ends(text: str, value: str, *, whole: bool) -> None:
    found = pair(text)
    assert found is not None
    assert (text[found.start : found.end], found.whole) == (value, whole)


def test_what_is_read_is_bounded() -> None:
    found = pair("token=" + "a" * 100_000)
    assert found is not None
    assert found.end - found.start == 4_096
    assert pair("x" * 10_000 + "token") is None
    long = pair("a" * 1_000 + "token" + "b" * 1_000 + "=c")
    assert long is None

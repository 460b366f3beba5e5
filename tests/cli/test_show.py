"""``codex-guard show``: names and structure stay, no value gets out, whatever a file looks like."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codex_guard.build import patterns
from codex_guard.cli.main import main
from codex_guard.errors import GuardError
from codex_guard.secrets.outline.kinds import KINDS, kind_of, outline
from codex_guard.secrets.rules.pack import read_packs
from codex_guard.secrets.rules.template import expand
from support.encodings import ENCODINGS, shown

Captured = pytest.CaptureFixture[str]
KEY = expand("ghp_{crc62:36}")
BODY = f"{expand('{alnum:64}')}\nTAIL={expand('{alnum:20}', 1)}=="
PEM = f"-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----"
TEMPLATES = [template for rule in read_packs(patterns() / "secrets") for template in rule.hit]


def lines(text: str, kind: str) -> list[str]:
    """Return an outline's lines as ``depth name=value``, so that what differs shows."""
    return [
        f"{entry.depth}{'-' if entry.item else ' '}{entry.name or ''}={entry.value.replace('<masked>', '*')}"
        for entry in outline(text, kind)
    ]


OUTLINES = {
    "plain": ("dotenv", "A=b\nexport C = d\nset E=f\n", "0 A=*, 0 C=*, 0 E=*"),
    "flags and ports": (
        "dotenv",
        "DEBUG=True\nDB_PORT=5432\nPORTS=5432",
        "0 DEBUG=true, 0 DB_PORT=5432, 0 PORTS=*",
    ),
    "what a secret's name says is hidden": ("dotenv", "PASSWORD=true\nTOKEN=null", "0 PASSWORD=*, 0 TOKEN=*"),
    "numbers that may be a PIN": (
        "dotenv",
        "PIN=1234\nPORT=65536\nPORT=08080\nX_PORT=٣٣",
        "0 PIN=*, 0 PORT=*, 0 PORT=*, 0 X_PORT=*",
    ),
    "an empty value": ("dotenv", "A=\nB=''", "0 A=*, 0 B=*"),
    "comments": ("dotenv", f"# A={KEY}\n  #B=c\nC=d # e\n", "0 C=*"),
    "quotes over lines": (
        "dotenv",
        'A=\'b\nC=d\'\nE="f\\"\nG=h"\nI=`j\nK=l`\nM=n',
        "0 A=*, 0 E=*, 0 I=*, 0 M=*",
    ),
    "quoted in pieces": ("dotenv", "A='b'\\''c\nD=e'\nF=g", "0 A=*, 0 F=*"),
    "three quotes": ("dotenv", 'A="""b " c\nD=e"""\nF=g', "0 A=*, 0 F=*"),
    "a quote that never ends": ("dotenv", "A='b\nC=d\nE=f", "0 A=*"),
    "joined lines": ("dotenv", "A=b\\\nC=d\\\nE\nF=g", "0 A=*, 0 F=*"),
    "a key in armour": ("dotenv", f"A={PEM}\nB=c", "0 A=*, 0 B=*"),
    "armour of its own": ("dotenv", f"A=b\n{PEM}\nC=d", "0 A=*, 0 =*, 0 C=*"),
    "armour that never ends": ("dotenv", "A=-----BEGIN X-----\nB=c\n", "0 A=*"),
    "what is no assignment, once": ("dotenv", f"source x\n{KEY}\nA=b", "0 =*, 0 A=*"),
    "base64 is no name": ("dotenv", f"{expand('{alnum:43}')}=\n", "0 <masked>=*"),
    "a token is no name": ("dotenv", f"{KEY}=1\n", "0 <masked>=*"),
    "a token of few bits is no name": ("json", json.dumps({expand("fc-{hex:32}"): 1}), "0 <masked>=*"),
    "sections": ("ini", 'a=1\n[b]\nc: d\n[e "f"] # g\n\th = i\n', '0 a=*, 0 [b]=, 1 c=*, 0 [e "f"]=, 1 h=*'),
    "INI's comments": ("ini", "; a=b\n# c=d\n! e=f\ng=h ; i", "0 g=*"),
    "INI's values over lines": ("ini", "a = b\n  c = d\n\n  e: f\ng = h", "0 a=*, 0 g=*"),
    "properties": ("ini", "a.b.password=c\\\n  d=e\nf:g=h\n", "0 a.b.password=*, 0 f=*"),
    "a blank before the sign": ("ini", "password hunter2=x\npassword hunter3:x\nhunter4\na=b", "0 =*, 0 a=*"),
    "no name, no bracket": ("ini", "=a\n[b\n[c] d", "0 =*"),
    "a user in a section": ("ini", f'[url "https://u:{KEY}@h/"]\na=b', "0 <masked>=, 1 a=*"),
    "npm": (
        "ini",
        "//npm.acme.example:80/:_authToken=a\nsave-exact=true",
        "0 //npm.acme.example:80/:_authToken=*, 0 save-exact=true",
    ),
    "netrc": (
        "netrc",
        "machine h login u password p\ndefault login\nmachine\nother",
        "0 machine=*, 1 login=*, 1 password=*, 0 default=, 1 login=*, 0 =*",
    ),
    "json": (
        "json",
        '{"a": {"b": "c", "d": [1, 2], "e": []}, "g": [{"h": 1}, "i", "j"], "k": null, "l": true}',
        "0 a=, 1 b=*, 1 d=[*], 1 e=[], 0 g=, 1-=, 2 h=*, 1-=*, 0 k=null, 0 l=true",
    ),
    "json with comments": ("json", '// "a": 1\n{"b": "//c" /* "d": 2 */, "e": ",]",\n}', "0 b=*, 0 e=*"),
    "json's numbers": (
        "json",
        '{"a": NaN, "b": 1e5, "port": 1e2, "c": ' + "9" * 5_000 + "}",
        "0 a=*, 0 b=*, 0 port=*, 0 c=*",
    ),
    "an empty object": ("json", '{"a": {}}', "0 a={}"),
    "a scalar": ("json", f'"{KEY}"', "0 =*"),
    "lists in lists": ("json", "[[1, [2]], []]", "0-=, 1-=*, 1-=[*], 0-=[]"),
    "toml": (
        "toml",
        "# a = 1\nb = 2024-01-01\n[c.d]\ne = '''\nf = 1'''\n[[g]]\nh = 0x1F\nport = 80\nbig = " + "9" * 99,
        "0 b=*, 0 c=, 1 d=, 2 e=*, 0 g=, 1-=, 2 h=*, 2 port=80, 2 big=*",
    ),
    "yaml": (
        "yaml",
        "# a: b\nc: d\ne:\n  f: g # h\n  port: 80\n'i j': true\n\"k\": l\n",
        "0 c=*, 0 e=, 1 f=*, 1 port=80, 0 i j=true, 0 k=*",
    ),
    "block scalars": (
        "yaml",
        "a: |\n  b: c\n\n   d: e\nf: >-\n g: h\ni:\n  - |\n   j: k\n  - l: |2\n      m: n\n    o: p",
        "0 a=*, 0 f=*, 0 i=, 1-=*, 1-l=*, 2 o=*",
    ),
    "quotes over YAML's lines": (
        "yaml",
        "a: 'b\nc: d''\ne: f'\ng: \"h\\\"\ni: j\"\nk: l",
        "0 a=*, 0 g=*, 0 k=*",
    ),
    "plain values over lines": ("yaml", "a: b\n  c: d\ne:\n  f\n  g: h\ni: j", "0 a=*, 0 e=, 1 =*, 0 i=*"),
    "brackets over lines": (
        "yaml",
        "a: [b,\nc: d, ']',\n]\ne: {f: g, \"}\": h}\ni: {\nj: k",
        "0 a=*, 0 e=*, 0 i=*",
    ),
    "items": (
        "yaml",
        "a:\n- b: c\n  d: e\n- - f\n  - g: h\n-\n  i: j\n- k\n- l",
        "0 a=, 0-b=*, 1 d=*, 0-=, 1-=*, 1-g=*, 0-=, 1 i=*, 0-=*",
    ),
    "anchors, tags and aliases": (
        "yaml",
        "a: &b\n  c: &d e\nf: !g\n  h: *b\n<<: *b\ni: !s3cret",
        "0 a=*, 1 c=*, 0 f=*, 1 h=*, 0 <<=*, 0 i=*",
    ),
    "documents": (
        "yaml",
        "a: b\n---\nc: d\n--- e\nf: g\n...\nh: i",
        "0 a=*, 0 =---, 0 c=*, 0 =--- *, 0 =..., 0 h=*",
    ),
    "no key": ("yaml", "a: b\n? c\n: d\n", "0 a=*, 0 =*"),
    "a quote that YAML never ends": ("yaml", "a: 'b\nc: d", "0 a=*"),
    "a key that holds its value": (
        "yaml",
        "password:hunter2: a\nsecret hunter3: b\nmy key: c",  # codex-guard: allow[generic-password] made up
        "0 <masked>=*, 0 <masked>=*, 0 my key=*",
    ),
    "a tab": ("yaml", "a: |\n  b\n\tc: d\n  e: f\ng: h", "0 a=*, 0 =*, 0 g=*"),
    "a template": ("yaml", "{{- if .a }}\nb: c\n{{- end }}\nd: {{ .e }}\n", "0 =*, 0 b=*, 0 =*, 0 d=*"),
    "too many dashes": ("yaml", "- " * 100 + "a: b", "0 =*"),
    "what splits a line elsewhere": ("yaml", "a: b\u2028c: d\x85e: f\rg: h", "0 a=*"),
    "Windows": ("yaml", "a:\r\n  b: c\r\n---\r\nd: e\r\n", "0 a=, 1 b=*, 0 =---, 0 d=*"),
    "names that are none": (
        "json",
        json.dumps(
            {"a" * 81: 1, "a\x1b": 1, "one two three four five": 1, "": 1, "https://u:p@h": 1, "ok": 1}
        ),
        "0 <masked>=*, 0 <masked>=*, 0 <masked>=*, 0 <masked>=*, 0 <masked>=*, 0 ok=*",
    ),
}


@pytest.mark.parametrize("case", OUTLINES)
def test_outlines(case: str) -> None:
    kind, text, expected = OUTLINES[case]
    assert ", ".join(lines(text, kind)) == expected


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".env", "dotenv"),
        (".env.local", "dotenv"),
        ("deploy/production.env", "dotenv"),
        ("a.JSON", "json"),
        ("a.yml", "yaml"),
        ("Pipfile", "toml"),
        ("~/.aws/credentials", "ini"),
        ("credentials", None),
        ("_netrc", "netrc"),
        ("a.py", None),
        ("json", None),
    ],
)
def test_kinds_are_told_by_names(path: str, kind: str | None) -> None:
    assert kind_of(path) == kind


def show(capsys: Captured, *arguments: str | Path) -> str:
    assert main(["show", *map(str, arguments)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_text(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "a.yaml").write_text(f"a:\n  - b: {KEY}\n    c: true\n  - d\n")
    expected = "a:\n  - b: <masked>\n    c: true\n  - <masked>\n"
    assert show(capsys, tmp_path / "a.yaml") == expected
    (tmp_path / "b").write_text("[c]\nd=e\n")
    assert show(capsys, "--as", "ini", tmp_path / "b") == "[c]\n  d: <masked>\n"


def test_several_files_have_headings(tmp_path: Path, capsys: Captured) -> None:
    for name in ("a.env", "b.env"):
        (tmp_path / name).write_text("A=1\n")
    one, two = f"{tmp_path}/a.env (dotenv)\nA: <masked>\n", f"{tmp_path}/b.env (dotenv)\nA: <masked>\n"
    assert show(capsys, tmp_path / "a.env", tmp_path / "b.env") == f"{one}\n{two}"


def test_json(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "a.toml").write_text("[a]\nb = [{c = 1}]\n")
    (found,) = json.loads(show(capsys, "--format", "json", tmp_path / "a.toml"))
    assert found == {
        "path": f"{tmp_path}/a.toml",
        "kind": "toml",
        "entries": [
            {"depth": 0, "name": "a", "value": "", "item": False},
            {"depth": 1, "name": "b", "value": "", "item": False},
            {"depth": 2, "name": None, "value": "", "item": True},
            {"depth": 3, "name": "c", "value": "<masked>", "item": False},
        ],
    }


def refused(capsys: Captured, *arguments: str | Path) -> str:
    assert main(["show", *map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("codex-guard: ")
    assert err.count("\n") == 1
    return str(err)


BROKEN: dict[str, tuple[str, bytes, str]] = {
    "unknown": ("a.py", b"A = 1", "its name tells no kind that is known; if it is one of dotenv, ini"),
    "no JSON": ("a.json", f'{{"a":\n"{KEY}" {KEY}}}'.encode(), "it is no JSON at line 2."),
    "no TOML": ("a.toml", f"a = 1\nb = {KEY}".encode(), "it is no TOML at line 2."),
    "JSON that is cut": ("a.json", f'{{"a": "{KEY}'.encode(), "it is no JSON at line 1."),
    "escapes without an end": ("a.json", b'{"' + b'\\"' * 50_000, "it is no JSON at line 1."),
    "comments without an end": ("a.json", b"/*" * 50_000, "it is no JSON at line 1."),
    "too deep": ("a.json", b"[" * 200_000, "it is no JSON that can be read: it is nested too deep."),
    "too deep in TOML": ("a.toml", b"a = " + b"[" * 100_000, "it is nested too deep."),
    "long dotted names": ("a.toml", b".".join([b"a"] * 100_000) + b"=1", "too many dots"),
    "no text": (".env", b"A=\xff\xfe", "it is no text in UTF-8."),
    "binary": (".env", b"A=b\0c", "it is no text in UTF-8."),
    "large": (".env", b"A=" + b"b" * (5 << 20), "it is larger than 2 MiB"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_a_sentence(tmp_path: Path, capsys: Captured, case: str) -> None:
    name, content, said = BROKEN[case]
    (tmp_path / name).write_bytes(content)
    err = refused(capsys, tmp_path / name)
    assert err.startswith(f"codex-guard: {tmp_path}/{name} cannot be shown: ")
    assert said in err
    assert KEY[:12] not in err


def test_what_is_no_file_is_a_sentence(tmp_path: Path, capsys: Captured) -> None:
    os.mkfifo(tmp_path / "pipe.env")
    (tmp_path / "folder.env").mkdir()
    (tmp_path / "hole.env").touch()
    os.truncate(tmp_path / "hole.env", 100 << 20)
    for name, said in (
        ("pipe.env", "it is no regular file"),
        ("folder.env", "it is a folder"),
        ("hole.env", "it is larger than"),
        ("nothing.env", "there is no such file"),
        ("a\0.env", "its name is no file's"),
    ):
        assert said in refused(capsys, tmp_path / name)
    (tmp_path / "locked.env").write_text("A=1")
    (tmp_path / "locked.env").chmod(0)
    if os.geteuid():
        assert "Permission denied" in refused(capsys, tmp_path / "locked.env")


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "a.env").write_text("A=1")
    assert main(["show", str(tmp_path / "a.py"), str(tmp_path / "a.env"), "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert [one["path"] for one in json.loads(out)] == [f"{tmp_path}/a.env"]
    assert "a.py cannot be shown" in err


def test_a_secret_in_a_files_name_is_masked(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / f"{KEY}.env").write_text("A=1")
    assert KEY not in show(capsys, "--format", "json", tmp_path / f"{KEY}.env")
    assert KEY not in refused(capsys, tmp_path / f"{KEY}.py")


NAMES = st.sampled_from(["api_key", "DATABASE_URL", "spring.datasource.password", "port", "a", "on", "x-y"])
SECRETS = st.builds(
    lambda template, seed, encoding: ENCODINGS[encoding](expand(template, seed)),
    st.sampled_from(TEMPLATES),
    st.integers(0, 99),
    st.sampled_from(sorted(ENCODINGS)),
) | st.text("ghjkqvwxzGHJKQVWXZ!$%^?", min_size=12, max_size=40)
#: How a value can stand behind its name, also where that is a mistake.
WRITTEN = st.sampled_from(
    [
        "{name}={value}",
        "export {name}='{value}'",
        '{name} = "{value}"',
        "# {name}={value}",
        "{name}={value}\\",
        "{name}: {value}",
        "- {value}",
        "  {name}: {value}",
        "{name}: |\n  {value}\n  {value}",
        "{name}:\n    {value}",
        "{name}: &{value}",
        "- {name}: !{value} {value}",
        "{name}: [{value},\n{value}]",
        "{name}: {{a: {value}, b: {value}}}",
        '"{name}": "{value}",',
        '{{"{name}": ["{value}", {{"a": "{value}"}}]}}',
        "// {value}",
        "/* {value}",
        "{value}",
        '[{name}]\n{name} = """\n{value}\n"""',
        "[{name}]",
        "machine {value} login {value} password {value}",
        "'{value}",
        "-----BEGIN PRIVATE KEY-----\n{value}\n{value}=\n",
        "{name} {value}",
        '{name}="{value}',
        ";{value}",
        "{name}=`{value}\n{name}={value}`",
        "? {value}",
        "--- {value}",
        "{name}: >-\n\n {value}\n {value}",
        "\t{value}",
        "{name} = b\n  {value}",
    ]
)
LINES = st.lists(st.tuples(WRITTEN, NAMES, SECRETS), min_size=1, max_size=6)


def told(path: Path, kind: str) -> str:
    """Return all that both formats print, on both streams."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for form in ("text", "json"):
            main(["show", "--as", kind, "--format", form, str(path)])
    return out.getvalue() + err.getvalue()


@settings(max_examples=300)
@given(LINES, st.sampled_from(sorted(KINDS)))
@example([("{name}: {value}", "on", "qvwxzqvwxzqvwxz")], "yaml")
def test_no_value_gets_out(
    tmp_path_factory: pytest.TempPathFactory, written: list[tuple[str, str, str]], kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "settings"
    text = "\n".join(line.format(name=name, value=value) for line, name, value in written)
    path.write_text(text, encoding="utf-8", newline="")
    seen = told(path, kind)
    for _, _, value in written:
        assert not shown(value, seen), kind
        for line in value.split("\n"):
            assert len(line) < 12 or line not in seen


@given(
    st.text(max_size=200) | st.text("-: \n\t'\"|>[]{}#&!=a1\\`", max_size=80), st.sampled_from(sorted(KINDS))
)
def test_any_text_has_an_outline_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str, kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "settings"
    path.write_bytes(text.encode("utf-8", "replace"))
    assert "internal error" not in told(path, kind)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "piece",
    [
        "a='",
        "a: [",
        '"',
        "- ",
        " a:\n",
        "-----BEGIN ",
        "a=b\\\n",
        "/*",
        "[",
        "a: |\n",
        "#",
        "'a",
        "{a: ",
        "a.",
        ",",
    ],
)
def test_work_is_linear(kind: str, piece: str) -> None:
    # Quadratic work on these would take hours, so the run's own limit is what fails.
    text = (piece * 200_000)[:400_000]
    with contextlib.suppress(GuardError):
        assert len(outline(text, kind)) <= len(text)


def test_as_a_process_nothing_of_a_broken_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(f'{{"a": "{KEY}", "{KEY}')
    ran: subprocess.CompletedProcess[Any] = subprocess.run(
        [sys.executable, "-m", "codex_guard.cli.main", "show", str(tmp_path / "a.json")],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 2
    assert KEY[:12].encode() not in ran.stdout + ran.stderr

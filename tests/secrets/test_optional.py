"""What a policy adds: packs that are off by default, an organisation's own packs, and its names."""

from pathlib import Path

import pytest

from codex_guard.build import patterns
from codex_guard.errors import GuardError
from codex_guard.model import Text
from codex_guard.secrets import keywords
from codex_guard.secrets.index import load
from codex_guard.secrets.rules import own
from codex_guard.secrets.rules.optional import extended
from codex_guard.secrets.rules.pack import Rule, read_pack
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import scan

PII = read_pack(patterns() / "optional" / "pii.toml", optional=True)


def rules(
    text: str,
    *,
    packs: tuple[str, ...] = (),
    internal: tuple[str, ...] = (),
    files: tuple[str, ...] = (),
) -> list[str]:
    return [finding.rule for finding in scan(Text("text", text), extended(load(), packs, internal, files))]


@pytest.mark.parametrize("rule", PII, ids=lambda rule: rule.id)
def test_examples(rule: Rule) -> None:
    for seed in range(3):
        for template in rule.hit:
            assert rules(expand(template, seed), packs=("pii",)) == [rule.id], template
            assert rules(expand(template, seed)) == []
        for template in rule.miss:
            assert rule.id not in rules(expand(template, seed), packs=("pii",)), template


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("*.corp.acme.com", "ssh db1.corp.acme.com uptime", ["internal-name"]),
        ("*.corp.acme.com", "ssh DB1.CORP.acme.com", ["internal-name"]),
        ("*.corp.acme.com", "https://corp.acme.com/", []),
        ("*.corp.acme.com", "db1.corp.acme.company", []),
        ("project-zeus", "for project-zeus, please", ["internal-name"]),
        ("project-zeus", "subproject-zeus", []),
        ("zeus*", "zeusdb", ["internal-name"]),
        ("a.b*c", "a.bXc axbXc", ["internal-name"]),
    ],
)
def test_internal_names(name: str, text: str, found: list[str]) -> None:
    assert rules(text, internal=(name,)) == found


def test_two_names_and_a_pack() -> None:
    text = "project-zeus on db1.corp.acme.com, SSN 212-34-" + expand("{digits:4}")
    assert rules(text, packs=("pii",), internal=("*.corp.acme.com", "project-zeus", "project-zeus")) == [
        "internal-name", "internal-name", "us-social-security-number",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["*", "ab", "*ab*", "  *  "])
def test_a_name_that_stands_everywhere(name: str) -> None:
    with pytest.raises(GuardError, match="3 characters in a row"):
        extended(load(), (), (name,))


ACME = expand("acmd_{lower:24}")
GITHUB = expand("ghp_{crc62:36}")


def put(path: Path, changes: dict[str, str | None] | None = None, *, more: str = "") -> str:
    """Write a pack with one rule. Returns its path as a policy names it."""
    values = {
        "id": "'acme-deploy'",
        "provider": "'acme'",
        "title": "'Acme deploy token'",
        "severity": "'high'",
        "opens": "'Deployments.'",
        "revoke": "'https://acme.test/'",
        "source": "'https://acme.test/'",
        "keywords": "['acmd_']",
        "regex": "'acmd_[0-9a-z]{24}'",
        "hit": "['acmd_{lower:24}']",
        "miss": "['acmd_{lower:12}']",
    } | (changes or {})
    lines = [f"{key} = {value}" for key, value in values.items() if value is not None]
    path.write_text("\n".join(["[[rule]]", *lines, more]))
    return str(path)


def test_a_pack_of_its_own_is_added(tmp_path: Path, own_home: Path) -> None:
    put(own_home / "acme.toml")
    text = f"a {ACME}\nb {GITHUB}"
    assert rules(text) == ["github-pat"]
    assert rules(text, files=("~/acme.toml",)) == ["acme-deploy", "github-pat"]
    assert rules(text, files=("~/acme.toml",) * 2) == ["acme-deploy", "github-pat"]
    assert rules("x" * keywords.LONG + f" {ACME}", files=("~/acme.toml",)) == ["acme-deploy"]


def test_a_rule_without_keywords_is_tried_on_everything(tmp_path: Path) -> None:
    path = put(tmp_path / "a.toml", {"keywords": "[]"})
    assert rules("x " * 5_000 + ACME, files=(path,)) == ["acme-deploy"]
    assert rules("nothing", files=(path,)) == []


def test_a_value_beside_a_name(tmp_path: Path) -> None:
    path = put(
        tmp_path / "a.toml",
        {"keywords": "['acme']", "regex": None, "value": "'[0-9a-f]{32}'", "id": "'acme-k'"},
    )
    assert rules(expand("ACME_API_KEY={hex:32}"), files=(path,)) == ["acme-k"]


def test_a_rule_of_the_same_id_takes_the_place_of_ours(tmp_path: Path) -> None:
    path = put(tmp_path / "a.toml", {"id": "'github-pat'"})
    assert "github-pat" not in rules(GITHUB, files=(path,))
    assert rules(ACME, files=(path,)) == ["github-pat"]
    # Without keywords before, and with some now; and of two files the later one.
    iban = expand("IBAN DE36{zero:18}")
    path = put(tmp_path / "b.toml", {"id": "'iban'"})
    assert rules(f"{iban} {ACME}", packs=("pii",), files=(path,)) == ["iban"]
    later = put(tmp_path / "c.toml", {"id": "'iban'", "regex": "'acmd_none'", "hit": "['acmd_none']"})
    assert rules(ACME, files=(path, later)) == []
    assert rules(ACME, files=(later, path)) == ["iban"]


def test_the_index_itself_stays_as_it_is(tmp_path: Path) -> None:
    before = load()
    extended(before, (), (), (put(tmp_path / "a.toml", {"id": "'github-pat'"}),))
    assert before == load()
    assert rules(GITHUB) == ["github-pat"]


@pytest.mark.parametrize(
    "name", ["a.toml", "./a.toml", "../a.toml", "etc/a.toml", "~nobody-of-that-name/a.toml"]
)
def test_a_relative_path_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "a.toml")
    with pytest.raises(GuardError, match=r"secrets\.rule_files: .* is a relative path"):
        extended(load(), (), (), (name,))


#: A change of the sound rule, the line it is told at, and the words.
WRONG: dict[str, tuple[dict[str, str | None], int, str]] = {
    "a missing key": ({"opens": None}, 1, "'opens' is missing"),
    "a mistyped key": ({"bonded": "true"}, 13, "unknown key 'bonded': did you mean 'bounded'?"),
    "a broken regex": ({"regex": "'acmd_('"}, 10, "does not compile"),
    "a slow regex": ({"regex": "'acmd_(?:a{1,9}){0,9}b'"}, 10, "may take very long: a repeated group"),
    "an endless regex": ({"regex": "'acmd_a+'"}, 10, "may take very long: a repeat has no end"),
    "what only our own rules go by": ({"regex": None, "says": "'password'"}, 12, "'says' is what our own"),
    "a value without names": (
        {"regex": None, "value": "'[a-f]{32}'", "keywords": "[]"},
        9,
        "a 'value' needs 'keywords'",
    ),
    "the id of another finding": ({"id": "'known-secret'"}, 2, "stands for other findings"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_pack_with_a_mistake_is_an_error_with_file_and_line(tmp_path: Path, case: str) -> None:
    changes, line, said = WRONG[case]
    path = put(tmp_path / "a.toml", changes)
    with pytest.raises(GuardError) as error:
        extended(load(), (), (), (path,))
    sentence = str(error.value)
    assert sentence.startswith(f"{path}:{line}: rule '")
    assert said in sentence
    assert f"`codex-guard rules --check {path}`" in sentence
    assert "take the file out of secrets.rule_files" in sentence


def test_an_id_twice(tmp_path: Path) -> None:
    put(tmp_path / "b.toml")
    path = put(tmp_path / "a.toml", more=(tmp_path / "b.toml").read_text())
    found = own.read(Path(path), Path(path).read_text())
    assert [(problem.line, problem.said) for problem in found.problems] == [
        (14, "rule 'acme-deploy': that 'id' already stands in line 2.")
    ]
    assert len(found.rules) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "a.toml: not a readable rule pack: No such file"),
        ("[[rule]\n", "a.toml:1: not a readable rule pack: it is not valid TOML"),
    ],
)
def test_a_pack_that_cannot_be_read(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "a.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(GuardError) as error:
        extended(load(), (), (), (str(path),))
    assert said in str(error.value)
    assert str(error.value).endswith("The policy's secrets.rule_files names it.")

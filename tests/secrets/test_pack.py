"""Rule packs: what is wrong with one is said with the file, the rule and the key."""

import sys
from pathlib import Path

import pytest

import codex_guard
from codex_guard.errors import GuardError
from codex_guard.secrets import index
from codex_guard.secrets.rules.pack import read_pack, read_packs, read_text, row

RULE: dict[str, str] = {
    "id": '"acme-key"',
    "provider": '"acme"',
    "title": '"Acme key"',
    "severity": '"high"',
    "opens": '"All."',
    "revoke": '"https://acme.test/"',
    "source": '"https://acme.test/"',
    "keywords": '["acme"]',
    "regex": "'acme_([a-z]+)'",
    "hit": '["acme_{lower:8}"]',
    "miss": '["acme"]',
}


def pack(folder: Path, name: str = "a.toml", changes: dict[str, str | None] | None = None) -> Path:
    path = folder / name
    lines = [f"{key} = {value}" for key, value in (RULE | (changes or {})).items() if value is not None]
    path.write_text("\n".join(["[[rule]]", *lines]), encoding="utf-8")
    return path


def test_reads(tmp_path: Path) -> None:
    (rule,) = read_pack(pack(tmp_path, changes={"group": "1", "entropy": "3", "bounded": "false"}))
    assert (rule.id, rule.keywords, rule.group, rule.entropy, rule.bounded) == (
        "acme-key", ("acme",), 1, 3, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, None) for key in RULE),
        *((key, '""') for key in RULE if key not in {"keywords", "hit", "miss"}),
        *((key, "[]") for key in ("keywords", "hit", "miss")),
        *((key, "[1]") for key in ("keywords", "hit", "miss")),
        *((key, '[""]') for key in ("keywords", "hit", "miss")),
        *((key, "7") for key in RULE),
        ("keywords", '["Acme"]'),
        ("keywords", '["ab"]'),
        ("id", '"Acme Key"'),
        ("id", '"a>b"'),
        ("severity", '"urgent"'),
        ("regex", "'acme('"),
        ("regx", "'acme'"),
        ("group", "2"),
        ("group", "-1"),
        ("group", "true"),
        ("group", '"1"'),
        ("entropy", '"3"'),
        ("entropy", "true"),
        ("before", "-1"),
        ("after", "1.5"),
        ("bounded", "1"),
        ("generic", '"yes"'),
        ("structured", "0"),
    ],
)
def test_error_names_file_rule_and_key(tmp_path: Path, key: str, value: str | None) -> None:
    path = pack(tmp_path, changes={key: value})
    with pytest.raises(GuardError) as error:
        read_pack(path)
    sentence = str(error.value)
    assert str(path) in sentence
    assert f"'{key}'" in sentence
    assert "\n" not in sentence
    assert "rule 1" in sentence or key == "id" or "rule 'acme-key'" in sentence
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next((at for at, line in enumerate(lines, 1) if line.startswith(f"{key} =")), 1)
    assert sentence.endswith(f" See line {number}.")


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    changes = {"title": None, "severity": '"urgent"', "regex": "'acme('", "group": '"1"', "says": '"pass"'}
    text = pack(tmp_path, changes=changes | {"titel": '"x"'}).read_text(encoding="utf-8")
    good = pack(tmp_path).read_text(encoding="utf-8")
    found = read_text(Path("a.toml"), f"{text}\n{good}", optional=False)
    assert [(problem.line, problem.said.partition(":")[2][:28]) for problem in found.problems] == [
        (1, " 'title' is missing: add it,"),
        (12, " 'group' must be a whole num"),
        (14, " unknown key 'titel': did yo"),
        (4, " 'severity' 'urgent' is not "),
        (13, " give one of 'regex', 'value"),
        (13, " 'says' 'pass' is not one of"),
        (9, " the 'regex' does not compil"),
    ]
    assert [(rule.id, table.line) for rule, table in found.rules] == [("acme-key", 15)]


@pytest.mark.parametrize(
    "regex",
    ["acme[[a]", "acme" + "(" * 2_000 + "a" + ")" * 2_000, "a{99999999999999}", "a{2,1}", r"(?i)a(?i)"],
)
def test_a_regex_that_does_not_compile(tmp_path: Path, regex: str) -> None:
    with pytest.raises(GuardError, match="the 'regex' does not compile"):
        read_pack(pack(tmp_path, changes={"regex": f"'{regex}'"}))


def test_a_row_is_an_entry(tmp_path: Path) -> None:
    (rule,) = read_pack(pack(tmp_path))
    entry = index.Entry(*row(rule))
    for field in index.Entry._fields:
        if field != "solid":
            assert getattr(entry, field) == getattr(rule, field)
    assert (entry.solid, entry.after) == (len("acme_a"), 512)
    assert index.Entry(*row(rule.replace(keywords=()))).after > 1 << 40


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]", "not a readable rule pack"),
        ("name = 1", "unknown key 'name'"),
        ("rule = 3", "[[rule]] tables"),
        ("rule = [3]", "[[rule]] tables"),
    ],
)
def test_broken_pack(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GuardError) as error:
        read_pack(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)


def test_unreadable_pack(tmp_path: Path) -> None:
    with pytest.raises(GuardError, match="not a readable rule pack"):
        read_pack(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(GuardError, match=r"latin\.toml"):
        read_pack(tmp_path / "latin.toml")


def test_two_rules_of_one_name(tmp_path: Path) -> None:
    first, second = pack(tmp_path, "a.toml"), pack(tmp_path, "b.toml")
    with pytest.raises(GuardError) as error:
        read_packs(tmp_path)
    assert str(first) in str(error.value)
    assert str(second) in str(error.value)
    assert "'acme-key'" in str(error.value)


def test_no_pack_at_all(tmp_path: Path) -> None:
    with pytest.raises(GuardError, match="holds no rule pack"):
        read_packs(tmp_path)


def test_missing_index(monkeypatch: pytest.MonkeyPatch) -> None:
    index.load()
    monkeypatch.setitem(sys.modules, "codex_guard._index", None)
    monkeypatch.delattr(codex_guard, "_index")
    with pytest.raises(GuardError, match="rule index is missing"):
        index.load()

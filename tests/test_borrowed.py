"""The patterns of detect-secrets in the index: which are taken, as what, and what is said of the others."""

import builtins
import re
import runpy
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.settings import transient_settings

import codex_guard
from codex_guard import borrowed, build
from codex_guard.errors import GuardError
from codex_guard.model import Text
from codex_guard.secrets.index import Index, load
from codex_guard.secrets.rules import backtracking, pack
from codex_guard.secrets.rules.pack import Rule
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import scan
from codex_guard.secrets.strictness import LENIENT

OURS = pack.read_packs(build.patterns() / "secrets")
TAKEN = borrowed.read(OURS)


def plugin(*patterns: str, flags: int = 0, **more: Any) -> Any:
    name = more.pop("name", "AcmeDetector")
    denylist = [re.compile(pattern, flags) for pattern in patterns]
    return type(name, (RegexBasedDetector,), {"secret_type": "Acme Token", "denylist": denylist, **more})


def one(*patterns: str, **more: Any) -> Rule:
    (rule,) = borrowed.of_plugins([plugin(*patterns, **more)], "1").rules
    return rule


def note(*patterns: str, **more: Any) -> str:
    taken = borrowed.of_plugins([plugin(*patterns, **more)], "1")
    assert taken.rules == ()
    return taken.notes[-1]


def test_a_rule() -> None:
    rule = one("acme-[a-z0-9]{20}")
    assert rule.id == "detect-secrets-acme-token"
    assert rule.title == "Acme Token (detect-secrets)"
    assert (rule.provider, rule.severity, rule.keywords) == ("Acme", "medium", ("acme-",))
    assert (rule.before, rule.after) == (25, 25)
    assert (rule.generic, rule.bounded, rule.entropy) == (True, True, 3.0)


def test_several_patterns() -> None:
    taken = borrowed.of_plugins([plugin("acme-[a-z]{20}", "[a-z]{9}", "akme-[a-z]{20}")], "9.9")
    assert [rule.id for rule in taken.rules] == ["detect-secrets-acme-token", "detect-secrets-acme-token-3"]
    assert taken.notes == (
        "With patterns of detect-secrets 9.9, but for these:",
        "detect-secrets-acme-token-2: no text of three characters or more stands in every match.",
    )


@pytest.mark.parametrize(
    ("pattern", "regex"),
    [
        ("acme-a+", "(?m)acme-a{1,512}"),
        ("acme-a*?", "(?m)acme-a{0,512}?"),
        ("acme-a++b", "(?m)acme-a{1,512}+b"),
        ("acme-a{9,}", "(?m)acme-a{9,512}"),
        ("acme-a{600,}", "(?m)acme-a{600,600}"),
        ("acme-a{,9}", "(?m)acme-a{,9}"),
        (r"acme\+[+*]\*", r"(?m)acme\+[+*]\*"),
        (r"acme[]+]+[^]*]", r"(?m)acme[]+]{1,512}[^]*]"),
        (r"acme[\]+]+", r"(?m)acme[\]+]{1,512}"),
        (r"acme(?:a+b)*c?", r"(?m)acme(?:a{1,512}b){0,512}c?"),
    ],
)
def test_every_repeat_gets_an_end(pattern: str, regex: str) -> None:
    assert borrowed.ended(re.compile(pattern)) == regex
    assert backtracking.endless(regex) == 0


def test_flags() -> None:
    regex = borrowed.ended(re.compile("a c . # me\n", re.IGNORECASE | re.VERBOSE | re.DOTALL))
    assert re.search(regex, "AC\n")
    assert not re.search(regex, "AK\n")
    assert borrowed.ended(re.compile("(?i)acme")) == "(?iam)acme"
    # The library searches lines; we search texts.
    assert re.search(borrowed.ended(re.compile("^acme$")), "a\nacme\nb")
    # A keyword is looked for in lower case, which a long s is already.
    assert not re.search(borrowed.ended(re.compile("ssl-", re.IGNORECASE)), "\u017fsl-")


@pytest.mark.parametrize(
    ("pattern", "group"),
    [
        ("acme-[a-z]{20}", 0),
        ("(acme|akme)-[a-z]{20}", 0),
        ("acme=([a-z]{20})", 1),
        ("(acme)=([a-z]{20})", 2),
        ("acme=(([a-z]{20})|([0-9]{20}))", 1),
        ("acme=(?:([a-z]{20}) ?){1,2}", 1),
    ],
)
def test_which_group_is_the_secret(pattern: str, group: int) -> None:
    assert one(pattern).group == group


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("a[a-z]{20}", "no text of three characters"),
        ("key=[a-z]{20}|pass[a-z]{20}", "it would be tried on every text with pass."),
        ("acme(?:a{1,9}){1,9}b", "can split the same text into rounds"),
        ("acme[a-z]*[a-y]*=", "can share the same characters"),
    ],
)
def test_what_cannot_be_a_rule(pattern: str, reason: str) -> None:
    assert reason in note(pattern)


def test_what_does_not_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(borrowed, "ended", lambda pattern: f"({pattern.pattern}")
    assert note("acme").endswith(
        "detect-secrets-acme-token: it does not compile once its repeats have an end."
    )


def test_what_judges_in_code() -> None:
    own = {"analyze_string": lambda self, string: iter(())}
    assert "judges in code" in note("acme-[a-z]{20}", **own)


def test_what_is_left_out_by_name() -> None:
    assert note("acme-[a-z]{20}", name="BasicAuthDetector").endswith(
        f"{borrowed.LEFT_OUT['BasicAuthDetector']}."
    )
    names = {one.__name__ for one in get_mapping_from_secret_type_to_class().values()}
    assert borrowed.LEFT_OUT.keys() | borrowed._REVOKE.keys() <= names


@pytest.mark.parametrize(
    ("kind", "slug"),
    [("AWS Access Key", "aws-access-key"), ("A_b (c)!", "a-b-c"), ("Schlüssel", "schl-ssel"), ("→", "other")],
)
def test_slug(kind: str, slug: str) -> None:
    assert borrowed.slug(kind) == f"detect-secrets-{slug}"
    assert len(borrowed.slug(kind * 99)) <= 100


def test_the_library_that_is_installed() -> None:
    ids = [rule.id for rule in TAKEN.rules]
    assert ids == sorted(set(ids))
    assert {
        "detect-secrets-github-token",
        "detect-secrets-gitlab-token-7",
        "detect-secrets-slack-token",
    } <= set(ids)
    assert not {rule.id for rule in OURS} & set(ids)
    assert not any("private-key" in name or "json-web" in name for name in ids)
    assert borrowed.read(OURS) == TAKEN


@pytest.mark.parametrize("rule", TAKEN.rules, ids=lambda rule: rule.id)
def test_no_text_makes_one_work_for_long(rule: Rule) -> None:
    assert backtracking.faults(rule.regex) == ()


def test_what_a_baseline_brings_along_is_not_taken(tmp_path: Any) -> None:
    file = tmp_path / "own.py"
    file.write_text(
        "import re\nfrom detect_secrets.plugins.base import RegexBasedDetector\n"
        "class Own(RegexBasedDetector):\n  secret_type = 'Own'\n  denylist = [re.compile('own-[a-z]{20}')]\n"
    )
    get_mapping_from_secret_type_to_class.cache_clear()
    with transient_settings({"plugins_used": [{"name": "Own", "path": f"file://{file}"}]}):
        assert "Own" in get_mapping_from_secret_type_to_class()
    assert borrowed.read(OURS) == TAKEN


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Return the index as it is compiled where there are no rules of ours."""
    file = tmp_path_factory.mktemp("alone") / "index.py"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pack, "read_packs", lambda folder: ())
        file.write_text(build.sources()["_index.py"], encoding="utf-8")
        patch.setattr(codex_guard, "_index", SimpleNamespace(**runpy.run_path(str(file))), raising=False)
        return load()


#: A value for each kind, and what finds it where there are no rules of ours.
VALUES = {
    "AKIA{base32:16}": "detect-secrets-aws-access-key",
    "AWS_TOKEN: '{base64:40}'": "detect-secrets-aws-access-key-2",
    "AccountKey={base64:86}==": "detect-secrets-azure-storage-account-access-key",
    "https://acme:{hex:64}@acme.cloudant.com": "detect-secrets-cloudant-credentials-3",
    "gho_{alnum:36}": "detect-secrets-github-token",
    "x = 'glpat-{alnum:20}'": "detect-secrets-gitlab-token",
    "{hex:32}-us12": "detect-secrets-mailchimp-access-key",
    "sk-{alnum:20}T3BlbkFJ{alnum:20}": "detect-secrets-openai-token",
    "pypi-AgEIcHlwaS5vcmc{alnum:160}": "detect-secrets-pypi-token",
    "SG.{alnum:22}.{alnum:43}": "detect-secrets-sendgrid-api-key",
    "xoxb-{digits:12}-{digits:12}-{alnum:24}": "detect-secrets-slack-token",
    "https://api.softlayer.com/soap/v3/{alnum:64}": "detect-secrets-softlayer-credentials-2",
    "sq0csp-{alnum:43}": "detect-secrets-square-oauth-secret",
    "rk_live_{alnum:24}": "detect-secrets-stripe-access-key",
}


@pytest.mark.parametrize(("template", "rule"), VALUES.items())
def test_what_they_find(alone: Index, template: str, rule: str) -> None:
    text = Text("text", f"a\n  {expand(template)}\nb")
    assert [finding.rule for finding in scan(text, alone)] == [rule]
    assert scan(text, alone, (), LENIENT) == ()


@pytest.mark.parametrize("template", ["sk-{x:20}T3BlbkFJ{x:20}", "AKIAEXAMPLE{base32:9}", "zAKIA{base32:16}"])
def test_what_is_confirmed_as_ours_are(alone: Index, template: str) -> None:
    assert scan(Text("text", expand(template)), alone) == ()


@pytest.mark.parametrize(
    ("template", "rule"), [("ghp_{crc62:36}", "github-pat"), ("glpat-{alnum:20}", "gitlab-pat")]
)
def test_ours_come_first_and_stay_off(template: str, rule: str) -> None:
    text = Text("text", expand(template))
    assert [finding.rule for finding in scan(text, load())] == [rule]
    assert scan(text, load(), {rule}) == ()


def test_what_ours_do_not_know() -> None:
    for template in ("A3TX{base32:16}", "https://api.softlayer.com/soap/v3/{alnum:64}"):
        (found,) = scan(Text("text", expand(template)), load())
        assert found.rule.startswith("detect-secrets-")


@pytest.mark.parametrize(
    ("ours", "theirs", "flags", "texts"),
    [
        ("acme-[0-9]{20}", "acme-[a-z0-9]{20}", 0, ("", "k")),
        ("(?i)ACME-[0-9]{20}", "acme-[a-z0-9]{20}", 0, ("", "k")),
        # Each has the flags of its own: what is upper-case here is not ours.
        ("acme-[0-9]{19}k", "acme-[a-z0-9]{20}", re.IGNORECASE, ("k", "K")),
        ("acme-[0-9]{20}#", "acme-[a-z0-9]{20} #?", re.VERBOSE, ("#", "k")),
        ("(acme)-([0-9]{20})", "acme-([a-z0-9]{20})", 0, ("", "k")),
    ],
)
def test_what_begins_as_ours_does(ours: str, theirs: str, flags: int, texts: tuple[str, str]) -> None:
    (other,) = borrowed.of_plugins([plugin("acme-[0-9]{20}")], "1").rules
    taken = borrowed.of_plugins(
        [plugin(theirs, flags=flags)], "1", (other.replace(regex=ours, generic=False),)
    )
    (rule,) = taken.rules
    digits = expand("{digits:20}")
    known, unknown = (f"acme-{digits[: 20 - len(more.strip('#'))]}{more}" for more in texts)
    assert re.search(rule.regex, known) is None
    found = re.search(rule.regex, unknown)
    assert found is not None
    assert found[rule.group] in {unknown, unknown[5:]}
    assert rule.group == (3 if "(" in theirs else 0)


def test_what_does_not_begin_so() -> None:
    (other,) = borrowed.of_plugins([plugin("zeta-[a-z]{20}")], "1").rules
    (rule,) = borrowed.of_plugins([plugin("acme-[a-z]{20}")], "1", (other.replace(generic=False),)).rules
    assert rule.regex == "(?m)acme-[a-z]{20}"
    (other,) = borrowed.of_plugins([plugin(r"acme-([a-z])\1{20}")], "1").rules
    (rule,) = borrowed.of_plugins([plugin("acme-[a-z]{20}")], "1", (other.replace(generic=False),)).rules
    assert rule.regex == "(?m)acme-[a-z]{20}"


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def without(name: str, *arguments: Any) -> Any:
        if name.startswith("detect_secrets"):
            raise ImportError(name)
        return imported(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without)
    for name in [name for name in sys.modules if name.startswith("detect_secrets.core.plugins")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(GuardError, match="which is not installed here: run `pip install 'detect-secrets"):
        borrowed.read(OURS)

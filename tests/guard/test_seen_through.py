"""What hides a secret does not help it: disguises, and values that only this machine knows to be secret."""

import base64
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.model import Judgement, PromptEvent, ToolEvent
from codex_guard.policy.policy import Policy
from codex_guard.secrets.rules.template import expand
from support.encodings import ENCODINGS, shown

Judge = Callable[..., Judgement]
Said = Callable[[Judgement], str]
Tool = Callable[..., ToolEvent]
KEY = expand("ghp_{crc62:36}")
#: No format, no name and no entropy speaks for this one.
WORDS = "correct horse battery staple and more"

DISGUISES = {
    "base64": base64.b64encode(f"TOKEN={KEY}".encode()).decode(),
    "base64url without padding": base64.urlsafe_b64encode(KEY.encode()).decode().rstrip("="),
    "hex": KEY.encode().hex(),
    "percent": "".join(f"%{ord(character):02X}" for character in KEY),
    "unicode escapes": "".join(f"\\u{ord(character):04x}" for character in KEY),
    "hex escapes": "".join(f"\\x{ord(character):02x}" for character in KEY),
    "gzip in base64": base64.b64encode(gzip.compress(f"token: {KEY}\n".encode(), mtime=0)).decode(),
    "base64 in base64": base64.b64encode(base64.b64encode(KEY.encode())).decode(),
    "strings joined by plus": f'key = "{KEY[:9]}" + "{KEY[9:25]}" + "{KEY[25:]}"',
    "adjacent strings on lines": f'key = (\n    "{KEY[:20]}"\n    "{KEY[20:]}"\n)',
    "shell quotes": f"export T='{KEY[:11]}'\"{KEY[11:]}\"",
    "a continued line": f"TOKEN={KEY[:18]}\\\n{KEY[18:]}",
    "reversed": f"echo {KEY[::-1]} | rev",
}


def prompt(text: str, cwd: str = "/nowhere") -> PromptEvent:
    return PromptEvent("session", "turn", cwd, text)


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguised_secret(judge: Judge, tool: Tool, reason: Said, disguise: str) -> None:
    text = DISGUISES[disguise]
    told = reason(judge(prompt(f"please use\n{text}\nfor this"), secrets=(KEY,)))
    assert "[github-pat]" in told
    assert "prompt:2" in told or "prompt:3" in told
    masked = told.partition("ready to send again:\n\n")[2]
    assert masked.startswith("please use\n")
    assert judge(prompt(masked)).findings == ()
    denied = reason(judge(tool("Bash", f"cat > settings.txt <<'EOF'\n{text}\nEOF"), secrets=(KEY,)))
    assert "[github-pat]" in denied


def test_a_heredoc_that_a_decoder_reads(judge: Judge, tool: Tool, reason: Said) -> None:
    command = f"base64 -d > token.txt <<EOF\n{DISGUISES['base64']}\nEOF"
    assert "[github-pat]" in reason(judge(tool("Bash", command), secrets=(KEY,)))


@pytest.mark.parametrize(
    "text",
    [
        "aGVsbG8gd29ybGQsIHRoaXMgaXMgb25seSBhIHRleHQ=",
        "sha256: " + expand("{hex:64}"),
        'message = "a" + "b" + name + "and so on, nothing to see"',
        r"caf\u00e9 na\u00efve",
        "%7B%22a%22%3A1%7D",
    ],
)
def test_what_only_looks_disguised(judge: Judge, text: str) -> None:
    assert judge(prompt(text)).findings == ()


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
def test_what_only_a_name_tells_is_masked_in_any_form(
    judge: Judge, tool: Tool, reason: Said, encoding: str
) -> None:
    value = expand("{alnum:18}7!")
    text = f'password = "{value}"\nand {ENCODINGS[encoding](value)} there'
    told = reason(judge(prompt(text)))
    assert not shown(value, told)
    assert 'password = "<masked:generic-password>"\nand ' in told
    assert not shown(value, reason(judge(tool("Bash", "make", text))))


@pytest.fixture
def known(own_home: Path, repo: Path) -> Path:
    (repo / ".env").write_text(f'APP=demo\nDB_PASSWORD="{WORDS}"\n')
    return repo


@pytest.mark.parametrize(
    "spelled",
    [
        WORDS,
        base64.b64encode(b"user:" + WORDS.encode()).decode(),
        WORDS.encode().hex(),
        WORDS.replace(" ", "%20"),
    ],
    ids=["plain", "base64", "hex", "percent"],
)
def test_a_known_secret(judge: Judge, tool: Tool, reason: Said, known: Path, spelled: str) -> None:
    told = reason(judge(prompt(f"log in with {spelled} please", str(known)), secrets=(WORDS,)))
    assert "DB_PASSWORD in .env" in told
    assert "[known-secret]" in told
    assert "[known-secret]" in reason(judge(tool("Bash", f"login '{spelled}'"), secrets=(WORDS,)))
    shown = reason(judge(tool("Bash", "env", f"A=1\nPW={spelled}\n"), secrets=(WORDS,)))
    assert shown.endswith("masked:\n\nA=1\nPW=<masked:known-secret>\n")


def test_a_known_secret_of_the_environment(
    judge: Judge, reason: Said, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_PASSWORD", WORDS)
    told = reason(judge(prompt(f"use {WORDS}"), secrets=(WORDS,)))
    assert "ACME_PASSWORD in the environment" in told
    monkeypatch.delenv("ACME_PASSWORD")
    assert judge(prompt(f"use {WORDS}")).findings == ()


@pytest.mark.parametrize("label", ["prompt", "output", "command"])
def test_a_link_named_like_a_text_of_the_event_makes_it_no_file(
    judge: Judge, tool: Tool, reason: Said, known: Path, label: str
) -> None:
    (known / label).symlink_to(".env")
    assert "[known-secret]" in reason(judge(prompt(f"use {WORDS}", str(known)), secrets=(WORDS,)))
    assert "[known-secret]" in reason(judge(tool("Bash", f"login '{WORDS}'"), secrets=(WORDS,)))
    assert "[known-secret]" in reason(judge(tool("Bash", "env", f"A={WORDS}"), secrets=(WORDS,)))


@pytest.mark.parametrize(
    "text",
    [
        'password = "{alnum:12}9" + "{alnum:14}7"',
        'password = "AKIA{base32:16}/{alnum:14}7!"',
        "postgres://bob:{alnum:14}7-ghp_{crc62:36}@db.acme.io/app",
        'token = "{alnum:9000}"',
    ],
)
def test_nothing_of_a_secret_stays_beside_the_mask(judge: Judge, reason: Said, text: str) -> None:
    body = expand(text)
    told = reason(judge(prompt(f"x {body} y")))
    masked = told.partition("ready to send again:\n\n")[2]
    assert masked
    words = re.findall(r"[A-Za-z0-9]{13,}", body)
    assert words
    assert not [word for word in words if word in masked]


@pytest.mark.parametrize(
    "policy", [Policy(known_secrets=False), Policy(disabled_prompt_rules=frozenset(("known-secret",)))]
)
def test_known_secrets_can_be_left_alone(judge: Judge, known: Path, policy: Policy) -> None:
    assert judge(prompt(f"use {WORDS}", str(known)), policy).findings == ()


def test_a_listed_file(judge: Judge, reason: Said, own_home: Path, repo: Path) -> None:
    (repo / "vault.properties").write_text(f"db.password={WORDS}\n")
    event = prompt(f"use {WORDS}", str(repo))
    assert judge(event).findings == ()
    assert "[known-secret]" in reason(
        judge(event, Policy(known_files=("vault.properties",)), secrets=(WORDS,))
    )


@pytest.mark.parametrize(
    ("strictness", "named", "patterned", "uuid"),
    [("lenient", False, False, False), ("standard", True, False, False), ("strict", True, True, True)],
)
def test_strictness(judge: Judge, strictness: str, *, named: bool, patterned: bool, uuid: bool) -> None:
    policy = Policy(strictness=strictness)
    assert judge(prompt(KEY), policy).findings
    value = expand("{alnum:32}")
    assert bool(judge(prompt(f"api_token={value}"), policy, secrets=(value,)).findings) == named
    value = expand("{hex:4}") + "1234567890abcdef" + expand("{hex:12}")
    assert bool(judge(prompt(f"api_token={value}"), policy, secrets=(value,)).findings) == patterned
    value = expand("{uuid}")
    assert bool(judge(prompt(f"token={value}"), policy, secrets=(value,)).findings) == uuid


def test_a_pack_and_an_internal_name(judge: Judge, reason: Said) -> None:
    policy = Policy(packs=("pii",), internal=("*.corp.acme.com",))
    number = "212-34-" + expand("{digits:4}")
    told = reason(judge(prompt(f"{number} on db1.corp.acme.com"), policy, secrets=(number,)))
    assert "[us-social-security-number]" in told
    assert "[internal-name]" in told
    assert judge(prompt(f"{number} on db1.corp.acme.com")).findings == ()

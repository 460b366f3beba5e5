"""A prompt with a secret is not sent; it comes back masked, and passes so."""

from collections.abc import Callable

import pytest

from codex_guard.model import Judgement, PromptEvent
from codex_guard.policy.policy import Policy
from codex_guard.secrets.rules.template import expand

Judge = Callable[..., Judgement]
Said = Callable[[Judgement], str]
MARK = "ready to send again:\n\n"


def event(prompt: str) -> PromptEvent:
    return PromptEvent("session", "turn", "/nowhere", prompt)


@pytest.mark.parametrize("prompt", ["", "Refactor the parser.", "rm -rf / is dangerous", "\ud800\x00 ok"])
def test_clean(judge: Judge, prompt: str) -> None:
    assert judge(event(prompt)) == Judgement(judge(event("x")).decision)


@pytest.mark.parametrize(
    ("template", "masked", "counted"),
    [
        ("{}", "<masked:github-pat>", "1 secret"),
        ("Deploy with {}, now.\nThen rest.", "Deploy with <masked:github-pat>, now.\nThen rest.", "1 secret"),
        ("{0} and {0}", "<masked:github-pat> and <masked:github-pat>", "2 secrets"),
        ("{}\n\n<stdin>\nlog\n</stdin>", "<masked:github-pat>\n\n<stdin>\nlog\n</stdin>", "1 secret"),
    ],
)
def test_masked_prompt_comes_back(
    judge: Judge, reason: Said, key: str, template: str, masked: str, counted: str
) -> None:
    told = reason(judge(event(template.format(key))))
    assert told.partition(MARK)[2] == masked
    assert f"it holds {counted}" in told
    assert "prompt:1:" in told
    assert "[github-pat]; revoke it at https://" in told
    assert judge(event(masked)).findings == ()


def test_several_secrets(judge: Judge, reason: Said, key: str) -> None:
    other = expand("glpat-{base64url:20}")
    told = reason(judge(event(f"{key}\nand {other}"), secrets=(other,)))
    assert "2 secrets" in told
    assert "prompt:1:1:" in told
    assert "prompt:2:5:" in told
    assert told.endswith("<masked:github-pat>\nand <masked:gitlab-pat>")


def test_what_an_overlapping_finding_left_is_masked_too(judge: Judge, reason: Said, key: str) -> None:
    # The token is found first, and what stands before it is a part of a longer value.
    start = expand("{alnum:24}")
    told = reason(judge(event(f"use api_token={start}={key} here"), secrets=(start,)))
    masked = told.partition(MARK)[2]
    assert judge(event(masked)).findings == ()


def test_too_long_to_come_back(judge: Judge, reason: Said, key: str) -> None:
    told = reason(judge(event(f"{key} {'long ' * 2_000}")))
    assert "too long to give back" in told
    assert "prompt:1:1:" in told
    assert MARK not in told


def test_many_secrets(judge: Judge, reason: Said) -> None:
    keys = tuple(expand("ghp_{crc62:36}", seed) for seed in range(60))
    told = reason(judge(event("\n".join(keys)), secrets=keys))
    assert "60 secrets" in told
    assert "… and 40 more" in told


def test_disabled_rule(judge: Judge) -> None:
    other = expand("glpat-{base64url:20}")
    policy = Policy(disabled_prompt_rules=frozenset(("gitlab-pat",)))
    assert judge(event(other), policy).findings == ()
    assert judge(event(other), secrets=(other,)).findings != ()


def test_no_path_allows_a_prompt(judge: Judge, reason: Said, key: str) -> None:
    assert reason(judge(event(key), Policy(allowed_paths=("*", "prompt"))))

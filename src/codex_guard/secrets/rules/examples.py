"""A pack's own proof, run through the real search: its hits hit, its misses miss, and none is a secret."""

import re
from collections.abc import Iterator

from codex_guard.errors import GuardError
from codex_guard.model import Text
from codex_guard.packs import Table
from codex_guard.secrets.index import Index
from codex_guard.secrets.rules import own
from codex_guard.secrets.rules.pack import Problem, Rule
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import lower, scan

_SEEDS = range(3)
_LONGEST = 20_000  # characters of an example, and of any field in it
_NUMBER = re.compile(r":0*(\d+)\}")


def problems(rules: tuple[tuple[Rule, Table], ...], builtin: Index) -> tuple[Problem, ...]:
    """Return what the examples of sound rules show to be wrong, with all the rules searched at once.

    No sentence holds an example: it says the key and the number of the example in it, from 1 on.
    """
    whole = own.added(builtin, [rule for rule, _ in rules])
    found: list[Problem] = []
    for rule, table in rules:
        wrong = [*_of_regex(rule), *_of_examples(rule, whole, builtin)]
        found += (Problem(table.at(key), f"rule {rule.id!r}: {said}") for key, said in wrong)
    return tuple(sorted(found, key=lambda problem: problem.line))


def _of_regex(rule: Rule) -> Iterator[tuple[str, str]]:
    way = "regex" if rule.regex else "value"
    if re.compile(rule.regex or rule.value).match(""):
        yield way, f"the {way!r} fits the empty text: let it take one character at least."


def _of_examples(rule: Rule, whole: Index, builtin: Index) -> Iterator[tuple[str, str]]:
    for key, templates in (("hit", rule.hit), ("miss", rule.miss)):
        for number, template in enumerate(templates, 1):
            name = f"example {number} of {key!r}"
            said = _too_large(template)
            if not said and scan(Text("", template), builtin):
                said = "is a complete credential: put a field such as {alnum:36} where it is random."
            if not said:
                said = _of_example(rule, key, template, whole)
            if said:
                yield key, f"{name} {said}"


def _too_large(template: str) -> str:
    sizes = [int(number[:9]) for number in _NUMBER.findall(template)]
    return f"is longer than {_LONGEST:,} characters." if len(template) + sum(sizes) > _LONGEST else ""


def _of_example(rule: Rule, key: str, template: str, whole: Index) -> str:
    """Say what is wrong with one example, made up several times; empty where nothing is."""
    for seed in _SEEDS:
        try:
            text = expand(template, seed)
        except GuardError as error:
            return f"cannot be made up: {error}"
        hits = rule.id in {finding.rule for finding in scan(Text("", text), whole)}
        if key == "miss" and hits:
            return "is found, and must not be."
        lowered = lower(text)
        if key == "hit" and rule.keywords and not any(keyword in lowered for keyword in rule.keywords):
            return "holds none of the 'keywords', without which the rule is not tried."
        if key == "hit" and not hits:
            return f"is not found{_why(rule, text, whole)}."
    return ""


def _why(rule: Rule, text: str, whole: Index) -> str:
    others = sorted({finding.rule for finding in scan(Text("", text), whole)})
    if others:
        return f"; what is found is of {', '.join(others)}"
    if rule.value:
        return _NO_VALUE
    return _DROPPED if re.search(rule.regex, text) else ": the 'regex' does not fit it"


_NO_VALUE = ": no value of that shape stands there under a name with one of the 'keywords' (see 'alone')"
_DROPPED = (
    ": the 'regex' fits, and what it takes is dropped: as a placeholder, as too even ('entropy'), as part of"
    " a longer word ('bounded'), for its 'check', or as too far from a keyword ('before', 'after')"
)

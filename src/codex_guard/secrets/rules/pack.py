"""Rule packs: one TOML file per family of providers, read and checked.

Never on a hook's path but where a policy names packs of its own.
"""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codex_guard import packs
from codex_guard.errors import GuardError
from codex_guard.packs import Table
from codex_guard.record import Record
from codex_guard.secrets.index import Row
from codex_guard.secrets.naming import names
from codex_guard.secrets.proof import checksum
from codex_guard.secrets.rules.shape import solid_width

SEVERITIES = ("critical", "high", "medium", "low")
_ID = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_SHORTEST_KEYWORD = 3  # a shorter one stands in every text
_REQUIRED = {
    "id": str, "provider": str, "title": str, "severity": str, "opens": str, "revoke": str,
    "source": str, "keywords": list, "hit": list, "miss": list,
}  # fmt: skip
_OPTIONAL = {
    "regex": str, "value": str, "says": str, "alone": bool, "sole": bool, "check": str,
    "group": int, "entropy": float, "before": int, "after": int, "bounded": bool,
    "generic": bool, "structured": bool,
}  # fmt: skip
_LONGEST_NAME = 60  # characters of a key that is quoted back
_KINDS = {
    str: "a text", list: "a list of texts", bool: "true or false", int: "a whole number", float: "a number",
}  # fmt: skip
_WAYS = ("regex", "value", "says")
SAYS = (names.PASSWORD, names.SECRET, names.KEY)
_WHOLE = 1 << 62  # characters behind a keyword, where there is none: the whole text


class Rule(Record):
    """One kind of credential, found in one of three ways.

    ``keywords`` are lower-case texts one of which stands in every match.

    ``regex``: the format tells it. It is tried from ``before`` characters before a keyword to ``after``
    characters behind it; ``group`` is the group that holds the secret itself. ``generic``: the regex does
    not tell a secret from other text, so the value must also look like one. ``sole``: whatever else begins
    with one of the keywords is no secret: the format is documented, and its prefix belongs to it alone.
    ``value``: a provider's name tells it. The keywords are the provider's names, and this regex is what
    the whole value of a key, token or the like near one of them must match. ``alone``: the provider's
    name itself may be the name of the value; ``sole``: the provider has never had keys of another shape,
    so that another value of that name is none.
    ``says``: the name alone tells it: a ``password``, a ``secret``, or a ``key`` of no kind told (see
    ``names.kind``); the value must look like one.

    ``entropy`` is the least Shannon entropy of the secret in bits per character; ``check`` the proof in the
    format itself (see ``checksum``). ``bounded``: the secret is not part of a longer word.
    ``structured``: the format itself is the proof (a PEM block, a JWT), so placeholder words inside it
    prove nothing.
    """

    id: str
    provider: str
    title: str
    severity: str
    opens: str
    revoke: str
    source: str
    keywords: tuple[str, ...]
    hit: tuple[str, ...]
    miss: tuple[str, ...]
    regex: str = ""
    value: str = ""
    says: str = ""
    alone: bool = False
    sole: bool = False
    check: str = ""
    group: int = 0
    entropy: float = 3.0
    before: int = 0
    after: int = 512
    bounded: bool = True
    generic: bool = False
    structured: bool = False


class Problem(Record):
    """What is wrong with one rule of a pack, as ``rule 'ID': what, and what next.`` at a line from 1 on."""

    line: int
    said: str


class Read(Record):
    """What a pack's text says: its sound rules with their tables, and all that is wrong with the others."""

    rules: tuple[tuple[Rule, Table], ...]
    problems: tuple[Problem, ...]


def read_packs(folder: Path) -> tuple[Rule, ...]:
    """Read every pack in ``folder``. Raises GuardError."""
    return packs.read_folder(folder, read_pack)


def read_pack(path: Path, *, optional: bool = False) -> list[Rule]:
    """Read one pack. Raises GuardError that names the file, the rule, the key and the line.

    In an ``optional`` one a rule may have no keywords: it is then tried on the whole of every text.
    """
    found = read_text(path, packs.text_of(path), optional=optional)
    for problem in found.problems:
        raise GuardError(f"{path}: {problem.said} See line {problem.line}.")
    return [rule for rule, _ in found.rules]


def read_text(path: Path, text: str, *, optional: bool) -> Read:
    """Read a pack's text, and go on where a rule is wrong. Raises packs.PackError for what is no pack."""
    rules: list[tuple[Rule, Table]] = []
    problems: list[Problem] = []
    for number, table in enumerate(packs.parsed(path, text), 1):
        rule, wrong = _rule(table.values, optional=optional)
        if rule is not None:
            rules.append((rule, table))
        given = table.values.get("id")
        name = f"rule {(given[:_LONGEST_NAME] if isinstance(given, str) else number)!r}"
        problems += (Problem(table.at(key), f"{name}: {said}") for key, said in wrong)
    return Read(tuple(rules), tuple(problems))


def row(rule: Rule) -> Row:
    """Return the rule as the index holds it: the fields of an ``index.Entry``, in their order."""
    return (
        rule.id, rule.title, rule.severity, rule.revoke, rule.regex, rule.value, rule.says, rule.alone,
        rule.sole, rule.check, rule.group, float(rule.entropy), rule.before,
        rule.after if rule.keywords else _WHOLE, rule.bounded, rule.generic, rule.structured,
        solid_width(rule.regex or rule.value),
    )  # fmt: skip


def _rule(table: dict[str, Any], *, optional: bool) -> tuple[Rule | None, list[tuple[str, str]]]:
    """Return a table's rule, None where something is wrong, and each key that is wrong with what to say."""
    wrong = list(_shape(table, optional=optional))
    bad = frozenset(key for key, _ in wrong)
    values: dict[str, Any] = {key: kind() for key, kind in _REQUIRED.items()}
    values |= {key: value for key, value in table.items() if key not in bad}
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    rule = Rule(**values)
    wrong += [(key, said) for key, said in (*_meaning(rule), *_way(rule, bad)) if key not in bad]
    return (None if wrong else rule), wrong


def _fits(value: object, kind: type) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if kind is str:
        return isinstance(value, str) and bool(value)
    return isinstance(value, (int, float) if kind is float else int) and value >= 0


def _shape(table: dict[str, object], *, optional: bool) -> Iterator[tuple[str, str]]:
    """Yield the keys that are missing, unknown or of another kind, each with what to say of it."""
    for key, kind in _REQUIRED.items():
        empty = not table.get(key) and not (optional and key == "keywords")
        if key not in table:
            yield key, f"{key!r} is missing: add it, as {_KINDS[kind]}."
        elif not isinstance(table[key], kind) or empty:
            yield key, f"{key!r} must be {_KINDS[kind]}, and not empty."
        elif kind is list:
            items = table[key]
            if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
                yield key, f"{key!r} must be a list of texts that are not empty."
    for key, value in table.items():
        if key in _REQUIRED:
            continue
        kept = _OPTIONAL.get(key)
        if kept is None:
            yield key, f"unknown key {key[:_LONGEST_NAME]!r}{_nearest(key)}"
        elif not _fits(value, kept):
            yield key, f"{key!r} must be {_KINDS[kept]}, not empty and not negative."


def _nearest(key: str) -> str:
    import difflib  # noqa: PLC0415 - only a mistyped key needs it

    near = difflib.get_close_matches(key, (*_REQUIRED, *_OPTIONAL), n=1, cutoff=0.5)
    known = ", ".join((*_REQUIRED, *_OPTIONAL))
    return f": did you mean {near[0]!r}?" if near else f"; the keys are {known}."


def _meaning(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.severity not in SEVERITIES:
        yield "severity", f"'severity' {rule.severity!r} is not one of {', '.join(SEVERITIES)}."
    if not set(rule.id) <= _ID:
        yield "id", "'id' takes lower-case letters, digits and dashes: it stands in masks."
    if any(len(keyword) < _SHORTEST_KEYWORD for keyword in rule.keywords):
        yield "keywords", f"'keywords' must have {_SHORTEST_KEYWORD} characters or more."
    if any(keyword != keyword.lower() for keyword in rule.keywords):
        yield "keywords", "'keywords' are matched in lower case, so write them so."


def _way(rule: Rule, bad: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield what keeps a rule from being found in exactly one way that works; ``bad`` keys are left out."""
    ways = [way for way in _WAYS if getattr(rule, way)]
    if len(ways) != 1 and bad.isdisjoint(_WAYS):
        known = ", ".join(map(repr, _WAYS))
        yield (ways[-1] if ways else "regex"), f"give one of {known}, not {len(ways)} of them."
    if rule.says and rule.says not in SAYS:
        yield "says", f"'says' {rule.says!r} is not one of {', '.join(SAYS)}."
    if rule.check and rule.check not in checksum.CHECKS:
        yield "check", f"'check' {rule.check!r} is not one of {', '.join(checksum.CHECKS)}."
    for way in ("regex", "value"):
        regex = getattr(rule, way)
        try:
            with warnings.catch_warnings(action="error"):
                groups = re.compile(regex).groups
        except (re.error, OverflowError, Warning) as error:
            yield way, f"the {way!r} does not compile: {error}."
        except RecursionError:
            yield way, f"the {way!r} does not compile: it is nested too deeply."
        else:
            if regex and rule.group > groups and len(ways) == 1:
                yield "group", f"'group' {rule.group} is not in the regex, which has {groups}."

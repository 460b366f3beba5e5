"""Rule packs of an organisation or a person, named by a policy: read, held to more than ours, and added.

They are read anew for each event that a policy asks for them in, so whatever their regexes could be made to
do is found out before they see a text.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from codex_guard import packs
from codex_guard.errors import GuardError
from codex_guard.secrets.index import Index, Row
from codex_guard.secrets.rules import backtracking, pack
from codex_guard.secrets.rules.pack import Problem, Read, Rule

#: What stands for findings that no pack's rule makes; a policy switches them off by these names.
RESERVED = frozenset(("internal-name", "known-secret"))


def path_of(name: str) -> Path:
    """Return the path of a pack as a policy names it. Raises GuardError for one that is relative."""
    path = os.path.expanduser(name)
    if not os.path.isabs(path):
        raise GuardError(
            f"secrets.rule_files: {name!r} is a relative path, which would lead elsewhere in each folder:"
            " write it from / or ~/ on."
        )
    return Path(path)


def rules(files: Iterable[str]) -> list[Rule]:
    """Return the rules of the named packs, in order. Raises GuardError with file, line and what next."""
    found: list[Rule] = []
    for name in dict.fromkeys(files):
        path = path_of(name)
        try:
            wrong = read(path, packs.text_of(path))
        except GuardError as error:
            raise GuardError(f"{error} The policy's secrets.rule_files names it.") from error
        for problem in wrong.problems:
            raise GuardError(
                f"{path}:{problem.line}: {problem.said} `codex-guard rules --check {path}` names all that is"
                " wrong; until it is mended, take the file out of secrets.rule_files."
            )
        found += [rule for rule, _ in wrong.rules]
    return found


def read(path: Path, text: str) -> Read:
    """Read a pack's text, and hold it to what our own are held to by tests. Raises packs.PackError."""
    found = pack.read_text(path, text, optional=True)
    sound: list[tuple[Rule, packs.Table]] = []
    problems = list(found.problems)
    seen: dict[str, int] = {}
    for rule, table in found.rules:
        wrong = [(key, f"rule {rule.id!r}: {said}") for key, said in _faults(rule)]
        if rule.id in seen:
            wrong.append(("id", f"rule {rule.id!r}: that 'id' already stands in line {seen[rule.id]}."))
        seen.setdefault(rule.id, table.at("id"))
        problems += (Problem(table.at(key), said) for key, said in wrong)
        if not wrong:
            sound.append((rule, table))
    return Read(tuple(sound), tuple(sorted(problems, key=lambda problem: problem.line)))


def _faults(rule: Rule) -> list[tuple[str, str]]:
    """Return what keeps a rule out of a pack that is not ours: the key, and what to say."""
    if rule.says:
        return [("says", "'says' is what our own rules go by: give 'regex', or 'value' and a name.")]
    way = "regex" if rule.regex else "value"
    found = [
        (way, f"the {way!r} may take very long: {said}")
        for said in backtracking.faults(rule.regex or rule.value)
    ]
    if rule.value and not rule.keywords:
        found.append(("keywords", "a 'value' needs 'keywords': the names that it stands beside."))
    if rule.id in RESERVED:
        found.append(("id", f"'id' {rule.id!r} stands for other findings already: choose another one."))
    return found


def added(index: Index, own: Iterable[Rule]) -> Index:
    """Return the index with the rules; one with the id of another takes its place."""
    rows: list[Row | str] = list(index.rows)
    numbers = {identity: number for number, identity in enumerate(index.ids())}
    keywords = list(index.keywords)
    always = list(index.always)
    for rule in own:
        number = numbers.setdefault(rule.id, len(rows))
        if number == len(rows):
            rows.append(pack.row(rule))
        else:
            # The other's keywords still lead to it, which finds nothing that its regex does not match.
            rows[number] = pack.row(rule)
        keywords += ((keyword, (number,)) for keyword in rule.keywords)
        if not rule.keywords:
            always.append(number)
    return index.replace(keywords=tuple(keywords), rows=tuple(rows), always=tuple(always))

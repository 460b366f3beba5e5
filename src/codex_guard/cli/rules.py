"""``codex-guard rules``: every rule in a line, and the check of an organisation's own packs."""

import argparse
import json
import os
import sys
from pathlib import Path

from codex_guard import build, packs
from codex_guard.cli import catalogue
from codex_guard.cli.catalogue import Listed
from codex_guard.commands import pack as command_pack
from codex_guard.errors import GuardError
from codex_guard.packs import PackError
from codex_guard.policy import layers
from codex_guard.record import Record
from codex_guard.secrets import index
from codex_guard.secrets.rules import examples, own
from codex_guard.secrets.rules import pack as secret_pack

_SAME = "replaces codex-guard's own rule of that id; take another id if you mean both."


class Line(Record):
    """One line of a check's report: a ``problem``, or a note that changes nothing."""

    path: str
    line: int
    said: str
    problem: bool = True


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "rules",
        help="list all rules, or check an organisation's own packs",
        description=(
            "List every rule in a line, with what is off here. With --check, exits with 1 where a pack"
            " has problems, 2 where one could not be read."
        ),
    )
    parser.add_argument("--provider", metavar="NAME", help="only the secrets of that provider")
    parser.add_argument("--check", nargs="+", metavar="FILE", help="say all that is wrong with these packs")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="text for people, json for programs"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List, or check. Returns 0; 1 for packs with problems, 2 where one could not be read."""
    as_json = options.format == "json"
    if options.check is None:
        return _list(options.provider, as_json=as_json)
    if options.provider:
        raise GuardError("--provider is for the list: leave it out beside --check.")
    return _check(options.check, as_json=as_json)


def _list(provider: str | None, *, as_json: bool) -> int:
    rules = catalogue.read(layers.load(os.getcwd()))
    if provider is not None:
        rules = _of_provider(rules, provider)
    if as_json:
        print(json.dumps([_values(rule) for rule in rules], indent=2))
        return 0
    rows = [(rule.id, rule.level, rule.provider or "-", rule.title) for rule in rules]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for rule, row in zip(rules, rows, strict=True):
        line = "  ".join((*map(str.ljust, row[:3], widths), row[3]))
        print(f"{line} (off: {rule.off})" if rule.off else line)
    counts = {kind: sum(rule.kind == kind for rule in rules) for kind in ("secret", "command")}
    off = sum(bool(rule.off) for rule in rules)
    print(
        f"codex-guard: {counts['secret']} secret rules, {counts['command']} command rules; {off} off here.",
        file=sys.stderr,
    )
    return 0


def _of_provider(rules: tuple[Listed, ...], provider: str) -> tuple[Listed, ...]:
    found = tuple(rule for rule in rules if rule.provider.lower() == provider.lower())
    if not found:
        known = sorted({rule.provider for rule in rules if rule.provider})
        raise GuardError(
            f"There is no provider {catalogue.shown(provider)}{catalogue.nearest(provider, known)}"
            " `codex-guard rules` names all in its third column."
        )
    return found


def _values(rule: Listed) -> dict[str, object]:
    level = "severity" if rule.kind == "secret" else "tier"
    return {
        "id": rule.id,
        "kind": rule.kind,
        level: rule.level,
        "provider": rule.provider,
        "title": rule.title,
        "pack": rule.origin,
        "on": not rule.off,
        "off": rule.off,
    }


def _check(files: list[str], *, as_json: bool) -> int:
    """Check every file, whatever is wrong with another. Returns the exit code."""
    lines: list[Line] = []
    seen: dict[str, str] = {}
    counted = 0
    unread = False
    for name in dict.fromkeys(files):
        path = Path(name)
        try:
            text = packs.text_of(path)
        except GuardError as error:
            unread = True
            print(f"codex-guard: {error}", file=sys.stderr)
            continue
        rules, found = _checked(path, text, seen)
        counted += rules
        lines += found
    problems = sum(line.problem for line in lines)
    if as_json:
        print(
            json.dumps([{field: getattr(line, field) for field in Line._fields} for line in lines], indent=2)
        )
    else:
        for line in lines:
            print(f"{line.path}:{line.line}: {line.said if line.problem else 'note: ' + line.said}")
    told = "1 problem" if problems == 1 else f"{problems} problems" if problems else "no problems"
    print(f"codex-guard: {counted} {'rule' if counted == 1 else 'rules'} read, {told}.", file=sys.stderr)
    return 2 if unread else 1 if problems else 0


def _checked(path: Path, text: str, seen: dict[str, str]) -> tuple[int, list[Line]]:
    """Return how many rules a pack's text holds, and what to say of it; ``seen`` are ids and their places."""
    try:
        read = own.read(path, text)
        total = len(packs.parsed(path, text))
    except PackError as error:
        return 0, [Line(str(path), error.line, error.said)]
    problems = [*read.problems, *examples.problems(read.rules, index.load())]
    lines = [Line(str(path), problem.line, problem.said) for problem in problems]
    if not total:
        lines.append(Line(str(path), 1, "holds no rule: write [[rule]] tables."))
    builtin = _ids()
    for rule, table in read.rules:
        at = table.at("id")
        if rule.id in seen:
            said = f"rule {rule.id!r}: that 'id' already stands in {seen[rule.id]}."
            lines.append(Line(str(path), at, said))
        elif rule.id in builtin:
            lines.append(Line(str(path), at, f"rule {rule.id!r} {_SAME}", problem=False))
        seen.setdefault(rule.id, f"{path}:{at}")
    return total, sorted(lines, key=lambda line: line.line)


def _ids() -> frozenset[str]:
    """Return the ids of the rules that come with codex-guard, those of commands included."""
    folder = build.patterns()
    found = [rule.id for rule in command_pack.read_packs(folder / "commands")]
    for path in (folder / "optional").glob("*.toml"):
        found += [rule.id for rule in secret_pack.read_pack(path, optional=True)]
    return frozenset((*found, *index.load().ids()))

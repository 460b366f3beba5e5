"""How well and how fast commands are judged: recall and false denials, by tier and by category.

Usage: ``python benchmarks/commands.py --cases FILE [--misses]`` with the interpreter that codex-guard is
installed for. It prints Markdown tables.

``--cases`` takes JSON lines. Each is an object with ``command_b64`` (base64 of a command in UTF-8), ``label``
(``deny`` or ``allow``), ``tier`` (how much the rule matters that denies it, or would: ``core``, ``infra`` or
``niche``) and ``category`` (any text); other keys are left alone. Cases of ``niche``, which is off unless a
policy asks for it, are judged with it on. Commands are judged as if they ran in the
work tree ``/work/app`` of a user whose home is ``/home/dev``; nothing is run.
"""

# ruff: noqa: E402 - the path comes before the imports

import os
import sys

# A script's own folder comes first on the path, where secrets.py would stand for Python's own `secrets`.
_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [os.path.dirname(_HERE), *(place for place in sys.path if os.path.abspath(place) != _HERE)]

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import cases
from benchmarks.tables import one_line, percent, show
from codex_guard.commands.judge import Rules, judge, load
from codex_guard.commands.operands import Places
from codex_guard.commands.pack import TIERS
from codex_guard.commands.rule import TIERS as DEFAULT
from codex_guard.errors import GuardError
from codex_guard.record import Record
from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import walked

_LABELS = ("deny", "allow")
_PLACES = Places("/work/app", "/home/dev")
_VARIABLES = {"HOME": _PLACES.home, "TMPDIR": "/tmp", "USER": "dev"}  # noqa: S108 - a name, nothing is opened
_COLUMNS = ("recall", "false denials", "microseconds", "the slowest")


class Case(Record):
    """One command, and whether a careful reader would deny it."""

    tier: str
    category: str
    deny: bool
    command: str


class Outcome(Record):
    """What became of a case: the ids of the ``rules`` that deny it, and how long that took to say."""

    case: Case
    rules: tuple[str, ...]
    seconds: float


def main() -> int:
    """Print the tables. Returns 0, or 2 for arguments and files that cannot be used."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/commands.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cases", type=Path, metavar="FILE", required=True, help="JSON lines, see above")
    parser.add_argument("--misses", action="store_true", help="print each miss and each false denial")
    options = parser.parse_args()
    try:
        rules = {tier: load((*DEFAULT, tier)) for tier in TIERS}
        outcomes = [_judged(_case(*case), rules) for case in cases.read(options.cases)]
    except GuardError as error:
        print(f"benchmarks/commands.py: {error}", file=sys.stderr)
        return 2
    tiers = _rows(outcomes, lambda case: case.tier)
    tiers.sort(key=lambda row: TIERS.index(row[0]))
    show(f"{len(outcomes)} labelled commands", ("tier", *_COLUMNS), [*tiers, _row("all", outcomes)])
    show("By category", ("category", *_COLUMNS), sorted(_rows(outcomes, lambda case: case.category)))
    if options.misses:
        _lines("Missed", [each for each in outcomes if each.case.deny and not each.rules])
        _lines("Denied falsely", [each for each in outcomes if each.rules and not each.case.deny])
    return 0


def _judged(case: Case, rules: dict[str, Rules]) -> Outcome:
    scope = Scope(_PLACES.worktree, _VARIABLES, _PLACES.worktree)
    started = time.perf_counter()
    violations = judge(walked(case.command, scope), scope, _PLACES, rules[case.tier])
    return Outcome(case, tuple(each.rule for each in violations), time.perf_counter() - started)


def _rows(outcomes: Sequence[Outcome], group: Callable[[Case], str]) -> list[tuple[str, ...]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(group(outcome.case), []).append(outcome)
    return [_row(name, of) for name, of in groups.items()]


def _row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    cells = []
    for deny in (True, False):
        denied = [bool(outcome.rules) for outcome in outcomes if outcome.case.deny is deny]
        cells.append(percent(sum(denied), len(denied)))
    took = [outcome.seconds * 1e6 for outcome in outcomes]
    return (name, *cells, f"{statistics.median(took):.0f}", f"{max(took):.0f}")


def _lines(title: str, outcomes: Sequence[Outcome]) -> None:
    print(f"\n### {title}: {len(outcomes)}\n")
    for outcome in sorted(outcomes, key=lambda each: (TIERS.index(each.case.tier), each.case.category)):
        case = outcome.case
        rules = f" [{', '.join(outcome.rules)}]" if outcome.rules else ""
        print(f"- {case.tier}, {case.category}{rules}: {one_line(case.command)}")


def _case(where: str, given: dict[str, Any]) -> Case:
    label = cases.choice(where, given, "label", _LABELS)
    tier = cases.choice(where, given, "tier", TIERS)
    category = given.get("category")
    if not isinstance(category, str) or not category:
        raise GuardError(f"{where}: 'category' must be a text that is not empty.")
    return Case(tier, category, label == "deny", cases.text(where, given, "command_b64"))


if __name__ == "__main__":
    sys.exit(main())

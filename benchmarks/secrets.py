"""How well and how fast secrets are found: recall, false alarms and speed, beside other scanners.

Usage: ``python benchmarks/secrets.py [--cases FILE] [--benign [DIR ...]] [--pumped [RULE ...]]`` with the
interpreter that codex-guard is installed for. It prints Markdown tables; without any of the three, those
of ``--benign``.

``--cases`` takes JSON lines. Each is an object with ``text_b64`` (base64 of a text in UTF-8), ``provider``,
``label`` (``positive`` or ``negative``) and ``kind`` (``secret`` for credentials with a format, ``generic``
for passwords without one, ``identifier`` for what need not be flagged); on positives ``agreed`` (true:
it counts for recall), on negatives ``strict`` (true: no careful reader would flag it, so a finding is a
false alarm). Other keys are left alone. A positive is found when at least one finding lies in its text.
"""

# ruff: noqa: E402 - the path comes before the imports

import os
import sys

# A script's own folder comes first on the path, where this file would stand for Python's own `secrets`.
_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [os.path.dirname(_HERE), *(place for place in sys.path if os.path.abspath(place) != _HERE)]

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import benign, labelled, peers, pumped
from benchmarks.tables import show
from codex_guard.build import patterns
from codex_guard.errors import GuardError
from codex_guard.model import Finding
from codex_guard.secrets.index import Index, load
from codex_guard.secrets.rules.pack import read_packs
from codex_guard.secrets.strictness import LENIENT, STANDARD, STRICT


def main() -> int:
    """Print the tables. Returns 0, or 2 for arguments and files that cannot be used."""
    options = _options()
    try:
        index = load()
        if options.cases is not None:
            cases = labelled.read(options.cases)
            _cases(cases, index, options)
        if options.benign is not None or (options.cases is None and options.pumped is None):
            benign.report(options.benign or benign.folders(), index, alarms=options.false_alarms)
            benign.speed(index)
        if options.pumped is not None:
            _pumped(options.pumped, index)
    except GuardError as error:
        print(f"benchmarks/secrets.py: {error}", file=sys.stderr)
        return 2
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks/secrets.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--cases", type=Path, metavar="FILE", help="labelled cases as JSON lines, see above")
    add("--no-peers", action="store_true", help="do not run other scanners over the cases")
    add("--misses", action="store_true", help="print each case that was missed: unmasked, for your eyes")
    add("--false-alarms", action="store_true", help="print each false alarm and each place in benign text")
    add("--benign", nargs="*", metavar="DIR", help="folders without secrets; none: Python's own files")
    add("--pumped", nargs="*", metavar="RULE", help="time adversarial texts for these rules; none: for all")
    return parser.parse_args()


def _cases(cases: Sequence[labelled.Case], index: Index, options: argparse.Namespace) -> None:
    levels = {level: _timed(cases, index, level) for level in (STANDARD, LENIENT, STRICT)}
    rows: list[Sequence[object]] = [
        ("codex-guard", *labelled.row(cases, _numbers(of)), seconds, level)
        for level, (of, seconds) in levels.items()
    ]
    findings = levels[STANDARD][0]
    found = _numbers(findings)
    for outcome in () if options.no_peers else peers.outcomes(cases):
        if outcome.problem:
            rows.append((outcome.name, *("-" for _ in labelled.COLUMNS), "-", outcome.problem))
        else:
            rows.append((outcome.name, *labelled.row(cases, outcome.found), outcome.seconds, ""))
    show(f"{len(cases)} labelled cases", ("scanner", *labelled.COLUMNS, "seconds", "note"), rows)
    if options.misses:
        _lines("Missed", labelled.misses(cases, found))
    if options.false_alarms:
        _lines("False alarms", labelled.false_alarms(cases, findings))


def _timed(
    cases: Sequence[labelled.Case], index: Index, level: str
) -> tuple[list[tuple[Finding, ...]], float]:
    started = time.perf_counter()
    findings = labelled.scanned(cases, index, level)
    return findings, time.perf_counter() - started


def _numbers(findings: Sequence[tuple[Finding, ...]]) -> set[int]:
    return {number for number, of in enumerate(findings) if of}


def _lines(title: str, lines: Sequence[str]) -> None:
    print(f"\n### {title}: {len(lines)}\n")
    for line in lines:
        print(f"- {line}")


def _pumped(names: Sequence[str], index: Index) -> None:
    rules = read_packs(patterns() / "secrets")
    unknown = sorted(set(names) - {rule.id for rule in rules})
    if unknown:
        raise GuardError(f"There is no rule {unknown[0]!r}: --pumped takes ids of rules in patterns/secrets.")
    pumped.report([rule for rule in rules if not names or rule.id in names], index)


if __name__ == "__main__":
    sys.exit(main())

"""Labelled cases: which secrets a scanner finds, and where it cries wolf."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from benchmarks import cases
from benchmarks.tables import one_line, percent
from codex_guard.errors import GuardError
from codex_guard.model import Finding, Text
from codex_guard.record import Record
from codex_guard.secrets.index import Index
from codex_guard.secrets.masking import mask
from codex_guard.secrets.search import scan
from codex_guard.secrets.strictness import STANDARD

_LABELS = ("positive", "negative")
_KINDS = ("secret", "generic", "identifier")

#: The columns that ``row`` fills.
COLUMNS = ("recall of secrets", "mean over providers", "recall of generic ones", "false alarms")


class Case(Record):
    """One text and what a careful reader says of it.

    ``label``: ``positive`` or ``negative``; ``kind``: ``secret`` (with a format), ``generic`` (a password
    without one) or ``identifier`` (need not be flagged). ``agreed``, of a positive: it counts for
    recall. ``strict``, of a negative: a finding in it is a false alarm.
    """

    provider: str
    label: str
    kind: str
    text: str
    agreed: bool = False
    strict: bool = False


def read(path: Path) -> tuple[Case, ...]:
    """Read the cases of a JSON lines file. Raises GuardError that names the file and the line."""
    return tuple(_case(*case) for case in cases.read(path))


def scanned(cases: Iterable[Case], index: Index, strictness: str = STANDARD) -> list[tuple[Finding, ...]]:
    """Return our own findings in each case."""
    return [scan(Text("case", case.text), index, (), strictness) for case in cases]


def row(cases: Sequence[Case], found: AbstractSet[int]) -> tuple[str, ...]:
    """Return the cells of ``COLUMNS`` for a scanner that found something in the cases of these numbers."""
    by_provider: dict[str, list[bool]] = {}
    counts = {"secret": [0, 0], "generic": [0, 0], "strict": [0, 0]}
    for number, case in enumerate(cases):
        counted = _counts_as(case)
        if counted:
            counts[counted][0] += number in found
            counts[counted][1] += 1
        if counted == "secret":
            by_provider.setdefault(case.provider, []).append(number in found)
    means = [sum(hits) / len(hits) for hits in by_provider.values()]
    mean = f"{100 * sum(means) / len(means):.1f} % ({len(means)})" if means else "-"
    return (percent(*counts["secret"]), mean, percent(*counts["generic"]), percent(*counts["strict"]))


def misses(cases: Sequence[Case], found: AbstractSet[int]) -> list[str]:
    """Return a line for each positive that counts and was not found, by provider.

    What nothing found cannot be masked: these lines are for the terminal of whoever made the file.
    """
    missed = [case for number, case in enumerate(cases) if number not in found and _counts_as(case) in _KINDS]
    missed.sort(key=lambda case: (case.provider, case.kind))
    return [f"{case.provider} ({case.kind}): {one_line(case.text)}" for case in missed]


def false_alarms(cases: Sequence[Case], findings: Sequence[tuple[Finding, ...]]) -> list[str]:
    """Return a line for each strict negative that was flagged, by provider, with its rules and masks."""
    alarms = [
        (case, of) for case, of in zip(cases, findings, strict=True) if of and _counts_as(case) == "strict"
    ]
    alarms.sort(key=lambda alarm: alarm[0].provider)
    return [
        f"{case.provider} ({case.kind}): {', '.join(sorted({finding.rule for finding in of}))}:"
        f" {one_line(mask(case.text, of))}"
        for case, of in alarms
    ]


def _counts_as(case: Case) -> str:
    """Return what a case counts for: ``secret`` or ``generic`` recall, ``strict`` false alarms, or ""."""
    if case.label == "negative":
        return "strict" if case.strict else ""
    return case.kind if case.agreed and case.kind != "identifier" else ""


def _case(where: str, given: dict[str, Any]) -> Case:
    label = cases.choice(where, given, "label", _LABELS)
    kind = cases.choice(where, given, "kind", _KINDS)
    provider = given.get("provider")
    if not isinstance(provider, str) or not provider:
        raise GuardError(f"{where}: 'provider' must be a text that is not empty.")
    flags = {key: given.get(key, False) for key in ("agreed", "strict")}
    for key, flag in flags.items():
        if not isinstance(flag, bool):
            raise GuardError(f"{where}: {key!r} must be true or false.")
    text = cases.text(where, given, "text_b64")
    return Case(provider, label, kind, text, flags["agreed"], flags["strict"])

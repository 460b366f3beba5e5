"""Marks that people leave on a line: this is no secret that matters.

Ours names the rules and gives a reason: ``codex-guard: allow[github-pat] revoked in May``. Those of two other
scanners name neither: ``pragma: allowlist secret``, ``pragma: allowlist nextline secret`` and
``gitleaks:allow``. Whose marks count where is not decided here.
"""

import re

from codex_guard.model import Finding
from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_OURS = re.compile(r"codex-guard:[ \t]*allow\b(?:\[([^\]\n]{0,400})\])?", re.IGNORECASE)
_PRAGMA = re.compile(r"pragma:[ \t]{0,9}allowlist[ \t-]{1,9}(nextline[ \t-]{1,9})?secret\b", re.IGNORECASE)
_BEGIN, _END = "-----BEGIN ", "-----END "
_GITLEAKS = "gitleaks:allow"
_LONGEST_REASON = 2_000  # characters: each finding on the line carries it
# What ends a comment, and so a reason, in the languages there are.
_CLOSERS = ("*/", "-->", "--}}", "#}", "%>", "*)", "]]")
_HOW = "write codex-guard: allow[RULE] and the reason behind it"


class Marked(Record):
    """One finding that a mark on its line is about.

    ``reason`` is why it does not count, or None; then ``problem`` says in a sentence what is wrong with the
    mark. ``lines`` are the whole lines that the mark and the finding stand on, without their ends.
    """

    finding: Finding
    reason: str | None
    problem: str | None
    lines: tuple[str, ...]


def marked(body: str, findings: tuple[Finding, ...]) -> "Iterator[Marked]":
    """Yield each finding in ``body`` that has a mark on its first or its last line, valid or not.

    A key's lines of dashes, BEGIN and END, count as its first and its last: within it no mark can stand. The
    findings are those of this text alone, in the order of their places. Each line is read once, so the work
    is linear in the text, however many findings share a line.
    """
    lines = _Lines(body)
    for finding in findings:
        first = lines.at(finding.start)
        last = lines.at(finding.end - 1)
        first = lines.at(first.start - 1) if first.is_fenced else first
        last = lines.at(last.end + 1) if last.is_fence_next else last
        between: tuple[str, ...]
        if last is first:
            between, said = (first.text,), [first.judged(finding)]
        else:
            inner = body[first.end : last.start].split("\n")[1:-1]
            between, said = (first.text, *inner, last.text), [first.judged(finding), last.judged(finding)]
        valid = next((reason for reason, _ in said if reason), None)
        if valid is not None:
            yield Marked(finding, valid, None, between)
        elif first.announced:
            yield Marked(finding, first.announced, None, (first.before, *between))
        elif problem := next((problem for _, problem in said if problem), None):
            yield Marked(finding, None, problem, between)


class _Lines:
    """The lines of a text; those that were asked for last are remembered."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.latest: list[_Line] = []

    def at(self, place: int) -> "_Line":
        """Return the line that holds the character at ``place``."""
        for line in self.latest:
            if line.start <= place <= line.end:
                return line
        self.latest = [_Line(self.body, place), *self.latest[:3]]
        return self.latest[0]


class _Line:
    """One line: where it is, and what the marks on it and on the line before say."""

    def __init__(self, body: str, place: int) -> None:
        self.start = body.rfind("\n", 0, place) + 1
        end = body.find("\n", place)
        self.end = len(body) if end < 0 else end
        text = self.text = body[self.start : self.end]
        above = max(self.start - 1, 0)  # where the line before ends
        self.before = body[body.rfind("\n", 0, above) + 1 : above]
        below = body.find("\n", self.end + 1)
        self.is_fenced = _BEGIN in self.before
        self.is_fence_next = body.find(_END, self.end, len(body) if below < 0 else below) >= 0
        self.announced = "pragma: allowlist nextline secret" if _pragma(self.before, nextline=True) else None
        self.foreign = "pragma: allowlist secret" if _pragma(text, nextline=False) else None
        if _GITLEAKS in text:
            self.foreign = _GITLEAKS
        self.rules: frozenset[str] = frozenset()
        self.said: str | None = None
        self.problem: str | None = None
        ours = _OURS.search(text)
        self.place = self.start + ours.start() if ours else 0
        if ours:
            self._read(ours[1], text[ours.end() :])

    def _read(self, named: str | None, rest: str) -> None:
        self.rules = frozenset(name.strip() for name in (named or "").split(",")) - {""}
        if len(rest) > _LONGEST_REASON:
            # Cut between words: half a value would be recognised, and masked, by nobody.
            rest = rest[:_LONGEST_REASON].rpartition(" ")[0]
        for closer in _CLOSERS:
            rest = rest.partition(closer)[0]
        reason = rest.strip(" \t\r:-\"'`,;(){}")
        if not self.rules:
            self.problem = f"it names no rule: {_HOW}"
        elif "*" in self.rules:
            self.problem = f"it allows everything, which no mark can: {_HOW}"
        elif not any(character.isalnum() for character in reason):
            self.problem = f"it gives no reason: {_HOW}"
        else:
            self.said = reason

    def judged(self, finding: Finding) -> tuple[str | None, str | None]:
        """Return why the finding does not count, and what is wrong with the mark; None for neither."""
        # A value behind the mark would be taken for its reason; one of several lines may go on below it.
        before = self.place <= finding.start <= self.end
        within = finding.start < self.place < finding.end <= self.end
        if self.said and not (before or within) and finding.rule in self.rules:
            return self.said, None
        if self.foreign:
            return self.foreign, None
        if self.said and finding.rule in self.rules:
            return None, "it stands before the value: put it behind"
        if self.said:
            return None, f"it names {', '.join(sorted(self.rules))[:80]}, not this rule"
        return None, self.problem


def _pragma(text: str, *, nextline: bool) -> bool:
    # The word is searched first: a line can be long, and nearly none has it.
    return "pragma:" in text.lower() and any(bool(found[1]) == nextline for found in _PRAGMA.finditer(text))

"""Candidate search and judgement: a text in, findings out.

Keywords come first: a rule is looked at only when one of its keywords stands in the text, and tried only
near it. A clean text therefore costs one lower-casing and one substring search a keyword, and a look for
what may stand disguised in it.
"""

from codex_guard.model import Finding, Secret, Text
from codex_guard.secrets import disguise, keywords
from codex_guard.secrets.strictness import LENIENT, STANDARD, STRICT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from codex_guard.secrets.candidate import Candidate
    from codex_guard.secrets.disguise import Layer
    from codex_guard.secrets.index import Entry, Index

_CUT = 1.5  # what is that much shorter than the format that it begins like is cut short
_NAMED = 60  # characters before a value in which its provider may be named
_FEW = 8  # places that are looked at one by one before anything is imported
#: What keys of many providers begin with: it says what they are, and not whose.
_SHARED = frozenset(("sk", "pk", "rk", "tk", "key", "api", "app", "live", "test", "secret"))
_DOUBT = " (its checksum does not hold: cut short, mistyped or made up)"


def scan(
    text: Text, index: "Index", disabled: "Collection[str]" = (), strictness: str = STANDARD
) -> tuple[Finding, ...]:
    """Return the secrets in ``text``, in the order of their places; overlapping ones once.

    What stands disguised in it is found too, at its place in ``text`` itself. ``disabled`` are ids of
    rules to leave out; ``strictness`` is one of ``strictness.LEVELS``. Work is linear in the text for
    each rule whose keyword is in it.
    """
    findings = _seen(text, index, disabled, strictness)
    for layer in disguise.layers(text.body):
        hidden = _seen(Text(text.where, layer.body), index, disabled, strictness)
        if hidden:
            findings = _merged(text, findings, hidden, layer)
    return findings


def _seen(text: Text, index: "Index", disabled: "Collection[str]", strictness: str) -> tuple[Finding, ...]:
    """Return the secrets that stand in the text as they are."""
    body = text.body
    lowered = lower(body)
    touched = keywords.places(lowered, index)
    for number in index.always:
        touched[number] = [0]
    if not touched:
        return ()
    found: list[Candidate] = []
    by_name: list[tuple[Entry, list[int]]] = []
    prefixes: dict[int, list[Entry]] = {}
    for number, places in touched.items():
        entry = index.entry(number)
        if entry.id in disabled or (strictness == LENIENT and (entry.generic or entry.says)):
            continue
        if not entry.regex:
            by_name.append((entry, places))
            continue
        found += _of_format(body, entry, places, strictness)
        if not (entry.generic or entry.structured):
            for place in places:
                prefixes.setdefault(place, []).append(entry)
    if by_name:
        for one in found:
            prefixes.pop(one.start, None)
        found += _of_names(body, lowered, by_name, prefixes, strictness)
    if not found:
        return ()
    from codex_guard.secrets.candidate import best  # noqa: PLC0415 - a clean text never comes here

    return _findings(text, best(found))


def _of_format(body: str, entry: "Entry", places: list[int], strictness: str) -> "list[Candidate]":
    if entry.solid and len(places) <= _FEW:
        stretches = ((max(0, place - entry.before), place + entry.after) for place in places)
        if not any(keywords.has_run(body, start, end, entry.solid) for start, end in stretches):
            return []
    from codex_guard.secrets import formats  # noqa: PLC0415 - a clean text never comes here

    return list(formats.candidates(body, entry, places, strictness))


def _of_names(
    body: str,
    lowered: str,
    rules: "list[tuple[Entry, list[int]]]",
    prefixes: "dict[int, list[Entry]]",
    strictness: str,
) -> "list[Candidate]":
    """Return what names tell, but for values that a more particular rule knows to be cut short.

    ``prefixes`` are the places of formats' keywords where no format was found, with the formats: what begins
    like a provider's token and is none opens nothing.
    """
    from codex_guard.secrets import named  # noqa: PLC0415 - most texts name nothing
    from codex_guard.secrets.candidate import NAME  # noqa: PLC0415

    found, misfits = named.candidates(body, lowered, rules, strictness)
    if strictness == STRICT:
        return found
    return [
        one
        for one in found
        if one.rank < NAME
        or not (one.start in misfits or _is_no_token(body, one, prefixes.get(one.start, ())))
    ]


def _is_no_token(body: str, one: "Candidate", formats: "Collection[Entry]") -> bool:
    """Say whether what begins like tokens of these formats, and fits none, is no other secret either.

    It is none where a format is the ``sole`` one that begins so, where it is much too short for all, and
    where it spells the alphabet under the provider's own name. A password may begin with anything.
    """
    if not formats or one.entry.says == "password":
        return False
    if any(entry.sole for entry in formats):
        return True
    value = body[one.start : one.end]
    named = body[max(0, one.start - _NAMED) : one.start].lower()
    own = [entry for entry in formats if entry.id.partition("-")[0] in named]
    if not own and value.replace("-", "_").partition("_")[0].lower() in _SHARED:
        return False
    if len(value) * _CUT < min(entry.solid for entry in own or formats):
        return True
    from codex_guard.secrets import confirm  # noqa: PLC0415 - a clean text never comes here

    return bool(own) and confirm.is_placeholder(value, formatted=True)


def lower(text: str) -> str:
    """Lower-case without moving a place: ``İ`` alone grows in ``str.lower`` (Unicode SpecialCasing)."""
    if not text.isascii() and "\u0130" in text:
        text = text.replace("\u0130", "I")
    return text.lower()


def masked(text: str, index: "Index") -> str:
    """Return a sentence or a name with the secrets masked that are found in it."""
    from codex_guard.secrets.masking import mask  # noqa: PLC0415 - a clean text never comes here

    return mask(text, scan(Text("", text), index))


def _findings(text: Text, kept: "list[tuple[Candidate, int, int]]") -> tuple[Finding, ...]:
    body = text.body
    found = []
    line, line_start, counted = text.first_line, 0, 0
    for candidate, begin, end in kept:
        entry, start = candidate.entry, candidate.start
        line += body.count("\n", counted, start)
        line_start = body.rfind("\n", line_start, start) + 1 or line_start
        counted = start
        found.append(
            Finding(
                rule=entry.id,
                title=entry.title + _DOUBT if candidate.doubtful else entry.title,
                severity="low" if candidate.doubtful else entry.severity,
                revoke=entry.revoke,
                where=text.where,
                line=line,
                column=start - line_start + 1,
                start=begin,
                end=end,
                secret=Secret(body[start : candidate.end], entry.id),
                spelled=Secret(body[begin:end], entry.id) if (begin, end) != candidate.span else None,
            )
        )
    return tuple(found)


def _merged(
    text: Text, findings: tuple[Finding, ...], hidden: tuple[Finding, ...], layer: "Layer"
) -> tuple[Finding, ...]:
    """Add what a reading of the text shows, at its places in the text itself, where nothing was found yet."""
    from bisect import bisect_left  # noqa: PLC0415 - a clean text never comes here

    body = text.body
    merged = list(findings)
    added: list[Finding] = []
    starts = [finding.start for finding in findings]  # in order, and none overlaps another
    line, line_start, counted = text.first_line, 0, 0
    for finding, start, end in sorted(
        ((finding, *layer.span(finding.start, finding.end)) for finding in hidden), key=lambda one: one[1:]
    ):
        at = max(bisect_left(starts, end) - 1, 0)
        if starts and start < merged[at].end and merged[at].start < end:
            # Found already, in part perhaps: of "..." + "..." a name tells the first piece alone.
            first = max(bisect_left(starts, start) - 1, 0)
            first += merged[first].end <= start
            one = merged[first]
            begin, stop = min(start, one.start), max(end, one.end) if first == at else starts[first + 1]
            if (begin, stop) != (one.start, one.end):
                merged[first] = one.replace(
                    start=begin, end=stop, spelled=Secret(body[begin:stop], finding.rule)
                )
                starts[first] = begin
            continue
        if added and start < added[-1].end:
            continue
        line += body.count("\n", counted, start)
        line_start = body.rfind("\n", line_start, start) + 1 or line_start
        counted = start
        added.append(
            finding.replace(
                title=f"{finding.title} ({layer.how})",
                line=line,
                column=start - line_start + 1,
                start=start,
                end=end,
                spelled=Secret(body[start:end], finding.rule),
            )
        )
    return tuple(sorted((*merged, *added), key=lambda finding: finding.start))

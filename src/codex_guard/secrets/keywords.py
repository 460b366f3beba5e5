"""Which keywords stand where in a text: one substring search each, or all at once in one pass.

A short text is searched keyword by keyword, which needs no import. A long one goes through an
Aho-Corasick automaton (pyahocorasick), some 25 times faster for a thousand keywords. Both give the
same places; where the package is missing, the first does it all.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.secrets.index import Keywords

#: From this many characters on, building the automaton (1 ms) pays for itself.
LONG = 16_384


def has_run(body: str, start: int, end: int, size: int) -> bool:
    """Say whether a stretch has a run of so many characters without white space."""
    return max(map(len, body[start:end].split()), default=0) >= size


def places(lowered: str, keywords: "Keywords") -> dict[int, list[int]]:
    """Return the places of each rule's keywords in a lower-case text, by the number of the rule.

    The places of one keyword are in order; a rule with several keywords has them one after the other.
    """
    if len(lowered) >= LONG:
        try:
            return by_automaton(lowered, keywords)
        except ImportError:
            pass
    return by_substring(lowered, keywords)


def by_substring(lowered: str, keywords: "Keywords") -> dict[int, list[int]]:
    """Search the text once for each keyword."""
    found: dict[int, list[int]] = {}
    for keyword, numbers in keywords:
        at = lowered.find(keyword)
        if at < 0:
            continue
        stands = []
        while at >= 0:
            stands.append(at)
            at = lowered.find(keyword, at + 1)
        for number in numbers:
            found.setdefault(number, []).extend(stands)
    return found


def by_automaton(lowered: str, keywords: "Keywords") -> dict[int, list[int]]:
    """Search the text once for all keywords. Raises ImportError where pyahocorasick is not installed."""
    import ahocorasick  # noqa: PLC0415 - only a long text pays for it

    automaton = ahocorasick.Automaton()
    for keyword, numbers in keywords:
        automaton.add_word(keyword, (len(keyword) - 1, numbers))
    automaton.make_automaton()
    found: dict[int, list[int]] = {}
    for end, (before, numbers) in automaton.iter(lowered):
        for number in numbers:
            found.setdefault(number, []).append(end - before)
    return found

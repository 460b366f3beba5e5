"""Finding which of thousands of keywords stand in a text, and where.

Two ways to the same answer. A short text is cut into all its stretches of four characters, and only
keywords whose rarest four are among them are looked for. In a long one, an Aho-Corasick automaton walks
over the text once.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.secrets.index import Index, Keywords

#: From this many characters on, building the automaton (8 ms) pays for itself.
LONG = 16_384
GRAM = 4  # characters that a keyword is filed under


def has_run(body: str, start: int, end: int, size: int) -> bool:
    """Say whether a stretch has a run of so many characters without white space."""
    return max(map(len, body[start:end].split()), default=0) >= size


def places(lowered: str, index: "Index") -> dict[int, list[int]]:
    """Return the places of each rule's keywords in a lower-case text, by the number of the rule.

    The places of one keyword are in order; a rule with several keywords has them one after the other.
    """
    if len(lowered) >= LONG:
        try:
            return by_automaton(lowered, index.asked())
        except ImportError:
            pass
    return by_grams(lowered, index)


def by_grams(lowered: str, index: "Index") -> dict[int, list[int]]:
    """Search the text for the keywords whose four filed characters are in it, and for all loose ones."""
    from codex_guard.secrets.index import ungrouped  # noqa: PLC0415 - the index itself needs none of this

    found: dict[int, list[int]] = {}
    by_substring(lowered, index.keywords, found)
    grams = index.grams
    for gram in grams.keys() & {lowered[at : at + GRAM] for at in range(len(lowered) - GRAM + 1)}:
        by_substring(lowered, ungrouped(grams[gram]), found)
    return found


def by_substring(lowered: str, keywords: "Keywords", found: dict[int, list[int]]) -> None:
    """Search the text once for each keyword, and add the places to ``found``."""
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


def by_automaton(lowered: str, keywords: "Keywords") -> dict[int, list[int]]:
    """Search the text once for all keywords. Raises ImportError where pyahocorasick is not installed."""
    import ahocorasick  # noqa: PLC0415 - only a long text pays for it

    automaton = ahocorasick.Automaton()
    asking: dict[str, list[int]] = {}
    for keyword, numbers in keywords:
        asking.setdefault(keyword, []).extend(numbers)
    for keyword, of in asking.items():
        automaton.add_word(keyword, (len(keyword) - 1, of))
    automaton.make_automaton()
    found: dict[int, list[int]] = {}
    for end, (before, of) in automaton.iter(lowered):
        for number in of:
            found.setdefault(number, []).append(end - before)
    return found

"""The rules as one prebuilt index: what a hook loads instead of 80 TOML files.

``codex_guard/_index.py`` is generated from ``patterns/`` at build time (see ``build.py``). Loading it
costs one module of few, long constants; a rule becomes an ``Entry`` only when its keyword was seen.
"""

from codex_guard.errors import MISSING_INDEX, GuardError
from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Pattern

#: The fields of an ``Entry``, in their order.
Row = tuple[str, str, str, str, str, str, str, bool, bool, str, int, float, int, int, bool, bool, bool, int]

#: A lower-case text, and the numbers of the rules that ask for it.
Keywords = tuple[tuple[str, tuple[int, ...]], ...]

_FIELD, _LINE = "\x1f", "\x1e"


class Entry(Record):
    """What the search needs of a rule; see ``pack.Rule`` for the meaning of the fields.

    ``solid``: no match holds white space or is shorter than this; 0 where that cannot be said.
    """

    id: str
    title: str
    severity: str
    revoke: str
    regex: str
    value: str
    says: str
    alone: bool
    sole: bool
    check: str
    group: int
    entropy: float
    before: int
    after: int
    bounded: bool
    generic: bool
    structured: bool
    solid: int = 0

    def pattern(self) -> "Pattern[str]":
        """Compile the regex, or that of the value."""
        import re  # noqa: PLC0415 - 7 ms that a clean text does not pay

        return re.compile(self.regex or self.value)


class Index(Record):
    """Which texts to look for, and the rules that ask for them.

    ``keywords`` pairs a lower-case text with the numbers of the rules that ask for it. A compiled index
    keeps most of them in ``grams`` instead: by four characters of each, the keywords and numbers as one
    text (see ``grouped``), since thousands of tuples take 2 ms to load. ``rows`` are the rules, each as it
    is or ``packed``; ``always`` the numbers of rules without keywords: those of optional packs.
    """

    keywords: Keywords
    rows: tuple[Row | str, ...]
    always: tuple[int, ...] = ()
    grams: dict[str, str] = {}  # noqa: RUF012 - a record's default is never changed

    def entry(self, number: int) -> Entry:
        """Return the rule of that number."""
        row = self.rows[number]
        return Entry(*(unpacked(row) if isinstance(row, str) else row))

    def ids(self) -> list[str]:
        """Return the rules' ids by their numbers."""
        return [row.partition(_FIELD)[0] if isinstance(row, str) else row[0] for row in self.rows]

    def asked(self) -> Keywords:
        """Return all keywords, however they are kept."""
        return (*self.keywords, *(pair for line in self.grams.values() for pair in ungrouped(line)))


def packed(row: Row) -> str:
    """Return a row as one text: a thousand of them load five times as fast."""
    return _FIELD.join(str(int(field)) if isinstance(field, bool) else str(field) for field in row)


def unpacked(text: str) -> Row:
    """Return the row that ``packed`` made a text of."""
    (
        identity, title, severity, revoke, regex, value, says, alone, sole, check, group, entropy, before,
        after, bounded, generic, structured, solid,
    ) = text.split(_FIELD)  # fmt: skip
    return (
        identity, title, severity, revoke, regex, value, says, alone == "1", sole == "1", check,
        int(group), float(entropy), int(before), int(after), bounded == "1", generic == "1",
        structured == "1", int(solid),
    )  # fmt: skip


def grouped(pairs: Keywords) -> str:
    """Return keywords and numbers as one text."""
    return _LINE.join(f"{keyword}{_FIELD}{','.join(map(str, numbers))}" for keyword, numbers in pairs)


def ungrouped(text: str) -> Keywords:
    """Return the keywords and numbers that ``grouped`` made a text of."""
    found = []
    for line in text.split(_LINE):
        keyword, _, numbers = line.partition(_FIELD)
        found.append((keyword, tuple(map(int, numbers.split(",")))))
    return tuple(found)


def load() -> Index:
    """Return the index that was compiled at build time. Raises GuardError where there is none."""
    try:
        from codex_guard import _index  # noqa: PLC0415 - its absence is an error for a person
    except ImportError as error:
        raise GuardError(MISSING_INDEX) from error
    return Index(_index.SHORT, _index.SECRETS, (), _index.GRAMS)

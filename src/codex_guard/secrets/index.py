"""The rules as one prebuilt index: what a hook loads instead of 60 TOML files.

``codex_guard/_index.py`` is generated from ``patterns/`` at build time (see ``build.py``). Loading it
costs one module of constants; a rule becomes an ``Entry`` only when its keyword was seen.
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
    """``keywords`` pairs a lower-case text with the numbers of the rules that ask for it.

    ``always`` are the numbers of rules without keywords: those of optional packs.
    """

    keywords: Keywords
    rows: tuple[Row, ...]
    always: tuple[int, ...] = ()

    def entry(self, number: int) -> Entry:
        """Return the rule of that number."""
        return Entry(*self.rows[number])


def load() -> Index:
    """Return the index that was compiled at build time. Raises GuardError where there is none."""
    try:
        from codex_guard import _index  # noqa: PLC0415 - its absence is an error for a person
    except ImportError as error:
        raise GuardError(MISSING_INDEX) from error
    return Index(_index.KEYWORDS, _index.SECRETS)

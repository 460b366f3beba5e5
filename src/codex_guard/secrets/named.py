"""Secrets that a name tells: a provider's, beside a value of that provider's shape, or the name's own.

A rule that knows the ``sole`` shape of a provider's keys speaks against any other value of that name: half a
key in ``wandb_api_key`` opens nothing, and no rule of a lesser kind counts.
"""

from codex_guard.secrets import confirm
from codex_guard.secrets.candidate import NAME, PROVIDER, Candidate
from codex_guard.secrets.naming import letters, looks, names, pairs, values
from codex_guard.secrets.strictness import STRICT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Pattern

    from codex_guard.secrets.index import Entry
    from codex_guard.secrets.naming.pairs import Pair

_ENDS = str.maketrans("\"'`\r\n\t", "      ")
_REACH = 80  # characters behind a provider's name in which a key of its own is named
_WORDS = ("key", "token", "secret", "access", "private", "passw", "auth", "credential", "pwd", "license")
_MOST_WORDS = 6
_ODD = 8.0  # bits that speak for chance (see ``letters.bits``), for a value of letters alone
_TELLING = 400  # characters of a long value that say enough of it
_SHORTEST = 6  # characters of a value that can look like a secret
_LONG = 20  # characters of a value that may be patterned where the name says whose it is
_SELF_MADE = frozenset(
    ("webhook", "signing", "encryption", "jwt", "session", "cookie", "salt", "hmac", "password", "passwd",
     "passphrase", "verify", "verification", "hook", "proxy", "state")
)  # fmt: skip


def candidates(
    body: str, lowered: str, rules: "list[tuple[Entry, list[int]]]", strictness: str
) -> tuple[list[Candidate], set[int]]:
    """Return what the rules find, each given with the places of its keywords, and the misfits.

    The misfits are the offsets of values that are none of the provider's they are named after.
    """
    found: list[Candidate] = []
    misfits: set[int] = set()
    reader = _Reader(body)
    for entry, places in rules:
        if entry.value:
            found += _of_provider(lowered, entry, places, reader, misfits)
    found += _of_names(rules, reader, strictness)
    return found, misfits


class _Reader:
    """Reads each pair once, however many keywords stand in its name."""

    def __init__(self, body: str) -> None:
        self.body = body
        self._known: dict[int, Pair | None] = {}

    def at(self, place: int) -> "Pair | None":
        if place not in self._known:
            self._known[place] = pairs.read(self.body, place)
        return self._known[place]


def _of_provider(
    lowered: str, entry: "Entry", places: list[int], reader: _Reader, misfits: set[int]
) -> list[Candidate]:
    found = []
    pattern = entry.pattern()
    for place in places:
        if not _begins_word(reader.body, place):
            continue
        for pair in _near(lowered, entry, place, reader):
            span = _fitting(reader.body, pair, pattern)
            if span is None:
                if entry.sole and _SELF_MADE.isdisjoint(names.words(pair.name)):
                    misfits.add(pair.start)
                continue
            value = reader.body[span[0] : span[1]]
            proven = confirm.holds(entry.check, value)
            if proven or (_confirmed(value, entry) and not (entry.check and entry.structured)):
                found.append(Candidate(entry, *span, PROVIDER, doubtful=bool(entry.check) and not proven))
                break
    return found


def _near(lowered: str, entry: "Entry", place: int, reader: _Reader) -> "list[Pair]":
    """Return the pairs that the provider's name is part of, or stands before."""
    first = reader.at(place)
    found = []
    if first is not None and (entry.alone or any(word in first.name.lower() for word in _WORDS)):
        found.append(first)
    stretch = lowered[place : place + _REACH]
    spots = sorted({spot for word in _WORDS for spot in _finds(stretch, word)})[:_MOST_WORDS]
    for spot in spots:
        pair = reader.at(place + spot)
        if pair is not None and all(pair.start != other.start for other in found):
            found.append(pair)
    return found


def _finds(text: str, word: str) -> list[int]:
    found = []
    at = text.find(word)
    while at >= 0:
        found.append(at)
        at = text.find(word, at + 1)
    return found


def _begins_word(body: str, place: int) -> bool:
    """Say whether a word or a hump begins here: a provider's name within a longer word is another word."""
    before = body[place - 1 : place] if place else ""
    return not before.isalpha() or (before.islower() and body[place].isupper())


def _fitting(body: str, pair: "Pair", pattern: "Pattern[str]") -> tuple[int, int] | None:
    """Return the stretch of the pair's value that is of the provider's shape."""
    match = pattern.match(body, pair.start, pair.end)
    if match is None:
        return None
    end = match.end()
    # What goes on behind it must not be of the same kind: a longer value is another one.
    if end < pair.end and (body[end].isalnum() or body[end] in "_/+=-"):
        whole = pattern.fullmatch(body, pair.start, pair.end)
        return whole.span() if whole else None
    return pair.start, end


def _confirmed(value: str, entry: "Entry") -> bool:
    if confirm.is_placeholder(value, owned=True):
        return False
    if not any(map(str.isdigit, value)) and letters.bits(value) < _ODD:
        return False
    return not entry.entropy or confirm.entropy(value) >= entry.entropy


def _of_names(rules: "list[tuple[Entry, list[int]]]", reader: _Reader, strictness: str) -> list[Candidate]:
    entries = {entry.says: entry for entry, _ in rules if entry.says}
    found = []
    seen: set[int] = set()
    kinds: dict[tuple[str, str], str | None] = {}
    owners: dict[str, bool] = {}
    end = 0
    for place in sorted({place for entry, places in rules if entry.says for place in places}):
        pair = reader.at(place)
        if pair is None or pair.start in seen or place < end:
            continue
        seen.add(pair.start)
        if pair.end - pair.start < _SHORTEST:
            continue
        before = reader.body[pair.name_start - 1 : pair.name_start]
        if pair.tie == "-" and before == "/":
            continue  # words of a URL's path
        if pair.name == "_token" and before in ("'", '"'):
            continue  # Laravel's field against forged requests
        called = pair.name, pair.tie
        if called not in kinds:
            kinds[called] = names.kind(*called)
            owners[pair.name] = names.has_owner(pair.name)
        kind = kinds[called]
        if kind == names.KEY and before in ("?", "&"):
            kind = names.SECRET  # a key in a URL's query
        entry = entries.get(kind) if kind else None
        if kind is None or entry is None:
            continue
        value = reader.body[pair.start : min(pair.end, pair.start + _TELLING)]
        strict = strictness == STRICT
        owned = (kind != names.PASSWORD and owners[pair.name]) or strict
        if confirm.is_placeholder(value, owned=owned and len(value) >= _LONG):
            continue
        if looks.looks_like(kind, value, pair, owned=owned, strict=strict):
            end = _whole(reader.body, pair)
            found.append(Candidate(entry, pair.start, end, NAME))
            # What a secret itself spells names nothing.
        elif pair.end - pair.start >= values.LONGEST:
            end = (
                pair.end
            )  # nor does what is longer than any value: read from each name in it, it takes minutes
    return found


def _whole(body: str, pair: "Pair") -> int:
    """Return where the value ends: a longer one than is read goes on to a blank or a quote."""
    end = pair.end
    while end - pair.start >= values.LONGEST and end < len(body):
        stretch = body[end : end + values.LONGEST]
        rest = stretch.translate(_ENDS).split(" ", 1)[0]
        end += len(rest)
        if len(rest) < len(stretch):
            break
    return end

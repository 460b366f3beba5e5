"""A value behind a name: where it begins and ends, in code, configuration, markup and commands."""

from codex_guard.record import Record
from codex_guard.secrets.naming.spans import ALIGNED, QUOTES, WORD

LONGEST = 4_096
_QUOTED = tuple(QUOTES)
_STARTS = (*_QUOTED, "\\")
_GOES_ON = tuple("$_/!@#*<{[(^~-")  # what begins a value and does not follow one
#: Calls that give back the text they take.
_WRAPPERS = frozenset(
    """
    string str secretstr secret securestring some ok from bytes byte b64decode encode tobytes
    to_string tostring of wrap just text quote trim literal parse unsafeplaintext unsafe_plain_text
    plaintext value default field strptr pointer ptr atob decode secretvalue networkcredential
    password token key credential add setvalue charsequence tochararray safestring
    """.split()
)
_PREFIXES = "bBrRuUfFLN@$"
_SCHEMES = ("bearer ", "basic ", "token ", "apikey ", "api-key ", "bot ", "key ", "ssws ", "digest ")
#: What may stand before a name on its line.
_BEGINS = frozenset(
    """
    export set setx declare local readonly typeset env const let var val final static public private
    protected internal def define arg global globals -x -gx # // > + ; * set-x setenv env:
    """.split()
)
_STOPS = str.maketrans(dict.fromkeys("\"'`<>,;&|)]}\\", " "))


class Value(Record):
    """Offsets of a value; ``quoted``: between quotes, ``whole``: without, and all there is on its line."""

    start: int
    end: int
    quoted: bool = False
    whole: bool = False


def read(body: str, place: int, name_start: int, tie: str) -> Value | None:
    """Return the value at ``place``, behind what ties it to its name (see ``pairs.Pair``), or None."""
    place = _into_value(body, place)
    while body[place : place + 1] == "\\":
        place += 1
    quote = body[place : place + 1]
    if quote and quote in QUOTES:
        return None if _closes(body, place, quote) else _quoted(body, place, quote)
    if tie == "(":
        return None  # what a call takes without quotes is a variable
    return _bare(body, _over_scheme(body, place), name_start, tie)


def _bare(body: str, place: int, name_start: int, tie: str) -> Value | None:
    """Read a value without quotes: the rest of its line, or up to what separates it from the next."""
    line_end = body.find("\n", place, place + LONGEST)
    line = body[place : line_end if line_end >= 0 else place + LONGEST]
    if tie == "=" and _starts_line(body, name_start):
        value = line.partition(" #")[0].partition("\t#")[0].rstrip().rstrip(",;")
        if value and not any(mark in value for mark in " \t\"'`<>"):
            return Value(place, place + len(value), whole=True)
    cut = line.translate(_STOPS)
    if not cut or cut[0].isspace():
        return None
    value = cut.split(None, 1)[0]
    if tie == " ":
        value = value.rstrip(".:!?")
    elif _is_element(body, name_start) and not _ends_element(body, place + len(value)):
        return None
    return Value(place, place + len(value)) if value else None


def _is_element(body: str, name_start: int) -> bool:
    """Say whether the name is that of an XML element."""
    before = body[max(0, name_start - 16) : name_start]
    return before.endswith("<") or (before.endswith(":") and "<" in before)


def _ends_element(body: str, place: int) -> bool:
    return body[place : place + ALIGNED].lstrip().startswith("<")


def _into_value(body: str, place: int) -> int:
    """Skip what may stand before a quoted value: a line's end, brackets, a string's prefix, a wrapper."""
    stretch = body[place : place + 80]
    inner = stretch.lstrip(" \t\r\n([{&")
    start = place + len(stretch) - len(inner)
    for prefix in range(3):  # "...", r"...", rb"..."
        if inner[prefix : prefix + 1] in _STARTS and not inner[:prefix].strip(_PREFIXES):
            return start + prefix
    size = len(inner) - len(inner.lstrip(WORD + "."))
    name, rest = inner[:size], inner[size:]
    if name == "new":
        return _into_value(body, start + size + 1)
    inside = rest.lstrip("(:[]byte ") if rest[:1] in ("(", ":", "[") else ""
    inside = inside.removeprefix("default=")
    if inside[:1] in _QUOTED and name.rpartition(".")[2].lower() in _WRAPPERS:
        return start + len(inner) - len(inside)
    return place


def _closes(body: str, place: int, quote: str) -> bool:
    """Say whether a quote ends a text that begins before the name, as in ``prompt("Password: ")``."""
    following = body[place + 1 : place + 2]
    if body[place - 1 : place] == "\\" or following.isalnum() or following in _GOES_ON:
        return False
    before = body[max(0, place - LONGEST) : place].rpartition("\n")[2]
    if len(before) == LONGEST:  # quotes of a minified line cannot be counted
        return following in (")", ",", ";", ":")
    marks = before.count(quote) - before.count("\\" + quote)
    if quote == "'":  # not those of "don't"
        from itertools import pairwise  # noqa: PLC0415 - a clean text never comes here

        pieces = before.split("'")
        marks -= sum(left[-1:].isalnum() and right[:1].isalpha() for left, right in pairwise(pieces))
    return marks % 2 == 1


def _quoted(body: str, place: int, quote: str) -> Value | None:
    """Read what stands between quotes, one or three of them, on its line."""
    start = place
    while body.startswith(quote, start) and start < place + 3:
        start += 1
    if start == place + 2:
        return None  # nothing stands between the quotes
    start = _over_scheme(body, start)
    end = start
    while True:
        end = body.find(quote, end, start + LONGEST)
        if end < 0 or not (end > start and body[end - 1] == "\\" and body[place - 1 : place] != "\\"):
            break
        end += 1  # an escaped quote belongs to the value
    line_end = body.find("\n", start, start + LONGEST)
    if end < 0 or 0 <= line_end < end:
        end = line_end if line_end >= 0 else min(len(body), start + LONGEST)
    while end > start and body[end - 1] == "\\":
        end -= 1
    return Value(start, end, quoted=True) if end > start else None


def _over_scheme(body: str, place: int) -> int:
    """Skip ``Bearer`` and its like before a header's value."""
    lowered = body[place : place + 8].lower()
    for scheme in _SCHEMES:
        if lowered.startswith(scheme):
            return place + len(scheme)
    return place


def _starts_line(body: str, name_start: int) -> bool:
    """Say whether nothing but a keyword such as ``export`` stands before the name on its line."""
    before = body[max(0, name_start - 40) : name_start].rpartition("\n")[2]
    words = before.strip(" \t\"'-+$:#/>*").lower().split()
    return len(words) <= 2 and all(word in _BEGINS for word in words)  # noqa: PLR2004

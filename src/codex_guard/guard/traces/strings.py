r"""The texts in a line of JSON, and where each of their characters stands in it.

Masking replaces whole escapes (``\t``, ``\u00e4``) and whole characters within strings by as many ``*`` as
they have bytes, so any text can be masked in place: the line stays JSON, and its length stays.
"""

import json
import re

from codex_guard.guard.traces.marks import star
from codex_guard.record import Record
from codex_guard.wire.home import STRUCTURE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A string's inside, and the colon that makes it a key. Possessive, so that no text makes it try again.
_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)"(\s*+:\s*+)?', re.DOTALL)
#: What stands for one character: a pair of surrogates, an escape, or itself.
_UNIT = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


class Piece(Record):
    """A text that stands in a line, with its offsets there; ``escaped``: not character by character.

    ``before`` and ``behind`` are what a reader sees around it.
    """

    text: str
    start: int
    end: int
    escaped: bool = False
    before: str = ""
    behind: str = ""


def pieces(line: str) -> "tuple[Piece, ...]":
    """Return the texts of a line that are to be looked at: of JSON its strings, of all else the whole."""
    if line.lstrip()[:1] in {"{", "["} and is_json(line):
        return tuple(_in_json(line))
    return (Piece(line, 0, len(line), behind="" if line.endswith("\n") else "\n"),)


def masked(line: str, spans: "Iterable[tuple[Piece, int, int]]") -> str:
    """Return the line with the spans masked: each in characters of a piece, in order and apart."""
    kept: list[str] = []
    at = 0
    for piece, start, end in spans:
        places = _places(line, piece) if piece.escaped else range(piece.start, piece.end + 1)
        for number in range(start, end):
            unit = line[places[number] : places[number + 1]]
            kept += (line[at : places[number]], _star(unit))
            at = places[number + 1]
    return "".join((*kept, line[at:]))


def encoded(line: str) -> bytes:
    """Return the bytes of a line that ``decoded`` gave."""
    return line.encode("utf-8", "surrogateescape")


def decoded(line: bytes) -> str:
    """Return a line's text; a byte that is no UTF-8 stands as one character that gives it back."""
    return line.decode("utf-8", "surrogateescape")


def is_json(line: str) -> bool:
    """Say whether a line is whole JSON."""
    try:
        json.loads(line, parse_int=float)  # a number of many digits is one, too
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def _in_json(line: str) -> "Iterator[Piece]":
    """Yield each string, a key beside its value, and without what is Codex's own."""
    key, value_at = "", -1
    for found in _STRING.finditer(line):
        inside, colon = found.groups()
        named = found.start() == value_at
        if colon is None and named and key in STRUCTURE:
            continue
        escaped = "\\" in inside
        text = json.loads(f'"{inside}"', strict=False) if escaped else inside
        if colon is None:
            behind = '",\n'  # without the comma it would read on in the next
        else:
            key, value_at = text, found.end()
            behind = '": ' if line[value_at : value_at + 1] == '"' else '": 0,\n'
        yield Piece(text, found.start(1), found.end(1), escaped, '"', behind)


def _places(line: str, piece: Piece) -> list[int]:
    """Return where each character of an escaped piece begins in the line, and where the last one ends."""
    return [*(unit.start() for unit in _UNIT.finditer(line, piece.start, piece.end)), piece.end]


def _star(unit: str) -> str:
    character = json.loads(f'"{unit}"') if unit[0] == "\\" and len(unit) > 1 else unit
    return unit if star(character) != "*" else "*" * len(encoded(unit))

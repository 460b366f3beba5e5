"""A name and the value beside it, whatever the syntax: one reader for every rule that goes by a name.

Assignments, JSON, YAML, TOML, INI, XML, headers, flags, URL parameters, calls and plain sentences all
put a value behind a name. Reading that is the same work for two hundred providers, so it is done once,
with hardly a regex, in steps that each look at a bounded stretch.
"""

from codex_guard.record import Record
from codex_guard.secrets.naming import values
from codex_guard.secrets.naming.spans import LETTERS, LONGEST_NAME, NAME, WORD
from codex_guard.secrets.naming.ties import connected

#: Words that go on with a name in a sentence.
_FOLLOWING = frozenset(
    """
    key token secret access private password code api client id is was set to value be header auth
    for with
    """.split()
)
_MOST_FOLLOWING = 3


class Pair(Record):
    """A value and the name it goes by; ``start`` and ``end`` are the value's offsets in the text.

    ``name`` is all of the identifier, with the word before it and the words that follow it in a sentence.
    ``tie`` is what ties the value to it: ``=`` for an assignment, a colon or a tag, ``(`` for a call, ``--``
    for a flag, a blank for mere blanks, ``-`` for a value glued to its name. ``quoted``: the value stands
    between quotes; ``whole``: without quotes it is all there is on the rest of its line.
    """

    name: str
    name_start: int
    start: int
    end: int
    tie: str
    quoted: bool = False
    whole: bool = False


def read(body: str, at: int) -> Pair | None:
    """Return the pair whose name stands at ``body[at]``; None where no value follows it."""
    start, end = _identifier(body, at)
    if body.startswith("::", start - 2 if start > 1 else start):
        return None  # a type's name, as in ``AWS::IAM::AccessKey``
    account = body[max(0, start - 13) : start]
    if account[-1:] == ":" and account[:-1].isdigit() and len(account) == 13:  # noqa: PLR2004
        return None  # a resource's, as in ``arn:aws:secretsmanager:eu-west-1:{digits:12}:secret:name``
    name = body[start:end]
    place, tie = connected(body, end)
    words = 0
    while tie == " " and words < _MOST_FOLLOWING and (word_end := _following(body, place)):
        name += " " + body[place:word_end]
        place, tie = connected(body, word_end)
        words += 1
    if not tie:
        return None if words else _glued(body, start, at, end)
    if tie == " " and body.startswith("-", start) and not words:
        tie = "--"
    value = values.read(body, place, start, tie)
    if value is None:
        return None
    name = _word_before(body, start) + name
    return Pair(name, start, value.start, value.end, tie, value.quoted, value.whole)


def _identifier(body: str, at: int) -> tuple[int, int]:
    """Return where the identifier around a place begins and ends."""
    left = body[max(0, at - LONGEST_NAME) : at]
    start = at - (len(left) - len(left.rstrip(NAME)))
    right = body[at : at + LONGEST_NAME]
    end = at + (len(right) - len(right.lstrip(NAME)))
    while end > at + 1 and body[end - 1] in "-.$":
        end -= 1
    return start, end


def _word_before(body: str, start: int) -> str:
    """Return the word before a name in a sentence, and a blank: ``Acme`` in ``Acme TOKEN 0a1b2c``."""
    left = body[max(0, start - LONGEST_NAME) : start]
    if left[-1:] != " ":
        return ""
    word = left[:-1]
    return word[len(word.rstrip(WORD)) :] + " "


def _following(body: str, place: int) -> int:
    """Return the end of a word that goes on with the name, as in ``API key is``; 0 for another."""
    stretch = body[place : place + 9]
    word = stretch[: len(stretch) - len(stretch.lstrip(LETTERS))]
    if word.lower() not in _FOLLOWING or body[place + len(word) : place + len(word) + 1] in ("_", "."):
        return 0
    return place + len(word)


def _glued(body: str, start: int, at: int, end: int) -> Pair | None:
    """Read ``service-SECRET-0a1b2c``: what follows the word at ``at`` behind one dash."""
    rest = body[at:end]
    dash = at + len(rest) - len(rest.lstrip(LETTERS))
    if body[dash : dash + 1] not in ("-", "_", ".") or dash + 1 >= end:
        return None
    return Pair(body[start:dash], start, dash + 1, end, "-")

"""Files of ``NAME=value`` lines: dotenv, INI, Java's properties and .netrc."""

import re
from collections.abc import Iterator

from codex_guard.secrets.outline.entry import MASK, UNKNOWN, Entry, shown

_ASSIGNMENT = re.compile(r"[ \t]*(?:export[ \t]+|set[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*", re.ASCII)
_SECTION = re.compile(r"\[([^\[\]]*)\][ \t]*(?:[#;].*)?")
_TRIPLE = ('"""', "'''")
_QUOTES = "\"'`"
_COMMENTS = ("#", ";", "!")
_BEGIN, _END = "-----BEGIN", "-----END"
# The words of a .netrc that a value follows, and how deep they stand.
_NETRC = {"machine": 0, "macdef": 0, "login": 1, "password": 1, "account": 1}


def dotenv(text: str) -> Iterator[Entry]:
    """Yield the variables that a dotenv file, or a plain shell script of assignments, sets."""
    at = 0
    while at < len(text):
        line = _line(text, at)
        found = _ASSIGNMENT.match(line)
        value_at = at + (found.end() if found else 0)
        end = _value_end(text, value_at) if found else _foreign_end(text, at, line)
        if found:
            yield Entry(0, found[1], shown(found[1], text[value_at:end].strip()))
        elif line.strip() and not line.lstrip().startswith("#"):
            yield UNKNOWN
        at = end + 1


def ini(text: str) -> Iterator[Entry]:
    """Yield the sections and names of an INI file, or of anything else with ``name = value`` lines.

    A line that is indented deeper than the name before it goes on with that name's value.
    """
    at, depth = 0, 0
    indent: int | None = None
    while at < len(text):
        line = _line(text, at)
        body = line.strip()
        own = len(line) - len(line.lstrip())
        if not body or body.startswith(_COMMENTS):
            at += len(line) + 1
            continue
        if indent is not None and own > indent:
            at = _foreign_end(text, at, line) + 1
            continue
        name, value_at = _named(line)
        if (section := _SECTION.fullmatch(body)) is not None:
            indent, depth = None, 1
            yield Entry(0, f"[{section[1]}]", "")
            at += len(line) + 1
        elif name is None:
            yield UNKNOWN
            at = _foreign_end(text, at, line) + 1
        else:
            indent = own
            end = _value_end(text, at + value_at)
            yield Entry(depth, name, shown(name, text[at + value_at : end].strip()))
            at = end + 1


def netrc(text: str) -> Iterator[Entry]:
    """Yield the words of a .netrc that say what stands behind them, which is all hidden."""
    words = iter(text.split())
    for word in words:
        if word in _NETRC:
            next(words, "")
            yield Entry(_NETRC[word], word, MASK)
        else:
            yield Entry(0, word, "") if word == "default" else UNKNOWN


def _line(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[at:] if end < 0 else text[at:end]


def _named(line: str) -> tuple[str | None, int]:
    """Return the name before a line's first ``=`` or ``:``, and where its value begins; None without one.

    What has a blank in it may as well be a name with its value behind it: ``password hunter2``.
    """
    body = line.lstrip()
    # npm writes a registry's settings as //host:port/:name=value.
    separators = "=" if body.startswith("//") else "=:"
    places = [place for mark in separators if (place := line.find(mark)) >= 0]
    name = line[: min(places)].strip() if places else ""
    if not name or len(name.split()) > 1:
        return None, 0
    return name, min(places) + 1


def _value_end(text: str, at: int) -> int:
    """Return where the value at ``at`` ends, at a line's end or the text's, past whatever it quotes."""
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    mark = text[at : at + 3]
    if mark in _TRIPLE:
        return _line_end(text, text.find(mark, at + 3))
    if text[at : at + 1] and text[at] in _QUOTES:
        return _quoted_end(text, at)
    return _foreign_end(text, at, _line(text, at))


def _quoted_end(text: str, at: int) -> int:
    """Return the end of the line on which the last of the texts quoted from ``at`` on ends, as in a shell."""
    quote = ""
    while at < len(text):
        character = text[at]
        if character == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character == "\n":
            return at
        elif character in _QUOTES:
            quote = character
        at += 1
    return len(text)


def _foreign_end(text: str, at: int, line: str) -> int:
    """Return the end of a line that quotes nothing, of the lines it joins to it, and of a PEM block's."""
    if _BEGIN in line and _END not in line:
        return _line_end(text, text.find(_END, at))
    end = at + len(line)
    while text[end - 1 : end] == "\\" and end < len(text):
        end = _line_end(text, end + 1)
    return end


def _line_end(text: str, at: int) -> int:
    """Return where the line of ``at`` ends; the text's end where ``at`` is below 0, for what never ends."""
    end = text.find("\n", at) if at >= 0 else -1
    return end if end >= 0 else len(text)

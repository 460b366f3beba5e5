"""YAML by its lines: keys, items and how deep they stand. Whatever stands behind them is hidden."""

from collections.abc import Iterator

from codex_guard.secrets.outline.entry import MASK, UNKNOWN, Entry, shown

_MARKERS = ("---", "...")
_OPENING, _CLOSING = "[{", "]}"
_QUOTES = "\"'"
_PROPERTIES = ("&", "!")
_MOST_DASHES = 20  # on one line
_NO_KEY = ("[", "{", "|", ">", "?", "%", "@", "`")


def yaml(text: str) -> Iterator[Entry]:
    """Yield the keys and items of all documents.

    A line that goes on with a value before it is left out, by YAML's own measure: it is indented deeper
    than that value's key, or stands between a quote or bracket and its end.
    """
    columns: list[int] = []
    at = 0
    below: int | None = None  # deeper lines than this column go on with a value
    while at < len(text):
        start, at = at, _line_end(text, at) + 1
        line = text[start : at - 1].removesuffix("\r")
        body = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if line.startswith(_MARKERS) and not line[3:4].strip():
            below = -1 if _uncommented(line[3:]) else None
            columns.clear()
            yield Entry(0, None, line[:3] if below is None else f"{line[:3]} {MASK}")
        elif not body or (below is not None and indent > below) or body[0] == "#":
            continue
        elif line[indent] == "\t":
            yield UNKNOWN
        else:
            entries, below, at = _read(text, start + indent, start + len(line), indent, columns)
            yield from entries


def _read(
    text: str, at: int, end: int, column: int, columns: list[int]
) -> tuple[list[Entry], int | None, int]:
    """Read the line that begins at ``at`` and ends at ``end``.

    Returns its entries, the column below which its value goes on, and where the next line begins.
    ``columns`` are those of what the line stands within, and of the line itself from then on.
    """
    found: list[Entry] = []
    depth = _depth(column, columns)
    below: int | None = column - 1
    item = False
    while text[at] == "-" and (at + 1 == end or text[at + 1] in " \t"):
        if item:
            found.append(Entry(depth, None, "", item=True))
            depth = _depth(column, columns)
        if len(found) > _MOST_DASHES:
            return [UNKNOWN], below, _line_end(text, at) + 1
        item, below = True, column
        rest = text[at + 1 : end].lstrip(" \t")
        column += end - at - len(rest)
        at = end - len(rest)
        if not _uncommented(rest):
            return [*found, Entry(depth, None, "", item=True)], None, _line_end(text, at) + 1
    name, value_at = _key(text, at, end)
    if name is not None:
        below = column
        if item:
            columns.append(column)
    elif not item and text[at] in _QUOTES + _OPENING:
        below = None  # nothing goes on behind a closing quote or bracket
    value = _uncommented(text[value_at:end])
    after = _line_end(text, _value_end(text, value_at, end)) + 1
    if not value:
        return [*found, Entry(depth, name, "", item)], None, after
    # An anchor or a tag alone belongs to what follows, one level deeper.
    opens = value.startswith(_PROPERTIES) and all(word.startswith(_PROPERTIES) for word in value.split())
    return [*found, Entry(depth, name, shown(name, value), item)], None if opens else below, after


def _depth(column: int, columns: list[int]) -> int:
    while columns and columns[-1] >= column:
        columns.pop()
    columns.append(column)
    return len(columns) - 1


def _key(text: str, at: int, end: int) -> tuple[str | None, int]:
    """Return the key at ``at`` and where its value begins; None where no key stands there."""
    if text[at] in _QUOTES:
        closing = min(_quoted_end(text, at), end)
        rest = text[closing:end].lstrip(" \t")
        if rest[:1] != ":" or rest[1:2].strip():
            return None, at
        return text[at + 1 : closing - 1], end - len(rest) + 1
    line = text[at:end]
    colon = line.find(":")
    while 0 <= colon < len(line) - 1 and line[colon + 1] not in " \t":
        colon = line.find(":", colon + 1)
    if colon <= 0 or line.startswith(_NO_KEY) or " #" in line[:colon]:
        return None, at
    return line[:colon].rstrip(), at + colon + 1


def _value_end(text: str, at: int, end: int) -> int:
    """Return where a value ends that stands between quotes or brackets; any other at its line's end."""
    while at < end and text[at] in " \t":
        at += 1
    if at < end and text[at] in _QUOTES:
        return max(_quoted_end(text, at), at)
    if at < end and text[at] in _OPENING:
        return _flow_end(text, at)
    return end


def _flow_end(text: str, at: int) -> int:
    depth = 0
    while at < len(text):
        character = text[at]
        if character in _QUOTES and text[at - 1] in " \t\n,:[{":
            at = _quoted_end(text, at)
            continue
        depth += (character in _OPENING) - (character in _CLOSING)
        at += 1
        if depth == 0:
            return at
    return at


def _quoted_end(text: str, at: int) -> int:
    """Return the place behind the quote that closes the one at ``at``; the text's end without any."""
    quote = text[at]
    at += 1
    while at < len(text):
        if text[at] == quote:
            if quote == '"' or text[at + 1 : at + 2] != "'":
                return at + 1
            at += 1  # '' stands for one of them
        elif text[at] == "\\" and quote == '"':
            at += 1
        at += 1
    return len(text)


def _uncommented(value: str) -> str:
    """Return a value without blanks and a comment behind it."""
    return "" if value.lstrip().startswith("#") else value.partition(" #")[0].strip()


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end

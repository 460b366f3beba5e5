"""A reading of a text, put together from the edits that undo a disguise."""

from codex_guard.secrets.disguise import Layer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.secrets.disguise import Edit

    Part = tuple[str, int, int, int, int]

_BEFORE, _AFTER = 240, 120  # characters that are kept around an edit
_LINE = 400  # and to look for a line's end in


def rewritten(how: str, text: str, edits: "list[Edit]", inside: Layer | None, left: int) -> Layer:
    """Return the reading of ``text`` with the ``edits`` made, without what is far from all of them.

    ``edits`` are in order; one that overlaps the one before is left out. The reading is cut off at ``left``
    characters. ``inside`` is the layer that ``text`` is the reading of, None for an original.
    """
    parts: list[str] = []
    marks: list[int] = []
    pieces: list[tuple[int, int, int, int]] = []
    size = at = 0
    for start, end, new, unit, width in edits:
        if start < at:
            continue  # a string and a list of strings can both claim a place
        for part, *place in _between(text, at, start) if at < start else ():
            if part:
                marks.append(size)
                pieces.append((place[0], place[1], place[2], place[3]))
                parts.append(part)
                size += len(part)
        at = end
        if not new:
            continue
        if pieces and len(new) == 1 and pieces[-1][1:] == (start, unit, width):
            pieces[-1] = (pieces[-1][0], end, unit, width)  # one piece for escapes in a row
        else:
            marks.append(size)
            pieces.append((start, end, unit, width))
        parts.append(new)
        size += len(new)
        if size > left:
            break
    tail = _tail(text, at)
    cut = "_" if tail < len(text) and text[tail] != "\n" else ""  # what was cut off is no word of its own
    for part, start, end in ((text[at:tail], at, tail), (cut, tail, tail + 1)):
        if part:
            marks.append(size)
            pieces.append((start, end, 1, 1))
            parts.append(part)
            size += len(part)
    return Layer(how, "".join(parts)[:left], tuple(marks), tuple(pieces), inside)


def _between(text: str, at: int, start: int) -> "list[Part]":
    """Return what is kept between one edit's end and the next one's start; ``at`` is 0 before the first.

    What is left out leaves a line's break, and an underscore where a line was cut, so that the rest of a
    word does not look like a word.
    """
    tail = _tail(text, at) if at else 0
    lead = max(0, start - _BEFORE - _LINE)
    lead = max(lead, text.rfind("\n", lead, max(0, start - _BEFORE)))
    if lead <= tail:
        return [(text[at:start], at, start, 1, 1)]
    filler = ("_" if at and text[tail] != "\n" else "") + "\n" + ("_" if text[lead] != "\n" else "")
    return [
        (text[at:tail], at, tail, 1, 1),
        (filler, tail, lead, len(filler), lead - tail),
        (text[lead:start], lead, start, 1, 1),
    ]


def _tail(text: str, at: int) -> int:
    """Return where what is kept behind an edit ends: at a line's end, unless that is far."""
    low = min(at + _AFTER, len(text))
    end = text.find("\n", low, low + _LINE)
    return end if end >= 0 else min(len(text), low + _LINE)

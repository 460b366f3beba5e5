"""Texts that stand disguised in a text, so that the scanner can read them too.

A secret in base64, in escapes, cut into ``"AKIA" + "..."`` or wrapped over two lines is a secret all the
same. ``layers`` yields a text's other readings, and each knows the place in the original of every
stretch of it. An ordinary text costs a few passes of C code: what looks deeper is imported only when a
first, cheap look has found something.
"""

from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    #: A stretch ``[start, end)`` of a text and what it reads as. Each ``unit`` characters of the reading
    #: stand for ``width`` characters of the text.
    Edit = tuple[int, int, str, int, int]
    Finder = Callable[[str, bytes], list[Edit]]

_DEEP = 3  # disguises within each other
_LEAST = 12  # characters: no credential that a rule knows is shorter
_STEP = 1 << 20  # bytes that are split at once: a text in millions of pieces takes twenty times its size
_EXTRA = 65_536  # characters of readings beyond twice the text

_TOKEN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
#: ``a`` for what stands in tokens and encodings, a blank for all else.
RUNS = bytes(97 if code in _TOKEN else 32 for code in range(256))
#: The same, with ``"`` for every quote.
_QUOTED = bytes(97 if code in _TOKEN else 34 if code in b"\"'`" else 32 for code in range(256))
_ENDS = frozenset(bytes((code,)) for code in _TOKEN)
_WORD_END = _TOKEN + b"\r"
QUOTES = bytes.maketrans(b"'`", b'""')
#: How the first of four base64 characters looks that stand for printable ASCII, a tab or a line's end.
_FIRST = b"CDIJKLMNOPQRSTUVWXYZabcdef"
#: ``h`` for a hex digit, a blank for what stands between pairs of them.
PAIRED = bytes(
    104 if code in b"0123456789abcdefABCDEF" else 32 if code in b" :\n" else 46 for code in range(256)
)
#: What follows the backslash of an escape, and the percent sign of one for a printed character.
_SPELLING = frozenset((b"x", b"u", b"U", b"1", b"0"))
_BREAKS = frozenset((b"\n", b"\r"))
_PRINTED = frozenset((b"2", b"3", b"4", b"5", b"6", b"7"))
_PACKED = (b"H4sI", b"eJ", b"eN", b"eF", b"eA")  # how gzip and zlib begin in base64
_GLUE = b" \t\r\n+.&|~()_\\"  # what joins two strings
#: What is left of it: a prefix of the next string, or a method's name.
_GLUED = frozenset(
    (b"", b"f", b"r", b"b", b"u", b"rb", b"br", b"F", b"L", b"u8", b"$", b"@", b"}${", b"concat")
)
#: Calls that join a list of strings, with ``"`` for every quote.
CALLS = (b'"".join(', b'.join("")', b'implode("",')
#: How the most common keys end when they are read from behind.
_TURNED = (b"_phg", b"AIKA", b"_evil_")
LEAD = b" \t>#*|;+"  # what mail, comments, lists and diffs put before a line
_COLONS = frozenset((b":", b"("))
_FULL = 40  # characters of a line that may be full
_WORD = 20  # characters of a word that may go on in the next line


class Layer(Record):
    """Another reading of a text. ``how`` says for people what disguised it; ``body`` is the reading.

    ``marks`` are the offsets into ``body`` where a piece starts; a piece says where it stands in the text
    it was read from: its start, its end, and how many characters of the reading (``unit``) stand for how
    many of the text (``width``). ``inside`` is the layer that this one was read from, None for the text.
    """

    how: str
    body: str
    marks: tuple[int, ...]
    pieces: tuple[tuple[int, int, int, int], ...]
    inside: "Layer | None" = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the original text holds what ``body[start:end]`` reads: offsets into that text.

        The stretch covers every character that has a part in it. Offsets outside ``body`` are drawn in.
        """
        from bisect import bisect_right  # noqa: PLC0415 - only what was found is asked for its place

        start = min(max(start, 0), len(self.body) - 1)
        last = min(max(end - 1, start), len(self.body) - 1)
        at = bisect_right(self.marks, start) - 1
        origin, stop, unit, width = self.pieces[at]
        begin = min(origin + (start - self.marks[at]) // unit * width, stop)
        at = bisect_right(self.marks, last) - 1
        origin, stop, unit, width = self.pieces[at]
        finish = min(origin + ((last - self.marks[at]) // unit + 1) * width, stop)
        return self.inside.span(begin, finish) if self.inside else (begin, finish)

    def __repr__(self) -> str:
        return f"Layer({self.how}, {len(self.body)} characters)"


def layers(body: str) -> "Iterator[Layer]":
    """Yield the readings of ``body`` that differ from it, those of readings too, at most three deep.

    A reading holds the surroundings of what was rewritten, so that a name before a value stays before it.
    Each reading of ``body`` itself, and all deeper ones together, are at most twice as long as ``body`` and
    64 KiB: no kind of disguise takes the room of another. Work is linear in ``body``.
    """
    room = left = 2 * len(body) + _EXTRA
    seen = {body}
    waiting: list[tuple[str, Layer | None]] = [(body, None)]
    for depth in range(_DEEP):
        found: list[tuple[str, Layer | None]] = []
        for text, inside in waiting:
            for how, edits in _disguised(text, left if inside else room):
                if not edits or (inside and inside.how.startswith("joined") and how in inside.how):
                    continue  # what is joined once is joined
                from codex_guard.secrets.hidden.rewriting import rewritten  # noqa: PLC0415 - something is disguised

                name = f"{how} in {inside.how}" if inside else how
                layer = rewritten(name, text, edits, inside, left if inside else room)
                if len(layer.body) >= _LEAST and layer.body not in seen:
                    seen.add(layer.body)
                    left -= len(layer.body) if inside else 0
                    yield layer
                    found.append((layer.body, layer))
                if left < _LEAST:
                    return
        waiting = found
        if not found or depth == _DEEP - 1:
            return


def _disguised(text: str, left: int) -> "Iterator[tuple[str, list[Edit]]]":
    """Yield each kind of disguise in ``text`` with what to rewrite, in order and not overlapping."""
    if len(text) < _LEAST:
        return
    data = text.encode("latin-1", "replace")  # one byte a character: offsets stay, and bytes are fast
    runs = data.translate(RUNS)
    encoded = _encoded(data, runs)
    escaped = _behind(data, b"\\", (*_SPELLING, *_BREAKS, b"/"))
    if encoded or _has_codes(data):
        from codex_guard.secrets.hidden import encoded as encodings  # noqa: PLC0415 - an ordinary text has none

        yield "base64 or hex", encodings.edits(data, runs, encoded, left)
    if _has_escapes(data, escaped):
        from codex_guard.secrets.hidden import spelled  # noqa: PLC0415 - an ordinary text has none

        yield from spelled.edits(data)
    met, wrapped, turned = [*_glued(data), *_quoted_words(data, runs)], _wrapped(data), _is_turned(data)
    split = met or (not escaped.isdisjoint(_BREAKS) and _is_continued(data)) or _is_called(data)
    if split or wrapped or turned or b"\0" in data:
        from codex_guard.secrets.hidden import joining  # noqa: PLC0415 - an ordinary text has none

        if split:
            yield "joined strings", joining.strings(data, runs, met)
        if wrapped:
            yield "joined lines", joining.lines(data, wrapped)
        if turned:
            yield "reversed text", joining.turned(data, runs)
        if b"\0" in data:
            yield "text without NULs", joining.nulls(data)


def _encoded(data: bytes, runs: bytes) -> "list[tuple[int, int]]":
    """Return where runs stand that may be base64 or hex of text, or of what is compressed."""
    found = []
    at = runs.find(b"a" * 16)
    while at >= 0:
        end = runs.find(b" ", at)
        end = len(runs) if end < 0 else end
        start = _aligned(data, at, end)
        if _may_encode(data, start, end):
            found.append((start, end))
        at = runs.find(b"a" * 16, end)
    return found


def _aligned(data: bytes, start: int, end: int) -> int:
    r"""Return where an encoding starts in a run: behind ``\n``, ``0x`` or the plus of a diff."""
    before = data[start - 1 : start]
    if before == b"\\" and data[start] in b"nrt":
        return start + 1
    if data[start] == 48 and data[start + 1] in b"xX":  # noqa: PLR2004 - the digit 0
        return start + 2
    if data[start] == 43 and (not before or before == b"\n") and (end - start) % 4 == 1:  # noqa: PLR2004 - +
        return start + 1
    return start


def _may_encode(data: bytes, start: int, end: int) -> bool:
    if data[start + 4] in _FIRST or data[start + 8] in _FIRST:
        firsts = data[start:end:4]
        if len(firsts.translate(None, _FIRST)) * 8 <= len(firsts):
            return True
    if data[start] in b"1234567":
        return not data[start:end:2].strip(b"234567") or data.startswith((b"1f8b", b"1F8B"), start)
    # UTF-16 of ASCII, as PowerShell takes it: every eighth character is an A.
    return data.startswith(_PACKED, start) or not data[start + 4 : end : 8].strip(b"A")


def _has_codes(data: bytes) -> bool:
    """Say whether characters stand as numbers: ``0x41, 0x4b`` or ``41 4b``, at least twelve of them."""
    if b"0x" in data and data.count(b", 0x") + data.count(b",0x") > _LEAST // 2:
        return True
    return data.translate(PAIRED).find(b"hh hh hh hh hh hh hh hh hh hh hh hh") >= 0


def _has_escapes(data: bytes, escaped: set[bytes]) -> bool:
    if not escaped.isdisjoint(_SPELLING) or (b"/" in escaped and b":\\/\\/" in data):
        return True
    if b"&" in data and any(
        piece.find(b";", 0, 10) > 0
        for at in range(0, len(data), _STEP)
        for piece in data[at : at + _STEP + 10].split(b"&")[1:]
    ):
        return True
    return b"%" in data and bool(_behind(data, b"%", _PRINTED))


def _behind(data: bytes, mark: bytes, wanted: "Iterable[bytes]") -> set[bytes]:
    """Return which of the wanted characters stand behind a mark."""
    return {character for character in wanted if mark + character in data} if mark in data else set()


def _glued(data: bytes) -> "list[tuple[int, int]]":
    """Return where two strings meet between two token characters: ``" + "``, or just ``" "``."""
    marked = data.translate(QUOTES)
    found: list[tuple[int, int]] = []
    at = 0
    while at >= 0:
        end = at + _STEP
        for _ in range(3):  # a gap, and what is on either side of it
            end = marked.find(b'"', end + 1) if end >= 0 else -1
        pieces = (marked[at:end] if end >= 0 else marked[at:]).split(b'"')
        found += [(at + start, at + stop) for start, stop in _met(pieces)]
        at = end - len(pieces[-1]) - 1 - len(pieces[-2]) if end >= 0 else -1
    return found


def _met(pieces: list[bytes]) -> "list[tuple[int, int]]":
    gaps = [
        at for at, piece in enumerate(pieces) if piece.strip(_GLUE) in _GLUED and 0 < at < len(pieces) - 1
    ]
    met = [at for at in gaps if pieces[at - 1][-1:] in _ENDS and pieces[at + 1][:1] in _ENDS]
    if not met:
        return []
    from itertools import accumulate  # noqa: PLC0415 - few texts have such strings

    ends = list(accumulate(len(piece) + 1 for piece in pieces))
    return [(ends[at - 1] - 1, ends[at]) for at in met]


def _is_continued(data: bytes) -> bool:
    """Say whether a token seems to go on behind a backslash at a line's end."""
    rows = data.replace(b"\\\r\n", b"\\\n").split(b"\\\n")
    return any(rows[at][-1:] in _ENDS and rows[at + 1].lstrip()[:1] in _ENDS for at in range(len(rows) - 1))


def _is_called(data: bytes) -> bool:
    """Say whether a list of strings is joined with nothing between them."""
    if b"join(" not in data and b"implode(" not in data:
        return False
    marked = data.translate(QUOTES)
    return any(call in marked for call in CALLS)


def _quoted_words(data: bytes, runs: bytes) -> "Iterator[tuple[int, int]]":
    """Yield the places of single quotes in long words with a digit, as a shell takes them: ``abc"def1"``."""
    quoted = data.translate(_QUOTED)
    # One or two letters before a quote are a prefix of the string, not a part of it.
    at = quoted.find(b'aaa"a')
    while at >= 0:
        quote = at + 3
        low = max(0, quote - _FULL)
        start = max(low, runs.rfind(b" ", low, quote) + 1)
        end = runs.find(b" ", quote + 1, quote + _FULL)
        word = data[start : end if end > 0 else quote + _FULL]
        if len(word) > _WORD and len(word.translate(None, b"0123456789")) < len(word):
            yield quote, quote + 1
        at = quoted.find(b'aaa"a', at + 1)


def _wrapped(data: bytes) -> list[int]:
    """Return the numbers (from 0) of full lines whose last word seems to go on at the next one's start."""
    found: list[int] = []
    number = start = 0
    while start >= 0:
        end = data.find(b"\n", start + _STEP)
        following = data.find(b"\n", end + 1) if end >= 0 else -1
        rows = (data[start:following] if following >= 0 else data[start:]).split(b"\n")
        found += [
            number + at
            for at, row in enumerate(rows)
            if len(row) >= _FULL
            and row[-1] in _WORD_END
            and at + 1 < len(rows)
            and 0 < len(rows[at + 1]) <= len(row)
            and _goes_on(row.rstrip(b"\r"), rows[at + 1])
        ]
        number += len(rows) - 1
        start = end + 1 if following >= 0 else -1
    return found


def _goes_on(row: bytes, following: bytes) -> bool:
    """Say whether a line's last word and the next one's first are one: long together, and with digits."""
    rest = following.lstrip(LEAD)
    lead = following[: len(following) - len(rest)]
    tail = row[row.translate(RUNS).rfind(b" ") + 1 :]
    if not tail or not (row.startswith(lead) or (len(tail) >= _WORD and not lead.strip())):
        return False
    end = rest.translate(RUNS).find(b" ")
    head = rest if end < 0 else rest[:end]
    word = tail + head
    if not head or len(word) < _WORD or len(word) - len(word.translate(None, b"0123456789")) < 2:  # noqa: PLR2004
        return False
    following = rest[len(head) :].strip()
    # A word, a name with its value and a key are wholes of their own, however long the line before was.
    return not (
        _is_word(tail) or _is_word(head) or following[:1] in _COLONS or following[:1] == b"=" < following
    )


def _is_word(text: bytes) -> bool:
    return len(text) > 3 and text.isalpha() and (text.islower() or text.istitle())  # noqa: PLR2004 - bits of a key


def _is_turned(data: bytes) -> bool:
    """Say whether something is turned round here, or looks as if it was."""
    if b"rev" in data and (b"reverse" in data or b"strrev" in data or b"| rev" in data):
        return True
    return b"[::-1]" in data or any(mark in data for mark in _TURNED)

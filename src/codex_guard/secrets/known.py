"""Secrets that a machine is known to hold: recognised by their value wherever it stands, also encoded.

A value needs no format for that, nor a name beside it. It is looked for as it is, reversed, with escapes
(JSON, shell, URLs, HTML), in base64 of either alphabet at any alignment and over lines, and in hex.
"""

from codex_guard.model import Finding, Secret, Text
from codex_guard.record import Record
from codex_guard.secrets.hidden import escapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "known-secret"
_REVOKE = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"
#: A shorter value counts only as a word of its own: it can be the start of a longer word.
_SHORT = 16
#: Programs wrap base64 and hex at 60 characters (xxd), 64 (PEM) or 76 (MIME).
_WRAPPED = 60
_STEP = 1 << 16  # bytes that are looked at in one piece; a power of two
_HEX_BETWEEN = b" \t\r\n:"
#: For each alignment of a value in base64's groups of three bytes: the characters that also depend on
#: the bytes before it. What depends on those behind it is found by the value's length.
_UNSTABLE = (0, 2, 3)


def _table(kept: bytes, meant: bytes) -> bytes:
    table = bytearray(b" " * 256)
    for byte, stands_for in zip(kept, meant, strict=True):
        table[byte] = stands_for
    return bytes(table)


_ALNUM = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_AS_BASE64 = _table(_ALNUM + b"+/-_", _ALNUM + b"+/+/")
_AS_HEX = _table(b"0123456789abcdefABCDEF", b"0123456789abcdefabcdef")


class Known(Record):
    """A secret that this machine holds; ``name`` says for people which it is and where it is kept.

    ``path`` is the file that holds it where that file may be a repository's own; else None.
    """

    name: str
    secret: Secret
    path: str | None = None


class Stand(Record):
    """A place where a known secret stands in a text, in whatever form: offsets into the text."""

    known: Known
    start: int
    end: int


def find(text: Text, known: tuple[Known, ...]) -> tuple[Finding, ...]:
    """Return the known secrets in ``text``, in the order of their places; overlapping ones as one.

    The secret of a finding is what stands in the text: of a value in base64 the whole encoded run. Work
    is linear in the text for each known secret.
    """
    return findings(text, stands(text, known))


def stands(text: Text, known: tuple[Known, ...]) -> list[Stand]:
    """Return every place of a known secret, in no order; one place can be there more than once.

    A value that is known from several sources is there once for each of them, in their order.
    """
    holders: dict[str, list[Known]] = {}
    for one in known:
        holders.setdefault(one.secret.reveal(), []).append(one)
    found = _searched(text.body, [(ones[0], value) for value, ones in holders.items() if value])
    return [
        Stand(one, place.start, place.end) for place in found for one in holders[place.known.secret.reveal()]
    ]


def _searched(body: str, values: list[tuple[Known, str]]) -> list[Stand]:
    if not values:
        return []
    found: list[Stand] = []
    for one, value in values:
        if value in body:
            found += (Stand(one, *span) for span in _spans(body, value))
        turned = value[::-1]
        if turned in body:
            found += (Stand(one, *span) for span in _spans(body, turned))
    for mark in escapes.MARKS:
        if mark in body:
            found += _escaped(body, mark, values)
    # One byte for each character, so that places are the same.
    raw = body.encode("ascii", "replace")
    found += _in_hex(raw, values)
    found += _in_base64(raw, values)
    return found


def findings(text: Text, places: list[Stand]) -> tuple[Finding, ...]:
    """Return a finding for each stretch of ``text`` that the places cover, named by its longest one."""
    found: list[Finding] = []
    line, line_start, counted = text.first_line, 0, 0
    for start, end, one in _joined(places):
        line += text.body.count("\n", counted, start)
        line_start = text.body.rfind("\n", line_start, start) + 1 or line_start
        counted = start
        found.append(
            Finding(
                rule=RULE,
                title=f"A secret of this machine: {one.name}",
                severity="critical",
                revoke=_REVOKE,
                where=text.where,
                line=line,
                column=start - line_start + 1,
                start=start,
                end=end,
                secret=Secret(text.body[start:end], RULE),
            )
        )
    return tuple(found)


def _joined(places: list[Stand]) -> "Iterator[tuple[int, int, Known]]":
    """Join places that overlap: of two secrets in one another, none may stay half unmasked."""
    places = sorted(places, key=lambda place: (place.start, -place.end))
    at = 0
    while at < len(places):
        longest = places[at]
        start, end = longest.start, longest.end
        at += 1
        while at < len(places) and places[at].start < end:
            if places[at].end - places[at].start > longest.end - longest.start:
                longest = places[at]
            end = max(end, places[at].end)
            at += 1
        yield start, end, longest.known


def _spans(body: str, form: str) -> "Iterator[tuple[int, int]]":
    """Yield where ``form`` stands in ``body``; a short one only as a word of its own."""
    at = body.find(form)
    while at >= 0:
        end = at + len(form)
        alone = not (body[max(at - 1, 0) : at].isalnum() or body[end : end + 1].isalnum())
        if alone or len(form) >= _SHORT:
            yield at, end
            at = body.find(form, end)
        else:
            at = body.find(form, at + 1)


def _escaped(body: str, mark: str, values: list[tuple[Known, str]]) -> "Iterator[Stand]":
    """Yield the places of values that escapes stand in, or right before."""
    text = escapes.unescaped(body, mark)
    if text is None:
        return
    for one, value in values:
        forms = (value,) if value.isascii() else (value, _bytes(value).decode("latin-1"))
        for form in forms:
            if form in text.body:
                yield from (Stand(one, *text.span(*span)) for span in _spans(text.body, form))


def _bytes(value: str) -> bytes:
    # What the environment holds besides UTF-8 is kept in lone surrogates.
    return value.encode("utf-8", "surrogatepass")


def _in_hex(raw: bytes, values: list[tuple[Known, str]]) -> "Iterator[Stand]":
    """Yield the places of values in hex, of either case, also in pairs and over lines."""
    digits = raw.translate(_AS_HEX, _HEX_BETWEEN)
    longest = _longest_run(digits)
    kept: _Kept | None = None
    for one, value in values:
        if len(value) * 2 > longest:
            continue
        form = _bytes(value).hex().encode()
        for at in _places(digits, form):
            kept = kept or _Kept(raw, _HEX_BETWEEN)
            yield Stand(one, kept[at], kept[at + len(form) - 1] + 1)


def _in_base64(raw: bytes, values: list[tuple[Known, str]]) -> "Iterator[Stand]":
    """Yield the runs of base64 that hold a value."""
    plain = raw.translate(_AS_BASE64)
    longest = _longest_run(plain)
    between = b"\r\n" if longest >= _WRAPPED else b""
    searched = raw.translate(_AS_BASE64, between) if between else plain
    kept: _Kept | None = None
    for one, value in values:
        if len(value) * 4 // 3 - 1 > longest and not between:
            continue
        for form in base64_forms(_bytes(value)):
            covered = 0
            for at in _places(searched, form):
                kept = kept or _Kept(raw, between)
                start, end = kept[at], kept[at + len(form) - 1] + 1
                # A run that was taken whole already is not measured again for each value in it.
                if end > covered:
                    start, end = _run(raw, plain, start, end)
                    covered = end
                    yield Stand(one, start, end)


def base64_forms(data: bytes) -> tuple[bytes, ...]:
    """Return what stands for ``data`` in base64 at each alignment, whatever is around it."""
    from binascii import b2a_base64  # noqa: PLC0415 - only for a text with a run that is long enough

    return tuple(
        b2a_base64(bytes(shift) + data)[_UNSTABLE[shift] : (shift + len(data)) * 8 // 6] for shift in range(3)
    )


def _run(raw: bytes, plain: bytes, start: int, end: int) -> tuple[int, int]:
    """Widen a place to the run of base64 characters that it is in, its padding included."""
    start = plain.rfind(b" ", 0, start) + 1
    behind = plain.find(b" ", end)
    end = behind if behind >= 0 else len(plain)
    padding = raw[end : end + 2]
    return start, end + len(padding) - len(padding.lstrip(b"="))


def _longest_run(table: bytes) -> int:
    longest = begun = 0
    for at in range(0, len(table), _STEP):
        runs = table[at : at + _STEP].split(b" ")
        runs[0] = bytes(begun) + runs[0]
        longest = max(longest, *map(len, runs))
        begun = len(runs[-1])
    return longest


def _places(text: bytes, form: bytes) -> "Iterator[int]":
    at = text.find(form)
    while at >= 0:
        yield at
        at = text.find(form, at + len(form))


class _Kept:
    """Where each byte stands in ``raw`` that is left when some are left out."""

    def __init__(self, raw: bytes, left_out: bytes) -> None:
        self.raw, self.left_out = raw, left_out
        self.before = [0]
        for at in range(0, len(raw) if left_out else 0, _STEP):
            self.before.append(self.before[-1] + len(raw[at : at + _STEP].translate(None, left_out)))

    def __getitem__(self, at: int) -> int:
        if not self.left_out:
            return at
        from bisect import bisect_right  # noqa: PLC0415 - only what was found is placed

        step = bisect_right(self.before, at) - 1
        left = at - self.before[step]
        place = step * _STEP
        size = _STEP
        while size > 1:  # halve the stretch until it is the byte
            size //= 2
            kept = len(self.raw[place : place + size].translate(None, self.left_out))
            if left >= kept:
                left -= kept
                place += size
        return place

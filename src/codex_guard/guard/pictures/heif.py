"""AVIF and HEIC: their Exif and mime items, and the printable parts of every box that holds no pixels.

ISO/IEC 14496-12 (boxes, items) and ISO/IEC 23008-12, annex A (Exif); public, of the same form:
https://aomediacodec.github.io/av1-avif/
"""

from codex_guard.guard.pictures import tiff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from codex_guard.guard.pictures.found import Found

_WIDE_NUMBERS = 2  # from this version of a box on, items have numbers of 4 bytes
_MOST_EXTENTS = 16  # of one item
_IN_FILE, _IN_BOX = 0, 1  # where places count from


def read(data: bytes, found: "Found") -> int:
    """Add the texts of the picture that ``data`` begins with; return where its last box ends, in bytes."""
    end = 0
    for name, start, end in _boxes(data, 0, found):
        if name == b"meta":
            _meta(data, start, end, found)
        elif name not in (b"mdat", b"ftyp"):
            found.runs(data[start:end])
    return end


def _boxes(data: bytes, at: int, found: "Found") -> "Iterator[tuple[bytes, int, int]]":
    """Give name, start and end of each box's content."""
    while at + 8 <= len(data) and found.step():
        size, start = int.from_bytes(data[at : at + 4], "big"), at + 8
        if size == 1:
            size, start = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        end = len(data) if size == 0 else min(at + size, len(data))
        name = data[at + 4 : at + 8]
        if end < start or not name.isalnum():
            return
        yield name, start, end
        at = end


def _meta(data: bytes, start: int, end: int, found: "Found") -> None:
    body = data[start + 4 : end]  # behind version and flags
    found.runs(body)
    inner = {name: body[at:to] for name, at, to in _boxes(body, 0, found)}
    items = dict(_items(inner.get(b"iinf", b""), found))
    if not items:
        return
    for item, content in _contents(inner.get(b"iloc", b""), data, inner.get(b"idat", b""), found):
        if items.get(item) == b"Exif":
            # The first 4 bytes say how many more stand before the header.
            tiff.add(content[4 + int.from_bytes(content[:4], "big") :], found)
        elif items.get(item) == b"mime":
            found.plain(content)


def _items(box: bytes, found: "Found") -> "Iterator[tuple[int, bytes]]":
    """Give number and type of the items that are Exif or have a media type, such as XMP."""
    for name, at, _ in _boxes(box, 6 if box[:1] == b"\0" else 8, found):
        wide = 2 if box[at : at + 1] > b"\2" else 0
        kind = box[at + 8 + wide : at + 12 + wide]
        if name == b"infe" and kind in (b"Exif", b"mime"):
            yield int.from_bytes(box[at + 4 : at + 6 + wide], "big"), kind


class _Numbers:
    """Numbers of different lengths, one after the other."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def next(self, size: int) -> int:
        """Return the next number, of ``size`` bytes; 0 behind the end."""
        self._at += size
        return int.from_bytes(self._data[self._at - size : self._at], "big")


def _contents(box: bytes, data: bytes, own: bytes, found: "Found") -> "Iterator[tuple[int, bytes]]":
    """Give number and content of each item that an iloc box places in the file or in ``own``."""
    numbers = _Numbers(box)
    version = numbers.next(1)
    numbers.next(3)
    sizes, bases = numbers.next(1), numbers.next(1)
    wide = 4 if version >= _WIDE_NUMBERS else 2
    for _ in range(numbers.next(wide)):
        if not found.step():
            return
        item = numbers.next(wide)
        method = numbers.next(2) & 15 if version else _IN_FILE
        numbers.next(2)
        base = numbers.next(bases >> 4)
        source = own if method == _IN_BOX else data
        parts: list[bytes] = []
        for _extent in range(numbers.next(2)):
            if not found.step():
                return
            numbers.next(bases & 15 if version else 0)
            at, size = base + numbers.next(sizes >> 4), numbers.next(sizes & 15)
            if len(parts) < _MOST_EXTENTS:
                parts.append(found.part(source, at, size or len(source)))
        yield item, b"".join(parts)

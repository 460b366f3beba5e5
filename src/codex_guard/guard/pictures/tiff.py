"""TIFF, and EXIF, which is TIFF without pixels: texts of all tags in all directories.

https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf and https://www.cipa.jp/e/std/std-sec.html
(EXIF: CIPA DC-008); the XP tags: https://exiftool.org/TagNames/EXIF.html
"""

from codex_guard.guard.pictures import photoshop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from codex_guard.guard.pictures.found import Found

_ASCII, _BYTE, _LONG, _SBYTE, _UNDEFINED, _IFD, _UTF8 = 2, 1, 4, 6, 7, 13, 129
_SIZES = {_BYTE: 1, _ASCII: 1, _LONG: 4, _SBYTE: 1, _UNDEFINED: 1, _IFD: 4, _UTF8: 1}  # bytes of a value
_INLINE = 4  # bytes: a value that is no longer stands where others have their place; no text is that short
_DIRECTORIES = (0x014A, 0x8769, 0x8825, 0xA005)  # further ones, of EXIF, places and interoperability
_XP_TAGS = range(0x9C9B, 0x9CA0)  # title, comment, author, keywords, subject: UTF-16
_COMMENTS = (0x9286, 0x001B, 0x001C)  # UserComment and two of places: 8 bytes name the encoding
_XMP, _IPTC, _PHOTOSHOP = 0x02BC, 0x83BB, 0x8649
_LONGEST = 1 << 20  # bytes of one value that are looked at
_ENTRY = 12  # bytes
_MOST_DIRECTORIES = 256  # that one tag points to


def read(data: bytes, found: "Found") -> int:
    """Add the texts of a TIFF file; return its length: nothing says where it ends."""
    add(data, found)
    return len(data)


def add(data: bytes, found: "Found") -> None:
    """Add the texts of EXIF or TIFF, with ``Exif`` and two bytes before it or without."""
    if data.startswith(b"Exif\0"):
        data = data[6:]
    order: Literal["little", "big"] = "big" if data.startswith(b"MM") else "little"
    first = int.from_bytes(data[4:8], order)
    if not data.startswith((b"II*\0", b"MM\0*")) or not 8 <= first < len(data):  # noqa: PLR2004 - the header
        found.runs(data)
        return
    waiting, seen = [first], {0}
    while waiting and found.step():
        at = waiting.pop()
        if at in seen or at >= len(data):
            continue
        seen.add(at)
        further: list[int] = []
        for tag, kind, value in _entries(data, at, order, found):
            if tag in _DIRECTORIES and kind in (_LONG, _IFD):
                places = range(0, min(len(value), _MOST_DIRECTORIES * 4), 4)
                further += (int.from_bytes(value[n : n + 4], order) for n in places if found.step())
            elif len(value) > _INLINE:
                _value(tag, kind, value, order, found)
        behind = at + 2 + _ENTRY * int.from_bytes(data[at : at + 2], order)
        if behind > len(data):  # cut off, or none
            found.runs(found.part(data, at, len(data)))
        waiting += [int.from_bytes(data[behind : behind + 4], order), *reversed(further)]


def _entries(
    data: bytes, at: int, order: "Literal['little', 'big']", found: "Found"
) -> "Iterator[tuple[int, int, bytes]]":
    """Give tag, type and value of each entry of the directory at ``at`` that can hold text or a place."""
    count = int.from_bytes(data[at : at + 2], order)
    for entry in range(at + 2, min(at + 2 + _ENTRY * count, len(data)), _ENTRY):
        if not found.step():
            return
        kind = int.from_bytes(data[entry + 2 : entry + 4], order)
        if kind not in _SIZES:
            continue
        size = min(_LONGEST, _SIZES[kind] * int.from_bytes(data[entry + 4 : entry + 8], order))
        place = entry + 8 if size <= _INLINE else int.from_bytes(data[entry + 8 : entry + 12], order)
        yield int.from_bytes(data[entry : entry + 2], order), kind, found.part(data, place, size)


def _value(tag: int, kind: int, value: bytes, order: "Literal['little', 'big']", found: "Found") -> None:
    if kind in (_LONG, _IFD):
        if tag == _IPTC:  # by mistake, many writers say that it consists of numbers
            photoshop.add(value, found)
    elif tag in _XP_TAGS:
        found.wide(value, "little")
    elif tag in _COMMENTS:  # UNDEFINED says the standard, BYTE or ASCII some writers
        if value.startswith(b"UNICODE\0"):
            found.wide(value[8:], order)
        else:
            found.plain(
                value[8:] if value.startswith((b"ASCII\0\0\0", b"JIS\0\0\0\0\0", bytes(8))) else value
            )
    elif tag in (_IPTC, _PHOTOSHOP):
        photoshop.add(value, found)
    elif kind in (_ASCII, _UTF8) or tag == _XMP:
        found.plain(value)
    else:
        found.runs(value)

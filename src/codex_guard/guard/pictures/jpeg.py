"""JPEG: comments, EXIF, XMP, extended XMP, IPTC, and the printable parts of other application segments.

https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B; XMP in segments as in part 3 of
https://github.com/adobe/XMP-Toolkit-SDK/tree/main/docs
"""

from codex_guard.guard.pictures import photoshop, tiff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.pictures.found import Found

_COMMENT, _SCAN, _END, _FILL = 0xFE, 0xDA, 0xD9, 0xFF
_ALONE = (0x01, *range(0xD0, 0xD9))  # markers without a length
_CODING = range(0xC0, 0xE0)  # markers of tables, frames and scans
_LENGTH = 2  # bytes: a length counts itself
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_MORE_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_MORE_XMP_HEAD = 40  # bytes: 32 of a digest, 4 of the whole length, 4 of this part's place
_PHOTOSHOP = b"Photoshop 3.0\0"


def read(data: bytes, found: "Found") -> int:
    """Add the texts of the picture that ``data`` begins with; return where it ends, in bytes."""
    later: list[tuple[bytes, bytes]] = []
    end = _segments(data, found, later)
    # Both are split where a segment is full, which can be within a word.
    photoshop.add(b"".join(body for head, body in later if head == _PHOTOSHOP), found)
    parts: dict[bytes, list[tuple[bytes, bytes]]] = {}
    for head, body in later:
        if head == _MORE_XMP:
            parts.setdefault(body[:32], []).append((body[36:40], body[40:]))
    for whole in parts.values():
        found.plain(b"".join(part for _, part in sorted(whole)))
    return end


def _segments(data: bytes, found: "Found", later: list[tuple[bytes, bytes]]) -> int:
    at = 2
    while at + 1 < len(data):
        marker = data[at + 1]
        if data[at] != _FILL or not found.step():
            found.runs(data[at:])
            return len(data)
        if marker == _END:
            return at + 2
        if marker == _FILL:
            at = _marker(data, at)
            continue
        if marker in _ALONE:
            at += 2
            continue
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if size < _LENGTH:
            found.runs(data[at:])
            return len(data)
        if marker == _COMMENT:
            found.plain(data[at + 4 : at + 2 + size])
        elif marker not in _CODING:
            _application(data[at + 4 : at + 2 + size], found, later)
        at += 2 + size
        if marker == _SCAN:
            at = _marker(data, at)
    return len(data)


def _marker(data: bytes, at: int) -> int:
    """Return where the next marker stands at or after ``at``: within a scan, 0xFF is followed by 0."""
    import re  # noqa: PLC0415 - a loop would take seconds over a scan of 0xFF alone

    marker = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]").search(data, at)
    return marker.start() if marker else len(data)


def _application(body: bytes, found: "Found", later: list[tuple[bytes, bytes]]) -> None:
    if body.startswith(b"Exif\0"):
        tiff.add(body, found)
    elif body.startswith(_XMP):
        found.plain(body[len(_XMP) :])
    elif body.startswith(_PHOTOSHOP):
        later.append((_PHOTOSHOP, body[len(_PHOTOSHOP) :]))
    elif body.startswith(_MORE_XMP) and len(body) > len(_MORE_XMP) + _MORE_XMP_HEAD:
        later.append((_MORE_XMP, body[len(_MORE_XMP) :]))
    else:
        found.runs(body)

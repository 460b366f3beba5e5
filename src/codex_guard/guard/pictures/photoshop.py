"""Photoshop's image resources and the IPTC records within.

https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/#50577409_38034 and IPTC-NAA Information
Interchange Model 4.2, https://www.iptc.org/std/IIM/4.2/specification/IIMV4.2.pdf
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.pictures.found import Found

_IPTC, _XMP = 0x0404, 0x0424
_MARKER, _VERSION = 0x1C, 2  # what an IPTC record begins with; bytes of a version, which is no text
_EXTENDED = 0x8000  # a length's first bit: the other bits say how long the length is


def add(data: bytes, found: "Found") -> None:
    """Add the texts of image resources (``8BIM`` ...), or of IPTC records alone."""
    if data.startswith(b"\x1c"):
        _iptc(data, found)
        return
    at = 0
    while at + 12 <= len(data):
        if data[at : at + 4] not in (b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa") or not found.step():
            found.runs(data[at:])
            return
        identity = int.from_bytes(data[at + 4 : at + 6], "big")
        name = data[at + 7 : at + 7 + data[at + 6]]
        found.plain(name)
        at += 7 + len(name)
        at += at & 1
        size = int.from_bytes(data[at : at + 4], "big")
        body = data[at + 4 : at + 4 + size]
        if identity == _IPTC:
            _iptc(body, found)
        elif identity == _XMP:
            found.plain(body)
        else:
            found.runs(body)
        at += 4 + size + (size & 1)


def _iptc(data: bytes, found: "Found") -> None:
    """Add IPTC records: a tag marker 0x1C, record, data set, length, text."""
    at = 0
    while at + 5 <= len(data):
        if data[at] != _MARKER or not found.step():
            found.runs(data[at:])
            return
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        at += 5
        if size & _EXTENDED:
            digits = size & ~_EXTENDED
            size = int.from_bytes(data[at : at + digits], "big")
            at += digits
        if size > _VERSION:
            found.plain(data[at : at + size])
        at += size

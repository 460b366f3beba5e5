"""WebP: its EXIF and XMP chunks, and the printable parts of chunks that nobody knows.

https://developers.google.com/speed/webp/docs/riff_container
"""

from codex_guard.guard.pictures import tiff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.pictures.found import Found

_PIXELS = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF")


def read(data: bytes, found: "Found") -> int:
    """Add the texts of the picture that ``data`` begins with; return where it ends, in bytes."""
    size = int.from_bytes(data[4:8], "little")
    end = min(len(data), 8 + size + (size & 1))
    at = 12
    while at + 8 <= end:
        if not found.step():
            found.runs(data[at:end])
            break
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name not in _PIXELS:
            _chunk(name, data[at + 8 : min(end, at + 8 + size)], found)
        elif at + 8 + size > end:
            found.runs(data[at:end])  # broken, or cut off
        at += 8 + size + (size & 1)
    return max(end, 1)


def _chunk(name: bytes, body: bytes, found: "Found") -> None:
    if name == b"EXIF":
        tiff.add(body, found)
    elif name == b"XMP ":
        found.plain(body)
    else:
        found.runs(body)

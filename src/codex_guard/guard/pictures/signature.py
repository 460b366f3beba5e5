"""Telling pictures by how they begin."""

#: Bytes that tell the kind of a picture.
HEAD = 48
_BITMAP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)  # bytes, by version
_MOST_ICONS = 256
_BRANDS = tuple(b"avif avis heic heix heim heis hevc hevx hevm hevs mif1 mif2 miaf msf1".split())


def kind(head: bytes) -> str:
    """Return ``png``, ``jpeg``, ``gif``, ``webp``, ``bmp``, ``tiff``, ``icon`` or ``heif``; empty for others.

    ``head`` is the first 48 bytes. Where few bytes are the same in all pictures of a kind, fields count, too.
    """
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff") and head[3:4] >= b"\xc0":
        return "jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"RIFF") and head[8:15] == b"WEBPVP8":
        return "webp"
    if head.startswith((b"II*\0", b"MM\0*")):
        return "tiff"
    return _by_fields(head)


def _by_fields(head: bytes) -> str:
    if head.startswith(b"BM"):
        size = int.from_bytes(head[14:18], "little")
        return "bmp" if head[6:10] == b"\0\0\0\0" and size in _BITMAP_HEADERS else ""
    if head.startswith((b"\0\0\1\0", b"\0\0\2\0")):
        count = int.from_bytes(head[4:6], "little")
        return "icon" if 0 < count <= _MOST_ICONS and head[9:10] == b"\0" else ""
    if head[4:8] == b"ftyp" and head.startswith(b"\0\0"):
        named = (head[8:12], *(head[at : at + 4] for at in range(16, len(head), 4)))
        return "heif" if any(brand in _BRANDS for brand in named) else ""
    return ""

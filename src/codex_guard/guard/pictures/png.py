"""PNG: tEXt, zTXt, iTXt and eXIf, and the printable parts of chunks that nobody knows.

https://www.w3.org/TR/png-3/#11Chunks; ImageMagick's "Raw profile type" texts hold other metadata in
hexadecimal: https://exiftool.org/TagNames/PNG.html
"""

from codex_guard.guard.pictures import photoshop, tiff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.pictures.found import Found

_PIXELS = tuple(
    b"IHDR PLTE IDAT fdAT fcTL acTL tRNS gAMA cHRM sRGB sBIT bKGD hIST pHYs tIME cICP mDCv cLLi".split()
)
_RAW = "Raw profile type "
_LONGEST_NAME = 80  # bytes: a keyword has 79


def read(data: bytes, found: "Found") -> int:
    """Add the texts of the picture that ``data`` begins with; return where it ends, in bytes."""
    at = 8
    while at < len(data):
        if not found.step():
            found.runs(data[at:])
            break
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if not name.isalpha() or (at + 8 + size > len(data) and name in _PIXELS):
            found.runs(data[at:])  # broken, or cut off
            break
        if name not in _PIXELS:
            _chunk(name, data[at + 8 : at + 8 + size], found)
        at += 12 + size
        if name == b"IEND":
            return min(at, len(data))
    return len(data)


def _chunk(name: bytes, body: bytes, found: "Found") -> None:
    if name == b"eXIf":
        tiff.add(body, found)
        return
    if name not in (b"tEXt", b"zTXt", b"iTXt", b"iCCP"):
        found.runs(body)
        return
    key, nul, rest = body.partition(b"\0")
    if not nul or len(key) >= _LONGEST_NAME:
        found.plain(body)
        return
    keyword = key.decode("latin-1")
    if name == b"tEXt":
        _text(keyword, rest, found)
    elif name == b"zTXt":
        _text(keyword, found.unzipped(rest[1:]), found)
    elif name == b"iTXt":
        _international(keyword, rest, found)
    else:
        found.add(keyword)
        found.runs(found.unzipped(rest[1:]))


def _international(keyword: str, rest: bytes, found: "Found") -> None:
    """Add an iTXt chunk's text: flag, method, language, the keyword translated, the text."""
    parts = rest[2:].split(b"\0", 2)
    if len(parts) > 1:
        found.plain(parts[1])
    _text(keyword, found.unzipped(parts[-1]) if rest[:1] == b"\1" else parts[-1], found)


def _text(keyword: str, text: bytes, found: "Found") -> None:
    if not keyword.startswith(_RAW):
        found.plain(text, keyword)
        return
    import binascii  # noqa: PLC0415 - few pictures have such a text

    # A line with the profile's name, one with its length, then hexadecimal in lines.
    try:
        profile = binascii.unhexlify(b"".join(text.split()[2:]))
    except binascii.Error:
        found.plain(text, keyword)
        return
    if profile.startswith((b"Exif\0", b"II*\0", b"MM\0*")):
        tiff.add(profile, found)
    elif profile.startswith((b"8BIM", b"\x1c")):
        photoshop.add(profile, found)
    elif profile.startswith((b"<", b"http://ns.adobe.com/")):
        found.plain(profile)
    else:
        found.runs(profile)

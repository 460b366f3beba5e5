"""GIF: comments, plain text, XMP, and the printable parts of other application extensions.

https://www.w3.org/Graphics/GIF/spec-gif89a.txt; XMP in it as in part 3 of
https://github.com/adobe/XMP-Toolkit-SDK/tree/main/docs
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.pictures.found import Found

_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_PLAIN_TEXT, _COMMENT, _APPLICATION, _GRAPHIC = 0x01, 0xFE, 0xFF, 0xF9
_HAS_COLOURS, _COLOURS = 0x80, 0x07  # bits: whether colours follow, and the logarithm of their number
#: XMP stands there as it is, not in blocks; this leads whoever takes its letters for lengths to the end.
_XMP, _XMP_TRAILER = b"XMP DataXMP", b"\x01\xff\xfe\xfd"
_LONGEST_CHAIN = 1 << 18  # blocks of up to 255 bytes: 64 MB


def read(data: bytes, found: "Found") -> int:
    """Add the texts of the picture that ``data`` begins with; return where it ends, in bytes."""
    at = 13 + _colours(data[10:11])
    while at < len(data):
        if data[at] == _TRAILER:
            return at + 1
        if data[at] not in (_IMAGE, _EXTENSION) or not found.step():
            found.runs(data[at:])
            break
        if data[at] == _IMAGE:
            at = _behind(data, at + 11 + _colours(data[at + 9 : at + 10]))
            continue
        start, label = at + 2, data[at + 1 : at + 2]
        at = _behind(data, start)
        if label != bytes([_GRAPHIC]):
            _extension(label, data[start:at], found)
    return len(data)


def _colours(flags: bytes) -> int:
    """Return the bytes of the table of colours that ``flags`` announce."""
    bits = flags[0] if flags else 0
    return 3 << ((bits & _COLOURS) + 1) if bits & _HAS_COLOURS else 0


def _behind(data: bytes, at: int) -> int:
    """Return where the chain of blocks that begins at ``at`` has ended."""
    for _ in range(_LONGEST_CHAIN):
        size = data[at] if at < len(data) else 0
        at += 1 + size
        if not size:
            break
    return min(at, len(data))


def _joined(chain: bytes) -> bytes:
    """Return a chain of blocks without their lengths."""
    parts: list[bytes] = []
    at = 0
    while at < len(chain):
        parts.append(chain[at + 1 : at + 1 + chain[at]])
        at += 1 + chain[at]
    return b"".join(parts)


def _extension(label: bytes, chain: bytes, found: "Found") -> None:
    if label == bytes([_COMMENT]):
        found.plain(_joined(chain))
    elif label == bytes([_APPLICATION]) and chain[1:12] == _XMP:
        found.plain(chain[12:].partition(_XMP_TRAILER)[0])
    elif label == bytes([_PLAIN_TEXT]) and chain[:1] == b"\x0c":
        found.plain(_joined(chain[13:]))  # behind its place, size and colours
    else:
        found.runs(_joined(chain))

"""Telling a picture in base64, and the texts in it."""

from codex_guard.guard.pictures import signature
from codex_guard.guard.pictures.found import Found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 64 << 20  # characters of base64: what is longer is no picture, but text
_SHORTEST = 64  # characters
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OTHERS = bytes(set(range(256)) - set(_LETTERS))
#: How PNG, JPEG, GIF, WebP, BMP, TIFF, icons and cursors, AVIF and HEIC begin in base64.
_BEGINNINGS = ("iVBORw0KGg", "/9j/", "R0lGOD", "UklGR", "Qk", "SUkqA", "TU0AK", "AAAB", "AAAC", "AAAA")
#: Characters of a line: encoders wrap at 64 and 76. One long line above a short one is a picture and a text.
_LINES = range(60, 131)
_PIECE = 1 << 16  # characters that are checked at once: what fits a processor's cache goes fastest
_MOST_PICTURES = 16  # that stand one behind the other: phones put previews behind photographs
_TAIL = 1 << 14  # characters of base64


def is_picture(text: str) -> bool:
    """Tell whether ``text`` is a picture in base64, of a kind we know, and nothing else.

    Lines are taken if they are of one length, as encoders wrap them: a word on a line of its own is text.
    """
    if not text.startswith(_BEGINNINGS) or not _SHORTEST <= len(text) <= _LONGEST or not text.isascii():
        return False
    if not signature.kind(_bytes(text[: 2 * signature.HEAD])[: signature.HEAD]):
        return False
    text = text.rstrip("\r\n")
    if not _wrapped_evenly(text):
        return False
    # Behind what pads it, base64 is over for every reader.
    padding = len(text) - len(text.rstrip("="))
    end = len(text) - padding
    pieces = (text[at : min(end, at + _PIECE)] for at in range(0, end, _PIECE))
    return padding <= 2 and not any(  # noqa: PLR2004 - for 1 of 3 bytes
        piece.encode().translate(None, _LETTERS + b"\r\n") for piece in pieces
    )


def texts(encoded: str) -> list[str]:
    """Return the texts that stand in a picture's metadata and behind its end, in order, none of them empty.

    ``encoded`` is base64; of what is broken, what can be read is. At most 4 Mi characters in 4,096 texts
    are returned. Text that stands behind the base64 itself, within its alphabet, is returned as it is.
    """
    data = _bytes(encoded[:_LONGEST])
    found = Found()
    readers = _readers()
    at = end = 0
    for _ in range(_MOST_PICTURES):
        kind = signature.kind(data[at : at + signature.HEAD])
        if not kind:
            break
        end = at + max(1, readers[kind](data[at:] if at else data, found))
        at = len(data) - len(data[end:].lstrip(b"\0\t\n\r "))
    if at < len(data):
        found.plain(data[at:])
        letters = encoded.replace("\r", "").replace("\n", "") if "\n" in encoded else encoded
        found.add(letters[-(-end * 4 // 3) :][:_TAIL])
    return found.texts()


def _wrapped_evenly(text: str) -> bool:
    """Tell whether all lines but the last are of one length; a text without line ends is one line."""
    width = text.find("\n")
    if width < 0:
        return "\r" not in text
    for mark, first in (("\n", width), ("\r", width - 1)):
        expected = text[first :: width + 1] if mark == "\n" or "\r" in text else ""
        if expected.count(mark) != len(expected) or text.count(mark) != len(expected):
            return False
    return width in _LINES


def _bytes(encoded: str) -> bytes:
    """Return the bytes that base64 stands for, as far as it is base64."""
    import binascii  # noqa: PLC0415 - few events hold a picture

    try:
        return binascii.a2b_base64(encoded)
    except ValueError:  # no whole number of bytes, or letters that no ASCII has
        letters = encoded.encode("ascii", "ignore").translate(None, _OTHERS)
        if len(letters) % 4 == 1:
            letters = letters[:-1]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _readers() -> "dict[str, Callable[[bytes, Found], int]]":
    from codex_guard.guard.pictures import bitmap, gif, heif, jpeg, png, tiff, webp  # noqa: PLC0415 - as above

    return {
        "png": png.read,
        "jpeg": jpeg.read,
        "gif": gif.read,
        "webp": webp.read,
        "bmp": bitmap.read_bmp,
        "tiff": tiff.read,
        "icon": bitmap.read_icon,
        "heif": heif.read,
    }

"""What disguises text within a program, undone: base64, hexadecimal, rot13, zlib."""

from codex_guard.shell.meaning import HOLE

_MOST = 1 << 18  # characters that one disguise may unfold to
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_HEX = frozenset("0123456789abcdefABCDEF")
_URL_SAFE = str.maketrans("-_", "+/")


def unbase64(text: str) -> str:
    """Return what ``text`` says in base64 of either alphabet; a HOLE where it says nothing."""
    import binascii  # noqa: PLC0415 - for disguised text only

    letters = "".join([c for c in text.translate(_URL_SAFE) if c in _LETTERS])
    if len(letters) % 4 == 1:
        return HOLE
    return _text(binascii.a2b_base64(letters + "=" * (-len(letters) % 4)))


def unhex(text: str) -> str:
    """Return what ``text`` says in hexadecimal."""
    digits = "".join(text.split()).replace("\\x", "")
    return _text(bytes.fromhex(digits)) if len(digits) % 2 == 0 and _HEX.issuperset(digits) else HOLE


def rot13(text: str) -> str:
    """Return ``text`` with its letters turned by half the alphabet."""
    small, large = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    turned = small[13:] + small[:13] + large[13:] + large[:13]
    return text.translate(str.maketrans(small + large, turned))


def unzip(text: str) -> str:
    """Return what zlib, gzip or raw deflate unfold ``text`` to, whose characters are bytes."""
    import zlib  # noqa: PLC0415 - for disguised text only

    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return HOLE
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            return _text(zlib.decompressobj(window).decompress(data, _MOST))
        except zlib.error:
            continue
    return HOLE


def by_name(codec: str, text: str) -> str:
    """Return ``text`` decoded by a codec's name, as it is where the codec is an alphabet."""
    name = codec.lower().replace("-", "_")
    if name.startswith("base64"):
        return unbase64(text)
    if name.startswith("hex"):
        return unhex(text)
    if name in ("rot13", "rot_13"):
        return rot13(text)
    return unzip(text) if name in ("zlib", "zip") else text


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")  # bytes, for another disguise to read

"""Base64 and hex in a text: what stands there when it is decoded and, where it is packed, unpacked."""

import binascii

from codex_guard.secrets.disguise import PAIRED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.secrets.disguise import Edit

_LEAST = 12  # characters of a reading that could matter
_WRAPPED = 32  # characters: a shorter line is not one of a wrapped block
_PREFIX = 64  # characters that may stand before a wrapped line goes on
_HEX = b"0123456789abcdefABCDEF"
_STANDARD = bytes.maketrans(b"-_", b"+/")
_WRITTEN = bytes((*b"\t\n\r", *range(32, 127)))
_MAGIC = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")  # gzip, and zlib's four levels
_PACKED = (b"H4sI", b"eJ", b"eN", b"eF", b"eA", b"1f8b", b"1F8B", b"78")  # the same, in base64 and in hex
_STEP = 16_384  # bytes that are unpacked at once
_GROUP = 4  # base64 characters that stand for three bytes


def edits(data: bytes, runs: bytes, found: "list[tuple[int, int]]", left: int) -> "list[Edit]":
    """Return the readings of the runs ``found`` and of lists of character codes, in order of their places.

    ``data`` is the text, a byte a character; ``runs`` has an ``a`` for each token character of it. What is
    unpacked has at most half of ``left`` characters, shared by the blocks that may be packed, so that none
    takes the room of what stands behind it. Other readings are shorter than what they are read from.
    """
    readings: list[Edit] = []
    done = 0
    packed = left // 2
    waiting = sum(data.startswith(_PACKED, start) for start, _ in found)
    for start, end in found:
        if start >= done:
            share = packed // max(waiting, 1)
            done, unpacked, reading, unit, width = _block(data, runs, start, end, share)
            packed -= unpacked
            if reading:
                readings.append((start, done, reading, unit, width))
        waiting -= data.startswith(_PACKED, start)
    listed = _numbers(data) or _pairs(data)
    return sorted(readings + listed) if listed else readings


def _block(data: bytes, runs: bytes, start: int, end: int, left: int) -> tuple[int, int, str, int, int]:
    """Read one run as hex or base64, which may go on over lines of the same width.

    Return where it ends, how many bytes were unpacked on the way, the reading (empty for none), and how many
    of its characters stand for how many.
    """
    value = data[start:end]
    if not value.translate(None, _HEX):
        raw = binascii.unhexlify(value[: len(value) // 2 * 2])
        unpacked = _unpacked(raw, left)
        reading = _readable(unpacked or raw)
        if reading:
            in_order = raw == reading.encode() and reading.isascii()
            return (end, len(unpacked), reading, *((1, 2) if in_order else (len(reading), end - start)))
    lines = [value]
    width = len(value)
    while width >= _WRAPPED and len(lines[-1]) == width:
        begin, stop = _next_line(data, runs, end, width, plus=data[start - 1 : start] == b"+")
        if begin == stop:
            break
        lines.append(data[begin:stop])
        end = stop
    end += len(data[end : end + 2]) - len(data[end : end + 2].lstrip(b"="))
    raw = _from_base64(b"".join(lines))
    unpacked = _unpacked(raw, left)
    reading = _readable(unpacked or raw)
    in_order = len(lines) == 1 and reading.isascii() and raw == reading.encode()
    return (end, len(unpacked), reading, *((3, _GROUP) if in_order else (max(1, len(reading)), end - start)))


def _next_line(data: bytes, runs: bytes, end: int, width: int, *, plus: bool) -> tuple[int, int]:
    """Return where a wrapped block goes on behind a line that ends at ``end``; an empty stretch if nowhere.

    ``plus``: the lines are a diff's.
    """
    if data[end : end + 1] == b"\r":
        end += 1
    if data[end : end + 1] != b"\n":
        return end, end
    lead = data[end + 1 : end + 1 + _PREFIX]
    start = end + 1 + len(lead) - len(lead.lstrip(b" \t>#*|"))
    stop = runs.find(b" ", start, start + width + 2)
    if stop < 0:
        stop = min(len(runs), start + width + 2)
    if plus and data[start : start + 1] == b"+":
        start += 1  # of a diff
    if stop - start > width or data[stop : stop + 1] not in {b"", b"\r", b"\n", b"=", b'"', b"'", b"`"}:
        return end, end
    return start, stop


def _from_base64(value: bytes) -> bytes:
    value = value.translate(_STANDARD)
    size = len(value) - (len(value) % _GROUP == 1)  # one character alone stands for no byte
    return binascii.a2b_base64(value[:size] + b"=" * (-size % _GROUP))


def _readable(raw: bytes) -> str:
    """Return the text in decoded bytes; empty if it could not matter."""
    if raw[1:2] == b"\0" or raw.startswith(b"\xff\xfe"):
        text = raw.decode("utf-16-le", "replace")
    else:
        text = raw.decode("utf-8", "replace")
    if text.isascii():
        written = len(text) - len(text.encode().translate(None, _WRITTEN))
    else:
        written = sum(character.isprintable() and character != "\ufffd" for character in text)
    return text if written >= _LEAST and written * 10 >= len(text) * 9 else ""


def _unpacked(raw: bytes, left: int) -> bytes:
    """Unpack at most ``left`` bytes of gzip or zlib; none of what is neither, the start of what is broken."""
    if not raw.startswith(_MAGIC):
        return b""
    import zlib  # noqa: PLC0415 - few texts hold what is packed

    packed = zlib.decompressobj(wbits=32 + zlib.MAX_WBITS)
    parts: list[bytes] = []
    try:
        # In small steps, so that what comes before an error is counted as work.
        while raw and left > 0 and not packed.eof:
            parts.append(packed.decompress(raw, min(left, _STEP)))
            left -= max(1, len(parts[-1]))
            raw = packed.unconsumed_tail
    except zlib.error:
        pass
    return b"".join(parts)


def _numbers(data: bytes) -> "list[Edit]":
    """Return the readings of lists such as ``0x41, 0x4b``."""
    found: list[Edit] = []
    at = data.find(b"0x")
    while at >= 0:
        start = at
        codes = []
        while data[at : at + 2] == b"0x" and not data[at + 2 : at + 4].translate(None, _HEX):
            codes.append(data[at + 2 : at + 4])
            end = at + 4
            gap = data[end : end + _PREFIX]
            at = end + len(gap) - len(gap.lstrip(b", \t\r\n"))
        found += _listed(codes, start, end) if len(codes) >= _LEAST else []
        at = data.find(b"0x", max(at, start + 2))
    return found


def _pairs(data: bytes) -> "list[Edit]":
    """Return the readings of lists such as ``41 4b`` and ``41:4b``."""
    found: list[Edit] = []
    words = data.translate(PAIRED)
    at = words.find(_TWELVE)
    while at >= 0:
        start = at
        while words[at : at + 2] == b"hh" and words[at + 2 : at + 3] in {b" ", b"", b"."}:
            at += 3
        at = min(at, len(data) + 1)
        found += _listed(data[start : at - 1].replace(b":", b" ").split(), start, at - 1)
        at = words.find(_TWELVE, at - 1)
    return found


#: ``h`` for a hex digit, a blank for what stands between pairs of them.
_TWELVE = b" ".join([b"hh"] * _LEAST)


def _listed(codes: list[bytes], start: int, end: int) -> "list[Edit]":
    if any(len(code) != 2 for code in codes):  # noqa: PLR2004 - two digits a byte
        return []
    reading = _readable(binascii.unhexlify(b"".join(codes)))
    return [(start, end, reading, len(reading), end - start)] if reading else []

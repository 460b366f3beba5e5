"""What has been found in one picture, and how much may still be looked at."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

_MOST_CHARACTERS = 4 << 20
_MOST_TEXTS = 4_096
#: Chunks, segments, tags and boxes: a picture of 48 MB that is stored in chunks of 4 KiB has 12,000.
_MOST_STEPS = 1 << 17
#: Tags may all point to the same bytes, and a zlib stream of 1 KiB may unfold to 1 MiB.
_MOST_BYTES = 64 << 20
_MOST_UNZIPPED = 1 << 20
_PIECE = 64  # bytes of a zlib stream
_SHORTEST_RUN = 8  # characters: what is shorter is chance, and no secret
_CONTROLS = bytes(code for code in (*range(32), 127) if code not in b"\t\n\v\f\r\0")
_UTF8, _LITTLE, _BIG = b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"


class Found:
    """The texts of one picture, in order, within bounds of texts, steps and bytes that all readers share."""

    __slots__ = ("_bytes", "_pieces", "_room", "_steps")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._room, self._steps, self._bytes = _MOST_CHARACTERS, _MOST_STEPS, _MOST_BYTES

    def texts(self) -> list[str]:
        """Return at most 4 Mi characters in 4,096 texts; what would be further ones stands in the last."""
        if len(self._pieces) <= _MOST_TEXTS:
            return self._pieces
        return [*self._pieces[: _MOST_TEXTS - 1], "\n".join(self._pieces[_MOST_TEXTS - 1 :])]

    def step(self) -> bool:
        """Tell whether one more part of the picture may be looked at."""
        self._steps -= 1
        return self._steps >= 0

    def add(self, text: str, name: str = "") -> None:
        """Add a text, together with its name where it has one: ``password: ...`` means something."""
        text = text.strip("\n")
        if not text or text.isspace():
            return
        if name:
            text = f"{name}:\n{text}" if len(text.split(None, 1)) > 1 else f"{name}: {text}"
        text = text[: max(0, self._room)]
        self._room -= len(text) + 1
        if text:
            self._pieces.append(text)

    def plain(self, data: bytes, name: str = "") -> None:
        """Add what should be text, whatever its encoding is said to be; of what is not, what can be read."""
        self.add(_decoded(self._taken(data)), name)

    def wide(self, data: bytes, order: "Literal['little', 'big']", name: str = "") -> None:
        """Add UTF-16 whose byte order should be ``order``: its mark and its letters know better."""
        self.add(_wide(self._taken(data), order), name)

    def runs(self, data: bytes) -> None:
        """Add the printable ASCII in what need not be text: each run of 8 characters or more is a line."""
        self.add(_printable(self._taken(data)))

    def part(self, data: bytes, start: int, size: int) -> bytes:
        """Return ``size`` bytes of ``data``; fewer when parts that may overlap have been too many by now."""
        return self._taken(data[start : start + min(size, max(0, self._bytes))])

    def unzipped(self, data: bytes) -> bytes:
        """Return what zlib unfolds ``data`` to, at most 1 MiB; of what is broken, what comes before.

        What is no zlib, or stands behind it, is looked at as it is.
        """
        import zlib  # noqa: PLC0415 - few pictures have such texts

        unfold = zlib.decompressobj()
        parts: list[bytes] = []
        left = min(_MOST_UNZIPPED, self._bytes)
        # In pieces: an error gives nothing of the piece it is in. A bound of 0 would mean none.
        start = 0
        while start < len(data) and left > 0 and not unfold.eof:
            try:
                parts.append(unfold.decompress(data[start : start + _PIECE], left))
            except zlib.error:
                break
            left -= len(parts[-1])
            start += _PIECE
        self._bytes -= sum(map(len, parts))
        if left > 0:
            self.runs(unfold.unused_data + data[start:])
        return b"".join(parts)

    def _taken(self, data: bytes) -> bytes:
        data = data[: max(0, self._bytes)]
        self._bytes -= len(data)
        return data


def _decoded(data: bytes) -> str:
    if data.startswith((_LITTLE, _BIG)):
        return _wide(data, "little")
    stripped = data.strip(b"\0")  # padding
    if stripped.count(0) * 3 > len(stripped):
        return _wide(data, "little")
    try:
        text = stripped.removeprefix(_UTF8).decode()
    except UnicodeDecodeError:
        if len(stripped.translate(None, _CONTROLS)) < len(stripped):
            return _printable(data)
        text = stripped.decode("latin-1")
    return text.replace("\0", "\n")


def _wide(data: bytes, order: "Literal['little', 'big']") -> str:
    if data.startswith((_LITTLE, _BIG)):
        order = "little" if data.startswith(_LITTLE) else "big"
        data = data[2:]
    else:
        # Writers disagree on whose order a comment has. Letters of most languages tell: one half is NUL.
        even, odd = data[::2].count(0), data[1::2].count(0)
        if even != odd:
            order = "little" if odd > even else "big"
    text = data.decode("utf-16-le" if order == "little" else "utf-16-be", "replace")
    text = text.rstrip("\0\ufffd").replace("\0", "\n")
    # Some write ASCII where UTF-16 belongs, and binary data can have as many NULs. UTF-16 has no such runs.
    narrow = _printable(data)
    return f"{narrow}\n{text}" if narrow else text


def _printable(data: bytes) -> str:
    import re  # noqa: PLC0415 - not for pictures without such parts

    lines: list[str] = []
    room = _MOST_CHARACTERS
    for run in re.finditer(rb"[\t\n\r -~]{%d,}" % _SHORTEST_RUN, data):
        lines.append(run[0][: max(0, room)].decode("ascii").strip())
        room -= len(run[0])
        if room <= 0:
            break
    return "\n".join(filter(None, lines))

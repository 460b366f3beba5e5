"""Pictures made by hand, byte for byte as their formats say, and what is read from them."""

import base64
import struct
import zlib
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from codex_guard.guard.pictures import found, metadata, signature
from codex_guard.secrets.rules.template import expand

TEXT = "a text that nobody should see: äöü € ж"
PNG = b"\x89PNG\r\n\x1a\n"
XMP, MORE_XMP = b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*chunks: bytes, end: bytes = b"") -> bytes:
    """Return a grey picture of 16 by 16 with further chunks before and behind its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(range(17)) * 16))
    return PNG + header + b"".join(chunks[:1]) + pixels + b"".join(chunks[1:]) + chunk(b"IEND", b"") + end


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, 2 + len(body)) + body


def jpeg(*segments: bytes, end: bytes = b"") -> bytes:
    """Return something with a JPEG's segments; its scan has stuffed bytes and a restart in it."""
    start = b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + b"".join(segments[:1])
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd3\x56" * 4
    return start + scan + b"\xff\xff" + b"".join(segments[1:]) + b"\xff\xff\xd9" + end


def blocks(body: bytes) -> bytes:
    parts = [body[at : at + 255] for at in range(0, len(body), 255)]
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def gif(*extensions: bytes, end: bytes = b"") -> bytes:
    """Return a picture with 4 common colours and 2 of its own, extensions before and behind it."""
    head = b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x81, 0, 0) + bytes(12)
    image = b"\x2c" + struct.pack("<HHHHB", 0, 0, 4, 4, 0x80) + bytes(6) + b"\x02" + blocks(bytes(300))
    return head + b"".join(extensions[:1]) + image + b"".join(extensions[1:]) + b"\x3b" + end


def webp(*chunks: tuple[bytes, bytes], end: bytes = b"") -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
        for name, content in ((b"VP8L", bytes(33)), *chunks)
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body + end


def tiff(*tags: tuple[int, int, bytes], order: str = "<", inner: int = 0) -> bytes:
    """Return TIFF with tags of bytes; with ``inner``, they stand in the directory that this tag points to."""

    def directory(entries: Sequence[tuple[int, int, int, int]], behind: int = 0) -> bytes:
        packed = b"".join(struct.pack(order + "HHII", *entry) for entry in entries)
        return struct.pack(order + "H", len(entries)) + packed + struct.pack(order + "I", behind)

    first = directory([(inner, 4, 1, 26)]) if inner else b""
    place = 8 + len(first) + 6 + 12 * len(tags)
    entries, values = [], b""
    for tag, kind, value in tags:
        entries.append((tag, kind, len(value), place + len(values)))
        values += value
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(order + "I", 8) + first + directory(entries) + values


def resource(identity: int, body: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HBBI", identity, 0, 0, len(body)) + body + bytes(len(body) % 2)


def iptc(text: bytes) -> bytes:
    return b"\x1c\x02\x00\0\2\0\4" + b"\x1c\x02\x78" + struct.pack(">H", len(text)) + text


def long_iptc(text: bytes) -> bytes:
    return b"\x1c\x02\x78\x80\4" + struct.pack(">I", len(text)) + text


def box(name: bytes, body: bytes, *, wide: bool = False) -> bytes:
    head = struct.pack(">I4sQ", 1, name, 16 + len(body)) if wide else struct.pack(">I4s", 8 + len(body), name)
    return head + body


def heif(kind: bytes, content: bytes, *, version: int = 0, own: bool = False, end: bytes = b"") -> bytes:
    """Return AVIF with one item in two extents, which stand in mdat or in a box of ``meta``'s own."""
    number = ">I" if version == 2 else ">H"
    infe = bytes([3 if version == 2 else 2, 0, 0, 0]) + struct.pack(number, 7) + b"\0\0" + kind + b"\0a/b\0"
    iinf = bytes(4) + b"\0\1" + box(b"infe", infe)
    head = box(b"ftyp", b"avif\0\0\0\0avifmif1")
    half = len(content) // 2

    def meta(start: int) -> bytes:
        method = struct.pack(">H", own) if version else b""
        extents = struct.pack(">IIII", 0, half, half, len(content) - half)
        item = struct.pack(number, 7) + method + b"\0\0" + struct.pack(">IH", start, 2) + extents
        iloc = bytes([version, 0, 0, 0, 0x44, 0x40]) + struct.pack(number, 1) + item
        inner = box(b"iinf", iinf) + box(b"iloc", iloc) + (box(b"idat", content) if own else b"")
        return box(b"meta", bytes(4) + inner)

    start = 0 if own else len(head) + len(meta(0)) + 16
    return head + meta(start) + box(b"mdat", b"" if own else content, wide=True) + end


def bmp(end: bytes = b"") -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, 4, 4, 1, 24, 0, 48, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 102, 0, 0, 54) + header + b"\x7f" * 48 + end


def icon(picture: bytes, end: bytes = b"") -> bytes:
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 8, len(picture), 22)
    return b"\0\0\1\0\1\0" + entry + picture + end


def raw_profile(kind: bytes, profile: bytes) -> bytes:
    digits = b"\n".join(profile.hex()[at : at + 72].encode() for at in range(0, 2 * len(profile), 72))
    return b"Raw profile type " + kind + b"\0\0" + zlib.compress(b"\n%s\n%8d\n%s\n" % (kind, 9, digits))


def encoded(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def long_xmp(body: bytes) -> bytes:
    """Return extended XMP whose two parts stand the other way round."""
    half = len(body) // 2
    parts = [(half, body[half:]), (0, body[:half])]
    return b"".join(
        segment(0xE1, MORE_XMP + b"D" * 32 + struct.pack(">II", len(body), at) + part) for at, part in parts
    )


def gif_xmp(body: bytes) -> bytes:
    return b"\x21\xff\x0bXMP DataXMP" + body + b"\1" + bytes(range(255, -1, -1)) + b"\0"


#: Where a text can stand in a picture: pictures made of a text, in UTF-8 where nothing else is said.
PLACES: dict[str, Callable[[str], bytes]] = {
    "PNG tEXt": lambda text: png(chunk(b"tEXt", b"Comment\0" + text.encode())),
    "PNG tEXt behind the pixels": lambda text: png(b"", chunk(b"tEXt", b"Comment\0" + text.encode())),
    "PNG tEXt without a name": lambda text: png(chunk(b"tEXt", b"n" * 90 + text.encode())),
    "PNG zTXt": lambda text: png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(text.encode()))),
    "PNG iTXt": lambda text: png(chunk(b"iTXt", b"Comment\0\0\0de\0\0" + text.encode())),
    "PNG iTXt, zipped": lambda text: png(
        chunk(b"iTXt", b"Comment\0\1\0de\0Kommentar\0" + zlib.compress(text.encode()))
    ),
    "PNG iTXt, the name translated": lambda text: png(
        chunk(b"iTXt", b"Comment\0\0\0de\0" + text.encode() + b"\0x")
    ),
    "PNG eXIf": lambda text: png(chunk(b"eXIf", tiff((0x010E, 2, text.encode() + b"\0"), order=">"))),
    "PNG profile: EXIF": lambda text: png(
        chunk(b"zTXt", raw_profile(b"exif", b"Exif\0\0" + tiff((0x010E, 2, text.encode()))))
    ),
    "PNG profile: IPTC": lambda text: png(
        chunk(b"zTXt", raw_profile(b"iptc", resource(0x0404, iptc(text.encode()))))
    ),
    "PNG profile: XMP": lambda text: png(chunk(b"zTXt", raw_profile(b"xmp", b"<x>" + text.encode()))),
    "behind PNG": lambda text: png(end=text.encode()),
    "behind PNG, UTF-16": lambda text: png(end=b"\n\0\xff\xfe" + text.encode("utf-16-le")),
    "JPEG comment": lambda text: jpeg(segment(0xFE, text.encode())),
    "JPEG comment between scans": lambda text: jpeg(b"", segment(0xFE, text.encode())),
    "JPEG EXIF": lambda text: jpeg(segment(0xE1, b"Exif\0\0" + tiff((0x8298, 2, text.encode())))),
    "JPEG XMP": lambda text: jpeg(segment(0xE1, XMP + b"<x>" + text.encode())),
    "JPEG extended XMP": lambda text: jpeg(long_xmp(text.encode())),
    "JPEG IPTC": lambda text: jpeg(segment(0xED, b"Photoshop 3.0\0" + resource(0x0404, iptc(text.encode())))),
    "JPEG IPTC in two segments": lambda text: jpeg(
        segment(0xED, b"Photoshop 3.0\0" + resource(0x0404, long_iptc(text.encode()))[:24])
        + segment(0xED, b"Photoshop 3.0\0" + resource(0x0404, long_iptc(text.encode()))[24:])
    ),
    "JPEG XMP as Photoshop has it": lambda text: jpeg(
        segment(0xED, b"Photoshop 3.0\0" + resource(0x0424, text.encode()))
    ),
    "behind JPEG": lambda text: jpeg(end=text.encode()),
    "behind the second JPEG": lambda text: jpeg(end=bytes(9) + jpeg(end=text.encode())),
    "in the second JPEG": lambda text: jpeg(end=jpeg(segment(0xFE, text.encode()))),
    "GIF comment": lambda text: gif(b"\x21\xfe" + blocks(text.encode() * 9)),
    "GIF comment behind the picture": lambda text: gif(
        b"\x21\xf9\4\0\0\0\0\0", b"\x21\xfe" + blocks(text.encode())
    ),
    "GIF text": lambda text: gif(b"\x21\x01\x0c" + bytes(12) + blocks(text.encode())),
    "GIF XMP": lambda text: gif(gif_xmp(b"<x>" + text.encode())),
    "behind GIF XMP": lambda text: gif(gif_xmp(b"<x>"), b"\x21\xfe" + blocks(text.encode())),
    "behind GIF": lambda text: gif(end=text.encode()),
    "WebP EXIF": lambda text: webp((b"EXIF", tiff((0x010E, 2, text.encode())))),
    "WebP EXIF with a head": lambda text: webp((b"EXIF", b"Exif\0\0" + tiff((0x010E, 2, text.encode())))),
    "WebP XMP": lambda text: webp((b"ABCD", b"\0"), (b"XMP ", b"<x>" + text.encode())),
    "behind WebP": lambda text: webp((b"XMP ", b"<x>"), end=text.encode()),
    "TIFF": lambda text: tiff((0x010E, 2, text.encode() + b"\0")),
    "TIFF, big-endian": lambda text: tiff((0x010F, 2, b"Maker\0"), (0x0110, 2, text.encode()), order=">"),
    "EXIF of version 3": lambda text: tiff((0x010E, 129, text.encode()), inner=0x8769),
    "EXIF comment": lambda text: tiff((0x9286, 7, bytes(8) + text.encode()), inner=0x8769),
    "EXIF comment, UTF-16": lambda text: tiff(
        (0x9286, 7, b"UNICODE\0" + text.encode("utf-16-le")), inner=0x8769
    ),
    "EXIF comment, UTF-16, big-endian": lambda text: tiff(
        (0x9286, 7, b"UNICODE\0" + text.encode("utf-16-be")), inner=0x8769, order=">"
    ),
    "EXIF comment, UTF-16 with its mark": lambda text: tiff(
        (0x9286, 1, b"UNICODE\0\xfe\xff" + text.encode("utf-16-be")), inner=0x8769
    ),
    "EXIF comment, in some encoding": lambda text: tiff((0x9286, 7, text.encode()), inner=0x8769),
    "GPS": lambda text: tiff((0x001B, 7, b"ASCII\0\0\0" + text.encode()), inner=0x8825),
    "Windows comment": lambda text: tiff((0x9C9C, 1, text.encode("utf-16-le") + b"\0\0")),
    "TIFF XMP": lambda text: tiff((0x02BC, 1, b"<x>" + text.encode())),
    "TIFF IPTC": lambda text: tiff((0x83BB, 7, iptc(text.encode()))),
    "TIFF Photoshop": lambda text: tiff((0x8649, 1, resource(0x0404, long_iptc(text.encode())))),
    "AVIF Exif": lambda text: heif(b"Exif", b"\0\0\0\2--" + tiff((0x010E, 2, text.encode()))),
    "AVIF XMP": lambda text: heif(b"mime", text.encode(), version=1),
    "AVIF XMP in a box of its own": lambda text: heif(b"mime", text.encode(), version=2, own=True),
    "behind BMP": lambda text: bmp(end=text.encode()),
    "PNG in an icon": lambda text: icon(png(chunk(b"tEXt", b"Comment\0" + text.encode()))),
    "behind an icon": lambda text: icon(bmp(), end=text.encode()),
}
#: Where ASCII of 8 characters or more is found, in what nobody says is text.
CORNERS: dict[str, Callable[[bytes], bytes]] = {
    "PNG chunk of one's own": lambda text: png(chunk(b"prVt", b"\0\x80" + text + b"\0")),
    "PNG profile of colours": lambda text: png(chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(bytes(9) + text))),
    "PNG profile of another kind": lambda text: png(chunk(b"zTXt", raw_profile(b"icc", bytes(9) + text))),
    "PNG profile, broken": lambda text: png(chunk(b"tEXt", b"Raw profile type x\0x\n9\n" + text)),
    "PNG text, not zipped": lambda text: png(chunk(b"zTXt", b"Comment\0\0" + text)),
    "PNG text, cut off": lambda text: png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(text)[:-4])),
    "behind zlib": lambda text: png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x") + text)),
    "PNG with no chunks": lambda text: PNG + b"\0\0\0\x0d1234" + text,
    "PNG's pixels, cut off": lambda text: PNG + b"\0\1\0\0IDAT" + text,
    "binary behind PNG": lambda text: png(end=b"\x80" + bytes(99) + text + b"\x80\x01\0"),
    "Latin-1 behind PNG": lambda text: png(end=b"\xe4" + text),
    "JPEG segment": lambda text: jpeg(segment(0xEB, b"JP\0\1" + text)),
    "JPEG segment that nobody knows": lambda text: jpeg(segment(0xF7, text)),
    "JPEG without a marker": lambda text: b"\xff\xd8\xff\xe0\0\2" + text,
    "JPEG segment without a length": lambda text: b"\xff\xd8\xff\xe0\0\0" + text,
    "EXIF without TIFF": lambda text: jpeg(segment(0xE1, b"Exif\0\0" + text)),
    "Photoshop name": lambda text: jpeg(
        segment(0xED, b"Photoshop 3.0\0" + b"8BIM\3\xe9" + bytes([len(text)]) + text + bytes(9))
    ),
    "Photoshop, another": lambda text: jpeg(segment(0xED, b"Photoshop 3.0\0" + resource(0x0422, text))),
    "Photoshop, broken": lambda text: jpeg(segment(0xED, b"Photoshop 3.0\0" + text + bytes(9))),
    "IPTC, broken": lambda text: tiff((0x83BB, 7, b"\x1c\2\0\0\0" + text)),
    "IPTC as numbers": lambda text: tiff((0x83BB, 7, iptc(text) + bytes(44))).replace(
        struct.pack("<HI", 7, 44 + len(iptc(text))), struct.pack("<HI", 4, (44 + len(iptc(text))) // 4)
    ),
    "GIF application": lambda text: gif(b"\x21\xff\x0bNETSCAPE2.0" + blocks(text)),
    "GIF, broken": lambda text: gif().removesuffix(b"\x3b") + text,
    "WebP chunk": lambda text: webp((b"ICCP", b"\0" + text)),
    "WebP pixels, cut off": lambda text: (
        webp((b"ABCD", bytes(len(text))))[: -8 - len(text)] + b"VP8 \xff\xff\0\0" + text
    ),
    "EXIF directory, cut off": lambda text: b"II*\0\x08\0\0\0\x63\0" + text + bytes(99),
    "TIFF tag of bytes": lambda text: tiff((0x927C, 7, b"\0\1" + text)),
    "Windows comment, not UTF-16": lambda text: tiff((0x9C9C, 1, text)),
    "TIFF without a directory": lambda text: b"II*\0\xff\xff\xff\xff" + text,
    "AVIF box": lambda text: heif(b"mime", b"x") + box(b"free", text),
    "AVIF with a broken box": lambda text: heif(b"mime", b"x") + b"\0\0\0\2free" + text,
    "AVIF without items": lambda text: box(b"ftyp", b"avif\0\0\0\0") + box(b"meta", bytes(4) + text),
}
PICTURES = {
    "PNG": png(),
    "JPEG": jpeg(segment(0xFE, b"made by hand")),
    "GIF": gif(),
    "WebP": webp((b"VP8 ", bytes(20))),
    "TIFF": tiff((0x010E, 2, b"a picture of nothing at all\0")),
    "TIFF, big-endian": tiff((0x010E, 2, b"a picture of nothing at all\0"), order=">"),
    "BMP": bmp(),
    "icon": icon(png()),
    "cursor": icon(png()).replace(b"\0\0\1\0", b"\0\0\2\0", 1),
    "AVIF": heif(b"mime", b"x"),
    "HEIC": heif(b"mime", b"x").replace(b"avif", b"heic", 1),
}
NO_PICTURES = {
    "nothing": b"",
    "PNG in name only": b"PNG " * 20,
    "a sentence that begins with BM": b"BM is how a bitmap begins, and many a sentence does, too.",
    "an archive": b"PK\3\4" + bytes(60),
    "RIFF with sound": b"RIFF\0\1\0\0WAVEfmt " + bytes(60),
    "a film": box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + bytes(60),
    "zeros": bytes(60),
}


def holds(picture: bytes, text: str) -> bool:
    return any(text in one for one in metadata.texts(encoded(picture)))


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_pictures_are_told(picture: bytes) -> None:
    whole = encoded(picture)
    lines = [whole[at : at + 64] for at in range(0, len(whole), 64)]
    assert metadata.is_picture(whole)
    assert metadata.is_picture(base64.encodebytes(picture).decode())
    assert metadata.is_picture("\r\n".join(lines))
    assert metadata.is_picture("\r\n".join([*lines, ""]))


@pytest.mark.parametrize("other", NO_PICTURES.values(), ids=NO_PICTURES)
def test_others_are_not_told(other: bytes) -> None:
    assert not metadata.is_picture(encoded(other))


@pytest.mark.parametrize(
    "behind", [" and a text", "\nAKIA", "\n\nAKIA", "\tA", "-_", "ä", "\rA", "=A", "==="]
)
def test_what_goes_on_as_text_is_no_picture(behind: str) -> None:
    picture = encoded(png(chunk(b"tEXt", b"a\0b"))).rstrip("=")
    assert metadata.is_picture(picture)
    assert not metadata.is_picture(picture + behind)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_of_another_length_is_no_pictures(end: str) -> None:
    whole = encoded(png(chunk(b"prVt", bytes(300))))
    lines = [whole[at : at + 76] for at in range(0, len(whole), 76)]
    assert metadata.is_picture(end.join(lines))
    assert not metadata.is_picture(end.join([*lines[:2], "AKIA", *lines[2:]]))
    assert not metadata.is_picture(end.join([*lines, "AKIA"]))
    assert not metadata.is_picture(end.join(whole[at : at + 20] for at in range(0, len(whole), 20)))
    assert not metadata.is_picture(end.join(lines) + "\n" + end.join(lines))


def test_a_short_one_and_an_endless_one_are_no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = encoded(png())
    assert metadata.is_picture(whole[:64])
    assert not metadata.is_picture(whole[:63])
    monkeypatch.setattr(metadata, "_LONGEST", len(whole) - 1)
    assert not metadata.is_picture(whole)


def test_a_letter_is_found_wherever_it_stands_in_a_long_picture() -> None:
    whole = encoded(png(chunk(b"prVt", bytes(100_000))))
    assert metadata.is_picture(whole)
    for at in (100, 65_535, 65_536, 131_072):
        assert not metadata.is_picture(f"{whole[:at]} {whole[at + 1 :]}")


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_text_is_found_wherever_it_stands(place: Callable[[str], bytes]) -> None:
    picture = place(TEXT)
    assert metadata.is_picture(encoded(picture))
    assert holds(picture, TEXT)
    assert not holds(place("another text than this"), TEXT)


@pytest.mark.parametrize("corner", CORNERS.values(), ids=CORNERS)
def test_ascii_is_found_in_what_is_no_text(corner: Callable[[bytes], bytes]) -> None:
    key = expand("ghp_{crc62:36}")
    assert holds(corner(key.encode()), key)


letters = st.text(st.sampled_from("abcXYZ0189_-+/=.:,;!\"'<>äöüßжя"), min_size=8, max_size=60)


@given(place=st.sampled_from(sorted(PLACES)), text=letters, more=st.binary(max_size=20))
@settings(max_examples=300)
def test_any_text_is_found_in_any_place(place: str, text: str, more: bytes) -> None:
    whole = PLACES[place](text)
    assert holds(whole, text)
    if not place.startswith("behind"):
        assert holds(whole + more, text)


@given(st.sampled_from([png(), jpeg(), gif(), webp(), bmp(), icon(png()), b"II*\0", b"MM\0*"]), st.binary())
@settings(max_examples=300)
@example(b"", b"")
@example(b"", b"\0\0\0\1ftypavif")
@example(b"II*\0\x08\0\0\0", b"\x01\0\x4a\x01\x04\0\1\0\0\0\x08\0\0\0\x08\0\0\0")
def test_no_bytes_raise(picture: bytes, more: bytes) -> None:
    for data in (more, picture + more, picture[:12] + more, picture[:-5] + more):
        for text in metadata.texts(encoded(data)):
            assert text.strip()


@given(
    name=st.sampled_from(sorted(PLACES)),
    at=st.integers(0, 400),
    cut=st.integers(0, 8),
    put=st.binary(max_size=8),
)
@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
def test_no_broken_picture_raises(name: str, at: int, cut: int, put: bytes) -> None:
    picture = PLACES[name](TEXT)
    at %= len(picture)
    for data in (picture[:at] + put + picture[at + cut :], picture[:at]):
        assert all(text.strip() for text in metadata.texts(encoded(data)))


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    for whole in (text, encoded(png())[:80] + text):
        assert isinstance(metadata.is_picture(whole), bool)
        assert all(one.strip() for one in metadata.texts(whole))


@given(st.binary(max_size=80), st.integers(0, 3))
def test_base64_that_is_cut_off_gives_what_there_is(data: bytes, cut: int) -> None:
    whole = encoded(data)
    got = metadata._bytes(whole[: len(whole) - cut])
    assert data.startswith(got)
    assert len(got) >= len(data) - 3
    assert metadata._bytes(f"{whole}é") == data or "=" not in whole


def test_texts_stand_in_order_and_with_their_names() -> None:
    texts = (b"password\0secret", b"Comment\0two words", b"Empty\0", b"Blank\0 \n")
    picture = png(*(chunk(b"tEXt", text) for text in texts), end=b"the end")
    assert metadata.texts(encoded(picture))[:3] == ["password: secret", "Comment:\ntwo words", "the end"]
    assert len(metadata.texts(encoded(picture))) == 4


def test_base64_that_stands_behind_the_pictures_is_a_text_too() -> None:
    key = expand("AKIA{upper:16}")
    for more in range(3):
        picture = encoded(png(chunk(b"tEXt", b"a\0" + b"b" * more))).rstrip("=")
        lines = [(picture + key)[at : at + 76] for at in range(0, len(picture + key), 76)]
        for whole in (picture + key, "\n".join(lines), "\r\n".join(lines)):
            assert metadata.is_picture(whole)
            assert key in metadata.texts(whole)


def test_a_sentence_that_begins_like_a_picture_is_read() -> None:
    key = expand("ghp_{crc62:36}")
    for begins in ("GIF89a is a format: ", "II*\0 is one, too: ", "MM\0*\0\0\0\x08"):
        whole = encoded(f"{begins}{key} and more words than these".encode())
        assert metadata.is_picture(whole)
        assert any(key in text for text in metadata.texts(whole))


def test_padding_behind_a_picture_is_no_text() -> None:
    for picture in (png, jpeg, gif, webp, bmp):
        assert metadata.texts(encoded(picture(end=b"\0" * 99 + b"\r\n"))) == []


def test_directories_in_a_circle_end() -> None:
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    text = struct.pack("<HHII", 0x010E, 2, 12, 38)
    circle = (
        b"II*\0\x08\0\0\0" + struct.pack("<H", 2) + entry + text + struct.pack("<I", 8) + b"once only...."
    )
    assert metadata.texts(encoded(circle)) == ["once only..."]


def test_further_directories_are_read_in_order() -> None:
    last = tiff((0x010E, 2, b"the last one"))[8:]
    first = struct.pack("<HHHIII", 1, 0x0100, 3, 1, 16, 26)
    shifted = last[:10] + struct.pack("<I", struct.unpack("<I", last[10:14])[0] + 18) + last[14:]
    assert metadata.texts(encoded(b"II*\0\x08\0\0\0" + first + shifted)) == ["the last one"]


def test_what_zlib_unfolds_is_bounded() -> None:
    bomb = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * (40 << 20)))
    texts = metadata.texts(encoded(png(*[bomb] * 9)))
    assert [len(text) for text in texts[:3]] == [(1 << 20) + 3] * 3
    assert sum(map(len, texts)) <= 4 << 20


def test_many_texts_are_few_and_the_last_one_is_there() -> None:
    comments = [segment(0xFE, b"comment %d" % number) for number in range(10_000)]
    texts = metadata.texts(encoded(jpeg(*comments)))
    assert len(texts) == 4_096
    assert texts[4_000] == "comment 4000"
    assert texts[-1].endswith("comment 9999")


def test_what_comes_after_the_last_step_is_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "_MOST_STEPS", 4)
    for picture in (
        png(*[chunk(b"prVt", b"words of text")] * 9),
        jpeg(*[segment(0xFE, b"words of text")] * 9),
        gif(*[b"\x21\xfe" + blocks(b"words of text")] * 9),
        webp(*[(b"ABCD", b"words of text")] * 9),
    ):
        assert sum(text.count("words of text") for text in metadata.texts(encoded(picture))) == 9


def test_tags_that_share_their_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "_MOST_BYTES", 1_000)
    entries = struct.pack("<HHII", 0x010E, 2, 200, 8 + 2 + 600) * 50
    picture = b"II*\0\x08\0\0\0" + struct.pack("<H", 50) + entries + b"text" * 100
    assert sum(map(len, metadata.texts(encoded(picture)))) <= 1_000


def test_an_icon_of_many_pictures_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "_MOST_STEPS", 20)
    picture = png(chunk(b"tEXt", b"a\0b"))
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 8, len(picture), 6 + 16 * 200)
    texts = metadata.texts(encoded(b"\0\0\1\0\xc8\0" + entry * 200 + picture))
    assert texts.count("a: b") == 4


def test_kinds_need_more_than_a_word() -> None:
    assert signature.kind(bmp()[:48]) == "bmp"
    assert not signature.kind(b"BM" + bytes(46))
    assert not signature.kind(b"\0\0\1\0\0\0" + bytes(42))
    assert not signature.kind(b"")

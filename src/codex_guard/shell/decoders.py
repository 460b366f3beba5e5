"""What filters make of a text that is known: the disguises in which commands reach a shell."""

import binascii

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 1 << 20  # characters that anything is decoded to
_MOST_RULES = 20  # of one sed script
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROT13 = str.maketrans(
    _LETTERS + _LETTERS.upper(),
    _LETTERS[13:] + _LETTERS[:13] + (_LETTERS[13:] + _LETTERS[:13]).upper(),
)
_CLASSES = {
    "[:lower:]": _LETTERS, "[:upper:]": _LETTERS.upper(), "[:digit:]": "0123456789",
    "[:space:]": " \t\n\r\f\v", "[:alpha:]": _LETTERS.upper() + _LETTERS,
}  # fmt: skip
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_PATTERN = frozenset("\\.*[]^$+?(){}|")


def decoded(program: str, words: list[str], text: str) -> str | None:
    """Return what ``program`` with the arguments ``words`` makes of ``text``, or None if unknown."""
    result = _TABLE[program](words, text)
    return result if result is not None and len(result) <= _LONGEST else None


def _letters(words: list[str]) -> str:
    return "".join([word[1:] for word in words if word[:1] == "-" and word[1:2] != "-"])


def _as_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _base64(words: list[str], text: str) -> str | None:
    if not set("dD").isdisjoint(_letters(words)) or any(word.startswith("--d") for word in words):
        return _unbase64(text)
    from base64 import b64encode  # noqa: PLC0415 - rare

    return b64encode(text.encode("utf-8", "surrogateescape")).decode() + "\n"


def _unbase64(text: str) -> str | None:
    packed = "".join(text.split()).rstrip("=")
    try:
        return _as_text(binascii.a2b_base64(packed + "=" * (-len(packed) % 4)))
    except (binascii.Error, ValueError):
        return None


def _base32(words: list[str], text: str) -> str | None:
    if "d" not in _letters(words) and "--decode" not in words:
        return None
    from base64 import b32decode  # noqa: PLC0415 - rare

    try:
        return _as_text(b32decode("".join(text.split())))
    except (binascii.Error, ValueError):
        return None


def _openssl(words: list[str], text: str) -> str | None:
    plain = any(word in ("base64", "-base64", "-a") for word in words)
    return _unbase64(text) if plain and "-d" in words and not any("aes" in word for word in words) else None


def _xxd(words: list[str], text: str) -> str | None:
    if "r" not in _letters(words):
        return None
    if "p" in _letters(words):
        digits = "".join(text.split())
    else:  # a dump: an offset, the bytes, and the text again
        digits = "".join(
            ["".join(line.partition(":")[2].partition("  ")[0].split()) for line in text.split("\n")]
        )
    try:
        return _as_text(bytes.fromhex(digits))
    except ValueError:
        return None


def _reversed(_: list[str], text: str) -> str:
    return "\n".join([line[::-1] for line in text.split("\n")])


def _turned(_: list[str], text: str) -> str:
    return "".join(reversed(text.splitlines(keepends=True)))


def _translated(words: list[str], text: str) -> str | None:
    sets = [_members(word) for word in words if word[:1] != "-" or len(word) == 1]
    letters = _letters(words)
    if "d" in letters and sets and not set("cC") & set(letters):
        return text.translate(dict.fromkeys(map(ord, sets[0])))
    if letters or len(sets) != 2 or not all(sets):  # noqa: PLR2004 - from and to
        return None
    old, new = sets
    new += new[-1] * (len(old) - len(new))
    table: dict[int, str] = {}
    for before, after in zip(old, new, strict=False):
        table[ord(before)] = after
    return text.translate(table)


def _members(words: str) -> str:
    """Return the characters of a set that ``tr`` takes: ranges, classes and escapes."""
    for name, members in _CLASSES.items():
        words = words.replace(name, members)
    found: list[str] = []
    at = 0
    while at < len(words):
        character = words[at]
        if character == "\\" and at + 1 < len(words):
            digits = words[at + 1 : at + 4]
            octal = len(digits) - len(digits.lstrip("01234567"))
            found.append(chr(int(digits[:octal], 8)) if octal else _ESCAPES.get(digits[:1], digits[:1]))
            at += 1 + max(octal, 1)
        elif words[at + 1 : at + 2] == "-" and at + 2 < len(words):
            last = min(ord(words[at + 2]), 0x17F)
            found += [chr(code) for code in range(ord(character), last + 1)]
            at += 3
        else:
            found.append(character)
            at += 1
    return "".join(found)


def _unpacked(words: list[str], text: str) -> str | None:
    """Return what a compressed text was; without ``-d`` it is packed, and no text."""
    if "d" not in _letters(words) and not any(word.startswith("--d") or word == "--unpack" for word in words):
        return None
    return _expanded(words, text)


def _expanded(_: list[str], text: str) -> str | None:
    data = text.encode("utf-8", "surrogateescape")
    if data.startswith(b"\x1f\x8b"):
        import zlib  # noqa: PLC0415 - rare

        try:
            return _as_text(zlib.decompressobj(31).decompress(data, _LONGEST))
        except zlib.error:
            return None
    if data.startswith(b"BZh"):
        import bz2  # noqa: PLC0415 - rare

        try:
            return _as_text(bz2.BZ2Decompressor().decompress(data, _LONGEST))
        except OSError:
            return None
    if data.startswith(b"\xfd7zXZ"):
        import lzma  # noqa: PLC0415 - rare

        try:
            return _as_text(lzma.LZMADecompressor(memlimit=1 << 26).decompress(data, _LONGEST))
        except lzma.LZMAError:
            return None
    return None


def _edited(words: list[str], text: str) -> str | None:
    """Return what sed makes of a text with rules such as ``s/a/b/g`` for plain texts alone."""
    if any(word.startswith("-") and word not in ("-e", "-E", "-r") for word in words):
        return None
    scripts = [word for word in words if not word.startswith("-")]
    if "-e" not in words:
        scripts = scripts[:1]
    rules = [rule.strip() for script in scripts for rule in script.split(";") if rule.strip()]
    if not rules or len(rules) > _MOST_RULES:
        return None
    for rule in rules:
        changed = _substituted(rule, text)
        if changed is None:
            return None
        text = changed[:_LONGEST]
    return text


def _substituted(rule: str, text: str) -> str | None:
    if len(rule) < 4 or rule[0] != "s":  # noqa: PLR2004 - s///
        return None
    pieces = rule[2:].split(rule[1])
    if len(pieces) != 3 or pieces[2] not in ("", "g"):  # noqa: PLR2004 - old, new and flags
        return None
    old, new, flags = pieces
    start = old.startswith("^")
    old = old.removeprefix("^")
    if not _PATTERN.isdisjoint(old) or not {"\\", "&"}.isdisjoint(new) or not (old or start):
        return None
    lines = text.split("\n")
    if (len(lines) if start else text.count(old)) * len(new) > _LONGEST:
        return None
    ends = lines[-1:] == [""]
    for at, line in enumerate(lines[:-1] if ends else lines):
        if start:
            lines[at] = new + line.removeprefix(old) if line.startswith(old) else line
        else:
            lines[at] = line.replace(old, new, -1 if flags else 1)
    return "\n".join(lines)


_TABLE: "dict[str, Callable[[list[str], str], str | None]]" = {
    "base64": _base64,
    "gbase64": _base64,
    "base32": _base32,
    "openssl": _openssl,
    "xxd": _xxd,
    "rev": _reversed,
    "tac": _turned,
    "tr": _translated,
    "rot13": lambda _, text: text.translate(_ROT13),
    "gzip": _unpacked,
    "bzip2": _unpacked,
    "xz": _unpacked,
    "gunzip": _expanded,
    "zcat": _expanded,
    "gzcat": _expanded,
    "bunzip2": _expanded,
    "bzcat": _expanded,
    "unxz": _expanded,
    "xzcat": _expanded,
    "sed": _edited,
}

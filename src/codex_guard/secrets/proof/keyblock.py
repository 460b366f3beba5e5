"""Private keys in armour: PEM, OpenSSH and PGP blocks, PuTTY files. Is it a key that stands in there?"""

from codex_guard.secrets.proof.structure import decoded

_LEAST = 32  # bytes of the shortest private key
_CUT = 64  # bytes from which a block without its rest is still a key
_TELLING = 12  # bytes that tell how a DER key starts
_DISTINCT = 12  # different bytes in 32 random ones, at the very least
_OPENSSH = b"openssh-key-v1\0"
_SSH2 = b"\x3f\x6f\xf9\xeb"
_ENCRYPTED = ("DEK-Info", "4,ENCRYPTED")
_ASCII = bytes(range(32, 127)) + b"\t\n\r"
_LABEL = r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}"
_END = r"-{4,5} ?END "
_ESCAPE = r"\\{1,4}(?:[nrt]|u000[adAD]|x0[adAD])|%0[adAD]|&#(?:1[03]|x[adAD]);"
_RUN = r"[A-Za-z0-9+/]{40}"  # what each block's first line has
_BODY = r"[A-Za-z0-9+/]{41}"  # what no header has: a fingerprint in a comment has 40


def pem(value: str) -> bool:
    r"""Check a private key block: what its base64 decodes to starts as a key does, and is long enough.

    https://www.rfc-editor.org/rfc/rfc7468 (PKCS#8), rfc8017#appendix-A.1.2 (PKCS#1), rfc5915 (SEC1),
    rfc1421#section-4.6 (an encrypted block's headers), rfc9580#section-6.2 (PGP; its checksum is one
    that readers ignore, so it proves nothing) and
    https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key (OpenSSH).

    Line ends can be ``\n`` written out, and lines can be indented, quoted or commented. Of a body
    alone, without its BEGIN line, only text and patterns are no key: an encrypted one starts anyhow, and
    the headers that would say so are not there.
    """
    text, label, _ = _block(value)
    data = _body(text)
    if not _is_binary(data):
        return False
    if not label or any(mark in text for mark in _ENCRYPTED):
        return True
    return _starts_as_key(data)


def pem_base64(value: str) -> bool:
    """Check the base64 of a private key block, as in a kubeconfig's ``client-key-data``.

    https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/. A value that
    ends where the first line of wrapped base64 does shows too little of the body, and holds.
    """
    text, label, ended = _block(_cut_decoded(value).decode("latin-1"))
    if not label:
        return False
    if ended:
        return pem(label + text)
    data = _body(text)
    return not data or any(mark in text for mark in _ENCRYPTED) or _starts_as_key(data)


def ppk(value: str) -> bool:
    """Check a PuTTY key file, or its private lines alone: no more lines than it says, of more than text.

    https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html
    """
    head, mark, rest = value.partition("Private-Lines: ")
    lines = (rest if mark else head).split()
    if mark:
        said = lines[0] if lines and len(lines[0]) < 4 else ""  # noqa: PLR2004 - no key has a thousand lines
        if not (said.isascii() and said.isdigit()):
            return False
        lines, behind = lines[1 : int(said) + 1], lines[int(said) + 1 :]
        if behind and not behind[0].startswith("Private-"):
            return False
    return _is_binary(decoded("".join(lines)))


def _block(value: str) -> tuple[str, str, bool]:
    """Return what is inside a block, its BEGIN line ("" without one), and whether its END is there."""
    import re  # noqa: PLC0415 - only these formats need it

    text = re.sub(_ESCAPE, "\n", value)
    begin = re.search(_LABEL, text)
    if begin:
        text = text[begin.end() :]
    end = re.search(_END, text)
    return text[: end.start()] if end else text, begin[0] if begin else "", bool(end)


def _body(text: str) -> bytes:
    """Decode the base64 in a block, past its headers and whatever quotes, indents or comments its lines.

    Nothing where no line has the 40 characters that a block's first line has.
    """
    import re  # noqa: PLC0415 - only these formats need it

    lines = [line for line in text.splitlines() if ": " not in line or re.search(_BODY, line)]
    text = "\n".join(lines)
    first = re.search(_RUN, text)
    pieces = []
    for run in re.finditer(r"=?[A-Za-z0-9+/]+={0,2}", text[first.start() :] if first else ""):
        if run[0].startswith("="):  # the checksum of a PGP block
            break
        pieces.append(run[0])
        if run[0].endswith("="):
            break
    # A "+" between quoted lines, or a diff's before each, is no base64 where the body starts.
    return _cut_decoded("".join(piece for piece in pieces if piece.strip("+/=")).lstrip("+/"))


def _cut_decoded(text: str) -> bytes:
    """Decode base64 that can end anywhere: a last character on its own says nothing."""
    body = text.rstrip("=")
    return decoded(body[:-1] if len(body) % 4 == 1 else body)


def _is_binary(data: bytes) -> bool:
    """Say whether ``data`` is long enough for a key, and neither text nor a pattern."""
    return len(data) >= _LEAST and len(set(data)) >= _DISTINCT and bool(data.translate(None, _ASCII))


def _starts_as_key(data: bytes) -> bool:
    """Say whether ``data`` starts as an OpenSSH, SSH2, PGP or DER private key."""
    if data.startswith((_OPENSSH, _SSH2)):
        return True
    if len(data) < _TELLING:
        return False
    # A PGP packet of tag 5, a secret key, or 7, a secret subkey; in the old form or the new.
    if data[0] & 0xFC in {0x94, 0x9C} or data[0] in {0xC5, 0xC7}:
        return True
    return _is_der_key(data)


def _is_der_key(data: bytes) -> bool:
    """Say whether ``data`` is a DER sequence of a version and a key, or of an encryption and its result.

    The sequence fits the data, or the data is the first ``_CUT`` bytes of it or more.
    """
    if data[0] != 0x30:  # noqa: PLR2004 - SEQUENCE
        return False
    digits = data[1] & 0x7F if data[1] & 0x80 else 0
    if digits > 4 or data[1] == 0x80:  # noqa: PLR2004 - no key has more, and none is of unknown length
        return False
    start = 2 + digits
    size = int.from_bytes(data[2:start], "big") if digits else data[1]
    if len(data) < min(start + size, _CUT):
        return False
    inner = data[start:]
    if inner[:2] == b"\x02\x01":  # a version: PKCS#8 and PKCS#1 have 0 or 1, SEC1 has 1
        return inner[2:3] in {b"\0", b"\x01"} and inner[3:4] in {b"\x30", b"\x02", b"\x04"}
    return inner[:1] == b"\x30" and b"\x06" in inner[2:4]  # an algorithm, whose first is its name

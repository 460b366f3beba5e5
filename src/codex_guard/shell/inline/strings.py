"""Literals of every language: where they end, what they say, and the code that is put into them."""

from codex_guard.record import Record

_LETTERS = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "e": "\x1b",
    "0": "\0",
}
_HEX = frozenset("0123456789abcdefABCDEF")
_LAST = 0x10FFFF  # of Unicode
_OCTAL = frozenset("01234567")
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_OPENING_CODE = {"python": "{", "node": "${", "ruby": "#{"}
#: Languages whose double quotes fill in ``$name``.
SIGILS = frozenset(("perl", "php"))


class Literal(Record):
    """A literal that ends before ``end``; ``kind`` as of its token; ``parts`` are (whether code, text)."""

    kind: str
    parts: tuple[tuple[bool, str], ...]
    end: int


def word(text: str, at: int) -> int:
    """Return where the name that begins at ``at`` ends."""
    while at < len(text) and (text[at].isalnum() or text[at] == "_"):
        at += 1
    return at


def literal(language: str, text: str, at: int) -> Literal | None:
    """Return the quoted literal that begins with a quote at ``at``."""
    quote = text[at]
    if language == "python" and text.startswith(quote * 3, at):
        return quoted(language, text, at, quote * 3, fills=False)
    if language == "lua" and quote == "[":
        return _long_bracket(text, at)
    if quote == "`":
        if language not in ("perl", "ruby", "php", "node"):
            return None
        found = quoted(language, text, at, quote, fills=True)
        return found if language == "node" else found.replace(kind="run")
    if quote == "'" and language in ("awk", "osascript"):
        return None
    fills = quote == '"' and language in ("perl", "ruby", "php")
    return quoted(language, text, at, quote, fills=fills)


def prefixed(text: str, at: int) -> Literal | None:
    """Return Python's literal behind a prefix such as ``rb`` or ``f``."""
    end = at
    while end < at + 3 and text[end : end + 1] and text[end] in "rRbBuUfFtT":
        end += 1
    if text[end : end + 1] not in ("'", '"'):
        return None
    prefix = text[at:end].lower()
    quote = text[end] * (3 if text.startswith(text[end] * 3, end) else 1)
    return quoted("python", text, end, quote, fills="f" in prefix or "t" in prefix, escapes="r" not in prefix)


def quoted(
    language: str, text: str, at: int, quote: str, *, fills: bool, escapes: bool = True, kind: str = "text"
) -> Literal:
    """Read from the opening ``quote`` at ``at``; one that is never closed ends with its line or the text."""
    start = at + len(quote)
    close = _CLOSING.get(quote, quote)
    end = _end(
        text,
        start,
        quote,
        close,
        nests=quote in _CLOSING,
        code=_OPENING_CODE.get(language, "") if fills and language != "python" else "",
    )
    one_line = len(quote) == 1 and quote != "`" and language in ("python", "node", "lua", "awk")
    if one_line and "\n" in text[start:end] and "\\\n" not in text[start:end]:
        end = text.index("\n", start)
    body = text[start:end]
    after = end + len(close) if text.startswith(close, end) else end
    few = quote == "'" and language in ("perl", "ruby", "php")
    parts = _parts(language, body, few=few, escapes=escapes) if fills else None
    if parts is None:
        parts = ((False, unescaped(body, few=few) if escapes and "\\" in body else body),)
    return Literal(kind, parts, after)


def _end(text: str, start: int, quote: str, close: str, *, nests: bool, code: str) -> int:
    if not nests and not code:
        at = start
        while True:
            at = text.find(close, at)
            if at < 0:
                return len(text)
            before = at - 1
            while before >= start and text[before] == "\\":
                before -= 1
            if (at - before) % 2:
                return at
            at += 1
    depth, at = 0, start
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == close and not depth:
            return at
        elif nests and text[at] in (quote, close):
            depth += 1 if text[at] == quote else -1
        elif code and (text.startswith(code, at) or (depth and text[at] in "{}")):
            depth += -1 if text[at] == "}" else 1
            at += text[at] == code[0]
        at += 1
    return len(text)


def _long_bracket(text: str, at: int) -> Literal | None:
    end = at + 1
    while text.startswith("=", end):
        end += 1
    if not text.startswith("[", end):
        return None
    close = "]" + "=" * (end - at - 1) + "]"
    stop = text.find(close, end)
    stop = len(text) if stop < 0 else stop
    return Literal("text", ((False, text[end + 1 : stop]),), min(stop + len(close), len(text)))


def unescaped(body: str, *, few: bool = False) -> str:
    """Undo backslashes; ``few``: only those before a quote or another backslash."""
    out: list[str] = []
    at = 0
    while (backslash := body.find("\\", at)) >= 0 and backslash + 1 < len(body):
        out.append(body[at:backslash])
        letter = body[backslash + 1]
        at = backslash + 2
        if few:
            out.append(letter if letter in "'\\" else "\\" + letter)
        elif letter in "xuU":
            said, at = _code_point(body, at, {"x": 2, "u": 4, "U": 8}[letter])
            out.append(said or letter)
        elif letter in _OCTAL:
            end = at
            while end < at + 2 and body[end : end + 1] and body[end] in _OCTAL:
                end += 1
            out.append(chr(int(body[at - 1 : end], 8)))
            at = end
        elif letter != "\n":
            out.append(_LETTERS.get(letter, letter))
    out.append(body[at:])
    return "".join(out)


def _code_point(body: str, at: int, digits: int) -> tuple[str, int]:
    braced = body.startswith("{", at)
    start = end = at + braced
    while end < start + 8 and body[end : end + 1] and body[end] in _HEX and (braced or end < start + digits):
        end += 1
    number = int(body[start:end] or "0", 16)
    after = end + (braced and body.startswith("}", end))
    return (chr(number) if end > start and number <= _LAST else ""), after


def _parts(language: str, body: str, *, few: bool, escapes: bool) -> tuple[tuple[bool, str], ...] | None:
    """Split a literal into what it says and the code that is filled in; None where there is none."""
    if ("$" if language in SIGILS else _OPENING_CODE.get(language, "")) not in body and "@{[" not in body:
        return None
    found: list[tuple[bool, str]] = []
    at = start = 0
    while at < len(body):
        if body[at] == "\\" and escapes:
            at += 2
            continue
        code, end = _filled(language, body, at)
        if end > at:
            found += [(False, body[start:at]), (code != "", code)]
            at = start = end
        else:
            at += 1
    found.append((False, body[start:]))
    undone = [(code, each if code or not escapes else unescaped(each, few=few)) for code, each in found]
    return tuple([(code, each) for code, each in undone if each])


def _filled(language: str, body: str, at: int) -> tuple[str, int]:
    """Return the code that is filled in at ``at`` and where it ends; ``at`` itself where there is none."""
    if language == "python":
        if body.startswith("}}", at):
            return "'}'", at + 2
        if body[at] != "{":
            return "", at
        if body.startswith("{{", at):
            return "'{'", at + 2
        return _braced(body, at + 1)
    if language in _OPENING_CODE:
        return _braced(body, at + 2) if body.startswith(_OPENING_CODE[language], at) else ("", at)
    if body.startswith(("{$", "${"), at) and (language == "php" or body[at] == "$"):
        code, end = _braced(body, at + (1 if body[at] == "{" else 2))
        return (code if code.startswith("$") else "$" + code), end
    if body.startswith("@{[", at):
        return _braced(body, at + 2)
    if (
        body[at] == "$"
        and body[at + 1 : at + 2]
        and (body[at + 1].isalpha() or body[at + 1] in "_0123456789")
    ):
        end = word(body, at + 1)
        while body.startswith(("[", "{", "->[", "->{"), end):
            stop = body.find("]" if "[" in body[end : end + 3].strip("->")[:1] else "}", end)
            if stop < 0:
                break
            end = stop + 1
        return body[at:end], end
    return "", at


def _braced(body: str, at: int) -> tuple[str, int]:
    """Return the code up to the brace that closes what is open at ``at``, and where it ends."""
    depth, end = 0, at
    while end < len(body) and (depth or body[end] != "}"):
        depth += (body[end] == "{") - (body[end] == "}")
        end += 1
    return body[at:end] or " ", min(end + 1, len(body))

"""What ``echo`` and ``printf`` print, so that text piped into a shell or a file is known."""

_LETTERS = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v",
    "\\": "\\",
}  # fmt: skip
_QUOTES = {"'": "'", '"': '"', "?": "?"}
_HEX = frozenset("0123456789abcdefABCDEF")
_OCTAL = frozenset("01234567")


def printed(argv: list[str]) -> str | None:
    """Return what ``echo`` or ``printf`` with these arguments prints; None where that is not known."""
    if argv[:1] == ["echo"]:
        return _echo(argv[1:])
    if argv[:1] == ["printf"]:
        rest = argv[2:] if argv[1:2] == ["--"] else argv[1:]
        # An option stores the text in a variable instead: `printf -v name`.
        return _printf(rest[0], rest[1:]) if rest and not rest[0].startswith("-") else None
    return None


def _echo(words: list[str]) -> str:
    newline, escapes, at = "\n", False, 0
    while at < len(words) and words[at][:1] == "-" and words[at][1:] and not set(words[at][1:]) - set("neE"):
        for letter in words[at][1:]:
            if letter == "n":
                newline = ""
            else:
                escapes = letter == "e"
        at += 1
    text = " ".join(words[at:])
    if not escapes:
        return text + newline
    text, stopped = _escaped(text, _LETTERS)
    return text if stopped else text + newline


def _printf(template: str, arguments: list[str]) -> str | None:
    """Return printf's output for the plain directives ``%s``, ``%b``, ``%d``, ``%i``, ``%u`` and ``%%``."""
    pieces = _directives(template)
    if pieces is None:
        return None
    takes = sum(1 for kind, _ in pieces if kind not in ("", "%"))
    out: list[str] = []
    at = 0
    while True:
        for kind, text in pieces:
            if kind in ("", "%"):
                out.append(text)
                continue
            given = arguments[at] if at < len(arguments) else ""
            at += 1
            out.append(_escaped(given, _LETTERS)[0] if kind == "b" else given)
        if not takes or at >= len(arguments):
            return "".join(out)


def _directives(template: str) -> list[tuple[str, str]] | None:
    """Split a template into texts, which have no kind, and directives; None where one is not plain."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(template):
        sign = template.find("%", at)
        stop = len(template) if sign < 0 else sign
        if stop > at:
            found.append(("", _escaped(template[at:stop], _LETTERS | _QUOTES)[0]))
        if sign < 0:
            break
        kind = template[sign + 1 : sign + 2]
        if kind not in ("s", "b", "d", "i", "u", "%"):
            return None
        found.append((kind, "%" if kind == "%" else ""))
        at = sign + 2
    return found


def _escaped(text: str, letters: dict[str, str]) -> tuple[str, bool]:
    r"""Decode backslashes, and say whether ``\c`` has ended the output."""
    if "\\" not in text:
        return text, False
    out: list[str] = []
    at = 0
    while at < len(text):
        backslash = text.find("\\", at)
        if backslash < 0 or backslash + 1 == len(text):
            out.append(text[at:])
            break
        out.append(text[at:backslash])
        letter = text[backslash + 1]
        at = backslash + 2
        if letter == "c":
            return "".join(out), True
        if letter in "01234567" or letter == "x":
            digits, first = (_HEX, at) if letter == "x" else (_OCTAL, at - 1)
            most = first + (2 if letter == "x" else 4 if letter == "0" else 3)
            end = first
            while end < min(most, len(text)) and text[end] in digits:
                end += 1
            number = text[first:end]
            out.append(chr(int(number, 16 if letter == "x" else 8)) if number else "\\x")
            at = max(end, at)
        else:
            out.append(letters.get(letter, "\\" + letter))
    return "".join(out), False

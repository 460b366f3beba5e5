"""Words: quotes, escapes and expansions, character by character."""

from codex_guard.shell.errors import ParseError
from codex_guard.shell.tree import Expansion, Literal, Part, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.parser import Parser

BLANK = frozenset(" \t")
META = frozenset(" \t\n|&;()<>")
_ACTIVE = frozenset("\\'\"$`")
_BRACE = frozenset("}")
_NAME_START = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_NAME = _NAME_START | frozenset("0123456789")
_SPECIAL = frozenset("0123456789@*#?-$!")
_SIMPLE_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
_NUMERIC = {"x": (16, 2), "u": (16, 4), "U": (16, 8)}
_HEXDIGITS = "0123456789abcdefABCDEF"


class WordReader:
    """Reads words at the parser's position. Mixed into the parser, which owns text and position."""

    def __init__(self, parser: "Parser") -> None:
        self.parser = parser

    def word(self) -> Word:
        """Read one word; it has no parts where none begins here."""
        parser = self.parser
        start = parser.at
        parts = self._parts(META, quoted=False)
        return Word(parts, start, parser.at)

    def heredoc_parts(self) -> tuple[Part, ...]:
        """Read the whole text as the body of a heredoc that expands."""
        return self._double(closing="")

    def _parts(  # noqa: C901 - one character decides, and a dispatch table would cost twice the time
        self, stops: frozenset[str], *, quoted: bool
    ) -> tuple[Part, ...]:
        """Read parts up to an unquoted character of ``stops`` or the end."""
        parser, text = self.parser, self.parser.text
        parts: list[Part] = []
        plain: list[str] = []

        def flush() -> None:
            if plain:
                parts.append(Literal("".join(plain), quoted))
                plain.clear()

        while parser.at < parser.end:
            character = text[parser.at]
            if character in "<>" and character in stops and text.startswith("(", parser.at + 1):
                flush()
                parts.append(self._process())
            elif character in stops:
                # An extended pattern, +(a|b), goes on through its parentheses.
                if character == "(" and plain and plain[-1][-1:] in "?*+@!" and stops is META:
                    plain.append(self._pattern_group())
                    continue
                break
            elif character == "\\":
                flush()
                parser.at += 2
                following = text[parser.at - 1 : parser.at] if parser.at <= parser.end else "\\"
                parser.at = min(parser.at, parser.end)
                if following != "\n":
                    parts.append(Literal(following, quoted=True))
            elif character == "'" and not quoted:
                flush()
                parser.at += 1
                parts.append(Literal(parser.until("'"), quoted=True))
            elif character == '"':
                flush()
                parser.at += 1
                parts.extend(self._double(closing='"') or (Literal("", quoted=True),))
            elif character == "$":
                part = self._dollar(quoted=quoted)
                if isinstance(part, str):
                    plain.append(part)
                else:
                    flush()
                    parts.extend(part)
            elif character == "`":
                flush()
                parts.append(self._backticks(quoted=quoted))
            else:
                start = parser.at
                parser.at += 1  # a single quote between double ones is text
                while (
                    parser.at < parser.end and text[parser.at] not in stops and text[parser.at] not in _ACTIVE
                ):
                    parser.at += 1
                plain.append(text[start : parser.at])
        flush()
        return tuple(parts)

    def _double(self, closing: str) -> tuple[Part, ...]:
        """Read what double quotes hold, up to and with ``closing`` (or the end, for a heredoc)."""
        parser, text = self.parser, self.parser.text
        parts: list[Part] = []
        plain: list[str] = []
        while parser.at < parser.end:
            character = text[parser.at]
            if character == closing:
                parser.at += 1
                break
            if character == "\\":
                following = text[parser.at + 1 : parser.at + 2]
                parser.at += 1 + len(following)
                if following == "\n":
                    continue
                keeps_backslash = following not in ("$", "`", "\\", closing or "\\")
                plain.append("\\" + following if keeps_backslash else following)
            elif character in "$`":
                part: str | tuple[Part, ...]
                if character == "$":
                    part = self._dollar(quoted=True)
                else:
                    part = (self._backticks(quoted=True, escaped=closing),)
                if isinstance(part, str):
                    plain.append(part)
                else:
                    if plain:
                        parts.append(Literal("".join(plain), quoted=True))
                        plain.clear()
                    parts.extend(part)
            else:
                start = parser.at
                while parser.at < parser.end and text[parser.at] not in '\\$`"':
                    parser.at += 1
                if parser.at == start:  # a double quote in a heredoc
                    parser.at += 1
                plain.append(text[start : parser.at])
        else:
            if closing:
                raise ParseError("a double quote is not closed")
        if plain:
            parts.append(Literal("".join(plain), quoted=True))
        return tuple(parts)

    def _dollar(self, *, quoted: bool) -> "str | tuple[Part, ...]":
        """Read what follows a ``$``: parts, or the text itself where it is only a dollar sign."""
        parser, text, start = self.parser, self.parser.text, self.parser.at
        following = text[start + 1 : start + 2]
        if following == "'" and not quoted:
            parser.at += 2
            return (Literal(self._ansi_c(), quoted=True),)
        if following == '"' and not quoted:
            parser.at += 2
            return self._double(closing='"') or (Literal("", quoted=True),)
        if following == "(":
            return (self._substitution(quoted=quoted),)
        if following == "{":
            return (self._braced(quoted=quoted),)
        if following and following in _NAME_START:
            end = start + 2
            while end < parser.end and text[end] in _NAME:
                end += 1
            parser.at = end
            return (Expansion("parameter", text[start:end], text[start + 1 : end], quoted=quoted),)
        if following and following in _SPECIAL:
            parser.at = start + 2
            return (Expansion("parameter", text[start : start + 2], following, quoted=quoted),)
        parser.at = start + 1
        return "$"

    def _substitution(self, *, quoted: bool) -> Expansion:
        """Read ``$((…))`` or ``$(…)``."""
        parser, start = self.parser, self.parser.at
        if parser.text.startswith("$((", start):
            arithmetic = parser.arithmetic(start + 3)
            if arithmetic is not None:
                source = parser.text[start : parser.at]
                return Expansion("arithmetic", source, parts=arithmetic, quoted=quoted)
        parser.at = start + 2
        script = parser.nested(")")
        return Expansion("command", parser.text[start : parser.at], script=script, quoted=quoted)

    def _process(self) -> Expansion:
        parser, start = self.parser, self.parser.at
        parser.at += 2
        script = parser.nested(")")
        return Expansion("process", parser.text[start : parser.at], script=script)

    def _backticks(self, *, quoted: bool, escaped: str = "") -> Expansion:
        """Read a backquoted command: it is a text of its own once its escapes are off.

        ``escaped``: the quote around it, which has a backslash within.
        """
        parser, text, start = self.parser, self.parser.text, self.parser.at
        at, inner = start + 1, []
        while at < parser.end and text[at] != "`":
            if text[at] == "\\" and text[at + 1 : at + 2] in ("`", "\\", "$", escaped or "$"):
                at += 1
            inner.append(text[at : at + 1])
            at += 1
        if at >= parser.end:
            raise ParseError("a backquote is not closed")
        parser.at = at + 1
        script = parser.inner("".join(inner))
        return Expansion("command", text[start : parser.at], script=script, quoted=quoted)

    def _braced(self, *, quoted: bool) -> Expansion:
        """Read ``${…}``: the name, and any operator's word as parts."""
        parser, text, start = self.parser, self.parser.text, self.parser.at
        parser.enter()
        at = start + 2
        if text[at : at + 1] == "!" or (text[at : at + 1] == "#" and text[at + 1 : at + 2] != "}"):
            at += 1
        begin = at
        while at < parser.end and text[at] in _NAME:
            at += 1
        if at == begin and text[at : at + 1] in _SPECIAL:
            at += 1
        name = text[begin:at] if begin == start + 2 else None
        parser.at = at
        parts = self._parts(_BRACE, quoted=quoted)
        if text[parser.at : parser.at + 1] != "}":
            raise ParseError("a ${ is not closed")
        plain = parser.at == at
        parser.at += 1
        parser.leave()
        source = text[start : parser.at]
        return Expansion("parameter", source, name if plain else None, parts=parts, quoted=quoted)

    def _pattern_group(self) -> str:
        """Read the parentheses of an extended pattern as plain text."""
        parser, text, start = self.parser, self.parser.text, self.parser.at
        depth = 0
        while parser.at < parser.end:
            character = text[parser.at]
            parser.at += 1
            depth += (character == "(") - (character == ")")
            if character == "\n":
                break
            if depth == 0:
                return text[start : parser.at]
        raise ParseError("a pattern's parenthesis is not closed")

    def _ansi_c(self) -> str:
        """Read the rest of ``$'…'`` and decode its escapes."""
        parser, text = self.parser, self.parser.text
        out: list[str] = []
        while parser.at < parser.end:
            character = text[parser.at]
            parser.at += 1
            if character == "'":
                return "".join(out)
            if character != "\\":
                out.append(character)
                continue
            escape = text[parser.at : parser.at + 1]
            parser.at += 1
            if escape in _NUMERIC:
                base, most = _NUMERIC[escape]
                out.append(self._number(base, most, _HEXDIGITS) or "\\" + escape)
            elif escape and escape in "01234567":
                parser.at -= 1
                out.append(self._number(8, 3, "01234567"))
            elif escape == "c":
                control = text[parser.at : parser.at + 1]
                parser.at += 1
                out.append(chr(ord(control) & 0x1F) if control else "")
            else:
                out.append(_SIMPLE_ESCAPES.get(escape, "\\" + escape))
        raise ParseError("a $' is not closed")

    def _number(self, base: int, most: int, digits: str) -> str:
        parser, text, start = self.parser, self.parser.text, self.parser.at
        while parser.at < min(parser.end, start + most) and text[parser.at] in digits:
            parser.at += 1
        if parser.at == start:
            return ""
        code = int(text[start : parser.at], base)
        return chr(code) if code <= 0x10FFFF else ""  # noqa: PLR2004 - Unicode's last

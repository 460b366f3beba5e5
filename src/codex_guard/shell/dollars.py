"""Expansions: what begins with a ``$``, a backquote or a process substitution's bracket."""

from codex_guard.shell.errors import ParseError
from codex_guard.shell.tree import Expansion, Literal, Part, Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.parser import Parser
    from codex_guard.shell.words import WordReader

_BRACE = frozenset("}")
_OPERATORS = (
    ":-", ":=", ":?", ":+", "##", "%%", "//", "/#", "/%", "^^", ",,", "~~",
    "-", "=", "?", "+", "#", "%", "/", ":", "^", ",", "~", "@",
)  # fmt: skip
_NAME_START = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_NAME = _NAME_START | frozenset("0123456789")
_SPECIAL = frozenset("0123456789@*#?-$!")
_SIMPLE_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
_NUMERIC = {"x": (16, 2), "u": (16, 4), "U": (16, 8)}
_HEXDIGITS = "0123456789abcdefABCDEF"


class DollarReader:
    """Reads expansions at the parser's position; ``words`` reads what is in them."""

    def __init__(self, parser: "Parser", words: "WordReader") -> None:
        self.parser = parser
        self.words = words

    def dollar(self, *, quoted: bool, ansi: bool) -> "str | tuple[Part, ...]":
        """Read what follows a ``$``: parts, or the text itself where it is only a dollar sign.

        ``ansi``: whether ``$'…'`` is a quote here, as it is but directly between double quotes.
        """
        parser, text, start = self.parser, self.parser.text, self.parser.at
        parser.spend(2)
        following = text[start + 1 : start + 2]
        behind = start + 2
        if following == "\\":
            following, behind = parser.ahead(2)[1:], parser.past(2)
        if following == "'" and ansi:
            parser.at = behind
            return (Literal(self._ansi_c(), True),)
        if following == '"' and not quoted:
            parser.at = behind
            return self.words.double(closing='"') or (Literal("", True),)
        if following == "(":
            return (self._substitution(quoted=quoted),)
        if following == "{":
            return (self._braced(quoted=quoted),)
        if following == "[":
            parser.at = behind
            parts = self.words.balanced("[]", quoted=True)
            parser.at += 1
            return (_expansion("arithmetic", text[start : parser.at], None, parts, quoted=quoted),)
        if following and following in _NAME_START:
            name = self._name(behind - 1)
        elif following and following in _SPECIAL:
            parser.at, name = behind, following
        else:
            parser.at = start + 1
            return "$"
        source = text[start : parser.at]
        return (Expansion("parameter", source, name, None, (), quoted, name, "", None, "", ()),)

    def _name(self, start: int) -> str:
        """Read a name, whose letters may stand on several lines."""
        parser, text, at = self.parser, self.parser.text, start
        while at < parser.end and text[at] in _NAME:
            at += 1
            if text.startswith("\\\n", at):
                at = parser.joined(at)
        parser.at = at
        return text[start:at].replace("\\\n", "")

    def _substitution(self, *, quoted: bool) -> Expansion:
        """Read ``$((…))`` or ``$(…)``."""
        parser, start = self.parser, self.parser.at
        if parser.ahead(3) == "$((":
            arithmetic = parser.arithmetic(parser.past(3))
            if arithmetic is not None:
                source = parser.text[start : parser.at]
                return _expansion("arithmetic", source, None, arithmetic, quoted=quoted)
        parser.step(2)
        script = parser.substitution(")")
        return _expansion("command", parser.text[start : parser.at], script, quoted=quoted)

    def process(self) -> Expansion:
        """Read ``<(…)`` or ``>(…)``."""
        parser, start = self.parser, self.parser.at
        parser.at += 2
        script = parser.substitution(")")
        return _expansion("process", parser.text[start : parser.at], script, quoted=False)

    def backticks(self, *, quoted: bool, escaped: str = "") -> Expansion:
        """Read a backquoted command: it is a text of its own once its escapes are off.

        ``escaped``: the quote around it, which has a backslash within.
        """
        parser, text, start = self.parser, self.parser.text, self.parser.at
        at, inner = start + 1, list[str]()
        while True:
            closing = text.find("`", at, parser.end)
            if closing < 0:
                raise ParseError("a backquote is not closed")
            backslash = text.find("\\", at, closing)
            if backslash < 0:
                inner.append(text[at:closing])
                break
            following = text[backslash + 1 : backslash + 2]
            kept = following not in ("`", "\\", "$", escaped or "$")
            inner.append(text[at : backslash + kept])
            inner.append(following)
            at = backslash + 1 + len(following)
        parser.at = closing + 1
        script = parser.inner("".join(inner))
        return _expansion("command", text[start : parser.at], script, quoted=quoted)

    def _braced(self, *, quoted: bool) -> Expansion:
        """Read ``${…}``: the name, an index, and any operator with its word as parts."""
        parser, text, start = self.parser, self.parser.text, self.parser.at
        parser.enter()
        parser.step(2)
        if text[parser.at : parser.at + 1] in tuple(" \t\n|"):
            return self._run(start, quoted=quoted)
        prefix = self._prefix()
        begin = parser.at = parser.joined(parser.at)
        name = self._name(begin)
        if parser.at == begin and text[begin : begin + 1] in _SPECIAL:
            parser.at, name = begin + 1, text[begin : begin + 1]
        behind = parser.at = parser.joined(parser.at)
        parts: tuple[Part, ...] = ()
        index = None
        if text.startswith("[", behind) and name:
            parser.at += 1
            parts = (Literal("[", quoted), *self.words.balanced("[]}", quoted=quoted))
            if text.startswith("]", parser.at):  # and not the brace, before which bash finds no index
                index = text[behind + 1 : parser.at]
                parser.at += 1
                parts = (*parts, Literal("]", quoted))
        operator = next((each for each in _OPERATORS if parser.ahead(2).startswith(each)), "")
        operand: tuple[Part, ...] = ()
        if operator:
            parser.step(len(operator))
            # A pattern's quotes are its own, double quotes around the whole or not.
            operand = self.words.parts(_BRACE, quoted=quoted and operator[0] not in "#%/^,~")
            parts = (*parts, Literal(operator, quoted), *operand)
        else:
            parts += self.words.parts(_BRACE, quoted=quoted)
        if text[parser.at : parser.at + 1] != "}":
            raise ParseError("a ${ is not closed")
        plain = parser.at == behind and not prefix
        parser.at += 1
        parser.leave()
        return Expansion(
            "parameter", text[start : parser.at], name if plain else None, None, parts, quoted,
            name, prefix, index, operator, operand,
        )  # fmt: skip

    def _prefix(self) -> str:
        """Read the ``!`` of ``${!x}`` or the ``#`` of ``${#x}``, where it is no name itself."""
        parser = self.parser
        three = parser.ahead(3)
        first, second = three[:1], three[1:2]
        # ${##} is how long $# is, and ${##a} is $# without an a before it.
        named = second in _NAME or second in ("@", "*")
        special = second in _SPECIAL and (first == "!" or three[2:] == "}")
        if first not in ("!", "#") or not (named or special):
            return ""
        parser.step(1)
        return first

    def _run(self, start: int, *, quoted: bool) -> Expansion:
        """Read ``${ …; }``, which newer bashes run as commands."""
        parser = self.parser
        parser.at += parser.text[parser.at] == "|"
        script = parser.substitution("}")
        parser.leave()
        return _expansion("command", parser.text[start : parser.at], script, quoted=quoted)

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


def _expansion(
    kind: str, source: str, script: Script | None, parts: tuple[Part, ...] = (), *, quoted: bool
) -> Expansion:
    """Return an expansion of no parameter. Every field is given: that is how a record is made fastest."""
    return Expansion(kind, source, None, script, parts, quoted, "", "", None, "", ())

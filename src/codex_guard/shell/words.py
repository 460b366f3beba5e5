"""Words: quotes, escapes and expansions, character by character."""

from codex_guard.shell.cursor import BLANK, META
from codex_guard.shell.dollars import DollarReader
from codex_guard.shell.errors import ParseError
from codex_guard.shell.tree import Literal, Part, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.parser import Parser

_ACTIVE = frozenset("\\'\"$`")
_SPECIAL = META | _ACTIVE
_ENDS = frozenset(" \t\n|&;)")
_PAIRS = {"()": frozenset("()"), "[]": frozenset("[]"), "[]}": frozenset("[]}")}


class WordReader:
    """Reads words at the parser's position. Mixed into the parser, which owns text and position."""

    def __init__(self, parser: "Parser") -> None:
        self.parser = parser
        self.dollars = DollarReader(parser, self)

    def word(self) -> Word:
        """Read one word; it has no parts where none begins here."""
        parser, text = self.parser, self.parser.text
        start = at = parser.at
        while at < parser.end and text[at] not in _SPECIAL:
            at += 1
        if at > start and (at == parser.end or text[at] in _ENDS):  # most words are plain, and read at once
            parser.at = at
            parser.spend(1)
            return Word((Literal(text[start:at], False),), start, at)
        parts = self.parts(META, quoted=False)
        return Word(parts, start, parser.at)

    def heredoc_parts(self) -> tuple[Part, ...]:
        """Read the whole text as the body of a heredoc that expands."""
        return self.double(closing="")

    def balanced(self, pair: str, *, quoted: bool) -> tuple[Part, ...]:
        """Read parts up to the closing character of ``pair`` that belongs to an opening one before.

        A third character in ``pair`` ends them at any depth.
        """
        parser = self.parser
        parts: list[Part] = []
        depth = 0
        while True:
            parts.extend(self.parts(_PAIRS[pair], quoted=quoted))
            if parser.at >= parser.end:
                raise ParseError(f"a {pair[1]} is missing")
            character = parser.text[parser.at]
            if character == pair[2:] or (character == pair[1] and depth == 0):
                return tuple(parts)
            depth += 1 if character == pair[0] else -1
            parser.spend(1)
            parts.append(Literal(character, quoted))
            parser.at += 1

    def parts(  # noqa: C901, PLR0915 - one character decides, and a dispatch table would cost twice the time
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
                parts.append(self.dollars.process())
            elif character in stops:
                # An extended pattern, +(a|b), goes on through its parentheses.
                if (
                    character == "("
                    and plain
                    and plain[-1][-1:] in "?*+@!"
                    and stops is META
                    and not self._empty()
                ):
                    plain.append("(")
                    flush()
                    parser.at += 1
                    parts.extend(self.balanced("()", quoted=quoted))
                    plain.append(")")
                    parser.at += 1
                    continue
                break
            elif character == "\\":
                flush()
                parser.at += 2
                following = text[parser.at - 1 : parser.at] if parser.at <= parser.end else "\\"
                parser.at = min(parser.at, parser.end)
                if following != "\n":
                    parts.append(Literal(following, True))
            elif character == "'":
                flush()
                parser.at += 1
                # Between double quotes it only keeps what ends them: "${a:-'}'}"
                inner = parser.until("'")
                parts.extend(parser.expanded(f"'{inner}'") if quoted else (Literal(inner, True),))
            elif character == '"':
                flush()
                parser.at += 1
                parts.extend(self.double(closing='"') or (Literal("", True),))
            elif character == "$":
                part = self.dollars.dollar(quoted=quoted, ansi=True)
                if isinstance(part, str):
                    plain.append(part)
                else:
                    flush()
                    parts.extend(part)
            elif character == "`":
                flush()
                parts.append(self.dollars.backticks(quoted=quoted))
            else:
                start = parser.at
                parser.at += 1
                while (
                    parser.at < parser.end and text[parser.at] not in stops and text[parser.at] not in _ACTIVE
                ):
                    parser.at += 1
                plain.append(text[start : parser.at])
        flush()
        parser.spend(1 + len(parts))
        return tuple(parts)

    def double(self, closing: str) -> tuple[Part, ...]:
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
                    part = self.dollars.dollar(quoted=True, ansi=False)
                else:
                    part = (self.dollars.backticks(quoted=True, escaped=closing),)
                if isinstance(part, str):
                    plain.append(part)
                else:
                    if plain:
                        parts.append(Literal("".join(plain), True))
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
            parts.append(Literal("".join(plain), True))
        parser.spend(1 + len(parts))
        return tuple(parts)

    def _empty(self) -> bool:
        """Whether the parentheses at this position have nothing between them, and so are a function's."""
        parser, at = self.parser, self.parser.at + 1
        while at < parser.end and parser.text[at] in BLANK:
            at += 1
        return parser.text.startswith(")", at)

"""Redirections, and the heredocs whose bodies begin on the line after them."""

from codex_guard.shell.errors import ParseError
from codex_guard.shell.tree import Expansion, Heredoc, Part, Redirect, Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.parser import Parser

_OPERATORS = ("<<-", "<<<", "&>>", "<<", ">>", ">|", "<>", "<&", ">&", "&>", "<", ">")
_BEGIN = frozenset("<>&{0123456789")
_LONGEST_NAME = 64  # of the variable in {name}>file


class RedirectReader:
    """Reads redirections at the parser's position, and heredocs at the ends of its lines."""

    def __init__(self, parser: "Parser") -> None:
        self.parser = parser
        self.pending: list[Redirect] = []  # heredocs whose bodies begin at the line's end

    def all(self) -> tuple[Redirect, ...]:
        """Read the redirections behind a compound command."""
        found: list[Redirect] = []
        while True:
            self.parser.blanks()
            if not self.one(found):
                return tuple(found)

    def one(self, found: list[Redirect]) -> bool:
        """Read one redirection into ``found``; False, and no step, where none stands here."""
        parser, text, at = self.parser, self.parser.text, self.parser.at
        if at >= parser.end or text[at] not in _BEGIN:
            return False
        if text[at] == "{":
            closing = text.find("}", at, min(parser.end, at + _LONGEST_NAME))
            at = closing + 1 if closing > 0 and text[at + 1 : closing].isidentifier() else at
        else:
            while at < parser.end and text[at] in "0123456789":
                at = parser.joined(at + 1)
        before, parser.at = parser.at, at
        descriptor = text[before:at].replace("\\\n", "")
        following = parser.ahead(3)
        operator = next((o for o in _OPERATORS if following.startswith(o)), "")
        substitutes = following[:2] in ("<(", ">(")  # a process, which is a word
        if not operator or substitutes or (operator.startswith("&") and descriptor):
            parser.at = before
            return False
        parser.step(len(operator))
        parser.blanks()
        target = parser.some_word()
        parser.spend(2)
        found.append(Redirect(operator, target, descriptor, None))
        if operator in ("<<", "<<-"):
            self.pending.append(found[-1])
        return True

    def bodies(self) -> None:
        """Read the bodies of the heredocs that the line just ended has announced."""
        pending, self.pending = self.pending, []
        for redirect in pending:
            parts = redirect.target.parts
            quoted = any(part.quoted for part in parts)
            # A delimiter is text, even where it looks like an expansion.
            delimiter = "".join(part.source if isinstance(part, Expansion) else part.text for part in parts)
            strip = redirect.operator == "<<-"
            body = self._body(delimiter, strip=strip, joined=not quoted)
            inner: tuple[Part, ...] = ()
            if not quoted:
                try:
                    inner = self.parser.expanded(body)
                except ParseError:
                    inner = (Expansion("command", body, script=Script((), body)),)
            # The record was made before its body was reached, and nobody has seen it yet.
            object.__setattr__(redirect, "heredoc", Heredoc(body, not quoted, inner))

    def _body(self, delimiter: str, *, strip: bool, joined: bool) -> str:
        """Read lines up to the delimiter's; without one, to the end, as bash does.

        ``joined``: a backslash at a line's end joins the next one to it, before either can be a delimiter.
        """
        lines: list[str] = []
        while self.parser.at < self.parser.end:
            line = self._line().lstrip("\t") if strip else self._line()
            whole = [line]
            while (
                joined
                and line.endswith("\\")
                and (len(line) - len(line.rstrip("\\"))) % 2
                and self.parser.at < self.parser.end
            ):
                whole[-1] = line[:-1]
                line = self._line()
                whole.append(line)
            read = "".join(whole)
            if read == delimiter:
                break
            # Within $( ) bash also ends the body at a line that goes on, where a parenthesis closes in it.
            if self.parser.substituted and read.startswith(delimiter) and ")" in read[len(delimiter) :]:
                self._back(len(read) - len(delimiter), whole)
                break
            lines += ("\\\n".join(whole), "\n")
        self.parser.spend(1 + len(lines) // 16)
        return "".join(lines)

    def _back(self, count: int, whole: list[str]) -> None:
        """Step back to the last ``count`` characters of the line that was read."""
        parser = self.parser
        if len(whole) > 1:
            raise ParseError("a heredoc's end is on several lines")
        parser.at -= count + (parser.text[parser.at - 1] == "\n")

    def _line(self) -> str:
        parser, start = self.parser, self.parser.at
        stop = parser.text.find("\n", start, parser.end)
        stop = parser.end if stop < 0 else stop
        parser.at = min(stop + 1, parser.end)
        return parser.text[start:stop]

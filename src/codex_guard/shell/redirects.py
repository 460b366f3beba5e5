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
                at += 1
        descriptor = text[parser.at : at]
        operator = next((o for o in _OPERATORS if text.startswith(o, at)), "")
        if not operator or (operator.startswith("&") and descriptor):
            return False
        if operator in "<>" and text.startswith("(", at + 1) and not descriptor:
            return False  # a process substitution is a word
        parser.at = at + len(operator)
        parser.blanks()
        target = parser.some_word()
        found.append(Redirect(operator, target, descriptor))
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
            while joined and (len(line) - len(line.rstrip("\\"))) % 2 and self.parser.at < self.parser.end:
                whole[-1] = line[:-1]
                line = self._line()
                whole.append(line)
            if "".join(whole) == delimiter:
                break
            lines += ("\\\n".join(whole), "\n")
        return "".join(lines)

    def _line(self) -> str:
        parser, start = self.parser, self.parser.at
        stop = parser.text.find("\n", start, parser.end)
        stop = parser.end if stop < 0 else stop
        parser.at = min(stop + 1, parser.end)
        return parser.text[start:stop]

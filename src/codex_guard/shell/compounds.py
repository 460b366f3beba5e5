"""Compound commands: ``if``, ``for``, ``case``, functions and their like."""

from codex_guard.shell.errors import ParseError
from codex_guard.shell.tree import Command, Compound, Pipeline, Script, Statement, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.parser import Parser

#: The words that begin a compound command.
COMPOUNDS = frozenset(("if", "while", "until", "for", "select", "case", "function", "coproc", "[[", "{"))


class CompoundReader:
    """Reads compound commands at the parser's position, behind the word that begins them."""

    def __init__(self, parser: "Parser") -> None:
        self.parser = parser

    def read(self, kind: str, start: int) -> Compound:
        """Read the rest of a compound command of this kind, which began at ``start``."""
        parser = self.parser
        name, words, bodies = "", (), ()  # type: str, tuple[Word, ...], tuple[Script, ...]
        if kind == "{":
            bodies = (self._block("}"),)
        elif kind == "if":
            bodies = self._if()
        elif kind in ("while", "until"):
            bodies = (self._block("do"), self._block("done"))
        elif kind in ("for", "select"):
            name, words = self._loop_head()
            bodies = (self._loop_body(),)
        elif kind == "case":
            words, bodies = self._case()
        elif kind == "[[":
            words = self._test()
        elif kind == "function":
            parser.blanks()
            name = parser.plain_word()
            parser.blanks()
            before = parser.at
            if parser.text.startswith("(", before):
                parser.at += 1
                parser.blanks()
                # Without the name's own parentheses, they are the body: function f (a)
                parser.at = parser.at + 1 if parser.text.startswith(")", parser.at) else before
            return self.function(name, start)
        else:
            parser.blanks()
            return self._coprocess(start)
        return Compound(kind, words, bodies, parser.redirects.all(), start, parser.at, name)

    def function(self, name: str, start: int) -> Compound:
        """Read a function's body, which is a compound command of any kind."""
        parser = self.parser
        parser.blank_lines()
        body = parser.command()
        if isinstance(body, Command) or body.kind == "function":
            raise ParseError("a function's body is no compound command")
        script = Script((Statement(Pipeline((body,))),), None, parser.text)
        return Compound("function", (), (script,), (), start, parser.at, name)

    def _coprocess(self, start: int) -> Compound:
        parser = self.parser
        name, before = "", parser.at
        if parser.reserved() not in COMPOUNDS and parser.text[parser.at : parser.at + 1] not in tuple("(<>&"):
            given = parser.plain_word()
            parser.blanks()
            if parser.reserved() in COMPOUNDS or parser.text.startswith("(", parser.at):
                name = given
            else:
                parser.at = before
        body = Script((Statement(Pipeline((parser.command(),))),), None, parser.text)
        return Compound("coproc", (), (body,), (), start, parser.at, name)

    def _block(self, closer: str) -> Script:
        parser = self.parser
        statements = parser.statements(frozenset((closer,)))
        parser.expect_word(closer)
        if not statements:
            raise ParseError(f"{closer} has nothing before it")
        return Script(statements, None, parser.text)

    def _if(self) -> tuple[Script, ...]:
        parser = self.parser
        bodies = [self._block("then")]
        while True:
            statements = parser.statements(frozenset(("elif", "else", "fi")))
            bodies.append(Script(statements, None, parser.text))
            closer = parser.reserved()
            if closer not in ("elif", "else", "fi") or not statements:
                raise ParseError("an if is not closed")
            parser.step(len(closer))
            if closer == "else":
                bodies.append(self._block("fi"))
            if closer != "elif":
                return tuple(bodies)
            bodies.append(self._block("then"))

    def _loop_head(self) -> tuple[str, tuple[Word, ...]]:
        parser = self.parser
        parser.blanks()
        if parser.ahead(2) == "((":
            start = parser.at
            parts = parser.arithmetic(parser.past(2))
            if parts is None:
                raise ParseError("a for is not closed")
            return "", (Word(parts, start, parser.at),)
        name = parser.plain_word()
        parser.blank_lines()
        words: list[Word] = []
        if parser.reserved() == "in":
            parser.step(2)
            parser.blanks()
            while parser.at < parser.end and parser.text[parser.at] not in ";\n":
                words.append(parser.some_word())
                parser.blanks()
        return name, tuple(words)

    def _loop_body(self) -> Script:
        parser = self.parser
        parser.blanks()
        if parser.text.startswith(";", parser.at):
            parser.at += 1
        parser.blank_lines()
        if parser.reserved() == "{":
            parser.step(1)
            return self._block("}")
        parser.expect_word("do")
        return self._block("done")

    def _case(self) -> tuple[tuple[Word, ...], tuple[Script, ...]]:
        parser = self.parser
        parser.blanks()
        words, bodies = [parser.some_word()], list[Script]()
        parser.blank_lines()
        parser.expect_word("in")
        while True:
            parser.blank_lines()
            if parser.reserved() == "esac":
                parser.step(4)
                return tuple(words), tuple(bodies)
            if parser.text.startswith("(", parser.at):
                parser.at += 1
            parser.blanks()
            words.append(parser.some_word())
            parser.blanks()
            while parser.text.startswith("|", parser.at):
                parser.at += 1
                parser.blanks()
                words.append(parser.some_word())
                parser.blanks()
            parser.expect(")")
            bodies.append(Script(parser.statements(frozenset((";;", "esac"))), None, parser.text))
            for closer in (";;&", ";;", ";&"):
                if parser.ahead(3).startswith(closer):
                    parser.step(len(closer))
                    break

    def _test(self) -> tuple[Word, ...]:
        """Read ``[[ … ]]``: operators and parentheses say nothing that a judge needs."""
        parser = self.parser
        words: list[Word] = []
        while True:
            parser.blank_lines()
            if parser.at >= parser.end:
                raise ParseError("a [[ is not closed")
            if parser.reserved() == "]]":
                parser.step(2)
                return tuple(words)
            if parser.text[parser.at] in "()|&<>;" and parser.ahead(2) not in ("<(", ">("):
                parser.at += 1
            else:
                words.append(parser.some_word())

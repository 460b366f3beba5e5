"""Bash's grammar as a recursive descent, bounded in depth and linear in the text.

What stands before a mistake is kept, as bash would run it; the rest is the script's ``unparsed``.
"""

from codex_guard.shell.compounds import COMPOUNDS, CompoundReader
from codex_guard.shell.cursor import Cursor
from codex_guard.shell.errors import ParseError, TooMuchError
from codex_guard.shell.redirects import RedirectReader
from codex_guard.shell.simple import SimpleReader
from codex_guard.shell.tree import Command, Compound, Part, Pipeline, Script, Statement, Word
from codex_guard.shell.words import WordReader

_DEEPEST = 60
# What looked like (( and was ( ( is read twice, in all so much beside as long as the text: linear work.
_REREAD = 4096
_CLOSERS = frozenset(("then", "else", "elif", "fi", "do", "done", "esac", "in", "}"))
# Parts of words, of which other things count as several: a few times what the longest scripts have.
_MOST = 36_000
_COMMAND = 4
_TEXT = 4  # a text read by a parser of its own, and one more for every so many characters:
_CHARACTERS = 32


def parse(text: str) -> Script:
    """Parse a whole script."""
    return Parser(text).script()


class Parser(Cursor):
    """One text, one position; ``depth`` and ``fuel`` count on in the parsers of inner texts."""

    def __init__(self, text: str, depth: int = 0, fuel: list[int] | None = None) -> None:
        super().__init__(text)
        self.fuel = fuel if fuel is not None else [_MOST]
        self.depth = depth
        self.reread = 0
        self.substituted = 0  # how many $( and <( are open
        self.words = WordReader(self)
        self.redirects = RedirectReader(self)
        self.compounds = CompoundReader(self)
        self.simple = SimpleReader(self)

    # -- what words need -------------------------------------------------------------------------

    def enter(self) -> None:
        """Count one level of nesting more; ``leave`` counts it off. A mistake ends the whole parse."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise TooMuchError("nested too deep")

    def leave(self) -> None:
        """Count one level of nesting less."""
        self.depth -= 1

    def spend(self, count: int) -> None:
        """Count what was read. Beyond the most that is read, the rest is a mistake."""
        self.fuel[0] -= count
        if self.fuel[0] < 0:
            raise TooMuchError("too much to read")

    def nested(self, closing: str) -> Script:
        """Parse a script up to ``closing`` and step over it."""
        self.enter()
        statements = self.statements(frozenset((closing,)))
        self.expect(closing)
        self.leave()
        return Script(statements, None, self.text)

    def substitution(self, closing: str) -> Script:
        """Parse the script of a substitution, whose heredocs begin before those of the line around it."""
        around, self.redirects.pending = self.redirects.pending, []
        self.substituted += 1
        script = self.nested(closing)
        self.substituted -= 1
        self.redirects.pending += around
        return script

    def inner(self, text: str) -> Script:
        """Parse a text of its own, one level deeper."""
        self.enter()
        self.spend(_TEXT + len(text) // _CHARACTERS)
        script = Parser(text, self.depth, self.fuel).script()
        self.leave()
        return script

    def arithmetic(self, start: int) -> tuple[Part, ...] | None:
        """Read an arithmetic expression up to its ``))``; None, and no step, where it is none."""
        before, self.at = self.at, start
        self.enter()
        parts = self.words.balanced("()", quoted=True)
        self.leave()
        if self.text.startswith("))", self.at):
            self.at += 2
            return parts
        self.reread += self.at - start
        if self.reread > self.end + _REREAD:
            raise TooMuchError("too many parentheses")
        self.at = before
        return None

    def expanded(self, text: str) -> tuple[Part, ...]:
        """Return the parts of a text that expands as if between double quotes."""
        self.enter()
        self.spend(_TEXT + len(text) // _CHARACTERS)
        parts = Parser(text, self.depth, self.fuel).words.heredoc_parts()
        self.leave()
        return parts

    # -- scripts and statements ------------------------------------------------------------------

    def script(self) -> Script:
        """Parse everything; never raises."""
        statements: list[Statement] = []
        safe = 0
        try:
            while True:
                self.blank_lines()
                if self.at >= self.end:
                    return Script(tuple(statements), None, self.text)
                safe = self.at
                statements.append(self._statement())
        except (ParseError, RecursionError) as error:
            too_much = not isinstance(error, ParseError) or isinstance(error, TooMuchError)
            return Script(tuple(statements), self.text[safe:], self.text, too_much)

    def blank_lines(self) -> None:
        """Step over blanks, line ends, and the heredocs' bodies behind them."""
        while True:
            self.blanks()
            if not self.text.startswith("\n", self.at):
                return
            self.at += 1
            if self.redirects.pending:
                self.redirects.bodies()

    def statements(self, closers: frozenset[str]) -> tuple[Statement, ...]:
        """Read statements up to one of ``closers``: ``)``, ``;;`` or a reserved word."""
        statements: list[Statement] = []
        while True:
            self.blank_lines()
            if self.at >= self.end or self._closes(closers):
                return tuple(statements)
            statements.append(self._statement())

    def _closes(self, closers: frozenset[str]) -> bool:
        character = self.text[self.at]
        if character == ")":
            return True
        if character == ";":
            return ";;" in closers and self.ahead(2) in (";;", ";&")
        return self.reserved() in closers

    def _statement(self) -> Statement:
        pipeline = self._pipeline()
        self.blanks()
        two = self.ahead(2)
        if two in ("&&", "||"):
            self.step(2)
            self.blank_lines()
            if self.at >= self.end:
                raise ParseError(f"nothing stands behind {two}")
            return Statement(pipeline, two)
        if two[:1] in (";", "&") and two not in (";;", ";&"):
            self.at += 1
            return Statement(pipeline, two[0])
        if two[:1] not in ("", "\n", ")", ";"):
            # Behind a compound command a reserved word needs nothing before it: if (a) then b; fi
            closed = isinstance(pipeline.commands[-1], Compound) and self.reserved() in _CLOSERS
            if not closed:
                raise ParseError("an operator or a line's end is missing")
        return Statement(pipeline, "")

    def _pipeline(self) -> Pipeline:
        negated = False
        while (word := self.reserved()) in ("!", "time"):
            negated ^= word == "!"
            self.step(len(word or ""))
            self.blanks()
            if word == "time" and self.reserved() == "-p":
                self.step(2)
                self.blanks()
            if self.at >= self.end or (self.text[self.at] in ";\n)&" and self.ahead(2) != "&&"):
                return Pipeline(
                    (Command((), (), (), self.at, self.at),), negated
                )  # ! and time may stand alone
        commands = [self.command()]
        while True:
            self.blanks()
            two = self.ahead(2)
            if two == "||" or two[:1] != "|":
                return Pipeline(tuple(commands), negated)
            self.step(2 if two == "|&" else 1)
            self.blank_lines()
            commands.append(self.command())

    # -- commands --------------------------------------------------------------------------------

    def command(self) -> Command | Compound:
        """Read one command of any kind."""
        self.spend(_COMMAND)
        self.enter()
        command = self._any_command()
        self.leave()
        return command

    def _any_command(self) -> Command | Compound:
        start = self.at
        two = self.ahead(2)
        if two == "((":
            parts = self.arithmetic(self.past(2))
            if parts is not None:
                words = (Word(parts, start, self.at),)
                return Compound("((", words, (), self.redirects.all(), start, self.at)
        if two[:1] == "(":
            self.at += 1
            body = self.nested(")")
            if not body.statements:
                raise ParseError("a parenthesis has nothing in it")
            return Compound("(", (), (body,), self.redirects.all(), start, self.at)
        word = self.reserved()
        if word in COMPOUNDS:
            self.step(len(word))
            return self.compounds.read(word, start)
        if word in _CLOSERS:
            raise ParseError(f"{word} has nothing before it")
        return self.simple.read()

    # -- words, where they must be ---------------------------------------------------------------

    def some_word(self) -> Word:
        """Read a word, which must be there."""
        word = self.words.word()
        if not word.parts:
            raise ParseError("a word is missing")
        return word

    def plain_word(self) -> str:
        """Read a word and return it as written, for names."""
        word = self.some_word()
        return self.text[word.start : word.end]

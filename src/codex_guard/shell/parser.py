"""Bash's grammar as a recursive descent, bounded in depth and linear in the text.

What stands before a mistake is kept, as bash would run it; the rest is the script's ``unparsed``.
"""

from codex_guard.shell.compounds import COMPOUNDS, CompoundReader
from codex_guard.shell.errors import ParseError
from codex_guard.shell.redirects import RedirectReader
from codex_guard.shell.simple import SimpleReader
from codex_guard.shell.tree import Command, Compound, Part, Pipeline, Script, Statement, Word
from codex_guard.shell.words import BLANK, META, WordReader

_DEEPEST = 60
# What looked like (( and was ( ( is read twice: this often over a whole text, so that it stays linear.
_REREADS = 64
_CLOSERS = frozenset(("then", "else", "elif", "fi", "do", "done", "esac", "}"))
_LONGEST_RESERVED = 10


def parse(text: str) -> Script:
    """Parse a whole script."""
    return Parser(text).script()


class Parser:
    """One text, one position; ``depth`` counts on in the parsers of inner texts."""

    def __init__(self, text: str, depth: int = 0) -> None:
        self.text = text
        self.at = 0
        self.end = len(text)
        self.depth = depth
        self.rereads = 0
        self.words = WordReader(self)
        self.redirects = RedirectReader(self)
        self.compounds = CompoundReader(self)
        self.simple = SimpleReader(self)

    # -- what words need -------------------------------------------------------------------------

    def enter(self) -> None:
        """Count one level of nesting more; ``leave`` counts it off. A mistake ends the whole parse."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ParseError("nested too deep")

    def leave(self) -> None:
        """Count one level of nesting less."""
        self.depth -= 1

    def until(self, closing: str) -> str:
        """Return the text up to ``closing`` and step over it."""
        found = self.text.find(closing, self.at, self.end)
        if found < 0:
            raise ParseError(f"a {closing} is missing")
        text = self.text[self.at : found]
        self.at = found + len(closing)
        return text

    def nested(self, closing: str) -> Script:
        """Parse a script up to ``closing`` and step over it."""
        self.enter()
        statements = self.statements(frozenset((closing,)))
        self.expect(closing)
        self.leave()
        return Script(statements, None, self.text)

    def inner(self, text: str) -> Script:
        """Parse a text of its own, one level deeper."""
        self.enter()
        script = Parser(text, self.depth).script()
        self.leave()
        return script

    def arithmetic(self, start: int) -> tuple[Part, ...] | None:
        """Read an arithmetic expression up to its ``))``; None, and no step, where it is none."""
        depth, at = 0, start
        while at < self.end:
            character = self.text[at]
            if character == "(":
                depth += 1
            elif character == ")":
                if depth == 0:
                    break
                depth -= 1
            elif character == "\\":
                at += 1
            at += 1
        if not self.text.startswith("))", at):
            self.rereads += 1
            if self.rereads > _REREADS:
                raise ParseError("too many parentheses")
            return None
        self.at = at + 2
        return self.expanded(self.text[start:at])

    def expanded(self, text: str) -> tuple[Part, ...]:
        """Return the parts of a text that expands as if between double quotes."""
        self.enter()
        parts = Parser(text, self.depth).words.heredoc_parts()
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
        except (ParseError, RecursionError):
            return Script(tuple(statements), self.text[safe:], self.text)

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
            return ";;" in closers and self.text[self.at : self.at + 2] in (";;", ";&")
        return self.reserved() in closers

    def _statement(self) -> Statement:
        pipeline = self._pipeline()
        self.blanks()
        two = self.text[self.at : self.at + 2]
        if two in ("&&", "||"):
            self.at += 2
            self.blank_lines()
            return Statement(pipeline, two)
        if two[:1] in (";", "&") and two not in (";;", ";&"):
            self.at += 1
            return Statement(pipeline, two[0])
        if two[:1] not in ("", "\n", ")", ";"):
            raise ParseError("an operator or a line's end is missing")
        return Statement(pipeline)

    def _pipeline(self) -> Pipeline:
        negated = False
        while (word := self.reserved()) in ("!", "time"):
            negated ^= word == "!"
            self.at += len(word or "")
            self.blanks()
            if word == "time" and self.reserved() == "-p":
                self.at += 2
                self.blanks()
        commands = [self.command()]
        while True:
            self.blanks()
            if self.text.startswith("||", self.at) or not self.text.startswith("|", self.at):
                return Pipeline(tuple(commands), negated)
            self.at += 2 if self.text.startswith("|&", self.at) else 1
            self.blank_lines()
            commands.append(self.command())

    # -- commands --------------------------------------------------------------------------------

    def command(self) -> Command | Compound:
        """Read one command of any kind."""
        self.enter()
        command = self._any_command()
        self.leave()
        return command

    def _any_command(self) -> Command | Compound:
        start = self.at
        if self.text.startswith("((", start):
            parts = self.arithmetic(start + 2)
            if parts is not None:
                words = (Word(parts, start, self.at),)
                return Compound("((", words, (), self.redirects.all(), start, self.at)
        if self.text.startswith("(", start):
            self.at += 1
            body = self.nested(")")
            return Compound("(", (), (body,), self.redirects.all(), start, self.at)
        word = self.reserved()
        if word in COMPOUNDS:
            self.at += len(word)
            return self.compounds.read(word, start)
        if word in _CLOSERS:
            raise ParseError(f"{word} has nothing before it")
        return self.simple.read()

    # -- small steps -----------------------------------------------------------------------------

    def blanks(self) -> None:
        """Step over blanks, joined lines and a comment."""
        text = self.text
        while self.at < self.end:
            if text[self.at] in BLANK:
                self.at += 1
            elif text.startswith("\\\n", self.at):
                self.at += 2
            elif text[self.at] == "#" and (self.at == 0 or text[self.at - 1] in META):
                newline = text.find("\n", self.at, self.end)
                self.at = self.end if newline < 0 else newline
            else:
                return

    def blank_lines(self) -> None:
        """Step over blanks, line ends, and the heredocs' bodies behind them."""
        while True:
            self.blanks()
            if not self.text.startswith("\n", self.at):
                return
            self.at += 1
            if self.redirects.pending:
                self.redirects.bodies()

    def reserved(self) -> str | None:
        """Return the plain word at this position, which may be a reserved one, without a step."""
        at, text = self.at, self.text
        while at < self.end and at - self.at < _LONGEST_RESERVED and text[at] not in META:
            at += 1
        return text[self.at : at] if at > self.at else None

    def expect(self, closing: str) -> None:
        """Step over ``closing``."""
        if not self.text.startswith(closing, self.at):
            raise ParseError(f"a {closing} is missing")
        self.at += len(closing)

    def expect_word(self, word: str) -> None:
        """Step over a reserved word."""
        if self.reserved() != word:
            raise ParseError(f"{word} is missing")
        self.at += len(word)

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

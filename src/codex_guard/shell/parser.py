"""Bash's grammar as a recursive descent, bounded in depth and linear in the text.

What stands before a mistake is kept, as bash would run it; the rest is the script's ``unparsed``.
"""

from codex_guard.shell.tree import (
    Assignment,
    Command,
    Compound,
    Expansion,
    Heredoc,
    Part,
    Pipeline,
    Redirect,
    Script,
    Statement,
    Word,
)
from codex_guard.shell.words import BLANK, META, WordReader

_DEEPEST = 60
# What looked like (( and was ( ( is read twice: this often over a whole text, so that it stays linear.
_REREADS = 64
_OPERATORS = ("<<-", "<<<", "&>>", "<<", ">>", ">|", "<>", "<&", ">&", "&>", "<", ">")
_CLOSERS = frozenset(("then", "else", "elif", "fi", "do", "done", "esac", "}"))
_COMPOUNDS = frozenset(("if", "while", "until", "for", "select", "case", "function", "coproc", "[[", "{"))


class ParseError(Exception):
    """The text is not a script from here on."""


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
        self.pending: list[Redirect] = []  # heredocs whose bodies begin at the line's end
        self.words = WordReader(self)

    # -- what words need -------------------------------------------------------------------------

    def error(self, what: str) -> ParseError:
        """Return the error to raise at this position."""
        return ParseError(what)

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
        statements = self._statements(frozenset((closing,)))
        self._expect(closing)
        self.leave()
        return Script(statements)

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
        return self._expanded(self.text[start:at])

    def _expanded(self, text: str) -> tuple[Part, ...]:
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
                self._blank_lines()
                if self.at >= self.end:
                    return Script(tuple(statements))
                safe = self.at
                statements.append(self._statement())
        except (ParseError, RecursionError):
            return Script(tuple(statements), self.text[safe:])

    def _statements(self, closers: frozenset[str]) -> tuple[Statement, ...]:
        """Read statements up to one of ``closers``: ``)``, ``;;`` or a reserved word."""
        statements: list[Statement] = []
        while True:
            self._blank_lines()
            if self.at >= self.end or self._closes(closers):
                return tuple(statements)
            statements.append(self._statement())

    def _closes(self, closers: frozenset[str]) -> bool:
        character = self.text[self.at]
        if character == ")":
            return True
        if character == ";":
            return ";;" in closers and self.text[self.at : self.at + 2] in (";;", ";&")
        return self._reserved() in closers

    def _statement(self) -> Statement:
        pipeline = self._pipeline()
        self._blanks()
        two = self.text[self.at : self.at + 2]
        if two in ("&&", "||"):
            self.at += 2
            self._blank_lines()
            return Statement(pipeline, two)
        if two[:1] in (";", "&") and two not in (";;", ";&"):
            self.at += 1
            return Statement(pipeline, two[0])
        if two[:1] not in ("", "\n", ")", ";"):
            raise ParseError("an operator or a line's end is missing")
        return Statement(pipeline)

    def _pipeline(self) -> Pipeline:
        negated = False
        while (word := self._reserved()) in ("!", "time"):
            negated ^= word == "!"
            self.at += len(word or "")
            self._blanks()
            if word == "time" and self._reserved() == "-p":
                self.at += 2
                self._blanks()
        commands = [self._command()]
        while True:
            self._blanks()
            if self.text.startswith("||", self.at) or not self.text.startswith("|", self.at):
                return Pipeline(tuple(commands), negated)
            self.at += 2 if self.text.startswith("|&", self.at) else 1
            self._blank_lines()
            commands.append(self._command())

    # -- commands --------------------------------------------------------------------------------

    def _command(self) -> Command | Compound:
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
                return Compound("((", words, (), self._redirects(), start, self.at)
        if self.text.startswith("(", start):
            self.at += 1
            body = self.nested(")")
            return Compound("(", (), (body,), self._redirects(), start, self.at)
        word = self._reserved()
        if word in _COMPOUNDS:
            self.at += len(word)
            return self._compound(word, start)
        if word in _CLOSERS:
            raise ParseError(f"{word} has nothing before it")
        return self._simple(start)

    def _compound(self, kind: str, start: int) -> Compound:
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
            self._blanks()
            name = self._plain_word()
            self._blanks()
            if self.text.startswith("(", self.at):
                self.at += 1
                self._blanks()
                self._expect(")")
            return self._function(name, start)
        else:
            self._blanks()
            return self._coprocess(start)
        return Compound(kind, words, bodies, self._redirects(), start, self.at, name)

    def _function(self, name: str, start: int) -> Compound:
        self._blank_lines()
        body = self._command()
        script = Script((Statement(Pipeline((body,))),))
        return Compound("function", (), (script,), (), start, self.at, name)

    def _coprocess(self, start: int) -> Compound:
        name, before = "", self.at
        if self._reserved() not in _COMPOUNDS and not self.text.startswith("(", self.at):
            given = self._plain_word()
            self._blanks()
            if self._reserved() in _COMPOUNDS or self.text.startswith("(", self.at):
                name = given
            else:
                self.at = before
        body = Script((Statement(Pipeline((self._command(),))),))
        return Compound("coproc", (), (body,), (), start, self.at, name)

    def _block(self, closer: str) -> Script:
        statements = self._statements(frozenset((closer,)))
        self._expect_word(closer)
        return Script(statements)

    def _if(self) -> tuple[Script, ...]:
        bodies = [self._block("then")]
        while True:
            bodies.append(Script(self._statements(frozenset(("elif", "else", "fi")))))
            closer = self._reserved()
            if closer not in ("elif", "else", "fi"):
                raise ParseError("an if is not closed")
            self.at += len(closer)
            if closer == "fi":
                return tuple(bodies)
            if closer == "elif":
                bodies.append(self._block("then"))

    def _loop_head(self) -> tuple[str, tuple[Word, ...]]:
        self._blanks()
        if self.text.startswith("((", self.at):
            start = self.at
            parts = self.arithmetic(start + 2)
            if parts is None:
                raise ParseError("a for is not closed")
            return "", (Word(parts, start, self.at),)
        name = self._plain_word()
        self._blank_lines()
        words: list[Word] = []
        if self._reserved() == "in":
            self.at += 2
            self._blanks()
            while self.at < self.end and self.text[self.at] not in ";\n":
                words.append(self._some_word())
                self._blanks()
        return name, tuple(words)

    def _loop_body(self) -> Script:
        self._blanks()
        if self.text.startswith(";", self.at):
            self.at += 1
        self._blank_lines()
        if self._reserved() == "{":
            self.at += 1
            return self._block("}")
        self._expect_word("do")
        return self._block("done")

    def _case(self) -> tuple[tuple[Word, ...], tuple[Script, ...]]:
        self._blanks()
        words, bodies = [self._some_word()], list[Script]()
        self._blank_lines()
        self._expect_word("in")
        while True:
            self._blank_lines()
            if self._reserved() == "esac":
                self.at += 4
                return tuple(words), tuple(bodies)
            if self.text.startswith("(", self.at):
                self.at += 1
            self._blanks()
            while not self.text.startswith(")", self.at):
                words.append(self._some_word())
                self._blanks()
                if self.text.startswith("|", self.at):
                    self.at += 1
                    self._blanks()
            self.at += 1
            bodies.append(Script(self._statements(frozenset((";;", "esac")))))
            for closer in (";;&", ";;", ";&"):
                if self.text.startswith(closer, self.at):
                    self.at += len(closer)
                    break

    def _test(self) -> tuple[Word, ...]:
        """Read ``[[ … ]]``: operators and parentheses say nothing that a judge needs."""
        words: list[Word] = []
        while True:
            self._blank_lines()
            if self.at >= self.end:
                raise ParseError("a [[ is not closed")
            if self._reserved() == "]]":
                self.at += 2
                return tuple(words)
            if self.text[self.at] in "()|&<>;":
                self.at += 1
            else:
                words.append(self._some_word())

    # -- simple commands -------------------------------------------------------------------------

    def _simple(self, start: int) -> Command | Compound:
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            self._blanks()
            if self.at >= self.end or self._redirect(redirects):
                if self.at >= self.end:
                    break
                continue
            if self.text[self.at] in ";|&\n)":
                break
            if self.text[self.at] == "(":
                if len(words) == 1 and not assignments and not redirects:
                    self.at += 1
                    self._blanks()
                    self._expect(")")
                    return self._function(self.text[words[0].start : words[0].end], start)
                raise ParseError("a parenthesis stands where none can")
            if not words and (assignment := self._assignment()) is not None:
                assignments.append(assignment)
            else:
                words.append(self._some_word())
        if not (assignments or words or redirects):
            raise ParseError("a command is missing")
        return Command(tuple(assignments), tuple(words), tuple(redirects), start, self.at)

    def _assignment(self) -> Assignment | None:
        at, text = self.at, self.text
        while at < self.end and (text[at].isalnum() or text[at] == "_"):
            at += 1
        if at == self.at or text[self.at].isdigit():
            return None
        name = text[self.at : at]
        if text[at : at + 1] == "[":
            closing = text.find("]", at, min(self.end, at + 200))
            if closing < 0:
                return None
            at = closing + 1
        append = text[at : at + 1] == "+"
        at += append
        if text[at : at + 1] != "=":
            return None
        self.at = at + 1
        if text[self.at : self.at + 1] == "(":
            self.at += 1
            array: list[Word] = []
            while True:
                self._blank_lines()
                if self.text.startswith(")", self.at):
                    self.at += 1
                    return Assignment(name, None, append, tuple(array))
                array.append(self._some_word())
        word = self.words.word()
        return Assignment(name, word if word.parts else None, append)

    # -- redirections and heredocs ---------------------------------------------------------------

    def _redirects(self) -> tuple[Redirect, ...]:
        found: list[Redirect] = []
        while True:
            self._blanks()
            if self.at >= self.end or not self._redirect(found):
                return tuple(found)

    def _redirect(self, found: list[Redirect]) -> bool:
        """Read one redirection into ``found``; False, and no step, where none stands here."""
        at, text = self.at, self.text
        if text[at] == "{":
            closing = text.find("}", at, min(self.end, at + 64))
            at = closing + 1 if closing > 0 and text[self.at + 1 : closing].isidentifier() else at
        else:
            while at < self.end and text[at] in "0123456789":
                at += 1
        descriptor = text[self.at : at]
        operator = next((o for o in _OPERATORS if text.startswith(o, at)), "")
        if not operator or (operator.startswith("&") and descriptor):
            return False
        if operator in "<>" and text.startswith("(", at + 1) and not descriptor:
            return False  # a process substitution is a word
        self.at = at + len(operator)
        self._blanks()
        target = self._some_word()
        found.append(Redirect(operator, target, descriptor))
        if operator in ("<<", "<<-"):
            self.pending.append(found[-1])
        return True

    def _heredoc_bodies(self) -> None:
        """Read the bodies of the heredocs that the line just ended has announced."""
        pending, self.pending = self.pending, []
        for redirect in pending:
            parts = redirect.target.parts
            quoted = any(part.quoted for part in parts)
            # A delimiter is text, even where it looks like an expansion.
            delimiter = "".join(part.source if isinstance(part, Expansion) else part.text for part in parts)
            body = self._body(delimiter, strip=redirect.operator == "<<-")
            inner: tuple[Part, ...] = ()
            if not quoted:
                try:
                    inner = self._expanded(body)
                except ParseError:
                    inner = (Expansion("command", body, script=Script((), body)),)
            # The record was made before its body was reached, and nobody has seen it yet.
            object.__setattr__(redirect, "heredoc", Heredoc(body, not quoted, inner))

    def _body(self, delimiter: str, *, strip: bool) -> str:
        """Read lines up to the delimiter's; without one, to the end, as bash does."""
        lines = []
        while self.at < self.end:
            stop = self.text.find("\n", self.at, self.end)
            stop = self.end if stop < 0 else stop
            line = self.text[self.at : stop]
            self.at = min(stop + 1, self.end)
            if strip:
                line = line.lstrip("\t")
            if line == delimiter:
                break
            lines.append(line + "\n")
        return "".join(lines)

    # -- small steps -----------------------------------------------------------------------------

    def _blanks(self) -> None:
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

    def _blank_lines(self) -> None:
        while True:
            self._blanks()
            if not self.text.startswith("\n", self.at):
                return
            self.at += 1
            if self.pending:
                self._heredoc_bodies()

    def _reserved(self) -> str | None:
        """Return the plain word at this position, which may be a reserved one, without a step."""
        at, text = self.at, self.text
        while at < self.end and at - self.at < 10 and text[at] not in META:  # noqa: PLR2004 - "function" has 8
            at += 1
        return text[self.at : at] if at > self.at else None

    def _expect(self, closing: str) -> None:
        if not self.text.startswith(closing, self.at):
            raise ParseError(f"a {closing} is missing")
        self.at += len(closing)

    def _expect_word(self, word: str) -> None:
        if self._reserved() != word:
            raise ParseError(f"{word} is missing")
        self.at += len(word)

    def _some_word(self) -> Word:
        word = self.words.word()
        if not word.parts:
            raise ParseError("a word is missing")
        return word

    def _plain_word(self) -> str:
        word = self._some_word()
        return self.text[word.start : word.end]

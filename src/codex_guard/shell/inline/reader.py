"""Reads a program's tokens from left to right: what its expressions are, and the calls among them.

No language is parsed in full. Whatever is no call, literal, name or assignment is passed over, and what
stands within it is read all the same, so that no construct hides a call.
"""

from codex_guard.shell.inline import awk, chains, declarations, loops, names, texts, things
from codex_guard.shell.inline.options import Given
from codex_guard.shell.inline.program import Program
from codex_guard.shell.inline.things import UNKNOWN, Thing
from codex_guard.shell.inline.tokens import END, Token, spelled, tokens
from codex_guard.shell.invocation import Start
from codex_guard.shell.meaning import Scope

_DEEPEST = 60  # brackets, functions and texts within one another
_FUEL = 5  # expressions that are read for each token, where functions are called and loops gone through
# Names that stand before an expression and say nothing about it.
_BEFORE = frozenset(
    "await new return yield throw my our local var let const not raise export lambda async void typeof echo"
    " static global nonlocal".split()
)
_FIRST_KNOWN = frozenset(("or", "||", "??", "//"))
_CONCATENATES = {
    "python": "+", "node": "+", "ruby": "+", "perl": ".", "php": ".", "lua": "..", "osascript": "&",
}  # fmt: skip
_KEYED = ("=", ":", "=>")


class Reader:
    """A place among the tokens of one text."""

    def __init__(self, program: Program, found: list[Token], closes: list[int]) -> None:
        self.program, self.tokens, self.closes = program, found, closes
        self.language = program.language
        self.at, self.stop = 0, len(found)
        self.receiver: Thing | None = None

    def peek(self, ahead: int = 0) -> Token:
        """Return the token that is read next; END where none is left."""
        return self.tokens[self.at + ahead] if self.at + ahead < self.stop else END

    def is_mark(self, *marks: str, ahead: int = 0) -> bool:
        """Say whether one of ``marks`` is read next."""
        token = self.peek(ahead)
        return token.kind == "mark" and token.text in marks

    def read(self, text: str) -> Thing:
        """Read a text that the program itself runs or fills in; returns what its last expression is."""
        return read(self.program, text)

    def beside(self, found: list[Token], closes: list[int]) -> "Reader":
        """Return a reader of other tokens of the same program."""
        return Reader(self.program, found, closes)

    def span(self, start: int, stop: int) -> Thing:
        """Read the tokens from ``start`` to ``stop``, and stay where it was."""
        before = self.at, self.stop
        self.at, self.stop = start, min(stop, len(self.tokens))
        result = UNKNOWN
        while self.at < self.stop:
            thing = self.one()
            result = thing if thing is not None else result
        self.at, self.stop = before
        return result

    def one(self) -> Thing | None:
        """Read a declaration, an assignment or an expression; None where a token was passed over."""
        self.program.fuel -= 1
        if self.program.fuel < 0:
            self.at = self.stop
            return None
        before = self.at
        if self.peek().kind == "name" and declarations.declared(self):
            return UNKNOWN
        if not self._begins():
            self._operator()
            self.at = before + 1
            return None
        thing = self.expression()
        self.at = max(self.at, before + 1)
        return declarations.assigned(self, before, thing)

    def _begins(self) -> bool:
        token = self.peek()
        return token.kind in ("text", "glob", "run", "words", "variable", "name", "number", "code") or (
            token.kind == "mark" and token.text in "([{"
        )

    def _operator(self) -> None:
        """Look at a sign that stands between expressions, where it starts or writes something."""
        if self.language == "awk" and self.is_mark("|", ">", ">>"):
            awk.output(self)

    def expression(self) -> Thing:
        """Read one expression with all that is put together with it."""
        program = self.program
        program.fuel -= 1
        if program.depth >= _DEEPEST or program.fuel < 0:
            return self._too_deep()
        program.depth += 1
        value = self._operand()
        while True:
            token = self.peek()
            if token.kind == "mark" and token.text == _CONCATENATES.get(self.language):
                self.at += 1
                value = things.joined(value, self._operand())
            elif (
                token.text == "/"
                and token.kind == "mark"
                and (value.known or value.name)
                and self.language in ("python", "ruby")
            ):
                self.at += 1
                value = things.below(value, self._operand())
            elif (
                token.text == "%"
                and token.kind == "mark"
                and value.known
                and self.language in ("python", "ruby")
            ):
                self.at += 1
                value = texts.formatted(value, self._operand())
            elif token.text in _FIRST_KNOWN and token.kind in ("mark", "name"):
                self.at += 1
                other = self._operand()
                value = value if value.known or value.items or value.url else other
            elif self.language == "awk" and value.known and self._is_beside(token):
                value = things.joined(value, self._operand())
            elif token.text == "|" and self.language == "awk" and self.peek(1).text == "getline":
                awk.getline(self, value.texts)
            else:
                break
        program.depth -= 1
        return value

    @staticmethod
    def _is_beside(token: Token) -> bool:
        """Say whether awk puts what follows together with what is before it."""
        return token.kind in ("text", "variable", "number") or (
            token.kind == "name" and token.text not in ("in", "getline")
        )

    def _too_deep(self) -> Thing:
        if self.program.fuel >= 0:
            self.program.roughly(" ".join([spelled(token) for token in self.tokens[self.at : self.stop]]))
        self.at = self.stop
        return UNKNOWN

    def _operand(self) -> Thing:
        while self.peek().kind == "name" and self.peek().text in _BEFORE and self.at + 1 < self.stop:
            self.at += 1
        spread = False
        while self.is_mark("-", "!", "*", "**", "...", "\\", "&", "@", "+", "~") and self.at + 1 < self.stop:
            spread = self.peek().text != "-"
            self.at += 1
        minus = not spread and self.at > 0 and self.tokens[self.at - 1].text == "-"
        value = self._primary()
        if minus and value.known:
            value = value.replace(texts=tuple(["-" + text for text in value.texts]))
        return chains.followed(self, value)

    def _primary(self) -> Thing:
        token = self.peek()
        if token.kind in ("name", "variable"):
            self.at += 1
            return self._named(token)
        if token.kind == "mark" and token.text in ("(", "[", "{"):
            return self._bracketed(token.text)
        if token.kind in ("end", "line", "mark"):
            return UNKNOWN
        self.at += 1
        if token.kind == "number":
            return things.text(token.text)
        if token.kind == "regex":
            return UNKNOWN
        value = self.said(token)
        while token.kind == "text" and self.peek().kind == "text" and self.language in ("python", "ruby"):
            value = things.joined(value, self.said(self.peek()))
            self.at += 1
        return self._meant(token.kind, value)

    def _meant(self, kind: str, value: Thing) -> Thing:
        if kind == "words":
            words = [word for text in value.texts[:1] for word in text.split()]
            return Thing(items=tuple([things.text(word) for word in words]))
        if kind == "glob":
            return value.replace(glob=True)
        if kind in ("run", "code"):
            for text in value.texts:
                if kind == "run":
                    self.program.start(script=text)
                else:
                    self.read(text)
            return UNKNOWN
        return value

    def said(self, token: Token) -> Thing:
        """Return what a literal says, with what is filled into it."""
        value = things.text("")
        for code, text in token.parts:
            value = things.joined(value, self._filled(text) if code else things.text(text))
        return value

    def _filled(self, code: str) -> Thing:
        if self.program.depth >= _DEEPEST:
            return UNKNOWN
        self.program.depth += 1
        value = self.read(code)
        self.program.depth -= 1
        return value if value.texts else UNKNOWN

    def _named(self, token: Token) -> Thing:
        if self.language == "osascript" and token.text == "do" and self.peek(1).text == "script":
            self.at += 2
            for text in self.expression().texts:
                self.program.start(script=text)
            return UNKNOWN
        if token.kind == "variable" and token.text.isdecimal():
            return UNKNOWN
        return self.resolved(token.text)

    def resolved(self, name: str) -> Thing:
        """Return what a full name stands for."""
        name = names.full(name)
        if name in self.program.bound:
            return self.program.bound[name]
        if name in names.CONSTANTS:
            return things.text(names.CONSTANTS[name])
        if name not in self.program.effects:
            for star in self.program.stars:
                if f"{star}.{name}" in self.program.effects:
                    return Thing(name=f"{star}.{name}")
        return Thing(name=name)

    def _bracketed(self, opening: str) -> Thing:
        start = self.at
        elements = self.group()
        if opening == "(" and len(elements) == 1 and self.closes[start] > start + 1:
            return elements[0][1]
        named = tuple([(key, thing) for key, thing in elements if key])
        if opening == "{":
            return Thing(named=named) if named else Thing(items=tuple([thing for _, thing in elements]))
        return Thing(items=tuple([thing for _, thing in elements]), named=named)

    def group(self) -> list[tuple[str, Thing]]:
        """Read a bracket's elements, each with its key if it has one, and go behind the bracket."""
        opening, close = self.tokens[self.at].text, min(self.closes[self.at], self.stop)
        before, after = self.stop, close + 1
        self.at, self.stop = self.at + 1, close
        elements: list[tuple[str, Thing]] = []
        if self.language == "python" and opening != "{" and (looped := loops.comprehended(self)) is not None:
            made = [Thing(items=tuple(looped))] if opening == "(" else looped
            elements = [("", thing) for thing in made]
            self.at = close
        while self.at < close:
            elements.append(self._element(opening))
            if self.is_mark(",", ";"):
                self.at += 1
        self.at, self.stop = after, before
        return elements

    def _element(self, opening: str) -> tuple[str, Thing]:
        key, found, count = "", UNKNOWN, 0
        token = self.peek()
        marks = _KEYED if opening != "{" else _KEYED[1:]
        if token.kind in ("name", "text", "variable") and self.is_mark(*marks, ahead=1):
            if not (self.language == "node" and self.is_mark("=>", ahead=1)):
                key = token.text if token.kind != "text" else "".join([text for _, text in token.parts])
            self.at += 2
        while self.at < self.stop and not self.is_mark(",") and not (opening != "{" and self.is_mark(";")):
            thing = self.one()
            if thing is not None:
                found, count = thing, count + 1
        return key, found if count == 1 else UNKNOWN


def read(program: Program, text: str) -> Thing:
    """Read one text of ``program``; returns what its last expression is."""
    if not program.opened(text):
        return UNKNOWN
    found, closes = tokens(program.language, text)
    program.fuel += _FUEL * len(found)
    result = Reader(program, found, closes).span(0, len(found))
    program.closed()
    return result


def started(language: str, given: Given, scope: Scope) -> list[Start]:
    """Return what the given programs would start or destroy, in order, each once."""
    program = Program(language, given, scope)
    for text in given.texts:
        read(program, text)
    program.end()
    return program.starts

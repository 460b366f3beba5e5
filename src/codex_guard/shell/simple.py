"""Simple commands: assignments, words and redirections."""

from codex_guard.shell.errors import ParseError
from codex_guard.shell.tree import Assignment, Command, Compound, Part, Redirect, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.parser import Parser

_NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789")
# The words behind which name=(…) is an array too.
_DECLARATIONS = frozenset(("alias", "declare", "eval", "export", "let", "local", "readonly", "typeset"))


class SimpleReader:
    """Reads simple commands at the parser's position."""

    def __init__(self, parser: "Parser") -> None:
        self.parser = parser

    def read(self) -> Command | Compound:
        """Read a simple command, or the function that a name and ``()`` begin."""
        parser = self.parser
        start = parser.at
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            parser.blanks()
            if parser.redirects.one(redirects):
                continue
            if parser.at >= parser.end or parser.text[parser.at] in ";|&\n)":
                break
            if parser.text[parser.at] == "(":
                if len(words) == 1 and not assignments and not redirects:
                    parser.at += 1
                    parser.blanks()
                    parser.expect(")")
                    return parser.compounds.function(parser.text[words[0].start : words[0].end], start)
                raise ParseError("a parenthesis stands where none can")
            if (assignment := self._assignment(declares=self._declares(words))) is not None:
                assignments.append(assignment)
            else:
                words.append(parser.some_word())
        if not (assignments or words or redirects):
            raise ParseError("a command is missing")
        return Command(tuple(assignments), tuple(words), tuple(redirects), start, parser.at)

    def _declares(self, words: list[Word]) -> bool | None:
        """Say whether an assignment here would be a declaration's; None where none can stand at all."""
        if not words:
            return False
        return True if self.parser.text[words[0].start : words[0].end] in _DECLARATIONS else None

    def _assignment(self, *, declares: bool | None) -> Assignment | None:
        """Read an assignment; None, and no step, where none stands here. A declaration's is an array."""
        parser = self.parser
        start, text = parser.at, parser.text
        if declares is None or start >= parser.end or text[start] in "0123456789":
            return None
        at = start
        while at < parser.end and text[at] in _NAME:
            at = parser.joined(at + 1)
        if at == start:
            return None
        parser.at = name_end = at
        indices: tuple[Part, ...] = ()
        if text.startswith("[", at) and not declares:
            # Blanks and operators within an index end no word.
            parser.at += 1
            indices = parser.words.balanced("[]", quoted=True)
            parser.at = parser.joined(parser.at + 1)
        # The element of an array is a variable of its own: name[index].
        name = text[start:name_end].replace("\\\n", "") + text[name_end : parser.at]
        append = text.startswith("+", parser.at)
        parser.step(2 if append else 1)
        if text[parser.at - 1 : parser.at] != "=" or (
            declares and not text.startswith("(", parser.joined(parser.at))
        ):
            parser.at = start
            return None
        parser.spend(1)
        parser.at = parser.joined(parser.at)
        if text.startswith("(", parser.at):
            return Assignment(name, None, append, self._array(), indices)
        word = parser.words.word()
        return Assignment(name, word if word.parts else None, append, None, indices)

    def _array(self) -> tuple[Word, ...]:
        parser = self.parser
        parser.at += 1
        found: list[Word] = []
        while True:
            parser.blank_lines()
            if parser.text.startswith(")", parser.at):
                parser.at += 1
                return tuple(found)
            found.append(parser.some_word())

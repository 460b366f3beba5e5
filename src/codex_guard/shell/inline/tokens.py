"""One tokenizer for the languages of inline programs: names, literals, marks; comments are left out."""

from codex_guard.record import Record
from codex_guard.shell.inline import strings
from codex_guard.shell.inline.strings import Literal, literal, quoted

_COMMENTS = {
    "python": ("#",), "perl": ("#",), "ruby": ("#",), "r": ("#",), "awk": ("#",), "node": ("//", "#!"),
    "php": ("//", "#"), "lua": ("--", "#!"), "osascript": ("--", "#"),
}  # fmt: skip
_BLOCKS = {"node": ("/*", "*/"), "php": ("/*", "*/"), "lua": ("--[[", "]]"), "osascript": ("(*", "*)")}
_MARKS = (
    "===", "!==", "...", "**=", "||=", "??=", "<=>", "->", "=>", "::", "?.", "&.", "==", "!=", "<=", ">=",
    "=~", "!~", ":=", "+=", "-=", ".=", "*=", "||", "&&", "??", "..", "**", "<<", ">>", "++", "--",
)  # fmt: skip
_FIRST = frozenset(mark[0] for mark in _MARKS)
_PAIRS = {")": "(", "]": "[", "}": "{"}
_REGEX = frozenset(("perl", "ruby", "node", "awk"))
# Names behind which a slash begins a pattern.
_BEFORE_REGEX = frozenset("return typeof case in of if unless and or not split grep when while map x".split())
_LONGEST_PATTERN = 200  # characters of a pattern in angles
_PERL_QUOTES = {"q": "text", "qq": "text", "qw": "words", "qx": "run", "m": "regex", "qr": "regex",
                "s": "regex", "tr": "regex", "y": "regex"}  # fmt: skip
_RUBY_QUOTES = {"w": "words", "W": "words", "i": "words", "I": "words", "q": "text", "Q": "text", "x": "run",
                "r": "regex"}  # fmt: skip


class Token(Record):
    """``kind`` is name, variable, number, text, glob, run, words, regex, code, mark, line or end.

    ``text`` is a name without its sigil, a mark, or a line's indentation; ``parts`` are a literal's, as
    (whether code, text); ``glued``: it stands right behind the token before it.
    """

    kind: str
    text: str
    parts: tuple[tuple[bool, str], ...]
    glued: bool


END = Token("end", "", (), False)


def spelled(token: Token) -> str:
    """Return a literal's content, or a name or mark as it is."""
    return "".join([text for _, text in token.parts]) if token.parts else token.text


def tokens(language: str, text: str) -> tuple[list[Token], list[int]]:
    """Return the tokens of ``text``, and for each the place of the bracket that closes it."""
    scanner = _Scanner(language, text)
    scanner.scan()
    return scanner.found, _closed(scanner.found)


def _closed(found: list[Token]) -> list[int]:
    closes = [len(found)] * len(found)
    opened: list[int] = []
    for at, token in enumerate(found):
        if token.kind != "mark":
            continue
        if token.text in "([{":
            opened.append(at)
        elif token.text in _PAIRS and opened and found[opened[-1]].text == _PAIRS[token.text]:
            closes[opened.pop()] = at
    return closes


class _Scanner:
    def __init__(self, language: str, text: str) -> None:
        self.language, self.text = language, text
        self.found: list[Token] = []
        self._open: list[str] = []
        self._end = 0  # of the token before
        self._comments = _COMMENTS[language]
        self._block = _BLOCKS.get(language)
        self._quotes = "\"'`[" if language == "lua" else "\"'`"

    def scan(self) -> None:
        at = 0
        while at < len(self.text):
            character = self.text[at]
            if character == "\n":
                at = self._line(at)
            elif character.isspace() or character == "\\":
                # A line that goes on behind a backslash is no new line.
                at += 2 if self.text.startswith("\\\n", at) else 1
            elif self._block and self.text.startswith(self._block[0], at):
                stop = self.text.find(self._block[1], at + 2)
                at = len(self.text) if stop < 0 else stop + 2
            elif self.text.startswith(self._comments, at) and not self._is_count(at):
                stop = self.text.find("\n", at)
                at = len(self.text) if stop < 0 else stop
            else:
                at = self._token(at, character)

    def _is_count(self, at: int) -> bool:
        """Say whether this is Perl's ``$#array``, whose sign begins no comment."""
        return self.language == "perl" and self.text[at - 1 : at] in ("$", "{") and at > 0

    def _line(self, at: int) -> int:
        end = at
        while end < len(self.text) and self.text[end].isspace():
            end += 1
        start = self.text.rfind("\n", at, end) + 1
        goes_on = self.text[end : end + 1] == "." and self.language != "python"
        within = self._open and (self._open[-1] != "{" or self.language == "python")
        if not goes_on and not within:
            self._add("line", str(end - start), at, end)
        return end

    def _add(self, kind: str, text: str, at: int, end: int, parts: tuple[tuple[bool, str], ...] = ()) -> int:
        self.found.append(Token(kind, text, parts, at == self._end))
        self._end = end
        return end

    def _after_value(self) -> bool:
        """Say whether a sign here stands behind a value, and so is an operator."""
        if not self.found:
            return False
        last = self.found[-1]
        if last.kind == "name":
            return last.text not in _BEFORE_REGEX
        if last.text == "}" and self.language in ("awk", "node"):
            return False  # a block has ended
        return last.kind not in ("mark", "line") or last.text in (")", "]", "}")

    def _token(self, at: int, character: str) -> int:
        found = self._literal(at, character)
        if found is not None:
            return self._add(found.kind, self.text[at : at + 1], at, found.end, found.parts)
        if character.isalpha() or character == "_" or (character == "$" and self.language == "node"):
            return self._name(at)
        if character.isdigit():
            end = strings.word(self.text, at)
            if self.text[end : end + 1] == "." and self.text[end + 1 : end + 2].isdigit():
                end = strings.word(self.text, end + 1)
            return self._add("number", self.text[at:end], at, end)
        if character in "$@%&" and (end := self._variable(at, character)):
            return end
        mark = character
        if character in _FIRST:
            mark = next((each for each in _MARKS if self.text.startswith(each, at)), character)
        if character in "([{":
            self._open.append(character)
        elif character in _PAIRS and self._open and self._open[-1] == _PAIRS[character]:
            self._open.pop()
        return self._add("mark", mark, at, at + len(mark))

    def _literal(self, at: int, character: str) -> Literal | None:
        language, text = self.language, self.text
        if character in self._quotes:
            return literal(language, text, at)
        if language == "python" and character in "rRbBuUfFtT":
            return strings.prefixed(text, at)
        if language == "r" and text.startswith(('r"(', "r'(", 'R"(', "R'("), at):
            stop = text.find(")" + text[at + 1], at)
            stop = len(text) if stop < 0 else stop
            return Literal("text", ((False, text[at + 3 : stop]),), min(stop + 2, len(text)))
        if language == "perl" and character == "<":
            return self._perl_glob(at)
        if character == "/" and language in _REGEX and not self._after_value():
            return self._pattern(at)
        if language == "ruby" and character == "%" and not self._after_value_or_call(at):
            return self._percent(at)
        if (
            language == "ruby"
            and character == ":"
            and not (self.found and at == self._end and self._after_value())
        ):
            end = strings.word(text, at + 1)
            return Literal("text", ((False, text[at + 1 : end]),), end) if end > at + 1 else None
        return self._perl_quote(at) if language == "perl" and character in "qmsty" else None

    def _after_value_or_call(self, at: int) -> bool:
        """Say whether ``%`` divides: ``a % b``, but not ``system %w[a b]``."""
        last = self.found[-1] if self.found else None
        spaced = at != self._end and self.text[at + 1 : at + 2] != " "
        return self._after_value() and not (last is not None and last.kind == "name" and spaced)

    def _perl_glob(self, at: int) -> Literal | None:
        """Read ``</etc/*>``, a pattern; ``<$file>`` reads a line."""
        end = self.text.find(">", at, at + _LONGEST_PATTERN)
        inside = self.text[at + 1 : end]
        if end < 0 or not inside or any(sign in inside for sign in " ;=<\n") or not set(inside) & set("*/~"):
            return None
        return Literal("glob", ((False, inside),), end + 1)

    def _pattern(self, at: int) -> Literal:
        end = at + 1
        while end < len(self.text) and self.text[end] not in "/\n":
            end += 2 if self.text[end] == "\\" else 1
        return Literal("regex", (), min(end + 1, len(self.text)))

    def _percent(self, at: int) -> Literal | None:
        text = self.text
        letter = text[at + 1 : at + 2]
        start = at + 1 + letter.isalpha()
        kind = _RUBY_QUOTES.get(letter, "") if letter.isalpha() else "text"
        if not kind or text[start : start + 1] not in tuple("([{<|!/"):
            return None
        return quoted(
            "ruby", text, start, text[start], fills=letter in "xQW" or not letter.isalpha(), kind=kind
        )

    def _perl_quote(self, at: int) -> Literal | None:
        text = self.text
        end = strings.word(text, at)
        name = text[at:end]
        kind = _PERL_QUOTES.get(name)
        if kind is None or (
            self.found
            and self.found[-1].text in ("->", "sub", "{")
            and end < len(text)
            and text[end] in "}; "
        ):
            return None
        start = end
        while text[start : start + 1] == " ":
            start += 1
        quote = text[start : start + 1]
        spaced = start > end
        if (
            not quote
            or quote.isspace()
            or quote.isalnum()
            or quote in "_,;)="
            or (spaced and quote not in "([{<|/!")
        ):
            return None
        found = quoted("perl", text, start, quote, fills=name in ("qq", "qx") and quote != "'", kind=kind)
        return self._replacement(name, quote, found) if name in ("s", "tr", "y") else found

    def _replacement(self, name: str, quote: str, pattern: Literal) -> Literal:
        """Read on behind a pattern; what replaces it is code where the flag ``e`` says so."""
        start = pattern.end
        if quote in "([{<":
            while self.text[start : start + 1].isspace():
                start += 1
            quote = self.text[start : start + 1] or quote
        else:
            start -= 1
        second = quoted("perl", self.text, start, quote, fills=False, escapes=False)
        end = second.end
        while self.text[end : end + 1].isalpha():
            end += 1
        code = name == "s" and "e" in self.text[second.end : end]
        return Literal("code" if code else "regex", second.parts if code else (), max(end, pattern.end))

    def _name(self, at: int) -> int:
        end = strings.word(self.text, at + 1)
        language = self.language
        while language in ("node", "r") and self.text[end : end + 1] == ("$" if language == "node" else "."):
            end = strings.word(self.text, end + 1)
        if (
            language == "ruby"
            and self.text[end : end + 1] in ("?", "!")
            and self.text[end + 1 : end + 2] != "="
        ):
            end += 1
        return self._add("name", self.text[at:end], at, end)

    def _variable(self, at: int, sign: str) -> int:
        """Add ``$name`` and its like; returns 0 where the sign is an operator."""
        language, text = self.language, self.text
        if language not in ("perl", "php", "ruby") and not (language == "awk" and sign == "$"):
            return 0
        if sign in "%&" and (language != "perl" or self._after_value()):
            return 0
        if sign == "@" and language == "php":
            return 0
        start = at + 1
        while text[start : start + 1] in ("$", "@", "#") and text[start : start + 1]:
            start += 1
        end = strings.word(text, start)
        if (
            end == start
            and language == "perl"
            and sign == "$"
            and text[start : start + 1] in ("!", "&", "/", ",", ";", "^")
        ):
            end = start + 1
        kind = "name" if sign == "&" else "variable"
        return self._add(kind, text[start:end], at, end) if end > start else 0

"""A place in a text, and the small steps from there."""

from codex_guard.shell.errors import ParseError

BLANK = frozenset(" \t")
META = frozenset(" \t\n|&;()<>")
_LONGEST_RESERVED = 10


class Cursor:
    """One text and one position. What it says of the text ahead has lines joined that a backslash joins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.end = len(text)
        self._word_at, self._word = -1, None  # type: int, str | None

    def until(self, closing: str) -> str:
        """Return the text up to ``closing`` and step over it."""
        found = self.text.find(closing, self.at, self.end)
        if found < 0:
            raise ParseError(f"a {closing} is missing")
        text = self.text[self.at : found]
        self.at = found + len(closing)
        return text

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

    def ahead(self, count: int) -> str:
        """Return the next ``count`` characters, those of lines joined by a backslash in one."""
        text = self.text[self.at : self.at + count]
        return self.text[self.at : self.past(count)].replace("\\\n", "") if "\\" in text else text

    def past(self, count: int) -> int:
        """Return the offset behind the next ``count`` characters, the joins between them not counted."""
        at = self.at
        for number in range(count):
            at = self.joined(at) if number else at
            at += 1
        return min(at, self.end)

    def joined(self, at: int) -> int:
        """Return the offset behind the backslashes at line ends that begin at ``at``, or ``at`` itself."""
        while self.text.startswith("\\\n", at):
            at += 2
        return at

    def step(self, count: int) -> None:
        """Step over the next ``count`` characters, and the joins between them."""
        self.at = self.past(count)

    def reserved(self) -> str | None:
        """Return the plain word at this position, which may be a reserved one, without a step."""
        if self.at != self._word_at:
            self._word_at, self._word = self.at, self._plain_ahead()
        return self._word

    def _plain_ahead(self) -> str | None:
        at, text = self.at, self.text
        while at < self.end and at - self.at < _LONGEST_RESERVED and text[at] not in META:
            at += 1
        if "\\" in text[self.at : at]:
            return self._joined_word()
        return text[self.at : at] if at > self.at else None

    def _joined_word(self) -> str:
        """Return the plain word at this position, whose letters may stand on several lines."""
        letters: list[str] = []
        at = self.joined(self.at)
        while at < self.end and len(letters) < _LONGEST_RESERVED and self.text[at] not in META:
            letters.append(self.text[at])
            at = self.joined(at + 1)
        return "".join(letters)

    def expect(self, closing: str) -> None:
        """Step over ``closing``."""
        if not self.text.startswith(closing, self.at):
            raise ParseError(f"a {closing} is missing")
        self.at += len(closing)

    def expect_word(self, word: str) -> None:
        """Step over a reserved word."""
        if self.reserved() != word:
            raise ParseError(f"{word} is missing")
        self.step(len(word))

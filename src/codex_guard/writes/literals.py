"""What an interpreter's program writes into the files that it names, where it says both in so many words.

Which files these are is the walk's to say (``shell/inline``). Here only their texts are looked for: a
literal, or a name that is given a literal once, as in ``Path("a").write_text(page)``.
"""

from codex_guard.record import Record
from codex_guard.shell import inline
from codex_guard.shell.inline import options
from codex_guard.shell.inline.tokens import END, Token, tokens
from codex_guard.shell.invocation import Invocation

# Functions that take a path and a text, and those that give an object for a path.
_AT_ONCE = frozenset(
    ("writeFile", "writeFileSync", "appendFile", "appendFileSync", "outputFile", "outputFileSync",
     "writeTextFile", "writeTextFileSync", "file_put_contents", "write", "binwrite")
)  # fmt: skip
_OPENERS = frozenset(("open", "Path", "PurePath", "Pathname", "new", "createWriteStream"))
_FUNCTIONS = _AT_ONCE | _OPENERS
_METHODS = frozenset(("write", "write_text", "writelines", "puts", "print", "end", "binwrite"))
_LINES = frozenset(("puts",))  # methods that end what they write with a line's end
_HARMLESS = frozenset(("close", "flush", "exists", "parent"))
_ENDS = frozenset((",", ")", ";", "}"))
_FEW = 6  # tokens behind a path
_MOST = 50  # opened files of one program
_LONGEST = 1 << 17  # characters of a program


class Written(Record):
    """What is written to one path: the text, where known, and whether it is appended."""

    content: str | None
    appends: bool = False


def of(interpreter: Invocation) -> dict[str, Written]:
    """Return what the program of an interpreter writes, by path; nothing of a path that is written twice."""
    language = inline.language(interpreter.program)
    found: dict[str, Written] = {}
    if language in ("pwsh", "awk"):
        return found
    for text in options.given(language, interpreter).texts[:1]:
        for path, written in _Program(language, text[:_LONGEST]).written():
            found[path] = Written(None, written.appends) if path in found else written
    return found


class _Program:
    """The tokens of one program, and the names that stand for literals in it."""

    def __init__(self, language: str, text: str) -> None:
        self.found, self.closes = tokens(language, text)
        self.names: dict[str, str | None] = {}
        for at in range(len(self.found)):
            if self._at(at).kind in ("name", "variable") and self._at(at + 1).text == "=":
                content, end = self._text(at + 2, {})
                known = (
                    content if self._at(end).kind in ("line", "end") or self._at(end).text == ";" else None
                )
                name = self._at(at).text
                self.names[name] = None if name in self.names else known

    def _at(self, at: int) -> Token:
        return self.found[at] if 0 <= at < len(self.found) else END

    def _text(self, at: int, names: dict[str, str | None]) -> tuple[str | None, int]:
        """Return the text that stands at a place, and the place behind it."""
        if self._at(at).kind in ("name", "variable"):
            return names.get(self._at(at).text), at + 1
        pieces: list[str] = []
        start = at
        while self._at(at).kind == "text":
            if any(code for code, _ in self._at(at).parts):
                return None, at + 1
            pieces += [piece for _, piece in self._at(at).parts]
            at += 1
        return ("".join(pieces) if at > start else None), at

    def _argument(self, at: int) -> tuple[str | None, int]:
        """Return an argument that is a text and nothing more."""
        content, end = self._text(at, self.names)
        whole = self._at(end).text in _ENDS or self._at(end).kind in ("line", "end")
        return (content if whole else None), end

    def written(self) -> list[tuple[str, Written]]:
        """Return what is written, in order."""
        found: list[tuple[str, Written]] = []
        opened = 0
        for at, token in enumerate(self.found):
            if token.kind != "name" or token.text not in _FUNCTIONS:
                continue
            bracket = self._at(at + 1).text == "("
            path, end = self._text(at + 1 + bracket, self.names)
            if path is None:
                continue
            if token.text in _AT_ONCE and self._at(end).text == ",":
                content, _ = self._argument(end + 1)
                flags = any(each.text == "FILE_APPEND" for each in self.found[end : end + _FEW])
                found.append((path, Written(content, token.text.startswith("append") or flags)))
            elif token.text in _OPENERS and bracket and opened < _MOST:
                opened += 1
                found += [(path, written) for written in self._opened(at, end)]
        return found

    def _opened(self, at: int, end: int) -> list[Written]:
        """Return what is written to what an opener at ``at`` opens; its path ends at ``end``."""
        close = self.closes[at + 1]
        mode = self._text(end + 1, {})[0] if self._at(end).text == "," else None
        name = self._name(at, close)
        if name is not None:
            content, writes = self._through(name, close)
        else:
            content, writes = self._method(close + 1)
        return [Written(content, (mode or "").startswith("a"))] if writes else []

    def _name(self, at: int, close: int) -> str | None:
        """Return the name that the opened file gets."""
        if self._at(close + 1).text == "as":
            return self._at(close + 2).text
        for bar in (close + 2, close + 3):
            if self._at(bar - 1).text in ("{", "do") and self._at(bar).text == "|":
                return self._at(bar + 1).text
        while self._at(at - 1).text == ".":
            at -= 2
        sign = self._at(at - 1).text == "=" and self._at(close + 1).text != "."
        return self._at(at - 2).text if sign and self._at(at - 2).kind in ("name", "variable") else None

    def _method(self, at: int) -> tuple[str | None, bool]:
        """Return what the method at a place writes, and whether it is one that writes."""
        if self._at(at).text not in (".", "->") or self._at(at + 1).text not in _METHODS:
            return None, False
        content, _ = self._argument(at + 2 + (self._at(at + 2).text == "("))
        if content is not None and self._at(at + 1).text in _LINES and not content.endswith("\n"):
            content += "\n"
        return content, True

    def _through(self, name: str, start: int) -> tuple[str | None, bool]:
        """Return all that is written through ``name``; nothing is known where it is used otherwise, too."""
        pieces: list[str] = []
        writes, known = False, True
        for at in range(start + (3 if self._at(start + 1).text == "as" else 1), len(self.found)):
            token = self.found[at]
            if token.text != name or token.kind not in ("name", "variable"):
                continue
            if self._at(at - 1).text == self._at(at + 1).text == "|":  # a block's parameter
                continue
            content, wrote = self._method(at + 1)
            if not wrote and self._at(at + 2).text in _HARMLESS:
                continue
            writes = True
            known = known and wrote and content is not None
            pieces.append(content or "")
        return ("".join(pieces) if known else None), writes

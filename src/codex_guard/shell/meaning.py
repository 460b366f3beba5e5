"""What words mean before anything runs: quotes off, variables and folders filled in where known.

What only bash can know is a hole in a value's text, never a guess that it is harmless.
"""

from codex_guard.record import Record
from codex_guard.shell.tree import Command, Expansion, Literal, Part, Script, Word

HOLE = "\0"
_MOST = 64  # values that one word may expand to
# Quoted characters that would mean something unquoted travel as private-use characters.
_SHIFT = 0xE000
_ACTIVE = frozenset("{},~*?[]! \t\n")
_SPLIT = "\uf8ff"
_GLOB = frozenset("*?[")


class Value(Record):
    """One argument as bash would pass it. A HOLE in ``text`` stands for what is known at run time only.

    ``glob``: an unquoted pattern, which bash replaces with the names that match.
    """

    text: str
    glob: bool = False

    @property
    def known(self) -> bool:
        """Whether nothing is left to run time."""
        return HOLE not in self.text


class Scope:
    """Variables and the working folder while a script is read from top to bottom."""

    def __init__(self, cwd: str | None, variables: dict[str, str], root: str) -> None:
        self.cwd = cwd
        self.root = root
        self.variables = dict(variables)

    def copy(self) -> "Scope":
        """Return a scope of its own for a subshell."""
        return Scope(self.cwd, self.variables, self.root)

    def lookup(self, name: str) -> str | None:
        """Return a variable's text, or None where it is not known."""
        return self.cwd if name == "PWD" else self.variables.get(name)

    def path(self, text: str) -> str:
        """Return ``text`` as an absolute path without ``..``; it begins with a HOLE where unknown."""
        if not text.startswith(("/", HOLE)):
            text = f"{self.cwd or HOLE}/{text}"
        steps: list[str] = []
        for step in text.split("/"):
            if step == "..":
                if steps and steps[-1] != HOLE:
                    steps.pop()
            elif step not in ("", "."):
                steps.append(step)
        start = "" if text.startswith(HOLE) else "/"
        return start + "/".join(steps)


def values(word: Word, scope: Scope) -> list[Value]:
    """Return the arguments that ``word`` becomes: usually one, several for ``{a,b}`` and split text."""
    text = _assemble(word.parts, scope)
    found: list[Value] = []
    for braced in _braces(text) if "{" in text else [text]:
        for piece in braced.split(_SPLIT) if _SPLIT in braced else [braced]:
            tilde = _tilde(piece, scope)
            glob = not _GLOB.isdisjoint(tilde)
            found.append(Value(_unshift(tilde), glob))
            if len(found) >= _MOST:
                return found
    return found


def text_of(parts: tuple[Part, ...], scope: Scope) -> str:
    """Return what ``parts`` become where nothing is split or matched, as in a heredoc's body."""
    return _unshift(_assemble(parts, scope)).replace(_SPLIT, " ")


def scripts(parts: tuple[Part, ...]) -> list[Script]:
    """Return the scripts that substitutions within ``parts`` run, outermost first."""
    found: list[Script] = []
    waiting = list(parts)
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Expansion):
            if part.script is not None:
                found.append(part.script)
            waiting.extend(part.parts)
    return found


def _assemble(parts: tuple[Part, ...], scope: Scope) -> str:
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, Literal):
            pieces.append(_shift(part.text) if part.quoted else part.text)
            continue
        text = _expansion(part, scope)
        if text is None:
            pieces.append(HOLE)
        elif part.quoted:
            pieces.append(_shift(text))
        else:
            pieces.append(_SPLIT.join(text.split()) if text.split() else text)
    return "".join(pieces)


def _expansion(part: Expansion, scope: Scope) -> str | None:
    if part.kind == "parameter":
        if part.name is not None:
            return scope.lookup(part.name)
        return _default(part, scope)
    if part.kind == "command" and part.script is not None:
        return _output(part.script, scope)
    return None


def _default(part: Expansion, scope: Scope) -> str | None:
    """Return ``${name:-default}``: the variable's text where known, else the default's."""
    name, operator = part.source[2:], ""
    for mark in (":-", ":=", "-", "="):
        head, found, _ = part.source[2:].partition(mark)
        if found and len(head) < len(name) and head.isidentifier():
            name, operator = head, mark
    if not operator or not part.parts:
        return None
    known = scope.lookup(name)
    if known is not None:
        return known
    return _unshift(_assemble(part.parts, scope)).removeprefix(operator)


def _output(script: Script, scope: Scope) -> str | None:
    """Return what a substitution prints, for the few commands whose output is known."""
    if len(script.statements) != 1 or script.unparsed is not None:
        return None
    commands = script.statements[0].pipeline.commands
    command = commands[0]
    if len(commands) != 1 or not isinstance(command, Command) or command.redirects:
        return None
    argv = [value for word in command.words for value in values(word, scope)]
    if not argv or not all(value.known for value in argv):
        return None
    texts = [value.text for value in argv]
    if texts == ["pwd"]:
        return scope.cwd
    if texts == ["git", "rev-parse", "--show-toplevel"]:
        return scope.root
    if texts[0] == "mktemp":
        return "/tmp/" + HOLE  # noqa: S108 - a name for a temporary file, nothing is opened
    return printed(texts)


def printed(argv: list[str]) -> str | None:
    """Return what ``echo`` or ``printf`` with these arguments prints; None for any other program."""
    if argv[:1] == ["echo"]:
        rest = argv[1:]
        while rest and rest[0] in ("-n", "-e", "-E", "-ne", "-en"):
            rest = rest[1:]
        text = " ".join(rest)
        return _backslashes(text) if any(option in ("-e", "-ne", "-en") for option in argv[1:2]) else text
    if argv[:1] == ["printf"] and len(argv) > 1:
        rest = argv[2:] if argv[1] == "--" else argv[1:]
        return _format(rest[0], rest[1:]) if rest else None
    return None


def _format(template: str, arguments: list[str]) -> str | None:
    """Return printf's output for the plain directives ``%s``, ``%b``, ``%d`` and ``%%``."""
    out, left = "", list(arguments)
    while True:
        taken = False
        pieces = template.split("%")
        line = pieces[0]
        at = 1
        while at < len(pieces):
            piece = pieces[at]
            if piece == "" and at + 1 < len(pieces):
                line += "%" + pieces[at + 1]
                at += 2
                continue
            if piece[:1] not in ("s", "b", "d"):
                return None
            line += (left.pop(0) if left else "") + piece[1:]
            taken = True
            at += 1
        out += line
        if not left or not taken:
            return _backslashes(out)


def _backslashes(text: str) -> str:
    for escape, character in (("\\n", "\n"), ("\\t", "\t"), ("\\r", "\r"), ("\\\\", "\\")):
        text = text.replace(escape, character)
    return text


def _tilde(text: str, scope: Scope) -> str:
    if not text.startswith("~"):
        return text
    head, slash, tail = text.partition("/")
    if head == "~":
        return (scope.lookup("HOME") or HOLE) + slash + tail
    if head == "~+":
        return (scope.cwd or HOLE) + slash + tail
    return f"/home/{head[1:]}{slash}{tail}" if head[1:].isidentifier() else text


def _braces(text: str) -> list[str]:
    """Expand ``{a,b}``, innermost last, to at most _MOST texts. A sequence ``{1..3}`` stays a pattern."""
    done: list[str] = []
    waiting = [text]
    while waiting and len(done) + len(waiting) <= _MOST:
        current = waiting.pop(0)
        group = _first_group(current)
        if group is None:
            done.append(current)
        else:
            start, end, choices = group
            waiting = [current[:start] + choice + current[end:] for choice in choices] + waiting
    return done + waiting


def _first_group(text: str) -> tuple[int, int, list[str]] | None:
    """Find the first ``{`` with its ``}`` and a comma between: start, end, and the choices."""
    start = text.find("{")
    while start >= 0:
        depth, begin, choices = 0, start + 1, []
        for at in range(start, len(text)):
            character = text[at]
            depth += (character == "{") - (character == "}")
            if depth == 1 and character == ",":
                choices.append(text[begin:at])
                begin = at + 1
            elif depth == 0:
                if choices:
                    return start, at + 1, [*choices, text[begin:at]]
                break
        else:
            return None
        start = text.find("{", start + 1)
    return None


def _shift(text: str) -> str:
    if _ACTIVE.isdisjoint(text):
        return text
    return "".join(chr(_SHIFT + ord(c)) if c in _ACTIVE else c for c in text)


def _unshift(text: str) -> str:
    if text.isascii():
        return text
    return "".join(chr(ord(c) - _SHIFT) if 0xE000 <= ord(c) < 0xE080 else c for c in text)  # noqa: PLR2004

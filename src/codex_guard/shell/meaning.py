"""What words mean before anything runs: quotes off, variables and folders filled in where known.

What only bash can know is a hole in a value's text, never a guess that it is harmless.
"""

from codex_guard.record import Record
from codex_guard.shell import braces
from codex_guard.shell.printing import printed
from codex_guard.shell.tree import Command, Expansion, Literal, Part, Script, Word

HOLE = "\0"
_MOST = 64  # values that the braces of one word may expand to
_LONGEST = 1 << 19  # characters that all expansions of one walk may make
_MOST_FOLDERS = 6
_LONGEST_PATH = 4096  # which is the system's own limit
# Quoted characters that would mean something unquoted travel as private-use characters.
_SHIFT = 0xE000
_ACTIVE = frozenset("{},~*?[]! \t\n")
_SPLIT = "\uf8ff"
_GLOB = frozenset("*?[")
# What an expansion brings means nothing any more, but for patterns.
_INERT = str.maketrans({character: chr(_SHIFT + ord(character)) for character in "{},~"})


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
    """Variables and the working folder while a script is read from top to bottom.

    ``folders`` are the folders it can be in, the likeliest first; None is one that is not known.
    ``arguments`` are ``$1`` and on, None where not known; ``pushed`` is what ``popd`` goes back to.
    """

    def __init__(self, cwd: str | None, variables: dict[str, str], root: str) -> None:
        self.folders: tuple[str | None, ...] = (cwd,)
        self.root = root
        self.variables = dict(variables)
        self.arguments: tuple[str, ...] | None = None
        self.pushed: tuple[str | None, ...] = ()
        self.fuel = [_LONGEST]  # shared by all copies

    @property
    def cwd(self) -> str | None:
        """The folder it is most likely in."""
        return self.folders[0] if self.folders else None

    def copy(self) -> "Scope":
        """Return a scope of its own for a subshell."""
        scope = Scope(None, self.variables, self.root)
        scope.folders, scope.arguments, scope.pushed = self.folders, self.arguments, self.pushed
        scope.fuel = self.fuel
        return scope

    def lookup(self, name: str) -> str | None:
        """Return a variable's or a positional parameter's text, or None where it is not known."""
        if name == "PWD":
            return self.cwd
        if name == "IFS":
            return self.variables.get(name, " \t\n")
        if name.isdecimal() or name in ("@", "*", "#"):
            return self._positional(name)
        return self.variables.get(name)

    def _positional(self, name: str) -> str | None:
        if self.arguments is None or name == "0":
            return self.variables.get(name)
        if name == "#":
            return str(len(self.arguments))
        if name in ("@", "*"):
            return " ".join(self.arguments)
        number = int(name[:6])
        return self.arguments[number - 1] if number <= len(self.arguments) else ""

    def path(self, text: str) -> str:
        """Return ``text`` as an absolute path without ``..``; it begins with a HOLE where unknown."""
        return _normal(text if text.startswith(("/", HOLE)) else f"{self.cwd or HOLE}/{text}")

    def paths(self, text: str) -> tuple[str, ...]:
        """Return every path that ``text`` can name, the likeliest first."""
        if len(self.folders) < 2 or text.startswith(("/", HOLE)):  # noqa: PLR2004 - a choice of folders
            return (self.path(text),)
        return tuple([_normal(f"{folder or HOLE}/{text}") for folder in self.folders])

    def enter(self, text: str) -> None:
        """Go to the folder ``text``, as ``cd`` does."""
        self.variables.pop("OLDPWD", None)
        if self.cwd is not None:
            self.variables["OLDPWD"] = self.cwd
        paths = [None if HOLE in path or len(path) > _LONGEST_PATH else path for path in self.paths(text)]
        self.folders = either(tuple(paths))


def _normal(path: str) -> str:
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            if steps and steps[-1] != HOLE:
                steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return ("" if path.startswith(HOLE) else "/") + "/".join(steps)


def either(*choices: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Return the folders of all ``choices``, each once."""
    return tuple(dict.fromkeys(folder for folders in choices for folder in folders))[:_MOST_FOLDERS]


def values(word: Word, scope: Scope) -> list[Value]:
    """Return the arguments that ``word`` becomes: usually one, several for ``{a,b}`` and split text."""
    if len(word.parts) == 1:
        only = word.parts[0]
        if isinstance(only, Literal) and (only.quoted or _ACTIVE.isdisjoint(only.text)):
            return [Value(only.text)]
    text = _assemble(word.parts, scope, split=True)
    solid = any(part.quoted and getattr(part, "name", None) != "@" for part in word.parts)
    found: list[Value] = []
    for braced in braces.expand(text, _MOST) if "{" in text else [text]:
        for piece in braced.split(_SPLIT) if _SPLIT in braced else [braced]:
            if piece or solid:
                tilde = _tilde(piece, scope)
                found.append(Value(_unshift(tilde), not _GLOB.isdisjoint(tilde)))
    return found


def text_of(parts: tuple[Part, ...], scope: Scope) -> str:
    """Return what ``parts`` become where nothing is split or matched, as in a heredoc's body."""
    return _unshift(_assemble(parts, scope, split=False))


def assigned(parts: tuple[Part, ...], scope: Scope) -> str:
    """Return what a variable holds after ``name=parts``."""
    return _unshift(_tilde(_assemble(parts, scope, split=False), scope))


def scripts(parts: tuple[Part, ...]) -> list[Script]:
    """Return the scripts that substitutions within ``parts`` run, outermost first."""
    found: list[Script] = []
    waiting = list(parts)
    at = 0
    while at < len(waiting):
        part = waiting[at]
        at += 1
        if isinstance(part, Expansion):
            if part.script is not None:
                found.append(part.script)
            waiting.extend(part.parts)
    return found


def fed(word: Word, scope: Scope) -> str | None:
    """Return what can be read from the process substitution ``<(…)`` that ``word`` is, where known."""
    part = word.parts[0]
    if len(word.parts) > 1 or not isinstance(part, Expansion) or not part.source.startswith("<("):
        return None
    return _output(part.script, scope) if part.script is not None else None


def _assemble(parts: tuple[Part, ...], scope: Scope, *, split: bool) -> str:
    """Join the texts of ``parts``. ``split``: whether unquoted expansions fall into words."""
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, Literal):
            pieces.append(_shift(part.text) if part.quoted else part.text)
            continue
        text = _expansion(part, scope)
        scope.fuel[0] -= len(text or "")
        if text is None or scope.fuel[0] < 0:
            pieces.append(HOLE)
        elif part.quoted and part.name == "@" and scope.arguments is not None:
            pieces.append(_SPLIT.join([_shift(argument) for argument in scope.arguments]))
        elif part.quoted or not split:
            pieces.append(_shift(text))
        else:
            pieces.append(_split(text).translate(_INERT))
    return "".join(pieces)


def _split(text: str) -> str:
    """Put a mark wherever the default IFS would end a word."""
    words = text.split()
    if len(words) == 1 and len(words[0]) == len(text):
        return text
    before = _SPLIT if text[:1].isspace() else ""
    after = _SPLIT if words and text[-1:].isspace() else ""
    return before + _SPLIT.join(words) + after


def _expansion(part: Expansion, scope: Scope) -> str | None:
    if part.kind == "parameter":
        return scope.lookup(part.name) if part.name is not None else _operated(part, scope)
    if part.kind == "command" and part.script is not None:
        return _output(part.script, scope)
    return None


def _operated(part: Expansion, scope: Scope) -> str | None:
    """Return ``${name:-word}`` and its like, where the variable or its default is known."""
    body = part.source[2:-1]
    end = 0
    while end < len(body) and (body[end].isalnum() or body[end] == "_"):
        end += 1
    operator = body[end : end + 2] if body[end : end + 1] == ":" else body[end : end + 1]
    if not end or not operator:
        return None
    known = scope.lookup(body[:end])
    if operator in (":?", "?"):
        return known
    word = _assemble(part.parts, scope, split=False).removeprefix(operator)
    word = _unshift(_tilde(word, scope))
    if operator in (":-", ":=", "-", "="):
        # Where nothing is known of the variable, its default is the best that there is.
        return known or word if operator[0] == ":" or known is None else known
    if known is not None and operator in ("%", "#") and _GLOB.isdisjoint(word):
        word = word.removeprefix(operator)
        return known.removesuffix(word) if operator == "%" else known.removeprefix(word)
    return None


def _output(script: Script, scope: Scope) -> str | None:
    """Return what a substitution prints, for the few commands whose output is known."""
    if len(script.statements) != 1 or script.unparsed is not None:
        return None
    commands = script.statements[0].pipeline.commands
    command = commands[0]
    if len(commands) != 1 or not isinstance(command, Command):
        return None
    texts = [value.text for word in command.words for value in values(word, scope)]
    if texts == ["cat"] and len(command.redirects) == 1 and (heredoc := command.redirects[0].heredoc):
        return (text_of(heredoc.parts, scope) if heredoc.expands else heredoc.body).rstrip("\n")
    if command.redirects or any(HOLE in text for text in texts):
        return None
    if texts == ["pwd"]:
        return scope.cwd
    if texts == ["git", "rev-parse", "--show-toplevel"]:
        return scope.root
    if texts[:1] == ["mktemp"]:
        return "/tmp/" + HOLE  # noqa: S108 - a name for a temporary file, nothing is opened
    text = printed(texts)
    return text.rstrip("\n") if text is not None else None


def _tilde(text: str, scope: Scope) -> str:
    if not text.startswith("~"):
        return text
    head, slash, tail = text.partition("/")
    if head in ("~", "~+", "~-"):
        name = {"~": "HOME", "~+": "PWD", "~-": "OLDPWD"}[head]
        return (scope.lookup(name) or HOLE) + slash + tail
    if head == "~root":
        return "/root" + slash + tail
    return f"/home/{head[1:]}{slash}{tail}" if head[1:].isidentifier() else text


def _shift(text: str) -> str:
    if _ACTIVE.isdisjoint(text):
        return text
    return "".join([chr(_SHIFT + ord(c)) if c in _ACTIVE else c for c in text])


def _unshift(text: str) -> str:
    if text.isascii():
        return text
    return "".join([chr(ord(c) - _SHIFT) if 0xE000 <= ord(c) < 0xE080 else c for c in text])  # noqa: PLR2004

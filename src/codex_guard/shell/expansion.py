"""What words become: quotes off, variables, braces and substitutions filled in where they are known."""

from codex_guard.shell import braces
from codex_guard.shell.meaning import HOLE, Scope, Value
from codex_guard.shell.tree import Expansion, Literal, Part, Script, Word

_MOST = 64  # values that the braces of one word may expand to
# Quoted characters that would mean something unquoted travel as private-use characters.
_SHIFT = 0xE000
_ACTIVE = frozenset("{},~*?[]! \t\n")
_SPLIT = "\uf8ff"
_SLASH = chr(_SHIFT + ord("/"))
_GLOB = frozenset("*?[")
# What an expansion brings means nothing any more, but for patterns.
_INERT = str.maketrans({character: chr(_SHIFT + ord(character)) for character in "{},~"})


def values(word: Word, scope: Scope) -> list[Value]:
    """Return the arguments that ``word`` becomes: usually one, several for ``{a,b}`` and split text."""
    if len(word.parts) == 1:
        only = word.parts[0]
        if isinstance(only, Literal) and (only.quoted or _ACTIVE.isdisjoint(only.text)):
            return [Value(only.text)]
    text = _assemble(word.parts, scope, split=True)
    solid = any(part.quoted and not (isinstance(part, Expansion) and _is_list(part)) for part in word.parts)
    found: list[Value] = []
    if "{" in text and ".." in text:
        from codex_guard.shell import sequences  # noqa: PLC0415 - {1..3} is rare

        text = sequences.listed(text)
    for braced in braces.expand(text, _MOST) if "{" in text else [text]:
        for piece in braced.split(_SPLIT) if _SPLIT in braced else [braced]:
            if piece or solid:
                path = tilde(piece, scope)
                found.append(Value(unshift(path), not _GLOB.isdisjoint(path)))
    return found


def text_of(parts: tuple[Part, ...], scope: Scope) -> str:
    """Return what ``parts`` become where nothing is split or matched, as in a heredoc's body."""
    return unshift(_assemble(parts, scope, split=False))


def assigned(parts: tuple[Part, ...], scope: Scope) -> str:
    """Return what a variable holds after ``name=parts``."""
    return unshift(tilde(_assemble(parts, scope, split=False), scope))


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


def process(word: Word, sign: str) -> Script | None:
    """Return what runs in ``word``, where that is a process substitution: ``sign`` is ``<`` or ``>``."""
    part = word.parts[0] if word.parts else None
    if len(word.parts) > 1 or not isinstance(part, Expansion) or not part.source.startswith(sign + "("):
        return None
    return part.script


def fed(word: Word, scope: Scope) -> str | None:
    """Return what can be read from the process substitution ``<(…)`` that ``word`` is, where known."""
    script = process(word, "<")
    return printed(script, scope) if script is not None else None


def printed(script: Script, scope: Scope) -> str | None:
    """Return what a substitution that was walked before prints, where known."""
    known = scope.outputs.get(id(script))
    return known[2] if known is not None else None


def names(parts: tuple[Part, ...]) -> list[str]:
    """Return the variables that ``parts`` are made of; of one whose length is asked, nothing is in them."""
    found: list[str] = []
    waiting = list(parts)
    while waiting:
        part = waiting.pop()
        if isinstance(part, Expansion):
            waiting.extend(part.parts)
            if part.kind == "parameter" and part.prefix != "#":
                found.append(part.name or part.parameter)
    return found


def _is_list(part: Expansion) -> bool:
    """Say whether a part becomes several words even between quotes."""
    return part.name == "@" or part.index == "@" or part.parameter == "@"


def _assemble(parts: tuple[Part, ...], scope: Scope, *, split: bool) -> str:
    """Join the texts of ``parts``. ``split``: whether unquoted expansions fall into words."""
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, Literal):
            pieces.append(_shift(part.text) if part.quoted else part.text)
            continue
        texts = _expansion(part, scope)
        scope.fuel[0] -= sum([len(text) + 1 for text in texts]) if texts else 0
        if texts is None or scope.fuel[0] < 0:
            pieces.append(HOLE)
        elif part.quoted or not split:
            between = _SPLIT if split and _is_list(part) else " "
            pieces.append(between.join([_shift(text) for text in texts]))
        else:
            ifs = scope.variables.get("IFS", "")
            pieces.append(_SPLIT.join([_split(text, ifs) for text in texts]).translate(_INERT))
    return "".join(pieces)


def _split(text: str, ifs: str) -> str:
    """Put a mark wherever a word ends by ``ifs``, or by the default one where that is empty."""
    if ifs.strip():
        for character in ifs:
            text = text.replace(character, _SPLIT)
        return text
    words = text.split()
    if len(words) == 1 and len(words[0]) == len(text):
        return text
    before = _SPLIT if text[:1].isspace() else ""
    after = _SPLIT if words and text[-1:].isspace() else ""
    return before + _SPLIT.join(words) + after


def _expansion(part: Expansion, scope: Scope) -> tuple[str, ...] | None:
    """Return the texts that a part becomes, of which only a list has not exactly one; None where unknown."""
    text: str | None = None
    if part.kind == "parameter":
        if part.name is None:
            return _operated(part, scope)
        if part.name in ("@", "*") and scope.arguments is not None:
            return scope.arguments
        text = scope.lookup(part.name)
    elif part.kind == "command" and part.script is not None:
        text = printed(part.script, scope)
        text = text.rstrip("\n") if text is not None else None
    elif part.kind == "arithmetic":
        from codex_guard.shell import arithmetic  # noqa: PLC0415 - rare in commands

        text = arithmetic.result(text_of(part.parts, scope), scope)
    return (text,) if text is not None else None


def _operated(part: Expansion, scope: Scope) -> tuple[str, ...] | None:
    from codex_guard.shell import parameters  # noqa: PLC0415 - most variables stand alone

    index = None
    if part.index is not None:
        end = len(part.parts) - len(part.operand) - bool(part.operator) - 1
        index = text_of(part.parts[1:end], scope)
    operand = part.operand
    if part.operator.startswith("/"):  # a quoted slash is none that ends the pattern
        operand = tuple(
            [
                Literal(each.text.replace("/", _SLASH)) if isinstance(each, Literal) and each.quoted else each
                for each in operand
            ]
        )
    return parameters.operated(part, index, _assemble(operand, scope, split=False), scope)


def tilde(text: str, scope: Scope) -> str:
    """Put a home folder in place of a tilde that begins ``text``."""
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


def unshift(text: str) -> str:
    """Turn what travelled as private-use characters back."""
    if text.isascii():
        return text
    return "".join([chr(ord(c) - _SHIFT) if 0xE000 <= ord(c) < 0xE080 else c for c in text])  # noqa: PLR2004

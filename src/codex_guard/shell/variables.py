"""Builtins that fill variables and aliases: what is known in them afterwards."""

from codex_guard.shell.invocation import Invocation, Stage, Start
from codex_guard.shell.meaning import HOLE, Scope
from codex_guard.shell.printing import printed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_TAKES_VALUE = {"read": "adnNptui", "mapfile": "dnOsucC"}
_MOST = 200  # lines that an array is filled with
_MOST_ORIGINS = 50


def sources(invocation: Invocation) -> tuple[Invocation, ...]:
    """Return what made the text that ``invocation`` reads, and the words it is given."""
    found = list(invocation.inner)
    stage: Stage | None = invocation.upstream
    while stage is not None and len(found) < _MOST_ORIGINS:
        found += stage.started
        stage = stage.before
    return tuple(found[:_MOST_ORIGINS])


def _options(program: str, words: list[str]) -> tuple[dict[str, str], list[str]]:
    takes_value = _TAKES_VALUE[program]
    options: dict[str, str] = {}
    at = 0
    while at < len(words) and words[at][:1] == "-" and len(words[at]) > 1:
        word = words[at]
        at += 1
        if word == "--":
            break
        for number, letter in enumerate(word[1:], 2):
            if letter in takes_value:
                options[letter] = word[number:] or (words[at] if at < len(words) else "")
                at += not word[number:]
                break
            options[letter] = ""
    return options, words[at:]


def _text(options: dict[str, str], invocation: Invocation) -> str | None:
    """Return what is read: the standard input, or the descriptor of ``-u``."""
    if "u" not in options:
        return invocation.stdin
    opened = invocation.scope.opened.get(options["u"])
    return opened.feed.text if opened is not None else None


def _read(words: list[str], invocation: Invocation, scope: Scope) -> None:
    options, names = _options("read", words)
    text = _text(options, invocation)
    made = sources(invocation)
    line = None
    if text is not None:
        stop = options.get("d", "\n")[:1]
        line = text.partition(stop)[0] if stop else text
    ifs = invocation.scope.variables.get("IFS", "")
    if "a" in options:
        pieces = _pieces(line, ifs, _MOST) if line is not None else [HOLE]
        scope.assign_array(options["a"], {str(at): piece for at, piece in enumerate(pieces)})
        scope.remember(options["a"], made)
        return
    names = names or ["REPLY"]
    pieces = _pieces(line, ifs, len(names)) if line is not None else [HOLE] * len(names)
    for at, name in enumerate(names[:_MOST]):
        scope.assign(name, pieces[at] if at < len(pieces) else "")
        scope.remember(name, made)


def _pieces(line: str, ifs: str, most: int) -> list[str]:
    """Split a line into at most so many words, the last of which takes the rest."""
    if ifs.strip():
        for character in ifs[1:]:
            line = line.replace(character, ifs[0])
        return line.split(ifs[0], most - 1)
    return line.strip().split(None, most - 1)


def _map(words: list[str], invocation: Invocation, scope: Scope) -> None:
    options, names = _options("mapfile", words)
    text = _text(options, invocation)
    name = names[0] if names else "MAPFILE"
    lines = text.splitlines(keepends="t" not in options)[:_MOST] if text is not None else [HOLE]
    scope.assign_array(name, {str(at): line for at, line in enumerate(lines)})
    scope.remember(name, sources(invocation))


def _unset(words: list[str], _: Invocation, scope: Scope) -> None:
    for word in words if "-f" not in words else ():
        scope.forget(word)


def _forget(words: list[str], _: Invocation, scope: Scope) -> None:
    for word in words:
        scope.forget(word)


def _print(words: list[str], invocation: Invocation, scope: Scope) -> None:
    if words[:1] == ["-v"] and len(words) > 2:  # noqa: PLR2004 - the name and the template
        rest = words[3:] if words[2] == "--" else words[2:]
        text = printed(["printf", *rest])
        scope.assign(words[1], HOLE if text is None else text)
        scope.remember(words[1], invocation.inner)


def _let(words: list[str], _: Invocation, scope: Scope) -> None:
    from codex_guard.shell import arithmetic  # noqa: PLC0415 - rare in commands

    for word in words:
        name, equals, expression = word.partition("=")
        if equals and name.isidentifier():
            result = arithmetic.result(expression, scope)
            scope.assign(name, HOLE if result is None else result)
        else:
            scope.forget(name.strip("+-*/%&|^<>"))


def _alias(words: list[str], _: Invocation, scope: Scope) -> None:
    for word in words:
        name, equals, text = word.partition("=")
        if equals:
            scope.alias(name, text)


def _unalias(words: list[str], _: Invocation, scope: Scope) -> None:
    for name in list(scope.aliases) if "-a" in words else words:
        scope.alias(name, None)


def _hash(words: list[str], _: Invocation, scope: Scope) -> None:
    """``hash -p /bin/x name``: a name that stands for another program."""
    if words[:1] == ["-p"] and len(words) > 2:  # noqa: PLR2004 - the program and the name
        scope.alias(words[2], words[1])


def subscripts(invocation: Invocation) -> list[Start]:
    """Return what bash runs to read the index of an array whose name stands in a word: ``a[$(x)]``."""
    names = [value.text for value in invocation.argv[1:]]
    if invocation.program in ("test", "[", "printf"):
        names = [name for at, name in enumerate(names) if at and names[at - 1] == "-v"]
    found = [name.partition("[") for name in names[:_MOST]]
    ran = [index for name, _, index in found if name.isidentifier() and ("$(" in index or "`" in index)]
    return [Start(script=f": <<INDEX\n{index}\nINDEX\n", here=True) for index in ran]


def follow_pipe(invocation: Invocation, scope: Scope) -> None:
    """Let ``read`` at a pipeline's end, which some shells run themselves, fill what is not known so far."""
    if invocation.program not in ("read", "mapfile", "readarray"):
        return
    after = scope.copy()
    TABLE[invocation.program]([value.text for value in invocation.argv[1:]], invocation, after)
    for name, text in after.variables.items():
        if scope.lookup(name) is None:
            scope.assign(name, text)
            scope.remember(name, after.origins.get(name, ()))
    for name, elements in after.arrays.items():
        if name not in scope.arrays:
            scope.assign_array(name, elements)


TABLE: "dict[str, Callable[[list[str], Invocation, Scope], None]]" = {
    "read": _read,
    "mapfile": _map,
    "readarray": _map,
    "unset": _unset,
    "getopts": _forget,
    "printf": _print,
    "let": _let,
    "alias": _alias,
    "unalias": _unalias,
    "hash": _hash,
}

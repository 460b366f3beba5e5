"""What operators make of a variable: ``${x:-word}``, ``${x/a/b}``, ``${a[@]}``, ``${!x}`` and their like."""

from codex_guard.shell import arithmetic
from codex_guard.shell.expansion import tilde, unshift
from codex_guard.shell.meaning import HOLE, Scope
from codex_guard.shell.tree import Expansion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_DEFAULTS = frozenset("-=?+")
_CASES: "dict[str, Callable[[str], str]]" = {
    "^^": str.upper,
    ",,": str.lower,
    "@U": str.upper,
    "@L": str.lower,
}
_FIRST: "dict[str, Callable[[str], str]]" = {"^": str.upper, ",": str.lower, "@u": str.upper}
_WORK = 20_000  # steps of matching one pattern; two of them are paid for as one character that was made


def operated(part: Expansion, index: str | None, operand: str, scope: Scope) -> tuple[str, ...] | None:
    """Return the texts that a parameter with an index, a prefix or an operator becomes; None where unknown.

    ``index`` and ``operand`` are the part's own with what stands in them filled in.
    """
    name, whole = part.parameter, index in ("@", "*")
    if part.prefix == "!":
        return None if part.operator or whole else _indirect(name, scope)
    texts = _texts(name, index, scope)
    if part.prefix == "#":
        return None if texts is None else (str(len(texts) if whole else len(texts[0])),)
    sign = part.operator
    if sign and sign[-1] in _DEFAULTS:
        return _defaulted(part, texts, operand, scope)
    if not sign or texts is None:
        return texts
    if HOLE in operand or any(HOLE in text for text in texts):
        return None
    if sign == ":":
        return _sliced(texts, operand, scope, listed=whole or name in ("@", "*"), first=name in ("@", "*"))
    if sign[0] == "/":
        return _each(texts, lambda text: _replaced(text, sign, operand, scope))
    if sign[0] in "#%":
        return _each(texts, lambda text: _cut(text, sign, operand, scope))
    change = _CASES.get(sign + operand)
    if change is not None:
        return _each(texts, change)
    change = _FIRST.get(sign + operand)
    return tuple([change(text[:1]) + text[1:] for text in texts]) if change is not None else None


def _texts(name: str, index: str | None, scope: Scope) -> tuple[str, ...] | None:
    if name in ("@", "*"):
        return scope.arguments
    elements = scope.arrays.get(name, {})
    if index in ("@", "*") and elements:
        return tuple(elements.values())
    text: str | None = None
    if index in (None, "@", "*", "0"):
        text = scope.lookup(name)
    elif index is not None:
        number = arithmetic.result(index, scope) or ""
        text = elements.get(index, elements.get(number))
        if number.startswith("-") and 0 < int(number[1:]) <= len(elements):
            text = list(elements.values())[int(number)]
    return (text,) if text is not None else None


def _indirect(name: str, scope: Scope) -> tuple[str, ...] | None:
    """Return the variable whose name a variable holds."""
    target, bracket, index = (scope.lookup(name) or "").partition("[")
    return _texts(target, index.removesuffix("]") if bracket else None, scope) if target else None


def _each(texts: tuple[str, ...], change: "Callable[[str], str | None]") -> tuple[str, ...] | None:
    changed = [change(text) for text in texts]
    known = tuple([text for text in changed if text is not None])
    return known if len(known) == len(changed) else None


def _defaulted(
    part: Expansion, texts: tuple[str, ...] | None, operand: str, scope: Scope
) -> tuple[str, ...] | None:
    sign = part.operator[-1]
    # A colon takes an empty variable for none.
    known = texts is not None and (any(texts) or not part.operator.startswith(":"))
    if sign == "?":
        return texts
    word = unshift(tilde(operand, scope))
    if sign == "+":
        # An alternative stands there or it does not: where that is not known, it may.
        return (word,) if known or texts is None else ("",)
    # Where nothing is known of the variable, its default is the best that there is.
    if known:
        return texts
    if sign == "=" and part.parameter.isidentifier():
        scope.assign(part.parameter, word)
    return (word,)


def _sliced(
    texts: tuple[str, ...], operand: str, scope: Scope, *, listed: bool, first: bool
) -> tuple[str, ...] | None:
    """Return ``${x:2:3}``; where ``listed``, of the elements, which ``$1`` and on begin with the first."""
    offset, colon, length = operand.partition(":")
    start = arithmetic.result(offset, scope)
    count = arithmetic.result(length, scope) if colon else "0"
    if start is None or count is None:
        return None
    begin = int(start)
    if listed:
        begin -= first and begin > 0
        found = texts[begin:]
        return found[: int(count)] if colon else found
    text = texts[0][begin:] if begin >= -len(texts[0]) else ""
    return (text[: int(count)] if colon else text,)


def _replaced(text: str, sign: str, operand: str, scope: Scope) -> str | None:
    pattern, _, new = operand.partition("/")
    new = unshift(new)
    steps = _steps(pattern)
    if not steps:
        return text
    plain = all(len(step) == 1 for step in steps)
    anchored = sign in ("/#", "/%")
    work = len(text) * (len(new) + 1 if plain else len(steps) if anchored else len(text) * len(steps))
    if not _affordable(work, scope):
        return None
    if anchored:
        ends = _ends(steps, text) if sign == "/#" else _ends(steps[::-1], text[::-1])
        if not ends:
            return text
        return new + text[ends[-1] :] if sign == "/#" else text[: len(text) - ends[-1]] + new
    if plain:
        return text.replace("".join(steps), new, -1 if sign == "//" else 1)
    return _substituted(text, steps, new, everywhere=sign == "//")


def _substituted(text: str, steps: list[str], new: str, *, everywhere: bool) -> str:
    out: list[str] = []
    at = 0
    while at < len(text):
        ends = [end for end in _ends(steps, text[at:]) if end]
        if ends:
            out.append(new)
            at += ends[-1]
            if not everywhere:
                break
        else:
            out.append(text[at])
            at += 1
    return "".join((*out, text[at:]))


def _cut(text: str, sign: str, pattern: str, scope: Scope) -> str | None:
    steps = _steps(pattern)
    if not _affordable(len(text) * len(steps), scope):
        return None
    ends = _ends(steps, text) if sign[0] == "#" else _ends(steps[::-1], text[::-1])
    if not ends:
        return text
    end = ends[-1] if len(sign) > 1 else ends[0]
    return text[end:] if sign[0] == "#" else text[: len(text) - end]


def _steps(pattern: str) -> list[str]:
    """Split a pattern: single characters stand for themselves, ``**`` for any text, ``??`` for a character.

    A bracket is ``[`` and the characters in it.
    """
    found: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        closing = pattern.find("]", at + 2) if character == "[" else -1
        if closing > 0:
            found.append(_bracket(pattern[at + 1 : closing]))
            at = closing
        elif character != "*" or found[-1:] != ["**"]:
            found.append(character * 2 if character in "*?" else unshift(character))
        at += 1
    return found


def _bracket(inner: str) -> str:
    """Return ``[`` and the characters of a bracket, or ``[!`` and those that it leaves out."""
    sign = "[!" if inner[:1] in ("!", "^") else "[ "
    inner = inner[1:] if sign == "[!" else inner
    characters: list[str] = []
    for at, character in enumerate(inner):
        if character == "-" and 0 < at < len(inner) - 1:
            first, last = ord(inner[at - 1]), min(ord(inner[at + 1]), 0x17F)
            characters += [chr(code) for code in range(first, last + 1)]
        else:
            characters.append(character)
    return sign + "".join(characters)


def _affordable(work: int, scope: Scope) -> bool:
    """Pay for so many steps; False where it is too many."""
    if work > _WORK:
        return False
    scope.fuel[0] -= work // 2
    return scope.fuel[0] >= 0


def _ends(steps: list[str], text: str) -> list[int]:
    """Return where a match from the start of ``text`` can end, in order."""
    found: list[int] = []
    reached = _open(steps, {0})
    for at in range(len(text) + 1):
        if len(steps) in reached:
            found.append(at)
        if at == len(text) or not reached:
            break
        reached = _open(
            steps,
            {
                step if steps[step] == "**" else step + 1
                for step in reached
                if step < len(steps) and _takes(steps[step], text[at])
            },
        )
    return found


def _open(steps: list[str], reached: set[int]) -> set[int]:
    """Add the places that a star reaches by standing for nothing."""
    for place in tuple(reached):
        at = place
        while at < len(steps) and steps[at] == "**":
            at += 1
            reached.add(at)
    return reached


def _takes(step: str, character: str) -> bool:
    if len(step) == 1:
        return step == character
    if step[0] == "[":
        return (character in step[2:]) != (step[1] == "!")
    return True

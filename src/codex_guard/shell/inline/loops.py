"""Loops: their variables stand for every element."""

from codex_guard.shell.inline import things
from codex_guard.shell.inline.things import UNKNOWN, Thing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.inline.reader import Reader

_EACH = frozenset((
    "forEach", "map", "each", "flatMap", "filter", "some", "every", "each_with_index", "each_entry",
    "each_child", "then",
))  # fmt: skip
_MOST_ROUNDS = 64


def head(reader: "Reader") -> bool:
    """Read a loop's head, and let its variable stand for every element."""
    language = reader.language
    close = reader.stop
    reader.at += 1
    if reader.is_mark("("):
        close = min(reader.closes[reader.at], reader.stop)
    if language == "php" and close < reader.stop:
        reader.at += 1
        over = reader.expression()
        if reader.peek().text == "as":
            bind(reader, _targets(reader, close), over)
        reader.at = max(reader.at, min(close, reader.stop))
        return True
    if language == "node" and close < reader.stop:
        reader.at += 1
    start = reader.at
    names = (
        _targets(reader, min(start + 8, reader.stop))
        if not reader.is_mark("(") or language == "python"
        else []
    )
    if language == "perl":
        if not reader.is_mark("("):
            return True
        bind(
            reader,
            names or ["_"],
            Thing(items=tuple([each for _, thing in reader.group() for each in _flat(thing)])),
        )
    elif reader.peek().text in ("in", "of"):
        reader.at += 1
        bind(reader, names, _over(reader))
    else:
        reader.at = start
    return True


def _over(reader: "Reader") -> Thing:
    over = reader.expression()
    if reader.language == "python" and reader.is_mark(","):
        items = [over]
        while reader.is_mark(","):
            reader.at += 1
            items.append(reader.expression())
        return Thing(items=tuple(items))
    return over


def _targets(reader: "Reader", stop: int) -> list[str]:
    """Return the names up to ``in`` or ``of`` or the end."""
    names = []
    while reader.at < stop and reader.peek().text not in ("in", "of"):
        token = reader.peek()
        if token.kind not in ("name", "variable") and token.text not in (",", "(", "[", "=>", ")", "]"):
            break
        if token.kind in ("variable", "name") and token.text not in (
            "my",
            "our",
            "const",
            "let",
            "var",
            "as",
        ):
            names.append(token.text)
        reader.at += 1
        if reader.language == "perl" and token.kind == "variable":
            break
    return names


def _flat(thing: Thing) -> tuple[Thing, ...]:
    """Return a list's items, as Perl puts lists together, or the thing itself."""
    return thing.items if thing.items is not None else (thing,)


def bind(reader: "Reader", names: list[str], over: Thing) -> None:
    """Let the loop's variables stand for the elements: the last of a pair, the first of os.walk's three."""
    element = things.one_of(things.elements(over))
    which = 0 if over.glob or len(names) > len("kv") else len(names) - 1
    for at, name in enumerate(names):
        reader.program.bound[name] = element if at == which else UNKNOWN


def comprehended(reader: "Reader") -> list[Thing] | None:
    """Return what Python's ``[f(x) for x in …]`` makes of each element; None where it is no such thing."""
    depth_close = reader.stop
    at = reader.at
    while at < depth_close and not (reader.tokens[at].kind == "name" and reader.tokens[at].text == "for"):
        token = reader.tokens[at]
        if token.kind == "mark" and token.text == ",":
            return None
        at = reader.closes[at] + 1 if token.kind == "mark" and token.text in ("(", "[", "{") else at + 1
    if at >= depth_close or at == reader.at:
        return None
    start = reader.at
    reader.at = at + 1
    names = _targets(reader, reader.stop)
    reader.at += 1
    over = reader.expression()
    reader.span(reader.at, depth_close)
    made = []
    for element in things.elements(over)[:_MOST_ROUNDS]:
        bind(reader, names, Thing(items=(element,)))
        made.append(reader.span(start, at))
    return made


def looped(reader: "Reader", value: Thing, receiver: Thing | None) -> None:
    """Let the parameter of a function given to ``forEach`` or ``each`` stand for every element."""
    name = value.name.rpartition(".")[2]
    if receiver is None or name not in _EACH:
        return
    ahead = 1
    while reader.peek(ahead).text in ("(", "function", "async", "fn"):
        ahead += 1
    if reader.peek(ahead).kind == "name" and (ahead > 1 or reader.is_mark("=>", ahead=2)):
        bind(reader, [reader.peek(ahead).text], receiver)


def block(reader: "Reader", receiver: Thing) -> None:
    """Let the parameter of Ruby's ``{ |x| … }`` or ``do |x|`` stand for every element of ``receiver``."""
    if (reader.is_mark("{") or reader.peek().text == "do") and reader.is_mark("|", ahead=1):
        bind(reader, [reader.peek(2).text], receiver)

"""What stands behind a value: members, calls with and without brackets, indexes."""

from codex_guard.shell.inline import calls, loops, names, things
from codex_guard.shell.inline.call import Call
from codex_guard.shell.inline.things import UNKNOWN, Thing
from codex_guard.shell.inline.tokens import Token
from codex_guard.shell.meaning import HOLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.inline.program import Function
    from codex_guard.shell.inline.reader import Reader

_DIGITS = 6  # of an index, its sign included
_DEEPEST = 60  # functions that call one another
_ENDS = frozenset((
    "if", "unless", "and", "or", "do", "for", "while", "rescue", "foreach", "until", "else", "then", "end",
    "in", "as", "is", "not",
))  # fmt: skip
_WITHOUT_BRACKETS = frozenset(("ruby", "perl", "lua", "php"))
_STARTS = frozenset(("text", "glob", "run", "words", "variable", "name", "number"))
# Lists of arguments, and the index of the first that is not the program itself.
_FIRST_ARGUMENT = {"sys.argv": 1, "argv": 1, "_SERVER.argv": 1, "process.argv": 1, "arg": 1}


def followed(reader: "Reader", value: Thing) -> Thing:
    """Read what stands behind a value: members, calls, indexes."""
    reader.receiver = None
    called = False
    while reader.at < reader.stop:
        token = reader.peek()
        if _is_member(reader, token):
            reader.at += 1
            if reader.peek().kind == "name":
                value = _member(reader, value, reader.peek().text)
                reader.at += 1
                called = False
            elif not reader.is_mark("(", "[", "{"):
                break
        elif token.kind == "mark" and token.text == "(":
            value, called = _called(reader, value), True
        elif token.kind == "mark" and token.text in ("[", "{") and _is_index(reader, token, value):
            value, called = _indexed(reader, value), False
        elif token.kind == "text" and token.glued and reader.language == "node" and token.text == "`":
            reader.at += 1
            value, called = _call(reader, value, [("", reader.said(token))]), True
        else:
            break
    if reader.language == "ruby":
        loops.block(reader, reader.receiver or value)
    if not called and value.name and _takes_what_follows(reader, value):
        return _call(reader, value, _following(reader))
    return value


def _is_member(reader: "Reader", token: Token) -> bool:
    if token.kind != "mark":
        return False
    if token.text == ".":
        return reader.language not in ("perl", "php")
    if token.text == ":":
        return reader.language == "lua" and reader.peek(1).kind == "name"
    return token.text in ("->", "::", "?.", "&.") or (token.text == "$" and reader.language == "r")


def _is_index(reader: "Reader", token: Token, value: Thing) -> bool:
    if token.text == "{":
        return reader.language == "perl" and token.glued and bool(value.name or value.named)
    return token.glued or reader.language in ("node", "php")


def _member(reader: "Reader", value: Thing, name: str) -> Thing:
    found = things.option(value.named, name)
    if found is not None:
        return found
    if value.name and not value.url:
        if value.name in names.ENVIRONMENT and "." + name not in reader.program.effects:
            return reader.program.environment(name)
        full = names.full(f"{value.name}.{name}")
        if full not in reader.program.effects:
            reader.receiver = value
        return reader.resolved(full)
    reader.receiver = value
    return value.replace(name="." + name) if value.url else Thing(name="." + name)


def _indexed(reader: "Reader", value: Thing) -> Thing:
    elements = reader.group()
    index = elements[0][1] if elements else UNKNOWN
    # In Perl a word in braces is a text.
    name = index.texts[0] if index.texts else index.name
    if value.name in names.ENVIRONMENT and name != HOLE:
        return reader.program.environment(name)
    if value.name in names.ARGUMENTS:
        return _argument(reader, value.name, name)
    if value.name and index.known:
        return _member(reader, value, name)
    if value.named and (found := things.option(value.named, name)) is not None:
        return found
    if value.items is not None and name.lstrip("-").isdecimal() and name.isascii() and len(name) < _DIGITS:
        number = int(name)
        return value.items[number] if -len(value.items) <= number < len(value.items) else UNKNOWN
    if value.known and reader.language == "python" and _is_reversal(reader):
        return value.replace(texts=tuple([text[::-1] for text in value.texts]))
    return value if value.url else UNKNOWN


def _is_reversal(reader: "Reader") -> bool:
    """Say whether the index just read is ``[::-1]``."""
    return [token.text for token in reader.tokens[max(0, reader.at - 4) : reader.at]] == ["::", "-", "1", "]"]


def _argument(reader: "Reader", name: str, index: str) -> Thing:
    """Return what the program is given on its command line."""
    if not index.isdecimal() or not index.isascii() or len(index) >= _DIGITS:
        return UNKNOWN
    number = int(index) - _FIRST_ARGUMENT.get(name, 0)
    given = reader.program.given.arguments
    return Thing((given[number].text,), glob=given[number].glob) if 0 <= number < len(given) else UNKNOWN


def _called(reader: "Reader", value: Thing) -> Thing:
    receiver = reader.receiver
    loops.looped(reader, value, receiver)
    elements = reader.group()
    reader.receiver = receiver
    return _call(reader, value, elements)


def _call(reader: "Reader", value: Thing, elements: list[tuple[str, Thing]]) -> Thing:
    receiver, reader.receiver = reader.receiver, None
    name = value.name
    if not name and value.known and reader.language == "php":
        name = value.texts[0]  # a function can be called by a text that says its name
    named = [(key, thing) for key, thing in elements if key]
    given = [thing for key, thing in elements if not key]
    for thing in given:
        named += thing.named
    function = reader.program.functions.get(name)
    if function is not None:
        return _run_body(reader, function, given)
    return calls.result(reader, Call(name, receiver, tuple(given), tuple(named)))


def _run_body(reader: "Reader", function: "Function", given: list[Thing]) -> Thing:
    """Read the body of one of the program's own functions again, for the arguments of this call."""
    program = reader.program
    if function.name in program.running or program.depth >= _DEEPEST:
        return UNKNOWN
    program.running.add(function.name)
    program.depth += 1
    for at, name in enumerate(function.parameters):
        program.bound[name] = given[at] if at < len(given) else UNKNOWN
    program.bound["_"] = Thing(items=tuple(given))
    reader.beside(*function.tokens).span(function.start, function.end)
    program.depth -= 1
    program.running.discard(function.name)
    return UNKNOWN


def _takes_what_follows(reader: "Reader", value: Thing) -> bool:
    """Say whether a function is called without brackets here."""
    if reader.language == "python":
        return value.name in ("exec", "print") and reader.peek().kind == "text"
    if reader.language not in _WITHOUT_BRACKETS:
        return False
    return value.name in reader.program.effects or (
        reader.receiver is not None and calls.effect_of(reader.program, value.name) != ""
    )


def _following(reader: "Reader") -> list[tuple[str, Thing]]:
    """Read the arguments of a call without brackets, up to the end of its statement."""
    receiver = reader.receiver
    elements: list[tuple[str, Thing]] = []
    while reader.at < reader.stop:
        token = reader.peek()
        opens = token.kind == "mark" and (token.text in "[\\-*" or (token.text == "{" and not elements))
        if not (token.kind in _STARTS or opens) or (token.kind == "name" and token.text in _ENDS):
            break
        if token.text == "{" and reader.language != "perl":
            break
        elements.append(_plain_element(reader))
        if not reader.is_mark(",", "=>"):
            break
        reader.at += 1
        while reader.peek().kind == "line":
            reader.at += 1
    reader.receiver = receiver
    return elements


def _plain_element(reader: "Reader") -> tuple[str, Thing]:
    key = ""
    if reader.peek().kind in ("name", "text") and reader.is_mark(":", "=>", ahead=1):
        key = reader.peek().text
        reader.at += 2
    before = reader.at
    thing = reader.expression()
    reader.at = max(reader.at, before + 1)
    return key, thing

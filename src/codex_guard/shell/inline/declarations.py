"""What gives names a meaning: imports, assignments, loops, and the program's own functions."""

from codex_guard.shell.inline import loops, names, things
from codex_guard.shell.inline.program import Function
from codex_guard.shell.inline.things import UNKNOWN, Thing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.inline.reader import Reader

_ASSIGNS = frozenset(("=", ":=", "+=", ".=", "||=", "??=", "<<"))
_DEFINES = {
    "python": ("def",), "node": ("function",), "php": ("function", "fn"), "perl": ("sub",), "ruby": ("def",),
    "lua": ("function",), "awk": ("function", "func"),
}  # fmt: skip
_STEPS = 4  # self.a.b.c
_LONGEST_IMPORT = 60  # tokens of the names that it imports
_LONGEST_BODY = 100  # tokens of a function without braces
_BRACED = frozenset(("node", "php", "perl", "awk"))


def declared(reader: "Reader") -> bool:
    """Read an import, a loop's head or a function's, if one begins here; says whether it did."""
    word = reader.peek().text
    language = reader.language
    if word == "import" and language == "python":
        return _import(reader)
    if word == "from" and language == "python":
        return _import_from(reader)
    if word == "import" and language == "node":
        return _import_module(reader)
    if word in ("for", "foreach"):
        return loops.head(reader)
    return word in _DEFINES.get(language, ()) and _define(reader)


def _dotted(reader: "Reader") -> str:
    steps = []
    while reader.peek().kind == "name":
        steps.append(reader.peek().text)
        reader.at += 1
        if not reader.is_mark("."):
            break
        reader.at += 1
    return ".".join(steps)


def _alias(reader: "Reader", name: str) -> str:
    """Return the name that ``as`` gives, or ``name`` itself."""
    if reader.peek().text != "as" or reader.peek(1).kind != "name":
        return name
    reader.at += 2
    return reader.tokens[reader.at - 1].text


def _import(reader: "Reader") -> bool:
    while True:
        reader.at += 1
        module = _dotted(reader)
        alias = _alias(reader, "")
        if alias:
            reader.program.bound[alias] = Thing(name=names.full(module + ".").rstrip("."))
        if not module or not reader.is_mark(","):
            return True


def _import_from(reader: "Reader") -> bool:
    reader.at += 1
    module = _dotted(reader)
    if reader.peek().text != "import":
        return True
    while True:
        reader.at += 1
        while reader.is_mark("("):
            reader.at += 1
        if reader.is_mark("*"):
            reader.at += 1
            reader.program.stars.append(module)
            return True
        name = reader.peek().text if reader.peek().kind == "name" else ""
        reader.at += bool(name)
        if name:
            reader.program.bound[_alias(reader, name)] = Thing(name=names.full(f"{module}.{name}"))
        if not name or not reader.is_mark(","):
            return True


def _import_module(reader: "Reader") -> bool:
    """Read ``import x, {y as z} from 'module'``; ``import(…)`` is a call."""
    start = reader.at
    if reader.is_mark("(", ".", ahead=1):
        return False
    found: list[tuple[str, str]] = []
    reader.at += 1
    braced = False
    stop = min(reader.stop, start + _LONGEST_IMPORT)
    while reader.at < stop and reader.peek().kind not in ("text", "line") and not reader.is_mark(";"):
        token = reader.peek()
        braced = (braced or token.text == "{") and token.text != "}"
        reader.at += 1
        if token.kind == "name" and token.text not in ("from", "as"):
            found.append((_alias(reader, token.text), token.text if braced else ""))
        elif token.text == "*":
            found.append((_alias(reader, ""), ""))
    if reader.peek().kind != "text":
        reader.at = start + 1
        return True
    module = "".join([text for _, text in reader.peek().parts]).removeprefix("node:")
    reader.at += 1
    for alias, name in found:
        reader.program.bound[alias] = Thing(name=names.full(f"{module}.{name}").rstrip("."))
    return True


def assigned(reader: "Reader", start: int, thing: Thing) -> Thing:
    """Take in an assignment, if one follows what was read since ``start``; returns what it stands for."""
    sign = reader.peek().text
    if reader.peek().kind != "mark" or sign not in _ASSIGNS:
        return _annotated(reader, thing)
    if sign == "<<" and reader.language != "ruby":
        return thing
    target = _target(reader, start)
    reader.at += 1
    while reader.peek().kind == "line":
        reader.at += 1
    noted = _note(reader, target)
    value = reader.expression()
    value = Thing(name=target) if noted else value
    if reader.is_mark("=", ":="):  # a = b = 'x'
        value = assigned(reader, reader.at - 1, value) if reader.program.fuel > 0 else value
    if sign in ("+=", ".=", "<<"):
        value = things.joined(reader.program.bound.get(target, UNKNOWN), value)
    if target:
        reader.program.bound[target] = value
    elif shorthand := _shorthand(reader, start):
        _destructured(reader, Thing(named=(*thing.named, *shorthand)), value)
    elif thing.named:
        _destructured(reader, thing, value)
    elif thing.items is not None:
        for at, name in enumerate(_names(reader, start)):
            known = value.items is not None and at < len(value.items)
            reader.program.bound[name] = value.items[at] if known and value.items is not None else UNKNOWN
    return value


def _note(reader: "Reader", name: str) -> bool:
    """Note a function that is given to a name: ``p => …``, ``lambda p: …``; says whether it is one."""
    start, end = reader.at, reader.at
    arrow = "=>"
    if reader.peek().text == "async":
        start = end = end + 1
    if reader.language == "python":
        if reader.peek().text != "lambda":
            return False
        start, arrow = start + 1, ":"
        while end < reader.stop and end < start + 20 and reader.tokens[end].text != ":":
            end += 1
    elif reader.language == "node" and reader.is_mark("("):
        end = reader.closes[start] + 1
    else:
        end += 1
    if not name or end >= reader.stop or reader.tokens[end].text != arrow:
        return False
    names = [token.text for token in reader.tokens[start:end] if token.kind == "name"]
    body = end + 1
    end = body
    while end < min(reader.stop, body + _LONGEST_BODY):
        token = reader.tokens[end]
        if token.kind == "line" or token.text in (";", ",", ")"):
            break
        opens = token.kind == "mark" and token.text in ("(", "[", "{")
        end = reader.closes[end] + 1 if opens else end + 1
    reader.program.functions[name] = Function(
        name=name,
        parameters=tuple(names),
        tokens=(reader.tokens, reader.closes),
        start=body,
        end=min(end, reader.stop),
    )
    return True


def _annotated(reader: "Reader", thing: Thing) -> Thing:
    """Read Python's ``name: type = value``."""
    if (
        reader.language == "python"
        and reader.is_mark(":")
        and reader.peek(1).kind == "name"
        and reader.is_mark("=", ahead=2)
        and thing.name
    ):
        reader.at += 3
        reader.program.bound[thing.name] = reader.expression()
    return thing


def _target(reader: "Reader", start: int) -> str:
    """Return the name before the sign, with dots; empty where it is no plain name."""
    at = reader.at - 1
    steps: list[str] = []
    while at >= start and len(steps) < _STEPS:
        token = reader.tokens[at]
        if token.kind not in ("name", "variable"):
            return ""
        steps.append(token.text)
        if at <= start or reader.tokens[at - 1].text not in (".", "->", "::"):
            break
        at -= 2
    before = reader.tokens[at - 1] if at > start else None
    if before is not None and before.kind == "mark":
        return ""
    return names.full(".".join(reversed(steps)))


def _names(reader: "Reader", start: int) -> list[str]:
    return [
        token.text
        for token in reader.tokens[start : reader.at - 1][:40]
        if token.kind in ("name", "variable") and token.text not in ("my", "our", "const", "let", "var")
    ]


def _shorthand(reader: "Reader", start: int) -> "list[tuple[str, Thing]]":
    """Return the names in ``{a, b = 1}``, which are those of the properties, too."""
    tokens, at = reader.tokens, start
    while reader.language == "node" and at < reader.stop and tokens[at].kind == "name":
        at += 1
    if reader.language != "node" or tokens[at].text != "{":
        return []
    found: list[tuple[str, Thing]] = []
    for each in range(at + 1, min(reader.closes[at], at + _LONGEST_IMPORT)):
        beside = tokens[each - 1].text in ("{", ",") and tokens[each + 1].text in (",", "}", "=")
        if tokens[each].kind == "name" and beside:
            found.append((tokens[each].text, UNKNOWN))
    return found


def _destructured(reader: "Reader", pattern: Thing, value: Thing) -> None:
    for key, thing in pattern.named:
        found = things.option(value.named, key)
        if found is None and value.name:
            found = Thing(name=names.full(f"{value.name}.{key}"))
        reader.program.bound[thing.name or key] = found or UNKNOWN


def _define(reader: "Reader") -> bool:
    """Note a function with its parameters; its body is read where it stands, and again where it is called."""
    reader.at += 1
    name = reader.peek().text if reader.peek().kind == "name" else ""
    if not name:
        return True
    reader.at += 1
    while reader.is_mark(".", ":") and reader.peek(1).kind == "name":
        reader.at += 2
    parameters: list[str] = []
    if reader.is_mark("("):
        close = min(reader.closes[reader.at], reader.stop)
        wanted = True
        for token in reader.tokens[reader.at + 1 : close][:40]:
            if token.kind in ("name", "variable") and wanted:
                parameters.append(token.text)
                wanted = False
            wanted = wanted or token.text == ","
        reader.at = close + 1
    end = _body_end(reader)
    for parameter in parameters:
        reader.program.bound.pop(parameter, None)
    reader.program.functions[name] = Function(
        name=name,
        parameters=tuple(parameters),
        tokens=(reader.tokens, reader.closes),
        start=reader.at,
        end=end,
    )
    return True


def _body_end(reader: "Reader") -> int:
    """Return where a function's body ends: at its brace, or where a line is indented no deeper."""
    if reader.language in _BRACED:
        at = reader.at
        while at < reader.stop and reader.tokens[at].text != "{":
            at += 1
        return min(reader.closes[at] + 1, reader.stop) if at < reader.stop else at
    depth = 0
    for at in range(reader.at, -1, -1):
        if reader.tokens[min(at, len(reader.tokens) - 1)].kind == "line":
            depth = int(reader.tokens[at].text) if at < len(reader.tokens) else 0
            break
    for at in range(reader.at, reader.stop):
        token = reader.tokens[at]
        if token.kind == "line" and int(token.text) <= depth:
            return at
    return reader.stop

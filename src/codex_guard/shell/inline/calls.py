"""What a call does, and what it returns."""

from codex_guard.shell.inline import decoding, files, launches, names, network, texts, things
from codex_guard.shell.inline.call import Call
from codex_guard.shell.inline.things import UNKNOWN, Thing
from codex_guard.shell.meaning import HOLE, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_guard.shell.inline.program import Program
    from codex_guard.shell.inline.reader import Reader


def effect_of(program: "Program", name: str) -> str:
    """Return a function's effect by its full name, or a method's by its last; empty if there is none."""
    effects = program.effects
    return effects.get(name) or effects.get("." + name.rpartition(".")[2], "") if name else ""


def result(reader: "Reader", call: Call) -> Thing:
    """Do what a call does; returns what it returns, as far as that is known."""
    program = reader.program
    effect = program.effects.get(call.name, "")
    if not effect and call.receiver is not None:
        name = "." + call.name.rpartition(".")[2]
        effect = program.effects.get(name, "")
        call = call.replace(name=name)
        if call.receiver is not None and call.receiver.url:
            return _reply(reader, call)
    if effect[:1] in ("=", "2"):
        return files.acted(program, effect, call)
    if effect in _EFFECTS:
        return _EFFECTS[effect](reader, call)
    return texts.method(call)


def _code(reader: "Reader", call: Call) -> Thing:
    """Run a text as more of the same program."""
    for thing in (call.subject, *call.given) if call.name.startswith(".") else call.given:
        url = thing.url or network.address(thing)
        if url:
            reader.program.remote(url)
        said = thing.known or thing.items is not None or thing.named
        reader.program.opaque = reader.program.opaque or not said
        for text in thing.texts:
            if text.strip(HOLE + " \n"):
                reader.read(text)
    return UNKNOWN


def _later(reader: "Reader", call: Call) -> Thing:
    """Run a text at another time; a function's body has been read where it stands."""
    return _code(reader, call) if call.first.known else UNKNOWN


def _map(reader: "Reader", call: Call) -> Thing:
    """Call a function for each element of a list."""
    if len(call.given) < 2:  # noqa: PLR2004 - a function and a list
        return UNKNOWN
    made = [
        result(reader, Call(call.first.name, None, (each,), ()))
        for each in things.elements(call.given[1])[:999]
    ]
    return Thing(items=tuple(made))


def _attribute(_: "Reader", call: Call) -> Thing:
    name = call.given[1].texts[0] if len(call.given) > 1 and call.given[1].known else HOLE
    return Thing(name=names.full(f"{call.first.name}.{name}")) if call.first.name else Thing(name="." + name)


def _module(_: "Reader", call: Call) -> Thing:
    name = call.first.texts[0].removeprefix("node:") if call.first.known else ""
    return Thing(name=names.full(name + ".").rstrip(".")) if name else UNKNOWN


def _send(reader: "Reader", call: Call) -> Thing:
    """Call a function by its name in a text."""
    name = call.first.texts[0] if call.first.texts else call.first.name
    if len(call.given) > 1 and call.given[1].items is not None and reader.language == "php":
        return result(reader, Call(name, None, tuple(call.given[1].items or ()), ()))
    prefix = f"{call.receiver.name}." if call.receiver is not None and call.receiver.name else ""
    full = names.full(prefix + name)
    full = full if full in reader.program.effects else name
    return result(reader, Call(full, None, call.given[1:], call.named))


def _prints(reader: "Reader", call: Call) -> Thing:
    if any(thing.name in names.ENVIRONMENT for thing in call.given):
        reader.program.start((Value("printenv"),))
    return (
        call.first
        if call.name in ("json.dumps", "JSON.stringify", "JSON.generate", "json_encode")
        else UNKNOWN
    )


def _printenv(reader: "Reader", _: Call) -> Thing:
    reader.program.start((Value("printenv"),))
    return UNKNOWN


def _getenv(reader: "Reader", call: Call) -> Thing:
    if not call.given:
        return Thing(name="_ENV")
    known = reader.program.environment(call.first.texts[0]) if call.first.known else UNKNOWN
    return call.given[1] if not known.known and len(call.given) > 1 else known


def _reply(reader: "Reader", call: Call) -> Thing:
    """Hand on what was downloaded: ``fetch(…).then(eval)``."""
    fetched = call.receiver or UNKNOWN
    for thing in call.given:
        if fetched.url and reader.program.effects.get(thing.name) == "code":
            reader.program.remote(fetched.url)
    return fetched


def _home(reader: "Reader", _: Call) -> Thing:
    return reader.program.environment("HOME")


def _cwd(reader: "Reader", _: Call) -> Thing:
    return things.text(reader.program.folder or reader.program.scope.cwd or HOLE)


def _shift(reader: "Reader", _: Call) -> Thing:
    given = reader.program.bound.get("_", UNKNOWN)
    return given.items[0] if given.items else UNKNOWN


def _decoded(change: "Callable[[str], str]") -> "Callable[[Reader, Call], Thing]":
    """Return the effect of a function that only changes its text."""
    return lambda _, call: texts.changed(call.subject, change)


def _reversed(text: str) -> str:
    return text[::-1]


def _same(_: "Reader", call: Call) -> Thing:
    return call.subject


_EFFECTS: "dict[str, Callable[[Reader, Call], Thing]]" = {
    "run": launches.run, "spawn": launches.spawn, "words": launches.replace_process,
    "all": launches.arguments, "remove": files.remove, "mode": files.mode, "owner": files.owner,
    "leading": files.leading, "kill": files.kill, "chdir": files.chdir, "write": files.write,
    "read": files.read, "open": files.opened, "contents": files.contents, "glob": files.glob,
    "fetch": network.fetch, "download": network.download, "connect": network.connect,
    "socket": network.socket, "incoming": network.incoming, "dup": network.attach, "codec": texts.codec,
    "pack": texts.pack, "chr": texts.chr_, "join": texts.join, "join_list": texts.join_list,
    "expand": texts.expand, "words_of": texts.split, "format": texts.sprintf, "code": _code,
    "later": _later, "map": _map, "attribute": _attribute, "module": _module, "send": _send,
    "prints": _prints, "printenv": _printenv, "getenv": _getenv, "shift": _shift, "reply": _reply,
    "base64": _decoded(decoding.unbase64), "hex": _decoded(decoding.unhex), "rot13": _decoded(decoding.rot13),
    "unzip": _decoded(decoding.unzip), "reverse": _decoded(_reversed), "home": _home, "cwd": _cwd,
    "same": _same,
}  # fmt: skip

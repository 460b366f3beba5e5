"""Calls that make texts of texts: decode, join, split, fill in."""

from codex_guard.shell.inline import decoding, things
from codex_guard.shell.inline.call import Call
from codex_guard.shell.inline.things import UNKNOWN, Thing
from codex_guard.shell.meaning import HOLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_guard.shell.inline.reader import Reader


def changed(thing: Thing, change: "Callable[[str], str]") -> Thing:
    """Return ``thing`` with each of its known texts changed."""
    if thing.url:
        return thing
    return thing.replace(texts=tuple([change(text) if HOLE not in text else HOLE for text in thing.texts]))


def codec(_: "Reader", call: Call) -> Thing:
    """Decode as the last argument says: codecs.decode(x, 'hex'), Buffer.from(x, 'base64')."""
    thing = call.subject
    said = call.given if call.name.startswith(".") else call.given[1:]
    codec_name = said[-1].texts[0] if said and said[-1].known else "utf-8"
    return changed(thing, lambda text: decoding.by_name(codec_name, text))


def pack(_: "Reader", call: Call) -> Thing:
    """Undo what Perl's ``pack 'H*', x`` and Ruby's ``x.unpack1('m')`` spell."""
    template = call.first.texts[0] if call.first.known else ""
    given = call.given[1] if len(call.given) > 1 else call.receiver or UNKNOWN
    texts = Thing(things.texts(given))
    if template.startswith("H"):
        return changed(texts, decoding.unhex)
    if template.startswith(("m", "u")):
        made = changed(texts, decoding.unbase64)
        return made if ".unpack1" in call.name or ".pack" in call.name else Thing(items=(made,))
    if template[:1] in ("C", "c", "U", "W"):
        return things.text("".join([_character(text) for text in texts.texts]))
    return UNKNOWN


def _character(number: str) -> str:
    plain = number[2:] if number[:2] in ("0x", "0X") else number
    base = 16 if plain != number else 10
    try:
        return chr(int(plain[:8], base))
    except (ValueError, OverflowError):
        return HOLE


def chr_(_: "Reader", call: Call) -> Thing:
    """Return the characters of numbers, several in a row as String.fromCharCode makes them."""
    if len(call.given) == 1 and call.first.items is None:
        return Thing(tuple([_character(text) for text in call.first.texts]) or (HOLE,))
    return things.text("".join([_character(text) for thing in call.given for text in things.texts(thing)]))


def join(_: "Reader", call: Call) -> Thing:
    """Put a path together from its steps."""
    given = [call.subject, *call.given] if call.name.startswith(".") else list(call.given)
    if call.name == "path.resolve":
        given = [thing for thing in given if thing.texts]
    path = things.text("")
    for step in given:
        path = things.below(path, Thing(things.texts(step) or (HOLE,), glob=step.glob))
    return path


def join_list(reader: "Reader", call: Call) -> Thing:
    """Join texts: ``implode('', […])``, Perl's ``join '', …``, Lua's ``table.concat``."""
    given = list(call.given)
    between = given.pop(0) if reader.language in ("perl", "php") and len(given) > 1 else things.text("")
    items = [item for thing in given for item in (thing.items if thing.items is not None else (thing,))]
    return _glued(between.texts[0] if between.texts else "", items)


def _glued(between: str, items: list[Thing]) -> Thing:
    made = things.text("")
    for at, item in enumerate(items):
        made = things.joined(made, item, between if at else "")
    return made


def expand(reader: "Reader", call: Call) -> Thing:
    """Return a path with the home folder in place of ``~``."""
    expand = reader.program.expanded
    return call.subject.replace(texts=tuple([expand(text) for text in call.subject.texts]))


def split(_: "Reader", call: Call) -> Thing:
    """Return a text's words."""
    return _pieces(call.subject, None)


def _pieces(thing: Thing, sign: str | None) -> Thing:
    pieces = [piece for text in thing.texts[:1] for piece in (list(text) if sign == "" else text.split(sign))]
    return Thing(items=tuple([things.text(piece) for piece in pieces[:999]]))


def formatted(template: Thing, given: Thing) -> Thing:
    """Fill a template with ``%s`` in it."""
    return _filled(template, "%s", given.items if given.items is not None else (given,))


def sprintf(_: "Reader", call: Call) -> Thing:
    """Fill a template with what follows it, whatever the directives."""
    template = call.first.texts[0] if call.first.texts else HOLE
    for directive in ("%d", "%i", "%v"):
        template = template.replace(directive, "%s")
    return _filled(things.text(template), "%s", call.given[1:])


def _filled(template: Thing, sign: str, given: tuple[Thing, ...]) -> Thing:
    pieces = template.texts[0].split(sign) if template.texts else [HOLE]
    made = things.text(pieces[0])
    for at, piece in enumerate(pieces[1:]):
        made = things.joined(
            things.joined(made, given[at] if at < len(given) else UNKNOWN), things.text(piece)
        )
    return made


def method(call: Call) -> Thing:
    """Return what a text's own method makes of it; unknown where it is none."""
    receiver, name = call.receiver, call.name.rpartition(".")[2]
    if receiver is None:
        return UNKNOWN
    if name == "join":
        if receiver.items is not None:
            return _glued(
                call.first.texts[0] if call.given and call.first.texts else "", list(receiver.items)
            )
        return _glued(receiver.texts[0] if receiver.texts else "", things.elements(call.first))
    if name == "split" and receiver.texts:
        return _pieces(
            receiver,
            call.first.texts[0] if (call.given and call.first.known) or call.first.texts == ("",) else None,
        )
    if name in ("reverse", "reversed"):
        if receiver.items is not None:
            return receiver.replace(items=receiver.items[::-1])
        return changed(receiver, lambda text: text[::-1])
    if name in ("replace", "replaceAll", "gsub", "sub", "tr") and len(call.given) > 1 and call.first.texts:
        old, new = call.first.texts[0], (call.given[1].texts or (HOLE,))[0]
        return changed(receiver, lambda text: text.replace(old, new) if old else text)
    if name in ("concat", "extend", "append", "push") and call.given:
        return things.joined(receiver, call.first)
    if name == "format":
        return _filled(receiver, "{}", call.given)
    return changed(receiver, str.lower) if name in ("lower", "toLowerCase", "downcase") else UNKNOWN

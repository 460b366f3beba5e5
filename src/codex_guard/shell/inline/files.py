"""Calls that delete, change, read or write files."""

from codex_guard.shell.inline import launches, network, things
from codex_guard.shell.inline.call import Call
from codex_guard.shell.inline.things import UNKNOWN, Thing
from codex_guard.shell.meaning import HOLE, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.inline.program import Program
    from codex_guard.shell.inline.reader import Reader

_WRITES = frozenset("wax+>")
_SIGNAL_FIRST = frozenset(("perl", "ruby"))


def acted(program: "Program", effect: str, call: Call) -> Thing:
    """Give the shell's own command for what is done to files: ``effect`` is as in the table."""
    if effect[0] == "2":
        target = call.subject if not call.name.startswith(".") else call.first
        given = (call.receiver or UNKNOWN, target) if call.name.startswith(".") else call.given[:2]
        pair = [things.one_of([Thing(things.texts(each), glob=each.glob)]) for each in given]
        for words in things.choices(pair) if len(pair) > 1 and any(each.known for each in pair) else []:
            program.start((*(Value(word) for word in effect[1:].split()), *words))
        return UNKNOWN
    subjects = [call.receiver] if call.name.startswith(".") else list(call.given)
    subjects = subjects if subjects or not call.named else [call.named[0][1]]
    if effect.startswith("=truncate"):
        subjects = subjects[:1]
    paths = [value for thing in subjects if thing is not None for value in things.values(thing)]
    if not subjects and program.language == "perl":
        paths = list(things.values(program.bound.get("_", UNKNOWN)))
    program.act(effect[1:], tuple(paths))
    return UNKNOWN


def remove(reader: "Reader", call: Call) -> Thing:
    """Remove as Node does: a folder with all that is in it only where that is said."""
    recursive = things.option(call.named, "recursive")
    said = (recursive is not None and recursive.name != "false") or "-r" in "".join(things.texts(call.first))
    paths = tuple([value for thing in call.given for value in things.values(thing)])
    reader.program.act("rm -r" if said else "rm", tuple([v for v in paths if not v.text.startswith("-")]))
    return UNKNOWN


def mode(reader: "Reader", call: Call) -> Thing:
    """Change who may use a file."""
    given = call.given if not call.name.startswith(".") else (call.subject, *call.given)
    mode = given[1].texts[0].removeprefix("0o") if len(given) > 1 and given[1].known else "777"
    reader.program.act(f"chmod {mode}", things.values(given[0]) if given else ())
    return UNKNOWN


def owner(reader: "Reader", call: Call) -> Thing:
    """Give a file to someone."""
    reader.program.act("chown user", things.values(call.subject))
    return UNKNOWN


def leading(reader: "Reader", call: Call) -> Thing:
    """Change modes or owners where they stand before the paths, as in Perl and Ruby."""
    name = call.name.rpartition(".")[2].lower()
    words = f"{name.partition('_')[0]}{' -R' if name.endswith('_r') else ''} "
    skip = 2 if name.startswith("chown") else 1
    mode = "user" if skip > 1 else call.first.texts[0] if call.first.known else "777"
    paths = tuple([value for thing in call.given[skip:] for value in things.values(thing)])
    reader.program.act(words + mode.removeprefix("0o"), paths)
    return UNKNOWN


def kill(reader: "Reader", call: Call) -> Thing:
    """Send a signal; Perl and Ruby name it before the processes."""
    given = list(call.given)
    if reader.language in _SIGNAL_FIRST:
        given = [*given[1:], *given[:1]]
    if given and given[0].known:
        signal = given[1].texts[0] if len(given) > 1 and given[1].known else "9"
        reader.program.start((Value("kill"), Value("-" + signal.lstrip("-")), *things.values(given[0])))
    return UNKNOWN


def chdir(reader: "Reader", call: Call) -> Thing:
    """Go to another folder, for what is started from now on."""
    program = reader.program
    folder = call.first.texts[0] if call.first.texts else HOLE
    before = program.folder
    program.folder = things.below(things.text(before or ""), things.text(program.expanded(folder))).texts[0]
    return UNKNOWN


def write(reader: "Reader", call: Call) -> Thing:
    """Write a file, as ``tee`` does, or a device, as ``dd`` does."""
    for value in things.values(call.subject):
        if value.text.startswith("/dev/"):
            reader.program.act("dd", (value.replace(text="of=" + value.text),))
        elif not value.text.startswith(network.SCHEMES):
            reader.program.act("tee", (value,))
    return UNKNOWN


def read(reader: "Reader", call: Call) -> Thing:
    """Read a file, or what an address brings."""
    url = network.address(call.subject)
    if url:
        return network.fetch(reader, call)
    reader.program.act("cat", things.values(call.subject))
    return UNKNOWN


def opened(reader: "Reader", call: Call) -> Thing:
    """Open a file to read or write it, or a command, as Perl and Ruby do."""
    given = list(call.given)
    if call.name.startswith("."):
        given = [call.subject, *given]
    if reader.language == "perl":
        return _perl_open(reader, [thing for thing in given[1:] if thing.texts or thing.items is not None])
    path = given[0] if given else things.option(call.named, "file", "path") or UNKNOWN
    if path.known and path.texts[0].startswith("|") and reader.language == "ruby":
        reader.program.start(script=path.texts[0][1:])
        return UNKNOWN
    mode = things.option(call.named, "mode") or (given[1] if len(given) > 1 else things.text("r"))
    said = "".join(mode.texts) if mode.texts else mode.name
    writes = not _WRITES.isdisjoint(said) if mode.texts else "O_WRONLY" in said or "O_RDWR" in said
    return (write if writes else read)(reader, Call("", None, (path,), ()))


def _perl_open(reader: "Reader", given: list[Thing]) -> Thing:
    mode = given[0].texts[0].strip() if given and given[0].texts else ""
    rest = given[1:]
    if mode.strip("|-") == "" and "|" in mode and rest:
        if len(rest) > 1:
            launches.begin(reader.program, rest, None)
        else:
            reader.program.start(script=rest[0].texts[0] if rest[0].texts else HOLE)
    elif mode.startswith("|") or mode.endswith("|"):
        reader.program.start(script=mode.strip("| "))
    elif mode.startswith((">&", "<&", "+<&")):
        return network.attach(reader, Call("", None, (), ()))
    else:
        path = rest[0] if rest else things.text(mode.lstrip("+<> "))
        action = write if mode.startswith((">", "+")) else read
        return action(reader, Call("", None, (path,), ()))
    return UNKNOWN


def contents(_: "Reader", call: Call) -> Thing:
    """Return what is in a folder, as a pattern."""
    folder = call.subject
    return things.joined(
        Thing(tuple([text.rstrip("/") for text in folder.texts]) or (HOLE,)), things.text("/*")
    ).replace(glob=True)


def glob(_: "Reader", call: Call) -> Thing:
    """Return what a pattern matches."""
    return Thing(things.texts(call.subject) or (HOLE,), glob=True)

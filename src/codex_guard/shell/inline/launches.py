"""Calls that start commands."""

from codex_guard.shell.inline import things
from codex_guard.shell.inline.call import Call
from codex_guard.shell.inline.program import Program, quoted
from codex_guard.shell.inline.things import UNKNOWN, Thing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.inline.reader import Reader

_TRUE = frozenset(("True", "true", "TRUE"))
# Languages whose system() takes a command's words one by one.
_LISTS = frozenset(("perl", "ruby", "lua"))


def run(reader: "Reader", call: Call) -> Thing:
    """Start a command: a list is its words, a text a script, as in a shell."""
    program = reader.program
    given = [thing for thing in call.given if thing.texts or thing.items is not None]
    command = things.option(call.named, "args", "cmd", "command") or (given[0] if given else UNKNOWN)
    folder = _folder(call)
    shell = things.option(call.named, "shell")
    scripted = shell is not None and (shell.name in _TRUE or shell.known)
    if command.url:
        program.remote(command.url)
    fed = things.option(call.named, "input", "stdin_data")
    if command.items is not None and not scripted:
        begin(program, list(command.items), folder, fed)
    elif program.language in _LISTS and len(given) > 1 and command.items is None and _are_texts(given):
        begin(program, given, folder, fed)
    else:
        for text in things.texts(command)[:1] if command.items is not None else command.texts:
            feeds = f" <<< {quoted(fed.texts[0])}" if fed is not None and fed.known else ""
            program.start(script=text + feeds, folder=folder)
    return UNKNOWN


def _are_texts(given: list[Thing]) -> bool:
    return all(thing.texts for thing in given[1:])


def begin(program: "Program", words: list[Thing], folder: str | None, fed: Thing | None = None) -> None:
    """Start the command that ``words`` are, with ``fed`` on its standard input."""
    for word in words:
        if word.url:
            program.remote(word.url)
    for argv in things.choices(words):
        if fed is not None and fed.known:
            script = " ".join([quoted(value.text) for value in argv])
            program.start(script=f"{script} <<< {quoted(fed.texts[0])}", folder=folder)
        else:
            program.start(argv, folder=folder)


def _folder(call: Call) -> str | None:
    folder = things.option(call.named, "cwd", "chdir")
    return folder.texts[0] if folder is not None and folder.known else None


def spawn(reader: "Reader", call: Call) -> Thing:
    """Start a program given by its path, with a list of arguments behind it."""
    listed = call.given[1].items if len(call.given) > 1 else None
    listed = listed or getattr(things.option(call.named, "args"), "items", None) or ()
    first = call.first
    words = list(first.items) if first.items is not None else [first]
    if first.items is None and first.known and not listed:
        # With {shell: true}, and in execa, the text is a script.
        for text in first.texts:
            reader.program.start(script=text, folder=_folder(call))
        return UNKNOWN
    shell = things.option(call.named, "shell")
    if shell is not None and (shell.name in _TRUE or shell.known):
        script = first
        for word in listed:
            script = things.joined(script, word, " ")
        for text in script.texts:
            reader.program.start(script=text, folder=_folder(call))
    else:
        begin(reader.program, [*words, *listed], _folder(call))
    return UNKNOWN


def replace_process(reader: "Reader", call: Call) -> Thing:
    """Start what os.exec… and os.spawn… start: a path, and its arguments from the name on."""
    given = list(call.given)
    if ".spawn" in call.name:
        given = given[1:]
    listed = [item for thing in given[1:] for item in (thing.items if thing.items is not None else (thing,))]
    if given:
        begin(reader.program, [given[0], *listed[1:]], None)
    return UNKNOWN


def arguments(reader: "Reader", call: Call) -> Thing:
    """Start the command that all arguments together are."""
    begin(reader.program, list(call.given), _folder(call))
    return UNKNOWN

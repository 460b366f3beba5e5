"""Editors that work without a person: sed, perl, ruby and awk in place, ed, ex and vim."""

from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Value
from codex_guard.writes import effect, options
from codex_guard.writes.effect import Effect
from codex_guard.writes.options import Given

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

# Editors of streams: the options that take a value, those that bring a program, and those of in-place work.
_STREAM = {
    "sed": ("e f l i? expression file line-length in-place?", "e f expression file", "i in-place"),
    "perl": ("e E M? m? I i? F? x? C? D? V? d?", "e E", "i"),
    "ruby": ("e r I? i? F? x? C E? K? T? W?", "e", "i"),
    "awk": ("F v f i E l field-separator assign file include e source", "f file E e source",
            "i=inplace include=inplace"),
}  # fmt: skip
_VI = frozenset(("vi", "vim", "nvim", "ex", "view"))
_VI_TAKES = "c cmd S u U i w W T t? r? o? O? p?"
# ex commands that write the file that is edited.
_WRITES = frozenset(
    ("w", "w!", "write", "wq", "wq!", "x", "x!", "xit", "exit", "wa", "wall", "wqa", "wqall", "xa", "xall",
     "up", "update", "wn")
)  # fmt: skip
_UNKNOWN_NAME = "its name is known at run time only"


def effects(invocation: Invocation, _: "Container[str]") -> list[Effect]:
    """Return the files that an editor changes."""
    program = invocation.program.removeprefix("g")
    if program in _VI:
        return _vi(invocation, silent=program == "ex")
    if program in ("ed", "red"):
        operands = [value for value in options.read(invocation.argv[1:], "p prompt").operands if value.text]
        return _by_commands((invocation.stdin or "").split("\n"), operands[:1])
    takes, programs, in_place = _STREAM[program]
    arguments = invocation.argv[1:]
    if program == "sed":
        arguments = _as_gnu(arguments)
    given = options.read(arguments, takes)
    operands = [value for value in given.operands if value.text]
    scripts = [value.text for value in given.values("e", "expression")]
    if not given.has(*programs.split()):
        scripts += [value.text for value in operands[:1]]
        operands = operands[1:]
    found: list[Effect] = []
    if program == "sed":
        from codex_guard.writes import sed  # noqa: PLC0415 - its language is read only for it

        found += [Effect(name) for script in scripts for name in sed.files(script)]
    if given.has("i", "in-place") if program != "awk" else given.has(*in_place.split()):
        files = [value for value in operands if program != "awk" or not _is_variable(value.text)]
        found += [each for value in files for each in _in_place(value, _suffix(program, given))]
    return found


def _as_gnu(arguments: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return sed's arguments without the suffix that BSD's ``-i`` takes as an argument of its own."""
    found: list[Value] = []
    suffixed = False
    for at, value in enumerate(arguments):
        before = arguments[at - 1].text if at else ""
        alone = before.startswith("-") and not before.startswith("--") and before.endswith("i")
        if alone and not suffixed and (value.text == "" or value.text[:1] == "."):
            suffixed = True
            found[-1] = Value(before + value.text)
        else:
            found.append(value)
    return tuple(found)


def _suffix(program: str, given: Given) -> str:
    """Return what is put behind the name of a file that is kept as it was; empty where none is kept."""
    if program == "awk":
        return ""
    return next((value.text for value in given.values("i", "in-place")), "")


def _in_place(value: Value, suffix: str) -> list[Effect]:
    found = [effect.of(value, "update")]
    if suffix and not value.glob and suffix != HOLE:
        folder, slash, name = value.text.rpartition("/")
        kept = suffix.replace("*", name) if "*" in suffix else name + suffix
        found.append(Effect(kept if "/" in kept else folder + slash + kept))
    return found


def _is_variable(text: str) -> bool:
    name, equals, _ = text.partition("=")
    return bool(equals) and name.replace("::", "_").isidentifier()


def _vi(invocation: Invocation, *, silent: bool) -> list[Effect]:
    given = options.read(invocation.argv[1:], _VI_TAKES)
    commands = [value.text for value in given.values("c", "cmd")]
    commands += [value.text[1:] for value in given.operands if value.text.startswith("+")]
    if silent or given.has("e", "es", "E"):
        commands += (invocation.stdin or "").split("\n")
    operands = [value for value in given.operands if value.text and not value.text.startswith("+")]

    return _by_commands([part for command in commands for part in command.split("|")], operands)


def _by_commands(commands: list[str], edited: list[Value]) -> list[Effect]:
    """Return what ed and ex write: the files that they edit, or what a ``w`` names."""
    found: list[Effect] = []
    saved = False
    for command in commands:
        words = command.strip(" :").split(None, 1)
        verb = words[0].lstrip("0123456789,$.%") if words else ""
        if verb not in _WRITES and verb != "wq":
            continue
        name = words[1].strip() if len(words) > 1 else ""
        if name.startswith(("!", ">>")):
            found += [Effect(name[2:].strip(), "update")] if name[0] == ">" and name[2:].strip() else []
        elif name:
            found.append(Effect(name))
        elif HOLE in command:
            found.append(Effect(command, unknown=_UNKNOWN_NAME))
        else:
            saved = True
    found += [effect.of(value, "update") for value in edited] if saved else []
    return list(dict.fromkeys(found))

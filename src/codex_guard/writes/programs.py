"""What a program writes beside its output: by its row in the table, or by a page of its own."""

from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Value
from codex_guard.writes import effect, options, table
from codex_guard.writes.effect import Effect
from codex_guard.writes.options import Given

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container

_SOME_IN_FOLDER = "which files in it are changed is known at run time only"
_PERHAPS = "whether it is written is known at run time only"
#: What programs of all kinds call the file that they write.
_OUTPUTS = ("output", "output-file", "out", "out-file", "outfile", "outFile", "outputFile")
_FED = frozenset(("tee", "sponge"))
_REFORMAT = "reformat"
_STDOUT = frozenset(("-", ""))


def effects(invocation: Invocation, folders: "Container[str]") -> list[Effect]:
    """Return what a program writes; ``folders`` are known to be some."""
    found: list[Effect] = []
    special = _special(invocation.program)
    if special is not None:
        found += special(invocation, folders)
    rest = invocation.argv[1:]
    key, row = _row(invocation)
    takes, outputs, which, op, when, unless = (*row, *("",) * (6 - len(row)))
    given = options.read(rest, takes or " ".join(_OUTPUTS), words=invocation.program in table.WORDS)
    if row:
        if given.has(*unless.split()):
            return found
        found += _outputs(given, outputs.split())
        if not when or given.has(*when.split()):
            words = key.count(" ")
            given = given.replace(operands=given.operands[words:])
            found += _operands(invocation, given, which, op or "add")
            if op == _REFORMAT and words and not given.operands:
                found.append(Effect(".", unknown=_SOME_IN_FOLDER))
    elif special is None:
        found += _guessed(given)
    if invocation.program in _FED:
        found = [_filled(each, invocation, given) for each in found]
    # A process substitution is no file.
    substituted = ">(" in invocation.source
    return [each for each in found if each.path != HOLE or not substituted]


def _special(program: str) -> "Callable[[Invocation, Container[str]], list[Effect]] | None":
    """Return the page for a program that no row can describe."""
    if program in table.COPIERS:
        from codex_guard.writes import copies  # noqa: PLC0415 - each page only where its program turns up

        return copies.effects
    if program in table.EDITORS:
        from codex_guard.writes import editors  # noqa: PLC0415

        return editors.effects
    if program in table.ARCHIVERS:
        from codex_guard.writes import archives  # noqa: PLC0415

        return archives.effects
    if program in table.DOWNLOADERS:
        from codex_guard.writes import downloads  # noqa: PLC0415

        return downloads.effects
    if program in table.PATCHERS:
        from codex_guard.writes import patching  # noqa: PLC0415

        return patching.effects
    if program == "git":
        from codex_guard.writes import git  # noqa: PLC0415

        return git.effects
    if program in table.OTHERS:
        from codex_guard.writes import others  # noqa: PLC0415

        return others.effects
    return None


def _row(invocation: Invocation) -> tuple[str, tuple[str, ...]]:
    """Return the row of a program, or of its subcommand, and the name that it has there."""
    words = [value.text for value in invocation.argv[1:6] if not value.text.startswith("-")][:2]
    program = invocation.program.partition("@")[0]  # without a version, as npx takes it
    names = [" ".join((program, *words[:count])) for count in range(len(words), -1, -1)]
    return next(((name, table.ROWS[name]) for name in names if name in table.ROWS), ("", ()))


def _outputs(given: Given, names: list[str]) -> list[Effect]:
    found = []
    for name in names:
        op = "update" if name.endswith("+") else "add"
        values = given.values(name.removesuffix("+"))
        found += [effect.of(value, op) for value in values if value.text not in _STDOUT]
    return found


def _operands(invocation: Invocation, given: Given, which: str, op: str) -> list[Effect]:
    operands = [value for value in given.operands if value.text]
    if which == "files":  # an expression stands before them, which may be left out
        operands = operands[1:] or operands
        which = "all"
    chosen = {
        "all": operands,
        "first": operands[:1],
        "second": operands[1:2],
    }.get(which, [])
    if invocation.program == "script" and not chosen:
        chosen = [Value("typescript")]
    if op != _REFORMAT:
        return [effect.of(value, op) for value in chosen if value.text != "-" or invocation.program == "tee"]
    return [
        Effect(value.text, unknown=_SOME_IN_FOLDER) if _is_folder(value.text) else effect.of(value, "update")
        for value in chosen
        if value.text != "-"
    ]


def _is_folder(path: str) -> bool:
    """Say whether a formatter is rather given a folder or a pattern of its own than a file."""
    name = path.rpartition("/")[2]
    return not name.strip(".") or "." not in name or not set("*?[{").isdisjoint(path)


def _guessed(given: Given) -> list[Effect]:
    """Say of a program that is not known what it may well write."""
    return [
        Effect(value.text, unknown=_PERHAPS)
        for value in given.values(*_OUTPUTS)
        if not set("./").isdisjoint(value.text) and "://" not in value.text
    ]


def _filled(each: Effect, invocation: Invocation, given: Given) -> Effect:
    """Give what tee and sponge write the text that they read."""
    return each.replace(content=invocation.stdin, op="update" if given.has("a", "append") else each.op)

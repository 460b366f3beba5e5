"""How programs read their command lines, as ``patterns/programs.toml`` says."""

from codex_guard.record import Record


class Program(Record):
    """What a program's options say of the arguments behind them.

    ``before`` are the options in front of a subcommand, ``values`` those in any place, that take the next
    argument as their value: letters and names without dashes. The first ``texts`` operands are no files
    (a pattern, a script), unless an option of ``given`` brought such a text already. ``switches`` are
    options without a value; ``complete``: all but ``before`` and ``values`` are.
    """

    before: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    texts: int = 0
    given: frozenset[str] = frozenset()
    switches: frozenset[str] = frozenset()
    complete: bool = False


NONE = Program()
#: What stands between the fields, and between the items of one, in the index: many small texts load slowly.
FIELD, ITEM = "\x1f", "\x1e"


def of(name: str) -> Program:
    """Return what is known of a program, or of a subcommand as in ``git clean``."""
    from codex_guard import _commands  # noqa: PLC0415 - judge.load has said it where it is missing

    row = _commands.PROGRAMS.get(name)
    if row is None:
        return NONE
    before, values, texts, given, switches, complete = row.split(FIELD)
    return Program(
        frozenset(before.split()),
        frozenset(values.split()),
        int(texts),
        frozenset(given.split()),
        frozenset(switches.split()),
        bool(complete),
    )

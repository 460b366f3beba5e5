"""The tree of a parsed script. Offsets are characters into the text that was parsed."""

from codex_guard.record import Record


class Literal(Record):
    """Text that stands for itself, quotes and escapes already taken off.

    ``quoted``: it came out of quotes or behind a backslash, so ``*``, ``~`` and ``{`` in it mean nothing.
    """

    text: str
    quoted: bool = False


class Expansion(Record):
    """A part of a word whose text bash makes at run time.

    ``kind`` is ``parameter``, ``command``, ``arithmetic`` or ``process``. ``name`` is a parameter's plain
    name (None where anything stands before or behind it), ``script`` what a substitution runs, ``parts``
    those inside ``${x:-…}`` or ``$((…))`` in which further substitutions can stand.

    Of ``${!x[i]:-word}``, ``prefix`` is ``!`` (or ``#``), ``parameter`` is ``x``, ``index`` is ``i`` as
    written (None without one), ``operator`` is ``:-`` and ``operand`` has the parts of what is behind it.
    The operator of ``${x:1:2}`` is ``:``, that of ``${x@Q}`` is ``@``.
    """

    kind: str
    source: str
    name: str | None = None
    script: "Script | None" = None
    parts: "tuple[Part, ...]" = ()
    quoted: bool = False
    parameter: str = ""
    prefix: str = ""
    index: str | None = None
    operator: str = ""
    operand: "tuple[Part, ...]" = ()


Part = Literal | Expansion


class Word(Record):
    """One word as written, in parts."""

    parts: tuple[Part, ...]
    start: int
    end: int


class Heredoc(Record):
    """The lines a ``<<`` feeds to a command. ``expands``: the delimiter was not quoted.

    ``parts`` are the body's parts where it expands; ``body`` is the text between the delimiters with
    ``<<-``'s tabs taken off.
    """

    body: str
    expands: bool
    parts: tuple[Part, ...] = ()


class Redirect(Record):
    """One redirection: ``descriptor`` is what stands before the operator, often nothing."""

    operator: str
    target: Word
    descriptor: str = ""
    heredoc: Heredoc | None = None


class Assignment(Record):
    """``NAME=value`` before a command, or an array behind ``declare`` and its like.

    ``value`` is None for ``NAME=``; ``array`` holds the words of ``(…)`` and is None for any other value;
    ``index`` has the parts of an element's index, whose text stands in ``name``.
    """

    name: str
    value: Word | None
    append: bool = False
    array: tuple[Word, ...] | None = None
    index: tuple[Part, ...] = ()


class Command(Record):
    """A simple command."""

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    start: int
    end: int


class Compound(Record):
    """Everything else that can stand where a command can.

    ``kind`` is ``(``, ``{``, ``if``, ``while``, ``until``, ``for``, ``select``, ``case``, ``function``,
    ``coproc``, ``[[`` or ``((``. ``words`` are the words in its head (a ``for``'s list, a ``case``'s
    subject and patterns); ``bodies`` the scripts in it, conditions first; ``name`` a function's name or
    a loop's variable.
    """

    kind: str
    words: tuple[Word, ...]
    bodies: "tuple[Script, ...]"
    redirects: tuple[Redirect, ...]
    start: int
    end: int
    name: str = ""


class Pipeline(Record):
    """Commands joined by ``|`` or ``|&``."""

    commands: tuple[Command | Compound, ...]
    negated: bool = False


class Statement(Record):
    """A pipeline and what follows it: ``&&``, ``||``, ``&``, ``;`` or nothing."""

    pipeline: Pipeline
    connector: str = ""


class Script(Record):
    """Statements in order, whose offsets point into ``text``.

    ``unparsed`` is the text from the first place that could not be parsed; ``too_much``: for its size alone.
    """

    statements: tuple[Statement, ...]
    unparsed: str | None = None
    text: str = ""
    too_much: bool = False

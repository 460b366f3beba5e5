"""What one program does to one file, before it is known which folder it is in."""

from codex_guard.record import Record
from codex_guard.shell.meaning import Value

_SOME_MATCH = "which files match is known at run time only"


class Effect(Record):
    """One file that a program writes: ``path`` as the program names it, ``op`` as in ``model.Write``.

    ``new_path`` is a move's destination, ``content`` the text that lands there, where known. ``unknown``
    says why only run time can tell what is written there; the effect is then no write.
    """

    path: str
    op: str = "add"
    content: str | None = None
    new_path: str | None = None
    unknown: str = ""


def of(value: Value, op: str = "add", content: str | None = None) -> Effect:
    """Return the effect on what an argument names; a pattern stands for files that only run time knows."""
    return Effect(value.text, op, content, unknown=_SOME_MATCH if value.glob else "")


def moved(source: str, target: str, content: str | None = None) -> list[Effect]:
    """Return a move as its two effects, as a patch has them."""
    return [Effect(source, "move", content, target), Effect(target, "add", content)]

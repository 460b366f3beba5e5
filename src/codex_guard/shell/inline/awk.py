"""What awk does with signs where other languages call functions."""

from codex_guard.shell.inline import files
from codex_guard.shell.inline.call import Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.inline.reader import Reader


def output(reader: "Reader") -> None:
    """Look at what ``print`` is piped or redirected to, and stay where it was."""
    sign, before = reader.peek().text, reader.at
    reader.at += 1
    if reader.peek().kind in ("text", "variable", "name"):
        target = reader.expression()
        if sign == "|":
            for text in target.texts:
                reader.program.start(script=text)
        else:
            files.write(reader, Call("", None, (target,), ()))
    reader.at = before


def getline(reader: "Reader", texts: tuple[str, ...]) -> None:
    """Start what is piped into ``getline``."""
    reader.at += 2
    for text in texts:
        reader.program.start(script=text)

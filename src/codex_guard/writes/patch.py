"""Reads Codex's apply_patch envelope: every file that a patch would write, delete or move.

This follows the parser of codex-cli 0.169.0 line by line, as compared on tens of thousands of patches, and
reads on where that one refuses: a refused patch writes nothing, so reporting its files does no harm. An
accepted patch is applied file by file, and what was written before a failure stays written: hence every
file counts, whatever comes after it.
"""

from codex_guard.model import Write
from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_BEGIN: "Final" = "*** Begin Patch"
_END: "Final" = "*** End Patch"
_ENVIRONMENT: "Final" = "*** Environment ID:"
_MOVE: "Final" = "*** Move to: "
_END_OF_FILE: "Final" = "*** End of File"
_HEADERS: "Final" = (
    ("*** Add File: ", "add"),
    ("*** Update File: ", "update"),
    ("*** Delete File: ", "delete"),
)
_HEREDOCS: "Final" = ("<<EOF", "<<'EOF'", '<<"EOF"')

# What the lines of a section may begin with; "" is an empty line, which is an empty context line.
_BODY: "Final" = {"add": ("+",), "update": ("+", " ", "-", ""), "delete": ()}

#: What Rust's ``trim`` takes away. A bare ``str.strip`` would also take U+001C to U+001F, which the real
#: tool keeps: they would be missing from the path.
SPACE: "Final" = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


class Patch(Record):
    """What a patch would do, in its own order.

    A renamed file is two writes, a ``move`` of the source and an ``add`` of the destination, both with
    the added lines. ``problem`` is None exactly where Codex's own parser takes the patch; else it says
    in a sentence, without file contents, what is wrong, and ``writes`` holds what was understood.
    """

    writes: tuple[Write, ...]
    problem: str | None


class Section(Record):
    """One file's part of a patch that Codex takes: ``op`` is ``add``, ``update`` or ``delete``.

    ``lines`` are those between its header and the next one, as they stand there, without line ends.
    """

    op: str
    path: str
    new_path: str | None
    lines: tuple[str, ...]


def parse(text: str) -> Patch:
    """Read a patch as Codex's ``apply_patch`` gets it; any text gives an answer, in linear time."""
    reader = _read(_envelope(text))
    return Patch(tuple([write for section in reader.sections for write in section.writes()]), reader.problem)


def sections(text: str) -> list[Section] | None:
    """Return what a patch says file by file, in its order; None where Codex's own parser refuses it."""
    lines = _envelope(text)
    reader = _read(lines)
    if reader.problem is not None:
        return None
    return [
        Section(section.op, section.path, section.new_path, tuple(lines[section.header : section.end - 1]))
        for section in reader.sections
    ]


def _read(envelope: list[str]) -> "_Reader":
    *lines, last = envelope
    reader = _Reader()
    reader.read(lines, 1)
    reader.finish(last, len(lines) + 1)
    return reader


def _envelope(text: str) -> list[str]:
    """Return the lines between the surrounding whitespace and heredoc markers, without line ends."""
    text = text.strip(SPACE).replace("\r\n", "\n")
    first, _, rest = text.partition("\n")
    if first in _HEREDOCS and rest.endswith("EOF"):
        text = rest[: max(rest.rfind("\n"), 0)]
    # Again, as the real tool does: once for splitting lines, once more for reading each of them.
    return text.replace("\r\n", "\n").split("\n")


def _path(named: str) -> str:
    """Return the path that is really written for a name in the patch.

    The tool turns names into URLs on the way, which drops tabs and carriage returns: a patch for
    ``.e<TAB>nv`` writes ``.env``. Spaces, and thus those in front, are part of the name.
    """
    return named.replace("\t", "").replace("\r", "")


class _Section:
    """One file's part of a patch, while it is being read.

    ``hunk`` is where an update stands: ``none`` yet, ``empty`` (its ``@@`` was read), ``filled`` with
    lines, or ``closed`` by an end-of-file marker. ``header`` and ``end`` are the numbers of the line that
    begins it and of the first line behind it.
    """

    __slots__ = ("added", "body", "end", "header", "hunk", "new_path", "op", "path")

    def __init__(self, op: str, path: str, header: int) -> None:
        self.op = op
        self.path = path
        self.header = self.end = header
        self.new_path: str | None = None
        self.added: list[str] = []
        self.body: tuple[str, ...] = _BODY[op]
        self.hunk = "none"

    def writes(self) -> tuple[Write, ...]:
        """Return what this section does to the disk."""
        if self.op == "delete":
            return (Write(self.path, "delete"),)
        content = "\n".join(self.added) + "\n" if self.added else ""
        if self.new_path is None:
            return (Write(self.path, self.op, None, content),)
        return (Write(self.path, "move", self.new_path, content), Write(self.new_path, "add", None, content))


class _Reader:
    """The state between two lines of a patch.

    ``stage`` is ``before``, ``inside`` or ``after`` the envelope; ``section`` is the file that the next
    line belongs to; ``problem`` is the first thing that Codex would refuse.
    """

    def __init__(self) -> None:
        self.stage = "before"
        self.sections: list[_Section] = []
        self.section: _Section | None = None
        self.has_environment = False
        self.problem: str | None = None

    def read(self, lines: list[str], first_number: int) -> None:
        """Read any lines but the patch's last one."""
        for number, line in enumerate(lines, first_number):
            section = self.section
            start = line[:1]
            # No line that begins like this can be a marker, so nearly all lines end here, cheaply.
            if section is not None and start in section.body:
                section.hunk = "filled"
                if start == "+":
                    section.added.append(line[1:])
            elif section is not None and section.op == "update":
                # Not stripped in front: an indented marker is a context line in an update.
                self._read_update(section, number, line.rstrip(SPACE))
            elif line or self.problem is None:
                self._read_marker(number, line.strip(SPACE))

    def finish(self, line: str, number: int) -> None:
        """Read the patch's last line, the only one that may be an indented end even in an update."""
        if line.strip(SPACE) != _END:
            self.read([line], number)
            self._refuse(number, f"is its last one, and not {_END!r}")
            return
        self._leave_section(number)
        if not self.sections:
            self._refuse(number, "is its end, and no file was named")

    def _refuse(self, number: int, what: str) -> None:
        if self.problem is None:
            self.problem = f"Line {number} of the patch {what}."

    def _leave_section(self, number: int) -> None:
        section, self.section = self.section, None
        if section is None:
            return
        section.end = number
        if section.op == "update" and section.hunk in ("none", "empty"):
            self._refuse(number, "follows a hunk or an update without lines")

    def _read_frame(self, number: int, marker: str) -> bool:
        """Read a line that ends the patch or begins a file, and say whether it was one."""
        for header, op in _HEADERS:
            if marker.startswith(header):
                self._leave_section(number)
                self.section = _Section(op, _path(marker[len(header) :]), number)
                self.sections.append(self.section)
                return True
        if marker == _END:
            self._leave_section(number)
            self.stage = "after"
            return True
        return False

    def _read_marker(self, number: int, marker: str) -> None:
        """Read a line outside of updates that is in no file's text."""
        if self.stage == "before" and marker == _BEGIN:
            self.stage = "inside"
            return
        if self.stage == "before":
            self._refuse(number, f"comes before {_BEGIN!r}")
        elif self.stage == "after" and marker:
            self._refuse(number, "comes after its end")
        if marker[:1] == "*" and self._read_frame(number, marker):
            return
        if self.stage == "inside" and not self.sections and marker.startswith(_ENVIRONMENT):
            if self.has_environment or marker == _ENVIRONMENT:
                self._refuse(number, "names no environment, or a second one")
            self.has_environment = True
        elif self.stage == "inside":
            self._refuse(number, "is neither a marker nor a line of a file")

    def _read_update(self, section: _Section, number: int, marker: str) -> None:
        """Read a line of an update that is neither context, removed nor added."""
        if marker == "@@" or marker.startswith("@@ "):
            if section.hunk == "empty":
                self._refuse(number, "follows a hunk without lines")
            section.hunk = "empty"
            section.body = _BODY["update"]
        elif self._read_frame(number, marker):
            return
        elif section.hunk == "closed":
            if marker:
                self._refuse(number, "stands between an end of file and the next hunk")
                if marker[0] == "+":
                    section.added.append(marker[1:])
        elif marker == _END_OF_FILE:
            self._close_hunk(section, number)
        elif marker.startswith(_MOVE) and section.hunk == "none" and section.new_path is None:
            section.new_path = _path(marker[len(_MOVE) :])
        else:
            self._refuse(number, "is neither a marker nor a line of an update")

    def _close_hunk(self, section: _Section, number: int) -> None:
        if section.hunk == "empty":
            self._refuse(number, "follows a hunk without lines")
        # Before the first hunk, the tool passes over an end of file.
        elif section.hunk == "filled":
            section.hunk = "closed"
            section.body = ()

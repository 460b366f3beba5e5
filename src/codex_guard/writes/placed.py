"""Where the lines that an apply_patch adds stand in the file as it will be.

An update says what is around a line, not its number, so the patch is applied here as Codex does it. The
format is in https://github.com/openai/codex/blob/main/codex-rs/apply-patch/apply_patch_tool_instructions.md;
the rest was found out from codex-cli 0.169.0 as a black box, with tens of thousands of patches. Its tool
refuses a patch that names a file twice; run as a program, it applies one section after the other.
"""

from os.path import normpath

from codex_guard.writes import patch
from codex_guard.writes.patch import SPACE, Section

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# A few seconds of work, counted in steps of about a nanosecond.
_WORK: "Final" = 2_000_000_000
_WORK_PER_LINE: "Final" = 300  # of the file, each time that it is gone through
_WORK_PER_CHANGE: "Final" = 2_500  # for each line of an update
#: A line without its end; which of the added lines it is, or -1 for one that was there; and whether LF or
#: CRLF ends it. Codex ends lines at a lone CR, too; those who count lines do not.
_Line = tuple[str, int, bool]
#: Where in the file, how many lines go there, and which come.
_Edit = tuple[int, int, list[_Line]]
_LONGEST: "Final" = 4 << 20  # characters of a patch or a file
_MOST_LINES: "Final" = 0x110000  # each different line is one character of the searched text

# What the least strict comparison takes for the same; every character was tried.
_PUNCTUATION: "Final" = {
    **dict.fromkeys(range(0x2010, 0x2016), "-"),
    0x2212: "-",
    **dict.fromkeys(range(0x2018, 0x201C), "'"),
    **dict.fromkeys(range(0x201C, 0x2020), '"'),
    **dict.fromkeys([0xA0, *range(0x2002, 0x200B), 0x202F, 0x205F, 0x3000], " "),
}
_LEVELS: "Final" = 4


class _Unplaced(Exception):  # noqa: N818 - no error: the answer None
    """The patch does not apply, or finding out takes too long."""


def numbers(patch_text: str, path: str, current: str | None) -> tuple[tuple[int, ...], ...] | None:
    """Return the numbers of the lines that a patch adds to one file, in the file as it is after the patch.

    ``path`` is spelled as in the patch: the file's own name, or either end of a rename. ``current`` is the
    text of ``source(patch_text, path)`` before the patch, with the line ends that it has (read it with
    ``newline=""``: lines end at LF only); None where there is no such file.

    There is one tuple for each of ``parse(patch_text).writes`` whose path is ``path``, in their order, and
    in it one number for each line of that write's content, from 1 on. It is 0 where the line is not there
    in the end: a later section takes it away, or the tool drops it, as it may do with an empty last one.

    None: Codex refuses the patch; it is not about ``path``; it does not apply; it needs a further file's
    text; one of both texts is longer than 4 Mi characters; or it is too much work, which ends after a few
    seconds: a patch of 1 MB on a file of 1 MB stays below, unless it is made to be slow.
    """
    if max(len(patch_text), len(current or "")) > _LONGEST:
        return None
    sections = patch.sections(patch_text)
    if sections is None:
        return None
    folder = _Folder()
    if current is not None:
        folder.files[normpath(_source(sections, path))] = _lines(current)
    added: list[range] = []
    try:
        for section in sections:
            tags = folder.apply(section)
            # A rename is two writes, even onto itself.
            for _ in range((section.path, section.new_path).count(path)):
                if tags is None:
                    return None
                added.append(tags)
    except _Unplaced:
        return None
    places = folder.places()
    return tuple([tuple([places[tag] for tag in tags]) for tags in added]) or None


def source(patch_text: str, path: str) -> str:
    """Return which file ``numbers`` wants to know for ``path``: itself, or what is renamed to it."""
    return _source(patch.sections(patch_text) or [], path)


def _source(sections: list[Section], path: str) -> str:
    key = normpath(path)
    for index, section in enumerate(sections):
        ends = [normpath(name) for name in (section.path, section.new_path) if name is not None]
        if key in ends and section.op != "delete":
            for earlier in reversed(sections[: index + 1]):
                if earlier.new_path is not None and normpath(earlier.new_path) == key:
                    path = earlier.path
                    key = normpath(path)
            break
    return path


def _lines(text: str) -> list[_Line]:
    """Split a text into its lines; a last one without an end is one, too, and gets one like the first."""
    lines: list[_Line] = []
    for part in text.replace("\r\n", "\n").split("\n"):
        *ended, last = part.split("\r")
        lines += [(line, -1, False) for line in ended]
        lines.append((last, -1, True))
    last = lines.pop()[0]
    if last:
        lines.append((last, -1, lines[0][2] if lines else True))
    return lines


class _Folder:
    """The files that are known, by normal name, while a patch's sections are applied to them one by one."""

    def __init__(self) -> None:
        self.files: dict[str, list[_Line]] = {}
        self.count = 0  # of the lines that were added
        self.work = _WORK

    def apply(self, section: Section) -> range | None:
        """Apply a section and return its added lines' tags; None where its file is not known."""
        source = normpath(section.path)
        file = self.files.pop(source, None)
        target = source if section.new_path is None else normpath(section.new_path)
        if section.op == "update" and file is None:
            self.files.pop(target, None)
            return None
        first = self.count
        self.count += sum([line[:1] == "+" for line in section.lines])
        if section.op == "add":
            self.files[target] = [(line[1:], tag, True) for tag, line in enumerate(section.lines, first)]
        elif file is not None and section.op == "update":
            self.spend(_WORK_PER_CHANGE * len(section.lines))
            changed = _updated(file, section.lines, first, self)
            # A file that is renamed to its own name is gone: the tool removes it then.
            if section.new_path is None or target != source:
                self.files[target] = changed
        return range(first, self.count)

    def places(self) -> list[int]:
        """Return each tag's line number in whatever file holds it; 0 where none does."""
        places = [0] * self.count
        for file in self.files.values():
            number = 1
            for _, tag, breaks in file:
                if tag >= 0:
                    places[tag] = number
                number += breaks
        return places

    def spend(self, steps: int) -> None:
        """Take note of work; raise _Unplaced where it becomes too much."""
        self.work -= steps
        if self.work < 0:
            raise _Unplaced


class _Hunk:
    """One change: the lines it looks for, and what it puts there, a number n for the old line n."""

    __slots__ = ("at_end", "context", "new", "old")

    def __init__(self, context: str | None) -> None:
        self.context = context
        self.at_end = False
        self.old: list[str] = []
        self.new: list[_Line | int] = []


def _hunks(lines: tuple[str, ...], tag: int, *, breaks: bool) -> list[_Hunk]:
    """Read an update's lines, of a patch that Codex takes; its added lines get tags from ``tag`` on."""
    hunk = _Hunk(None)
    hunks = [hunk]
    for line in lines:
        sign = line[:1]
        if sign == "@":
            marker = line.rstrip(SPACE)
            hunk = _Hunk(None if marker == "@@" else marker[3:])
            hunks.append(hunk)
        elif sign == "*":  # the end of the file, or, before all hunks, a rename
            hunk.at_end = bool(hunk.new or hunk.old)
        elif sign == "+":
            hunk.new.append((line[1:], tag, breaks))
            tag += 1
        elif not hunk.at_end:  # only blank lines are behind it
            if sign != "-":
                hunk.new.append(len(hunk.old))
            hunk.old.append(line[1:])
    return [hunk for hunk in hunks if hunk.new or hunk.old]


def _updated(file: list[_Line], changes: tuple[str, ...], tag: int, folder: _Folder) -> list[_Line]:
    """Return a file after an update's hunks; raise _Unplaced where their lines are not found."""
    search = _Search([line[0] for line in file], folder)
    breaks = file[0][2] if file else True  # Codex ends what it adds as the first line ends
    hunks = _hunks(changes, tag, breaks=breaks)
    edits: list[_Edit] = []
    position = 0
    for hunk in hunks:
        if hunk.context is not None:
            position = search.find([hunk.context], position) + 1
            if position == 0:
                raise _Unplaced
        if hunk.old:
            start = _find(hunk, search, position)
            position = start + len(hunk.old)
            edits += _edits(hunk, start, breaks=breaks)
        else:
            # What looks for nothing goes to the end of the file, and the search goes on from where it was.
            edits += _edits(hunk, len(file), breaks=breaks)
    edits.sort(key=lambda edit: edit[0])  # stable: at one place they stay in the patch's order
    new: list[_Line] = []
    done = 0
    for start, removed, added in edits:
        new += file[done:start] + added
        done = start + removed
    return new + file[done:]


def _edits(hunk: _Hunk, start: int, *, breaks: bool) -> list[_Edit]:
    """Return what a hunk does to a file between its context lines, which stay as they are there."""
    edits: list[_Edit] = []
    added: list[_Line] = []
    at = 0
    for line in hunk.new:
        if not isinstance(line, int):
            added.append(line)
        elif line == len(hunk.old):  # an empty line that the file does not have
            added.append(("", -1, breaks))
        else:
            edits.append((start + at, line - at, added))
            added = []
            at = line + 1
    return [*edits, (start + at, len(hunk.old) - at, added)]


def _find(hunk: _Hunk, search: "_Search", position: int) -> int:
    """Return where a hunk's old lines begin; raise _Unplaced where they are not."""
    start = search.find(hunk.old, position, at_end=hunk.at_end)
    if start < 0 and not hunk.old[-1]:
        # An empty last line may stand for the end of the file's last line: once more, without it.
        last = hunk.new[-1] if hunk.new else None
        if last is not None and not (hunk.old[last] if isinstance(last, int) else last[0]):
            hunk.new.pop()
        hunk.old.pop()
        start = search.find(hunk.old, position, at_end=hunk.at_end)
    if start < 0:
        raise _Unplaced
    return start


class _Search:
    """Finds lines in a file, by ever less strict comparison.

    At each level every different line is one character, and the file a text of them, made when the level
    is first needed: looking for lines is looking for a string.
    """

    def __init__(self, lines: list[str], folder: _Folder) -> None:
        # Where a line holds a CR, an earlier section wrote it, and Codex would read it as two.
        if len(lines) >= _MOST_LINES or any("\r" in line for line in lines):
            raise _Unplaced
        self._lines = lines
        self._folder = folder
        self._levels: list[tuple[dict[str, str], str]] = []
        self._work = _WORK_PER_LINE * len(lines) + sum(map(len, lines))
        folder.spend(self._work)

    def find(self, wanted: list[str], start: int, *, at_end: bool = False) -> int:
        """Return the first place from ``start`` on, or at the file's end only; -1 for none."""
        if not wanted:
            return start
        last = len(self._lines) - len(wanted)
        if at_end:
            start = max(start, last)
        found = -1
        for level in range(_LEVELS if start <= last else 0):
            found = self._at_level(level, wanted, start)
            if found >= 0:
                break
        return found

    def _at_level(self, level: int, wanted: list[str], start: int) -> int:
        if level == len(self._levels):
            self._folder.spend(self._work)
            codes: dict[str, str] = {}
            coded = [codes.setdefault(_alike(line, level), chr(len(codes))) for line in self._lines]
            self._levels.append((codes, "".join(coded)))
        codes, text = self._levels[level]
        pattern = [codes.get(_alike(line, level), "") for line in wanted]
        if "" in pattern:
            return -1
        found = text.find("".join(pattern), start)
        # The longest way round for str.find: it goes over short patterns again and again, never over long.
        scanned = (found if found >= 0 else len(text)) - start + len(pattern)
        self._folder.spend(scanned * min(len(pattern), 100))
        return found


def _alike(line: str, level: int) -> str:
    """Return what two lines have in common that are the same at a level, 0 being the strictest."""
    if level == 0:
        return line
    if level == 1:
        return line.rstrip(SPACE)
    line = line.strip(SPACE)
    return line if level == 2 or line.isascii() else line.translate(_PUNCTUATION)  # noqa: PLR2004

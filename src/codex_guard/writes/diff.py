"""Unified diffs: which files they change, create, delete or rename, and the lines that they add."""

from codex_guard.record import Record

_NOTHING = "/dev/null"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class Change(Record):
    """What a diff does to one file: its name before and after, None where there is none, and its lines.

    ``renamed``: the old file is gone afterwards. Names are as in the diff, with their leading folders.
    """

    old: str | None
    new: str | None
    added: str = ""
    removed: str = ""
    renamed: bool = False


def read(text: str) -> list[Change]:
    """Return what a diff changes, in order, in linear time; what is no diff is passed over."""
    reader = _Reader()
    for line in text.split("\n"):
        reader.line(line)
    reader.leave()
    return reader.found


def name(path: str, strip: int | None) -> str:
    """Return a path without its first ``strip`` folders; with None only its last name is left."""
    if strip is None:
        return path.rpartition("/")[2]
    return path.split("/", strip)[-1] if path.count("/") >= strip else path


class _Reader:
    """The file that a diff's next line belongs to, and how many lines of its hunk are still to come."""

    def __init__(self) -> None:
        self.found: list[Change] = []
        self._old: str | None = None
        self._new: str | None = None
        self._added: list[str] = []
        self._removed: list[str] = []
        self._left = [0, 0]  # lines of the old and of the new file
        self._seen = False
        self._begun = False  # its first name was read, and the second is still to come
        self._renamed = self._copied = False

    def line(self, line: str) -> None:
        """Take in one line."""
        if self._left != [0, 0]:
            self._in_hunk(line)
        elif line.startswith("@@ -"):
            self._left = _counts(line)
        elif line.startswith("diff --git "):
            self.leave()
            self._begin_git(line)
        elif line.startswith("--- "):
            if self._added or self._removed or not self._seen:
                self.leave()
            self._old, self._begun = _named(line[4:]), True
        elif line.startswith("+++ ") and self._begun:
            self._new, self._seen = _named(line[4:]), True
        elif line.startswith(("rename from ", "copy from ")):
            self._old = "a/" + _unquoted(line.split(" from ", 1)[1])
            self._renamed, self._copied = line[0] == "r", line[0] == "c"
        elif line.startswith(("rename to ", "copy to ")):
            self._new = "b/" + _unquoted(line.split(" to ", 1)[1])
        elif line.startswith("deleted file mode"):
            self._new = None
        elif line.startswith("new file mode"):
            self._old = None

    def leave(self) -> None:
        """End the file that is being read."""
        if self._seen and (self._old is not None or self._new is not None):
            added, removed = "".join(self._added), "".join(self._removed)
            old = None if self._copied else self._old
            self.found.append(Change(old, self._new, added, removed, self._renamed))
        self._old = self._new = None
        self._added, self._removed = [], []
        self._seen = self._begun = self._renamed = self._copied = False

    def _begin_git(self, line: str) -> None:
        rest = line[len("diff --git ") :].rstrip("\r")
        # Both names are the same but for what stands in front, unless something further says otherwise.
        half = (len(rest) - 1) // 2
        old, new = (rest[:half], rest[half + 1 :]) if rest[half : half + 1] == " " else ("", "")
        self._seen, self._old, self._new = True, _unquoted(old) or None, _unquoted(new) or None

    def _in_hunk(self, line: str) -> None:
        sign = line[:1]
        if sign == "+":
            self._added.append(line[1:] + "\n")
        elif sign == "-":
            self._removed.append(line[1:] + "\n")
        elif sign not in (" ", "", "\r", "\\"):  # the counts were wrong
            self._left = [0, 0]
            self.line(line)
            return
        if sign != "\\":
            self._left[0] = max(self._left[0] - (sign != "+"), 0)
            self._left[1] = max(self._left[1] - (sign != "-"), 0)


def _counts(line: str) -> list[int]:
    """Return how many lines of the old and of the new file a hunk's head announces."""
    found = []
    for side in line.split("@@")[1].split():
        digits = side.partition(",")[2] or "1"
        found.append(int(digits[:7]) if digits.isdecimal() else 1)
    return [*found, 1, 1][:2]


def _named(text: str) -> str | None:
    path = _unquoted(text.rstrip("\r").partition("\t")[0].rstrip(" "))
    return None if path == _NOTHING else path


def _unquoted(text: str) -> str:
    """Return a name as it is, without the quotes that git puts around one with unusual letters."""
    text = text.rstrip("\r")
    if not (text.startswith('"') and text.endswith('"') and len(text) > 1):
        return text
    data = bytearray()
    inner = text[1:-1]
    at = 0
    while at < len(inner):
        if inner[at] != "\\":
            data += inner[at].encode()
            at += 1
        elif inner[at + 1 : at + 4].isdecimal() and inner[at + 1] in "0123":
            data.append(int(inner[at + 1 : at + 4].translate(str.maketrans("89", "77")), 8))
            at += 4
        else:
            data += _ESCAPES.get(inner[at + 1 : at + 2], inner[at + 1 : at + 2]).encode()
            at += 2
    return data.decode("utf-8", "replace")

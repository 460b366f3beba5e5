"""Failures told apart wherever their lines have moved to, and kept without what they say."""

import os

from codex_guard import regular
from codex_guard.ledger import key
from codex_guard.model import CheckFailure, Secret
from codex_guard.secrets.fingerprint import fingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGITS = str.maketrans("123456789", "000000000")
_FORMAT = dict.fromkeys(map(ord, " \t\r'\"`,;()"))
_LONGEST_LINE = 2_000  # characters
_LARGEST = 4 << 20  # bytes of a file whose lines are looked at


class Marks:
    """Marks of failures. A message can show a secret, so a mark says nothing without the install's key.

    Two failures have the same mark where a tool says the same of the same line in the same file, whatever
    its number is, and whatever a formatter did to its spaces, quotes, commas and parentheses.
    """

    def __init__(self, marks: "Iterable[str]" = ()) -> None:
        self.marks = frozenset(marks)
        self._key: bytes | None = None
        self._lines: dict[str, list[str]] = {}

    def knows(self, failure: CheckFailure, top: str) -> bool:
        """Say whether a failure is among them."""
        return bool(self.marks) and self.of(failure, top) in self.marks

    def of(self, failure: CheckFailure, top: str, *, anywhere: bool = False) -> str:
        """Return a failure's mark. ``top`` is the folder that its path is relative to.

        ``anywhere``: one that is the same in every file.
        """
        if self._key is None:
            self._key = key.read()
        line = self._line(os.path.join(top, failure.path), failure.line)
        # Other lines' numbers stand in messages, too.
        said = failure.message.translate(_DIGITS)
        while "00" in said:
            said = said.replace("00", "0")
        path = "" if anywhere else failure.path
        told = f"{failure.tool}\0{path}\0{failure.code}\0{said}\0{line}"
        return fingerprint(Secret(told, "failure"), self._key)

    def all_of(self, failures: "Iterable[CheckFailure]", top: str) -> list[str]:
        """Return the marks of several failures, each as often as it occurs."""
        return [self.of(failure, top) for failure in failures]

    def _line(self, path: str, number: int) -> str:
        if path not in self._lines:
            data = regular.start(path, _LARGEST) or b""
            self._lines[path] = data.decode("utf-8", "replace").split("\n")
        lines = self._lines[path]
        return lines[number - 1][:_LONGEST_LINE].translate(_FORMAT) if 0 < number <= len(lines) else ""

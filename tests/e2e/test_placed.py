"""The numbers of added lines, held against what the real apply_patch makes of the same patches."""

import os
import random
import subprocess
from itertools import chain
from pathlib import Path

import pytest

from codex_guard.writes.patch import parse
from codex_guard.writes.placed import numbers, source

pytestmark = pytest.mark.e2e

CASES = 100  # for each test: about two seconds
PLAIN = ("a", "b", "c", "", "a - 'b'", "\tc")
ALIKE = str.maketrans({"-": "\u2014", "'": "\u2019", " ": "\u00a0"})
CHANGES = (
    lambda line: f"{line} ",
    lambda line: f" {line}",
    lambda line: line.strip(),
    lambda line: line.translate(ALIKE),
    lambda line: f"{line}\u3000",
    lambda line: f"{line}\x1c",
)


class Cases:
    """Random files and patches that often fit them. Every added line is another one, but for some blank."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.added = 0

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def line(self) -> str:
        return self.changed(self.random.choice(PLAIN), 0.2)

    def changed(self, line: str, chance: float) -> str:
        return self.random.choice(CHANGES)(line) if self.maybe(chance) else line

    def text(self) -> str:
        lines = [self.line() for _ in range(self.random.randrange(9))]
        ends = self.random.choice((["\n"], ["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]))
        text = "".join([line + self.random.choice(ends) for line in lines])
        return text if self.maybe(0.8) else text.rstrip("\r\n")

    def additions(self) -> list[str]:
        if self.maybe(0.08):
            return ["+"]
        first, self.added = self.added, self.added + self.random.randrange(3)
        return [f"+added {number}." for number in range(first, self.added)]

    def hunks(self, text: str) -> list[str]:
        """Return an update's lines for a text, which they often fit."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        patch: list[str] = []
        at = 0
        for index in range(self.random.randrange(1, 4)):
            at += self.random.randrange(3)
            if self.maybe(0.3) and at < len(lines):
                patch.append(f"@@ {self.changed(lines[at], 0.3)}")
                at += self.random.randrange(1, 3)
            elif index or self.maybe(0.8):
                patch.append("@@")
            old = lines[at : at + self.random.choice((0, 1, 1, 2, 3))]
            at += len(old)
            body = self.additions()
            for line in old:
                body.append(self.random.choice("  -") + self.changed(line, 0.15))
                body += self.additions()
            if self.maybe(0.1):
                body.append(self.random.choice((" ", "", "-", "+")))
            patch += body or [f"+added {self.added}."]
            self.added += not body
            if self.maybe(0.15) or (at >= len(lines) - 1 and self.maybe(0.5)):
                patch.append("*** End of File")
        return patch

    def sections(self, disk: dict[str, str]) -> list[str]:
        """Return a patch over several files, with renames, new files and deletions."""
        names = ["a", "b", "./a", "c"]
        patch: list[str] = []
        for _ in range(self.random.randrange(2, 5)):
            name = self.random.choice(names)
            kind = self.random.randrange(8)
            if kind == 0:
                patch += [f"*** Add File: {name}", *self.additions()]
            elif kind == 1:
                patch.append(f"*** Delete File: {name}")
            else:
                patch.append(f"*** Update File: {name}")
                if kind <= 3:
                    patch.append(f"*** Move to: {self.random.choice(names)}")
                fits = name in disk and self.maybe(0.3)
                patch += self.hunks(disk[name]) if fits else ["@@", f"+added {self.added}."]
                self.added += not fits
        return patch


class Tool:
    """The real apply_patch, in a folder of its own."""

    def __init__(self, codex: Path, folder: Path) -> None:
        # Without the script around it, which costs more time than everything else.
        self.binary = next(codex.parents[1].glob("@openai/codex*/vendor/*/bin/codex"), codex)
        self.folder = folder

    def apply(self, disk: dict[str, str], patch: str) -> dict[str, str] | None:
        """Return the files after a patch; None where it fails."""
        for name in os.listdir(self.folder):
            (self.folder / name).unlink()
        for name, text in disk.items():
            (self.folder / name).write_bytes(text.encode())
        command = [str(self.binary), "--codex-run-as-apply-patch", patch]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False, timeout=60)
        files = {name: (self.folder / name).read_bytes().decode() for name in os.listdir(self.folder)}
        return files if done.returncode == 0 else None


@pytest.fixture
def tool(codex: Path, tmp_path: Path) -> Tool:
    tool = Tool(codex, tmp_path)
    assert tool.apply({"a": "1\n"}, envelope(["*** Update File: a", "@@", "+2"])) == {"a": "1\n2\n"}
    return tool


def envelope(lines: list[str]) -> str:
    return "\n".join(("*** Begin Patch", *lines, "*** End Patch"))


def contents(patch: str, path: str) -> list[list[str]]:
    """Return the lines of each write of a path."""
    texts = [write.content or "" for write in parse(patch).writes if write.path == path]
    return [text.split("\n")[:-1] for text in texts]


def agree(files: dict[str, str], patch: str, path: str, found: tuple[tuple[int, ...], ...]) -> None:
    """Check that every added line is where it was said to be, and that only such are said to be gone."""
    written = contents(patch, path)
    assert [len(lines) for lines in written] == [len(part) for part in found]
    for line, number in zip(chain(*written), chain(*found), strict=True):
        places = [text[: text.index(line)].count("\n") + 1 for text in files.values() if line in text]
        if line:
            assert [number] == (places or [0])
        elif number:
            # A file's lines as editors and git count them may hold more, where only a CR ends one.
            parts = [text.split("\n")[number - 1 : number] for text in files.values()]
            assert any("" in part[0].split("\r") for part in parts if part)


@pytest.mark.parametrize("seed", range(3))
def test_one_file(tool: Tool, seed: int) -> None:
    cases = Cases(seed)
    applied = 0
    for _ in range(CASES):
        text = cases.text()
        patch = envelope(["*** Update File: a", *cases.hunks(text)])
        files = tool.apply({"a": text}, patch)
        found = numbers(patch, "a", text)
        assert (files is None) == (found is None), (text, patch)
        if files is not None and found is not None:
            agree(files, patch, "a", found)
            applied += 1
    assert CASES / 4 < applied < CASES  # neither side only says no


def test_several_sections(tool: Tool) -> None:
    cases = Cases(3)
    known = 0
    for _ in range(CASES):
        disk = {"a": cases.text(), "b": cases.text()}
        patch = envelope(cases.sections(disk))
        files = tool.apply(disk, patch)
        if files is None:
            continue
        for path in {write.path for write in parse(patch).writes}:
            found = numbers(patch, path, disk.get(os.path.normpath(source(patch, path))))
            if found is not None:
                agree(files, patch, path, found)
                known += any(found)
    assert known > CASES / 10

"""Real bash and shfmt as the parser's judges, and one form in which its tree and shfmt's can be compared.

A ``Simple`` is a command as written: assignments, words, and redirections, each cut out of the source. All
of a script stand in one list, each before what its own substitutions run.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codex_guard.record import Record
from codex_guard.shell.tree import (
    Assignment,
    Command,
    Compound,
    Expansion,
    Part,
    Redirect,
    Script,
    Word,
)

_ENVIRONMENT = {"PATH": "/nowhere", "LC_ALL": "C.UTF-8"}
_REDIRECTIONS = ("<<-", "<<<", "&>>", "<<", ">>", ">|", "<>", "<&", ">&", "&>", "<", ">")
_TIMEOUT = 60


class Simple(Record):
    """One command, or the head of a compound one, as text.

    A redirection is its descriptor, operator and target, and the body of a heredoc.
    """

    assignments: tuple[str, ...]
    words: tuple[str, ...]
    redirects: tuple[tuple[str, str, str, str], ...]


def bash() -> str:
    """Return the path of a bash 5; skips the test without one, and fails in CI."""
    found = shutil.which("bash")
    if found is None:
        return _missing("bash is not installed")
    version = subprocess.run(
        [found, "-c", "echo $BASH_VERSINFO"], check=True, capture_output=True, text=True
    ).stdout
    return found if int(version) >= 5 else _missing("bash is older than 5")


def shfmt() -> str:
    """Return the path of shfmt; skips the test without one, and fails in CI."""
    beside = Path(sys.executable).with_name("shfmt")
    found = str(beside) if beside.exists() else shutil.which("shfmt")
    return found if found is not None else _missing("shfmt is not installed")


def _missing(reason: str) -> str:
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and in CI it must be", pytrace=False)
    pytest.skip(reason)


def accepts(script: str) -> bool:
    """Whether bash, with extended patterns or without, finds no mistake in ``script``. Runs nothing."""
    return _accepts(script) or _accepts(script, "-O", "extglob")


def _accepts(script: str, *options: str) -> bool:
    ran = subprocess.run(
        [bash(), "--norc", *options, "-n", "/dev/stdin"],
        input=script.encode("utf-8", "surrogateescape"), env=_ENVIRONMENT, capture_output=True,
        check=False, timeout=_TIMEOUT,
    )  # fmt: skip
    return ran.returncode == 0 and all(b": warning: " in line for line in ran.stderr.splitlines())


def printed(script: str) -> str:
    """Run a harmless script, which can only use builtins, and return what it prints."""
    ran = subprocess.run(
        [bash(), "--norc", "-c", script], env=_ENVIRONMENT, stdin=subprocess.DEVNULL,
        capture_output=True, check=False, timeout=_TIMEOUT, cwd="/",
    )  # fmt: skip
    return ran.stdout.decode("utf-8", "replace")


def shfmt_tree(script: str) -> dict[str, Any] | None:
    """Return shfmt's tree; None where it finds a mistake."""
    ran = subprocess.run(
        [shfmt(), "-ln", "bash", "-tojson"], input=script.encode("utf-8", "surrogateescape"),
        capture_output=True, check=False, timeout=_TIMEOUT,
    )  # fmt: skip
    return json.loads(ran.stdout) if ran.returncode == 0 else None


# -- ours ----------------------------------------------------------------------------------------


def ours(script: Script, *, ticked: bool = False) -> Iterator[Simple]:
    """Yield every command of our tree. ``ticked``: within backquotes, where escapes are not compared."""
    for statement in script.statements:
        for command in statement.pipeline.commands:
            yield from _ours(command, script.text, ticked=ticked)


def _ours(command: Command | Compound, text: str, *, ticked: bool) -> Iterator[Simple]:
    def source(word: Word) -> str:
        return _plain(text[word.start : word.end], ticked=ticked)

    def redirected(redirect: Redirect) -> tuple[str, str, str, str]:
        body = redirect.heredoc.body if redirect.heredoc is not None else ""
        return (
            redirect.descriptor,
            redirect.operator,
            source(redirect.target),
            _unescaped(body, ticked=ticked),
        )

    def assigned(assignment: Assignment) -> str:
        sign = "+=" if assignment.append else "="
        if assignment.array is not None:
            value = "(" + " ".join(source(word) for word in assignment.array) + ")"
        else:
            value = source(assignment.value) if assignment.value is not None else ""
        return _plain(assignment.name, ticked=ticked) + sign + value

    redirects = tuple(redirected(redirect) for redirect in command.redirects)
    behind = [part for redirect in command.redirects for part in _redirect_parts(redirect)]
    if isinstance(command, Command) and command.start < command.end:  # which ! and time alone have not
        yield Simple(
            tuple(assigned(assignment) for assignment in command.assignments),
            tuple(source(word) for word in command.words),
            redirects,
        )
        for assignment in command.assignments:
            words = assignment.array or ((assignment.value,) if assignment.value is not None else ())
            yield from _scripts((*assignment.index, *(part for word in words for part in word.parts)))
        yield from _scripts(part for word in command.words for part in word.parts)
    elif isinstance(command, Compound):
        if redirects:
            yield Simple((), (), redirects)
        if command.kind == "case" or (command.name and command.kind in ("for", "select")):
            yield Simple((), (command.kind, command.name, *(source(word) for word in command.words)), ())
        yield from _scripts(part for word in command.words for part in word.parts)
        for body in command.bodies:
            yield from ours(body, ticked=ticked)
    yield from _scripts(behind)


def _redirect_parts(redirect: Redirect) -> tuple[Part, ...]:
    if redirect.heredoc is not None:  # whose delimiter is text
        return redirect.heredoc.parts
    return redirect.target.parts


def _scripts(parts: "Iterator[Part] | list[Part] | tuple[Part, ...]") -> Iterator[Simple]:
    for part in parts:
        if isinstance(part, Expansion):
            yield from _scripts(part.parts)
            if part.script is not None:
                yield from ours(part.script, ticked=part.source.startswith("`"))


def _plain(text: str, *, ticked: bool) -> str:
    return _unescaped(text.replace("\\\n", ""), ticked=ticked)


def _unescaped(text: str, *, ticked: bool) -> str:
    return text.replace("\\", "") if ticked else text


# -- shfmt's -------------------------------------------------------------------------------------


class Theirs:
    """Reads shfmt's tree of one script."""

    def __init__(self, script: str) -> None:
        self.source = script.encode("utf-8", "surrogateescape")
        self.ticked = False

    def text(self, node: dict[str, Any]) -> str:
        """Return what stands in the source where ``node`` is."""
        return _plain(self._cut(node), ticked=self.ticked)

    def _cut(self, node: dict[str, Any]) -> str:
        cut = self.source[node["Pos"]["Offset"] : node["End"]["Offset"]]
        return cut.decode("utf-8", "surrogateescape")

    def statements(self, nodes: list[dict[str, Any]]) -> Iterator[Simple]:
        """Yield every command of these statements."""
        for node in nodes:
            yield from self.statement(node)

    def statement(self, node: dict[str, Any]) -> Iterator[Simple]:
        """Yield the commands of one statement."""
        command = node.get("Cmd") or {"Type": "CallExpr"}
        nodes = node.get("Redirs", [])
        redirects = tuple(self._redirect(redirect) for redirect in nodes)
        kind = command["Type"]
        if kind in ("CallExpr", "DeclClause", "LetClause"):
            yield from self._simple(command, redirects)
        else:
            if redirects:
                yield Simple((), (), redirects)
            yield from self._compound(kind, command)
        for redirect in nodes:
            yield from self.within(
                redirect.get("Hdoc") if redirect["Op"] in ("<<", "<<-") else redirect["Word"]
            )

    def _simple(
        self, command: dict[str, Any], redirects: tuple[tuple[str, str, str, str], ...]
    ) -> Iterator[Simple]:
        assignments = list(command.get("Assigns", []))
        words = [self.text(word) for word in command.get("Args", []) if "Parts" in word]
        if command["Type"] == "LetClause":
            words = ["let", *(self.text(word) for word in command["Exprs"])]
        if command["Type"] == "DeclClause":
            arrays = [each for each in command.get("Args", []) if "Array" in each]
            assignments += arrays
            words = [self.text(command["Variant"])]
            words += [self.text(each) for each in command.get("Args", []) if each not in arrays]
        yield Simple(tuple(self._assignment(each) for each in assignments), tuple(words), redirects)
        for each in assignments:
            yield from self.within(each)
        for each in [*command.get("Args", []), *command.get("Exprs", [])]:
            if each not in assignments:
                yield from self.within(each)

    def _compound(self, kind: str, command: dict[str, Any]) -> Iterator[Simple]:
        if kind == "ForClause" and command["Loop"]["Type"] == "WordIter":
            loop = command["Loop"]
            words = [self.text(word) for word in loop.get("Items", [])]
            yield Simple(
                (), ("select" if command.get("Select") else "for", loop["Name"]["Value"], *words), ()
            )
            yield from self.within(loop.get("Items"))
            yield from self.statements(command.get("Do", []))
        elif kind == "CaseClause":
            items = command.get("Items", [])
            patterns = [pattern for item in items for pattern in item["Patterns"]]
            yield Simple((), ("case", "", *(self.text(word) for word in [command["Word"], *patterns])), ())
            yield from self.within([command["Word"], *patterns])
            for item in items:
                yield from self.statements(item.get("Stmts", []))
        else:
            yield from self.within({key: value for key, value in command.items() if key != "Type"})

    def within(self, node: Any) -> Iterator[Simple]:
        """Yield the commands of all statements that stand somewhere in ``node``, in their order."""
        if isinstance(node, list):
            for each in node:
                yield from self.within(each)
        elif isinstance(node, dict):
            if "Cmd" in node or "Redirs" in node:
                yield from self.statement(node)
                return
            before = self.ticked
            self.ticked = bool(node.get("Backquotes")) or (before and node.get("Type") != "CmdSubst")
            for value in node.values():
                yield from self.within(value)
            self.ticked = before

    def _assignment(self, node: dict[str, Any]) -> str:
        name = str(node["Name"]["Value"]) + (f"[{self._index(node)}]" if "Index" in node else "")
        sign = "+=" if node.get("Append") else "="
        if "Array" in node:
            return (
                name
                + sign
                + "("
                + " ".join(self._element(each) for each in node["Array"].get("Elems", []))
                + ")"
            )
        return name + sign + (self.text(node["Value"]) if "Value" in node else "")

    def _index(self, node: dict[str, Any]) -> str:
        return self.text(node["Index"])

    def _element(self, node: dict[str, Any]) -> str:
        return ("[" if "Index" in node else "") + self.text(node)  # whose bracket they leave out

    def _redirect(self, node: dict[str, Any]) -> tuple[str, str, str, str]:
        body = ""
        if "Hdoc" in node:
            body = _unescaped(self._cut(node["Hdoc"]), ticked=self.ticked)
            body = body[: body.rfind("\n") + 1]  # the delimiter's line is sometimes with it
            if node["Op"] == "<<-":
                body = "\n".join(line.lstrip("\t") for line in body.split("\n"))
        descriptor = node["N"]["Value"] if "N" in node else ""
        return descriptor, node["Op"], self.text(node["Word"]), body

"""A parsed script as nested lists and objects, for people and programs to read."""

from collections.abc import Iterator
from typing import Any

from codex_guard.shell import expansion
from codex_guard.shell.tree import Command, Compound, Redirect, Script, Word

# Compound commands that hold no commands: they are shown as written.
_TESTS = ("[[", "((")


def tree(script: Script) -> list[dict[str, Any]]:
    """Return a script's statements: ``negated``, ``commands`` (one pipeline's), ``connector`` (what follows).

    A command has its ``kind`` (``command``, or a compound one's first word), its ``text`` (of a compound one
    the head alone), its ``redirects``, and what it runs inside: ``bodies`` and ``substitutions``, both lists
    of such statements. The depth is the parser's, which is bounded.
    """
    return [
        {
            "negated": statement.pipeline.negated,
            "commands": [_command(command, script.text) for command in statement.pipeline.commands],
            "connector": statement.connector,
        }
        for statement in script.statements
    ]


def lines(statements: list[dict[str, Any]], depth: int = 0) -> Iterator[tuple[int, str]]:
    """Yield the lines of a tree's page, each with its depth."""
    before = ""
    for statement in statements:
        for number, command in enumerate(statement["commands"]):
            sign = "|" if number else " ".join(filter(None, (before, "!" if statement["negated"] else "")))
            yield depth + bool(number), f"{sign} {command['text']}".lstrip()
            for name, mark in (("substitutions", "$( )"), ("bodies", "{ }")):
                for inner in command[name]:
                    yield depth + 1 + bool(number), mark
                    yield from lines(inner, depth + 2 + bool(number))
        before = statement["connector"]


def _command(command: Command | Compound, text: str) -> dict[str, Any]:
    words = list(command.words)
    bodies: list[list[dict[str, Any]]] = []
    if isinstance(command, Compound):
        kind = command.kind
        bodies = [tree(body) for body in command.bodies]
    else:
        kind = "command"
        for assignment in command.assignments:
            words += [assignment.value] if assignment.value is not None else assignment.array or ()
    for redirect in command.redirects:
        words += [redirect.target]
        words += [Word(redirect.heredoc.parts, 0, 0)] if redirect.heredoc is not None else []
    ran = [script for word in words for script in expansion.scripts(word.parts)]
    return {
        "kind": kind,
        "text": _head(command, text) if isinstance(command, Compound) else _written(command, text),
        "redirects": [_redirect(redirect, text) for redirect in command.redirects],
        "substitutions": [tree(script) for script in ran],
        "bodies": bodies,
    }


def _head(command: Compound, text: str) -> str:
    if command.kind in _TESTS:
        return _written(command, text)
    words = [text[word.start : word.end] for word in command.words]
    given = ["in", *words] if words and command.kind in ("for", "select") else words
    redirects = [_redirect(redirect, text) for redirect in command.redirects]
    return " ".join(filter(None, (command.kind, command.name, *given, *redirects)))


def _redirect(redirect: Redirect, text: str) -> str:
    target = text[redirect.target.start : redirect.target.end]
    return f"{redirect.descriptor}{redirect.operator}{target}"


def _written(command: Command | Compound, text: str) -> str:
    return text[command.start : command.end].strip()

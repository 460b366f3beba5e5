"""How commands change what comes behind them: the folder, the variables, and whether it is reached."""

from codex_guard.shell import expansion, variables
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Scope, Value, either
from codex_guard.shell.tree import Assignment, Compound, Statement, Word

DECLARATIONS = frozenset(("export", "declare", "local", "readonly", "typeset"))
_LEAVES = frozenset(("exit", "return", "break", "continue", "die", "fatal", "abort"))
_MOST = 200  # elements of an array


def assign(assignment: Assignment, scope: Scope, origins: tuple[Invocation, ...] = ()) -> None:
    """Set the variable, or forget it where its value is not known; ``origins`` ran to make it."""
    name, bracket, _ = assignment.name.partition("[")
    parts = assignment.value.parts if assignment.value is not None else ()
    if assignment.array is not None:
        elements = dict(_elements(scope, name)) if assignment.append else {}
        scope.assign_array(name, _filled(elements, assignment.array, scope))
    elif bracket:
        key = expansion.text_of(assignment.index, scope) or "0"
        if name in ("BASH_ALIASES", "BASH_CMDS"):
            scope.alias(key, expansion.assigned(parts, scope))
        elements = dict(_elements(scope, name))
        if key in elements or len(elements) < _MOST:
            elements[key] = expansion.assigned(parts, scope)
            scope.assign_array(name, elements)
    elif assignment.append:
        before = scope.lookup(name)
        known = (HOLE if before is None else before) + expansion.assigned(parts, scope)
        scope.assign(name, known if len(known) <= scope.fuel[0] else HOLE)
    else:
        scope.assign(name, expansion.assigned(parts, scope))
    scope.remember(name, origins)


def _elements(scope: Scope, name: str) -> dict[str, str]:
    if name in scope.arrays:
        return scope.arrays[name]
    first = scope.variables.get(name)
    return {"0": first} if first is not None else {}


def _filled(elements: dict[str, str], words: tuple[Word, ...], scope: Scope) -> dict[str, str]:
    """Add the words of ``(a [key]=b)`` to an array, as long as it does not become too long."""
    for word in words:
        for value in expansion.values(word, scope):
            key, equals, text = value.text.partition("]=")
            if len(elements) >= _MOST:
                return elements
            if equals and key.startswith("["):
                elements[key[1:]] = text
            else:
                elements[str(len(elements))] = value.text
    return elements


def follow(invocation: Invocation, scope: Scope) -> None:
    """Let a command that runs in the shell itself change the scope for what comes behind it."""
    program, rest = invocation.argv[0].text, invocation.argv[1:]
    if program in ("cd", "pushd", "popd"):
        _change_folder(program, rest, scope)
    elif program in _LEAVES:
        scope.folders = ()
    elif program in DECLARATIONS:
        for value in rest:
            name, equals, given = value.text.partition("=")
            if equals and name.isidentifier():
                scope.assign(name, given)
                scope.remember(name, invocation.inner)
    elif program == "set" and any(value.text == "--" for value in rest):
        texts = [value.text for value in rest]
        scope.arguments = tuple(texts[texts.index("--") + 1 :])
        scope.forget("@")
        scope.remember("@", invocation.inner)
    elif program == "shift" and scope.arguments is not None:
        number = rest[0].text if rest else "1"
        scope.arguments = scope.arguments[int(number) :] if number.isdecimal() else None
    elif program in variables.TABLE:
        variables.TABLE[program]([value.text for value in rest], invocation, scope)


def _change_folder(program: str, rest: tuple[Value, ...], scope: Scope) -> None:
    if program == "popd":
        scope.folders, scope.pushed = scope.pushed[-1:] or (None,), scope.pushed[:-1]
        return
    if program == "pushd":
        scope.pushed = (*scope.pushed[-20:], scope.cwd)
    where = [value.text for value in rest if value.text == "-" or not value.text.startswith("-")]
    target = where[0] if where else scope.lookup("HOME")
    if target == "-":
        target = scope.lookup("OLDPWD")
    scope.enter(HOLE if target is None else target)


class Lists:
    """Where a script can be before each of its statements, as ``&&`` and ``||`` lead there."""

    def __init__(self, scope: Scope) -> None:
        self._reached = scope.folders  # by what was reached last
        self._done, self._failed = scope.folders, ()  # type: tuple[str | None, ...], tuple[str | None, ...]
        self._joined = ""

    def before(self, scope: Scope) -> None:
        """Set the folders in which the next statement runs."""
        folders = self._failed if self._joined == "||" else self._done
        if self._joined not in ("&&", "||"):
            # A list that fails as a whole goes on too, but what stands in it is meant to succeed.
            folders = self._done or self._failed
        self._reached = scope.folders = folders or self._reached

    def after(self, scope: Scope, statement: Statement, *, simple: bool) -> None:
        """Take in where the statement has led, if it succeeded and if not."""
        before, now = self._reached, scope.folders
        done, failed = now, before if simple and now else either(now, before if now != before and now else ())
        if statement.pipeline.negated:
            done, failed = failed, done
        if self._joined == "&&":
            failed = either(self._failed, failed)
        elif self._joined == "||":
            done = either(self._done, done)
        self._done, self._failed, self._joined = done, failed, statement.connector

    def leave(self, scope: Scope) -> None:
        """Set the folders that the script ends in: none where its end is never reached."""
        scope.folders = self._done or self._failed


class Branches:
    """The folders within a compound command: what a branch starts with, and what comes of all."""

    def __init__(self, command: Compound, scope: Scope) -> None:
        self._plain = command.kind in ("(", "{", "function", "coproc")
        self._chain = command.kind == "if"
        self._loop = command.kind in ("while", "until")
        self._last = len(command.bodies) - 1
        self._start = scope.folders
        self._ends: tuple[str | None, ...] = ()

    def _condition(self, number: int) -> bool:
        return number % 2 == 0 and (self._loop or (self._chain and number < self._last))

    def enter(self, scope: Scope, number: int) -> None:
        """Set where body ``number`` begins; one behind a condition begins where that one ended."""
        if not self._plain and not (number and self._condition(number - 1)):
            scope.folders = self._start

    def leave(self, scope: Scope, number: int) -> None:
        """Take in where body ``number`` has ended."""
        if self._condition(number):
            self._start = either(self._start, scope.folders)
            scope.folders = scope.folders or self._start
        else:
            self._ends = either(self._ends, scope.folders)

    def end(self, scope: Scope) -> None:
        """Set where the command as a whole ends."""
        if self._plain:
            return
        complete = self._chain and self._last % 2 == 0  # one of the branches of an if … else is taken
        scope.folders = self._ends if complete else either(self._ends, self._start)

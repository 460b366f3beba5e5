"""One walk over a script: every program it would start, with its arguments, its input and its folder."""

from codex_guard.record import Record
from codex_guard.shell import meaning
from codex_guard.shell.meaning import HOLE, Scope, Value
from codex_guard.shell.parser import parse
from codex_guard.shell.tree import Command, Compound, Redirect, Script, Word

_DEEPEST = 12  # scripts within scripts: bash -c "bash -c '…'"
_MOST = 5_000  # invocations
_SHELLS = frozenset(("sh", "bash", "zsh", "dash", "ksh", "ash", "fish"))
_DECLARATIONS = frozenset(("export", "declare", "local", "readonly", "typeset"))


class Invocation(Record):
    """One program that would be started.

    ``argv`` begins with the program; ``scope`` says where; ``targets`` are its output redirections as
    (operator, path); ``upstream`` what is piped into it; ``inner`` what substitutions in its words run;
    ``source`` the text for people; ``stdin`` the text it reads, where known.
    """

    argv: tuple[Value, ...]
    scope: Scope
    source: str
    targets: tuple[tuple[str, Value], ...] = ()
    upstream: "tuple[Invocation, ...]" = ()
    inner: "tuple[Invocation, ...]" = ()
    stdin: str | None = None

    @property
    def program(self) -> str:
        """The program's name without its folder."""
        return self.argv[0].text.rpartition("/")[2] if self.argv else ""


class Walk:
    """Collects the invocations of a script and everything it runs, in order.

    ``unparsed`` gathers the texts that could not be read as Bash; ``recursive`` the names of functions
    that start themselves again in the background or through a pipe.
    """

    def __init__(self) -> None:
        self.invocations: list[Invocation] = []
        self.unparsed: list[str] = []
        self.recursive: list[str] = []
        self._depth = 0

    def script(self, script: Script, scope: Scope, text: str) -> list[Invocation]:
        """Walk ``script``, whose offsets point into ``text``; returns what it starts itself."""
        if script.unparsed is not None:
            self.unparsed.append(script.unparsed)
        found: list[Invocation] = []
        for statement in script.statements:
            commands = statement.pipeline.commands
            own = scope if len(commands) == 1 and statement.connector != "&" else scope.copy()
            upstream: list[Invocation] = []
            for command in commands:
                started = self._command(command, own if len(commands) == 1 else own.copy(), text, upstream)
                found.extend(started)
                upstream = [*upstream, *started]
        return found

    def text(self, text: str, scope: Scope) -> list[Invocation]:
        """Walk a script that is given as text, such as the argument of ``bash -c``."""
        if self._depth >= _DEEPEST or len(self.invocations) > _MOST:
            self.unparsed.append(text)
            return []
        self._depth += 1
        found = self.script(parse(text), scope, text)
        self._depth -= 1
        return found

    def _command(
        self, command: Command | Compound, scope: Scope, text: str, upstream: list[Invocation]
    ) -> list[Invocation]:
        if isinstance(command, Command):
            return self._simple(command, scope, text, upstream)
        inner = scope.copy() if command.kind in ("(", "function", "coproc") else scope
        found = self._substitutions(command.words, scope, text)
        if command.kind in ("for", "select") and command.words:
            choices = [value for word in command.words for value in meaning.values(word, scope)]
            if choices and choices[0].known and not choices[0].glob:
                inner.variables[command.name] = choices[0].text
            else:
                inner.variables.pop(command.name, None)
        for body in command.bodies:
            found.extend(self.script(body, inner, text))
        if command.kind == "function" and _calls_itself(command):
            self.recursive.append(command.name)
        targets = _targets(command.redirects, scope)
        if targets:
            found.append(self._add(Invocation((Value(""),), scope.copy(), _source(text, command), targets)))
        return found

    def _simple(
        self, command: Command, scope: Scope, text: str, upstream: list[Invocation]
    ) -> list[Invocation]:
        words = [*command.words]
        inner = self._substitutions(tuple(words), scope, text)
        for assignment in command.assignments:
            self._assign(assignment.name, assignment.value, scope, text, lasting=not words)
            inner.extend(self._substitutions(assignment.array, scope, text))
        for redirect in command.redirects:
            inner.extend(self._substitutions((redirect.target,), scope, text))
            if redirect.heredoc:
                for script in meaning.scripts(redirect.heredoc.parts):
                    inner.extend(self.script(script, scope.copy(), redirect.heredoc.body))
        argv = tuple(value for word in words for value in meaning.values(word, scope))
        targets = _targets(command.redirects, scope)
        if not argv and not targets:
            return inner
        invocation = Invocation(
            argv=argv or (Value(""),),
            scope=scope.copy(),
            source=_source(text, command),
            targets=targets,
            upstream=tuple(upstream),
            inner=tuple(inner),
            stdin=_stdin(command.redirects, upstream, scope),
        )
        started = self._add(invocation)
        self._follow(started, scope)
        return [started, *self._unwrapped(started)]

    def _add(self, invocation: Invocation) -> Invocation:
        self.invocations.append(invocation)
        return invocation

    def _unwrapped(self, invocation: Invocation) -> list[Invocation]:
        """Walk on into what a wrapper starts: ``sudo X``, ``bash -c X``, ``find -exec X``."""
        from codex_guard.shell import wrappers  # noqa: PLC0415 - they know this module's types

        found: list[Invocation] = []
        if self._depth >= _DEEPEST or len(self.invocations) > _MOST:
            return found
        self._depth += 1
        for inner in wrappers.inner_commands(invocation):
            if isinstance(inner, str):
                found.extend(self.text(inner, invocation.scope.copy()))
            elif inner:
                started = self._add(invocation.replace(argv=inner, targets=()))
                found += [started, *self._unwrapped(started)]
        if invocation.program in _SHELLS and invocation.stdin and wrappers.reads_stdin(invocation):
            found.extend(self.text(invocation.stdin, invocation.scope.copy()))
        self._depth -= 1
        return found

    def _substitutions(self, words: tuple[Word, ...], scope: Scope, text: str) -> list[Invocation]:
        found: list[Invocation] = []
        for word in words:
            for script in meaning.scripts(word.parts):
                found.extend(self.script(script, scope.copy(), text))
        return found

    def _assign(self, name: str, value: Word | None, scope: Scope, text: str, *, lasting: bool) -> None:
        if value is not None:
            self._substitutions((value,), scope, text)
        if not lasting:
            return
        known = meaning.text_of(value.parts, scope) if value is not None else ""
        if HOLE in known:
            scope.variables.pop(name, None)
        else:
            scope.variables[name] = known

    def _follow(self, invocation: Invocation, scope: Scope) -> None:
        """Let ``cd`` and declarations change the scope for what comes behind them."""
        program, rest = invocation.program, invocation.argv[1:]
        if program in ("cd", "pushd"):
            where = [value for value in rest if value.text == "-" or not value.text.startswith("-")]
            target = where[0].text if where else (scope.lookup("HOME") or HOLE)
            path = HOLE if target == "-" else scope.path(target)
            scope.cwd = None if HOLE in path else path
        elif program == "popd":
            scope.cwd = None
        elif program in _DECLARATIONS:
            for value in rest:
                name, equals, given = value.text.partition("=")
                if equals and name.isidentifier():
                    scope.variables.pop(name, None)
                    if HOLE not in given:
                        scope.variables[name] = given


def _targets(redirects: tuple[Redirect, ...], scope: Scope) -> tuple[tuple[str, Value], ...]:
    """Return the files that output is redirected to; ``2>&1`` and ``>&-`` are none."""
    found = []
    for redirect in redirects:
        if ">" in redirect.operator:
            for value in meaning.values(redirect.target, scope):
                duplicates = redirect.operator == ">&" and (
                    value.text.rstrip("-").isdigit() or value.text == "-"
                )
                if not duplicates:
                    found.append((redirect.operator, value))
    return tuple(found)


def _stdin(redirects: tuple[Redirect, ...], upstream: list[Invocation], scope: Scope) -> str | None:
    """Return the text on standard input: a heredoc, a here-string, or an echo piped in."""
    for redirect in reversed(redirects):
        if redirect.heredoc is not None:
            heredoc = redirect.heredoc
            return meaning.text_of(heredoc.parts, scope) if heredoc.expands else heredoc.body
        if redirect.operator == "<<<":
            return meaning.text_of(redirect.target.parts, scope) + "\n"
    if upstream and upstream[-1].program == "cat" and len(upstream[-1].argv) == 1:
        return upstream[-1].stdin
    if upstream and all(value.known for value in upstream[-1].argv):
        return meaning.printed([upstream[-1].program, *(value.text for value in upstream[-1].argv[1:])])
    return None


def _calls_itself(function: Compound) -> bool:
    """Find a fork bomb: a function whose body pipes into itself or puts itself into the background."""
    waiting: list[Script] = list(function.bodies)
    while waiting:
        for statement in waiting.pop().statements:
            commands = statement.pipeline.commands
            for command in commands:
                if isinstance(command, Compound):
                    waiting.extend(command.bodies)
                elif command.words and (len(commands) > 1 or statement.connector == "&"):
                    parts = command.words[0].parts
                    if len(parts) == 1 and getattr(parts[0], "text", None) == function.name:
                        return True
    return False


def _source(text: str, command: Command | Compound) -> str:
    source = text[command.start : command.end].strip()
    first, newline, _ = source.partition("\n")
    return first[:200] + (" …" if newline or len(first) > 200 else "")  # noqa: PLR2004

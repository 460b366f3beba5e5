"""One walk over a script: every program it would start, with its arguments, its input and its folder."""

from codex_guard.shell import expansion, files, follow, streams, variables
from codex_guard.shell.follow import Lists
from codex_guard.shell.invocation import Feed, Invocation, behind, whole
from codex_guard.shell.meaning import HOLE, Scope, Value, either
from codex_guard.shell.parser import parse
from codex_guard.shell.said import Said, collected
from codex_guard.shell.starter import Ran, Starter, source
from codex_guard.shell.streams import Streams
from codex_guard.shell.tree import Command, Compound, Redirect, Script, Word

_DEEPEST_TEXT = 12  # scripts within scripts: bash -c "bash -c '…'"
_DEEPEST = 90  # bodies, substitutions and scripts within one another
_MOST = 12_000  # commands, each counted once more for every so many characters:
_CHARACTERS = 50
_MOST_CHOICES = 40  # values of a loop's variable, or lines it reads, that are gone through one by one


class Walk:
    """Collects the invocations of a script, its text ``source``, and everything it runs, in order.

    ``unparsed`` gathers the texts that could not be read as Bash, or were too much, which ``too_much`` says;
    ``recursive`` the names of functions that start themselves again in the background or through a pipe, and
    ``while`` or ``until`` for an endless loop that starts things in the background and never waits.
    """

    def __init__(self) -> None:
        self.source = ""
        self.invocations: list[Invocation] = []
        self.unparsed: list[str] = []
        self.recursive: list[str] = []
        self.too_much = False
        self.functions: dict[str, Compound] = {}
        self.uncalled: dict[int, tuple[Compound, Scope]] = {}
        self._left = _MOST
        self._depth = 0
        self._texts = 0
        self._starter = Starter(self)

    def whole(self, text: str, scope: Scope) -> None:
        """Walk a whole script, and the functions in it that nothing calls; ``scope`` stays as it is."""
        self.source = text
        try:
            apart = scope.apart()
            self.text(text, apart, Feed())
            while self.uncalled:
                function, where = self.uncalled.pop(next(iter(self.uncalled)))
                where.arguments = None
                self.bodies(function, where, Feed())
            if self.functions:
                from codex_guard.shell import bombs  # noqa: PLC0415 - most commands define nothing

                self.recursive += bombs.multiplying(self.functions)
            self.too_much |= apart.fuel[0] < 0
        except RecursionError:
            self.unparsed.append(text)
            self.too_much = True

    # -- the budget ------------------------------------------------------------------------------

    def spend(self, commands: int) -> bool:
        """Count so many commands; False where there were too many already."""
        self._left -= commands
        self.too_much |= self._left < 0
        return self._left >= 0

    def enter(self) -> bool:
        """Count one level of nesting more; False, and no level, where that is too deep."""
        if self._depth >= _DEEPEST:
            self.too_much = True
            return False
        self._depth += 1
        return True

    def leave(self) -> None:
        """Count one level of nesting less."""
        self._depth -= 1

    # -- scripts ---------------------------------------------------------------------------------

    def text(self, text: str, scope: Scope, feed: Feed) -> Ran:
        """Walk a script that is given as text, such as the argument of ``bash -c``."""
        if not self.spend(len(text) // _CHARACTERS) or self._texts >= _DEEPEST_TEXT:
            self.unparsed.append(text)
            self.too_much = True
            return [], None
        self._texts += 1
        ran = self.script(parse(text), scope, feed)
        self._texts -= 1
        return ran

    def script(self, script: Script, scope: Scope, feed: Feed) -> Ran:
        """Walk ``script``."""
        found: list[Invocation] = []
        said = Said(scope)
        text = script.text
        if script.unparsed is not None:
            self.unparsed.append(script.unparsed)
            self.too_much |= script.too_much
        if not self.enter():
            self.unparsed += [text[_start(script) : _end(script)]] if script.statements else []
            return found, None
        lists = Lists(scope)
        for statement in script.statements:
            commands = statement.pipeline.commands
            lists.before(scope)
            alone = len(commands) == 1
            own = scope if alone and statement.connector != "&" else scope.copy()
            reads = feed
            for command in commands:
                if not self.spend(1 + (command.end - command.start) // _CHARACTERS):
                    self.unparsed.append(text[command.start : _end(script)])
                    self.leave()
                    return found, None
                started, printed = self._command(command, own if alone else own.copy(), text, reads)
                found.extend(started)
                if not alone:
                    reads = behind(started, reads, printed, wholly=_is_piped_wholly(command))
            if not alone and started:
                variables.follow_pipe(started[0], scope)
            said.add(printed, statement.connector)
            lists.after(scope, statement, simple=isinstance(commands[0], Command))
        self.leave()
        lists.leave(scope)
        return found, said.text()

    def _command(self, command: Command | Compound, scope: Scope, text: str, feed: Feed) -> Ran:
        if isinstance(command, Command):
            return self._starter.simple(command, scope, text, feed)
        if command.kind == "function":
            self._define(command, scope)
            return [], ""
        if command.kind in ("while", "until"):
            from codex_guard.shell import bombs  # noqa: PLC0415 - loops are rare

            self.recursive += [command.kind] if bombs.endless(command, text) else []
        found, stream = self.redirected(command.redirects, scope, feed)
        found.extend(self.substitutions(command.words, scope))
        inner = scope.copy() if command.kind in ("(", "coproc") else scope
        started, printed = self.bodies(command, inner, stream.feed)
        found.extend(started)
        if stream.targets or stream.sources:
            outer = Invocation(
                argv=(),
                scope=scope.copy(),
                source=source(text, command),
                targets=stream.targets,
                inner=tuple(found),
                sources=stream.sources,
                elsewhere=scope.elsewhere,
                captured=scope.captured,
            )
            self.invocations.append(outer)
            files.follow(outer, printed)
        return found, self.sent(found, stream, printed, scope)

    def _define(self, function: Compound, scope: Scope) -> None:
        self.functions[function.name] = function
        self.uncalled[id(function)] = (function, scope.copy())

    # -- bodies ----------------------------------------------------------------------------------

    def bodies(self, command: Compound, scope: Scope, feed: Feed) -> Ran:
        """Walk what a compound command holds, for each value of a loop's variable."""
        if command.kind in ("for", "select"):
            return self._loop(command, scope, feed)
        found: list[Invocation] = []
        printed: list[str | None] = []
        branches = follow.Branches(command, scope)
        for line in _lines(command, feed):
            reads = feed if line is None else Feed(feed.stage, line)
            for number, body in enumerate(command.bodies):
                branches.enter(scope, number)
                started, text = self.script(body, scope, reads)
                found.extend(started)
                printed.append(text)
                branches.leave(scope, number)
        branches.end(scope)
        # Where it is not known which branch is taken, neither is what is printed.
        sure = command.kind in ("(", "{", "function", "while", "until") or not any(printed)
        return found, collected(printed, scope) if sure else None

    def _loop(self, command: Compound, scope: Scope, feed: Feed) -> Ran:
        found: list[Invocation] = []
        printed: list[str | None] = []
        given = [value for word in command.words for value in expansion.values(word, scope)]
        # Without ``in``, a loop goes through the arguments.
        if not command.words and scope.arguments is not None:
            given = [Value(argument) for argument in scope.arguments]
        choices = dict.fromkeys(_met(value) for value in given or (Value(HOLE),))
        known = [choice for choice in choices if choice.strip(HOLE)][:_MOST_CHOICES]
        origins = self.origins(command.words, scope) if command.words else scope.origins.get("@", ())
        before = scope.folders
        for choice in [*known, *([HOLE] if len(known) < len(choices) else [])]:
            scope.assign(command.name, choice)
            scope.remember(command.name, origins)
            for body in command.bodies:
                started, text = self.script(body, scope, feed)
                found.extend(started)
                printed.append(text)
            scope.folders = scope.folders or before
        scope.folders = either(scope.folders, before)
        return found, collected(printed, scope)

    # -- what stands in words and redirections ---------------------------------------------------

    def substitutions(self, words: tuple[Word, ...], scope: Scope) -> list[Invocation]:
        """Walk the substitutions in ``words``, and note what they print; returns all that they start."""
        found: list[Invocation] = []
        for word in words:
            for script in expansion.scripts(word.parts):
                started, printed = self.script(script, scope.within(), Feed())
                ran = whole(started)
                scope.outputs[id(script)] = (script, ran, printed)
                found.extend(ran)
        return found

    def origins(self, words: tuple[Word, ...], scope: Scope) -> tuple[Invocation, ...]:
        """Return what has run to fill the variables in ``words``, and what their substitutions start."""
        found: list[Invocation] = []
        for word in words:
            for script in expansion.scripts(word.parts):
                found.extend(scope.outputs[id(script)][1] if id(script) in scope.outputs else ())
            for name in expansion.names(word.parts) if scope.origins else ():
                # All arguments are one thing here.
                found.extend(scope.origins.get("@" if name == "*" or name.isdecimal() else name, ()))
        return tuple(found)

    def redirected(
        self, redirects: tuple[Redirect, ...], scope: Scope, feed: Feed
    ) -> tuple[list[Invocation], Streams]:
        """Walk the substitutions in ``redirects``; returns what they start, and where all goes."""
        if not redirects:
            return [], Streams(feed, scope.opened, (), (), (), False)
        words = [redirect.target for redirect in redirects if expansion.process(redirect.target, ">") is None]
        words += [
            Word(redirect.heredoc.parts, 0, 0) for redirect in redirects if redirect.heredoc is not None
        ]
        self.substitutions(tuple(words), scope)
        found = list(self.origins(tuple(words), scope))
        return found, streams.redirected(redirects, scope, feed)

    def sent(
        self, started: list[Invocation], stream: Streams, printed: str | None, scope: Scope
    ) -> str | None:
        """Walk what reads a command's output in ``>(…)``; returns what is left of it for a pipe."""
        opened = stream.opened.get("1")
        scripts = {id(script): script for script in stream.scripts}
        if opened is not None and opened.script is not None:
            scripts[id(opened.script)] = opened.script
        for script in scripts.values():
            started.extend(self.script(script, scope.copy(), behind(started, stream.feed, printed))[0])
        return "" if stream.away else printed


def _lines(command: Compound, feed: Feed) -> list[str | None]:
    """Return the lines that a loop goes through where its condition reads them; else None, once."""
    if command.kind not in ("while", "until") or not feed.text or not command.bodies[0].statements:
        return [None]
    condition = command.bodies[0].statements[-1].pipeline.commands[0]
    if not isinstance(condition, Command) or not condition.words:
        return [None]
    first = condition.words[0].parts[:1]
    if not first or getattr(first[0], "text", "") != "read":
        return [None]
    lines = feed.text.splitlines(keepends=True)
    return [*lines[:_MOST_CHOICES], *([HOLE] if lines[_MOST_CHOICES:] else [])]


def _met(value: Value) -> str:
    """Return one of the names that a pattern stands for: what is around its signs is known."""
    signs = [at for at, character in enumerate(value.text) if character in "*?[]"] if value.glob else []
    return f"{value.text[: signs[0]]}{HOLE}{value.text[signs[-1] + 1 :]}" if signs else value.text


def _is_piped_wholly(command: Command | Compound) -> bool:
    return isinstance(command, Command) and all(
        redirect.descriptor == "2" or redirect.operator in ("<", "<<", "<<-", "<<<")
        for redirect in command.redirects
    )


def _start(script: Script) -> int:
    return script.statements[0].pipeline.commands[0].start


def _end(script: Script) -> int:
    return script.statements[-1].pipeline.commands[-1].end


def walked(text: str, scope: Scope) -> Walk:
    """Return the walk over a whole script; ``scope`` says where it starts, and stays as it is."""
    walk = Walk()
    walk.whole(text, scope)
    return walk

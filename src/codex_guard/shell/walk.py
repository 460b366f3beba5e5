"""One walk over a script: every program it would start, with its arguments, its input and its folder."""

from codex_guard.shell import follow, meaning, wrappers
from codex_guard.shell.follow import Lists
from codex_guard.shell.invocation import Feed, Invocation, Stage
from codex_guard.shell.meaning import HOLE, Scope, Value
from codex_guard.shell.parser import parse
from codex_guard.shell.printing import printed
from codex_guard.shell.tree import Command, Compound, Redirect, Script, Word

_DEEPEST_TEXT = 12  # scripts within scripts: bash -c "bash -c '…'"
_DEEPEST = 90  # bodies, substitutions and scripts within one another
_MOST = 12_000  # commands, each counted once more for every so many characters:
_CHARACTERS = 50
_WORDS = 10  # … and for every so many words that a wrapper hands on
_MOST_CHOICES = 40  # values of a loop's variable that are gone through one by one


class Walk:
    """Collects the invocations of a script and everything it runs, in order.

    ``unparsed`` gathers the texts that could not be read as Bash, or were too much; ``recursive`` the
    names of functions that start themselves again in the background or through a pipe.
    """

    def __init__(self) -> None:
        self.invocations: list[Invocation] = []
        self.unparsed: list[str] = []
        self.recursive: list[str] = []
        self._left = _MOST
        self._depth = 0
        self._texts = 0
        self._functions: dict[str, Compound] = {}
        self._uncalled: dict[int, tuple[Compound, Scope]] = {}
        self._running: set[str] = set()

    def whole(self, text: str, scope: Scope) -> None:
        """Walk a whole script, and the functions in it that nothing calls; ``scope`` stays as it is."""
        try:
            self._text(text, scope.copy(), Feed())
            while self._uncalled:
                function, where = self._uncalled.pop(next(iter(self._uncalled)))
                where.arguments = None
                self._bodies(function, where, Feed())
        except RecursionError:
            self.unparsed.append(text)

    def _text(self, text: str, scope: Scope, feed: Feed) -> list[Invocation]:
        """Walk a script that is given as text, such as the argument of ``bash -c``."""
        self._left -= len(text) // _CHARACTERS
        if self._texts >= _DEEPEST_TEXT or self._left < 0:
            self.unparsed.append(text)
            return []
        self._texts += 1
        found = self._script(parse(text), scope, feed)
        self._texts -= 1
        return found

    def _script(self, script: Script, scope: Scope, feed: Feed) -> list[Invocation]:
        """Walk ``script``; returns what it starts itself."""
        found: list[Invocation] = []
        text = script.text
        if script.unparsed is not None:
            self.unparsed.append(script.unparsed)
        if self._depth >= _DEEPEST:
            self.unparsed += [text[_start(script) : _end(script)]] if script.statements else []
            return found
        self._depth += 1
        lists = Lists(scope)
        for statement in script.statements:
            commands = statement.pipeline.commands
            lists.before(scope)
            alone = len(commands) == 1 and statement.connector != "&"
            own = scope if alone else scope.copy()
            reads = feed
            for command in commands:
                if self._left < 0:
                    self.unparsed.append(text[command.start : _end(script)])
                    self._depth -= 1
                    return found
                started = self._command(command, own if len(commands) == 1 else own.copy(), text, reads)
                found.extend(started)
                reads = Feed(Stage(tuple(started), reads.stage), _piped_text(started))
            lists.after(scope, statement, simple=isinstance(commands[0], Command))
        self._depth -= 1
        lists.leave(scope)
        return found

    def _command(self, command: Command | Compound, scope: Scope, text: str, feed: Feed) -> list[Invocation]:
        self._left -= 1 + (command.end - command.start) // _CHARACTERS
        if isinstance(command, Command):
            return self._simple(command, scope, text, feed)
        if command.kind == "function":
            return self._define(command, scope)
        found: list[Invocation] = []
        feed = self._redirected(command.redirects, scope, feed, found)
        found.extend(self._substitutions(command.words, scope))
        inner = scope.copy() if command.kind in ("(", "coproc") else scope
        found.extend(self._bodies(command, inner, feed))
        targets = _targets(command.redirects, scope)
        if targets:
            self.invocations.append(
                Invocation((), scope.copy(), _source(text, command), targets, inner=tuple(found))
            )
        return found

    def _bodies(self, command: Compound, scope: Scope, feed: Feed) -> list[Invocation]:
        """Walk what a compound command holds, for each value of a loop's variable."""
        if command.kind in ("for", "select"):
            return self._loop(command, scope, feed)
        found: list[Invocation] = []
        branches = follow.Branches(command, scope)
        for number, body in enumerate(command.bodies):
            branches.enter(scope, number)
            found.extend(self._script(body, scope, feed))
            branches.leave(scope, number)
        branches.end(scope)
        return found

    def _loop(self, command: Compound, scope: Scope, feed: Feed) -> list[Invocation]:
        found: list[Invocation] = []
        given = [value for word in command.words for value in meaning.values(word, scope)]
        # Without ``in``, a loop goes through the arguments.
        choices = dict.fromkeys(HOLE if value.glob else value.text for value in given or (Value(HOLE),))
        known = [choice for choice in choices if HOLE not in choice][:_MOST_CHOICES]
        before = scope.folders
        for choice in [*known, *([HOLE] if len(known) < len(choices) else [])]:
            scope.variables.pop(command.name, None)
            if choice != HOLE:
                scope.variables[command.name] = choice
            for body in command.bodies:
                found.extend(self._script(body, scope, feed))
            scope.folders = scope.folders or before
        scope.folders = meaning.either(scope.folders, before)
        return found

    def _define(self, function: Compound, scope: Scope) -> list[Invocation]:
        self._functions[function.name] = function
        self._uncalled[id(function)] = (function, scope.copy())
        if follow.calls_itself(function):
            self.recursive.append(function.name)
        return []

    def _simple(self, command: Command, scope: Scope, text: str, feed: Feed) -> list[Invocation]:
        inner = self._substitutions(command.words, scope)
        argv = tuple([value for word in command.words for value in meaning.values(word, scope)])
        declares = bool(argv) and argv[0].text in follow.DECLARATIONS
        own = scope if not argv or declares else scope.copy()
        for assignment in command.assignments:
            words = (assignment.value,) if assignment.value is not None else assignment.array or ()
            inner.extend(self._substitutions((*words, Word(assignment.index, 0, 0)), scope))
            follow.assign(assignment, own)
        feed = self._redirected(command.redirects, scope, feed, inner)
        targets = _targets(command.redirects, scope)
        if not argv and not targets:
            return inner
        invocation = Invocation(
            argv=argv or (Value(""),),
            scope=own if own is not scope else scope.copy(),
            source=_source(text, command),
            targets=targets,
            upstream=feed.stage,
            inner=tuple(inner),
            stdin=feed.text,
            fed=tuple([fed for word in command.words if (fed := meaning.fed(word, scope)) is not None]),
        )
        return self._started(invocation, scope)

    def _started(self, invocation: Invocation, scope: Scope) -> list[Invocation]:
        """Add what is started, follow its effects on ``scope``, and walk on into what it starts."""
        self.invocations.append(invocation)
        found = [invocation]
        name = invocation.argv[0].text
        if name in self._functions and name not in self._running:
            found.extend(self._called(name, invocation, scope))
        else:
            follow.follow(invocation, scope)
            found.extend(self._unwrapped(invocation, scope))
        return found

    def _called(self, name: str, invocation: Invocation, scope: Scope) -> list[Invocation]:
        function = self._functions[name]
        self._uncalled.pop(id(function), None)
        before = scope.arguments, scope.folders
        scope.arguments = tuple([value.text for value in invocation.argv[1:]])
        self._running.add(name)
        found = self._bodies(function, scope, Feed(invocation.upstream, invocation.stdin))
        self._running.discard(name)
        scope.arguments = before[0]
        scope.folders = scope.folders or before[1]  # a return leaves the function only
        return found

    def _unwrapped(self, invocation: Invocation, scope: Scope) -> list[Invocation]:
        """Walk on into what a wrapper starts: ``sudo X``, ``bash -c X``, ``find -exec X``."""
        found: list[Invocation] = []
        if self._depth >= _DEEPEST:
            self.unparsed.append(" ".join([value.text for value in invocation.argv]))
            return found
        self._depth += 1
        feed = Feed(invocation.upstream, invocation.stdin)
        for start in wrappers.started(invocation):
            own = scope if start.here else invocation.scope.copy()
            if start.folder is not None:
                own.enter(start.folder)
            if start.script is not None:
                if start.arguments is not None:
                    own.arguments = tuple([value.text for value in start.arguments[1:]])
                    own.variables["0"] = start.arguments[0].text if start.arguments else ""
                # A shell that reads its script from standard input leaves nothing there.
                reads = Feed() if start.script is invocation.stdin else feed
                found.extend(self._text(start.script, own, reads))
            elif self._left < 0:
                self.unparsed.append(" ".join([value.text for value in start.argv]))
            elif start.argv:
                self._left -= 1 + len(start.argv) // _WORDS
                inner = invocation.replace(
                    argv=start.argv, targets=(), scope=own if not start.here else own.copy()
                )
                found.extend(self._started(inner, own))
        self._depth -= 1
        return found

    def _substitutions(self, words: tuple[Word, ...], scope: Scope) -> list[Invocation]:
        found: list[Invocation] = []
        for word in words:
            for script in meaning.scripts(word.parts):
                found.extend(self._script(script, scope.copy(), Feed()))
        return found

    def _redirected(
        self, redirects: tuple[Redirect, ...], scope: Scope, feed: Feed, inner: list[Invocation]
    ) -> Feed:
        """Walk the substitutions in ``redirects`` into ``inner``; returns what is read behind them."""
        for redirect in redirects:
            inner.extend(self._substitutions((redirect.target,), scope))
            if redirect.heredoc is not None:
                heredoc = redirect.heredoc
                inner.extend(self._substitutions((Word(heredoc.parts, 0, 0),), scope))
                feed = Feed(None, meaning.text_of(heredoc.parts, scope) if heredoc.expands else heredoc.body)
            elif redirect.operator == "<<<":
                feed = Feed(None, meaning.text_of(redirect.target.parts, scope) + "\n")
            elif redirect.operator == "<":
                feed = Feed(None, meaning.fed(redirect.target, scope))
        return feed


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


def _piped_text(started: list[Invocation]) -> str | None:
    """Return what a command prints into a pipe, where it is known to be all there is."""
    if not started:
        return None
    first = started[0]
    texts = [first.program, *(value.text for value in first.argv[1:])]
    if texts[0] == "tee" or (texts[0] == "cat" and all(text == "-" for text in texts[1:])):
        return first.stdin
    return printed(texts) if all(value.known for value in first.argv) else None


def _start(script: Script) -> int:
    return script.statements[0].pipeline.commands[0].start


def _end(script: Script) -> int:
    return script.statements[-1].pipeline.commands[-1].end


def _source(text: str, command: Command | Compound) -> str:
    source = text[command.start : command.end].strip()
    first, newline, _ = source.partition("\n")
    return first[:200] + (" …" if newline or len(first) > 200 else "")  # noqa: PLR2004


def walked(text: str, scope: Scope) -> Walk:
    """Return the walk over a whole script; ``scope`` says where it starts, and stays as it is."""
    walk = Walk()
    walk.whole(text, scope)
    return walk

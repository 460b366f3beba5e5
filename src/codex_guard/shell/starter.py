"""The walk over one simple command: what it starts, and what that starts in turn."""

from codex_guard.shell import expansion, files, follow, outputs, wrappers
from codex_guard.shell.invocation import Feed, Invocation, Start, behind
from codex_guard.shell.meaning import HOLE, Scope, Value
from codex_guard.shell.said import collected
from codex_guard.shell.tree import Command, Compound, Expansion, Literal, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.walk import Walk

_MANY, _EACH = 20, 5  # words that expansions add to a command, and so many count as one more
_WORDS = 10  # that a wrapper hands on count as one more command
_SHOWN = 200  # characters of a command, for people
# What is set here is run by the programs that come later, and a file's text by the shells.
_COMMANDS = frozenset(
    ("PROMPT_COMMAND", "PAGER", "EDITOR", "VISUAL", "MANPAGER", "GIT_PAGER", "GIT_EDITOR",
     "GIT_SEQUENCE_EDITOR", "GIT_SSH_COMMAND", "GIT_SSH", "GIT_PROXY_COMMAND", "GIT_EXTERNAL_DIFF",
     "GIT_ASKPASS", "SSH_ASKPASS", "SUDO_ASKPASS", "SUDO_EDITOR", "SYSTEMD_EDITOR", "SYSTEMD_PAGER",
     "KUBE_EDITOR", "RSYNC_RSH", "CVS_RSH", "BORG_RSH", "PSQL_PAGER", "PSQL_EDITOR", "AWS_PAGER",
     "GH_PAGER", "GH_EDITOR", "HGEDITOR", "FCEDIT")
)  # fmt: skip
# What bash prints before a command or a prompt, when all in it has been expanded.
_PROMPTS = frozenset(("PS0", "PS1", "PS2", "PS4"))
# What somebody may want to start without its name being seen.
_DISGUISED = (
    "rm", "dd", "sh", "bash", "cat", "nc", "ncat", "curl", "wget", "shred", "unlink", "truncate", "chmod",
    "chown", "mkfs", "tee", "find", "git", "perl", "python3", "python", "ruby", "node", "base64", "head",
    "tail", "xxd", "tar", "ssh", "scp", "sudo", "env", "xargs", "busybox", "cp", "mv", "ln", "sed", "awk",
    "codex", "codex-guard",
)  # fmt: skip
_LONGEST_NAME = 40  # characters of a pattern for a program
_STARTUP_FILES = frozenset(("BASH_ENV", "ENV"))

# What a part of a script starts itself, in order, and what it prints, where that is known.
Ran = tuple[list[Invocation], str | None]


class Starter:
    """Walks simple commands for ``walk``, whose lists it adds to and whose budget it spends."""

    def __init__(self, walk: "Walk") -> None:
        self._walk = walk
        self._running: set[str] = set()  # the functions and aliases that it is in

    def simple(self, command: Command, scope: Scope, text: str, feed: Feed) -> Ran:
        """Walk a simple command of the script ``text``."""
        walk = self._walk
        live = _live(command.words)
        walk.substitutions(tuple([word for word in live if expansion.process(word, ">") is None]), scope)
        argv = tuple([value for word in command.words for value in expansion.values(word, scope)])
        if argv and (argv[0].glob or HOLE in argv[0].text[1:]):
            argv = (_named(argv[0]), *argv[1:])
        more = len(argv) - len(command.words)
        if more > _MANY and not walk.spend(more // _EACH):
            walk.unparsed.append(text[command.start : command.end])
            return [], None
        inner = list(walk.origins(live, scope))
        declares = bool(argv) and argv[0].text in follow.DECLARATIONS
        own = scope if not argv or declares else scope.copy()
        inner += self._assignments(command, own, scope)
        made, stream = walk.redirected(command.redirects, scope, feed)
        inner += made
        if not (argv or stream.targets or stream.sources):
            return inner, ""
        where = own if own is not scope else scope.copy()
        where.opened = stream.opened
        invocation = Invocation(
            argv=argv or (Value(""),),
            scope=where,
            source=source(text, command),
            targets=stream.targets,
            upstream=stream.feed.stage,
            inner=tuple(inner),
            stdin=stream.feed.text,
            fed=tuple([fed for word in live if (fed := expansion.fed(word, scope)) is not None]),
            sources=stream.sources,
            elsewhere=scope.elsewhere,
            captured=scope.captured,
        )
        if len(argv) == 1 and argv[0].text == "exec":
            scope.opened = stream.opened
        found, printed = self._aliased(command, invocation, scope) or self._started(invocation, scope)
        if declares:
            for value in argv[1:]:
                self._assigned(value.text.partition("=")[0], scope)
        scope.last = argv[-1].text if argv else None
        for word in live:
            script = expansion.process(word, ">")
            if script is not None:
                found += walk.script(script, scope.copy(), behind(found, stream.feed, printed))[0]
        files.follow(invocation, printed, scope)
        return found, walk.sent(found, stream, printed, scope)

    def _assignments(self, command: Command, own: Scope, scope: Scope) -> list[Invocation]:
        """Set in ``own`` what stands before a command; returns what ran to make it."""
        found: list[Invocation] = []
        for assignment in command.assignments:
            words = (assignment.value,) if assignment.value is not None else assignment.array or ()
            words = (*words, Word(assignment.index, 0, 0))
            self._walk.substitutions(words, scope)
            made = self._walk.origins(words, scope)
            found += made
            follow.assign(assignment, own, made)
            self._assigned(assignment.name, own)
        return found

    def _assigned(self, name: str, scope: Scope) -> None:
        """Walk what a variable makes other programs run."""
        text = scope.variables.get(name)
        if text and name in _COMMANDS:
            self._walk.text(text, scope.copy(), Feed())
        elif text and name in _PROMPTS and ("$(" in text or "`" in text):
            self._walk.text(f": <<PROMPT\n{text}\nPROMPT\n", scope.copy(), Feed())
        elif text and name in ("LESSOPEN", "LESSCLOSE"):
            self._walk.text(text.lstrip("|-"), scope.copy(), Feed())
        elif text and name in _STARTUP_FILES:
            for script in files.read(text, scope):
                self._walk.text(script, scope.copy(), Feed())

    def _aliased(self, command: Command, invocation: Invocation, scope: Scope) -> Ran | None:
        """Walk an alias with the arguments behind it; None where it is none."""
        name = invocation.argv[0].text
        if name not in scope.aliases or name in self._running or not _is_plain(command):
            return None
        # An argument stays one, but for a pattern, which bash would match only now.
        rest = [
            f"${{{at}}}" if value.glob else f'"${{{at}}}"' for at, value in enumerate(invocation.argv[1:], 1)
        ]
        script = " ".join((scope.aliases[name], *rest))
        self._walk.invocations.append(invocation)
        self._running.add(name)
        ran = self._unwrapped(invocation, scope, [Start(script=script, arguments=invocation.argv, here=True)])
        self._running.discard(name)
        return [invocation, *ran[0]], ran[1]

    def _started(self, invocation: Invocation, scope: Scope) -> Ran:
        """Add what is started, follow its effects on ``scope``, and walk on into what it starts."""
        self._walk.invocations.append(invocation)
        name = invocation.argv[0].text
        if name in self._walk.functions and name not in self._running:
            started, printed = self._called(name, invocation, scope)
            return [invocation, *started], printed
        follow.follow(invocation, scope)
        printed = outputs.printed(invocation)
        starts = wrappers.started(invocation)
        if not starts:
            return [invocation], printed
        started, inner_printed = self._unwrapped(invocation, scope, starts)
        return [invocation, *started], inner_printed if printed is None else printed

    def _called(self, name: str, invocation: Invocation, scope: Scope) -> Ran:
        walk = self._walk
        function = walk.functions[name]
        walk.uncalled.pop(id(function), None)
        before = scope.arguments, scope.folders, scope.origins.get("@", ())
        scope.arguments = tuple([value.text for value in invocation.argv[1:]])
        scope.remember("@", invocation.inner)
        self._running.add(name)
        ran = walk.bodies(function, scope, Feed(invocation.upstream, invocation.stdin))
        self._running.discard(name)
        scope.arguments = before[0]
        scope.forget("@")
        scope.remember("@", before[2])
        scope.folders = scope.folders or before[1]  # a return leaves the function only
        return ran

    def _unwrapped(self, invocation: Invocation, scope: Scope, starts: list[Start]) -> Ran:
        """Walk on into what a wrapper starts: ``sudo X``, ``bash -c X``, ``find -exec X``."""
        walk = self._walk
        found: list[Invocation] = []
        printed: list[str | None] = []
        if not walk.enter():
            walk.unparsed.append(" ".join([value.text for value in invocation.argv]))
            return found, None
        for start in starts:
            own = scope if start.here else invocation.scope.copy()
            if start.elsewhere:
                own = own.away(start.elsewhere)
            if start.folder is not None:
                own.enter(start.folder)
            for name, text in start.variables:
                own.assign(name, text)
                self._assigned(name, own)
            if start.script is not None:
                started, text_printed = self._run(start, invocation, own)
            elif not walk.spend(1 + len(start.argv) // _WORDS):
                walk.unparsed.append(" ".join([value.text for value in start.argv]))
                continue
            else:
                inner = invocation.replace(
                    argv=start.argv,
                    targets=(),
                    scope=own if not start.here else own.copy(),
                    elsewhere=own.elsewhere,
                )
                started, text_printed = self._started(inner, own)
            found += started
            printed.append(text_printed)
        walk.leave()
        return found, collected(printed, scope)

    def _run(self, start: Start, invocation: Invocation, scope: Scope) -> Ran:
        """Walk the script of ``start`` with its arguments."""
        before = scope.arguments, scope.origins.get("@", ())
        if start.arguments is not None:
            scope.arguments = tuple([value.text for value in start.arguments[1:]])
            scope.remember("@", invocation.inner)
            if not start.here:
                scope.assign("0", start.arguments[0].text if start.arguments else "")
        # A shell that reads its script from standard input leaves nothing there.
        reads = Feed() if start.script is invocation.stdin else Feed(invocation.upstream, invocation.stdin)
        ran = self._walk.text(start.script or "", scope, reads)
        if start.here and start.arguments is not None:
            scope.arguments = before[0]
            scope.forget("@")
            scope.remember("@", before[1])
        return ran


def _named(value: Value) -> Value:
    """Return the dangerous program that a pattern such as ``/b?n/r?`` finds, or a name without its holes."""
    name = value.text.rpartition("/")[2].replace(HOLE, "")
    if not value.glob:
        return Value(name) if name in _DISGUISED else value
    from fnmatch import fnmatchcase  # noqa: PLC0415 - hardly any command begins so

    found = [known for known in _DISGUISED if len(name) < _LONGEST_NAME and fnmatchcase(known, name)]
    return Value(found[0]) if found else value


def _live(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words with something in them that bash expands."""
    return tuple([word for word in words if any(isinstance(part, Expansion) for part in word.parts)])


def _is_plain(command: Command) -> bool:
    """Say whether a command's name is written without quotes, as an alias must be."""
    parts = command.words[0].parts
    return len(parts) == 1 and isinstance(parts[0], Literal) and not parts[0].quoted


def source(text: str, command: Command | Compound) -> str:
    """Return a command of the script ``text`` as people are to see it: its first line, or how that begins."""
    written = text[command.start : command.end].strip()
    first, newline, _ = written.partition("\n")
    return first[:_SHOWN] + (" …" if newline or len(first) > _SHOWN else "")

"""The files that a Bash command writes: by redirections, by what its programs are told, and by patches."""

import os.path

from codex_guard.model import BEHIND, Unscanned, Write
from codex_guard.record import Record
from codex_guard.shell import files, inline, outputs, wrappers
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Scope, Value
from codex_guard.shell.walk import Walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.writes import literals
    from codex_guard.writes.effect import Effect

_APPENDS = (">>", "&>>", "<>")
# Of the programs whose page says what lands in a file, those that put it behind what is there.
_APPENDERS = frozenset(("tee", "sponge"))
_PATCHERS = frozenset(("apply_patch", "applypatch"))
_PATCHES = Value("--codex-run-as-apply-patch")  # as Codex starts itself for a patch
# What is typed most and writes nothing besides its output.
_READERS = wrappers.PLAIN - frozenset(
    ("sort", "uniq", "tee", "cp", "mv", "rm", "touch", "curl", "pytest", "mypy", "ruff", "tsc")
)
# What the walk notes in files beside redirections.
_COPIERS = frozenset(("tee", "cp", "mv", "ln", "install"))
_STEPS = 8  # that a folder is followed upwards
_STREAMS = ("/dev/", "/proc/")
_FILES_OF_MEMORY = "/dev/shm/"  # noqa: S108 - a name that is compared, nothing is opened
_UNKNOWN_NAME = "its name is known at run time only"
_UNKNOWN_PATCH = "its patch is known at run time only"


# Subcommands of git that change no file of the work tree unless they are told to by an option with an o.
_GIT_READS = frozenset(
    ("status", "log", "diff", "show", "branch", "rev-parse", "ls-files", "blame", "remote", "add", "commit",
     "push", "tag", "describe", "grep", "reflog")
)  # fmt: skip


class Patched(Record):
    """A patch that a call applies: its text, and the names in it of the files, by their paths."""

    text: str
    names: dict[str, str]


class Written(Record):
    """What a call writes, and what it writes that only run time can tell."""

    writes: tuple[Write, ...] = ()
    unscanned: tuple[Unscanned, ...] = ()
    patches: tuple[Patched, ...] = ()


def written(walk: Walk, cwd: str) -> Written:
    """Return what a walked command writes, in order; paths are relative to ``cwd`` where below it.

    Where the command can be in several folders, there is a write for each of them.
    """
    collector = _Collector(cwd, walk.invocations)
    for invocation in walk.invocations:
        if not invocation.elsewhere:
            collector.add(invocation)
    unscanned = collector.unscanned
    unscanned += [Unscanned("the command", "a part of it is no valid Bash") for _ in walk.unparsed]
    # What is gone through twice, such as a loop's body, says the same again.
    return Written(
        tuple(dict.fromkeys(collector.writes)), tuple(dict.fromkeys(unscanned)), tuple(collector.patches)
    )


class _Collector:
    """What the invocations of one walk write, while they are gone through."""

    def __init__(self, cwd: str, invocations: list[Invocation]) -> None:
        self.cwd = cwd
        self.writes: list[Write] = []
        self.unscanned: list[Unscanned] = []
        self.patches: list[Patched] = []
        self._invocations = invocations
        self._folders: set[str] = set()  # that are known to be some
        self._open: set[tuple[str, Value]] = set()  # what the shell itself writes to since an ``exec``
        self._interpreter: Invocation | None = None  # the one that was met last
        self._said: dict[str, literals.Written] | None = None  # what its program says that it writes
        self._writers: dict[str, int] | None = None

    def add(self, invocation: Invocation) -> None:
        """Take in what one invocation writes."""
        for operator, value in invocation.targets:
            content = self._content(invocation, (operator, value))
            op = "update" if operator in _APPENDS else "add"
            behind = op == "update" and operator != "<>"
            self._file(value, op, content, invocation.scope, BEHIND if behind else 1)
        self._follow_exec(invocation)
        program = invocation.program
        if program in _PATCHERS:
            self._patch(invocation, invocation.argv[1:])
        elif invocation.argv[1:2] == (_PATCHES,):
            self._patch(invocation, invocation.argv[2:])
        elif program not in _READERS and not _only_reads(invocation):
            self._program(invocation)
        elif program in ("cd", "mkdir"):
            for value in invocation.argv[1:]:
                self._folders.update(*map(_upwards, invocation.scope.paths(value.text)))
        if inline.language(program):
            self._interpreter, self._said = invocation, None

    def _program(self, invocation: Invocation) -> None:
        from codex_guard.writes import programs  # noqa: PLC0415 - not for what is typed most

        effects = programs.effects(invocation, self._folders)
        if (
            invocation.program == "tee"
            and self._interpreter is not None
            and invocation.source is self._interpreter.source
        ):
            effects = [self._literal(effect) for effect in effects]
        for effect in effects:
            behind = effect.op == "update" and invocation.program in _APPENDERS
            self._effect(effect, invocation.scope, BEHIND if behind else 1)

    def _literal(self, effect: "Effect") -> "Effect":
        """Give what an interpreter's program writes its text: it is walked as ``tee``, with another input."""
        from codex_guard.writes import literals  # noqa: PLC0415 - for interpreters only

        if self._said is None and self._interpreter is not None:
            self._said = literals.of(self._interpreter)
        said = (self._said or {}).get(effect.path)
        op = "update" if said is not None and said.appends else effect.op
        return effect.replace(content=said.content if said is not None else None, op=op)

    def _effect(self, effect: "Effect", scope: Scope, first_line: int) -> None:
        if effect.unknown:
            self.unscanned.append(Unscanned(effect.path.replace(HOLE, "…"), effect.unknown))
            return
        paths = self._relative(effect.path, scope)
        news = self._relative(effect.new_path, scope) if effect.new_path is not None else [None] * len(paths)
        for path, new_path in zip(paths, news, strict=False):
            if path is None:
                self._unnamed(effect.path)
            elif not _is_stream(path):
                content = effect.content and effect.content.replace(HOLE, "…")
                write = Write(path, effect.op, new_path, content, first_line)
                # Wherever it goes, the source of a move is gone.
                nowhere = effect.op == "move" and (new_path is None or _is_stream(new_path))
                self.writes.append(Write(path, "delete") if nowhere else write)

    def _file(self, value: Value, op: str, content: str | None, scope: Scope, first_line: int = 1) -> None:
        if not value.text:
            return
        shown = content and content.replace(HOLE, "…")
        for path in self._relative(value.text, scope):
            if path is None or value.glob:
                self._unnamed(value.text)
            elif not _is_stream(path):
                self.writes.append(Write(path, op, content=shown, first_line=first_line))

    def _unnamed(self, path: str) -> None:
        self.unscanned.append(Unscanned(path.replace(HOLE, "…"), _UNKNOWN_NAME))

    # -- what is printed into files ----------------------------------------------------------------

    def _content(self, invocation: Invocation, target: tuple[str, Value]) -> str | None:
        """Return what lands in a file that output is redirected to."""
        if not invocation.argv:  # a compound command, of which all is known that the walk noted
            return self._noted(target, invocation) if target == invocation.targets[0] else None
        if target[0] == "<>":
            return None
        opened = invocation.scope.opened
        sinks = [opened[number].target for number in ("1", "&") if number in opened]
        if target in sinks:
            if len(invocation.argv) == 1 and invocation.program == "exec":
                return ""
            known = self._noted(target, invocation)
            return known if known is not None else outputs.printed(invocation)
        errors = opened.get("2")
        # Only what is opened and then replaced stays empty; errors are not known.
        return None if errors is not None and errors.target == target else ""

    def _noted(self, target: tuple[str, Value], invocation: Invocation) -> str | None:
        """Return what the walk has noted of a file, if nothing else may have written that."""
        if self._writers is None:
            self._writers = {}
            for each in self._invocations:
                operands = each.argv[1:] if each.program in _COPIERS else ()
                for value in (*operands, *(target for _, target in each.targets)):
                    path = each.scope.path(value.text)
                    self._writers[path] = self._writers.get(path, 0) + 1
        texts = files.read(target[1].text, invocation.scope)
        alone = self._writers[invocation.scope.path(target[1].text)] == 1
        return texts[0] if len(texts) == 1 and alone else None

    def _follow_exec(self, invocation: Invocation) -> None:
        """Add what is printed to a file that ``exec`` has opened for the whole shell."""
        if len(invocation.argv) == 1 and invocation.program == "exec":
            self._open.update(invocation.targets)
        elif self._open and not invocation.captured:
            opened = invocation.scope.opened.get("1")
            target = opened.target if opened is not None else None
            if target in self._open and target not in invocation.targets:
                content = outputs.printed(invocation)
                if target is not None and content:
                    self._file(target[1], "update", content, invocation.scope, BEHIND)

    # -- patches -----------------------------------------------------------------------------------

    def _patch(self, invocation: Invocation, given: tuple[Value, ...]) -> None:
        """Add the writes of ``apply_patch`` run from Bash: Codex applies it in the shell's folder."""
        from codex_guard.writes import patch  # noqa: PLC0415 - few commands are patches

        text = (given[0].text if given else invocation.stdin) or ""
        scope = invocation.scope
        names: dict[str, str] = {}
        for write in patch.parse(text).writes:
            paths = self._relative(write.path, scope)
            news = self._relative(write.new_path, scope) if write.new_path else [None] * len(paths)
            # In a folder that is not known, a file goes by the name that it has in the patch.
            self.writes += [
                write.replace(path=path or write.path, new_path=new_path or write.new_path)
                for path, new_path in zip(paths, news, strict=False)
            ]
            names.update((path or write.path, write.path) for path in paths)
        self.patches.append(Patched(text, names))
        if not text or HOLE in text:
            self.unscanned.append(Unscanned("apply_patch", _UNKNOWN_PATCH))

    # -- places ------------------------------------------------------------------------------------

    def _relative(self, path: str, scope: Scope) -> list[str | None]:
        """Return what ``path`` can be as seen from ``cwd``; None where it is known at run time only."""
        base = self.cwd.rstrip("/") + "/"
        found: list[str | None] = []
        for absolute in scope.paths(path):
            if HOLE in absolute:
                found.append(None)
            elif absolute.startswith(base):
                found.append(absolute.removeprefix(base))
            else:
                named = path.startswith(("/", "~"))
                found.append(absolute if named else os.path.relpath(absolute, self.cwd))
        return found


def _upwards(path: str) -> list[str]:
    """Return a folder and those that it lies in, up to some steps."""
    found = [path]
    while len(found) < _STEPS and path.count("/") > 1:
        path = path.rpartition("/")[0]
        found.append(path)
    return found


def _is_stream(path: str) -> bool:
    return path.startswith(_STREAMS) and not path.startswith(_FILES_OF_MEMORY)


def _only_reads(invocation: Invocation) -> bool:
    """Say whether it is one of the usual commands that look at files, without a page about its program."""
    if invocation.program == "git" and len(invocation.argv) > 1:
        texts = [value.text for value in invocation.argv[1:]]
        return texts[0] in _GIT_READS and not any(text.startswith(("-o", "--o")) for text in texts)
    if invocation.program in ("pytest", "mypy"):  # without a report
        return not any(value.text.startswith("--") for value in invocation.argv[1:])
    if invocation.program.startswith("python") and len(invocation.argv) > 1:
        return invocation.argv[1].text == "-m"  # a module, which is walked as a program of its own
    return wrappers.only_looks(invocation)

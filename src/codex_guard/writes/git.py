"""What git writes into the working tree, as far as the command names it."""

from codex_guard.record import Record
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Value
from codex_guard.writes import copies, effect, options, patching
from codex_guard.writes.effect import Effect
from codex_guard.writes.options import Given

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container

_GLOBAL = "C c git-dir work-tree namespace exec-path? config-env super-prefix"
_UNKNOWN = "which files it changes is known at run time only"
# Subcommands that change files that they don't name, and the words and options with which they change none.
_CHANGES = {
    "stash": "list show drop clear create store branch",
    "pull": "dry-run", "merge": "", "rebase": "show-current-patch", "cherry-pick": "quit",
    "revert": "quit", "clone": "bare mirror no-checkout n", "switch": "c C create force-create orphan",
    "read-tree": "dry-run", "checkout-index": "", "sparse-checkout": "list",
    "worktree": "list remove prune lock unlock repair", "submodule": "status foreach summary init sync",
    "clean": "n dry-run",
}  # fmt: skip
_TAKES = {
    "rm": "pathspec-from-file", "mv": "",
    "checkout": "b B orphan pathspec-from-file conflict",
    "restore": "s source pathspec-from-file conflict",
    "apply": "p C directory exclude include whitespace build-fake-ancestor",
    "am": "p C directory exclude include whitespace patch-format S?",
    "archive": "o output prefix format remote", "config": "f file blob default type",
    "format-patch": "o output-directory v start-number subject-prefix to cc",
    "bundle": "", "diff": "output", "log": "output n", "show": "output", "reset": "",
}  # fmt: skip
_CHECKS = ("check", "stat", "numstat", "summary", "cached", "show-current-patch", "abort", "skip", "quit")
_READS = ("get", "get-all", "list", "l", "get-regexp", "e", "edit", "get-urlmatch")
_CONFIGURED = 2  # a name and its value


class _Call(Record):
    """A subcommand with what it is given; ``folder`` is what ``-C`` names."""

    subcommand: str
    given: Given
    operands: list[Value]
    invocation: Invocation
    folder: str


def effects(invocation: Invocation, _: "Container[str]") -> list[Effect]:
    """Return what a git command does to files outside of ``.git``."""
    before, subcommand, rest = _split(invocation.argv[1:])
    folder = ""
    for value in before.values("C"):
        folder = patching.below(folder, value.text)
    given = options.read(rest, _TAKES.get(subcommand, ""))
    operands = [value for value in given.operands if value.text]
    found = _effects(_Call(subcommand, given, operands, invocation, folder))
    if subcommand in ("apply", "am"):
        return found
    return [_seen_from(folder, each) for each in found]


def _split(arguments: tuple[Value, ...]) -> tuple[Given, str, tuple[Value, ...]]:
    """Return git's own options, the subcommand, and the arguments of that."""
    takes = _GLOBAL.split()
    at = 0
    while at < len(arguments) and arguments[at].text.startswith("-"):
        at += 2 if arguments[at].text.lstrip("-") in takes else 1
    name = arguments[at].text if at < len(arguments) else ""
    return options.read(arguments[:at], _GLOBAL), name, arguments[at + 1 :]


def _seen_from(folder: str, each: Effect) -> Effect:
    if not folder or each.unknown:
        return each
    new_path = patching.below(folder, each.new_path) if each.new_path is not None else None
    return each.replace(path=patching.below(folder, each.path), new_path=new_path)


def _effects(call: _Call) -> list[Effect]:
    if call.subcommand in _PAGES:
        return _PAGES[call.subcommand](call)
    quiet = _CHANGES.get(call.subcommand, "").split()
    words = [value.text for value in call.operands[:1]]
    if call.subcommand not in _CHANGES or call.given.has(*quiet) or not set(words).isdisjoint(quiet):
        return []
    return [Effect(f"git {call.subcommand}", unknown=_UNKNOWN)]


def _moved(call: _Call) -> list[Effect]:
    if call.given.has("n", "dry-run"):
        return []
    return copies.effects(call.invocation.replace(argv=(Value("mv"), *call.operands)), ())


def _removed(call: _Call) -> list[Effect]:
    if call.given.has("n", "dry-run", "cached"):
        return []
    return [effect.of(value, "delete") for value in call.operands]


def _restore(call: _Call) -> list[Effect]:
    staged = call.given.has("S", "staged") and not call.given.has("W", "worktree")
    return [] if staged else _restored(call.operands)


def _output(call: _Call) -> list[Effect]:
    return [effect.of(value) for value in call.given.values("o", "output")]


def _bundled(call: _Call) -> list[Effect]:
    creates = bool(call.operands) and call.operands[0].text == "create"
    return [effect.of(value) for value in call.operands[1:2] if creates and value.text != "-"]


def _formatted(call: _Call) -> list[Effect]:
    if call.given.has("stdout"):
        return []
    where = next((value.text for value in call.given.values("o", "output-directory")), "git format-patch")
    return [Effect(where, unknown=_UNKNOWN)]


def _reset(call: _Call) -> list[Effect]:
    changes = call.given.has("hard", "merge", "keep")
    return [Effect("git reset", unknown=_UNKNOWN)] if changes else []


def _restored(operands: list[Value]) -> list[Effect]:
    """Return what is brought back: a file's old text is known to nobody here."""
    return [
        Effect(value.text, unknown=_UNKNOWN)
        if value.text.rpartition("/")[2] in ("", ".", "..") or value.text.startswith(":") or "*" in value.text
        else effect.of(value, "update")
        for value in operands
    ]


def _checked_out(call: _Call) -> list[Effect]:
    given, operands = call.given, call.operands
    if given.has("b", "B", "orphan"):
        return []
    if given.ended is not None:
        return _restored(list(given.operands[given.ended :]))
    if len(operands) > 1:
        return _restored(operands[1:] if not _is_file(operands[0].text) else operands)
    if operands and (_is_file(operands[0].text) or operands[0].text in (".", "./")):
        return _restored(operands)
    return [Effect("git checkout", unknown=_UNKNOWN)] if operands else []


def _is_file(name: str) -> bool:
    """Say whether what is checked out is rather a file than a branch: ``app.py`` is one, ``v1.2`` is none."""
    ending = name.rpartition("/")[2].rpartition(".")[2]
    return name.startswith("./") or ("." in name.rpartition("/")[2] and ending[:1].isalpha())


def _applied(call: _Call) -> list[Effect]:
    given, invocation, folder = call.given, call.invocation, call.folder
    if given.has(*_CHECKS):
        return []
    changes = patching.from_git(invocation, call.operands)
    if not changes:
        return [Effect(f"git {call.subcommand}", unknown=patching.UNKNOWN)]
    strips = given.values("p")
    strip = int(strips[-1].text[:3]) if strips and strips[-1].text.isdecimal() else 1
    scope = invocation.scope
    below = next((value.text for value in given.values("directory")), "")
    # A patch names files from the repository's root, wherever in it git runs.
    inside = f"{scope.cwd or HOLE}/".startswith(scope.root.rstrip("/") + "/")
    root = scope.root if inside and scope.root and not folder else folder
    return patching.applied(changes, patching.below(root, below), strip, reverse=given.has("R", "reverse"))


def _configured(call: _Call) -> list[Effect]:
    given, operands = call.given, call.operands
    named = given.values("f", "file")
    writes = len(operands) >= _CONFIGURED or given.has(
        "unset", "unset-all", "add", "replace-all", "remove-section"
    )
    if given.has(*_READS) or not writes or (operands and operands[0].text in ("get", "list")):
        return []
    if named:
        return [effect.of(value, "update") for value in named]
    home = call.invocation.scope.lookup("HOME") or HOLE
    return [Effect(f"{home}/.gitconfig", "update")] if given.has("global") else []


_PAGES: "dict[str, Callable[[_Call], list[Effect]]]" = {
    "mv": _moved, "rm": _removed, "restore": _restore, "checkout": _checked_out, "apply": _applied,
    "am": _applied,
    "config": _configured, "archive": _output, "diff": _output, "log": _output, "show": _output,
    "bundle": _bundled, "format-patch": _formatted, "reset": _reset,
}  # fmt: skip

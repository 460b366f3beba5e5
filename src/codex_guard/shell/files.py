"""The files that a script itself has written: what stands in them when it runs or reads them later."""

from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Scope

STDIN = frozenset(("-", "/dev/stdin", "/proc/self/fd/0", "/dev/fd/0"))
_DESCRIPTORS = ("/dev/fd/", "/proc/self/fd/")
_COPIERS = frozenset(("cp", "mv", "ln", "install"))
_MOST = 200  # files that are known at a time
_MOST_TEXTS = 4  # that one file may have had


def read(path: str, scope: Scope) -> tuple[str, ...]:
    """Return the texts that the file ``path`` may hold, the likeliest last; none where it is not known."""
    for folder in _DESCRIPTORS:
        if path.startswith(folder):
            opened = scope.opened.get(path.removeprefix(folder))
            text = opened.feed.text if opened is not None else None
            return (text,) if text is not None else ()
    return scope.files.get(scope.path(path), ()) if scope.files else ()


def follow(invocation: Invocation, printed: str | None, shell: Scope | None = None) -> None:
    """Note what a command writes into files; ``printed`` is its output, where known.

    ``shell`` is where a copy of a program gets its name.
    """
    for operator, value in invocation.targets:
        _write(value.text, printed, invocation.scope, append=">>" in operator)
    operands = [value.text for value in invocation.argv[1:] if not value.text.startswith("-")]
    if invocation.program == "tee":
        appends = any(value.text in ("-a", "--append") for value in invocation.argv)
        for path in operands:
            _write(path, invocation.stdin, invocation.scope, append=appends)
    elif invocation.program in _COPIERS and len(operands) > 1:
        _copied(operands, invocation.scope, shell)
    if invocation.program in _COPIERS and len(operands) > 1 and invocation.scope.files:
        for source in operands[:-1]:
            texts = read(source, invocation.scope)
            for text in texts:
                _write(operands[-1], text, invocation.scope, append=False)
                name = source.rpartition("/")[2]
                _write(f"{operands[-1]}/{name}", text, invocation.scope, append=False)


def _copied(operands: list[str], scope: Scope, shell: Scope | None) -> None:
    """Note the other name of a program that is copied or linked: it is an alias with a path."""
    source, target = operands[0], operands[-1]
    folder, _, program = source.rpartition("/")
    if shell is None or len(operands) > 2 or not folder.endswith("/bin") or HOLE in target:  # noqa: PLR2004
        return
    path = scope.path(target)
    for name in {target, path, f"./{target}"}:
        shell.alias(name, program)
        shell.alias(f"{name.rstrip('/')}/{program}", program)


def _write(path: str, text: str | None, scope: Scope, *, append: bool) -> None:
    """Set what a file holds. What it held before stays a possibility, as a branch may not be taken."""
    if text is None or not path or not text.strip(HOLE + " \n"):
        return
    absolute = scope.path(path)
    before = scope.files.get(absolute, ())
    if append and before:
        text = before[-1] + text
    scope.fuel[0] -= len(text)
    if scope.fuel[0] >= 0 and (before or len(scope.files) < _MOST):
        scope.files[absolute] = tuple(dict.fromkeys((*before[-_MOST_TEXTS:], text)))[-_MOST_TEXTS:]

"""patch, and what it has in common with ``git apply``: diffs that are read from a file or the input."""

from codex_guard.shell import files
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Value
from codex_guard.writes import diff, effect, options
from codex_guard.writes.effect import Effect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

UNKNOWN = "its diff is known at run time only"
_TAKES = "p i d o B D F r V Y z g strip input directory output prefix ifdef fuzz reject-file suffix get"


def effects(invocation: Invocation, _: "Container[str]") -> list[Effect]:
    """Return the files that patch changes."""
    given = options.read(invocation.argv[1:], _TAKES)
    if given.has("dry-run", "C", "check", "v", "version", "help"):
        return []
    outputs = given.values("o", "output")
    operands = [value for value in given.operands if value.text]
    inputs = [*given.values("i", "input"), *operands[1:2]]
    folder = next((value.text for value in given.values("d", "directory")), "")
    changes = _changes(invocation, inputs)
    if outputs:
        return [effect.of(value) for value in outputs if value.text != "-"]
    if operands:
        reverse = given.has("R", "reverse")
        content = "".join([change.removed if reverse else change.added for change in changes]) or None
        return [
            effect.of(value.replace(text=below(folder, value.text)), "update", content)
            for value in operands[:1]
        ]
    if not changes:
        return [Effect("patch", unknown=UNKNOWN)]
    strips = given.values("p", "strip")
    strip = int(strips[-1].text[:3]) if strips and strips[-1].text.isdecimal() else None
    return applied(changes, folder, strip, reverse=given.has("R", "reverse"))


def below(folder: str, path: str) -> str:
    """Return ``path`` as it is seen from outside ``folder``."""
    return path if path.startswith("/") or not folder else f"{folder.rstrip('/')}/{path}"


def _changes(invocation: Invocation, inputs: list[Value]) -> list[diff.Change]:
    """Return what the first of ``inputs``, or standard input, changes; nothing where it is not known."""
    if inputs and inputs[0].text not in files.STDIN:
        texts = files.read(inputs[0].text, invocation.scope)
        text = texts[-1] if texts else None
    else:
        text = invocation.stdin
    return diff.read(text) if text else []


def applied(
    changes: list[diff.Change], folder: str, strip: int | None, *, reverse: bool = False
) -> list[Effect]:
    """Return what it does to apply a diff below ``folder``, without ``strip`` folders of its names."""
    found: list[Effect] = []
    for change in changes:
        old, new, content = change.old, change.new, change.added
        if reverse:
            old, new, content = new, old, change.removed
        before = below(folder, diff.name(old, strip)) if old else ""
        after = below(folder, diff.name(new, strip)) if new else ""
        if HOLE in before + after:
            found.append(Effect(after or before, unknown=UNKNOWN))
        elif not after:
            found.append(Effect(before, "delete"))
        elif not before:
            found.append(Effect(after, "add", content))
        elif change.renamed and before != after:
            found += effect.moved(before, after, content)
        else:
            found.append(Effect(after, "update", content))
    return found


def from_git(invocation: Invocation, inputs: list[Value]) -> list[diff.Change]:
    """Return what all the diffs change that git is given."""
    given = inputs or [Value("-")]
    return [change for value in given for change in _changes(invocation, [value])]

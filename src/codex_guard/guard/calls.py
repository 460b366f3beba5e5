"""What a tool call writes and says, whatever the tool."""

from codex_guard.errors import GuardError
from codex_guard.guard import places
from codex_guard.model import Text, ToolEvent, Write
from codex_guard.writes import patch
from codex_guard.writes.bash import Written

# Linux gives a program arguments of 128 KiB at most, macOS 1 MiB: what is longer cannot run anyway.
_LONGEST = 1 << 20


def written(event: ToolEvent) -> Written:
    """Return the files that the call writes, as far as the call itself says."""
    if event.command is None:
        return Written()
    if event.tool == "apply_patch":
        return Written(patch.parse(event.command).writes)
    if len(event.command) > _LONGEST:
        raise GuardError(
            f"The command is longer than {_LONGEST >> 20} MiB, more than a shell takes: write a long text"
            " into a file with apply_patch instead."
        )
    from codex_guard.writes import bash  # noqa: PLC0415 - only Bash needs the parser

    return bash.parse(event.command, places.scope(event.cwd, places.of(event.cwd)), event.cwd)


def names(writes: tuple[Write, ...]) -> list[Text]:
    """Return the written files' names as texts: a secret can stand in one, and names are shown everywhere."""
    paths = dict.fromkeys(path for write in writes for path in (write.path, write.new_path) if path)
    return [Text("a file's name", path) for path in paths]


def spoken(value: object, where: str) -> list[Text]:
    """Return every text within a decoded JSON value, keys included; images as data URLs are left out."""
    found: list[str] = []
    waiting: list[object] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if item and not item.startswith("data:image/"):
                found.append(item)
        elif isinstance(item, dict):
            for key, inner in item.items():
                # A value is read together with its name: {"password": "..."} means something.
                if isinstance(inner, str):
                    found.append(f"{key}: {inner}" if not inner.startswith("data:image/") else key)
                else:
                    waiting += [key, inner]
        elif isinstance(item, list):
            waiting += item
    return [Text(where, text) for text in reversed(found)]

"""What a tool call writes and says, whatever the tool."""

from codex_guard.guard import places
from codex_guard.model import Text, ToolEvent
from codex_guard.writes import patch
from codex_guard.writes.bash import Written


def written(event: ToolEvent) -> Written:
    """Return the files that the call writes, as far as the call itself says."""
    if event.command is None:
        return Written()
    if event.tool == "apply_patch":
        return Written(patch.parse(event.command).writes)
    from codex_guard.writes import bash  # noqa: PLC0415 - only Bash needs the parser

    return bash.parse(event.command, places.scope(event.cwd, places.of(event.cwd)), event.cwd)


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

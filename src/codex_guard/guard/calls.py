"""What a tool call writes and says, whatever the tool."""

from codex_guard.errors import GuardError
from codex_guard.model import Text, ToolEvent, Write
from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import Walk
from codex_guard.shell.walk import walked as walk_over
from codex_guard.writes import bash
from codex_guard.writes.bash import Written

# Linux gives a program arguments of 128 KiB at most, macOS 1 MiB: what is longer cannot run anyway.
_LONGEST = 1 << 20
_LONGEST_TYPE = 60  # characters of "data:image/svg+xml;charset=utf-8"
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n\r"
#: How PNG, JPEG, GIF, WebP, BMP, TIFF and icons begin in base64.
_PICTURES = ("iVBORw0KGg", "/9j/", "R0lGOD", "UklGR", "Qk", "SUkqA", "TU0AK", "AAABAA")
_READERS = ("read", "get", "list", "search", "view", "stat", "find")
_PATH_WORDS = ("path", "file", "source", "destination", "target", "uri")
_LONGEST_PATH = 4_096


def walked(event: ToolEvent, scope: Scope) -> Walk | None:
    """Return the walk over a Bash call's command, for all who judge it; None for another tool's call.

    Raises GuardError for a command that is too long to look at.
    """
    if event.command is None or event.tool != "Bash":
        return None
    if len(event.command) > _LONGEST:
        raise GuardError(
            f"The command is longer than {_LONGEST >> 20} MiB, more than a shell takes: write a long text"
            " into a file with apply_patch instead."
        )
    return walk_over(event.command, scope)


def written(event: ToolEvent, walk: Walk | None) -> Written:
    """Return the files that the call writes, as far as the call itself says."""
    if walk is not None:
        return bash.written(walk, event.cwd)
    if event.tool == "apply_patch" and event.command is not None:
        from codex_guard.writes import patch  # noqa: PLC0415 - not for commands

        return Written(patch.parse(event.command).writes)
    return Written()


def names(writes: tuple[Write, ...]) -> list[Text]:
    """Return the written files' names as texts: a secret can stand in one, and names are shown everywhere."""
    paths = dict.fromkeys(path for write in writes for path in (write.path, write.new_path) if path)
    return [Text("a file's name", path) for path in paths]


def spoken(value: object, where: str) -> list[Text]:
    """Return every text within a decoded JSON value, keys included; images in data URLs are left out."""
    found: list[str] = []
    waiting: list[object] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found.append(_without_image(item))
        elif isinstance(item, dict):
            for key, inner in item.items():
                # A value is read together with its name: {"password": "..."} means something. What has
                # blanks in it is a text of its own, whose lines begin where they begin.
                if isinstance(inner, str):
                    text = _without_image(inner)
                    found.append(f"{key}:\n{text}" if len(text.split(None, 1)) > 1 else f"{key}: {text}")
                else:
                    waiting += [key, inner]
        elif isinstance(item, list):
            waiting += item
    return [Text(where, text) for text in reversed(found) if text]


def printed(response: object) -> list[Text]:
    """Return the texts of a tool's response, and those with line numbers once more without them.

    Models read files through ``nl``, ``cat -n`` and ``grep -n``, which put something before every line.
    """
    texts = spoken(response, "output")
    return texts + [Text("output", plain) for text in texts if (plain := _unnumbered(text.body))]


def _without_image(text: str) -> str:
    """Leave out the picture of ``data:image/png;base64,...``, and only that."""
    head, mark, tail = text.partition(";base64,")
    if not mark or not head.startswith("data:image/") or len(head) > _LONGEST_TYPE:
        return text
    if not tail.startswith(_PICTURES):
        return text  # what only says that it is a picture; and SVG, which is text
    return head + tail.lstrip(_BASE64)


def _unnumbered(text: str) -> str:
    """Return ``text`` without the numbers before its lines; empty where most lines have none."""
    lines = text.split("\n")
    plain = [_behind_number(line) for line in lines]
    numbered = sum(line is not None for line in plain)
    if numbered * 2 < len(lines):
        return ""
    return "\n".join(line if new is None else new for line, new in zip(lines, plain, strict=True))


def _behind_number(line: str) -> str | None:
    """Return what stands behind ``  12<tab>``, ``12:``, ``12 | `` or ``path:12:``; None without any."""
    start = line.lstrip()
    if not start[:1].isdigit():
        start = line.partition(":")[2]
    rest = start.lstrip("0123456789")
    if rest == start or rest[:1] not in ("\t", ":", "-", " ", "|"):
        return None
    return rest[1:].removeprefix("| ").removeprefix(" ")


def named_paths(event: ToolEvent) -> list[str]:
    """Return the paths that a tool other than Bash and apply_patch may write, as far as names tell."""
    if event.command is not None or event.tool.rpartition("__")[2].lower().startswith(_READERS):
        return []
    found: list[str] = []
    waiting: list[object] = [event.arguments]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            for key, inner in item.items():
                named = any(word in str(key).lower() for word in _PATH_WORDS)
                if named and isinstance(inner, str) and len(inner) <= _LONGEST_PATH:
                    found.append(inner.removeprefix("file://"))
                elif isinstance(inner, (dict, list)):
                    waiting.append(inner)
        elif isinstance(item, list):
            waiting += item
    return found

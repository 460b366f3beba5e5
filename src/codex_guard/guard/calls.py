"""What a tool call writes and says, whatever the tool."""

from codex_guard.errors import GuardError
from codex_guard.model import Text, ToolEvent, Write
from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import Walk
from codex_guard.shell.walk import walked as walk_over
from codex_guard.writes import bash
from codex_guard.writes.bash import Patched, Written

# Linux gives a program arguments of 128 KiB at most, macOS 1 MiB: what is longer cannot run anyway.
_LONGEST = 1 << 20
_LONGEST_TYPE = 60  # characters of "data:image/svg+xml;charset=utf-8"
#: How PNG, JPEG, GIF, WebP, BMP, TIFF, icons, AVIF and HEIC may begin in base64.
_PICTURES = ("iVBORw0KGg", "/9j/", "R0lGOD", "UklGR", "Qk", "SUkqA", "TU0AK", "AAAB", "AAAC", "AAAA")
_READERS = ("read", "get", "list", "search", "view", "stat", "find")
_PATH_WORDS = ("path", "file", "source", "destination", "target", "uri")
_CONTENT_WORDS = ("content", "contents", "text", "file_text", "data", "body")
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


def written(event: ToolEvent, walk: Walk | None, writers: tuple[str, ...] = ()) -> Written:
    """Return the files that the call writes, as far as the call itself says.

    ``writers`` are patterns of the names of tools whose paths are files that they write.
    """
    if walk is not None:
        return bash.written(walk, event.cwd)
    if event.tool == "apply_patch" and event.command is not None:
        from codex_guard.writes import patch  # noqa: PLC0415 - not for commands

        writes = patch.parse(event.command).writes
        return Written(
            writes, patches=(Patched(event.command, {write.path: write.path for write in writes}),)
        )
    if writers and is_like(event.tool, writers):
        named = dict.fromkeys(named_paths(event, declared=True))
        content = _content(event.arguments) if len(named) == 1 else None
        return Written(tuple([Write(path, "add", content=content) for path in named]))
    return Written()


def _content(arguments: object) -> str | None:
    if not isinstance(arguments, dict):
        return None
    given = [arguments[name] for name in _CONTENT_WORDS if isinstance(arguments.get(name), str)]
    return given[0] if len(given) == 1 else None


def is_like(name: str, patterns: tuple[str, ...]) -> bool:
    """Say whether a tool's name is like one of the patterns, in which ``*`` and ``?`` stand for anything."""
    from codex_guard.commands.globs import like  # noqa: PLC0415 - few policies name tools

    return any(like(pattern, name) for pattern in patterns)


def names(writes: tuple[Write, ...]) -> list[Text]:
    """Return the written files' names as texts: a secret can stand in one, and names are shown everywhere."""
    paths = dict.fromkeys(path for write in writes for path in (write.path, write.new_path) if path)
    return [Text("a file's name", path) for path in paths]


def spoken(value: object, where: str) -> list[Text]:
    """Return every text within a decoded JSON value, keys included; of images what their metadata says."""
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


def readable(response: object) -> str:
    """Return a tool's response as the text that a model reads of it: an MCP result's texts, else JSON."""
    if isinstance(response, str):
        return response
    items = response.get("content") if isinstance(response, dict) else response
    texts = [_item(item) for item in items] if isinstance(items, list) else []
    if isinstance(response, dict) and response.get("structuredContent") is not None:
        texts.append(_as_json(response["structuredContent"]))
    return "\n".join(texts) if texts else _as_json(response)


def _item(item: object) -> str:
    if isinstance(item, dict) and isinstance(item.get("text"), str):
        return str(item["text"])
    return "[a picture]" if _is_image(item) else _as_json(item)


def _is_image(item: object) -> bool:
    return isinstance(item, dict) and "image" in str(item.get("type"))


def _as_json(value: object) -> str:
    import json  # noqa: PLC0415 - only for an answer that is masked

    return json.dumps(value, ensure_ascii=False, indent=1)


def _without_image(text: str) -> str:
    """Return ``text``, or where it is a picture, in base64 or as a data URL, the texts in its metadata."""
    head, _, tail = text.partition(";base64,") if text[:11] == "data:image/" else ("", "", text)
    if not tail.startswith(_PICTURES) or len(head) > _LONGEST_TYPE:
        return text
    from codex_guard.guard.pictures import metadata  # noqa: PLC0415 - few results hold one

    # What only says that it is a picture is looked at as text, and so is SVG, which is.
    return "\n".join([head, *metadata.texts(tail)]) if metadata.is_picture(tail) else text


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


def named_paths(event: ToolEvent, *, declared: bool = False) -> list[str]:
    """Return the paths that a tool other than Bash and apply_patch may write, as far as names tell.

    A tool whose name says that it reads does not, unless it is ``declared`` to.
    """
    reads = event.tool.rpartition("__")[2].lower().startswith(_READERS)
    if event.command is not None or (reads and not declared):
        return []
    found: list[str] = []
    waiting: list[object] = [event.arguments]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            for key, inner in item.items():
                named = any(word in str(key).lower() for word in _PATH_WORDS)
                given = inner if isinstance(inner, list) else [inner]
                if named and all(isinstance(one, str) and len(one) <= _LONGEST_PATH for one in given):
                    found += [one.removeprefix("file://") for one in given]
                elif isinstance(inner, (dict, list)):
                    waiting.append(inner)
        elif isinstance(item, list):
            waiting += item
    return found

"""What a PowerShell script would start, in the shell's own words for PowerShell's commands."""

from codex_guard.shell.inline import decoding
from codex_guard.shell.invocation import Start
from codex_guard.shell.meaning import HOLE, Scope, Value

_CUTS = frozenset(";|\n{}()&")
_DELETES = frozenset(("remove-item", "ri", "rm", "del", "erase", "rd", "rmdir", "clear-content", "clc"))
_WRITES = frozenset(("set-content", "sc", "add-content", "ac", "out-file", "tee-object", "new-item", "ni"))
_READS = frozenset(("get-content", "gc", "cat", "type"))
_COPIES = {"move-item": "mv", "mi": "mv", "mv": "mv", "move": "mv", "rename-item": "mv", "rni": "mv",
           "ren": "mv", "copy-item": "cp", "cpi": "cp", "cp": "cp", "copy": "cp"}  # fmt: skip
_FETCHES = frozenset(
    ("invoke-webrequest", "iwr", "invoke-restmethod", "irm", "curl", "wget", "start-bitstransfer")
)
_RUNS = frozenset(("invoke-expression", "iex"))
_FOLDERS = frozenset(("set-location", "sl", "cd", "chdir", "push-location", "pushd"))
_STARTS = frozenset(("start-process", "saps", "start", "invoke-command", "icm", "&"))
_MACHINE = {
    "stop-computer": ("shutdown", "now"), "restart-computer": ("reboot",), "format-volume": ("mkfs", HOLE),
    "clear-disk": ("wipefs", "-a", HOLE), "initialize-disk": ("mkfs", HOLE),
    "remove-partition": ("fdisk", HOLE),
}  # fmt: skip
# Parameters whose value is no path.
_TAKES = frozenset((
    "encoding", "include", "exclude", "filter", "value", "itemtype", "erroraction", "ea", "type",
    "credential", "depth", "verb", "wait", "method", "headers", "body", "outfile", "timeoutsec",
    "usebasicparsing",
))  # fmt: skip
_SWITCHES = frozenset(("wait", "usebasicparsing"))
_MOST = 200  # commands of one script
_LONGEST = 1 << 17


class _Word(Value):
    """A word; ``plain``: not quoted, so that it can be a command or a parameter."""

    plain: bool = True


def started(text: str, scope: Scope) -> list[Start]:
    """Return what the script would start or destroy, in order."""
    if len(text) > _LONGEST:
        return [Start(script=f"{text}\n)")]
    found: list[Start] = []
    fetched, folder = "", None
    for words in _statements(text, scope)[: _MOST * 4]:
        name = words[0].text.lower().rpartition("\\")[2].removesuffix(".exe")
        operands, parameters = _arguments(words[1:])
        addresses = [value.text for value in words if value.text.startswith(("http://", "https://"))]
        if name in _FETCHES or "downloadstring" in name or "downloaddata" in name:
            fetched = (addresses or [HOLE])[0]
        elif "downloadstring" in words[0].text.lower() or addresses:
            fetched = addresses[0] if addresses else fetched
        runs = name in _RUNS
        if name in _FOLDERS and operands:
            folder = operands[0].text
        found += [start.replace(folder=folder) for start in _command(name, words, operands, parameters)]
        if runs:
            found += [Start(script=operands[0].text, folder=folder)] if operands else []
            found.append(Start(script=HOLE))
    if fetched and any(start.script == HOLE for start in found):
        found.append(Start(script=f"curl '{fetched.replace(chr(39), '')}' | sh"))
    return [start for start in found if start.script != HOLE][:_MOST]


def _command(
    name: str, words: "list[_Word]", operands: "list[_Word]", parameters: frozenset[str]
) -> list[Start]:
    """Return the shell's own command for one of PowerShell's, or the program that is started."""
    if not words[0].plain and len(words) == 1:
        return []
    paths = tuple([Value(value.text.replace("\\", "/"), value.glob) for value in operands])
    if name in _DELETES:
        recursive = any(each and "recurse".startswith(each) for each in parameters) or "rf" in parameters
        return [Start((Value("rm"), *((Value("-r"),) if recursive else ()), *paths))] if paths else []
    if name in _WRITES:
        return [Start((Value("tee"), *paths[:1]))] if paths else []
    if name in _READS:
        return [Start((Value("cat"), *paths))] if paths else []
    if name in _COPIES:
        return [Start((Value(_COPIES[name]), *paths[:2]))] if len(paths) > 1 else []
    if name in _FETCHES:
        addresses = [value for value in operands if value.text.startswith(("http://", "https://"))]
        return [Start((Value("curl"), Value(addresses[0].text)))] if addresses else []
    return _program(name, words, operands)


def _program(name: str, words: "list[_Word]", operands: "list[_Word]") -> list[Start]:
    """Return the program that is started, which is no command of PowerShell's own."""
    if name in _MACHINE:
        return [Start(tuple([Value(word) for word in _MACHINE[name]]))]
    if name in _STARTS:
        return [Start(tuple([Value(value.text, value.glob) for value in operands]))] if operands else []
    if name in ("gci", "get-childitem") and "env:" in words[-1].text.lower():
        return [Start((Value("printenv"),))]
    if name in _RUNS or name in _FOLDERS or "-" in name[1:] or name.startswith(("$", "[", "-", ".", HOLE)):
        return []  # cmdlets that change nothing, and expressions
    return [Start(tuple([Value(value.text, value.glob) for value in words]))]


def _arguments(words: "list[_Word]") -> "tuple[list[_Word], frozenset[str]]":
    """Return operands, and the names of parameters without their dash."""
    operands: list[_Word] = []
    parameters: set[str] = set()
    skips = False
    for value in words:
        if value.plain and value.text.startswith("-") and value.text[1:2].isalpha():
            name = value.text[1:].lower().partition(":")[0]
            parameters.add(name)
            skips = name in _TAKES and name not in _SWITCHES
        elif skips:
            skips = False
        else:
            operands += [value.replace(text=piece) for piece in value.text.split(",") if piece]
    return operands, frozenset(parameters)


def _statements(text: str, scope: Scope) -> "list[list[_Word]]":
    """Cut a script into commands, each the words of it; what stands in brackets is a command of its own."""
    found: list[list[_Word]] = []
    words: list[_Word] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character in _CUTS:
            if words:
                found.append(words)
            words = []
            at += 1
        elif character == "#" and not (at and text[at - 1].isalnum()):
            stop = text.find("\n", at)
            at = len(text) if stop < 0 else stop
        elif character.isspace() or character == ",":
            at += 1
        else:
            value, at = _word(text, at, scope)
            words.append(value)
    if words:
        found.append(words)
    return found


def _word(text: str, at: int, scope: Scope) -> "tuple[_Word, int]":
    pieces: list[str] = []
    plain = glob = False
    while at < len(text) and not text[at].isspace() and text[at] not in _CUTS:
        character = text[at]
        if character in "'\"":
            end = text.find(character, at + 1)
            end = len(text) if end < 0 else end
            body = text[at + 1 : end]
            pieces.append(body if character == "'" else _filled(body, scope))
            at = end + 1
        elif character == "`":
            pieces.append(text[at + 1 : at + 2])
            at += 2
        else:
            end = at + 1
            while (
                end < len(text)
                and not text[end].isspace()
                and text[end] not in _CUTS
                and text[end] not in "'\"`"
            ):
                end += 1
            piece = text[at:end]
            glob = glob or "*" in piece
            plain = True
            pieces.append(_filled(piece, scope))
            at = end
    return _Word("".join(pieces), glob, plain), at


def _filled(text: str, scope: Scope) -> str:
    """Fill in the home folder and environment variables; other variables are not known."""
    if "$" not in text:
        home = scope.lookup("HOME") or HOLE
        return home + text[1:] if text == "~" or text.startswith(("~/", "~\\")) else text
    out: list[str] = []
    first, *rest = text.split("$")
    out.append(first)
    for piece in rest:
        end = 0
        while end < len(piece) and (piece[end].isalnum() or piece[end] in "_:"):
            end += 1
        name = piece[:end].lower()
        if name in ("home", "env:userprofile", "env:home"):
            known = scope.lookup("HOME")
        elif name.startswith("env:"):
            known = scope.lookup(piece[4:end])
        else:
            known = {"true": "true", "false": "false"}.get(name)
        out.append((known or HOLE) + piece[end:])
    return "".join(out)


def encoded(text: str) -> str:
    """Return the script that ``-EncodedCommand`` is given, which is UTF-16 in base64."""
    return decoding.unbase64(text).replace("\0", "")

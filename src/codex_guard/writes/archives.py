"""Archives and packed files: what is packed, and what comes out as far as it is named."""

from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import Value
from codex_guard.writes import effect, options
from codex_guard.writes.effect import Effect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

_IN_ARCHIVE = "which files the archive holds is known at run time only"
_TARS = frozenset(("tar", "gtar", "bsdtar"))
_TAR_TAKES = (
    "f C T X b g H I L N V F K file directory files-from exclude exclude-from transform strip-components"
    " owner group mode format use-compress-program newer one-top-level? warning"
)
# Packers: their endings, whether they unpack, and whether they keep what they read.
_PACKERS = {
    "gzip": ((".gz", ".tgz"), False, False), "gunzip": ((".gz", ".tgz"), True, False),
    "pigz": ((".gz", ".tgz"), False, False), "unpigz": ((".gz", ".tgz"), True, False),
    "bzip2": ((".bz2", ".tbz"), False, False), "bunzip2": ((".bz2", ".tbz"), True, False),
    "xz": ((".xz", ".txz"), False, False), "unxz": ((".xz", ".txz"), True, False),
    "lzma": ((".lzma",), False, False), "unlzma": ((".lzma",), True, False),
    "zstd": ((".zst", ".tzst"), False, True), "unzstd": ((".zst", ".tzst"), True, True),
}  # fmt: skip
_PACKER_TAKES = "S suffix T threads o b memlimit"
_UNPACKS = ("d", "decompress", "uncompress")
_QUIET = ("c", "stdout", "to-stdout", "l", "list", "t", "test", "h", "help", "V", "version")
_SEVEN = frozenset(("7z", "7za", "7zz"))


def effects(invocation: Invocation, _: "Container[str]") -> list[Effect]:
    """Return what an archiver or packer writes."""
    program = invocation.program
    arguments = invocation.argv[1:]
    if program in _TARS:
        return _tar(arguments)
    if program in _PACKERS:
        return _packed(program, arguments)
    if program == "unzip":
        return _unzipped(arguments)
    if program == "zip":
        given = options.read(arguments, "b i x n t tt P T? s O out")
        return [_ending(value, ".zip") for value in given.operands[:1] if value.text != "-"]
    operands = options.read(arguments, "").operands
    if program in _SEVEN and operands:
        verb, *rest = operands
        if verb.text in ("x", "e"):
            return [Effect(value.text, unknown=_IN_ARCHIVE) for value in rest[:1]]
        return [_ending(value, ".7z") for value in rest[:1]] if verb.text in ("a", "u") else []
    if program == "ar" and arguments and not set("rq").isdisjoint(arguments[0].text):
        return [effect.of(value) for value in arguments[1:2]]
    return []


def _ending(value: Value, ending: str) -> Effect:
    """Return the effect on an archive, whose name gets an ending where it has none."""
    return effect.of(value if "." in value.text.rpartition("/")[2] else Value(value.text + ending))


def _below(folder: str, name: str) -> str:
    return name if name.startswith("/") or not folder else f"{folder.rstrip('/')}/{name}"


def _tar(arguments: tuple[Value, ...]) -> list[Effect]:
    first = arguments[0].text if arguments else ""
    if first and not first.startswith("-"):
        # Letters without a dash: their values follow in the letters' order.
        letters = [letter for letter in first if letter in _TAR_TAKES.split()]
        rest = arguments[1:]
        values = tuple([each for pair in zip(map(_dashed, letters), rest, strict=False) for each in pair])
        plain = "-" + "".join([letter for letter in first if letter not in letters])
        arguments = (Value(plain), *values, *rest[len(letters) :])
    given = options.read(arguments, _TAR_TAKES)
    archive = next(iter(given.values("f", "file")), None)
    if given.has("x", "extract", "get"):
        if given.has("O", "to-stdout"):
            return []
        folder = next((value.text for value in given.values("C", "directory")), "")
        named = [value for value in given.operands if value.text]
        if not named or given.has("transform", "strip-components", "wildcards", "one-top-level"):
            where = folder or (archive.text if archive is not None else "tar")
            return [Effect(where, unknown=_IN_ARCHIVE)]
        return [effect.of(value.replace(text=_below(folder, value.text))) for value in named]
    if archive is None or archive.text == "-" or ":" in archive.text:
        return []
    if given.has("c", "create"):
        return [effect.of(archive)]
    return [effect.of(archive, "update")] if given.has("r", "append", "u", "update") else []


def _dashed(letter: str) -> Value:
    return Value("-" + letter)


def _unzipped(arguments: tuple[Value, ...]) -> list[Effect]:
    given = options.read(arguments, "d x P")
    if given.has("l", "t", "p", "c", "Z", "v", "z", "h") or not given.operands:
        return []
    archive, *named = given.operands
    folder = next((value.text for value in given.values("d")), "")
    if not named or any(not set("*?[").isdisjoint(value.text) for value in named):
        return [Effect(folder or archive.text, unknown=_IN_ARCHIVE)]
    junked = given.has("j")
    names = [value.text.rpartition("/")[2] if junked else value.text for value in named]
    return [Effect(_below(folder, name)) for name in names]


def _packed(program: str, arguments: tuple[Value, ...]) -> list[Effect]:
    endings, unpacks, keeps = _PACKERS[program]
    given = options.read(arguments, _PACKER_TAKES)
    if given.has(*_QUIET):
        return []
    unpacks = unpacks or given.has(*_UNPACKS)
    keeps = (keeps or given.has("k", "keep")) and not given.has("rm")
    named = given.values("o")
    found: list[Effect] = []
    for value in given.operands:
        path = value.text
        if value.glob or not path or path == "-":
            found += [effect.of(value)] if value.glob else []
            continue
        ending = next((each for each in endings if path.endswith(each)), None)
        if unpacks:
            path = path if ending else path + endings[0]
            ending = ending or endings[0]
            made = path.removesuffix(ending) + (".tar" if ending.startswith(".t") else "")
        else:
            made = path + endings[0]
        found.append(effect.of(named[0]) if named else Effect(made))
        found += [] if keeps else [Effect(path, "delete")]
    return found

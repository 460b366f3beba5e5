"""Programs that name what they write in ways of their own: dd, split, keys, temporary files."""

from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE
from codex_guard.shell.wrapped import find
from codex_guard.writes import effect, options
from codex_guard.writes.effect import Effect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container

_PIECES = "how many pieces there are is known at run time only"
_TEMPORARY = "its name is known at run time only"
_DELETED = "which files are deleted there is known at run time only"
_FIND_PRINTS = frozenset(("-fprint", "-fprint0", "-fprintf", "-fls"))
_KEYGEN = "t b f N P C m O s z n V D I a F r R S w Y E K Z"
# What makes ssh-keygen do something else than make a key.
_NO_KEY = ("l", "y", "F", "e", "B", "Y", "R", "H", "L", "Q", "k", "i", "D", "s", "r", "M", "A")
_SPLIT = (
    "a b C l n t additional-suffix suffix-length bytes line-bytes lines number separator filter numeric? e?"
)
_OPENSSL = (
    "out keyout in inkey CA CAkey CAserial days subj newkey config extensions passin passout key cert"
    " certfile inform outform pass K iv S md iter name addext set_serial extfile signkey pubin? newhdr"
    " CAfile rand"
)
_SIGNS = ("b", "detach-sign", "detach-sig")
_PACKS = ("c", "symmetric", "e", "encrypt", "s", "sign")


def effects(invocation: Invocation, _: "Container[str]") -> list[Effect]:
    """Return what one of these programs writes."""
    return _PAGES[invocation.program.removeprefix("g") if invocation.program[:3] != "gpg" else "gpg"](
        invocation
    )


def _dd(invocation: Invocation) -> list[Effect]:
    words = dict([value.text.partition("=")[::2] for value in invocation.argv[1:] if "=" in value.text])
    if not words.get("of"):
        return []
    kept = "notrunc" in words.get("conv", "") or "append" in words.get("oflag", "")
    limited = (
        not {"count", "skip", "seek", "cbs"}.isdisjoint(words) or words.get("conv", "notrunc") != "notrunc"
    )
    content = None if "if" in words or limited else invocation.stdin
    return [Effect(words["of"], "update" if kept else "add", content)]


def _split(invocation: Invocation) -> list[Effect]:
    given = options.read(invocation.argv[1:], _SPLIT)
    if given.has("filter", "help", "version"):
        return []
    prefix = given.operands[1].text if len(given.operands) > 1 else "x"
    lengths = given.values("a", "suffix-length")
    length = int(lengths[-1].text[:2]) if lengths and lengths[-1].text.isdecimal() else 2
    numbers = given.has("d", "numeric-suffixes", "x", "hex-suffixes")
    suffix = next((value.text for value in given.values("additional-suffix")), "")
    first = prefix + ("0" if numbers else "a") * length + suffix
    return [Effect(first), Effect(prefix + HOLE + suffix, unknown=_PIECES)]


def _csplit(invocation: Invocation) -> list[Effect]:
    given = options.read(invocation.argv[1:], "f n b prefix digits suffix-format")
    prefix = next((value.text for value in given.values("f", "prefix")), "xx")
    digits = next((value.text for value in given.values("n", "digits")), "2")
    if given.has("b", "suffix-format") or not digits.isdecimal():
        return [Effect(prefix + HOLE, unknown=_PIECES)]
    return [Effect(prefix + "0" * int(digits[:2])), Effect(prefix + HOLE, unknown=_PIECES)]


def _mktemp(invocation: Invocation) -> list[Effect]:
    given = options.read(invocation.argv[1:], "p t? suffix tmpdir?")
    if given.has("d", "directory", "u", "dry-run"):
        return []
    template = given.operands[0].text if given.operands else "mktemp"
    return [Effect(template, unknown=_TEMPORARY)]


def _ssh_keygen(invocation: Invocation) -> list[Effect]:
    given = options.read(invocation.argv[1:], _KEYGEN)
    if given.has(*_NO_KEY):
        return []
    named = given.values("f")
    if given.has("p", "c"):
        return [effect.of(value, "update") for value in named]
    return [each for value in named for each in (effect.of(value), Effect(value.text + ".pub"))]


def _openssl(invocation: Invocation) -> list[Effect]:
    given = options.read(invocation.argv[1:], _OPENSSL, words=True)
    return [effect.of(value) for value in given.values("out", "keyout") if value.text != "-"]


def _gpg(invocation: Invocation) -> list[Effect]:
    """Return what gpg makes beside a file without being told its name."""
    given = options.read(
        invocation.argv[1:],
        "o output r recipient u local-user passphrase passphrase-file passphrase-fd homedir cipher-algo"
        " pinentry-mode default-key",
    )
    if given.has("o", "output") or len(given.operands) != 1:
        return []
    armored = given.has("a", "armor")
    file = given.operands[0]
    if given.has("clearsign", "clear-sign"):
        return [Effect(file.text + ".asc")]
    if given.has(*_SIGNS):
        return [Effect(file.text + (".asc" if armored else ".sig"))]
    return [Effect(file.text + (".asc" if armored else ".gpg"))] if given.has(*_PACKS) else []


def _find(invocation: Invocation) -> list[Effect]:

    own = find.own(invocation.argv)
    found = [effect.of(own[at + 1]) for at, value in enumerate(own[:-1]) if value.text in _FIND_PRINTS]
    if any(value.text == "-delete" for value in own):
        found += [Effect(value.text, unknown=_DELETED) for value in find.starts(own)]
    return found


_PAGES: "dict[str, Callable[[Invocation], list[Effect]]]" = {
    "dd": _dd, "dcfldd": _dd, "split": _split, "csplit": _csplit, "mktemp": _mktemp,
    "ssh-keygen": _ssh_keygen, "openssl": _openssl, "gpg": _gpg, "find": _find,
}  # fmt: skip

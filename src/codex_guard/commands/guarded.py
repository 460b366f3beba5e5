"""Programs of any name that are given the guard's own files, or started so that it is not there."""

from codex_guard.commands import operands
from codex_guard.commands.flow import TELLING
from codex_guard.commands.operands import Places
from codex_guard.shell import wrappers
from codex_guard.shell.arguments import Arguments
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import Scope

_MOST = 200  # paths that are looked at

# What has rules of its own for the guard's files.
_RULED = frozenset(
    ("rm", "mv", "ln", "tee", "truncate", "chmod", "chown", "chattr", "shred", "unlink", "rmdir", "touch",
     "ed", "ex", "vi", "vim", "nano")
)  # fmt: skip
# What reads files, and writes none that it is not told to by a redirection or an option of its own.
_READERS = frozenset(
    ("", ".", "[", "[[", "ag", "awk", "basename", "bat", "batcat", "bunzip2", "cat", "cd", "cksum", "cmp",
     "code", "codex-guard", "colordiff", "column", "comm", "compgen", "cp", "curl", "cut", "dd", "delta",
     "diff", "dirname", "du", "echo", "egrep", "export", "eza", "fd", "fgrep", "file", "find", "fold",
     "gawk", "gcp", "gh", "git", "grep", "head", "hexdump", "icdiff", "install", "jq", "less",
     "ll", "ls", "lsattr", "md5sum", "more", "mkdir", "nl", "od", "open", "paste", "perl",
     "printf", "pushd", "read", "readlink", "realpath", "rev", "rg", "rsync", "scp", "set",
     "sha1sum", "sha256sum", "sha512sum", "shasum", "source", "ssh", "stat", "strings", "tac", "tail",
     "test", "tr", "tree", "type", "uniq", "wc", "wget", "which", "xxd", "zip", "patch", "sort", "tar", "yq")
)  # fmt: skip
# Options whose value is written to, of these programs.
_OUTPUTS = (
    "o", "O", "output", "output-document", "output-file", "dump-header", "D", "cookie-jar", "c", "out",
)  # fmt: skip
_FETCHERS = frozenset(("curl", "wget", "sort", "aria2c", "http", "https", "xh", "openssl", "gpg"))
# Options that make a writer of a reader.
_WRITES = {
    "awk": ("inplace",), "gawk": ("inplace",), "yq": ("i", "inplace"), "tar": ("x", "extract", "get"),
}  # fmt: skip
_FILTERS = ("-name", "-iname", "-path", "-wholename")
_FINDERS = ("-fprint", "-fprintf", "-fprint0", "-fls")
_ONLY_LOOKS = frozenset(("check", "dry-run", "list-different", "help", "version"))
_CONTAINERS = frozenset(("docker", "podman", "nerdctl"))
_PATCHED = ("--- ", "+++ ", "rename to ", "rename from ")


def changes(invocation: Invocation, arguments: Arguments, places: Places) -> bool:
    """Say whether the guard's own files are given to a program that does more than read them."""
    program, scope = invocation.program, invocation.scope
    if program == "codex" and scope.lookup("CODEX_HOME") is not None:
        return True  # a session of its own, whose hooks are others
    if program in ("git", "patch") and invocation.stdin and _tells(invocation.stdin):
        return any(_is_ours(path, scope, places) for path in _patched(invocation))
    if not (_tells(scope.cwd or "") or any(_tells(value.text) for value in invocation.argv[1:])):
        return False
    written = _written(invocation, arguments)
    return any(_is_ours(piece, scope, places) for text in written for piece in _pieces(text, program))


def _written(invocation: Invocation, arguments: Arguments) -> list[str]:
    """Return the texts of all arguments that may name a file that is written."""
    program = invocation.program
    texts = [value.text for value in invocation.argv]
    if program in ("sed", "gsed"):  # w FILE
        words = [word for text in texts[1:] for word in text.replace(";", " ").split()]
        return [word for at, word in enumerate(words) if at and words[at - 1][-1] == "w"]
    if program in ("find", "gfind"):
        found = [text for at, text in enumerate(texts) if texts[at - 1] in _FINDERS]
        if "-delete" in texts and not {"-not", "!", "-prune"}.intersection(texts):
            names = [text.rpartition("/")[2] for at, text in enumerate(texts) if texts[at - 1] in _FILTERS]
            found += [f".codex/{name}" for name in names]
        return found
    if program in _CONTAINERS:
        within = [start.argv for start in wrappers.started(invocation) if start.argv]
        changed = [argv[1:] for argv in within if argv[0].text.rpartition("/")[2] not in _READERS]
        mounted = [text for text in texts[1:] if ":" in text or "=" in text]
        return [*mounted, *(value.text for values in changed for value in values)]
    if program in _FETCHERS:
        return [value.text for value in arguments.option(*_OUTPUTS)]
    if program == "dd":
        return [value.text for value in arguments.written]
    given = arguments.flags | arguments.names
    if program in _WRITES:
        writes = not given.isdisjoint(_WRITES[program]) or "inplace" in texts
    else:
        writes = program not in _READERS | _RULED and given.isdisjoint(_ONLY_LOOKS)
    if not writes or "json.tool" in texts or wrappers.started(invocation):  # which is judged by itself
        return []
    return [value.text for value in (*arguments.operands, *[value for _, value in arguments.options])]


def _pieces(text: str, program: str) -> list[str]:
    """Return what may be a path in an argument: all of it, and what stands around its signs."""
    pieces = [text, text.rpartition("=")[2]]
    if program in _CONTAINERS and not text.endswith(":ro"):
        pieces += [piece.rpartition("=")[2] for piece in text.replace(":", ",").split(",")[:_MOST]]
    return pieces if program not in _CONTAINERS or not text.endswith(":ro") else []


def _patched(invocation: Invocation) -> list[str]:
    """Return the files that a patch on standard input changes, with and without their first folder."""
    found: list[str] = []
    for line in (invocation.stdin or "").split("\n"):
        if line.startswith(_PATCHED) and _tells(line):
            path = line.split(" to " if " to " in line else " ", 1)[-1].partition("\t")[0].strip()
            found += [path, path.partition("/")[2]]
    return found[:_MOST]


def _tells(text: str) -> bool:
    lower = text.lower()
    return any(part in lower for part in TELLING)


def _is_ours(text: str, scope: Scope, places: Places) -> bool:
    if not text or not (_tells(text) or _tells(scope.cwd or "")):
        return False
    return any(operands.is_guarded(path, places) for path in scope.paths(text))

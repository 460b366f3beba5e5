"""Programs that copy, move or link files: where each file goes, and with which text."""

from codex_guard.shell import files
from codex_guard.shell.arguments import is_remote
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Scope, Value
from codex_guard.writes import effect, options
from codex_guard.writes.effect import Effect
from codex_guard.writes.options import Given

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

_IN_FOLDER = "which files the folder holds is known at run time only"
_GNU = "t S target-directory suffix backup? reflink? preserve? sparse context? no-preserve update?"
# Programs: the options that take a value.
_TAKES = {
    "cp": _GNU, "mv": _GNU, "ln": _GNU,
    "install": "t S g m o target-directory suffix group mode owner strip-program",
    "rsync":
    "e f T B M rsh filter temp-dir exclude include exclude-from include-from files-from rsync-path"
    " backup-dir log-file password-file port bwlimit timeout chmod chown out-format max-size min-size"
    " link-dest copy-dest compare-dest partial-dir suffix info debug block-size skip-compress usermap"
    " groupmap"
,
    "scp": "c D F i J l o P S X", "ditto": "arch",
}  # fmt: skip
# Clients that copy from somewhere else: the words in front, and the options that take a value.
_CLIENTS = (
    ("aws s3 cp", "exclude include acl region profile endpoint-url sse storage-class content-type"),
    ("aws s3 mv", "exclude include acl region profile endpoint-url"),
    ("gsutil cp", "o u h i z"), ("gsutil mv", "o u h i"), ("gcloud storage cp", "project account"),
    ("docker cp", "H context"), ("podman cp", ""), ("docker container cp", ""),
    ("kubectl cp", "n namespace c container context kubeconfig retries"),
    ("oc cp", "n namespace c container"),
    ("rclone copyto", "config"), ("s3cmd get", "c config"),
    ("aws s3 sync", "exclude include acl region profile endpoint-url"), ("gsutil rsync", "o u h i x"),
    ("rclone copy", "config"), ("rclone sync", "config"),
)  # fmt: skip
_SYNCS = frozenset(("aws s3 sync", "gsutil rsync", "rclone copy", "rclone sync"))
_GONE = frozenset(("dry-run", "dryrun", "help", "version", "list-only", "attributes-only"))
_DEEP = frozenset(("r", "R", "a", "recursive", "archive"))
_FOLDERS = frozenset(("/", "/tmp", "/var/tmp", "/etc", "/usr/local/bin", "/usr/bin", "/opt"))  # noqa: S108 - names
_MAKERS_OF_LINKS = frozenset(("ln", "gln"))
_MOVERS = frozenset(("mv", "gmv"))
_LOCAL = frozenset(("cp", "gcp", "mv", "gmv", "ln", "gln", "install", "ginstall", "ditto"))


def effects(invocation: Invocation, folders: "Container[str]") -> list[Effect]:
    """Return what is copied, moved or linked on this machine."""
    program = invocation.program
    takes = _TAKES.get(program) or _TAKES.get(program.removeprefix("g"))
    arguments = invocation.argv[1:]
    if takes is None:
        words = [value.text for value in arguments if not value.text.startswith("-")]
        said = " ".join((program, *words[:2], ""))
        name, takes = next((row for row in _CLIENTS if said.startswith(row[0] + " ")), ("", ""))
        if not name:
            return []
        given = options.read(arguments, takes)
        given = given.replace(operands=given.operands[name.count(" ") :])
        if not given.operands or ":" not in given.operands[0].text:
            return []
        if name in _SYNCS:
            return [
                Effect(value.text, unknown=_IN_FOLDER)
                for value in given.operands[1:2]
                if ":" not in value.text
            ]
    else:
        given = options.read(arguments, takes)
    logs = [effect.of(value) for value in given.values("log-file")] if program == "rsync" else []
    if given.has(*_GONE) or (program == "rsync" and given.has("n")):
        return logs
    return logs + _Copy(invocation, given, folders).effects()


class _Copy:
    """One command's files and where they go."""

    def __init__(self, invocation: Invocation, given: Given, folders: "Container[str]") -> None:
        self.program = invocation.program
        self.scope: Scope = invocation.scope
        self.given = given
        self.folders = folders
        self.deep = given.has(*_DEEP) or self.program == "ditto"

    def effects(self) -> list[Effect]:
        given = self.given
        operands = [value for value in given.operands if value.text]
        named = given.values("t", "target-directory")
        if self.program in ("install", "ginstall") and given.has("d", "directory"):
            return []
        if named:
            return [each for value in operands for each in self._into(value, named[-1])]
        if self.program in _MAKERS_OF_LINKS and len(operands) == 1:
            return self._into(operands[0], Value("."))
        if len(operands) < 2 or self._is_away(operands[-1]):  # noqa: PLR2004 - a source and a target
            return []
        *sources, target = operands
        found: list[Effect] = []
        # What find meets stands there twice: as anything below a folder, and by the name that is asked for.
        single = [value for value in sources if not value.text.endswith("/" + HOLE)]
        for source in sources:
            for inside in self._inside(source, target, several=len(single) > 1 or source.glob):
                found += self._into(source, target) if inside else self._onto(source, target.text)
        return found

    def _inside(self, source: Value, target: Value, *, several: bool) -> tuple[bool, ...]:
        """Say whether a file goes into the target, as into a folder; both where that is not clear."""
        if self.given.has("T", "no-target-directory"):
            return (False,)
        path = self.scope.path(target.text)
        last = target.text.rpartition("/")[2]
        home = self.scope.lookup("HOME")
        if several or last in ("", ".", "..") or path in self.folders or path in _FOLDERS or path == home:
            return (True,)
        root = self.scope.cwd or ""
        if root == path or root.startswith(path + "/"):
            return (True,)
        name = source.text.rstrip("/").rpartition("/")[2]
        stem, dot, _ = name.rpartition(".")
        # `cp a.py src`: a name without an ending is rather a folder's.
        doubtful = stem and dot and "." not in last and last.islower() and last != stem
        return (True, False) if doubtful and "/bin/" not in f"/{target.text}" else (False,)

    def _into(self, source: Value, folder: Value) -> list[Effect]:
        contents = self.program == "rsync" and source.text.endswith("/")
        name = source.text.rstrip("/").rpartition("/")[2].rpartition(":")[2]
        if contents or source.glob or name in (".", "..", "") or not set("*?").isdisjoint(name):
            return [Effect(folder.text, unknown=_IN_FOLDER)]
        joined = f"{folder.text.rstrip('/')}/{name}" if folder.text.strip("/") else f"/{name}"
        return self._onto(source, joined)

    def _onto(self, source: Value, target: str) -> list[Effect]:
        if self.program == "rsync" and source.text.endswith("/"):
            return [Effect(target, unknown=_IN_FOLDER)]
        if self.deep and "." not in source.text.rpartition("/")[2] and self._is_deep(source):
            return [Effect(target, unknown=_IN_FOLDER)]
        texts = files.read(source.text, self.scope) if not self._is_away(source) else ()
        content = texts[-1] if len(texts) == 1 else None
        if self.program in _MOVERS:
            if HOLE in self.scope.path(source.text):
                return [Effect(target, content=content)]
            return effect.moved(source.text, target, content)
        return [Effect(target, content=content)]

    def _is_away(self, value: Value) -> bool:
        return self.program not in _LOCAL and is_remote(value)

    def _is_deep(self, source: Value) -> bool:
        """Say whether what is copied with all that is in it is rather a folder than a file."""
        return self.program != "rsync" and not files.read(source.text, self.scope)

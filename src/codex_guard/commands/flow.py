"""Where what a script handles comes from and goes to.

From secrets to the network, and from the network into a shell: each file and each stage of a pipeline carries
labels, ``secret`` for what is read from credentials or the environment, ``network`` for what somebody else
delivers, ``decoded`` for what was not readable before.
"""

from codex_guard.commands import operands
from codex_guard.commands.operands import Places
from codex_guard.shell import inline
from codex_guard.shell.arguments import Arguments, is_remote
from codex_guard.shell.invocation import Invocation, Stage
from codex_guard.shell.meaning import HOLE, Scope, Value
from codex_guard.shell.wrappers import SHELLS, reads_stdin

_NOTHING: frozenset[str] = frozenset()
_NETWORK = frozenset(("network",))
_SECRET = frozenset(("secret",))
_DECODED = frozenset(("decoded",))
_FETCHERS = frozenset(
    ("curl", "wget", "fetch", "aria2c", "http", "https", "xh", "lynx", "links", "w3m", "nc", "ncat",
     "netcat", "socat", "ssh", "tftp", "ftp", "lftp", "sftp", "telnet", "dig", "drill", "host",
     "nslookup", "axel")
)  # fmt: skip
_DECODERS = frozenset(
    ("base64", "base32", "basenc", "xxd", "uudecode", "openssl", "gzip", "gunzip", "zcat", "bzip2",
     "bunzip2", "bzcat", "xz", "unxz", "xzcat", "zstd", "zstdcat", "tar", "unzip", "gpg", "rev")
)  # fmt: skip
_INLINE = frozenset("erE")
#: What prints its words.
PRINTERS = frozenset(("echo", "printf"))
_DUMPS = frozenset(("env", "printenv", "set", "export", "declare"))
# What reads a file without giving its content to anyone, or takes it for its own use.
_KEEPS = frozenset(
    ("ls", "stat", "test", "[", "[[", "file", "wc", "chmod", "chown", "chgrp", "rm", "mkdir", "rmdir",
     "touch", "md5sum", "sha1sum", "sha256sum", "sha512sum", "shasum", "cksum", "du", "df", "find",
     "ssh-keygen", "ssh-add", "ssh", "source", ".", "git", "docker", "echo", "printf", "cd", "which",
     "realpath", "readlink", "basename", "dirname", "shred", "truncate")
)  # fmt: skip
_COPIERS = frozenset(("cp", "gcp", "mv", "gmv", "ln", "install", "rsync", "scp", "tee"))
_ARCHIVE = {
    "tar": ("f", "file"),
    "zip": (),
    "gpg": ("o", "output"),
    "openssl": ("out",),
    "sort": ("o", "output"),
}
_INTO = {
    "curl": ("o", "output"), "wget": ("O", "output-document"), "aria2c": ("o", "out"),
    "http": ("o", "output"), "https": ("o", "output"), "xh": ("o", "output"),
}  # fmt: skip
_FOLDERS = ("P", "directory-prefix", "output-dir")
#: What can send something away: see ``sending``.
SENDERS = frozenset(
    ("curl", "wget", "http", "https", "xh", "socat", "scp", "rsync", "tar", "nc", "ncat", "netcat", "telnet",
     "openssl", "ssh", "ftp", "lftp", "tftp", "sftp", "mail", "mailx", "sendmail", "mutt", "neomutt", "swaks",
     "msmtp", "dig", "nslookup", "host", "ping", "drill", "resolvectl", "aws", "gsutil", "gcloud", "rclone",
     "s3cmd", "mc", "az", "gh", "croc", "wormhole", "ipfs")
)  # fmt: skip
_SOCKETS = ("/dev/tcp/", "/dev/udp/")
_EVALUATES = frozenset(("eval", "source", "."))
_MAKERS = frozenset(("make", "gmake"))
# What copies a folder with all in it, and the folders in which there are credentials.
_WHOLE = frozenset(("tar", "gtar", "bsdtar", "zip", "7z", "rsync", "scp"))
_HOMES = frozenset(("home", "root"))
#: What a path says that may be the guard's own, or a link to it.
TELLING = ("codex", "hooks.json", "config.toml", "policy.toml")
# What can tie a shell to the network.
_PIPES = frozenset(("nc", "ncat", "netcat", "socat", "telnet", "openssl"))


class Flow:
    """The labels of one script's files and stages, as its invocations come by in order.

    ``secret`` are paths that hold secrets by now, besides those that are known for it.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.secret: set[str] = set()
        self._network: set[str] = set()
        self._stages: dict[int, frozenset[str]] = {}
        self._carried: dict[int, frozenset[str]] = {}

    def judged(self, invocation: Invocation, arguments: Arguments) -> list[str]:
        """Return the special rules that an invocation breaks, and take in what it does."""
        piped = self._piped(invocation.upstream)
        inner = _NOTHING.union(*[self._carried.get(id(one), _NOTHING) for one in invocation.inner])
        found = [*self._runs(invocation, arguments, piped, inner)]
        program = invocation.program
        if program in SENDERS and self._sends(invocation, arguments, piped, inner):
            found.append("exfiltration")
        if program in _PIPES and self._is_shell(invocation.upstream):
            found.append("reverse-shell")
        if _may_be_ours(invocation):
            from codex_guard.commands import guarded  # noqa: PLC0415 - few commands name anything of ours

            found += ["guard-files"] if guarded.changes(invocation, arguments, self.places) else []
        self._take_in(invocation, arguments, piped, inner)
        return found

    def _piped(self, stage: Stage | None) -> frozenset[str]:
        """Return the labels of what a stage hands on, and all stages before it."""
        passed: list[Stage] = []
        while stage is not None and id(stage) not in self._stages:
            passed.append(stage)
            stage = stage.before
        labels = self._stages[id(stage)] if stage is not None else _NOTHING
        for each in reversed(passed):
            labels = labels.union(*[self._carried.get(id(one), _NOTHING) for one in each.started])
            self._stages[id(each)] = labels
        return labels

    def _is_shell(self, stage: Stage | None) -> bool:
        """Say whether a shell that waits for commands talks into a pipe."""
        return stage is not None and any(
            one.program in SHELLS and one.stdin is None and reads_stdin(one) for one in stage.started
        )

    def _labels(self, value: Value, scope: Scope) -> frozenset[str]:
        """Return the labels of a file."""
        found = set()
        path = scope.path(value.text) + "/"
        below = any(known.startswith(path) for known in self.secret)  # packed with the folder it is in
        if below or "secret" in operands.kinds(value, scope, self.places):
            found.add("secret")
        if self._network and not self._network.isdisjoint(scope.paths(value.text)):
            found.add("network")
        return frozenset(found)

    # -- what comes in ---------------------------------------------------------------------------

    def _take_in(
        self, invocation: Invocation, arguments: Arguments, piped: frozenset[str], inner: frozenset[str]
    ) -> None:
        program = invocation.program
        labels = set(piped) if invocation.stdin is None else set()
        if program not in _KEEPS:
            for value in arguments.read:
                labels |= self._labels(value, invocation.scope)
        elif program in PRINTERS:
            labels |= inner
        if program in _WHOLE and self._holds_home(arguments.operands, invocation):
            labels |= _SECRET
        if program in _FETCHERS or (program in _COPIERS and any(map(is_remote, arguments.read))):
            labels |= _NETWORK
        elif program in _DECODERS or (
            inline.language(program) and not _INLINE.isdisjoint(arguments.flags) and invocation.argv[2:]
        ):  # what a program in a word prints has been read by nobody
            labels |= _DECODED
        elif program in _DUMPS and all("=" in value.text for value in arguments.operands):
            labels |= _SECRET
        self._carried[id(invocation)] = frozenset(labels)
        written = self._written(invocation, arguments) if labels or invocation.targets else ()
        for value in written:
            paths = invocation.scope.paths(value.text)[:1] if HOLE not in value.text else ()
            if "secret" in labels or "secret" in operands.kinds(value, invocation.scope, self.places):
                self.secret.update(paths)
            if "network" in labels:
                self._network.update(paths)

    def _written(self, invocation: Invocation, arguments: Arguments) -> list[Value]:
        """Return the files that take what an invocation reads or prints."""
        program = invocation.program
        found = [value for _, value in invocation.targets]
        if program in _COPIERS:
            found += arguments.written
        found += arguments.option(*_ARCHIVE.get(program, ()), *_INTO.get(program, ()))
        if program == "zip":
            found += arguments.operands[:1]
        by_name = "O" in arguments.flags or "remote-name" in arguments.names
        if program in ("wget", "aria2c", "axel") or (program == "curl" and by_name):
            addresses = [value.text.partition("?")[0].rstrip("/") for value in arguments.operands]
            folder = "".join([f"{value.text}/" for value in arguments.option(*_FOLDERS)[-1:]])
            found += [Value(folder + address.rpartition("/")[2]) for address in addresses]
        if program == "dd":
            found += arguments.written
        return found

    def _holds_home(self, values: tuple[Value, ...], invocation: Invocation) -> bool:
        """Say whether one of the folders of this machine is a home folder, or has them all."""
        return not invocation.elsewhere and any(
            not _HOMES.isdisjoint(operands.kinds(value, invocation.scope, self.places)) for value in values
        )

    # -- what goes out, and what runs ------------------------------------------------------------

    def _sends(
        self, invocation: Invocation, arguments: Arguments, piped: frozenset[str], inner: frozenset[str]
    ) -> bool:
        from codex_guard.commands import sending  # noqa: PLC0415 - for what sends

        sent = sending.sent(invocation, arguments)
        if sent is None:
            return False
        if sent.stdin and "secret" in piped:
            return True
        if invocation.program in _WHOLE and self._holds_home(sent.files, invocation):
            return True
        files = sent.files + (invocation.sources if sent.stdin else ())
        if any("secret" in self._labels(value, invocation.scope) for value in files):
            return True
        return sent.words and "secret" in inner

    def _runs(
        self, invocation: Invocation, arguments: Arguments, piped: frozenset[str], inner: frozenset[str]
    ) -> list[str]:
        """Say whether a shell or interpreter is given code from the network, or code that was hidden."""
        program = invocation.program
        path = invocation.argv[0] if invocation.argv else Value("")
        if "/" in path.text and self._network and "network" in self._labels(path, invocation.scope):
            return ["remote-code"]
        recipes = arguments.option("f", "file", "makefile")
        if program in _EVALUATES:
            labels = inner | (piped if invocation.stdin is None and reads_stdin(invocation) else _NOTHING)
        elif program in SHELLS or inline.language(program):
            labels = self._given(invocation, piped, inner)
        elif program in _MAKERS and recipes:
            labels = inner if any(HOLE in value.text for value in recipes) else _NOTHING
            labels |= piped if any(value.text in ("-", "/dev/stdin") for value in recipes) else _NOTHING
        elif program == HOLE and len(invocation.argv) == 1:  # a line that was read, run as it is
            labels = inner
        else:
            return []
        first = tuple(recipes[:1]) if program in _MAKERS else arguments.operands[:1]
        if program != "eval" and any("network" in self._labels(value, invocation.scope) for value in first):
            labels |= _NETWORK
        if "network" in labels:
            return ["remote-code"]
        return ["decoded-code"] if "decoded" in labels else []

    def _given(self, invocation: Invocation, piped: frozenset[str], inner: frozenset[str]) -> frozenset[str]:
        """Return the labels of the code that an interpreter is given in its words or on standard input."""
        first = next((v.text for v in invocation.argv[1:] if not v.text.startswith("-")), HOLE)
        labels = inner if HOLE in first else _NOTHING
        if invocation.stdin is None and (reads_stdin(invocation) or first == HOLE):
            labels |= piped
            if any(value.text.startswith(_SOCKETS) for value in invocation.sources):
                labels |= _NETWORK
        return labels


def _may_be_ours(invocation: Invocation) -> bool:
    """Say whether anything in an invocation may name a file of the guard's own."""
    texts = (invocation.scope.cwd or "", invocation.stdin or "", *(value.text for value in invocation.argv))
    return any(part in text.lower() for text in texts for part in TELLING)

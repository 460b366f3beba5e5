"""Programs that send something away: which files, and whether also their input or their words."""

from codex_guard.record import Record
from codex_guard.shell.arguments import Arguments, is_remote
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Value

_LOCAL = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104 - an address to recognise
_CURL_DATA = ("d", "data", "data-ascii", "data-binary", "data-urlencode", "json", "url-query")
_FORM = ("F", "form")
_UPLOAD = ("T", "upload-file")
_TRANSFERS = frozenset(("ftp", "lftp", "tftp", "sftp"))
_PUT = frozenset(("put", "mput", "send", "append", "reput"))
_MAIL = frozenset(("mail", "mailx", "sendmail", "mutt", "neomutt", "swaks", "msmtp"))
_NAMES = frozenset(("dig", "nslookup", "host", "ping", "drill", "resolvectl"))
_STORES = {
    "aws": ("s3", "cp|mv|sync"), "gsutil": ("cp|mv|rsync",), "gcloud": ("storage", "cp|mv|rsync"),
    "rclone": ("copy|copyto|move|moveto|sync",), "s3cmd": ("put|sync",), "mc": ("cp|mv|mirror|pipe",),
    "az": ("storage", "blob", "upload|upload-batch"), "gh": ("gist|release", "create|upload"),
    "croc": ("send",), "wormhole": ("send",), "ipfs": ("add",),
}  # fmt: skip


class Sent(Record):
    """What leaves the machine: ``files``; ``stdin``: what is piped in; ``words``: what its words bring."""

    files: tuple[Value, ...] = ()
    stdin: bool = False
    words: bool = False


def sent(invocation: Invocation, arguments: Arguments) -> Sent | None:
    """Return what one of ``flow.SENDERS`` sends to another machine; None where it sends nothing."""
    program = invocation.program
    if program in _OWN:
        return _OWN[program](arguments)
    if program in _STORES:
        return _stored(_STORES[program], arguments)
    if program in _MAIL:
        return Sent(tuple(arguments.option("a", "A", "attach")), stdin=True, words=True)
    if program in _NAMES:
        return Sent(words=True)
    if program in _TRANSFERS:
        return Sent(_put(invocation, arguments), stdin=True, words=True)
    if program == "openssl" and not any(value.text == "s_client" for value in arguments.operands):
        return None
    return None if _is_local(arguments.operands) else Sent(stdin=True, words=True)


def _curl(arguments: Arguments) -> Sent | None:
    addresses = (*arguments.operands, *arguments.option("url"))
    if _is_local(addresses):
        return None
    files: list[Value] = []
    for value in arguments.option(*_CURL_DATA):
        name, at, path = value.text.partition("@")
        if at and (not name or "=" not in name):
            files.append(Value(path))
    for value in arguments.option(*_FORM):
        content = value.text.partition("=")[2]
        if content[:1] in ("@", "<"):
            names = content[1:].partition(";")[0].replace('"', "")
            files += [Value(path) for path in names.split(",")]
    files += arguments.option(*_UPLOAD)
    data = bool(arguments.option(*_CURL_DATA, *_FORM, "data-raw", "form-string"))
    stdin = any(value.text in ("-", ".") for value in files)
    return Sent(tuple(files), stdin, data or _unknown(addresses))


def _wget(arguments: Arguments) -> Sent | None:
    if _is_local(arguments.operands):
        return None
    words = bool(arguments.option("post-data", "body-data")) or _unknown(arguments.operands)
    return Sent(tuple(arguments.option("post-file", "body-file")), words=words)


def _copied(arguments: Arguments) -> Sent | None:
    return Sent(arguments.read) if any(map(is_remote, arguments.operands[-1:])) else None


def _packed(arguments: Arguments) -> Sent | None:
    archives = arguments.option("f", "file")
    return Sent(arguments.operands) if any(map(is_remote, archives)) else None


def _httpie(arguments: Arguments) -> Sent | None:
    if _is_local(arguments.operands):
        return None
    files = [value.text.partition("@")[2] for value in arguments.operands if "@" in value.text]
    files = [*files, *(value.text[1:] for value in arguments.operands if value.text.startswith("@"))]
    return Sent(tuple([Value(path) for path in files]), stdin=True, words=True)


def _socat(arguments: Arguments) -> Sent | None:
    addresses = [part for value in arguments.operands for part in value.text.split("!!")]
    kinds = [address.partition(":")[0].upper() for address in addresses]
    if not any(kind.startswith(("TCP", "UDP", "SSL", "OPENSSL", "SCTP", "SOCKS", "PROXY")) for kind in kinds):
        return None
    files = [
        Value(address.partition(":")[2].partition(",")[0].strip("'\""))
        for kind, address in zip(kinds, addresses, strict=True)
        if kind in ("OPEN", "FILE", "GOPEN", "RDONLY")
    ]
    return Sent(tuple(files), stdin=any(kind in ("-", "STDIN", "STDIO", "FD") for kind in kinds), words=True)


def _stored(words: tuple[str, ...], arguments: Arguments) -> Sent | None:
    """Say what goes into somebody's store: what is local of the operands behind the subcommand."""
    given = [value.text for value in arguments.operands]
    for at, word in enumerate(words):
        if given[at : at + 1] == [] or given[at] not in word.split("|"):
            return None
    files = [value for value in arguments.operands[len(words) :] if "://" not in value.text]
    files += arguments.option("f", "file", "F", "body-file", "s", "source")
    return Sent(tuple(files), stdin=any(value.text == "-" for value in files) or not files)


def _put(invocation: Invocation, arguments: Arguments) -> tuple[Value, ...]:
    """Return the files that a session's commands send, typed into it or given to it."""
    files: list[str] = []
    for text in (invocation.stdin or "", " ".join([value.text for value in arguments.operands])):
        for line in text.replace(";", "\n").split("\n"):
            words = line.split()
            at = next((at for at, word in enumerate(words) if word in _PUT), len(words))
            files += words[at + 1 :]
    return tuple([Value(name) for name in files])


def _is_local(addresses: tuple[Value, ...]) -> bool:
    hosts = [value.text.rpartition("://")[2].rpartition("@")[2] for value in addresses]
    return bool(hosts) and all(host.startswith((*_LOCAL, ":", "/")) for host in hosts if host)


def _unknown(addresses: tuple[Value, ...]) -> bool:
    return any(HOLE in value.text for value in addresses)


_OWN = {
    "curl": _curl,
    "wget": _wget,
    "http": _httpie,
    "https": _httpie,
    "xh": _httpie,
    "socat": _socat,
    "scp": _copied,
    "rsync": _copied,
    "tar": _packed,
}

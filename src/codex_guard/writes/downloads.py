"""curl, wget and aria2c: the files that they download into, and what else they write."""

from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE
from codex_guard.writes import effect, options
from codex_guard.writes.effect import Effect
from codex_guard.writes.options import Given

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

_NAMED_BY_SERVER = "the server names the file"
_MANY = "which files are downloaded is known at run time only"
_CURL = (
    "A b c C d D e E F h? H K m o P Q r t T u U w x X y Y z output output-dir header data data-raw"
    " data-binary data-urlencode json form request user user-agent cookie cookie-jar dump-header url"
    " proxy cacert cert key max-time connect-timeout retry retry-delay retry-max-time referer range"
    " resolve write-out trace trace-ascii stderr etag-save etag-compare config upload-file limit-rate"
    " interface oauth2-bearer proxy-user libcurl hsts alt-svc netrc-file ciphers connect-to max-redirs"
)
_CURL_LOGS = ("D", "dump-header", "c", "cookie-jar", "trace", "trace-ascii", "stderr", "etag-save", "libcurl")
_WGET = (
    "O o a P i e t T w Q U l A R D B I X output-document output-file append-output directory-prefix"
    " input-file execute tries timeout wait quota user-agent level accept reject domains header post-"
    " data post-file user password save-cookies load-cookies referer method body-data body-file ca-"
    " certificate limit-rate warc-file default-page cut-dirs rejected-log"
)
_ARIA = (
    "o d i l j s x k m t U out dir input-file log max-concurrent-downloads split header user-agent"
    " max-connection-per-server referer http-user http-passwd checksum load-cookies save-cookies"
)


def effects(invocation: Invocation, _: "Container[str]") -> list[Effect]:
    """Return what is downloaded into files."""
    arguments = invocation.argv[1:]
    if invocation.program == "curl":
        return _curl(options.read(arguments, _CURL))
    if invocation.program == "wget":
        return _wget(options.read(arguments, _WGET))
    given = options.read(arguments, _ARIA)
    found = [effect.of(value) for value in given.values("l", "log", "save-cookies") if value.text != "-"]
    folder = _folder(given, "d", "dir")
    named = given.values("o", "out")
    names = [value.text for value in named] or [_name(url) for url in _urls(given)]
    if given.has("i", "input-file"):
        found.append(Effect(folder or "aria2c", unknown=_MANY))
    return found + [_downloaded(folder, name) for name in names]


def _urls(given: Given) -> list[str]:
    return [value.text for value in (*given.operands, *given.values("url")) if value.text]


def _name(url: str) -> str:
    """Return the file's name in a URL; empty where its path ends in a folder."""
    rest = url.partition("://")[2] if "://" in url else url
    path = rest.partition("#")[0].partition("?")[0]
    return path.rpartition("/")[2] if "/" in path else HOLE if HOLE in path else ""


def _folder(given: Given, *names: str) -> str:
    return next((value.text for value in reversed(given.values(*names))), "")


def _downloaded(folder: str, name: str, op: str = "add") -> Effect:
    if not name:
        return Effect(folder or "download", unknown=_NAMED_BY_SERVER)
    path = name if not folder or name.startswith("/") else f"{folder.rstrip('/')}/{name}"
    return Effect(path, op)


def _curl(given: Given) -> list[Effect]:
    found = [effect.of(value) for value in given.values(*_CURL_LOGS) if value.text not in ("-", "%")]
    folder = _folder(given, "output-dir")
    urls = _urls(given)
    every, by_server = given.has("remote-name-all"), given.has("J", "remote-header-name")
    outputs = [
        value.text if name in ("o", "output") else ""
        for name, value in given.options
        if name in ("o", "output", "O", "remote-name")
    ]
    outputs += [""] * (len(urls) - len(outputs)) if every else []
    for at, output in enumerate(outputs):
        if output in ("-", "/dev/null"):
            continue
        url = urls[at] if at < len(urls) else ""
        if "#" in output or not set("{[").isdisjoint(url if not output else ""):
            found.append(Effect(output or url, unknown=_MANY))
        elif output:
            found.append(_downloaded(folder, output))
        elif by_server:
            found.append(_downloaded(folder, ""))
        elif url:
            found.append(_downloaded(folder, _name(url)))
    return found


def _wget(given: Given) -> list[Effect]:
    found = [
        effect.of(value) for value in given.values("o", "output-file", "save-cookies") if value.text != "-"
    ]
    found += [effect.of(value, "update") for value in given.values("a", "append-output")]
    if given.has("spider", "help", "h", "version", "V"):
        return found
    documents = given.values("O", "output-document")
    if documents:
        return found + [effect.of(value) for value in documents[-1:] if value.text != "-"]
    folder = _folder(given, "P", "directory-prefix")
    if given.has("r", "recursive", "m", "mirror", "p", "page-requisites", "i", "input-file", "x"):
        return [*found, Effect(folder or "wget", unknown=_MANY)]
    if given.has("content-disposition"):
        return [*found, _downloaded(folder, "")]
    for url in _urls(given):
        query = url.partition("#")[0].partition("?")[2]
        name = _name(url) or "index.html"
        found.append(_downloaded(folder, name + (f"?{query}" if query else "")))
    return found

"""What clients of the web ask of a server: the method and the address."""

from codex_guard.commands.globs import like
from codex_guard.shell.arguments import Arguments
from codex_guard.shell.invocation import Invocation

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_CURL_DATA = (
    "d", "data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json", "F", "form",
    "form-string",
)  # fmt: skip
_WGET_DATA = ("post-data", "post-file")
_APIS = {"gh": "api.github.com", "glab": "gitlab.com/api/v4"}


def asks(patterns: tuple[str, ...], invocation: Invocation, arguments: Arguments) -> bool:
    """Say whether a request fits one of ``METHOD host/path`` patterns, in which ``*`` is any text."""
    method, addresses = asked(invocation.program, arguments)
    for pattern in patterns:
        wanted, _, address = pattern.partition(" ")
        if method == wanted and any(like(address, one) for one in addresses):
            return True
    return False


def asked(program: str, arguments: Arguments) -> tuple[str, list[str]]:
    """Return the method, and the addresses as ``host[:port]/path`` without a query."""
    operands = [value.text for value in arguments.operands]
    if program in _APIS:
        if operands[:1] != ["api"]:
            return "", []
        given = arguments.option("X", "method")
        method = given[-1].text if given else "GET"
        return method.upper(), [f"{_APIS[program]}/{path.lstrip('/')}" for path in operands[1:2]]
    if program in ("http", "https", "xh"):
        method = operands[0] if operands and operands[0].upper() in _METHODS else ""
        rest = operands[1:] if method else operands
        sends = any("=" in item and "==" not in item for item in rest[1:])
        return (method or ("POST" if sends else "GET")).upper(), [_address(text) for text in rest[:1]]
    given = arguments.option("X", "request") if program == "curl" else arguments.option("method")
    method = given[-1].text if given else _by_data(program, arguments)
    return method.upper(), [
        _address(text) for text in [*operands, *(v.text for v in arguments.option("url"))]
    ]


def _by_data(program: str, arguments: Arguments) -> str:
    if program == "curl" and arguments.option("T", "upload-file"):
        return "PUT"
    data = arguments.option(*(_CURL_DATA if program == "curl" else _WGET_DATA))
    asked_for = "G" in arguments.flags or "get" in arguments.names
    return "POST" if data and not asked_for else "GET"


def _address(url: str) -> str:
    """Take the scheme, the user and the query off an address."""
    rest = url.partition("://")[2] or url
    rest = rest.partition("?")[0].partition("#")[0]
    host, slash, path = rest.partition("/")
    host = host.rpartition("@")[2]
    return ("localhost" + host if host.startswith(":") else host) + slash + path

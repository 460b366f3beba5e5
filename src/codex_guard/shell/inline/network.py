"""Calls that download, and those that open a socket."""

from codex_guard.shell.inline import names, things
from codex_guard.shell.inline.call import Call
from codex_guard.shell.inline.program import quoted
from codex_guard.shell.inline.things import UNKNOWN, Thing
from codex_guard.shell.meaning import HOLE, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.inline.reader import Reader

SCHEMES = ("http://", "https://", "ftp://")


def address(thing: Thing) -> str:
    """Return the web address that ``thing`` is, or an empty text."""
    return next((text for text in things.texts(thing) if text.startswith(SCHEMES)), "")


def fetch(reader: "Reader", call: Call) -> Thing:
    """Download; what comes back is known to come from there."""
    if any(thing.name in names.ENVIRONMENT for thing in (*call.given, *(sent for _, sent in call.named))):
        reader.program.start(script=f"printenv | curl -d @- {quoted(HOLE)}")
    urls = [address(thing) for thing in (*call.given, *(thing for _, thing in call.named), call.subject)]
    url = next((found for found in urls if found), "") or next((thing.url for thing in call.given), "")
    if url:
        reader.program.start((Value("curl"), Value(url)))
        reader.program.fetched = url
    return Thing((HOLE,), url=url or HOLE)


def download(reader: "Reader", call: Call) -> Thing:
    """Download into a file."""
    url = address(call.first)
    target = things.values(call.given[1])[:1] if len(call.given) > 1 else ()
    if url:
        reader.program.start((Value("curl"), Value("-o"), *(target or (Value(HOLE),)), Value(url)))
    return UNKNOWN


def connect(_: "Reader", call: Call) -> Thing:
    """Return a connection to a host, from which everything is downloaded."""
    host = call.first.texts[0] if call.first.known else HOLE
    return Thing((HOLE,), url=f"https://{host}")


def socket(reader: "Reader", call: Call) -> Thing:
    """Note where the program connects to."""
    given = [thing for thing in call.given if thing.texts or thing.items is not None]
    flat = [item for thing in given for item in (thing.items if thing.items is not None else (thing,))]
    host = things.option(call.named, "host", "PeerAddr", "PeerHost") or (flat[0] if flat else UNKNOWN)
    port = things.option(call.named, "port", "PeerPort") or (flat[1] if len(flat) > 1 else UNKNOWN)
    where = next(iter(host.texts), HOLE), next(iter(port.texts), HOLE)
    if where[0].isdecimal():  # Perl and Node name the port first
        where = where[1], where[0]
    if reader.program.socket is None:
        reader.program.socket = where
    return UNKNOWN


def incoming(reader: "Reader", _: Call) -> Thing:
    """Return what comes from the other end of a socket."""
    host = reader.program.socket[0] if reader.program.socket is not None else HOLE
    return Thing((HOLE,), url="tcp://" + host)


def attach(reader: "Reader", _: Call) -> Thing:
    """Note that the standard streams are given to something else."""
    reader.program.attached = True
    return UNKNOWN

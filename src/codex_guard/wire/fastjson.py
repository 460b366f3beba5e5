"""JSON without importing ``json``: reading one document and quoting one text.

``json`` imports ``re`` and costs a hook 8 ms, nearly as much as starting Python. Its C scanner is all
that is needed to read an event; where an interpreter has none, ``json`` itself takes over.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

accelerator: "Any"
try:
    import _json as accelerator
except ImportError:  # an interpreter without it, such as PyPy
    accelerator = None

_SPACE = " \t\n\r"


class _Settings:
    """What the scanner asks of a ``json.JSONDecoder``: the defaults of one."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    memo: "dict[str, str]" = {}  # noqa: RUF012 - read by the scanner only
    parse_constant = float  # NaN, Infinity, -Infinity


def loads(text: str) -> "Any":
    """Return the one JSON value in ``text``. Raises ValueError for anything else."""
    if accelerator is None:
        import json  # noqa: PLC0415

        return json.loads(text)
    start, end = 0, len(text)
    while start < end and text[start] in _SPACE:
        start += 1
    try:
        value, at = accelerator.make_scanner(_Settings)(text, start)
    except StopIteration as stop:
        raise ValueError(f"no JSON value at character {stop.value}") from None
    while at < end and text[at] in _SPACE:
        at += 1
    if at != end:
        raise ValueError(f"text after the JSON value at character {at}")
    return value


def quote(text: str) -> str:
    """Return ``text`` as a JSON string in ASCII."""
    if accelerator is None:
        import json  # noqa: PLC0415

        return json.dumps(text)
    quoted: str = accelerator.encode_basestring_ascii(text)
    return quoted

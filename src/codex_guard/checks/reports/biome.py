"""``biome check --reporter=github``: workflow commands, ``::error title=…,file=…,line=…,col=…::message``.

Biome calls its own JSON experimental; this form is GitHub's, and Biome has printed it since 1.8.
https://biomejs.dev/reference/reporters/ and
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
"""

from collections.abc import Iterator

from codex_guard.checks.reports.entry import UNNAMED, Entry, number

_LEAD = "::error "
# The percent sign last: what it escapes is no escape of its own.
_ESCAPES = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


def entries(output: str) -> Iterator[Entry]:
    """Yield the errors, not warnings and notices."""
    for line in output.split("\n"):
        if not line.startswith(_LEAD):
            continue
        named, _, message = line.removeprefix(_LEAD).partition("::")
        values = dict(_property(part) for part in named.split(","))
        place = values.get("file", ""), number(values.get("line")), number(values.get("col"))
        yield *place, values.get("title", UNNAMED), _unescaped(message)


def _property(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name, _unescaped(value)


def _unescaped(value: str) -> str:
    for escape, character in _ESCAPES:
        value = value.replace(escape, character)
    return value

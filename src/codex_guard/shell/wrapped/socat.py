"""The addresses of ``socat`` that are commands: ``EXEC:command``, ``SYSTEM:script`` and ``SHELL``."""

from codex_guard.shell.invocation import Invocation, Start
from codex_guard.shell.meaning import Value

_SCRIPTS = ("exec", "system", "shell")


def started(invocation: Invocation) -> list[Start]:
    """Return what the addresses start; their options, behind a comma, are left out."""
    found: list[Start] = []
    for value in invocation.argv[1:]:
        for address in value.text.split("!!"):
            kind, colon, rest = address.partition(":")
            name = kind.lower().partition(",")[0]
            if name in _SCRIPTS and colon:
                found.append(Start(script=_without_options(rest).replace("\\ ", " ")))
            elif name == "shell":
                found.append(Start((Value("sh"),)))
    return found


def _without_options(text: str) -> str:
    """Cut an address's options off; a comma that is escaped or quoted belongs to the command."""
    quote = ""
    for at, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "," and text[at - 1 : at] != "\\":
            return text[:at]
    return text

"""The ways in which a value could stand in a text without standing there as it is."""

import base64
import html
import json
import urllib.parse
from collections.abc import Callable

#: Each takes the value and gives a text that holds it in another form.
ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 behind one byte": lambda value: base64.b64encode(b"x" + value.encode()).decode(),
    "base64 behind two": lambda value: base64.b64encode(b"x=" + value.encode()).decode(),
    "base64url": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "hex": lambda value: value.encode().hex(),
    "HEX": lambda value: value.encode().hex().upper(),
    "percent": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    "quoted for a URL": lambda value: urllib.parse.quote(value, safe=""),
    "unicode escapes": lambda value: "".join(f"\\u{ord(character):04x}" for character in value),
    "hex escapes": lambda value: "".join(f"\\x{byte:02x}" for byte in value.encode()),
    "entities": lambda value: "".join(f"&#{ord(character)};" for character in value),
    "html": html.escape,
    "json": lambda value: json.dumps(value)[1:-1],
    "reversed": lambda value: value[::-1],
}


def shown(value: str, text: str) -> list[str]:
    """Return the names of the encodings in which ``text`` holds ``value``, or a telling part of it."""
    found = []
    for name, encode in ENCODINGS.items():
        # What stands before and after a value changes the ends of its base64.
        whole = encode(value)
        core = whole[4:-4] if name.startswith("base64") else whole
        if len(core) >= 8 and core in text:
            found.append(name)
    return found

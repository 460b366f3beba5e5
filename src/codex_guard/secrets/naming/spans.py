"""What names are made of, and steps over a bounded stretch of a text."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
WORD = LETTERS + "0123456789_"
NAME = WORD + "-.$"
LONGEST_NAME = 64  # characters on either side of the keyword
BLANK = " \t"
QUOTES = "\"'`"
ALIGNED = 60  # blanks between a name and its value in a table of them


def over_blanks(body: str, place: int, most: int = ALIGNED) -> int:
    """Return the place behind the blanks at ``place``, ``most`` of them at most."""
    stretch = body[place : place + most]
    return place + len(stretch) - len(stretch.lstrip(BLANK))


def over_value_key(body: str, place: int) -> int:
    """Skip the second key in ``"name": "password", "value": ...`` and ``key="password" value=...``."""
    stretch = body[place : place + 24]
    bare = stretch.lstrip("\\\"'")
    if not bare[:5].lower().startswith("value"):
        return place
    rest = bare[5:].lstrip("\\\"'").lstrip(BLANK)
    if rest[:1] not in ("=", ":"):
        return place
    return place + len(stretch) - len(rest) + 1

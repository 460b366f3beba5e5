"""A value that is laid out away from its name: on the next line, in the next cell, in a block."""

from codex_guard.secrets.naming.spans import ALIGNED, LONGEST_NAME, NAME, WORD, over_blanks, over_value_key

_LONE = 16  # characters of a value that stands alone on the line behind its name
_NOT_LONE = " :\"'`{}[]()<>,;"
_LONGEST_LINE = 4_096
#: A parameter of CloudFormation.
_PARAMETER = (
    r"\s*(?:(?:Type|NoEcho|Description|MinLength|MaxLength):[^\n]{0,60}\n[ \t]{1,20}){1,4}Default:[ ]"
)
_NEXT_REACH = 200
_NEXT_BEGINS = ("\n", "\r", "{", "<", ",", "a")
_NEXT_WORDS = ("value", "default", "<string")
#: Of a manifest, a plist, a Hadoop file, Terraform, a template.
_NEXT = (
    r"(?:[ ]?\r?\n[ \t]{1,60}['\"]?(?i:value)['\"]?[ ]?[:=][ ]?"
    r"|\r?\n?</(?:key|name)>\s{0,80}<(?:string|value)>"
    r"|,?\r?\n[ \t]{0,60}android:value="
    r"|android:value="
    r"|[ ]?\{[^{}]{0,120}?\bdefault[ ]{0,20}=[ ]?"
    r")"
)


def over_next_line(body: str, place: int) -> int | None:
    """Skip to a value on a line of its own: ``name: NAME``, ``value: ...``; ``variable "x" { default =``."""
    stretch = body[place : place + _NEXT_REACH]
    if stretch[:1] not in _NEXT_BEGINS or not any(word in stretch.lower() for word in _NEXT_WORDS):
        return None
    from re import match  # noqa: PLC0415 - rare

    found = match(_NEXT, stretch)
    return place + found.end() if found else None


def over_cell(body: str, place: int, run: str) -> int | None:
    """Skip to the next cell: of a Markdown table, of a line of CSV that a name begins; or to a second key."""
    if run.lstrip(", ").startswith("value"):
        return over_value_key(body, over_blanks(body, place + 1))
    line_start = body.rfind("\n", max(0, place - 4 * LONGEST_NAME), place) + 1
    before = body[line_start:place]
    end = body.find("\n", place, place + _LONGEST_LINE)
    rest = body[place + 1 : end if end >= 0 else place + _LONGEST_LINE]
    if run[0] == "|":
        return over_blanks(body, place + 1) if before.lstrip()[:1] == "|" and "|" in rest else None
    return place + 1 if _is_lone(rest.strip()) and before and not before.strip(NAME) else None


def _is_lone(word: str) -> bool:
    """Say whether a long word stands alone, as a value does that is no text."""
    return len(word) >= _LONE and not any(mark in word for mark in _NOT_LONE)


def over_block(body: str, place: int) -> int:
    """Skip the mark of a YAML block of text, or an anchor: ``|-`` and a line's end, ``&name``."""
    stretch = body[place : place + ALIGNED]
    if stretch.startswith(("\n", "\r\n")):
        from re import match  # noqa: PLC0415 - rare

        found = match(_PARAMETER, body[place : place + _NEXT_REACH])
        if found:
            return place + found.end()
        line = body[place : place + _NEXT_REACH].lstrip("\r\n").partition("\n")[0]
        word = line.strip()
        return place + body[place : place + _NEXT_REACH].index(word) if _is_lone(word) else place
    if stretch[:1] in ("|", ">"):
        rest = stretch[1:].lstrip("+-").lstrip(" \r")
        if rest[:1] == "\n":
            return place + len(stretch) - len(rest.lstrip())
    if stretch[:1] == "&" and stretch[1:2].isalpha():
        anchor = stretch[1:].lstrip(WORD + "-")
        if anchor[:1] == " ":
            return place + len(stretch) - len(anchor) + 1
    return place

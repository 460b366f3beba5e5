"""What ties a value to a name: an assignment, a colon, a tag, a call, an argument, or mere blanks."""

from codex_guard.secrets.naming.layout import over_block, over_cell, over_next_line
from codex_guard.secrets.naming.spans import (
    ALIGNED,
    BLANK,
    LONGEST_NAME,
    NAME,
    QUOTES,
    WORD,
    over_blanks,
    over_value_key,
)

_ESCAPED_QUOTES = "\\\"'`"
_CLOSERS = "\\\"'`])}*"
_BEFORE_EQUALS = ".?|+!~/"
_TYPES = tuple(
    """
    str String bytes text Text Optional[ Final SecretStr const auto any & * char NSString Secret
    Annotated[ varchar VARCHAR nvarchar var wchar_t Any readonly ClassVar[
    """.split()
)
_LONGEST_TYPE = 48
_FALLBACKS = ("||", "??", "or ", "//")
_VALUE_FLAGS = ("--value ", "--value=", "--body ", "--body=")
_QUOTED = tuple(QUOTES)


def connected(body: str, place: int) -> tuple[int, str]:
    """Return where a value would begin behind a name, and what ties it (see ``pairs.Pair``), if anything."""
    stretch = body[place : place + 4]
    closers = len(stretch) - len(stretch.lstrip(_CLOSERS))
    quoted = any(mark in QUOTES for mark in stretch[:closers])
    behind = body[place + closers : place + closers + 4].lstrip(BLANK)
    if ")" in stretch[:closers] and behind.startswith((":", "=>")):
        return place, ""  # def login(password):, sign("secret") => "..."
    place += closers
    if body[place : place + 1] == "[" and "]" in body[place : place + 8]:
        place = body.index("]", place) + 1  # char password[25] =
    blank = over_blanks(body, place)
    after = _over_connector(body, _over_type(body, blank), quoted=quoted)
    if after is None:
        return blank, " " if blank > place else ""
    tie = "(" if body[after - 1] == "(" else "="
    if body[after - 1] == ":" and body.startswith(("**", "__"), after):
        after += 2  # **NAME:** in Markdown
    if body[after - 1] == ":":
        after = _over_annotation(body, after)
    after = over_blanks(body, after)
    after = over_block(body, after) if body[after - 1 : after] in " \t:" else after
    if body[after - 1] == ">" and body.startswith(("\n", "\r\n"), after):
        stretch = body[after : after + ALIGNED]
        after += len(stretch) - len(stretch.lstrip())  # an XML element on lines of its own
    return after, tie


def _over_type(body: str, place: int) -> int:
    """Skip the type in ``password string = ``, where an assignment follows it."""
    if not body.startswith(_TYPES, place):
        return place
    stretch = body[place : place + _LONGEST_TYPE]
    word = stretch.split(None, 1)[0] if stretch.split() else ""
    after = over_blanks(body, place + len(word))
    return after if body.startswith(("=", ":=", "default", "DEFAULT"), after) else place


def _over_annotation(body: str, place: int) -> int:
    """Skip the annotation in ``password: str = ``: up to behind its equals sign."""
    after = over_blanks(body, place)
    if not body.startswith(_TYPES, after):
        return place
    annotation, equals, rest = body[after : after + _LONGEST_TYPE + 2].partition("=")
    spaced = annotation[-1:].isspace() or rest[:1] == " "
    if not equals or rest[:1] == "=" or "\n" in annotation or not spaced:
        return place
    return after + len(annotation) + 1


def _over_connector(body: str, place: int, *, quoted: bool) -> int | None:
    """Return the place behind what ties a value to its name, or None."""
    run = body[place : place + 8]
    lead = run.lstrip(_BEFORE_EQUALS)
    if lead[:1] == "=" or run[:1] == ":":
        ties = len(lead) - len(lead.lstrip("=:"))
        place += len(run) - len(lead) + ties
        if body.startswith("//", place):  # the scheme of a URL
            return None
        return place + body.startswith(">", place)
    if run.startswith(("->", "<-")):
        return place + 2
    if run.startswith((">", "(")):
        return place + 1
    after = _over_fallback(body, place, run) or _over_comma(body, place, run, quoted=quoted)
    if after:
        return after
    if quoted and run[:5].lower() == "value":
        return over_value_key(body, place)
    return over_next_line(body, place)


def _over_fallback(body: str, place: int, run: str) -> int | None:
    """Skip to what a variable that is not set falls back to, and to the value of a pair of flags."""
    for mark in _FALLBACKS:
        after = over_blanks(body, place + len(mark))
        if run.startswith(mark) and body[after : after + 1] in _QUOTED:
            return place + len(mark)
    if run.startswith(_VALUE_FLAGS):
        return place + len(run.split(None, 1)[0].partition("=")[0]) + 1
    return None


def _over_comma(body: str, place: int, run: str, *, quoted: bool) -> int | None:
    """Skip a comma in an argument list, a tuple or a line of cells."""
    if not quoted and run.startswith((', "', ", '", ', <<"')) and body[place - 1 : place].isalnum():
        before = body[max(0, place - LONGEST_NAME) : place].rstrip(WORD)
        if before[-1:] == "{" or before.endswith("env:"):  # a tuple of Erlang or Elixir, Serverless' default
            return place + (4 if run.startswith(", <<") else 2)
    if run.startswith(("| ", ", value", ",value")) or (run[:1] == "," and not quoted):
        return over_cell(body, place, run)
    if quoted and run.startswith(",") and _is_argument(body, place):
        return over_value_key(body, over_blanks(body, place + 1))
    return None


def _is_argument(body: str, comma: int) -> bool:
    """Say whether the quoted name before a comma is the first of its list, or a flag."""
    before = body[max(0, comma - 2 * LONGEST_NAME) : comma].rstrip(_ESCAPED_QUOTES + BLANK)
    name = before[len(before.rstrip(NAME)) :]
    before = before[: len(before) - len(name)].rstrip(_ESCAPED_QUOTES).rstrip()
    first = name.startswith("-") or before[-1:] in ("(", "[", "{")
    first = first or before.endswith(('"String",', '"string",'))  # buildConfigField("String", "NAME", ...
    return first or "value" in body[comma : comma + 12].lower()

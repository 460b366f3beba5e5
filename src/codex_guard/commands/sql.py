"""What is asked of a database in SQL, as far as whether it destroys something."""

from codex_guard.shell.arguments import Arguments
from codex_guard.shell.invocation import Invocation

#: Kinds of statement that a rule can be about.
KINDS = ("drop", "truncate", "delete-all", "update-all", "drop-column")
_LONGEST = 100_000  # characters that are read
_OPENERS = frozenset("'\"`")
_ENDS = frozenset("(),;'\"`")
_END = ";"
# Options that bring statements, whatever the client calls them.
_GIVEN = ("c", "command", "e", "execute", "q", "query", "Q", "cmd", "eval")
_DROPPED = frozenset(
    ("database", "schema", "table", "keyspace", "tablespace", "user", "role", "collection", "owned",
     "foreign", "dictionary")
)  # fmt: skip
# What may stand in front of a statement proper.
_FRONT = frozenset(("explain", "analyze", "verbose", "begin", "start", "transaction", "work"))


def does(kinds: tuple[str, ...], invocation: Invocation, arguments: Arguments) -> bool:
    """Say whether a client is given a statement of one of these kinds."""
    texts = [value.text for value in (*arguments.option(*_GIVEN), *invocation.argv[1:])]
    if invocation.stdin is not None:
        texts.append(invocation.stdin)
    return any(statement in kinds for text in texts for statement in _statements(text[:_LONGEST]))


def _statements(text: str) -> list[str]:
    """Return the kinds of the statements in ``text`` that destroy something."""
    found: list[str] = []
    words: list[str] = []
    for word in [*_tokens(text), _END]:
        if word == _END:
            kind = _kind(words)
            found += [kind] if kind else []
            words = []
        else:
            words.append(word)
    return found


def _kind(words: list[str]) -> str:
    while words and words[0] in _FRONT:
        if words[0] == "explain" and "analyze" not in words[:3]:
            return ""
        words = words[1:]
    if "with" in words[:1]:  # WITH x AS (…) DELETE …
        words = words[next((at for at, word in enumerate(words) if word in ("delete", "update")), 0) :]
    first, second = (*words, "", "")[:2]
    if first == "drop" and second in _DROPPED:
        return "drop"
    if first == "truncate" and second:
        return "truncate"
    if first == "alter" and "drop" in words and second == "table":
        return "drop-column"
    if first == "delete" and second == "from" and _is_all(words):
        return "delete-all"
    if first == "update" and "set" in words and _is_all(words):
        return "update-all"
    return ""


def _is_all(words: list[str]) -> bool:
    """Say whether no condition narrows a statement, or one that always holds."""
    if "limit" in words:
        return False
    if "where" not in words:
        return True
    condition = words[words.index("where") + 1 :]
    return condition in (["1"], ["true"], ["1", "=", "1"], ["1=1"])


def _tokens(text: str) -> list[str]:
    """Split SQL into lower-case words and ``;``; a quoted name or text is one word, comments are none."""
    found: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character in _OPENERS:
            end = text.find(character, at + 1)
            end = len(text) if end < 0 else end
            found.append("'")
            at = end + 1
        elif text.startswith("--", at):
            newline = text.find("\n", at)
            at = len(text) if newline < 0 else newline
        elif text.startswith("/*", at):
            end = text.find("*/", at)
            at = len(text) if end < 0 else end + 2
        elif character.isspace() or character in "(),":
            at += 1
        elif character == ";":
            found.append(";")
            at += 1
        else:
            start = at
            while at < len(text) and not (
                text[at].isspace() or text[at] in _ENDS or text.startswith("/*", at)
            ):
                at += 1
            found.append(text[start:at].lower())
    return found

"""What a regex says of its matches' shape, found at build time from Python's own parse of it."""

from typing import Any

from codex_guard.secrets.rules.sre import kinds, parser

_SPACE = frozenset(character for character in map(chr, range(0x3001)) if character.isspace())
_SPACELESS = frozenset((kinds.CATEGORY_NOT_SPACE, kinds.CATEGORY_DIGIT, kinds.CATEGORY_WORD))
_ZERO_WIDTH = frozenset((kinds.AT, kinds.ASSERT, kinds.ASSERT_NOT, kinds.GROUPREF))


def solid_width(regex: str) -> int:
    """Return how long a match is at least, where none can hold white space; else 0.

    A text without a run of so many characters between white space cannot match, which is far cheaper to
    see than compiling the regex.
    """
    tree = parser.parse(regex)
    return 0 if _takes_space(tree) else int(tree.getwidth()[0])


def _takes_space(tree: Any) -> bool:
    return any(_item_takes_space(kind, value) for kind, value in tree)


def _item_takes_space(kind: Any, value: Any) -> bool:
    if kind is kinds.LITERAL:
        return chr(value) in _SPACE
    if kind in _ZERO_WIDTH:  # a reference repeats a group, which is looked at where it stands
        return False
    if kind is kinds.IN:
        return _set_takes_space(value)
    if kind is kinds.BRANCH:
        return any(_takes_space(branch) for branch in value[1])
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT, kinds.SUBPATTERN):
        return _takes_space(value[-1])
    return True  # ANY, NOT_LITERAL, and whatever a newer Python adds


def _set_takes_space(items: list[tuple[Any, Any]]) -> bool:
    if items[0][0] is kinds.NEGATE:
        return (kinds.CATEGORY, kinds.CATEGORY_SPACE) not in items
    for kind, value in items:
        if kind is kinds.LITERAL and chr(value) in _SPACE:
            return True
        if kind is kinds.RANGE and any(value[0] <= ord(space) <= value[1] for space in _SPACE):
            return True
        if kind is kinds.CATEGORY and value not in _SPACELESS:
            return True
    return False

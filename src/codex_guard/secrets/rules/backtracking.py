"""What a hostile text can make a regex do, read off Python's own parse of it. Never on a clean path.

Three things together keep the work at each place of a text below a constant, and small: every repeat has an
end; what repeats a group knows at each character whether to go on in it or to begin it anew; and repeats side
by side have few ways to share the same characters.
"""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from codex_guard.errors import GuardError
from codex_guard.secrets.rules.sre import kinds, parser

#: Ways in which repeats side by side may share a text at one place of it: (a{0,30})(a{0,30}) has 961.
MOST_SHARES = 1_000
LONGEST = 2_000  # characters of a regex: reading it is quadratic in what stands side by side

# Latin-1, and one character of each kind that a class can tell apart beyond it.
UNIVERSE = frozenset(map(chr, range(256))) | frozenset("α٣\u2003→")
CATEGORIES = {
    kinds.CATEGORY_DIGIT: frozenset(filter(str.isdecimal, UNIVERSE)),
    kinds.CATEGORY_SPACE: frozenset(filter(str.isspace, UNIVERSE)),
    kinds.CATEGORY_WORD: frozenset(filter(str.isalnum, UNIVERSE)) | {"_"},
}
CATEGORIES |= {
    kinds.CATEGORY_NOT_DIGIT: UNIVERSE - CATEGORIES[kinds.CATEGORY_DIGIT],
    kinds.CATEGORY_NOT_SPACE: UNIVERSE - CATEGORIES[kinds.CATEGORY_SPACE],
    kinds.CATEGORY_NOT_WORD: UNIVERSE - CATEGORIES[kinds.CATEGORY_WORD],
}
GREEDY = (kinds.MAX_REPEAT, kinds.MIN_REPEAT)
REPEATS = (*GREEDY, kinds.POSSESSIVE_REPEAT)
ASSERTIONS = (kinds.ASSERT, kinds.ASSERT_NOT)
SINGLE = (kinds.LITERAL, kinds.NOT_LITERAL, kinds.ANY, kinds.IN)

Characters = frozenset[str]


class Node:
    """One item of a parse: ``parts`` are the sequences in it, ``takes`` a single item's characters."""

    def __init__(self, kind: Any, value: Any, flags: int) -> None:
        self.kind, self.least, self.most = kind, 1, 1
        self.takes: Characters | None = None
        self.parts: list[list[Node]] = []
        if kind in SINGLE:
            self.takes = _characters(kind, value, flags)
        elif kind in REPEATS:
            self.least, self.most = value[0], value[1]
            self.parts = [_nodes(value[2], flags)]
        elif kind is kinds.SUBPATTERN:
            self.parts = [_nodes(value[3], (flags | value[1]) & ~value[2])]
        elif kind is kinds.ATOMIC_GROUP:
            self.parts = [_nodes(value, flags)]
        elif kind is kinds.BRANCH:
            self.parts = [_nodes(branch, flags) for branch in value[1]]
        elif kind in ASSERTIONS:
            self.parts = [_nodes(value[1], flags)]
        elif kind not in (kinds.AT, kinds.GROUPREF):
            raise GuardError(f"it holds what cannot be judged ({str(kind).lower()}): write it without.")

    @property
    def variable(self) -> bool:
        """Whether a repeat may take more or less, and go back."""
        return self.kind in GREEDY and self.least != self.most

    @property
    def alone(self) -> Characters | None:
        """What a repeat takes that repeats a single item, or a single item itself."""
        if self.kind in REPEATS and len(self.parts[0]) == 1:
            return self.parts[0][0].takes
        return self.takes


def _parsed(regex: str) -> list[Node]:
    tree = parser.parse(regex)
    return _nodes(tree, tree.state.flags)


def _nodes(tree: Any, flags: int) -> list[Node]:
    nodes = [Node(kind, value, flags) for kind, value in tree]
    # A group says nothing of what is in it: (ab)c is abc.
    while any(node.kind is kinds.SUBPATTERN for node in nodes):
        nodes = [
            inner for node in nodes for inner in (node.parts[0] if node.kind is kinds.SUBPATTERN else [node])
        ]
    return nodes


def _characters(kind: Any, value: Any, flags: int) -> Characters:
    if kind is kinds.ANY:
        return UNIVERSE
    if kind is kinds.NOT_LITERAL:
        return UNIVERSE - _folded({chr(value)}, flags)
    items = [(kind, value)] if kind is kinds.LITERAL else value
    taken: set[str] = set()
    for item, of in items:
        if item is kinds.LITERAL:
            taken.add(chr(of) if chr(of) in UNIVERSE else "→")
        elif item is kinds.RANGE:
            taken |= {character for character in UNIVERSE if of[0] <= ord(character) <= of[1]}
        elif item is kinds.CATEGORY:
            taken |= CATEGORIES[of]
    folded = _folded(taken, flags)
    return UNIVERSE - folded if items[0][0] is kinds.NEGATE else folded


def _folded(characters: set[str], flags: int) -> Characters:
    if not flags & re.IGNORECASE:
        return frozenset(characters)
    cased = {other for character in characters for other in (character.lower(), character.upper())}
    return frozenset(characters | cased) & UNIVERSE


def _first(nodes: list[Node], after: Characters) -> Characters:
    """Return what a sequence may begin with, ``after`` being what stands behind it."""
    begins: Characters = frozenset()
    for node in nodes:
        if node.takes is not None:
            return begins | node.takes
        if node.kind in ASSERTIONS or not node.parts:
            continue
        inside = [_first(part, frozenset()) for part in node.parts]
        begins = begins.union(*inside)
        if node.least and not any(_may_be_empty(part) for part in node.parts):
            return begins
    return begins | after


def _may_be_empty(nodes: list[Node]) -> bool:
    return all(
        node.takes is None
        and (
            not node.parts or node.kind in ASSERTIONS or not node.least or any(map(_may_be_empty, node.parts))
        )
        for node in nodes
    )


def _all(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        for part in node.parts:
            yield from _all(part)


def faults(regex: str) -> tuple[str, ...]:
    """Return what a hostile text could make of a regex that compiles, as sentences; empty where nothing."""
    if len(regex) > LONGEST:
        return (f"it is longer than {LONGEST} characters: split the rule.",)
    try:
        found = [_ENDLESS] if endless(regex) else []
        found += [_UNDECIDED] if undecided(regex) else []
        found += [_SHARED] if shares(regex) > MOST_SHARES else []
    except GuardError as error:
        return (str(error),)
    except RecursionError:
        return ("it is nested too deeply to be judged.",)
    return tuple(found)


_ENDLESS = "a repeat has no end, so that its time grows with the square of a text: write {1,200} for +."
_UNDECIDED = (
    "a repeated group can split the same text into rounds in many ways, as (a{1,9}){0,9} can: let each round"
    " begin, or end, with a character that nothing else in it takes."
)
_SHARED = (
    "repeats side by side can share the same characters in many ways, as a{0,99}a{0,99} can: put something"
    " between them that neither takes, or shorten them."
)


def endless(regex: str) -> int:
    """Return how many repeats have no end."""
    return sum(node.kind in REPEATS and node.most == kinds.MAXREPEAT for node in _all(_parsed(regex)))


def undecided(regex: str) -> int:
    """Return how many repeated groups leave open at some character whether to go on or to begin anew."""
    rounds = [node for node in _all(_parsed(regex)) if node.kind in GREEDY and node.most > 1]
    return sum(not _decides(node.parts[0], _first(node.parts[0], frozenset())) for node in rounds)


def _decides(nodes: list[Node], after: Characters) -> bool:
    """Say whether each character tells what takes it, ``after`` being what stands behind the sequence."""
    for at, node in enumerate(nodes):
        follows = _first(nodes[at + 1 :], after)
        if node.kind in ASSERTIONS:
            continue
        inside = [_first(part, follows) for part in node.parts]
        if node.variable and not inside[0].isdisjoint(follows):
            return False
        if node.kind is kinds.BRANCH and not all(
            inside[one].isdisjoint(inside[other]) or _exclude(node.parts[one], node.parts[other])
            for one, other in combinations(range(len(inside)), 2)
        ):
            return False
        again = inside[0] | follows if node.kind in REPEATS else follows
        if not all(_decides(part, again) for part in node.parts):
            return False
    return True


def _exclude(one: list[Node], other: list[Node]) -> bool:
    """Say whether two alternatives part at a character, as ``get`` and ``gap`` do."""
    for left, right in zip(one, other, strict=False):
        if left.takes is None or right.takes is None:
            return False
        if left.takes.isdisjoint(right.takes):
            return True
    return False


def shares(regex: str) -> int:
    """Return the most ways in which repeats side by side may share the characters that several take."""
    whole = _parsed(regex)
    sequences = [part for node in _all(whole) for part in node.parts]
    # What ends the regex never goes back: nothing behind it can fail.
    sequences.append(whole[:-1] if whole and whole[-1].variable else whole)
    return max((_ways(run) for nodes in sequences for run in _runs(nodes)), default=1)


def _runs(nodes: list[Node]) -> Iterator[list[Node]]:
    """Yield the variable repeats side by side: nothing must stand between them."""
    run: list[Node] = []
    for node in nodes:
        taken = node.alone
        if taken is not None and node.variable:
            if node.least and all(taken.isdisjoint(before.alone or ()) for before in run):
                yield run
                run = []
            run.append(node)
        elif not _may_be_empty([node]):
            yield run
            run = []
    yield run


def _ways(run: list[Node]) -> int:
    ways = 1
    for at, node in enumerate(run):
        others = run[:at] + run[at + 1 :]
        if not all((node.alone or frozenset()).isdisjoint(other.alone or ()) for other in others):
            ways *= node.most - node.least + 1
    return ways

"""What text stands in every match of a regex, read off Python's own parse of it. Never on a hook's path."""

from typing import Any

from codex_guard.secrets.rules.sre import kinds, parser

_SHORTEST = 3  # characters of a keyword: a shorter one stands in every text
_MOST = 12  # keywords of one regex: each is looked for in every text
_FEW = 8  # characters of a class that are told apart; more say nothing

Texts = frozenset[str]
_NOTHING: Texts = frozenset(("",))


def keywords(regex: str) -> tuple[str, ...]:
    """Return lower-case texts, one of which at least stands in each match of ``regex``; sorted.

    Each has three characters or more. Empty where the regex has no such set of at most twelve. Raises
    re.error where it does not compile.
    """
    best, _ = _walk(list(parser.parse(regex)), _NOTHING)
    # What holds another keyword is found by that one.
    return tuple(sorted(word for word in best if not any(other != word and other in word for other in best)))


def _walk(items: list[tuple[Any, Any]], run: Texts) -> tuple[Texts, Texts]:
    """Return the best keywords of a sequence, and the spellings of the text that it ends with.

    ``run`` are the spellings of what stands before it, without a gap.
    """
    best: Texts = frozenset()
    for kind, value in items:
        if kind is kinds.SUBPATTERN:
            inner, run = _walk(list(value[3]), run)
            best = _better(best, inner)
            continue
        spelled = _spellings(kind, value)
        if spelled is None:
            best = _better(best, run)
            best = _better(best, _inside(kind, value, run))
            run = _NOTHING
        elif run == _NOTHING and "" in spelled:
            continue  # what may be missing begins no keyword
        elif len(run) * len(spelled) > _MOST:
            best = _better(best, run)
            run = _NOTHING if "" in spelled else spelled
        else:
            run = frozenset(before + after for before in run for after in spelled)
    return _better(best, run), run


def _better(one: Texts, other: Texts) -> Texts:
    """Return the keywords that stand in fewer texts: those whose shortest is longer, or that are fewer."""
    if len(other) > _MOST or min(map(len, other), default=0) < _SHORTEST:
        return one
    return max(one, other, key=lambda texts: (min(map(len, texts), default=0), -len(texts)))


def _inside(kind: Any, value: Any, run: Texts) -> Texts:
    """Return the keywords of an item that can be spelled in too many ways, behind ``run``."""
    if kind is kinds.BRANCH:
        # Python's parser takes what all branches begin with out of them: it stands in ``run``.
        each = [_walk(list(branch), run)[0] for branch in value[1]]
        return frozenset().union(*each) if all(each) else frozenset()
    if kind in {kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT} and value[0]:
        return _walk(list(value[2]), run)[0]
    if kind is kinds.ATOMIC_GROUP:
        return _walk(list(value), run)[0]
    return frozenset()


def _spellings(kind: Any, value: Any) -> Texts | None:
    """Return all that an item can be, in lower case; None where that is too much, or not known."""
    if kind is kinds.LITERAL:
        return frozenset(chr(value).lower())
    if kind in {kinds.AT, kinds.ASSERT, kinds.ASSERT_NOT}:
        return _NOTHING
    if kind is kinds.IN:
        return _of_class(value)
    if kind is kinds.BRANCH:
        branches = [_of_sequence(list(branch)) for branch in value[1]]
        return None if None in branches else _limited(frozenset().union(*filter(None, branches)))
    if kind in {kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT}:
        least, most, inner = value
        if most > _MOST:
            return None
        counts = [_of_sequence(list(inner) * count) for count in range(least, most + 1)]
        return None if None in counts else _limited(frozenset().union(*filter(None, counts)))
    return None


def _of_sequence(items: list[tuple[Any, Any]]) -> Texts | None:
    spelled: Texts | None = _NOTHING
    for kind, value in items:
        each = _of_sequence(list(value[3])) if kind is kinds.SUBPATTERN else _spellings(kind, value)
        if each is None or spelled is None:
            return None
        spelled = _limited(frozenset(before + after for before in spelled for after in each))
    return spelled


def _of_class(items: list[tuple[Any, Any]]) -> Texts | None:
    if not all(kind is kinds.LITERAL for kind, _ in items) or len(items) > _FEW:
        return None
    return frozenset(chr(value).lower() for _, value in items)


def _limited(texts: Texts) -> Texts | None:
    return texts if len(texts) <= _MOST else None

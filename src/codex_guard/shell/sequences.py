"""Sequences in braces: ``{1..3}`` is ``{1,2,3}``, and ``{a..c}`` is ``{a,b,c}``."""

_MOST = 64  # members of one sequence
_MOST_CHARACTERS = 50_000  # that all members together may have, about
_LONGEST = 40  # characters of one, as written
_FEWEST_STEPS, _MOST_STEPS = 2, 3


def listed(text: str) -> str:
    """Write each sequence in ``text`` as a list; one with too many members stays as it is."""
    out: list[str] = []
    done = 0
    at = text.find("..")
    left = _MOST_CHARACTERS
    while at >= 0 and left > 0:
        start = text.rfind("{", max(done, at - _LONGEST), at)
        end = text.find("}", at, at + _LONGEST)
        members = _members(text[start + 1 : end].split("..")) if 0 <= start < end else []
        if members:
            out += (text[done : start + 1], ",".join(members))
            done = end
            left -= len(out[-1])
        at = text.find("..", max(at + 2, done))
    return "".join((*out, text[done:]))


def _members(steps: list[str]) -> list[str]:
    if not _FEWEST_STEPS <= len(steps) <= _MOST_STEPS:
        return []
    numbers = [_number(step) for step in steps]
    stride = numbers[2] if len(steps) > _FEWEST_STEPS else 1
    first, last = numbers[:2]
    letters = first is None and last is None
    if letters and all(len(step) == 1 and step.isascii() and step.isalpha() for step in steps[:2]):
        first, last = ord(steps[0]), ord(steps[1])
    if first is None or last is None or stride is None:
        return []
    stride = abs(stride) or 1
    if abs(last - first) // stride >= _MOST:
        return []
    found = range(first, last + (1 if last >= first else -1), stride if last >= first else -stride)
    return [chr(member) for member in found] if letters else [str(member) for member in found]


def _number(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isdecimal() and digits.isascii() else None

"""Texts that a pattern can stand for, without a look at the disk."""


def like(pattern: str, text: str) -> bool:
    """Say whether ``text`` is what ``pattern`` says: ``*`` is any text, and ``?`` any character."""
    if "?" in pattern:
        return fits(pattern, text)
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    if not text.startswith(first):
        return False
    at = len(first)
    for piece in rest[:-1]:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(text) - at >= len(rest[-1]) and text.endswith(rest[-1])


def fits(pattern: str, name: str) -> bool:
    """Say whether bash could replace ``pattern``, one step of a path, with ``name``.

    A bracket stands for any character, since to take one too many for dangerous is no harm.
    """
    if name.startswith(".") and not pattern.startswith("."):
        return False
    steps = _steps(pattern)
    reached = {0}
    for character in name:
        reached = _open(steps, reached)
        reached = {at if steps[at] == "*" else at + 1 for at in reached if _takes(steps, at, character)}
    return len(steps) in _open(steps, reached)


def _steps(pattern: str) -> list[str]:
    """Split a pattern into characters, with ``?`` for a bracket."""
    found: list[str] = []
    at = 0
    while at < len(pattern):
        closing = pattern.find("]", at + 2, at + 80) if pattern[at] == "[" else -1
        found.append("?" if closing > 0 else pattern[at])
        at = max(at, closing) + 1
    return found


def _open(steps: list[str], reached: set[int]) -> set[int]:
    """Add the places that a star reaches by standing for nothing."""
    found = set(reached)
    for place in reached:
        at = place
        while at < len(steps) and steps[at] == "*":
            at += 1
            found.add(at)
    return found


def _takes(steps: list[str], at: int, character: str) -> bool:
    return at < len(steps) and steps[at] in ("*", "?", character)

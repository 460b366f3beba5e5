"""Brace expansion: ``a{b,c}`` is ``ab`` and ``ac``. A sequence ``{1..3}`` stays as it is."""

_CHARACTERS = 500_000  # that all texts together may have, about
_FEW = 4


def expand(text: str, most: int) -> list[str]:
    """Expand every group in ``text``, from the left; what would make more than ``most`` texts stays."""
    most = min(most, max(_FEW, _CHARACTERS // len(text)))
    done: list[str] = []
    waiting = [text]
    while waiting and len(done) + len(waiting) <= most:
        current = waiting.pop(0)
        group = _first_group(current)
        if group is None:
            done.append(current)
        else:
            start, end, choices = group
            waiting = [current[:start] + choice + current[end:] for choice in choices[:most]] + waiting
    return done + waiting


def _first_group(text: str) -> tuple[int, int, list[str]] | None:
    """Find the outermost group that begins first and has a comma: start, end, and its choices."""
    open_groups: list[list[int]] = []  # of each open brace: its offset, then those of its commas
    best: list[int] | None = None
    at = text.find("{")
    while 0 <= at < len(text):
        character = text[at]
        if character == "{":
            open_groups.append([at])
        elif character == "," and open_groups:
            open_groups[-1].append(at)
        elif character == "}" and open_groups:
            group = open_groups.pop()
            if len(group) > 1 and (best is None or group[0] < best[0]):
                best = [*group, at]
            if best is not None and not open_groups:
                break
        at += 1
    if best is None:
        return None
    edges = zip(best, best[1:], strict=False)  # noqa: RUF007 - itertools costs an import
    return best[0], best[-1] + 1, [text[left + 1 : right] for left, right in edges]

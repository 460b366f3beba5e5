"""Rules that policies bring: which of them decides where several fit."""

from codex_guard.commands.rule import ANY, Rule
from codex_guard.model import GUARDS
from codex_guard.record import Record


class Own(Record):
    """A rule of a policy: ``allows`` what it fits, or denies it.

    ``file`` and ``line`` are where it stands; ``shared``: in a repository's policy.
    """

    rule: Rule
    allows: bool
    file: str = ""
    line: int = 0
    shared: bool = False


def settled(denied: list[Rule], fitting: list[Own]) -> list[Rule]:
    """Return the rules that deny a command in the end.

    ``denied`` are those of codex-guard's own that fit it, ``fitting`` those of policies, a layer after the
    other. In each layer the most specific rule decides, a denial where two are; a layer's allowance takes
    back what was denied before it.
    """
    found = list(denied)
    for file in dict.fromkeys(own.file for own in fitting):
        best = max((own for own in fitting if own.file == file), key=_rank)
        if not best.allows:
            found.append(best.rule)
        else:
            found = [rule for rule in found if best.shared and rule.id.startswith(GUARDS)]
    return found


def _rank(own: Own) -> tuple[int, bool]:
    """Order rules by how much a command must have for them to fit."""
    rule = own.rule
    conditions = (rule.operands, rule.texts, rule.targets, rule.statements, rule.requests, rule.contains)
    words = sum(word != ANY for word in rule.words)
    return words + len(rule.flags) + len(rule.unless) + sum(map(bool, conditions)), not own.allows

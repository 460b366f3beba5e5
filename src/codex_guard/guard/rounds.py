"""When a turn is continued for failing checks, and when it may end: it always ends.

A turn is continued while its failures change and some of them go, and at most ``check_rounds`` times.
"""

from codex_guard.errors import GuardError
from codex_guard.guard.failures import Marks
from codex_guard.guard.validation import Validated
from codex_guard.ledger import key, session
from codex_guard.model import Allow, Block, Secret, StopEvent
from codex_guard.policy.policy import Policy
from codex_guard.secrets.fingerprint import fingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST_TURNS = 20  # subagents' turns run beside each other
_MOST_MARKS = 2_000


def left(session_id: str) -> Marks:
    """Return the failures that turns of the session ended with. Raises GuardError as ``opened`` does."""
    with session.opened(session_id) as state:
        return Marks(_texts(state.get("left")))


def judge(event: StopEvent, policy: Policy, validated: Validated, top: str) -> Allow | Block:
    """Say whether the turn goes on, and what is said: to the model, or to the user at its end."""
    problems = _unsaid(event.session, validated)
    if not validated.new:
        return Allow(f"codex-guard: {' '.join(problems)}" if problems else None)
    from codex_guard.checks import report  # noqa: PLC0415 - only where something failed

    marks = sorted(set(Marks().all_of(validated.new, top)))
    why = _why_enough(event, policy, marks)
    if why is not None:
        return Allow(report.leftover(validated.new, why))
    return Block(report.continuation(validated.new, validated.results, top, _how(validated), problems))


def _how(validated: Validated) -> str:
    said = f"The checks ran {validated.how}."
    if validated.old:
        count = "1 failure that was" if validated.old == 1 else f"{validated.old} failures that were"
        said += f" {count} there before {'is' if validated.old == 1 else 'are'} left out."
    if validated.uncompared:
        tools = ", ".join(validated.uncompared)
        said += f" What {tools} said before this turn could not be told: some may be older."
    return said


def _why_enough(event: StopEvent, policy: Policy, marks: list[str]) -> str | None:
    """Return why the turn is not continued again, or None. Counts this round."""
    with session.opened(event.session) as state:
        kept = state.get("stops")
        turns: dict[str, Any] = kept if isinstance(kept, dict) else {}
        turn = turns.pop(event.turn, None)
        turn = turn if isinstance(turn, dict) else {}
        before = set(_texts(turn.get("failing")))
        count = turn.get("rounds")
        count = count if isinstance(count, int) else 0
        why = None
        if before and before == set(marks):
            why = "nothing about them has changed"
        elif before and before <= set(marks):
            why = "more of them came, and none has gone"
        elif count >= policy.check_rounds:
            why = f"they still fail after {count} round{'s' if count > 1 else ''}"
        turns[event.turn] = {"rounds": count + (why is None), "failing": marks[:_MOST_MARKS]}
        state["stops"] = dict(list(turns.items())[-_MOST_TURNS:])
        if why is not None:
            state["left"] = [*_texts(state.get("left")), *marks][-_MOST_MARKS:]
    return why


def _unsaid(session_id: str, validated: Validated) -> list[str]:
    """Return the problems that the session was not told of yet, and remember them."""
    problems = list(dict.fromkeys(result.problem for result in validated.results if result.problem))
    if not problems:
        return []
    secret_key = key.read()
    try:
        with session.opened(session_id) as state:
            said = _texts(state.get("said"))
            own = [fingerprint(Secret(problem, "problem"), secret_key) for problem in problems]
            state["said"] = [*said, *(one for one in own if one not in said)][-_MOST_TURNS:]
        return [problem for problem, one in zip(problems, own, strict=True) if one not in said]
    except GuardError:
        return problems


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

"""The checks of what changed: planned, run, and compared with what they found before the turn."""

import _signal  # the C module, as the hook's deadline is set by it
import os
import time

from codex_guard.checks import plan, run, sandbox
from codex_guard.checks.check import Check
from codex_guard.guard import passed
from codex_guard.guard.asked import Asked
from codex_guard.guard.failures import Marks
from codex_guard.model import CheckFailure, CheckResult
from codex_guard.policy.policy import Policy
from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_guard.guard.baseline import Before

    Progress = Callable[[Check, CheckResult | None], None]

_NO_SANDBOX = (
    "outside Codex's sandbox, which was not found: codex-guard's own ruff and mypy only, without what the"
    " repository could make them run"
)
_MISSING = "did-not-run"
_LAST = 15.0  # seconds of a hook's time for what comes after the checks
_NOWHERE = "."  # the path of a failure that names none


class Validated(Record):
    """What the checks said, their failures' paths relative to the top.

    ``new`` are the failures that count, ``old`` is the number of those that were there before. ``how`` says
    in a few words in which sandbox the checks ran. ``uncompared`` are the tools of which it could not be
    told what they said before. ``again``: nothing was run, since the checks found nothing in this very tree.
    """

    results: tuple[CheckResult, ...] = ()
    new: tuple[CheckFailure, ...] = ()
    old: int = 0
    how: str = ""
    uncompared: tuple[str, ...] = ()
    again: bool = False


class How(Record):
    """How checks are started: behind ``prefix``; ``trusted``: the repository's own programs, too."""

    prefix: tuple[str, ...]
    trusted: bool
    said: str


def how(policy: Policy, top: str) -> How | None:
    """Return how checks of the repository at ``top`` are to be run.

    None where the policy wants a sandbox and there is none.
    """
    if policy.check_sandbox == "none":
        return How((), trusted=True, said="without a sandbox, as the policy says")
    prefix = sandbox.prefix(top)
    if prefix:
        return How(prefix, trusted=True, said="in Codex's sandbox")
    return None if policy.check_sandbox == "skip" else How((), trusted=False, said=_NO_SANDBOX)


def planned(asked: Asked, policy: Policy, way: How, origin: str | None = None) -> tuple[Check, ...]:
    """Return the checks that apply. ``origin``: the work tree that ``asked.top`` is a copy of, if it is.

    For files that are not there, these are the ones of the project: what imported them is broken.
    """
    there = tuple(path for path in asked.files if os.path.lexists(os.path.join(asked.top, path)))
    tools, trusted = policy.check_tools, way.trusted
    checks = plan.plan(asked.top, there, tools, trusted=trusted, own=policy.check_commands, origin=origin)
    lost = tuple(sorted({*asked.files, *asked.gone} - set(there)))
    if lost:
        known = {(check.tool, check.root) for check in checks}
        others = plan.plan(asked.top, lost, tools, trusted=trusted, origin=origin)
        checks += tuple(
            check
            for check in others
            if check.scope == "project" and check.command and (check.tool, check.root) not in known
        )
    return checks


def validate(
    asked: Asked,
    policy: Policy,
    *,
    compare: bool = True,
    marks: Marks | None = None,
    remember: bool = True,
    progress: "Progress | None" = None,
) -> Validated:
    """Run the checks of what changed, and say which of their failures count.

    With ``compare`` those do that were not there before the turn, in the files that changed or in what
    these broke; else all in the files. ``marks`` are failures that are known by now. ``remember`` a tree in
    which nothing was found, and do not check it again. A check that cannot run has a result that says so.
    """
    way = how(policy, asked.top)
    if way is None:
        return Validated(
            how="not at all: Codex's sandbox was not found, and the policy says to skip them then"
        )
    total = _total(policy)
    until = time.monotonic() + total
    checks = planned(asked, policy, way)
    if not checks:
        return Validated(how=way.said)
    name = passed.key(asked, checks) if remember else ""
    if passed.holds(name):
        passed.keep(passed.quick(asked, policy))
        return Validated(how=way.said, again=True)
    results = run.run(checks, policy.check_seconds, way.prefix, top=asked.top, total=total, progress=progress)
    if way.prefix and any(result.problem for result in results):
        results = _without_sandbox(results, way)
    failures = list(dict.fromkeys(failure for result in results for failure in result.failures))
    failures += [
        _missing(check, result)
        for check, result in zip(checks, results, strict=True)
        if (check.required and result.problem) or (check.problem and policy.check_missing == "fail")
    ]
    marks = marks or Marks()
    left = [failure for failure in failures if not marks.knows(failure, asked.top)]
    before = None
    broken = any(result.broken for result in results)
    if compare and (left or broken) and policy.check_baseline != "none":
        from codex_guard.guard import baseline  # noqa: PLC0415 - only where something failed

        before = baseline.find(asked, policy, way, checks, until - time.monotonic())
    if before is not None and broken:
        failures = list(dict.fromkeys((*failures, *_broken(checks, results, before))))
        left = [failure for failure in failures if not marks.knows(failure, asked.top)]
    touched = frozenset(asked.files)
    new = tuple(
        failure
        for failure in left
        if failure.path in touched
        or failure.path == _NOWHERE
        or failure.code == _MISSING
        or (before is not None and failure.tool in before.tools)
    )
    if before is not None:
        added = frozenset(before.without(failures, asked.top))
        new = tuple(failure for failure in new if failure in added)
    new = tuple(sorted(new, key=lambda one: (one.path, one.line, one.column, one.tool, one.code)))
    # What only this session is not to be told of again has not passed.
    if not new and len(left) == len(failures) and not any(result.problem for result in results):
        passed.keep(name, passed.quick(asked, policy) if remember else "")
    compared = before.tools if before is not None else ()
    uncompared = {
        failure.tool
        for failure in new
        if compare and failure.code != _MISSING and failure.tool not in compared
    }
    return Validated(results, new, len(failures) - len(new), way.said, tuple(sorted(uncompared)))


def _without_sandbox(results: tuple[CheckResult, ...], way: How) -> tuple[CheckResult, ...]:
    """Say of checks that failed that the sandbox did, where nothing at all runs in it."""
    why = sandbox.failure(way.prefix)
    if why is None:
        return results
    problem = f"could not be run, since Codex's sandbox does not start ({why})."
    return tuple(
        result.replace(problem=f"{result.tool} {problem}") if result.problem and result.command else result
        for result in results
    )


def _broken(
    checks: tuple[Check, ...], results: tuple[CheckResult, ...], before: "Before"
) -> list[CheckFailure]:
    """Return failures of the tools that ran before the turn and now cannot, as for their configuration."""
    pairs = zip(checks, results, strict=True)
    return [_missing(check, result) for check, result in pairs if result.broken and check.tool in before.ran]


def _total(policy: Policy) -> float:
    """Return the seconds for all checks: some of a hook's own time is left to say what they found."""
    left, _ = _signal.getitimer(_signal.ITIMER_REAL)
    return min(policy.check_total, max(left - _LAST, left / 2)) if left else policy.check_total


def _missing(check: Check, result: CheckResult) -> CheckFailure:
    return CheckFailure(check.tool, result.root or _NOWHERE, 0, 0, _MISSING, result.problem or "")

"""Script to violations: one walk, every rule that fits, nothing executed."""

from codex_guard.commands import operands
from codex_guard.commands import rule as rules
from codex_guard.commands.operands import Places, kinds
from codex_guard.commands.rule import Rule
from codex_guard.errors import MISSING_INDEX, GuardError
from codex_guard.model import Violation, Write
from codex_guard.shell.meaning import Scope, Value
from codex_guard.shell.walk import Invocation, Walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

_INTERPRETERS = frozenset(
    ("sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "python", "python3", "perl", "ruby", "node", "php",
     "eval", "source", ".", "osascript", "pwsh")
)  # fmt: skip
GUARD_FILES = "guard-files"
_GUARD_WHY = "It changes the hooks, the policy or the files of codex-guard itself, which only a person may."
_GUARD_INSTEAD = "Tell the user which change you would make and why."
_CUTS = str.maketrans(dict.fromkeys(";|&\n(){}`", "\n"))


class Rules:
    """The compiled rules, found by program."""

    def __init__(self, rows: "tuple[tuple[Any, ...], ...]") -> None:
        self._by_program: dict[str, list[Rule]] = {}
        self._patterns: list[tuple[str, Rule]] = []
        self.targets: list[Rule] = []
        self.special: dict[str, Rule] = {}
        for row in rows:
            rule = Rule(*row)
            if rule.special:
                self.special[rule.special] = rule
            elif rule.targets:
                self.targets.append(rule)
            for program in rule.programs:
                if program.endswith("*"):
                    self._patterns.append((program[:-1], rule))
                else:
                    self._by_program.setdefault(program, []).append(rule)

    def of(self, program: str) -> list[Rule]:
        """Return the rules for a program."""
        found = self._by_program.get(program, [])
        return found + [rule for prefix, rule in self._patterns if program.startswith(prefix)]


def load() -> Rules:
    """Return the rules that were compiled at build time. Raises GuardError where there are none."""
    try:
        from codex_guard import _index  # noqa: PLC0415 - its absence is an error for a person
    except ImportError as error:
        raise GuardError(MISSING_INDEX) from error
    return Rules(_index.COMMANDS)


def judge(
    text: str, scope: Scope, places: Places, rules_: Rules, disabled: "Collection[str]" = ()
) -> tuple[Violation, ...]:
    """Return what is forbidden in the script ``text``, each rule once a command, in order."""
    walk = Walk()
    walk.text(text, scope)
    found: list[Violation] = []
    for invocation in walk.invocations:
        found += _judged(invocation, places, rules_)
    if walk.recursive:
        bomb = rules_.special["fork-bomb"]
        found += [_violation(bomb, f"{name}() {{ … }}") for name in walk.recursive]
    for unparsed in walk.unparsed:
        found += _judged_roughly(unparsed, scope, places, rules_)
    kept: dict[tuple[str, str], Violation] = {}
    for violation in found:
        if violation.rule not in disabled:
            kept.setdefault((violation.rule, violation.command), violation)
    return tuple(kept.values())


def judge_writes(
    writes: tuple[Write, ...], scope: Scope, places: Places, known: tuple[Violation, ...]
) -> tuple[Violation, ...]:
    """Return the writes that would change the guard itself, unless a violation already says so."""
    if any(violation.rule == GUARD_FILES for violation in known):
        return ()
    for write in writes:
        for path in filter(None, (write.path, write.new_path)):
            if operands.is_guarded(scope.path(path), places):
                return (Violation(GUARD_FILES, f"a write to {path}", _GUARD_WHY, _GUARD_INSTEAD),)
    return ()


def _judged(invocation: Invocation, places: Places, rules_: Rules) -> list[Violation]:
    found = []
    program = invocation.program
    candidates = rules_.of(program)
    if candidates:
        arguments = rules.read_arguments(invocation)
        found += [rule for rule in candidates if rules.matches(rule, invocation, arguments, places)]
    for rule in rules_.targets if invocation.targets else ():
        places_hit = [kinds(target, invocation.scope, places) for _, target in invocation.targets]
        if any(not hit.isdisjoint(rule.targets) for hit in places_hit):
            found.append(rule)
    if program in _INTERPRETERS and rules.runs_remote_code(invocation):
        found.append(rules_.special["remote-code"])
    return [_violation(rule, invocation.source) for rule in found]


def _judged_roughly(text: str, scope: Scope, places: Places, rules_: Rules) -> list[Violation]:
    """Judge what is no valid Bash by its words alone, since bash may still run parts of it."""
    found: list[Violation] = []
    for line in text[:100_000].translate(_CUTS).split("\n"):
        words = line.replace("'", " ").replace('"', " ").replace("$", " ").split()
        for at in range(min(len(words), 40)):
            argv = tuple(Value(word, "*" in word) for word in words[at:])
            invocation = Invocation(argv, scope, line.strip()[:200])
            found += [
                violation.replace(
                    why=f"{violation.why} (The command is not valid Bash, so it was judged by its words.)"
                )
                for violation in _judged(invocation, places, rules_)
            ]
    return found


def _violation(rule: Rule, command: str) -> Violation:
    return Violation(rule.id, command, rule.why, rule.instead)

"""Script to violations: one walk, every rule that fits, nothing executed."""

from codex_guard.commands import operands
from codex_guard.commands import rule as rules
from codex_guard.commands.arguments import read_arguments
from codex_guard.commands.operands import Places, kinds
from codex_guard.commands.rule import Rule
from codex_guard.errors import MISSING_INDEX, GuardError
from codex_guard.model import Violation, Write
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import Scope, Value
from codex_guard.shell.walk import Walk

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
_ROUGH_WHY = "(The command is no valid Bash, or too long, so it was judged by its words.)"
_ROUGH_WORDS = 100  # arguments that are looked at
_QUOTES = str.maketrans("'\"$", "   ")
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
    walk: Walk, scope: Scope, places: Places, rules_: Rules, disabled: "Collection[str]" = ()
) -> tuple[Violation, ...]:
    """Return what is forbidden in a walked script, each rule once a command, in order."""
    found: list[Violation] = []
    fetched: dict[int, bool] = {}
    for invocation in walk.invocations:
        found += _judged(invocation, places, rules_, fetched)
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
    if any(violation.rule.startswith(GUARD_FILES) for violation in known):
        return ()
    for write in writes:
        for path in filter(None, (write.path, write.new_path)):
            if operands.is_guarded(scope.path(path), places):
                return (Violation(GUARD_FILES, f"a write to {path}", _GUARD_WHY, _GUARD_INSTEAD),)
    return ()


def _judged(
    invocation: Invocation, places: Places, rules_: Rules, fetched: dict[int, bool]
) -> list[Violation]:
    found = []
    program = invocation.program
    candidates = rules_.of(program)
    if candidates:
        arguments = read_arguments(invocation)
        found += [rule for rule in candidates if rules.matches(rule, invocation, arguments, places)]
    for rule in rules_.targets if invocation.targets else ():
        places_hit = [kinds(target, invocation.scope, places) for _, target in invocation.targets]
        if any(not hit.isdisjoint(rule.targets) for hit in places_hit):
            found.append(rule)
    if program in _INTERPRETERS and rules.runs_remote_code(invocation, fetched):
        found.append(rules_.special["remote-code"])
    return [_violation(rule, invocation.source) for rule in found]


def _judged_roughly(text: str, scope: Scope, places: Places, rules_: Rules) -> list[Violation]:
    """Judge by its words alone what is no valid Bash or too much, since bash may still run parts of it."""
    found: list[Violation] = []
    home = scope.lookup("HOME") or "~"
    known = text.replace("${HOME}", home).replace("$HOME", home)
    for line in known.translate(_CUTS).split("\n"):
        words = line.translate(_QUOTES).replace(">", " > ").split()
        for at, word in enumerate(words):
            if word != ">" and not rules_.of(word.rpartition("/")[2]):
                continue
            end = at + _ROUGH_WORDS
            if word in words[at + 1 : end]:  # where it stands again, it is judged again
                end = words.index(word, at + 1)
            argv = tuple(
                [Value(home + each[1:] if each[0] == "~" else each, "*" in each) for each in words[at:end]]
            )
            source = word  # a line cut out of its text may hold half of something secret
            if word == ">":
                targets = tuple((">", value) for value in argv[1:2])
                found += _judged(Invocation((Value(""),), scope, source, targets), places, rules_, {})
            else:
                found += _judged(Invocation(argv, scope, source), places, rules_, {})
    compact = "".join(text.split())
    name = compact.partition("(){")[0].rpartition(";")[2]
    if name and f"{name}|{name}&" in compact:
        found.append(_violation(rules_.special["fork-bomb"], f"{name[:40]}() {{ … }}"))
    return [violation.replace(why=f"{violation.why} {_ROUGH_WHY}") for violation in found]


def _violation(rule: Rule, command: str) -> Violation:
    return Violation(rule.id, command, rule.why, rule.instead)

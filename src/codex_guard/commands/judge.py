"""Script to violations: one walk, every rule that fits, nothing executed."""

from codex_guard.commands import operands
from codex_guard.commands import rule as rules
from codex_guard.commands.flow import PRINTERS, Flow
from codex_guard.commands.globs import like
from codex_guard.commands.operands import Places, kinds
from codex_guard.commands.rule import LENGTHS, TARGETS, TIERS, Rule, begins, unpacked
from codex_guard.errors import MISSING_INDEX, GuardError
from codex_guard.model import GUARDS, Violation, Write
from codex_guard.shell.arguments import read_arguments
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import Scope, Value
from codex_guard.shell.walk import Walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from codex_guard.commands.own import Own
    from codex_guard.commands.shown import Shown

GUARD_FILES = "guard-files"
_GUARD_WHY = "It changes the hooks, the policy or the files of codex-guard itself, which only a person may."
_GUARD_INSTEAD = "Tell the user which change you would make and why."
_ROUGH_WHY = "(The command is no valid Bash, or too long, so it was judged by its words.)"
_LONG = 4_000  # characters
_ROUGH_WORDS = 100  # arguments that are looked at
_QUOTES = str.maketrans("'\"$", "   ")
_CUTS = str.maketrans(dict.fromkeys(";|&\n(){}`", "\n"))


class Rules:
    """The compiled rules, found by program; each is made when it is first asked for."""

    def __init__(
        self,
        rows: tuple[str, ...],
        by_program: "dict[str, tuple[int, ...]]",
        tiers: "Collection[str]",
        own: "tuple[Own, ...]" = (),
    ) -> None:
        self._rows = rows
        self._by_program = by_program
        self._tiers = tiers
        self._own = own
        self._made: dict[int, Rule] = {}

    def of(self, program: str, given: "Collection[str] | None" = None) -> list[Rule]:
        """Return the rules for a program, those of ``targets`` and ``special`` under names of their own.

        ``given`` are its arguments: rules for a subcommand that is not among them are left out.
        """
        numbers = self._by_program.get(program, ())
        for length in self._by_program[LENGTHS] if program else ():
            numbers += self._by_program.get(program[:length] + "*", ())
        found = [self._rule(n) for n in numbers if given is None or begins(self._rows[n], given)]
        return [rule for rule in found if rule.tier in self._tiers or rule.id.startswith(GUARDS)]

    def own(self, program: str) -> "list[Own]":
        """Return the rules of policies for a program."""
        return [one for one in self._own if any(like(name, program) for name in one.rule.programs)]

    def own_targets(self) -> "list[Own]":
        """Return the rules of policies for redirections."""
        return [one for one in self._own if one.rule.targets]

    def special(self, name: str) -> list[Rule]:
        """Return the rule of a special check, if it is among the tiers."""
        return self.of(f"special {name}")

    def _rule(self, number: int) -> Rule:
        if number not in self._made:
            self._made[number] = unpacked(self._rows[number])
        return self._made[number]


class Pipes:
    """Which output of one script the pipes in it keep to themselves, looked at when that matters."""

    def __init__(self, invocations: list[Invocation]) -> None:
        self._invocations = invocations
        self._kept: frozenset[int] | None = None

    def keep(self, invocation: Invocation) -> bool:
        """Say whether what an invocation prints is never shown as it is."""
        if self._kept is None:
            from codex_guard.commands import pipes  # noqa: PLC0415 - where something secret is printed

            self._kept = pipes.kept(tuple(self._invocations))
        return id(invocation) in self._kept


def load(tiers: "Collection[str]" = TIERS, own: "tuple[Own, ...]" = ()) -> Rules:
    """Return the rules of ``tiers``, and ``own`` besides. Raises GuardError where none were compiled."""
    try:
        from codex_guard import _commands  # noqa: PLC0415 - its absence is an error for a person
    except ImportError as error:
        raise GuardError(MISSING_INDEX) from error
    return Rules(_commands.RULES, _commands.BY_PROGRAM, tiers, own)


def judge(
    walk: Walk,
    scope: Scope,
    places: Places,
    rules_: Rules,
    disabled: "Collection[str]" = (),
    *,
    masks_dotenv: bool = False,
) -> tuple[Violation, ...]:
    """Return what is forbidden in a walked script, each rule once a command, in order.

    ``masks_dotenv``: a dotenv file may be shown plainly, since its values are masked then.
    """
    found: list[Violation] = []
    flow = Flow(places)
    places = places.replace(secrets=flow.secret)
    flow.places = places
    pipes = Pipes(walk.invocations)
    shown: Shown | None = None
    plain = _shown_plainly(walk, places) if masks_dotenv else ()
    for invocation in walk.invocations:
        seen_as = places.replace(dotenv=False) if id(invocation) in plain else places
        found += _judged(invocation, seen_as, rules_, flow, pipes)
        if invocation.inner and invocation.program in PRINTERS:
            shown = shown or _shown(walk, places, rules_)
            found += [_violation(rule, invocation.source) for rule in shown.broken(invocation)]
    for name in walk.recursive:
        found += [_violation(bomb, f"{name}() {{ … }}") for bomb in rules_.special("fork-bomb")]
    if walk.too_much:
        found += [_violation(rule, "the command") for rule in rules_.special("too-much")]
    for unparsed in walk.unparsed:
        if walk.too_much and len(unparsed) > _LONG:  # that is denied already
            continue
        found += _judged_roughly(unparsed, scope, places, rules_)
    kept: dict[tuple[str, str], Violation] = {}
    for violation in found:
        if violation.rule not in disabled:
            kept.setdefault((violation.rule, violation.command), violation)
    return tuple(kept.values())


def _shown_plainly(walk: Walk, places: Places) -> "Collection[int]":
    from codex_guard.commands import dotenv  # noqa: PLC0415 - few policies ask for it

    return dotenv.shown(walk, places)


def _shown(walk: Walk, places: Places, rules_: Rules) -> "Shown":
    from codex_guard.commands.shown import Shown  # noqa: PLC0415 - where something taken in is printed

    return Shown(walk.invocations, places, rules_)


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
    invocation: Invocation,
    places: Places,
    rules_: Rules,
    flow: Flow,
    pipes: "Pipes | None" = None,
    *,
    roughly: bool = False,
) -> list[Violation]:
    arguments = read_arguments(invocation)
    given = {value.text for value in invocation.argv[1:]}
    candidates = rules_.of(invocation.program, given)
    found = [rule for rule in candidates if rules.matches(rule, invocation, arguments, places)]
    if pipes is not None and any(rule.shown for rule in found) and pipes.keep(invocation):
        found = [rule for rule in found if not rule.shown]
    hit: frozenset[str] = frozenset()
    for _, target in invocation.targets:
        hit |= kinds(target, invocation.scope, places)
    found += [rule for rule in rules_.of(TARGETS) if not hit.isdisjoint(rule.targets)] if hit else []
    for name in flow.judged(invocation, arguments):
        found += rules_.special(name)
    own = [
        one
        for one in rules_.own(invocation.program)
        if rules.matches(one.rule, invocation, arguments, places)
    ]
    own += [one for one in rules_.own_targets() if not hit.isdisjoint(one.rule.targets)] if hit else []
    if own:
        from codex_guard.commands.own import settled  # noqa: PLC0415 - few policies bring rules

        # What was not understood is allowed by nobody.
        found = settled(found, [one for one in own if not (roughly and one.allows)])
    return [_violation(rule, invocation.source) for rule in found]


def _judged_roughly(text: str, scope: Scope, places: Places, rules_: Rules) -> list[Violation]:
    """Judge by its words alone what is no valid Bash or too much, since bash may still run parts of it."""
    found: list[Violation] = []
    flow = Flow(places)
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
                found += _judged(
                    Invocation((Value(""),), scope, source, targets), places, rules_, flow, roughly=True
                )
            else:
                found += _judged(Invocation(argv, scope, source), places, rules_, flow, roughly=True)
    compact = "".join(text.split())
    name = compact.partition("(){")[0].rpartition(";")[2]
    if name and f"{name}|{name}&" in compact:
        found += [_violation(bomb, f"{name[:40]}() {{ … }}") for bomb in rules_.special("fork-bomb")]
    return [violation.replace(why=f"{violation.why} {_ROUGH_WHY}") for violation in found]


def _violation(rule: Rule, command: str) -> Violation:
    return Violation(rule.id, command, rule.why, rule.instead)

"""What ``echo`` and ``printf`` show of what was taken into an argument or a variable."""

from codex_guard.commands import rule as rules
from codex_guard.commands.operands import Places
from codex_guard.commands.rule import Rule
from codex_guard.shell.arguments import read_arguments
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.commands.judge import Rules


class Shown:
    """The rules against showing something, for all printers of one script."""

    def __init__(self, invocations: list[Invocation], places: Places, rules_: "Rules") -> None:
        self._places = places
        self._rules = rules_
        stages = {id(one.upstream): one.upstream for one in invocations if one.upstream is not None}
        # What another program takes is not shown.
        self._piped = {id(one) for stage in stages.values() for one in stage.started}
        self._known: dict[tuple[int, ...], list[Rule]] = {}

    def broken(self, printer: Invocation) -> list[Rule]:
        """Return the rules that a printer breaks by showing what ran to make its words."""
        if printer.captured or printer.targets or id(printer) in self._piped:
            return []
        key = tuple([id(one) for one in printer.inner])
        if key not in self._known:
            # What only helped to make something else is not shown either.
            helped = {id(deeper) for one in printer.inner for deeper in one.inner}
            seen = {id(one): one for one in printer.inner if id(one) not in helped}
            self._known[key] = [rule for one in seen.values() for rule in self._of(one)]
        return self._known[key]

    def _of(self, one: Invocation) -> list[Rule]:
        # $(< file) reads as cat does.
        argv = one.argv if one.program else (Value("cat"),)
        seen = one.replace(argv=argv, captured=False)
        arguments = read_arguments(seen)
        return [
            rule
            for rule in self._rules.of(seen.program)
            if rule.shown and rules.matches(rule, seen, arguments, self._places)
        ]

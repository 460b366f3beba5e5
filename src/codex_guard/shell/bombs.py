"""Fork bombs: functions that start themselves again side by side, and endless loops that never wait."""

from codex_guard.shell.tree import Command, Compound, Literal, Script, Statement

_MOST = 50  # functions that are looked at more closely
_TRUE = frozenset(
    ("true", ":", "[[ 1 ]]", "[ 1 ]", "[[ true ]]", "[ true ]", "(( 1 ))", "((1))", "[ 1 = 1 ]")
)
_FALSE = frozenset(("false", "! true", "! :"))
_WAITS = frozenset(("wait", "sleep", "read", "break", "exit", "return", "exec"))


def multiplying(functions: dict[str, Compound]) -> list[str]:
    """Return the names of the functions that a pipe or the background starts again within themselves."""
    calls = {name: _calls(function) for name, function in functions.items()}
    beside = {name: [called for called, aside in calls[name].items() if aside] for name in calls}
    suspects = [name for name in functions if beside[name]][:_MOST]
    return [name for name in suspects if _lead_to(beside[name], name, calls)]


def _calls(function: Compound) -> dict[str, bool]:
    """Return what the body of a function calls, and whether it does so side by side with anything."""
    found: dict[str, bool] = {}
    waiting: list[tuple[Script, bool]] = [(body, False) for body in function.bodies]
    while waiting:
        script, beside = waiting.pop()
        for statement in script.statements:
            commands = statement.pipeline.commands
            aside = beside or len(commands) > 1 or statement.connector == "&"
            for command in commands:
                if isinstance(command, Compound):
                    waiting += [(body, aside) for body in command.bodies]
                elif (name := _name(command)) is not None:
                    found[name] = aside or found.get(name, False)
    return found


def _lead_to(starts: list[str], end: str, calls: dict[str, dict[str, bool]]) -> bool:
    seen = set(starts)
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        for called in calls.get(name, ()):
            if called not in seen:
                seen.add(called)
                waiting.append(called)
    return False


def _name(command: Command) -> str | None:
    """Return a command's name where it is written plainly."""
    parts = command.words[0].parts if command.words else ()
    return parts[0].text if len(parts) == 1 and isinstance(parts[0], Literal) else None


def endless(loop: Compound, text: str) -> bool:
    """Say whether a loop in the script ``text`` goes on for ever, starts things aside and never waits."""
    if loop.kind not in ("while", "until") or len(loop.bodies) < 2:  # noqa: PLR2004 - a condition and a body
        return False
    condition, body = loop.bodies[0].statements, loop.bodies[1].statements
    if len(condition) != 1 or _written(condition[0], text) not in (_TRUE if loop.kind == "while" else _FALSE):
        return False
    names = [
        _name(command)
        for statement in body
        if statement.connector != "&"
        for command in statement.pipeline.commands
        if isinstance(command, Command)
    ]
    # What is disowned is not waited for.
    waits = any(name in _WAITS and not (name == "wait" and "disown" in names) for name in names)
    return not waits and any(statement.connector == "&" for statement in body)


def _written(statement: Statement, text: str) -> str:
    commands = statement.pipeline.commands
    sign = "! " if statement.pipeline.negated else ""
    return sign + " ".join(text[commands[0].start : commands[-1].end].split())

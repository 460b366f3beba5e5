"""Events in: Codex's stdin payloads as the model's events.

Fields that a newer Codex adds are ignored. A field that a judgement needs and that is missing or of
another type is a GuardError, so that the hook blocks instead of judging half an event.
"""

from codex_guard.errors import GuardError
from codex_guard.model import Event, PromptEvent, StopEvent, ToolEvent
from codex_guard.wire import fastjson

#: Tools whose ``tool_input.command`` is a command line or a patch.
COMMAND_TOOLS = frozenset(("Bash", "apply_patch"))

#: The event each executable serves, and the seconds after which Codex is told to give up on it.
TIMEOUTS = {"UserPromptSubmit": 30, "PreToolUse": 30, "PostToolUse": 60, "SubagentStop": 300, "Stop": 300}

#: Every event that Codex has, whether a hook of ours serves it or not.
EVENTS = frozenset((
    "PreModelRequest", "PostModelRequest", "PreToolUse", "PermissionRequest", "PostToolUse", "PreCompact",
    "PostCompact", "SessionStart", "SessionEnd", "UserPromptSubmit", "SubagentStart", "SubagentStop", "Stop",
    "Interrupt",
))  # fmt: skip

#: How a hook tells its wrapper that it has judged: with this status, where this variable asks for it. An
#: exit with 0 alone proves nothing: an empty file in the executable's place does that too.
JUDGED_VARIABLE, JUDGED_STATUS = "CODEX_GUARD_JUDGED", 90

#: The largest event that is read, in bytes. Beyond it, the answer is no.
LARGEST = 128 * 1024 * 1024


def read(raw: bytes, expected: str | None = None) -> tuple[str, Event]:
    """Return the event's name and the event in ``raw``, which must be one of kind ``expected``.

    ``SubagentStop`` counts as ``Stop``; ``expected`` None takes every event of TIMEOUTS. Raises
    GuardError with a sentence that holds nothing of the payload's contents.
    """
    payload = _decode(raw)
    name = _text(payload, "hook_event_name", "hook")
    kind = "Stop" if name == "SubagentStop" else name
    if kind not in TIMEOUTS or (expected is not None and kind != expected):
        wanted = expected or ", ".join(TIMEOUTS)
        raise GuardError(
            f"Codex sent a {_shown(name)} event to the hook for {wanted}: correct the hook's event in"
            " hooks.json or requirements.toml, or run `codex-guard init` again."
        )
    return name, _event(kind, payload)


def _decode(raw: bytes) -> dict[str, object]:
    if not raw.strip():
        raise GuardError("The event on standard input is empty: Codex sends one JSON object to a hook.")
    try:
        payload = fastjson.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        # The decoder's own message can quote the payload; its place cannot.
        place = getattr(error, "pos", getattr(error, "start", None))
        where = f" (at {place})" if isinstance(place, int) else ""
        raise GuardError(
            f"The event on standard input is not one whole JSON object{where}: it is cut short, or not"
            " from Codex."
        ) from None
    if not isinstance(payload, dict):
        raise GuardError("The event on standard input is JSON but no object: it is not from Codex.")
    return payload


def _event(kind: str, payload: dict[str, object]) -> Event:
    session, cwd = _text(payload, "session_id", kind), _text(payload, "cwd", kind)
    if kind == "Stop":
        continued = payload.get("stop_hook_active")
        if not isinstance(continued, bool):
            raise _missing("stop_hook_active", kind)
        planning = payload.get("permission_mode") == "plan"
        return StopEvent(session, _text(payload, "turn_id", kind), cwd, continued, planning)
    turn = payload.get("turn_id")
    turn = turn if isinstance(turn, str) else ""
    if kind == "UserPromptSubmit":
        return PromptEvent(session, turn, cwd, _text(payload, "prompt", kind))
    return _tool_event(kind, payload, session, turn, cwd)


def _tool_event(kind: str, payload: dict[str, object], session: str, turn: str, cwd: str) -> ToolEvent:
    tool = _text(payload, "tool_name", kind)
    for field in ("tool_input", "tool_response") if kind == "PostToolUse" else ("tool_input",):
        if field not in payload:
            raise _missing(field, kind)
    arguments = payload["tool_input"]
    command = None
    if tool in COMMAND_TOOLS:
        given = arguments.get("command") if isinstance(arguments, dict) else None
        if not isinstance(given, str):
            raise _missing("tool_input.command", kind)
        command = given
    call = payload.get("tool_use_id")
    return ToolEvent(
        session=session,
        turn=turn,
        cwd=cwd,
        tool=tool,
        arguments=arguments,
        command=command,
        response=payload.get("tool_response"),
        call=call if isinstance(call, str) else "",
    )


def _text(payload: dict[str, object], field: str, kind: str) -> str:
    value = payload.get(field)
    if not isinstance(value, str):
        raise _missing(field, kind)
    return value


def _missing(field: str, kind: str) -> GuardError:
    return GuardError(
        f"The {kind} event has no usable field {field!r}, without which it cannot be judged: this version"
        " of Codex may need a newer codex-guard."
    )


def _shown(name: str) -> str:
    """Show an event's name only if it is one: a payload's text stays out of messages."""
    return name if name in EVENTS else "strange"

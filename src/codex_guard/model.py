"""The value types that pass between rooms. All frozen; none knows how Codex spells anything."""

from codex_guard.record import Record

TYPE_CHECKING = False


class Secret:
    """A found secret value. Every way of showing it is masked; only ``reveal`` gives the value.

    Printing, formatting, pickling and logging give ``<masked:KIND>``; ``json`` refuses it. Two
    secrets are equal when their values are.
    """

    __slots__ = ("_value", "kind")

    if TYPE_CHECKING:
        _value: str
        kind: str

    def __init__(self, value: str, kind: str) -> None:
        object.__setattr__(self, "_value", value)
        object.__setattr__(self, "kind", kind)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Secret is frozen: {name!r} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"Secret is frozen: {name!r} cannot be deleted")

    def reveal(self) -> str:
        """Return the value itself: for masking it elsewhere and for fingerprints, never for output."""
        return self._value

    def __str__(self) -> str:
        return f"<masked:{self.kind}>"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> tuple[type["Secret"], tuple[str, str]]:
        return (Secret, (str(self), self.kind))


class Text(Record):
    """A piece of text to scan: ``where`` names it for people, ``first_line`` is its first line's number.

    ``file``: it is a file's, and ``where`` its name; a prompt is none, whatever stands under that name.
    """

    where: str
    body: str
    first_line: int = 1
    file: bool = False


class Finding(Record):
    """A secret found in a text, at a 1-based line and column (in characters).

    ``start`` and ``end`` are offsets into the scanned text. ``suppressed`` is the reason why it does
    not count, or None: a suppressed finding is shown and counted, never dropped. ``revoke`` is the page
    where a person takes the credential back. ``spelled`` is what stands in the text where that is not
    the secret itself: its base64, or its pieces.
    """

    rule: str
    title: str
    severity: str
    revoke: str
    where: str
    line: int
    column: int
    start: int
    end: int
    secret: Secret
    suppressed: str | None = None
    spelled: Secret | None = None


#: The first line of what is appended to a file.
BEHIND = 0


class Write(Record):
    """One file a tool call writes.

    ``op`` is ``add``, ``update`` (also for what is appended), ``delete`` or ``move``; ``path`` is as named
    in the call, relative to the session's folder or absolute; ``new_path`` is a move's destination.
    ``content`` is the text that lands there, as far as the call itself says (for an update: the added
    lines; what only run time knows is an …), or None where it cannot be known; ``first_line`` is the
    number of its first line in the written file, 1 where the call does not say, or ``BEHIND`` where it
    comes behind what the file holds.
    """

    path: str
    op: str
    new_path: str | None = None
    content: str | None = None
    first_line: int = 1


#: What the ids of the rules begin with that keep the guard on: they count in any tier, and no repository
#: allows what they deny.
GUARDS = "guard-"


class Violation(Record):
    """A command that a rule forbids: why, and what to do instead (which itself passes the guard)."""

    rule: str
    command: str
    why: str
    instead: str


class Unscanned(Record):
    """Something that could not be looked at, and why. A value to decide on, never silence."""

    where: str
    reason: str


class CheckFailure(Record):
    """One failure a validator reported: ``line`` and ``column`` are 1-based, 0 where unknown."""

    tool: str
    path: str
    line: int
    column: int
    code: str
    message: str


class CheckResult(Record):
    """What one validator said: its failures, or ``problem`` in a sentence when it could not run.

    ``root`` is the folder that it ran in, relative to the repository's top, empty for that itself; the
    failures' paths are relative to the top, too. ``seconds`` is how long it ran. ``broken``: it ended by
    itself and gave no verdict, as with a configuration that it cannot read.
    """

    tool: str
    command: tuple[str, ...]
    failures: tuple[CheckFailure, ...] = ()
    problem: str | None = None
    root: str = ""
    seconds: float = 0.0
    broken: bool = False


class Allow(Record):
    """Go ahead. ``note`` is for the user's eyes, where Codex shows it; None prints nothing at all.

    ``context`` is what the model is told besides, where the event can tell it something.
    """

    note: str | None = None
    context: str | None = None


class Block(Record):
    """Do not go ahead; ``reason`` reaches the model or the user, and never holds a secret."""

    reason: str


Decision = Allow | Block


class Judgement(Record):
    """Everything one event led to: the decision and what it rests on."""

    decision: Decision
    findings: tuple[Finding, ...] = ()
    violations: tuple[Violation, ...] = ()
    writes: tuple[Write, ...] = ()
    unscanned: tuple[Unscanned, ...] = ()
    checks: tuple[CheckResult, ...] = ()


class PromptEvent(Record):
    """A prompt about to be sent to the model."""

    session: str
    turn: str
    cwd: str
    prompt: str


class ToolEvent(Record):
    """A tool call, before (``response`` is None) or after it ran.

    ``arguments`` and ``response`` are the decoded JSON values as Codex gave them; ``command`` is the
    command line of a Bash call or the patch of an apply_patch call, and None for every other tool.
    """

    session: str
    turn: str
    cwd: str
    tool: str
    arguments: object
    command: str | None
    response: object = None
    call: str = ""


class StopEvent(Record):
    """A turn about to end.

    ``continued`` says that a Stop hook already kept this turn going, ``planning`` that the agent may only
    plan and so cannot mend anything.
    """

    session: str
    turn: str
    cwd: str
    continued: bool
    planning: bool = False


Event = PromptEvent | ToolEvent | StopEvent

"""A tool call that has run: what it left in files, and what it printed."""

import os

from codex_guard.errors import GuardError
from codex_guard.guard import calls, disk, places, scan
from codex_guard.model import Allow, Block, Finding, Judgement, Text, ToolEvent, Unscanned, Write
from codex_guard.policy.policy import Policy
from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.commands.operands import Places
    from codex_guard.guard.landed import Held, Landed
    from codex_guard.shell.walk import Walk

_MOST_IN_FOLDER = 500  # files of a folder that was written as a whole
_RUN_TIME = "…"  # stands in a content for what only run time knows


class _Files(Record):
    """The files that a call wrote, as they are on disk now, and those that could not be looked at.

    ``stamps`` are the states that they were seen in, by their names.
    """

    texts: list[Text]
    unseen: list[Unscanned]
    stamps: dict[str, str]


def judge(event: ToolEvent, policy: Policy, *, remember: bool = True) -> Judgement:
    """Block what the model sees of a call that left a secret in a file or printed one.

    What a file held before the call is only told, once. ``remember``: keep in the session's state what
    was looked at and reported, and do not report it twice.
    """
    where = places.of(event.cwd)
    walk = calls.walked(event, places.scope(event.cwd, where))
    written = calls.written(event, walk, policy.writers)
    files = _on_disk(event.cwd, written.writes)
    scanner = scan.scanner(policy, event.cwd, where.worktree)
    in_files = scanner.texts(files.texts)
    in_names = scanner.texts(calls.names(written.writes))
    response, shown = _without_dotenv(event.response, walk, policy, where)
    printed = scan.once(scanner.texts(calls.printed(response)))
    if remember and files.stamps:
        # Where something was found, the sweep looks once more: the file may have a second name.
        found = {finding.where for finding in in_files}
        _note(event.session, [stamp for path, stamp in files.stamps.items() if path not in found])
    unscanned = (*written.unscanned, *files.unseen)
    # What is found goes at once; what was reported before may be gone by now, and could come back.
    any_found = in_files or in_names or printed or shown or files.unseen
    if not (any_found or (remember and _has_told(event, files))):
        return Judgement(Allow(), writes=written.writes, unscanned=unscanned)
    from codex_guard.guard import report  # noqa: PLC0415 - a clean call never comes here
    from codex_guard.secrets.masking import veil  # noqa: PLC0415

    landed = _landed(event, policy, where, files, (in_files, in_names), written.writes, remember=remember)
    printed = _allowed(printed, policy)
    findings = (*landed.all, *printed)
    # What is no text is built and fetched all day: the ledger says so, and nobody is told.
    told = tuple(one for one in files.unseen if one.reason != disk.NO_TEXT)
    note = veil(report.unscanned(told), findings) if told else None
    said = scan.counted(printed)
    if landed.new or said or shown:
        note = f"{note or ''} ({landed.problem})".strip() if landed.problem else note
        output = _masked(response, said, scanner, shown)
        named = tuple(os.path.relpath(path, event.cwd) for path in shown)
        reason = veil(report.after(landed.new, said, output, note, landed.old, named), findings)
        decision: Allow | Block = Block(reason)
    else:
        decision = Allow(note, veil(report.before_session(landed.old), findings) if landed.old else None)
    return Judgement(decision, findings, writes=written.writes, unscanned=unscanned)


def _on_disk(cwd: str, writes: tuple[Write, ...]) -> _Files:
    files = _Files([], [], {})
    named = dict.fromkeys(write.new_path or write.path for write in writes if write.op != "delete")
    # `mv a folder` names both the folder and the file in it.
    for path in dict.fromkeys(path for name in named for path in _below(cwd, name)):
        stamps: list[str] = []
        text = disk.read(os.path.join(cwd, path), path, stamps)
        files.stamps.update((path, stamp) for stamp in stamps)
        if isinstance(text, Text):
            files.texts.append(text)
        elif text is not None:
            files.unseen.append(text)
    return files


def _below(cwd: str, path: str) -> list[str]:
    """Return the path itself, or the files in the folder that it is: one that was moved or copied whole."""
    full = os.path.join(cwd, path)
    if not os.path.isdir(full) or os.path.islink(full):
        return [path]
    found: list[str] = []
    for folder, folders, names in os.walk(full):
        folders[:] = sorted(name for name in folders if name != ".git")
        found += [os.path.join(path, os.path.relpath(os.path.join(folder, name), full)) for name in names]
        if len(found) > _MOST_IN_FOLDER:
            break
    return sorted(found[:_MOST_IN_FOLDER])


def _note(session: str, stamps: list[str]) -> None:
    from codex_guard.ledger import seen  # noqa: PLC0415 - only for a call that wrote files

    try:
        seen.note(session, stamps)
    except (OSError, GuardError):
        return  # the sweep at the turn's end looks at them once more


def _has_told(event: ToolEvent, files: _Files) -> bool:
    """Say whether the session was told of something that may be gone from the files by now."""
    from codex_guard.ledger import told  # noqa: PLC0415 - only for a call that wrote files

    return bool(files.texts) and told.any_told(event.session)


def _landed(
    event: ToolEvent,
    policy: Policy,
    where: "Places",
    files: _Files,
    found: tuple[tuple[Finding, ...], tuple[Finding, ...]],
    writes: tuple[Write, ...],
    *,
    remember: bool,
) -> "Landed":
    """Sort what was found in the files, and in their names."""
    from codex_guard.guard import brought, landed  # noqa: PLC0415 - a clean call never comes here

    held = _with_sources(landed.at_start(event.session, event.cwd), writes)
    in_files, named = found
    if in_files:
        from codex_guard.guard import suppress  # noqa: PLC0415

        in_files = suppress.in_written(
            files.texts, in_files, policy, suppress.Where(where.worktree, event.cwd), held
        )
    session = event.session if remember else None
    others = brought.by_others(event.session, event.cwd)
    named = _allowed(named, policy)
    return landed.sort(in_files + named, files.texts, held, session, _added(writes), others=others)


def _with_sources(held: "Held", writes: tuple[Write, ...]) -> "Held":
    """Let a file that was moved, alone or with its folder, have held what it held where it was."""
    moves = [(write.new_path, write.path) for write in writes if write.op == "move" and write.new_path]

    def either(where: str) -> str | None:
        text = held(where)
        for target, source in moves if text is None else ():
            if where == target:
                text = held(source)
            elif where.startswith(f"{target}/"):
                rest = where[len(target) + 1 :]
                # A folder that was there already took the source in, with its name.
                text = held(os.path.join(source, rest)) or held(os.path.join(os.path.dirname(source), rest))
            if text is not None:
                break
        return text

    return either


def _added(writes: tuple[Write, ...]) -> dict[str, str]:
    """Return what the call itself added to files that it updated, where all of it is known."""
    added: dict[str, str] = {}
    unknown = set()
    for write in writes:
        path = write.new_path or write.path
        if write.op != "update" or write.content is None or _RUN_TIME in write.content:
            unknown.add(path)
        else:
            added[path] = f"{added.get(path, '')}\n{write.content}"
    return {path: text for path, text in added.items() if path not in unknown}


def _allowed(findings: tuple[Finding, ...], policy: Policy) -> tuple[Finding, ...]:
    """Mark what the policy allows wherever it stands."""
    if not (findings and scan.is_loosened(policy)):
        return findings
    from codex_guard.guard import suppress  # noqa: PLC0415 - few policies allow anything

    return suppress.by_policy(findings, policy, None, suppress.committed)


def _without_dotenv(
    response: object, walk: "Walk | None", policy: Policy, where: "Places"
) -> tuple[object, tuple[str, ...]]:
    """Return the output with the values of dotenv files masked that a command shows, and those files."""
    if policy.env_files != "mask" or walk is None:
        return response, ()
    from codex_guard.guard import dotenv  # noqa: PLC0415 - few policies ask for it

    shown = dotenv.shown(walk, where)
    return (dotenv.masked(calls.readable(response), shown) if shown else response), shown


def _masked(
    response: object, said: tuple[Finding, ...], scanner: scan.Scanner, shown: tuple[str, ...]
) -> str | None:
    """Return the output with its secrets masked; None where it held none, or they cannot be masked."""
    text = calls.readable(response) if said or shown else ""
    # What is found behind line numbers only cannot be masked among them.
    if not text or not all((finding.spelled or finding.secret).reveal() in text for finding in said):
        return None
    from codex_guard.secrets.masking import veil  # noqa: PLC0415 - a clean call never comes here

    # Looked at once more: the places that are known are those in the result's own texts.
    return veil(scanner.masked(text, scanner.texts([Text("output", text)])), said)

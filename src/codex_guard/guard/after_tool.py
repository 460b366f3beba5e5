"""A tool call that has run: what it left in files, and what it printed."""

import os

from codex_guard.errors import GuardError
from codex_guard.guard import calls, disk, places, scan
from codex_guard.model import Allow, Block, Finding, Judgement, Text, ToolEvent, Unscanned
from codex_guard.policy.policy import Policy

_MOST_REMEMBERED = 2_000


def judge(event: ToolEvent, policy: Policy, *, remember: bool = True) -> Judgement:
    """Block what the model sees of a call that left a secret in a file or printed one.

    ``remember``: keep in the session's state what was reported, and do not report it twice.
    """
    where = places.of(event.cwd)
    written = calls.written(event, calls.walked(event, places.scope(event.cwd, where)))
    texts: list[Text] = []
    unseen: list[Unscanned] = []
    for path in dict.fromkeys(
        write.new_path or write.path for write in written.writes if write.op != "delete"
    ):
        seen = disk.read(os.path.join(event.cwd, path), path)
        if isinstance(seen, Text):
            texts.append(seen)
        elif seen is not None:
            unseen.append(seen)
    scanner = scan.scanner(policy, event.cwd, where.worktree)
    in_files = scanner.texts(texts)
    named = scanner.texts(calls.names(written.writes))
    printed = scan.once(scanner.texts(calls.printed(event.response)))
    if (in_files or named or printed) and (scan.is_loosened(policy) or scan.is_marked(texts)):
        from codex_guard.guard import suppress  # noqa: PLC0415 - few policies and lines allow anything

        in_files = suppress.in_written(texts, in_files, policy, suppress.Where(where.worktree, event.cwd))
        named = suppress.by_policy(named, policy, None, suppress.committed)
        printed = suppress.by_policy(printed, policy, None, suppress.committed)
    in_files += named
    problem = None
    if remember and (in_files or (texts and _is_remembered(event.session))):
        try:
            in_files = _once(event, in_files, frozenset(text.where for text in texts))
        except GuardError as error:
            problem = str(error)  # what was found counts, whether it can be remembered or not
    unscanned = (*written.unscanned, *unseen)
    findings = (*in_files, *printed)
    if not findings and not unseen:
        return Judgement(Allow(), writes=written.writes, unscanned=unscanned)
    from codex_guard.guard import report  # noqa: PLC0415 - a clean call never comes here
    from codex_guard.secrets.masking import veil  # noqa: PLC0415

    counted, said = scan.counted(in_files), scan.counted(printed)
    # What is no text is built and fetched all day: the ledger says so, and nobody is told.
    told = tuple(one for one in unseen if one.reason != disk.NO_TEXT)
    note = veil(report.unscanned(told), findings) if told else None
    if not counted and not said:
        return Judgement(Allow(note), findings, writes=written.writes, unscanned=unscanned)
    note = f"{note or ''} ({problem})".strip() if problem else note
    output = None
    # What is found behind line numbers only cannot be masked among them.
    if isinstance(event.response, str) and all(
        (f.spelled or f.secret).reveal() in event.response for f in said
    ):
        output = scanner.masked(event.response, said)
    reason = report.after(counted, said, output, note)
    return Judgement(Block(veil(reason, findings)), findings, writes=written.writes, unscanned=unscanned)


def _is_remembered(session: str) -> bool:
    from codex_guard.ledger import place  # noqa: PLC0415 - only for a call that wrote files

    return os.path.exists(place.of_session(session))


def _once(event: ToolEvent, findings: tuple[Finding, ...], looked_at: frozenset[str]) -> tuple[Finding, ...]:
    """Mark what this session was already told of, in the same file: a file is not reported on every edit.

    What is gone from a file that was looked at is forgotten: it counts again should it come back.
    """
    from codex_guard.ledger import key, session  # noqa: PLC0415 - only a finding needs them
    from codex_guard.secrets.fingerprint import fingerprint  # noqa: PLC0415
    from codex_guard.secrets.masking import veil  # noqa: PLC0415

    secret_key = key.read()
    marked = []
    with session.opened(event.session) as state:
        kept = state.get("told")
        told = [name for name in kept if isinstance(name, str)] if isinstance(kept, list) else []
        shown = {where: veil(where, findings) for where in {finding.where for finding in findings}}
        names = [f"{fingerprint(f.secret, secret_key)} {shown[f.where]}" for f in findings]
        gone = {name for name in told if name.partition(" ")[2] in looked_at} - set(names)
        told = [name for name in told if name not in gone]
        before = set(told)
        for finding, name in zip(findings, names, strict=True):
            if name in before:
                marked.append(
                    finding.replace(suppressed=finding.suppressed or "reported before in this session")
                )
                continue
            marked.append(finding)
            if finding.suppressed is None:
                told.append(name)
        state["told"] = told[-_MOST_REMEMBERED:]
    return tuple(marked)

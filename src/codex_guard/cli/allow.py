"""``codex-guard allow``: one found value put on a policy's allow-list, by its fingerprint."""

import argparse
import datetime as dt
import json
import os
import re
import tempfile

from codex_guard.errors import GuardError
from codex_guard.guard import disk, scan, suppress
from codex_guard.model import Finding, Text
from codex_guard.policy import file as policy_file
from codex_guard.policy import layers
from codex_guard.policy.entries import Allowed
from codex_guard.policy.policy import Policy
from codex_guard.repo import git
from codex_guard.secrets import index, salted, search
from codex_guard.secrets.masking import veil

# What Codex 0.169 sets for the commands that its agent runs; the last two in its sandbox only.
_OF_CODEX = (
    "CODEX_THREAD_ID", "CODEX_SESSION_ID", "CODEX_TOOL_CALL_ID", "CODEX_CI", "CODEX_SANDBOX",
    "CODEX_SANDBOX_NETWORK_DISABLED",
)  # fmt: skip
_PLACE = re.compile(r"(.+?):(\d{1,9})(?::(\d{1,9}))?", re.DOTALL)
_HEAD = "# codex-guard's policy; `codex-guard allow --list` prints what it allows.\n"


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "allow",
        help="allow one found value, with a reason; for people only",
        description=(
            "Append an entry for one found value to a policy: a fingerprint, never the value. The agent"
            " may not run this."
        ),
    )
    parser.add_argument("place", nargs="?", metavar="PATH:LINE[:COLUMN]", help="where `scan` found it")
    parser.add_argument("--reason", help="why the value may stand there; required")
    parser.add_argument("--rule", help="the rule that found it, where several did")
    parser.add_argument("--expires", metavar="YYYY-MM-DD", help="the last day the entry counts")
    parser.add_argument("--policy", metavar="FILE", help="the policy to write (default: the repository's)")
    parser.add_argument("--list", action="store_true", help="print the entries that hold here")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Append the entry, or list what there is. Returns 0. Raises GuardError for whatever is not clear."""
    policy = layers.load(os.getcwd())
    if options.list:
        if options.place or options.reason or options.rule or options.expires or options.policy:
            raise GuardError("--list goes alone: it prints the entries that hold in this folder.")
        return _list(policy)
    _refuse_the_agent()
    if not options.place:
        raise GuardError("Say what to allow, as `codex-guard scan` prints it: PATH:LINE or PATH:LINE:COLUMN.")
    expires = _date(options.expires)
    text, finding = _found(options.place, options.rule, policy)
    reason = _reason(options.reason, scan.scanner(policy, os.getcwd()).texts([text]))
    target = os.path.realpath(options.policy or _repository_policy())
    _refuse_a_locked(target)
    own = _entries(target)
    salt = next((salt for entry in own if (salt := salted.salt_of(entry.fingerprint))), salted.new_salt())
    entry = Allowed(salted.fingerprint(finding.secret, salt), reason, finding.rule, (), expires)
    for known in own:
        same = (known.fingerprint, known.paths) == (entry.fingerprint, ())
        if same and known.rule in (None, entry.rule) and not suppress.is_expired(known):
            raise GuardError(f"This value is allowed already, by {known.file}:{known.line}.")
    _append(target, entry)
    line = _entries(target)[-1].line
    until = f" until {expires}" if expires else ""
    place = f"{veil(finding.where, (finding,))}:{finding.line}:{finding.column}"
    print(f"Allowed {finding.title} [{finding.rule}] at {place}{until}, in {target}:{line}.")
    if os.path.basename(target) == layers.REPOSITORY:
        print("Commit that file: `codex-guard scan` goes by it now, the hooks from its commit on.")
    return 0


def _refuse_the_agent() -> None:
    for name in _OF_CODEX:
        if name in os.environ:
            raise GuardError(
                f"Codex runs this command ({name} is set), and only a person may allow a value: run it in a"
                " terminal of your own."
            )


def _found(place: str, rule: str | None, policy: Policy) -> tuple[Text, Finding]:
    """Return the file's text and the one finding at ``place``."""
    path, line, column = _split(place)
    text = disk.read(path, os.path.normpath(path))
    if not isinstance(text, Text):
        why = "there is no such file" if text is None else text.reason
        raise GuardError(f"{path} cannot be looked at: {why}.")
    findings = scan.scanner(policy, os.getcwd()).texts([text])
    here = [
        finding
        for finding in findings
        if finding.line <= line <= finding.line + text.body.count("\n", finding.start, finding.end)
        and column in (None, finding.column)
        and rule in (None, finding.rule)
    ]
    shown = veil(path, findings)
    if not here:
        of_rule = f" of the rule {rule}" if rule else ""
        raise GuardError(
            f"No secret{of_rule} is found at {shown}:{line}{f':{column}' if column else ''}: `codex-guard"
            f" scan {shown}` prints the places."
        )
    if len(here) > 1:
        listed = "; ".join(f"{shown}:{f.line}:{f.column}: {f.title} [{f.rule}]" for f in here[:20])
        raise GuardError(f"{len(here)} secrets stand there, name one by its column: {listed}.")
    return text, here[0]


def _split(place: str) -> tuple[str, int, int | None]:
    """Take a place apart; where a file's name itself ends in a number, the name that exists wins."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise GuardError("The place must be PATH:LINE or PATH:LINE:COLUMN, as `codex-guard scan` prints it.")
    path, line, column = found.groups()
    if column and not os.path.exists(path) and os.path.exists(f"{path}:{line}"):
        return f"{path}:{line}", int(column), None
    return path, int(line), int(column) if column else None


def _reason(given: str | None, findings: tuple[Finding, ...]) -> str:
    reason = " ".join((given or "").split())
    if not any(character.isalnum() for character in reason):
        raise GuardError("Say why the value may stand there: --reason 'revoked in May, kept for the tests'.")
    if len(reason) > 400:  # noqa: PLR2004 - as the policy's own check has it
        raise GuardError("The reason is longer than 400 characters: make it shorter.")
    if veil(reason, findings) != reason or search.masked(reason, index.load()) != reason:
        raise GuardError("The reason holds a secret itself: leave the value out of it.")
    return reason


def _date(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        day = dt.date.fromisoformat(given)
    except ValueError:
        day = None
    if day is None or day.isoformat() != given:  # there are other spellings, of weeks among them
        raise GuardError("--expires takes a date as YYYY-MM-DD, such as 2030-12-31.")
    if suppress.is_expired(Allowed("", "", expires=given)):
        raise GuardError(f"--expires {given} is past: the entry would not count.")
    return given


def _repository_policy() -> str:
    cwd = os.getcwd()
    path = layers.repository_file(cwd)
    if path is not None:
        return path
    top = git.top(cwd)
    if top is None:
        raise GuardError("This folder is in no git repository: name a policy with --policy FILE.")
    return os.path.join(top, layers.REPOSITORY)


def _refuse_a_locked(target: str) -> None:
    if target != os.path.realpath(layers.ORGANISATION) and layers.is_locked("secrets.allow"):
        raise GuardError(
            f"The organisation's policy {layers.ORGANISATION} locks secrets.allow, so an entry in {target}"
            " would not count: ask whoever keeps that policy."
        )


def _entries(target: str) -> tuple[Allowed, ...]:
    if not os.path.lexists(target):
        return ()
    listed = policy_file.read(target, managed=True).get("secrets.allow", ())
    return tuple(entry for entry in listed if isinstance(entry, Allowed)) if isinstance(listed, tuple) else ()


def _append(target: str, entry: Allowed) -> None:
    """Add the entry at the file's end; the rest stays byte for byte as it is."""
    lines = [
        "[[secrets.allow]]",
        f'fingerprint = "{entry.fingerprint}"',
        f"rule = {_quoted(entry.rule or '')}",
        f"reason = {_quoted(entry.reason)}",
        *([f"expires = {entry.expires}"] if entry.expires else []),
    ]
    try:
        with open(target, "rb") as file:
            before = file.read()
    except FileNotFoundError:
        before = _HEAD.encode()
    end = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if not before else end if before.endswith(b"\n") else end * 2
    try:
        added = (gap + end.join(lines) + end).encode("utf-8")
    except UnicodeEncodeError:
        raise GuardError("The reason is not valid text: write it in UTF-8.") from None
    folder = os.path.dirname(target)
    try:
        handle, fresh = tempfile.mkstemp(prefix=".codex-guard.", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(before + added)
            _check(target, fresh, lines)
            os.chmod(fresh, _mode(target))
            os.replace(fresh, target)
        except BaseException:
            os.unlink(fresh)
            raise
    except OSError as error:
        raise GuardError(f"The policy {target} cannot be written: {error.strerror}.") from error


def _check(target: str, fresh: str, lines: list[str]) -> None:
    """Read what would be written: an allow-list that is written inline takes no table at the file's end."""
    try:
        policy_file.read(fresh, managed=True)
    except GuardError:
        raise GuardError(
            f"The policy {target} cannot take the entry at its end, perhaps because secrets or secrets.allow"
            f" is written inline there: add it by hand: {'; '.join(lines[1:])}."
        ) from None


def _mode(target: str) -> int:
    try:
        return os.stat(target).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _quoted(value: str) -> str:
    """Return a TOML basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(policy: Policy) -> int:
    for entry in policy.allow:
        rule = entry.rule or "any rule"
        files = f" in {', '.join(entry.paths)}" if entry.paths else ""
        past = suppress.is_expired(entry)
        until = f"{'expired on' if past else 'until'} {entry.expires}" if entry.expires else "no expiry"
        waits = entry.shared and not suppress.committed(entry.file)
        scope = "; not committed, so in `codex-guard scan` only" if waits else ""
        line = f"{entry.file}:{entry.line}: {rule}{files}, {until}{scope}: {entry.reason}"
        print(search.masked(" ".join(line.split()), index.load()))
    if not policy.allow:
        print("No entry of secrets.allow holds here.")
    return 0

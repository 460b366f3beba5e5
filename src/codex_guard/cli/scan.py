"""``codex-guard scan``: the secrets in files, as pre-commit and CI use it."""

import argparse
import json
import os
import sys
from collections.abc import Iterator

from codex_guard.cli import detectors
from codex_guard.errors import GuardError
from codex_guard.guard import disk, scan, suppress
from codex_guard.ledger import key
from codex_guard.model import Finding, Text, Unscanned
from codex_guard.policy import layers
from codex_guard.policy.policy import Policy
from codex_guard.repo import git
from codex_guard.secrets import search
from codex_guard.secrets.fingerprint import fingerprint
from codex_guard.secrets.masking import veil


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "scan",
        help="print the secrets in files and folders",
        description=(
            "Print where secrets stand, never their values. Exits with 0 for none, 1 for some, 2 where"
            " something could not be looked at."
        ),
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input")
    parser.add_argument(
        "--format",
        choices=("text", "jsonl"),
        default="text",
        help="text for people; jsonl: one object a finding",
    )
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 although there are findings")
    parser.add_argument("--no-ignore", action="store_true", help="also scan what git ignores")
    parser.add_argument(
        "--no-allow",
        action="store_true",
        help="count also what marks on lines, allow-list entries and paths in policies suppress",
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        help=f"a baseline of detect-secrets; without this {detectors.NAME} at the repository's top, if any",
    )
    parser.add_argument(
        "--plugins",
        action=argparse.BooleanOptionalAction,
        help="run the code that the baseline names, plugins in files: trust the repository, or leave it",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Scan and print. Returns 0 for nothing, 1 for findings, 2 where something could not be looked at."""
    cwd = os.getcwd()
    policy = layers.load(cwd)
    tree = suppress.Where(git.top(cwd) or cwd, cwd)
    for sentence in () if options.no_allow else suppress.expired(policy):
        print(f"codex-guard: {sentence}", file=sys.stderr)
    said = detectors.Options(options.baseline, options.plugins, options.no_allow)
    with detectors.opened(said, _top(options.paths[0], tree)) as library:
        return _run(options, policy, tree, library)


def _top(path: str, tree: suppress.Where) -> str:
    """Return the top of the repository that the first path is in, where a baseline's names begin."""
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    return git.top(folder) or tree.cwd if os.path.isdir(folder) else tree.worktree


def _run(
    options: argparse.Namespace, policy: Policy, tree: suppress.Where, library: detectors.Detectors | None
) -> int:
    # Only fingerprints need the key, and with it a folder that can be written.
    secret_key = key.read() if options.format == "jsonl" else b""
    scanner = scan.scanner(policy, tree.cwd, tree.worktree)
    found = unseen = suppressed = 0
    for seen in _texts(options.paths, no_ignore=options.no_ignore):
        if isinstance(seen, Unscanned):
            unseen += 1
            where = search.masked(seen.where, scanner.rules)
            print(f"codex-guard: {where} was not scanned: {seen.reason}.", file=sys.stderr)
            continue
        findings = scanner.texts([seen])
        if library:
            try:
                findings = library.added(seen, findings, policy)
            except GuardError as error:
                unseen += 1
                print(f"codex-guard: {error}", file=sys.stderr)
        if findings and not options.no_allow:
            findings = _suppressed(seen, findings, policy, tree)
        # A file's name can be a secret, too.
        where = search.masked(veil(seen.where, findings), scanner.rules) if findings else seen.where
        for finding in findings:
            found += finding.suppressed is None
            suppressed += finding.suppressed is not None
            jsonl = options.format == "jsonl"
            print(_line(finding, where, secret_key) if jsonl else _text(finding, where))
    if options.format == "text":
        print(_summary(found, suppressed, unseen), file=sys.stderr)
    if unseen:
        return 2
    return 1 if found and not options.exit_zero else 0


def _suppressed(
    text: Text, findings: tuple[Finding, ...], policy: Policy, tree: suppress.Where
) -> tuple[Finding, ...]:
    """Mark what does not count; say which marks on lines are no good."""
    findings, problems = suppress.by_marks(text, findings)
    for problem in problems:
        print(f"codex-guard: {veil(text.where, findings)}:{problem}", file=sys.stderr)
    where = tree if text.where != "-" else None
    return suppress.by_policy(findings, policy, where, suppress.always, most=None)


def _texts(paths: list[str], *, no_ignore: bool) -> Iterator[Text | Unscanned]:
    """Read each file once, however often it is named."""
    seen: set[str] = set()
    for path in paths:
        folder = path != "-" and os.path.isdir(path)
        # A link in a folder leads out of the tree, or to what is scanned anyway.
        names = [path]
        if folder:
            names = [name for name in git.files(path, no_ignore=no_ignore) if not os.path.islink(name)]
        for name in names:
            place = os.path.normpath(name)
            if place in seen:
                continue
            seen.add(place)
            if name == "-":
                yield Text("-", sys.stdin.buffer.read().decode("utf-8", "replace"))
                continue
            text = disk.read(name, place)
            if text is not None:
                yield text
            elif not folder:
                yield Unscanned(place, "there is no such file")


def _text(finding: Finding, where: str) -> str:
    note = f" (suppressed: {finding.suppressed})" if finding.suppressed else ""
    place = f"{where}:{finding.line}:{finding.column}"
    return f"{place}: {finding.severity}: {finding.title} [{finding.rule}]{note}"


def _line(finding: Finding, where: str, secret_key: bytes) -> str:
    return json.dumps(
        {
            "path": where,
            "line": finding.line,
            "column": finding.column,
            "rule": finding.rule,
            "severity": finding.severity,
            "fingerprint": fingerprint(finding.secret, secret_key),
            "suppressed": finding.suppressed,
        }
    )


def _summary(found: int, suppressed: int, unseen: int) -> str:
    parts = ["1 secret" if found == 1 else f"{found} secrets" if found else "no secrets"]
    parts += [f"{suppressed} suppressed"] if suppressed else []
    parts += [f"{unseen} not scanned"] if unseen else []
    return f"codex-guard: {', '.join(parts)}."

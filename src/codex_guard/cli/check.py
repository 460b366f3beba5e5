"""``codex-guard check``: what the Stop hook checks, by hand and in CI."""

import argparse
import os
import sys

from codex_guard.checks.check import TOOLS
from codex_guard.cli import catalogue, progress
from codex_guard.cli.formats import document, github, report, sarif, text
from codex_guard.cli.formats.report import CLEAN, FAILURES, INCOMPLETE, Report
from codex_guard.errors import GuardError
from codex_guard.guard.asked import Asked
from codex_guard.policy import layers
from codex_guard.policy.policy import Policy
from codex_guard.repo import changes, git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.validation import Validated

_INTERRUPTED = 130  # 128 and the signal's number, as a shell says it


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "check",
        help="run the type checks and linters on what differs from HEAD",
        description=(
            "Run the type checks and linters that the repository uses, as the Stop hook does, on the"
            " files that differ from HEAD, and print the failures in these. Exits with 0 for none, 1 for"
            " some, 2 where a check that was started gave no verdict, or none could be."
        ),
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only files at, or in the folder at, PATH")
    parser.add_argument("--all", action="store_true", help="every file that git does not ignore: for CI")
    parser.add_argument(
        "--new", action="store_true", help="only failures that HEAD does not have, in other files, too"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="text for people, github for its pull requests, json and sarif for programs",
    )
    parser.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run the repository's own tools as you, not inside Codex's sandbox",
    )
    parser.add_argument(
        "--tool",
        action="append",
        metavar="NAME",
        help=f"only this one, may be repeated: {', '.join(TOOLS)}, or a command of the policy's",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check and print. Returns 0 for no failures, 1 for some, 130 where it was interrupted.

    2 where there is no verdict: a check was started and gave none; one could not be started and the policy
    counts that as a failure (``checks.missing = "fail"``, or a command that is ``required``); none could be.
    """
    try:
        return _run(options)
    except KeyboardInterrupt:
        print("codex-guard: interrupted.", file=sys.stderr)
        return _INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    cwd = os.getcwd()
    policy = _policy(options, layers.load(cwd))
    asked = _asked(options, cwd)
    found = _validated(asked, policy, compare=options.new)
    if options.no_sandbox:
        found = found.replace(how="without a sandbox")
    status = _status(found)
    made = report.report(asked.top, len(asked.files), found, policy, status)
    if options.format == "json":
        print(document.document(made))
    elif options.format == "sarif":
        print(sarif.document(made))
    elif options.format == "github":
        print("\n".join(github.lines(made)))
    else:
        _print(made, options)
    return status


def _validated(asked: Asked, policy: Policy, *, compare: bool) -> "Validated":
    from codex_guard.guard import validation  # noqa: PLC0415 - no other verb needs it

    if not asked.files:
        return validation.Validated()
    if validation.how(policy, asked.top) is None:
        raise GuardError(
            "Nothing was checked: Codex's sandbox was not found, and the policy says checks.sandbox ="
            ' "skip". Install Codex, or run them as you with --no-sandbox.'
        )
    with progress.shown(sys.stderr) as told:
        # Who asks wants an answer, also where the last one was that there is nothing.
        return validation.validate(asked, policy, compare=compare, remember=False, progress=told)


def _policy(options: argparse.Namespace, policy: Policy) -> Policy:
    """Return the policy with what the options say instead."""
    if options.no_sandbox:
        policy = policy.replace(check_sandbox="none")
    if options.tool:
        own = tuple(command for command in policy.check_commands if command.name in options.tool)
        known = [*TOOLS, *(command.name for command in policy.check_commands)]
        for name in options.tool:
            if name not in known:
                raise GuardError(
                    f"There is no check {catalogue.shown(name)}{catalogue.nearest(name, known)}"
                    " `codex-guard check --help` lists all."
                )
        tools = tuple(name for name in options.tool if name in TOOLS)
        policy = policy.replace(check_tools=tools, check_commands=own)
    return policy


def _asked(options: argparse.Namespace, cwd: str) -> Asked:
    """Return the files to check. Raises GuardError outside a repository, and for a PATH that is not in it."""
    gone: tuple[str, ...] = ()
    if options.all:
        top = git.top(cwd)
        listed = git.files(top, no_ignore=False) if top is not None else []
        # A link leads out of the tree, or to what is checked anyway.
        files = tuple(os.path.relpath(path, top) for path in listed if not os.path.islink(path))
    else:
        changed = changes.of(cwd)
        top, files = (changed.root, changed.files) if changed is not None else (None, ())
        gone = changed.gone if changed is not None else ()
    if top is None:
        raise GuardError(
            "This folder is in no git repository, or git is not installed: run codex-guard check in one."
        )
    below = [_below(path, cwd, top) for path in options.paths]
    if below:
        files = tuple(path for path in files if any(_within(path, folder) for folder in below))
    return Asked(top, files, gone=gone)


def _below(path: str, cwd: str, top: str) -> str:
    """Return a path that a person gave relative to the repository's top, "." for that itself."""
    whole = os.path.join(cwd, path)
    if not os.path.lexists(whole):
        raise GuardError(f"There is no file or folder {catalogue.shown(path)}.")
    # A file that is a link is meant itself: git lists it, and not what it leads to.
    folder, name = (whole, "") if os.path.isdir(whole) else os.path.split(whole)
    found = os.path.relpath(os.path.join(os.path.realpath(folder), name), os.path.realpath(top))
    if found == ".." or found.startswith("../"):
        raise GuardError(f"{catalogue.shown(path)} is not in the repository of this folder: go there first.")
    return found


def _within(path: str, folder: str) -> bool:
    return folder in {".", path} or path.startswith(f"{folder}/")


def _status(found: "Validated") -> int:
    without = [result for result in found.results if result.problem]
    # What was started and gave no verdict is no matter of what is installed.
    if report.unmet(found) or any(result.command for result in without):
        return INCOMPLETE
    if without and len(without) == len(found.results):
        return INCOMPLETE
    return FAILURES if found.new else CLEAN


def _print(made: Report, options: argparse.Namespace) -> None:
    """Print failures and commands to standard output, what else is to say to standard error."""
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    for line in text.lines(made, coloured=coloured):
        print(line)
    sys.stdout.flush()
    if not made.files:
        where = " there" if options.paths else ""
        what = "there is no file" if options.all else f"nothing{where} differs from HEAD; --all checks it all"
        print(f"codex-guard: {what}.", file=sys.stderr)
        return
    for sentence in (*text.problems(made), *text.doubts(made)):
        print(f"codex-guard: {sentence}", file=sys.stderr)
    if not options.no_sandbox and any("sandbox" in (ran.problem or "") for ran in made.ran):
        print(
            "codex-guard: --no-sandbox runs them as you: for repositories whose tests you would run.",
            file=sys.stderr,
        )
    print(f"codex-guard: {text.summary(made)}", file=sys.stderr)

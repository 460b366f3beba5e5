"""``codex-guard scrub``: the secrets in what Codex kept of its sessions, found and masked in place."""

import argparse
import json
import os
import sys
import time

from codex_guard.errors import GuardError
from codex_guard.guard import scan, suppress
from codex_guard.guard.traces import databases, lines
from codex_guard.guard.traces.look import Look, Scrubbed
from codex_guard.guard.traces.marks import Values
from codex_guard.ledger import audit
from codex_guard.model import Allow, Finding, Judgement, PromptEvent, Secret, Text, Unscanned
from codex_guard.policy import layers
from codex_guard.secrets import index, search
from codex_guard.wire import home
from codex_guard.wire.home import Trace

_PACKED = "it is compressed, and was not looked at"


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "scrub",
        help="find, and with --apply mask, secrets in Codex's own history",
        description=(
            "Count the secrets in what Codex keeps below CODEX_HOME: history, rollouts, logs, databases."
            " Exits with 0 for none left, 1 for secrets that are not masked, 2 where a file could not be"
            " looked at or changed."
        ),
    )
    parser.add_argument("--apply", action="store_true", help="mask them; without it nothing is changed")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="text for people, json for programs"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look through CODEX_HOME and print what each file holds, never a value.

    Returns 0; 1 where something was found and is not masked; 2 where a file could not be looked at or
    changed. As JSON it is an object with ``folder``, ``applied``, ``files`` (each with ``path``, ``found``,
    ``masked``, ``rules`` as counts by rule and ``problems``) and ``packed`` (compressed files, by path).
    """
    top = home.folder()
    if not os.path.isdir(top):
        raise GuardError(f"There is no folder {top}: set CODEX_HOME to Codex's own.")
    look = Look(_Finder(os.getcwd()).find, Values(), options.apply)
    looked: list[Scrubbed] = []
    packed: list[str] = []
    for trace in home.traces(top):
        if trace.kind == "packed":
            packed.append(trace.name)
        else:
            looked.append(_scrubbed(trace, look))
    told = [one for one in looked if one.found or one.problems]
    if options.format == "json":
        print(json.dumps(_document(top, told, packed, applied=options.apply), indent=2))
    else:
        _print(told, packed, len(looked), applied=options.apply)
    if any(one.problems for one in told):
        return 2
    return 1 if any(one.found > one.masked for one in told) else 0


class _Finder:
    """What counts in a person's own sessions: as in a prompt, no repository has a say in it."""

    def __init__(self, cwd: str) -> None:
        policy = layers.load(cwd)
        self._policy = policy.replace(disabled_secret_rules=policy.disabled_prompt_rules)
        self._scanner = scan.scanner(self._policy, cwd)
        self._counts: dict[tuple[str, Secret], bool] = {}

    def find(self, body: str) -> tuple[Finding, ...]:
        """Return the findings in a text that count. Each value is compared with the allowed ones once."""
        findings = self._scanner.texts([Text("", body)])
        if not scan.is_loosened(self._policy):
            return findings
        fresh = tuple(one for one in findings if (one.rule, one.secret) not in self._counts)
        for one in suppress.by_policy(fresh, self._policy, None, suppress.never, most=None):
            self._counts[one.rule, one.secret] = one.suppressed is None
        return tuple(one for one in findings if self._counts[one.rule, one.secret])


def _scrubbed(trace: Trace, look: Look) -> Scrubbed:
    """Look at one file; what is masked in it is recorded in the ledger, whoever asked for it."""
    started = time.monotonic()
    scrubbed = databases.scrub(trace, look) if trace.kind == "database" else lines.scrub(trace, look)
    if scrubbed.masked:
        event = PromptEvent("", "", os.getcwd(), "")
        left = tuple(Unscanned(trace.name, problem) for problem in scrubbed.problems)
        judgement = Judgement(Allow(), tuple(scrubbed.places), unscanned=left)
        audit.record_judgement("Scrub", event, judgement, started)
    return scrubbed


def _document(top: str, told: list[Scrubbed], packed: list[str], *, applied: bool) -> dict[str, object]:
    return {
        "folder": top,
        "applied": applied,
        "files": [
            {
                "path": _shown(one.name),
                "found": one.found,
                "masked": one.masked,
                "rules": dict(sorted(one.rules.items())),
                "problems": list(one.problems),
            }
            for one in told
        ],
        "packed": [_shown(name) for name in packed],
    }


def _print(told: list[Scrubbed], packed: list[str], looked: int, *, applied: bool) -> None:
    for one in told:
        name = _shown(one.name)
        if one.found:
            rules = ", ".join(f"{rule} {count}" for rule, count in sorted(one.rules.items()))
            done = "masked" if one.masked == one.found else "not masked"
            print(f"{name}: {_count(one.found)}, {done}: {rules}")
        for problem in one.problems:
            print(f"codex-guard: {name}: {problem}.", file=sys.stderr)
    for name in packed:
        print(f"codex-guard: {_shown(name)}: {_PACKED}.", file=sys.stderr)
    found, masked = sum(one.found for one in told), sum(one.masked for one in told)
    hint = "; with --apply they are masked" if found and not applied else ""
    print(f"codex-guard: {_count(found)} in {looked} files, {masked} masked{hint}.", file=sys.stderr)


def _count(found: int) -> str:
    return "1 secret" if found == 1 else f"{found or 'no'} secrets"


def _shown(name: str) -> str:
    """Return a file's name; it can be a secret, too."""
    return search.masked(name, index.load())

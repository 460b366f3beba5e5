"""The report as SARIF 2.1.0, in the part of it that GitHub's code scanning reads.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (sections below are its)
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support

There is a run for each tool that gave a verdict, and one of codex-guard's own, which names what has none:
GitHub takes a run without results for a tool that found nothing any more, and closes its alerts. That run
also tells the failures that are of no file, since GitHub refuses results without a place. The results'
``primaryLocationLineHash`` is left to GitHub's upload action, which computes it from the sources; a plain
hash of a line that holds a secret does not leave this process.
"""

import hashlib
import json
import os
import re
import shlex
from typing import Any
from urllib.parse import quote

from codex_guard import __version__
from codex_guard.cli.formats.report import Ran, Report, Shown

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_BASE = "SRCROOT"
_MOST_RESULTS = 25_000  # of a run: GitHub refuses a file with more
_MOST_RUNS = 20  # of a file: likewise
_FINGERPRINT = "codexGuard/v1"
_UNNAMED = "error"  # the rule of what a tool reports without a code


def document(report: Report) -> str:
    """Return the log file's text."""
    notes = [_note(ran.problem) for ran in report.ran if ran.problem]
    notes += [_note(f"{one.tool} {one.code}: {one.message}") for one in report.failures if not one.path]
    placed: dict[str, list[Shown]] = {ran.tool: [] for ran in report.ran if not ran.problem}
    for failure in report.failures:
        if failure.path:
            placed.setdefault(failure.tool, []).append(failure)
    runs: list[dict[str, Any]] = []
    for tool, failures in placed.items():
        if len(runs) == _MOST_RUNS - 1:
            notes.append(_note(f"{tool} is left out: GitHub takes no more than {_MOST_RUNS} runs."))
            continue
        if len(failures) > _MOST_RESULTS:
            notes.append(_note(f"{len(failures) - _MOST_RESULTS} results of {tool} are left out."))
        runs.append(_run(tool, failures[:_MOST_RESULTS], [one for one in report.ran if one.tool == tool]))
    own: dict[str, Any] = {
        "tool": {"driver": {"name": "codex-guard", "version": __version__, "rules": []}},
        "invocations": [{"executionSuccessful": not notes, "toolExecutionNotifications": notes}],
        "results": [],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [*runs, own]}, indent=2)


def _run(tool: str, failures: list[Shown], ran: list[Ran]) -> dict[str, Any]:
    codes = list(dict.fromkeys(_code(failure) for failure in failures))
    indexes = {code: index for index, code in enumerate(codes)}
    seen: dict[str, int] = {}
    return {
        "tool": {"driver": {"name": tool, "rules": [_rule(tool, code) for code in codes]}},
        # The top's own place is nobody's business: whoever reads this has another (3.14.14).
        "originalUriBaseIds": {_BASE: {"description": {"text": "The top folder of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(one) for one in ran if one.command],
        "results": [_result(failure, indexes[_code(failure)], seen) for failure in failures],
    }


def _rule(tool: str, code: str) -> dict[str, Any]:
    # Descriptions and help are asked for by GitHub; what a rule means, its tool knows.
    text = {"text": f"{tool} reports {code}."}
    return {"id": code, "shortDescription": text, "fullDescription": text, "help": {"text": text["text"]}}


def _result(failure: Shown, index: int, seen: dict[str, int]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(failure.path)}
    if failure.line:
        place["region"] = {"startLine": failure.line}
        if failure.column:
            place["region"]["startColumn"] = failure.column
    return {
        "ruleId": _code(failure),
        "ruleIndex": index,
        "level": "error",
        "message": {"text": failure.message},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {_FINGERPRINT: _fingerprint(failure, seen)},
    }


def _fingerprint(failure: Shown, seen: dict[str, int]) -> str:
    """Return what stays the same while lines move: of several alike, the how manieth it is."""
    parts = (failure.tool, failure.path, failure.code, re.sub(r"\d+", "0", failure.message))
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    seen[digest] = seen.get(digest, 0) + 1
    return f"{digest}:{seen[digest]}"


def _invocation(ran: Ran) -> dict[str, Any]:
    invocation: dict[str, Any] = {
        "commandLine": shlex.join(ran.command),
        "executionSuccessful": ran.problem is None,
    }
    if ran.root:
        invocation["workingDirectory"] = _artifact(f"{ran.root}/")
    return invocation


def _artifact(path: str) -> dict[str, str]:
    """Return a file's place (3.4): relative to the top, or a ``file`` URI (RFC 8089)."""
    uri = quote(path)
    return {"uri": f"file://{uri}"} if os.path.isabs(path) else {"uri": uri, "uriBaseId": _BASE}


def _code(failure: Shown) -> str:
    return failure.code or _UNNAMED


def _note(sentence: str) -> dict[str, Any]:
    return {"level": "error", "message": {"text": sentence}}

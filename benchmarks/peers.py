"""Other scanners over the same cases: each runs once over a folder with one file a case.

Each is used as its own documentation says, with its own defaults, and without asking any provider
whether a credential works. One that is missing or fails gets a sentence and stops nothing.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from benchmarks import labelled
from codex_guard.record import Record

_SECONDS = 900  # for one peer's run


class Peer(Record):
    """A program: ``commands`` are tried in order, a newer version's first.

    ``{folder}`` in an argument is the folder to scan, ``{report}`` the file to write. ``done`` are the
    exit codes of a run that went through; ``paths`` reads the paths of the findings from a report.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    paths: Callable[[str], Iterable[str]]
    done: tuple[int, ...] = (0,)


class Outcome(Record):
    """What a scanner did: the numbers of the cases it found something in, or ``problem`` in a sentence."""

    name: str
    found: frozenset[int] = frozenset()
    seconds: float = 0.0
    problem: str = ""


def _gitleaks(report: str) -> Iterator[str]:
    for finding in json.loads(report) or ():
        yield finding["File"]


def _betterleaks(report: str) -> Iterator[str]:
    """Read version 1's list, which is gitleaks's, or version 2's object."""
    decoded = json.loads(report) or []
    if isinstance(decoded, list):
        yield from _gitleaks(report)
    else:
        for finding in decoded["findings"] or ():
            yield finding["location"]["path"]


def _trufflehog(report: str) -> Iterator[str]:
    for line in report.split("\n"):
        decoded = json.loads(line) if line.startswith("{") else {}
        if "SourceMetadata" in decoded:
            yield decoded["SourceMetadata"]["Data"]["Filesystem"]["file"]


def _kingfisher(report: str) -> Iterator[str]:
    """Read one document, or one a line; either is an object with findings, a list of them or one itself."""
    for document in _documents(report):
        findings = document.get("findings", [document]) if isinstance(document, dict) else document
        for finding in findings:
            if "finding" in finding:
                yield finding["finding"]["path"]


def _credsweeper(report: str) -> Iterator[str]:
    for finding in json.loads(report):
        for line in finding["line_data_list"]:
            yield line["path"]


def _documents(report: str) -> Iterator[Any]:
    decoder, at = json.JSONDecoder(), 0
    while at < len(report):
        if report[at].isspace():
            at += 1
        else:
            document, at = decoder.raw_decode(report, at)
            yield document


_REPORT = ("--report-format", "json", "--report-path", "{report}", "--no-banner", "--exit-code", "0")
_PEERS = (
    Peer("gitleaks", (("dir", "{folder}", *_REPORT),), _gitleaks),
    Peer(
        "betterleaks",
        (
            ("fs", "{folder}", "--offline", "--silent", "--output", "{report}", "--exit-code", "0"),
            ("dir", "{folder}", *_REPORT),
        ),
        _betterleaks,
    ),
    Peer(
        "kingfisher",
        (("scan", "{folder}", "--format", "json", "--output", "{report}", "--no-validate", "--no-dedup"),),
        _kingfisher,
        (0, 200, 205),
    ),
    Peer(
        "trufflehog", (("filesystem", "{folder}", "--json", "--no-verification", "--no-update"),), _trufflehog
    ),
    Peer("credsweeper", (("--path", "{folder}", "--save-json", "{report}"),), _credsweeper),
)


def outcomes(cases: Sequence[labelled.Case]) -> Iterator[Outcome]:
    """Run detect-secrets and each peer over the cases, written into a folder of files for them."""
    with tempfile.TemporaryDirectory(prefix="codex-guard-bench-") as place:
        folder = os.path.join(os.path.realpath(place), "cases")
        os.mkdir(folder)
        for number, case in enumerate(cases):
            with open(os.path.join(folder, f"{number}.txt"), "w", encoding="utf-8", newline="") as file:
                file.write(case.text)
        yield _detect_secrets(folder)
        for peer in _PEERS:
            yield _run(peer, folder, os.path.join(place, f"{peer.name}.json"))


def _detect_secrets(folder: str) -> Outcome:
    """Scan the files as the library's documentation does: a collection with the default settings."""
    try:
        from detect_secrets import SecretsCollection  # noqa: PLC0415 - a peer may be missing
        from detect_secrets.settings import default_settings  # noqa: PLC0415 - a peer may be missing
    except ImportError:
        return Outcome("detect-secrets", problem="not installed")
    secrets = SecretsCollection()
    started = time.perf_counter()
    with default_settings():
        for name in sorted(os.listdir(folder)):
            secrets.scan_file(os.path.join(folder, name))
    seconds = time.perf_counter() - started
    return Outcome("detect-secrets", _numbers(name for name, _ in secrets), seconds)


def _run(peer: Peer, folder: str, report: str) -> Outcome:
    program = shutil.which(peer.name)
    if program is None:
        return Outcome(peer.name, problem="not found on PATH")
    problem = ""
    for arguments in peer.commands:
        command = [program, *(argument.format(folder=folder, report=report) for argument in arguments)]
        started = time.perf_counter()
        try:
            ran = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            problem = f"it did not run to its end ({type(error).__name__})"
            continue
        seconds = time.perf_counter() - started
        if ran.returncode not in peer.done:
            # Its own words may hold what it found, so they are not repeated.
            problem = f"it ended with exit code {ran.returncode}; run `{peer.name} {arguments[0]}` to see why"
            continue
        try:
            return Outcome(peer.name, _numbers(peer.paths(_written(report, ran.stdout))), seconds)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problem = f"its report is not the JSON that this benchmark knows ({type(error).__name__})"
    return Outcome(peer.name, problem=problem)


def _written(report: str, printed: bytes) -> str:
    """Return the report file's text; where none was asked for or written, what was printed."""
    if not os.path.exists(report):
        return printed.decode("utf-8", "replace")
    with open(report, encoding="utf-8", errors="replace") as file:
        return file.read()


def _numbers(paths: Iterable[str]) -> frozenset[int]:
    return frozenset(int(os.path.basename(path).removesuffix(".txt")) for path in paths)

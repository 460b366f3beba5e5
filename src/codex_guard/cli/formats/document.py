"""The report as one JSON object, for programs.

``status``: ``clean``, ``failures`` or ``incomplete`` (exit 0, 1, 2). ``top``: the repository's top, which
paths start from. ``files``: how many files were asked about. ``how``: what the checks ran in, in words.
``failures``: those that count, each with ``path`` (null: of no file), ``line`` and ``column`` (1-based, null
where unknown), ``code``, ``message`` and ``tool``. ``old``: how many others there are, which were there
before or are in other files. ``uncompared``: with ``--new``, the tools whose failures all count, since it
could not be told which of them HEAD has. ``checks``: each with ``tool``, ``root`` (the folder it ran in,
empty for the top), ``command`` (a list; empty where it could not be started), ``seconds``, ``failures`` (how
many of its count) and ``problem`` (null, or why there is no verdict, in a sentence). Secrets in texts are
masked. More keys may come.
"""

import json

from codex_guard.cli.formats.report import CLEAN, FAILURES, INCOMPLETE, Report

_STATUS = {CLEAN: "clean", FAILURES: "failures", INCOMPLETE: "incomplete"}


def document(report: Report) -> str:
    """Return the object as text."""
    return json.dumps(
        {
            "status": _STATUS[report.status],
            "top": report.top,
            "files": report.files,
            "how": report.how,
            "failures": [
                {
                    "path": failure.path or None,
                    "line": failure.line or None,
                    "column": failure.column or None,
                    "code": failure.code,
                    "message": failure.message,
                    "tool": failure.tool,
                }
                for failure in report.failures
            ],
            "old": report.old,
            "uncompared": list(report.uncompared),
            "checks": [
                {
                    "tool": ran.tool,
                    "root": ran.root,
                    "command": list(ran.command),
                    "seconds": ran.seconds,
                    "failures": ran.failures,
                    "problem": ran.problem,
                }
                for ran in report.ran
            ],
        },
        indent=2,
    )

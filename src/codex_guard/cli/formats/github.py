"""The report as commands of a GitHub workflow, which GitHub shows beside the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
It shows ten errors and ten warnings of a step; the others stand in the log. The escapes are those of its own
toolkit: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
"""

from collections.abc import Iterator

from codex_guard.cli.formats import text
from codex_guard.cli.formats.report import INCOMPLETE, Report, Shown

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def lines(report: Report) -> Iterator[str]:
    """Yield a command for each failure and each check without a verdict, and then the summary."""
    for failure in report.failures:
        yield _command("error", _properties(failure), failure.message)
    level = "error" if report.status == INCOMPLETE else "warning"
    for sentence in text.problems(report):
        yield _command(level, {"title": "codex-guard"}, sentence)
    for sentence in text.doubts(report):
        yield _command("notice", {"title": "codex-guard"}, sentence)
    yield f"codex-guard: {text.summary(report)}"


def _properties(failure: Shown) -> dict[str, str]:
    properties = {}
    if failure.path:
        properties["file"] = failure.path
        if failure.line:
            properties["line"] = str(failure.line)
            if failure.column:
                properties["col"] = str(failure.column)
    return properties | {"title": f"{failure.tool} {failure.code}".strip()}


def _command(name: str, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{name} {told}::{message.translate(_DATA)}"

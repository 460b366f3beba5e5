"""``ty check --output-format=gitlab``: the one format of ty's for programs that another project defines.

https://docs.astral.sh/ty/reference/cli/#ty-check and https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from collections.abc import Iterator

from codex_guard.checks.reports.decoded import document, mapping, mappings, text, whole
from codex_guard.checks.reports.entry import UNNAMED, Entry


def entries(output: str) -> Iterator[Entry]:
    """Yield the errors ("major") and the warnings ("minor"), which fail a check as well; no information.

    Early versions fail on warnings with ``--error-on-warning`` only: who wants one answer passes it.
    """
    for found in mappings(document(output)):
        if found.get("severity") == "info":
            continue
        where = mapping(found.get("location"))
        begin = mapping(mapping(where.get("positions")).get("begin"))
        code = text(found.get("check_name"), UNNAMED)
        message = text(found.get("description")).removeprefix(f"{code}: ")
        yield text(where.get("path")), whole(begin.get("line")), whole(begin.get("column")), code, message

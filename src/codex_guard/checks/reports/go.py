"""What ``go vet`` and ``go build`` print on standard error: https://pkg.go.dev/cmd/vet and https://pkg.go.dev/cmd/go."""

import re
from collections.abc import Iterator

from codex_guard.checks.reports.entry import UNNAMED, Entry, blocks, number

# ./a.go:3:2: message, behind "vet: " where a package does not compile; go.mod's errors have no column.
_ERROR = re.compile(
    r"(?:vet: )?(?P<path>[^\s:#][^:]*):(?P<line>[0-9]{1,9}):(?:(?P<column>[0-9]{1,9}):)? (?P<message>.*)"
)


def entries(output: str) -> Iterator[Entry]:
    """Yield every line with a place, and the indented ones below it; ``# package`` lines name none."""
    for match, message in blocks(output, _ERROR, "\t"):
        yield match["path"], number(match["line"]), number(match["column"]), UNNAMED, message

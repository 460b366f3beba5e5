"""Markdown tables and single lines of foreign text, for a terminal."""

from collections.abc import Iterable, Sequence

_WIDTH = 160  # characters of a text that are shown


def show(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a heading and a Markdown table: the first column to the left, the others to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(row[at]) for row in [list(header), *cells]) for at in range(len(header))]
    print(f"\n### {title}\n")
    print(_line(header, widths))
    print(
        "| "
        + " | ".join("-" * width if at == 0 else f"{'-' * (width - 1)}:" for at, width in enumerate(widths))
        + " |"
    )
    for row in cells:
        print(_line(row, widths))


def percent(part: int, whole: int) -> str:
    """Return ``part`` of ``whole`` as ``12.3 % (1/8)``; a dash where there is nothing to count."""
    return f"{100 * part / whole:.1f} % ({part}/{whole})" if whole else "-"


def one_line(text: str) -> str:
    """Return a text in one line: control characters escaped, its middle left out where it is long."""
    escaped = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
    if len(escaped) <= _WIDTH:
        return escaped
    half = _WIDTH // 2
    return f"{escaped[:half]} … {escaped[-half:]}"


def _cell(value: object) -> str:
    return (f"{value:.1f}" if isinstance(value, float) else str(value)).replace("|", "\\|")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join(padded)} |"

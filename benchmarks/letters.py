"""Counts how often letters follow each other in words and code: the table in ``secrets/naming/letters.py``.

``python benchmarks/letters.py [DIR ...]`` reads the text files of the standard library, the installed
packages and the folders given, prints the table, and how well it tells random tokens from what is
written by people: each row names the bits (see ``letters.bits``) that so many per cent of such texts
stay below.
"""

import math
import random
import re
import string
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from codex_guard.secrets.naming import letters

_SUFFIXES = {".py", ".pyi", ".md", ".rst", ".txt", ".js", ".ts", ".html", ".css", ".c", ".h", ".toml", ".yml"}
_PIECE = re.compile(r"[A-Za-z0-9_./+=-]{6,80}")
_MOST = 300_000
_HASH_LIKE = (2, 4, 16)  # seen so often at most, so many digits, so long: a digest, not a word
_HELD_OUT = 20  # every so many-th piece is not counted but measured
_SHARES = (0.01, 0.05, 0.5, 0.95, 0.99)


def main() -> int:
    """Print the table, then what it tells apart."""
    folders = [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), *sys.argv[1:]]
    pieces: Counter[str] = Counter()
    for text in _texts(folders):
        pieces.update(set(_PIECE.findall(text)))
    rare, digits, size = _HASH_LIKE
    kept = sorted(
        piece
        for piece, seen in pieces.items()
        if seen > rare or len(piece) < size or sum(map(str.isdigit, piece)) < digits
    )
    held = kept[::_HELD_OUT]
    print(_table({piece: pieces[piece] for piece in set(kept) - set(held)}))
    _compare(held)
    return 0


def _texts(folders: list[str]) -> Iterator[str]:
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in _SUFFIXES and path.is_file():
                with path.open(encoding="utf-8", errors="replace") as file:
                    yield file.read(_MOST)


def _table(pieces: dict[str, int]) -> str:
    """Return the rows of ``letters.ROWS``: minus log2 of each transition's share, in half bits."""
    symbols = letters.SYMBOLS
    seen: Counter[str] = Counter()
    for piece, times in pieces.items():
        spelled = letters.spelled("-" + piece + "-")
        for at in range(len(spelled) - 1):
            seen[spelled[at : at + 2]] += round(100 * math.log1p(times))
    rows = []
    for first in symbols:
        total = sum(seen[first + second] for second in symbols)
        costs = [
            round(-2 * math.log2((seen[first + second] + 100) / (total + 100 * len(symbols))))
            for second in symbols
        ]
        rows.append('    "' + "".join(letters.HALF_BITS[min(cost, 63)] for cost in costs) + '",')
    return "\n".join(rows)


def _compare(held: list[str]) -> None:
    print("\n| text | " + " | ".join(f"{share:.0%}" for share in _SHARES) + " |")
    print("|---" * (len(_SHARES) + 1) + "|")
    source = random.Random(0)  # noqa: S311 - nothing secret is drawn
    for low, high in ((8, 12), (12, 16), (16, 24), (24, 40)):
        _row(f"words and code, {low}-{high - 1}", [piece for piece in held if low <= len(piece) < high])
    charsets = {"letters and digits": string.ascii_letters + string.digits, "hex": "0123456789abcdef"}
    for name, charset in charsets.items():
        for size in (10, 12, 16, 24, 32):
            _row(f"random {name}, {size}", ["".join(source.choices(charset, k=size)) for _ in range(2_000)])


def _row(name: str, texts: list[str]) -> None:
    found = sorted(letters.bits(text) for text in texts)
    cells = (f"{found[int(len(found) * share)]:.0f}" for share in _SHARES)
    print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    sys.exit(main())

"""A validator's report as failures, whichever of the formats it is in."""

import itertools
import os

from codex_guard.model import CheckFailure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codex_guard.checks.reports.entry import Entry

#: The formats, by the names that checks and policies use.
PARSERS = (
    "ruff-json", "mypy", "pyright-json", "ty", "pyrefly", "tsc", "eslint-json", "biome", "go",
    "staticcheck-json", "cargo-json", "shellcheck-json", "sarif", "regex", "lines",
)  # fmt: skip
#: Those whose programs report on standard error, or may: the caller joins both streams for them.
ON_STDERR = frozenset({"go", "regex", "lines"})

_MOST = 100_000  # failures: nobody reads more
_LARGEST_NUMBER = 1_000_000_000  # of a line or a column
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")


_MODULES = {parser: parser.removesuffix("-json") for parser in PARSERS if parser != "regex"}


def failures(parser: str, tool: str, output: str, root: str, pattern: str = "") -> tuple[CheckFailure, ...]:
    """Return the failures in ``output``, each once, by path, line, column and code; at most 100,000.

    ``parser`` is one of ``PARSERS``, ``root`` the absolute folder that the tool ran in, ``pattern`` the
    regular expression of the parser "regex". Paths are relative to ``root``, absolute outside of it, and
    "." for what is of no file. A message is one line. What would not fail the tool (notes, warnings where
    they do not) is left out, and so is every text that is no report: nothing in it raises an error.
    """
    base = os.path.normpath(root)
    if parser == "cargo-json":
        from codex_guard.checks.reports import cargo  # noqa: PLC0415

        base = cargo.workspace(base)
    roots = tuple(dict.fromkeys((os.path.normpath(root), os.path.realpath(root))))
    places: dict[str, str] = {}
    found = []
    for path, line, column, code, message in itertools.islice(_entries(parser, output, pattern), _MOST):
        if not (path or message):
            continue  # it says nothing: no entry of a report
        if path not in places:
            places[path] = _placed(_encodable(path), base, roots)
        found.append(
            CheckFailure(tool, places[path], _number(line), _number(column), _line(code), _line(message))
        )
    unique = dict.fromkeys(found)
    return tuple(
        sorted(unique, key=lambda failure: (failure.path, failure.line, failure.column, failure.code))
    )


def _entries(parser: str, output: str, pattern: str) -> "Iterator[Entry]":
    from importlib import import_module  # noqa: PLC0415 - json and re; a policy only reads the names

    plain = _uncoloured(output)
    if parser == "regex":
        from codex_guard.checks.reports import regex  # noqa: PLC0415

        return regex.entries(plain, pattern)
    # One of them a check, since most hooks run one or two: all together take 10 ms.
    module = import_module(f"codex_guard.checks.reports.{_MODULES[parser]}")
    entries: Callable[[str], Iterator[Entry]] = module.entries
    return entries(plain)


def _uncoloured(output: str) -> str:
    """Drop the escape sequences of terminals, which some tools print wherever they are told to."""
    if "\x1b" not in output:
        return output
    import re  # noqa: PLC0415 - see _entries

    # ECMA-48's control sequences, 5.4, and the choice of a character set, which tput's sgr0 holds.
    return re.sub(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][0-9A-Z])", "", output)


def _placed(path: str, base: str, roots: tuple[str, ...]) -> str:
    """Return ``path``, which is relative to ``base``, as failures have it."""
    whole = os.path.normpath(os.path.join(base, path))
    for root in roots:
        if whole == root:
            return "."
        below = root.rstrip("/") + "/"
        if whole.startswith(below):
            return whole[len(below) :]
    return whole


def _line(text: str) -> str:
    return " ".join(_encodable(text).translate(_CONTROLS).split())


def _encodable(text: str) -> str:
    """Return text that can be written as UTF-8: JSON can spell halves of characters."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _number(value: int) -> int:
    return value if 0 < value <= _LARGEST_NUMBER else 0

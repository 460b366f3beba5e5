"""The page that ``codex-guard explain`` prints for people, 100 columns wide."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from codex_guard.cli import catalogue, syntax

_WIDTH = 100
_LONGEST = 600  # characters of one thing that is shown
_MOST = 100  # lines of the tree, and programs
_DEEPEST = 20  # levels that are indented
_HEADING = 9  # characters of a row's heading
_QUOTED = frozenset(" \t\n'\"\\;|&<>()$`")


def lines(explained: dict[str, Any]) -> Iterator[str]:
    """Yield the lines for an explanation (see ``cli.explain.run``), which is masked already."""
    yield from _decision(explained)
    yield from ("", "Command")
    tree = [_wrapped(text, 2 + 2 * min(depth, _DEEPEST)) for depth, text in syntax.lines(explained["tree"])]
    yield from _first(tree, "lines")
    yield from ("", "Starts, without running anything")
    yield from _first([list(_start(start)) for start in explained["starts"]], "programs")
    if not explained["starts"]:
        yield "  no program"
    yield from _part("Rules that fit", [list(_rule(rule)) for rule in explained["rules"]])
    yield from _part("Secrets in it", [list(_secret(secret)) for secret in explained["secrets"]])
    rough = [_wrapped(text, 2) for text in explained["not_understood"]]
    title = "Not understood (no valid Bash, or too much), so judged roughly, by its words alone"
    yield from _part(title, rough)


def _decision(explained: dict[str, Any]) -> list[str]:
    if explained["decision"] == "allow":
        return ["Allowed."]
    rules = [rule["rule"] for rule in explained["rules"] if rule["on"]]
    rules += [secret["rule"] for secret in explained["secrets"] if secret["suppressed"] is None]
    return _wrapped(f"Denied by {', '.join(dict.fromkeys(rules))}.", 0)


def _part(title: str, items: Sequence[list[str]]) -> Iterator[str]:
    if items:
        yield from ("", title)
        yield from _first(items, "more")


def _first(items: Sequence[list[str]], what: str) -> Iterator[str]:
    for item in items[:_MOST]:
        yield from item
    if len(items) > _MOST:
        yield f"  … and {len(items) - _MOST} more {what}; --format json has all"


def _start(start: dict[str, Any]) -> Iterator[str]:
    words = " ".join(map(_quoted, start["words"]))
    yield from _wrapped(f"{start['number']:>3}. {words}", 0, 7)
    folders = " or ".join(folder if folder is not None else "?" for folder in start["folders"])
    place = f"another place: a {start['elsewhere']}" if start["elsewhere"] else folders
    yield from _row("in", place or "nowhere: the script has ended before", 5)
    reads = " and ".join(map(str, start["reads"]))
    yield from _row("reads", f"what {reads} prints" if reads else "", 5)
    yield from _row("input", start["input"] or "", 5)
    yield from _row("from", ", ".join(start["files"]), 5)
    yield from _row("writes", ", ".join(start["writes"]), 5)
    runs = ", ".join(map(str, start["runs"]))
    yield from _row("runs", f"{runs} first, within its words" if runs else "", 5)


def _rule(rule: dict[str, Any]) -> Iterator[str]:
    off = "" if rule["on"] else f" (off: {rule['off']})"
    yield from _wrapped(f"{rule['title']} [{rule['rule']}]{off}", 2)
    yield from _row("Command", rule["command"], 4)
    yield from _row("Why", rule["why"], 4)
    yield from _row("Instead", rule["instead"], 4)
    for command in rule["suggest"]:
        yield from _row("Allowed", command, 4)


def _secret(secret: dict[str, Any]) -> Iterator[str]:
    note = f" (suppressed: {secret['suppressed']})" if secret["suppressed"] else ""
    yield from _wrapped(f"{secret['line']}:{secret['column']}: {secret['title']} [{secret['rule']}]{note}", 2)


def _row(heading: str, text: str, indent: int) -> list[str]:
    return _wrapped(f"{heading:<{_HEADING}}{text}", indent, indent + _HEADING) if text else []


def _wrapped(text: str, indent: int, further: int | None = None) -> list[str]:
    """Return a text in lines of the page's width, the ones after the first indented ``further``."""
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
    behind = indent + 2 if further is None else further
    return textwrap.wrap(
        catalogue.printable(cut),
        _WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * behind,
        break_on_hyphens=False,
    )


def _quoted(word: str) -> str:
    """Return a word as a shell would take it, so that it can be told where it ends."""
    if word and _QUOTED.isdisjoint(word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"

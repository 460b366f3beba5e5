"""``codex-guard show FILE``: the names and structure of a file of settings, without its values."""

import argparse
import json
import os
import sys
from collections.abc import Iterable

from codex_guard.errors import GuardError
from codex_guard.guard import disk
from codex_guard.model import Text
from codex_guard.record import Record
from codex_guard.secrets import index, search
from codex_guard.secrets.outline.entry import Entry
from codex_guard.secrets.outline.kinds import KINDS, kind_of, outline

_LARGEST = 2 << 20  # characters of a file: settings have fewer


class Shown(Record):
    """A file's outline. ``path`` is as given, without what would be a secret in it."""

    path: str
    kind: str
    entries: tuple[Entry, ...]


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "show",
        help="print a settings file's names and structure, all values masked",
        description=(
            "Print the names and structure of settings files. Of the values only true, false, null and"
            " ports are shown. Exits with 2 where a file cannot be shown."
        ),
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="dotenv, INI, properties, netrc, JSON, TOML, YAML"
    )
    parser.add_argument(
        "--as", dest="kind", choices=tuple(KINDS), help="what the files are, whatever their names"
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="text for people, json for programs"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print each file's outline. Returns 0, or 2 where a file could not be read: it is named on stderr.

    As JSON it is a list of objects with ``path``, ``kind`` and ``entries``; each of those has ``depth``,
    ``name`` (null where the file has none), ``value`` (``<masked>``, or empty for what only opens the next
    level) and ``item`` (true: it begins an element of a list).
    """
    shown: list[Shown] = []
    status = 0
    for path in options.files:
        name = search.masked(path, index.load())
        try:
            shown.append(_shown(path, name, options.kind))
        except GuardError as error:
            status = 2
            print(f"codex-guard: {name} cannot be shown: {error}.", file=sys.stderr)
    if options.format == "json":
        print(json.dumps([_values(one) for one in shown], indent=2))
    else:
        for one in shown:
            if len(options.files) > 1:
                print(f"{'' if one is shown[0] else chr(10)}{one.path} ({one.kind})")
            print("\n".join(map(_line, one.entries)))
    return status


def _shown(path: str, name: str, kind: str | None) -> Shown:
    """Read a file. Raises GuardError with a sentence's end that says why it cannot be shown."""
    kind = kind or kind_of(path)
    if kind is None:
        raise GuardError(
            f"its name tells no kind that is known; if it is one of {_listed(KINDS)}, say so with --as"
        )
    if os.path.isdir(path):
        raise GuardError("it is a folder; name the files in it")
    text = disk.read(path, path)
    if not isinstance(text, Text):
        raise GuardError("there is no such file" if text is None else text.reason)
    if len(text.body) > _LARGEST:
        raise GuardError(f"it is larger than {_LARGEST >> 20} MiB, which settings never are")
    if "\ufffd" in text.body or "\0" in text.body:
        raise GuardError("it is no text in UTF-8")
    return Shown(name, kind, outline(text.body, kind))


def _listed(kinds: Iterable[str]) -> str:
    *most, last = kinds
    return f"{', '.join(most)} or {last}"


def _values(shown: Shown) -> dict[str, object]:
    entries = [{field: getattr(entry, field) for field in Entry._fields} for entry in shown.entries]
    return {"path": shown.path, "kind": shown.kind, "entries": entries}


def _line(entry: Entry) -> str:
    name = "" if entry.name is None else entry.name if entry.name.startswith("[") else f"{entry.name}: "
    return f"{'  ' * entry.depth}{'- ' if entry.item else ''}{name}{entry.value}".rstrip()

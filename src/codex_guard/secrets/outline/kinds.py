"""Which file is of which kind, and the outline of one: no value of it ever leaves this room."""

import os
from collections.abc import Callable, Iterator

from codex_guard.model import Text
from codex_guard.secrets import index, search
from codex_guard.secrets.naming import names
from codex_guard.secrets.naming.letters import bits
from codex_guard.secrets.outline.assignments import dotenv, ini, netrc
from codex_guard.secrets.outline.data import jsonc, toml
from codex_guard.secrets.outline.entry import MASK, Entry
from codex_guard.secrets.outline.yaml import yaml

#: Every kind there is, and what reads it.
KINDS: dict[str, Callable[[str], Iterator[Entry]]] = {
    "dotenv": dotenv, "ini": ini, "netrc": netrc, "json": jsonc, "toml": toml, "yaml": yaml,
}  # fmt: skip
_ENDINGS = {
    ".env": "dotenv", ".envrc": "dotenv",
    ".ini": "ini", ".cfg": "ini", ".cnf": "ini", ".properties": "ini", ".npmrc": "ini", ".pypirc": "ini",
    ".gitconfig": "ini", ".editorconfig": "ini", ".s3cfg": "ini", ".boto": "ini",
    ".netrc": "netrc",
    ".json": "json", ".jsonc": "json", ".ipynb": "json", ".tfstate": "json",
    ".toml": "toml",
    ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip
_NAMES = {
    "_netrc": "netrc", "pip.conf": "ini", "pipfile": "toml", ".kube/config": "yaml",
    ".aws/credentials": "ini", ".aws/config": "ini", ".git/config": "ini",
}  # fmt: skip
_LONGEST_NAME = 80
_LONGEST_WORDS = 4  # words of a name, which a sentence has more of
# Bits that speak for chance: one name in 800 has as many, and of random texts those of 12 characters and on.
_RANDOM = 12.0


def kind_of(path: str) -> str | None:
    """Return the kind that a file's name tells, or None."""
    folder, name = os.path.split(os.path.abspath(path).lower())
    if name.startswith(".env.") or name == "env":
        return "dotenv"
    ending = name[name.rfind(".") :] if "." in name else ""
    return _NAMES.get(f"{os.path.basename(folder)}/{name}") or _NAMES.get(name) or _ENDINGS.get(ending)


def outline(text: str, kind: str) -> tuple[Entry, ...]:
    """Return the names and structure of a file's text, whose values are masked.

    What is no name by its looks is masked, too. Raises GuardError that says what is wrong with the text.
    """
    found = list(KINDS[kind](text))
    told = {entry.name for entry in found if entry.name is not None}
    kept = {name for name in told if _is_name(name)}
    # One look for all of them, each on a line of its own.
    body = "\n".join(sorted(kept))
    lines = body.split("\n")
    for finding in search.scan(Text("", body), index.load()):
        last = finding.line + body.count("\n", finding.start, finding.end)
        kept.difference_update(lines[finding.line - 1 : last])
    masked: list[Entry] = []
    for entry in found:
        known = entry.name is None or entry.name in kept
        one = entry if known else entry.replace(name=MASK, value=entry.value and MASK)
        # How many lines were not understood, or how many texts a list has, can tell how long a value is.
        if one.name is not None or one.value != MASK or not masked or masked[-1] != one:
            masked.append(one)
    return tuple(masked)


def _is_name(name: str) -> bool:
    """Say whether a text reads as a name: short, printable, and not drawn by chance."""
    if not name or len(name) > _LONGEST_NAME or not name.isprintable() or len(name.split()) > _LONGEST_WORDS:
        return False
    if "://" in name and ("@" in name or "?" in name):
        return False
    # A colon without its blank makes a name of both: `name:value: …`.
    before = [] if name.startswith("[") else name.replace("=", " ").replace(":", " ").split()[:-1]
    return not any(map(names.kind, before)) and bits(name) < _RANDOM

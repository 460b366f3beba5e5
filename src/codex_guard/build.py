"""Compiles patterns/, and patterns of detect-secrets, into ``_index.py``: at build time, never in a hook.

``python -m codex_guard.build`` writes the index beside this file; with ``--check`` it only says
whether the one there is current.
"""

import sys
from pathlib import Path
from pprint import pformat

from codex_guard import borrowed
from codex_guard.commands import pack as command_pack
from codex_guard.errors import GuardError
from codex_guard.secrets.index import Keywords, grouped, packed
from codex_guard.secrets.keywords import GRAM
from codex_guard.secrets.naming.letters import rarity
from codex_guard.secrets.rules import pack as secret_pack

_HERE = Path(__file__).resolve().parent
TARGET = _HERE / "_index.py"


def patterns() -> Path:
    """Return the folder of rule packs: inside the installed package, or at the top of a checkout."""
    for folder in (_HERE / "patterns", _HERE.parent.parent / "patterns"):
        if folder.is_dir():
            return folder
    raise GuardError(f"No patterns/ folder beside {_HERE}: reinstall codex-guard.")


def source() -> str:
    """Return the text of ``_index.py`` for the packs as they are now. Raises GuardError."""
    ours = secret_pack.read_packs(patterns() / "secrets")
    taken = borrowed.read(ours)
    rules = ours + taken.rules
    numbers: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        for keyword in rule.keywords:
            numbers.setdefault(keyword, []).append(number)
    keywords = tuple((keyword, tuple(rows)) for keyword, rows in sorted(numbers.items()))
    short = tuple(pair for pair in keywords if len(pair[0]) < GRAM)
    rows = tuple(packed(secret_pack.row(rule)) for rule in rules)
    commands = command_pack.rows(command_pack.read_packs(patterns() / "commands"))
    optional = {
        path.stem: tuple(secret_pack.row(rule) for rule in secret_pack.read_pack(path, optional=True))
        for path in sorted((patterns() / "optional").glob("*.toml"))
    }
    return (
        '"""Compiled from patterns/ by codex_guard.build: do not edit."""\n\n'
        f"{''.join(f'# {note}' + chr(10) for note in taken.notes)}\n"
        f"SHORT = {pformat(short, width=110)}\n\n"
        f"GRAMS = {pformat(_grams(keywords), width=110)}\n\n"
        f"SECRETS = {pformat(rows, width=110)}\n\n"
        f"PACKS = {pformat(optional, width=110)}\n\n"
        f"COMMANDS = {pformat(commands, width=110)}\n"
    )


def _grams(keywords: Keywords) -> dict[str, str]:
    """File each keyword of four characters or more under those four of it that are the rarest in writing."""
    filed: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for keyword, numbers in keywords:
        if len(keyword) >= GRAM:
            grams = [keyword[at : at + GRAM] for at in range(len(keyword) - GRAM + 1)]
            filed.setdefault(max(grams, key=lambda gram: (rarity(gram), gram)), []).append((keyword, numbers))
    return {gram: grouped(tuple(pairs)) for gram, pairs in sorted(filed.items())}


def main() -> int:
    """Write the index, or check it. Returns the exit code."""
    arguments = sys.argv[1:]
    if arguments not in ([], ["--check"]):
        print("codex-guard: the build takes no argument but --check.", file=sys.stderr)
        return 2
    try:
        text = source()
    except GuardError as error:
        print(f"codex-guard: {error}", file=sys.stderr)
        return 1
    if arguments:
        current = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        if not current:
            print(f"codex-guard: {TARGET} is not what patterns/ says: run `make index`.", file=sys.stderr)
        return 0 if current else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

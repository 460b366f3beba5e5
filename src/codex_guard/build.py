"""Compiles patterns/, and patterns of detect-secrets, into modules: at build time, never in a hook.

``python -m codex_guard.build`` writes ``_index.py``, the secrets, and ``_commands.py`` beside this file,
apart since a prompt has no command; with ``--check`` it only says whether those there are current.
"""

import sys
from pathlib import Path
from pprint import pformat

from codex_guard import borrowed
from codex_guard.commands import pack as command_pack
from codex_guard.commands import tables
from codex_guard.errors import GuardError
from codex_guard.secrets.index import Keywords, grouped, packed
from codex_guard.secrets.keywords import GRAM
from codex_guard.secrets.naming.letters import rarity
from codex_guard.secrets.rules import pack as secret_pack

_HERE = Path(__file__).resolve().parent
FOLDER = _HERE
_HEAD = '"""Compiled from patterns/ by codex_guard.build: do not edit."""\n\n'


def patterns() -> Path:
    """Return the folder of rule packs: inside the installed package, or at the top of a checkout."""
    for folder in (_HERE / "patterns", _HERE.parent.parent / "patterns"):
        if folder.is_dir():
            return folder
    raise GuardError(f"No patterns/ folder beside {_HERE}: reinstall codex-guard.")


def sources() -> dict[str, str]:
    """Return the modules' texts by file name, for the packs as they are now. Raises GuardError."""
    return {"_index.py": _secrets(), "_commands.py": _commands()}


def _secrets() -> str:
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
    optional = {
        path.stem: tuple(secret_pack.row(rule) for rule in secret_pack.read_pack(path, optional=True))
        for path in sorted((patterns() / "optional").glob("*.toml"))
    }
    return (
        f"{_HEAD}"
        f"{''.join(f'# {note}' + chr(10) for note in taken.notes)}\n"
        f"SHORT = {pformat(short, width=110)}\n\n"
        f"GRAMS = {pformat(_grams(keywords), width=110)}\n\n"
        f"SECRETS = {pformat(rows, width=110)}\n\n"
        f"PACKS = {pformat(optional, width=110)}\n"
    )


def _commands() -> str:
    rules = command_pack.read_packs(patterns() / "commands")
    return (
        f"{_HEAD}"
        f"RULES = {pformat(tuple(map(command_pack.packed, rules)), width=110)}\n\n"
        f"BY_PROGRAM = {pformat(command_pack.filed(rules), width=110)}\n\n"
        f"PROGRAMS = {pformat(tables.programs(patterns() / 'programs.toml'), width=110)}\n\n"
        f"PLACES = {pformat(tables.places(patterns() / 'places.toml'), width=110)}\n"
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
    """Write the modules, or check them. Returns the exit code."""
    arguments = sys.argv[1:]
    if arguments not in ([], ["--check"]):
        print("codex-guard: the build takes no argument but --check.", file=sys.stderr)
        return 2
    try:
        texts = sources()
    except GuardError as error:
        print(f"codex-guard: {error}", file=sys.stderr)
        return 1
    stale = [name for name, text in texts.items() if not arguments or not _is(FOLDER / name, text)]
    for name in stale:
        if arguments:
            print(
                f"codex-guard: {FOLDER / name} is not what patterns/ says: run `make index`.", file=sys.stderr
            )
        else:
            (FOLDER / name).write_text(texts[name], encoding="utf-8")
    return 1 if arguments and stale else 0


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())

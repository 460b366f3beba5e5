"""Shell scripts: shellcheck, where it is installed or configured.

https://github.com/koalaman/shellcheck/blob/master/shellcheck.1.md
"""

import os
from collections.abc import Iterator

from codex_guard.checks import executables
from codex_guard.checks.check import Check, Choice, argument, batches, missing
from codex_guard.checks.projects import Repository, read

_SUFFIXES = (".sh", ".bash")
_CONFIGURED = (".shellcheckrc", "shellcheckrc")
_HEAD = 128  # bytes: a kernel reads no more of a first line
_SHELLS = frozenset({"sh", "bash", "dash", "ksh"})  # whose scripts shellcheck reads


def checks(repository: Repository, files: tuple[str, ...], choice: Choice) -> Iterator[Check]:
    """Yield the checks of the shell scripts among the changed files, which run at the repository's top."""
    if not choice.allows("shellcheck"):
        return
    scripts = tuple(path for path in files if _is_script(repository, path))
    if not scripts:
        return
    check = Check("shellcheck", repository.top, parser="shellcheck-json", files=scripts)
    start = executables.first("shellcheck", executables.on_path())
    configured = _configuration(repository, scripts)
    if start is None:
        if configured or choice.names("shellcheck"):
            yield missing(check, configured)
        return
    # Who asked for nothing is told of what can go wrong, and not of style.
    options = ("--format=json1",) if configured else ("--format=json1", "--severity=warning")
    for part in batches(scripts):
        yield check.replace(command=(start, *options, *map(argument, part)), files=part)


def _configuration(repository: Repository, scripts: tuple[str, ...]) -> str | None:
    for folder in dict.fromkeys(os.path.dirname(path) for path in scripts):
        found = repository.nearest(folder, _CONFIGURED)
        if found is not None:
            return os.path.join(found, repository.first(found, _CONFIGURED) or "")
    return None


def _is_script(repository: Repository, path: str) -> bool:
    """Say whether a file is a script of a shell's: by its first line, or else by its name."""
    name = os.path.basename(path)
    named = name.endswith(_SUFFIXES)
    if not named and "." in name:
        return False
    head = read(repository.absolute(path), _HEAD).split(b"\n", 1)[0]
    if not head.startswith(b"#!"):
        return named
    words = [os.path.basename(word) for word in head[2:].decode("utf-8", "replace").split()]
    if words and words[0] == "env":  # its options and variables stand before the program
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return bool(words) and words[0] in _SHELLS

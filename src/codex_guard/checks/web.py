"""JavaScript and TypeScript: ESLint and Biome where they are configured. tsc is in ``typescript``.

The programs are those that npm installed, for the nearest folder that has them; what stands on PATH comes
last, and nothing is ever fetched.
"""

import os
from collections.abc import Callable, Iterator

from codex_guard.checks import executables, typescript
from codex_guard.checks.check import Check, Choice, arguments, missing
from codex_guard.checks.projects import Repository, below, grouped, upward

_COMPONENTS = (".vue", ".svelte", ".astro")
_ESLINT = (*typescript.TYPED, *typescript.UNTYPED, *_COMPONENTS)
_BIOME = (*_ESLINT, ".json", ".jsonc", ".css", ".graphql", ".gql")
# https://eslint.org/docs/latest/use/configure/configuration-files and
# https://eslint.org/docs/v8.x/use/configure/configuration-files
_FLAT = tuple(f"eslint.config.{suffix}" for suffix in ("js", "mjs", "cjs", "ts", "mts", "cts"))
_CASCADING = (
    ".eslintrc.js",
    ".eslintrc.cjs",
    ".eslintrc.yaml",
    ".eslintrc.yml",
    ".eslintrc.json",
    ".eslintrc",
)
# https://biomejs.dev/guides/configure-biome/
_BIOME_FILES = ("biome.json", "biome.jsonc", ".biome.json", ".biome.jsonc")
_ESLINT_OPTIONS = ("--format=json", "--no-color", "--no-error-on-unmatched-pattern")
_BIOME_OPTIONS = ("lint", "--reporter=github", "--colors=off", "--no-errors-on-unmatched")


def checks(repository: Repository, files: tuple[str, ...], choice: Choice) -> Iterator[Check]:
    """Yield the checks of the JavaScript, TypeScript and other files that these tools read."""
    if choice.allows("tsc"):
        yield from typescript.checks(repository, files)
    if choice.allows("eslint"):
        yield from _eslint(repository, files)
    if choice.allows("biome"):
        yield from _biome(repository, files, choice)


def _eslint(repository: Repository, files: tuple[str, ...]) -> Iterator[Check]:
    """Plan ESLint, which does nothing without a configuration."""
    linted = tuple(path for path in files if path.endswith(_ESLINT))
    for root, own in _rooted(repository, linted, _eslint_file, without=False):
        configured = _eslint_file(repository, root) or ""
        # Version 9 reads the older form only where it is told to; for version 8 this changes nothing.
        cascading = os.path.basename(configured) not in _FLAT
        environment = (("ESLINT_USE_FLAT_CONFIG", "false"),) if cascading else ()
        check = Check(
            "eslint", repository.absolute(root), parser="eslint-json", files=own, environment=environment
        )
        yield _started(repository, check, root, configured, _ESLINT_OPTIONS)


def _biome(repository: Repository, files: tuple[str, ...], choice: Choice) -> Iterator[Check]:
    """Plan Biome, which has rules of its own where a policy asks for it without a configuration."""
    linted = tuple(path for path in files if path.endswith(_BIOME))
    for root, own in _rooted(repository, linted, _biome_file, without=choice.names("biome")):
        check = Check("biome", repository.absolute(root), parser="biome", files=own)
        yield _started(repository, check, root, _biome_file(repository, root), _BIOME_OPTIONS)


def _rooted(
    repository: Repository,
    files: tuple[str, ...],
    configuration: Callable[[Repository, str], str | None],
    *,
    without: bool,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the folders to run in, each with its files; with ``without`` those that configure nothing, too.

    It is the nearest project's folder, or that of a configuration further down: the tools look for one
    from where they run, upward.
    """

    def root(path: str) -> str | None:
        configured = configuration(repository, os.path.dirname(path))
        if configured is None and not without:
            return None
        project = typescript.project(repository, path)
        return max(project, os.path.dirname(configured or ""), key=len)  # both are above the file

    for folder, own in grouped(files, root).items():
        yield folder, below(folder, own)


def _eslint_file(repository: Repository, folder: str) -> str | None:
    """Return the file that configures ESLint for a folder's files; the flat form rules the other out."""
    for names in (_FLAT, _CASCADING):
        found = _nearest(repository, folder, names)
        if found is not None:
            return found
    packages = (os.path.join(each, "package.json") for each in upward(folder))
    return next((path for path in packages if "eslintConfig" in repository.json(path, "eslintConfig")), None)


def _biome_file(repository: Repository, folder: str) -> str | None:
    return _nearest(repository, folder, _BIOME_FILES)


def _nearest(repository: Repository, folder: str, names: tuple[str, ...]) -> str | None:
    found = repository.nearest(folder, names)
    return None if found is None else os.path.join(found, repository.first(found, names) or "")


def _started(
    repository: Repository, check: Check, root: str, configured: str | None, options: tuple[str, ...]
) -> Check:
    folders = (*executables.modules(repository, root), *executables.on_path())
    start = executables.first(check.tool, folders)
    if start is None:
        return missing(check, configured, root)
    return check.replace(command=(start, *options, *arguments(check.files)))

"""Go: vet, which also says what does not compile, and staticcheck.

https://pkg.go.dev/cmd/go and https://staticcheck.dev/docs/running-staticcheck/cli/
"""

import os
from collections.abc import Iterator

from codex_guard.checks import executables
from codex_guard.checks.check import Check, Choice, arguments, missing, shown
from codex_guard.checks.projects import Repository, below, grouped

_VET_STATUSES = (0, 1, 2)  # 2 before Go 1.20
_USUAL = "/usr/local/go/bin"  # https://go.dev/doc/install
_CONFIGURED = ("staticcheck.conf",)


def checks(repository: Repository, files: tuple[str, ...], choice: Choice) -> Iterator[Check]:
    """Yield the checks of the Go files among the changed ones, in their modules; of none outside of one."""
    go = tuple(path for path in files if path.endswith(".go"))
    modules = grouped(go, lambda path: repository.nearest(os.path.dirname(path), ("go.mod",)))
    for module, paths in modules.items():
        own = below(module, paths)
        if choice.allows("go vet"):
            yield _vet(repository, module, own)
        if choice.allows("staticcheck"):
            yield from _staticcheck(repository, module, own, choice)


def _vet(repository: Repository, module: str, files: tuple[str, ...]) -> Check:
    """Plan vet for all of the module: a change can break the packages that import what it changed."""
    check = Check("go vet", repository.absolute(module), parser="go", files=files, scope="project")
    start = executables.first("go", (*executables.on_path(), _USUAL))
    if start is None:
        problem = (
            f"go vet was not run: {shown(os.path.join(module, 'go.mod'))} asks for Go, which is not on PATH."
            " Install it, or leave go vet out with checks.tools."
        )
        return check.replace(problem=problem)
    return check.replace(command=(start, "vet", "./..."), environment=_environment(), statuses=_VET_STATUSES)


def _staticcheck(
    repository: Repository, module: str, files: tuple[str, ...], choice: Choice
) -> Iterator[Check]:
    check = Check("staticcheck", repository.absolute(module), parser="staticcheck-json", files=files)
    places = (*executables.on_path(), *_installed())
    # Debian's name for it stands behind its own.
    start = executables.first("staticcheck", places) or executables.first("go-staticcheck", places)
    if start is not None:
        packages = tuple(sorted({os.path.dirname(path) for path in files}))
        command = (start, "-f", "json", *arguments(packages, "./..."))
        yield check.replace(command=command, environment=_environment())
        return
    folders = {os.path.dirname(os.path.join(module, path)) for path in files}
    found = sorted(
        {each for folder in folders if (each := repository.nearest(folder, _CONFIGURED)) is not None}
    )
    if found or choice.names("staticcheck"):
        yield missing(check, os.path.join(found[0], *_CONFIGURED) if found else None)


def _installed() -> tuple[str, ...]:
    """Return where `go install` puts programs: https://go.dev/ref/mod#go-install."""
    home = os.environ.get("GOPATH") or os.path.expanduser("~/go")
    return (os.environ.get("GOBIN", ""), os.path.join(home, "bin"))


def _environment() -> tuple[tuple[str, str], ...]:
    """Return the variables without which Go does not work in a sandbox.

    Its caches must be writable, and it would wait for modules that it does not have:
    https://pkg.go.dev/cmd/go#hdr-Environment_variables
    """
    cache = executables.cache()
    caches = {"GOCACHE": "go-build", "STATICCHECK_CACHE": "staticcheck"} if cache else {}
    return (
        *((name, os.path.join(cache or "", folder)) for name, folder in caches.items()),
        ("GOPROXY", "off"),
    )

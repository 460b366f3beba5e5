"""Rust: clippy, or where it is not installed ``cargo check``, for all of a workspace.

https://doc.rust-lang.org/cargo/commands/cargo-check.html and https://doc.rust-lang.org/clippy/usage.html
"""

import os
from collections.abc import Iterator

from codex_guard.checks import executables
from codex_guard.checks.check import Check, Choice, missing, shown
from codex_guard.checks.projects import Repository, grouped, inside, relative, upward

_MANIFEST = "Cargo.toml"
# Tests and examples count; one crate that fails hides no other; a sandbox has no network to wait for.
_OPTIONS = (
    "--workspace", "--all-targets", "--keep-going", "--message-format=json", "--offline", "--quiet",
)  # fmt: skip
_STATUSES = (0, 101)


def checks(repository: Repository, files: tuple[str, ...], choice: Choice) -> Iterator[Check]:
    """Yield the checks of the Rust files among the changed ones, a workspace each."""
    tools = tuple(tool for tool in ("cargo clippy", "cargo check") if choice.allows(tool))
    if not tools:
        return
    rust = tuple(path for path in files if path.endswith(".rs"))
    for folder, own in grouped(rust, lambda path: _workspace(repository, path)).items():
        check = Check(
            tools[0],
            repository.absolute(folder),
            parser="cargo-json",
            files=tuple(relative(folder, path) for path in own),
            scope="project",
            statuses=_STATUSES,
        )
        yield _started(check, os.path.join(folder, _MANIFEST), tools)


def _started(check: Check, manifest: str, tools: tuple[str, ...]) -> Check:
    installed = os.path.join(os.environ.get("CARGO_HOME") or os.path.expanduser("~/.cargo"), "bin")
    folders = (*executables.on_path(), installed)
    start = executables.first("cargo", folders)
    if start is None:
        problem = (
            f"{check.tool} was not run: {shown(manifest)} asks for Cargo, which is not on PATH. Install"
            f" it, or leave {check.tool} out with checks.tools."
        )
        return check.replace(problem=problem)
    if "cargo clippy" in tools and _has_clippy(folders):
        return check.replace(command=(start, "clippy", *_OPTIONS))
    if "cargo check" in tools:
        return check.replace(tool="cargo check", command=(start, "check", *_OPTIONS))
    return missing(check, None)


def _has_clippy(folders: tuple[str, ...]) -> bool:
    """Say whether clippy is there; rustup puts a program of its name everywhere, which then says it is not.

    https://rust-lang.github.io/rustup/concepts/proxies.html
    """
    clippy = executables.first("cargo-clippy", folders)
    if clippy is None:
        return False
    rustup = os.path.join(os.path.dirname(os.path.realpath(clippy)), "rustup")
    if not (os.path.exists(rustup) and os.path.samefile(clippy, rustup)):
        return True
    toolchains = os.path.join(os.environ.get("RUSTUP_HOME") or os.path.expanduser("~/.rustup"), "toolchains")
    try:
        names = os.listdir(toolchains)
    except OSError:
        return False
    # Which of them counts depends on files and overrides; that all have it is the common case.
    return all(os.path.isfile(os.path.join(toolchains, name, "bin", "cargo-clippy")) for name in names)


def _workspace(repository: Repository, path: str) -> str | None:
    """Return the folder of the workspace that a file's package is in, or else of its package.

    https://doc.rust-lang.org/cargo/reference/workspaces.html#the-workspace-section
    """
    package = repository.nearest(os.path.dirname(path), (_MANIFEST,))
    if package is None:
        return None
    manifest = repository.toml(os.path.join(package, _MANIFEST), "workspace")
    if "workspace" in manifest:
        return package
    table = manifest.get("package")
    named = table.get("workspace") if isinstance(table, dict) else None
    if isinstance(named, str):
        found = inside(package, named)
        return found if found is not None and repository.first(found, (_MANIFEST,)) else package
    for folder in upward(package):
        workspace = repository.toml(os.path.join(folder, _MANIFEST), "workspace").get("workspace")
        if isinstance(workspace, dict):
            return package if _excludes(workspace, folder, package) else folder
    return package


def _excludes(workspace: dict[str, object], folder: str, package: str) -> bool:
    excluded = workspace.get("exclude")
    paths = (
        (inside(folder, path) for path in excluded if isinstance(path, str))
        if isinstance(excluded, list)
        else ()
    )
    return any(path is not None and f"{package}/".startswith(f"{path}/") for path in paths)

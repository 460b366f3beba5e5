"""git as it is asked: every changed file is listed, and nothing of the repository's runs."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.errors import GuardError
from codex_guard.repo import changes, git
from support.repositories import put, repository, run


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", "kept.py", "sub/other.py")


def changed(folder: Path) -> tuple[str, ...]:
    found = changes.of(str(folder))
    assert found is not None
    return found.files


def file_for_folder(repo: Path) -> None:
    shutil.rmtree(repo / "sub")
    put(repo / "sub")


def conflict(repo: Path) -> None:
    run(repo, "checkout", "-q", "-b", "other")
    put(repo / "kept.py", "theirs\n")
    run(repo, "commit", "-q", "-a", "-m", "theirs")
    run(repo, "checkout", "-q", "-")
    put(repo / "kept.py", "ours\n")
    run(repo, "commit", "-q", "-a", "-m", "ours")
    run(repo, "merge", "other", check=False)


#: What is done to a repository of kept.py and sub/other.py, and what then differs.
CHANGES: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "nothing": (lambda repo: None, ()),
    "modified": (lambda repo: put(repo / "kept.py", "new"), ("kept.py",)),
    "staged": (lambda repo: (put(repo / "kept.py", "new"), run(repo, "add", "--all")), ("kept.py",)),
    "staged and modified": (
        lambda repo: (
            put(repo / "kept.py", "new"),
            run(repo, "add", "--all"),
            put(repo / "kept.py", "newer"),
        ),
        ("kept.py",),
    ),
    "added": (lambda repo: (put(repo / "new.py"), run(repo, "add", "--all")), ("new.py",)),
    "meant to be added": (lambda repo: (put(repo / "new.py"), run(repo, "add", "-N", "new.py")), ("new.py",)),
    "untracked": (lambda repo: put(repo / "new/deep/new.py"), ("new/deep/new.py",)),
    "in order": (
        lambda repo: [put(repo / name) for name in ("z.py", "a.py", "sub/new.py", "B.py")],
        ("B.py", "a.py", "sub/new.py", "z.py"),
    ),
    "ignored": (lambda repo: (put(repo / ".gitignore", "*.log\n"), put(repo / "a.log")), (".gitignore",)),
    "excluded": (lambda repo: (put(repo / ".git/info/exclude", "*.log\n"), put(repo / "a.log")), ()),
    "deleted": (lambda repo: (repo / "kept.py").unlink(), ()),
    "deleted in the index": (lambda repo: run(repo, "rm", "-q", "kept.py"), ()),
    "deleted in the index only": (lambda repo: run(repo, "rm", "-q", "--cached", "kept.py"), ("kept.py",)),
    "renamed": (lambda repo: run(repo, "mv", "kept.py", "renamed.py"), ("renamed.py",)),
    "moved by hand": (lambda repo: (repo / "kept.py").rename(repo / "renamed.py"), ("renamed.py",)),
    "a file in place of a folder": (file_for_folder, ("sub",)),
    "a mode": (lambda repo: (repo / "kept.py").chmod(0o755), ("kept.py",)),
    "a link to a file": (lambda repo: (repo / "link.py").symlink_to("kept.py"), ("link.py",)),
    "a link to nothing": (lambda repo: (repo / "link.py").symlink_to("gone.py"), ()),
    "a name with spaces": (lambda repo: put(repo / " a  b .py"), (" a  b .py",)),
    "a name with lines": (lambda repo: put(repo / "a\nb\n.py"), ("a\nb\n.py",)),
    "a name with quotes": (lambda repo: put(repo / 'a"b\\.py'), ('a"b\\.py',)),
    "a name in unicode": (lambda repo: put(repo / "é雪😀.py"), ("é雪😀.py",)),
    "a name in bytes": (lambda repo: put(repo / "\udcff.py"), ("\udcff.py",)),
    "a name with a dash": (lambda repo: put(repo / "--version"), ("--version",)),
    "a name like git's own": (lambda repo: put(repo / "?? x -> y.py"), ("?? x -> y.py",)),
    "a conflict": (conflict, ("kept.py",)),
    "a configuration of git's output": (
        lambda repo: (
            [
                run(repo, "config", key, value)
                for key, value in (
                    ("status.branch", "true"),
                    ("status.short", "true"),
                    ("status.showUntrackedFiles", "no"),
                    ("status.renames", "copies"),
                    ("status.relativePaths", "true"),
                    ("core.quotePath", "true"),
                    ("color.ui", "always"),
                    ("column.ui", "always"),
                    ("status.showStash", "true"),
                )
            ],
            put(repo / "new.py"),
            run(repo, "mv", "kept.py", "renamed.py"),
        ),
        ("new.py", "renamed.py"),
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_changed_is_listed(repo: Path, case: str) -> None:
    change, expected = CHANGES[case]
    change(repo)
    found = changes.of(str(repo))
    assert found is not None
    assert found.replace(gone=()) == changes.Changes(str(repo), expected)
    assert changes.of(str(repo / "sub") if (repo / "sub").is_dir() else str(repo)) == changes.of(str(repo))


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    run(tmp_path, "init", "-q")
    put(tmp_path / "a.py")
    assert changed(tmp_path) == ("a.py",)


def test_asking_changes_nothing(repo: Path) -> None:
    os.utime(repo / "kept.py", (1, 1))
    before = (repo / ".git" / "index").read_bytes()
    assert changed(repo) == ()
    assert (repo / ".git" / "index").read_bytes() == before


@pytest.mark.parametrize("name", ["-C", "--git-dir=x", "a b", "a\n", "é雪", "$HOME"])
def test_any_name_of_a_folder_is_a_repositorys(tmp_path: Path, name: str) -> None:
    repo = repository(tmp_path / name, "a.py")
    put(repo / "b.py")
    assert git.top(str(repo)) == str(repo)
    found = changes.of(str(repo))
    assert found is not None
    assert found.replace(gone=()) == changes.Changes(str(repo), ("b.py",))


def bare(folder: Path) -> Path:
    run(folder, "init", "-q", "--bare", "bare.git")
    return folder / "bare.git"


#: Folders that are in no work tree.
NO_TREE: dict[str, Callable[[Path], Path]] = {
    "a plain folder": lambda folder: folder,
    "a missing folder": lambda folder: folder / "gone",
    "a file": lambda folder: put(folder / "file"),
    "an empty .git": lambda folder: put(folder / ".git" / "description").parent.parent,
    "a bare repository": bare,
    "within .git": lambda folder: repository(folder / "repo") / ".git",
}


@pytest.mark.parametrize("case", NO_TREE)
def test_where_there_is_no_work_tree_there_is_none(tmp_path: Path, case: str) -> None:
    folder = NO_TREE[case](tmp_path)
    assert git.top(str(folder)) is None
    assert changes.of(str(folder)) is None


def test_without_git_there_are_no_changes(
    repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(repo / "new.py")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert changes.of(str(repo)) is None
    assert git.files(str(repo), no_ignore=False) == [
        str(repo / name) for name in ("kept.py", "new.py", "sub/other.py")
    ]


BROKEN: dict[str, Callable[[Path], object]] = {
    "its configuration": lambda repo: put(repo / ".git" / "config", "[core\n"),
    "its format": lambda repo: run(repo, "config", "core.repositoryFormatVersion", "99"),
    "its index": lambda repo: put(repo / ".git" / "index", "no index"),
    "its owner": lambda repo: os.chown(repo, 12345, 12345),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_repository_that_git_cannot_read_is_an_error_and_not_none(repo: Path, case: str) -> None:
    if case == "its owner" and os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    BROKEN[case](repo)
    with pytest.raises(GuardError, match=r"git failed in '.*' with status \d+: try `git status` there"):
        changes.of(str(repo))


def test_a_git_that_hangs_is_an_error(repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script(tmp_path / "bin" / "git", "exec sleep 60")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(git, "_SECONDS", 0.1)
    with pytest.raises(GuardError, match=r"git did not answer in .*TimeoutError.*try `git status`"):
        git.top(str(repo))


def test_a_git_that_cannot_be_started_is_an_error(
    repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(tmp_path / "bin" / "git", "\0 no program").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(GuardError, match="git did not answer"):
        git.top(str(repo))


# What a repository, its configuration or the environment could make git run.


def script(path: Path, body: str) -> Path:
    put(path, f"#!/bin/sh\n{body}\n").chmod(0o755)
    return path


def filtered(kind: str) -> Callable[[Path, Path], object]:
    def arrange(repo: Path, trap: Path) -> None:
        put(repo / ".gitattributes", "* filter=evil\n")
        run(repo, "config", f"filter.evil.{kind}", str(trap))
        run(repo, "config", "filter.evil.required", "true")
        put(repo / "kept.py", "tex2\n")

    return arrange


def hooked(repo: Path, trap: Path) -> None:
    for hook in ("post-index-change", "pre-commit", "post-checkout", "fsmonitor-watchman"):
        shutil.copy(trap, put(repo / ".git" / "hooks" / hook))
        (repo / ".git" / "hooks" / hook).chmod(0o755)
    os.utime(repo / "kept.py", (1, 1))


def hooked_elsewhere(repo: Path, trap: Path) -> None:
    hooked(repo, trap)
    (repo / ".git" / "hooks").rename(repo / "own-hooks")
    run(repo, "config", "core.hooksPath", str(repo / "own-hooks"))


def smudged(repo: Path, trap: Path) -> None:
    filtered("smudge")(repo, trap)
    (repo / "kept.py").unlink()


def configured(*pairs: tuple[str, str]) -> Callable[[Path, Path], object]:
    def arrange(repo: Path, trap: Path) -> None:
        for key, value in pairs:
            run(repo, "config", key, value.replace("TRAP", str(trap)))
        put(repo / ".gitattributes", "*.py diff=evil\n")
        put(repo / "kept.py", "new\n")

    return arrange


def submodule(repo: Path, trap: Path) -> None:
    repository(repo.parent / "library", "code.py")
    run(repo, "submodule", "add", "-q", str(repo.parent / "library"), "inner")
    run(repo / "inner", "config", "core.fsmonitor", str(trap))
    put(repo / "inner" / "code.py", "new\n")
    run(repo, "config", "status.submoduleSummary", "true")


def partial_clone(repo: Path, trap: Path) -> None:
    ssh = script(trap.with_name("ssh"), f'"{trap}" </dev/null; exit 1')
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", "ssh://example.invalid/x"),
        ("remote.origin.promisor", "true"),
        ("core.sshCommand", str(ssh)),
    ):
        run(repo, "config", key, value)
    tree = subprocess.run(
        ["git", "-C", repo, "rev-parse", "HEAD^{tree}"], capture_output=True, text=True, check=True
    ).stdout.strip()
    (repo / ".git" / "objects" / tree[:2] / tree[2:]).unlink()


#: What is arranged, with an executable trap, and a command of git's that would fall into it.
TRAPS: dict[str, tuple[Callable[[Path, Path], object], tuple[str, ...]]] = {
    "core.fsmonitor": (configured(("core.fsmonitor", "TRAP")), ("status",)),
    "filter.clean": (filtered("clean"), ("status",)),
    "filter.process": (filtered("process"), ("status",)),
    "filter.smudge": (smudged, ("checkout", "--", "kept.py")),
    "hooks": (hooked, ("status",)),
    "diff.external": (configured(("diff.external", "TRAP")), ("diff",)),
    "a driver's textconv": (configured(("diff.evil.textconv", "TRAP")), ("diff",)),
    "a driver's command": (configured(("diff.evil.command", "TRAP")), ("diff",)),
    "an alias": (configured(("alias.zz", "!TRAP"), ("alias.status", "!TRAP")), ("zz",)),
    "a submodule": (submodule, ("status",)),
    "a partial clone": (partial_clone, ("status",)),
    "core.hooksPath": (hooked_elsewhere, ("status",)),
    "an included file": (
        lambda repo, trap: (
            put(repo / "evil.inc", f'[core]\nfsmonitor = "{trap}"\n[filter "evil"]\nclean = "{trap}"\n'),
            run(repo, "config", "include.path", str(repo / "evil.inc")),
        ),
        ("status",),
    ),
}


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    return script(tmp_path / "trap folder" / "trap", f'echo "$0 $*" >>"{tmp_path}/trap folder/ran"; cat')


@pytest.mark.parametrize("case", TRAPS)
def test_nothing_that_a_repository_configures_is_run(repo: Path, trap: Path, case: str) -> None:
    arrange, command = TRAPS[case]
    quoted = script(trap.parent.parent / "t", f'exec "{trap}" "$@"')  # git splits a command at its spaces
    arrange(repo, quoted)
    ran = trap.with_name("ran")
    ran.unlink(missing_ok=True)
    try:
        changes.of(str(repo))
        git.files(str(repo), no_ignore=False)
    except GuardError:
        assert case == "a partial clone"
    assert not ran.exists(), ran.read_text()
    run(repo, *command, check=False)
    assert ran.exists(), "the trap is none: git itself does not run it"


def test_a_filter_whose_name_cannot_be_given_is_an_error(repo: Path, trap: Path) -> None:
    put(repo / ".gitattributes", "* filter=a=b\n")
    with open(repo / ".git" / "config", "a", encoding="utf-8") as file:
        file.write(f'[filter "a=b"]\n\tclean = "\'{trap}\'"\n')
    put(repo / "kept.py", "tex2\n")
    with pytest.raises(GuardError, match=r"has a filter with '=' in its name.*rename it"):
        changes.of(str(repo))
    assert not trap.with_name("ran").exists()
    run(repo, "status")
    assert trap.with_name("ran").exists()


@pytest.mark.parametrize("name", ["evil", "EVIL", "a b", "a.b", "a\\\\b", "é", "-c"])
def test_a_filter_of_any_other_name_is_switched_off(repo: Path, trap: Path, name: str) -> None:
    with open(repo / ".git" / "config", "a", encoding="utf-8") as file:
        file.write(f'[filter "{name}"]\n\tclean = "\'{trap}\'"\n\trequired = true\n')
    put(repo / ".gitattributes", f"* filter={name}\n")
    put(repo / "kept.py", "tex2\n")
    assert changed(repo) == (".gitattributes", "kept.py")
    assert not trap.with_name("ran").exists()


ENVIRONMENTS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "GIT_EXTERNAL_DIFF": ({"GIT_EXTERNAL_DIFF": "TRAP"}, ("diff",)),
    "GIT_CONFIG_COUNT": (
        {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": "TRAP"},
        ("status",),
    ),
    "GIT_CONFIG_PARAMETERS": ({"GIT_CONFIG_PARAMETERS": "'core.fsmonitor'='TRAP'"}, ("status",)),
    "GIT_CONFIG_GLOBAL": ({"GIT_CONFIG_GLOBAL": "CONFIG"}, ("status",)),
    "GIT_EXEC_PATH": ({"GIT_EXEC_PATH": "BIN"}, ("bisect", "log")),
}


@pytest.mark.parametrize("case", ENVIRONMENTS)
def test_nothing_that_the_environment_names_is_run(
    repo: Path, trap: Path, case: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    variables, command = ENVIRONMENTS[case]
    put(repo / "kept.py", "tex2\n")
    plain = script(tmp_path / "t", f'exec "{trap}" "$@"')
    put(tmp_path / "config", f"[core]\nfsmonitor = {plain}\n")
    for name in ("git-bisect", "git-status", "git-rev-parse", "git-config", "git-ls-files"):
        script(tmp_path / "exec" / name, f'exec "{trap}"')
    for name, value in variables.items():
        filled = value.replace("TRAP", str(plain)).replace("CONFIG", str(tmp_path / "config"))
        monkeypatch.setenv(name, filled.replace("BIN", str(tmp_path / "exec")))
    assert changed(repo) == ("kept.py",)
    git.files(str(repo), no_ignore=False)
    ran = trap.with_name("ran")
    assert not ran.exists(), ran.read_text()
    run(repo, *command, check=False)
    assert ran.exists(), "the trap is none: git itself does not run it"


def test_the_environment_does_not_lead_git_elsewhere(
    repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = repository(tmp_path / "elsewhere", "a.py")
    put(repo / "new.py")
    for name, value in (
        ("GIT_DIR", elsewhere / ".git"),
        ("GIT_WORK_TREE", elsewhere),
        ("GIT_INDEX_FILE", "x"),
    ):
        monkeypatch.setenv(name, str(value))
    found = changes.of(str(repo))
    assert found is not None
    assert found.replace(gone=()) == changes.Changes(str(repo), ("new.py",))


@pytest.mark.parametrize("entry", ["", ".", "bin", "{repo}", "{repo}/bin", "{repo}/.venv/bin", "{link}"])
def test_a_git_of_the_repositorys_own_is_not_run(
    repo: Path, entry: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for folder in (repo, repo / "bin", repo / ".venv" / "bin"):
        script(folder / "git", f"touch {tmp_path}/ran")
    (tmp_path / "link").symlink_to(repo / "bin")
    first = entry.format(repo=repo, link=tmp_path / "link")
    monkeypatch.setenv("PATH", f"{first}:{os.environ['PATH']}")
    monkeypatch.chdir(repo)
    assert git.top(str(repo / "sub")) == str(repo)
    assert changed(repo) == (".venv/bin/git", "bin/git", "git")
    assert not (tmp_path / "ran").exists()


# Which files there are to scan.


def listed(folder: Path, *, no_ignore: bool = False) -> list[str]:
    found = git.files(str(folder), no_ignore=no_ignore)
    assert len(found) == len(set(found))
    return [os.path.relpath(path, folder) for path in found]


def test_files_are_those_that_git_has_or_would_have(repo: Path) -> None:
    for name in ("new.py", "a.log", "sub/b.log", "é\n.py", "-c"):
        put(repo / name)
    put(repo / ".gitignore", "*.log\n")
    (repo / "kept.py").unlink()
    (repo / "link").symlink_to("gone")
    shown = [".gitignore", "new.py", "é\n.py", "-c", "link", "sub/other.py"]
    assert sorted(listed(repo)) == sorted(shown)
    assert listed(repo / "sub") == ["other.py"]
    assert sorted(listed(repo, no_ignore=True)) == sorted([*shown, "a.log", "sub/b.log"])


def test_without_a_repository_every_file_counts(tmp_path: Path) -> None:
    for name in ("b/c.py", "a.py", ".hidden", "b/.gitignore"):
        put(tmp_path / name)
    for no_ignore in (False, True):
        assert listed(tmp_path, no_ignore=no_ignore) == [".hidden", "a.py", "b/.gitignore", "b/c.py"]


def test_what_lies_in_git_folders_never_counts(repo: Path) -> None:
    repository(repo / "nested", "inner.py")
    assert not [name for name in listed(repo, no_ignore=True) if ".git/" in name]


def test_a_repository_within_is_listed_by_its_own_rules(repo: Path) -> None:
    nested = repository(repo / "nested", "inner.py", "deep/inner.py")
    put(nested / "new.py")
    put(nested / "a.log")
    put(nested / ".gitignore", "*.log\n")
    expected = [
        "kept.py",
        "nested/.gitignore",
        "nested/deep/inner.py",
        "nested/inner.py",
        "nested/new.py",
        "sub/other.py",
    ]
    assert sorted(listed(repo)) == expected


def test_a_submodule_is_listed_by_its_own_rules(repo: Path, tmp_path: Path) -> None:
    repository(tmp_path / "library", "code.py")
    run(repo, "submodule", "add", "-q", str(tmp_path / "library"), "inner")
    assert sorted(listed(repo)) == [".gitmodules", "inner/code.py", "kept.py", "sub/other.py"]
    run(repo, "submodule", "deinit", "-q", "-f", "inner")
    assert sorted(listed(repo)) == [".gitmodules", "kept.py", "sub/other.py"]


def test_a_conflict_is_listed_once(repo: Path) -> None:
    conflict(repo)
    assert sorted(listed(repo)) == ["kept.py", "sub/other.py"]


def test_the_contents_at_head(repo: Path) -> None:
    put(repo / "sub" / "other.py", "changed\n")
    run(repo, "add", "--all")
    assert git.at_head(str(repo / "sub" / "other.py"), 100) == b"text\n"
    assert git.at_head(str(repo / "sub" / ".." / "kept.py"), 5) == b"text\n"
    (repo / "kept.py").unlink()
    assert git.at_head(str(repo / "kept.py"), 5) == b"text\n"


def test_no_contents_at_head(repo: Path, tmp_path: Path) -> None:
    put(repo / "new.py")
    put(repo / "staged.py")
    run(repo, "add", "staged.py")
    run(tmp_path, "init", "-q", "empty")
    put(tmp_path / "empty" / "a")
    for path in (
        repo / "new.py",
        repo / "staged.py",
        repo / "none.py",
        repo / "none" / "none.py",
        repo / "sub",
        repo,
        tmp_path / "outside.py",
        tmp_path / "empty" / "a",
    ):
        assert git.at_head(str(path), 100) is None, path
    assert git.at_head(str(repo / "kept.py"), 4) is None


def test_a_link_is_what_it_leads_to(repo: Path) -> None:
    (repo / "link.py").symlink_to("sub/other.py")
    assert git.at_head(str(repo / "link.py"), 100) == b"text\n"


def test_without_git_there_is_no_head(repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git.at_head(str(repo / "kept.py"), 100) is None


def test_a_git_that_hangs_has_no_head(repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script(tmp_path / "bin" / "git", "exec sleep 60")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(git, "_SECONDS", 0.1)
    assert git.at_head(str(repo / "kept.py"), 100) is None


def test_a_replaced_object_is_not_believed(repo: Path) -> None:
    old = run(repo, "rev-parse", "HEAD:kept.py").stdout.decode().strip()
    put(repo / "kept.py", "other\n")
    new = run(repo, "hash-object", "-w", "kept.py").stdout.decode().strip()
    run(repo, "replace", old, new)
    assert run(repo, "cat-file", "blob", "HEAD:kept.py").stdout == b"other\n"
    assert git.at_head(str(repo / "kept.py"), 100) == b"text\n"


# What git tracks.


def test_a_file_is_tracked_or_not(repo: Path) -> None:
    put(repo / "new.py")
    put(repo / "a.log")
    put(repo / ".gitignore", "*.log\n")
    put(repo / "staged.py")
    run(repo, "add", "staged.py")
    shown = {name: git.tracks(str(repo / name)) for name in ("kept.py", "sub/other.py", "staged.py")}
    assert all(shown.values())
    assert not [name for name in ("new.py", "a.log", "gone.py") if git.tracks(str(repo / name))]


@pytest.mark.parametrize("name", ["*.py", "[k]ept.py", ":/", ":(glob)**", "--others", "a b\n.py"])
def test_a_name_is_never_a_pattern(repo: Path, name: str) -> None:
    put(repo / name.replace("/", "_"))
    assert not git.tracks(str(repo / name.replace("/", "_")))


def test_outside_a_repository_and_without_git_nothing_is_tracked(
    tmp_path: Path, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not git.tracks(str(put(tmp_path / "plain" / "a.py")))
    assert not git.tracks(str(tmp_path / "gone" / "a.py"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not git.tracks(str(repo / "kept.py"))


def test_what_a_broken_repository_tracks_is_an_error(repo: Path) -> None:
    put(repo / ".git" / "index", "no index")
    with pytest.raises(GuardError, match="git failed in"):
        git.tracks(str(repo / "kept.py"))

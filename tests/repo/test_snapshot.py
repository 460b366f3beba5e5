"""A commit laid out elsewhere: what it holds arrives, nothing runs, and nothing leads out."""

import errno
import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.repo import git, snapshot, tree
from support.repositories import put, repository, run

Shown = dict[str, str]


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", "kept.py", "sub/other.py")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "place" / "snapshot"
    path.mkdir(parents=True)
    return path


def commit(repo: Path) -> None:
    run(repo, "add", "--all")
    run(repo, "commit", "-q", "--allow-empty", "-m", "next")


def shown(folder: Path) -> Shown:
    """Return what is there: contents of files, `-> target` of links, `*` before what is a program."""
    found = {}
    for parent, folders, names in os.walk(folder):
        for name in [*names, *(name for name in folders if Path(parent, name).is_symlink())]:
            path = Path(parent, name)
            if path.is_symlink():
                text = f"-> {path.readlink()}"
            else:
                text = ("*" if path.stat().st_mode & 0o111 else "") + path.read_bytes().decode("latin-1")
            found[str(path.relative_to(folder))] = text
    return found


def laid_out(repo: Path, folder: Path, *files: str, linked: tuple[str, ...] = ()) -> Shown:
    assert snapshot.lay_out(str(repo), str(folder), files, linked)
    return shown(folder)


BASE = {"kept.py": "text\n", "sub/other.py": "text\n"}

# What a commit holds.

NAMES = (
    " a  b ",
    "a\nb\n.py",
    'a"b\\.py',
    "a\tb",
    "é雪😀/é雪😀.py",
    "\udcff/\udcfe.py",
    "--version",
    "-c/-c",
    "* [a] ?",
    ":(glob)**",
    "100644 blob x",
    ".gitignore",
    ".github/x",
    "a/b/c/d/e/f",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_arrives(repo: Path, folder: Path, name: str) -> None:
    put(repo / name, "named\n")
    commit(repo)
    (repo / name).unlink()
    assert laid_out(repo, folder) == BASE | {name: "named\n"}


def test_contents_and_modes_arrive(repo: Path, folder: Path) -> None:
    contents = {
        "empty": b"",
        "same": b"text\n",
        "no line's end": b"a",
        "bytes": bytes(range(256)) * 3,
        "lines": b"a\r\nb\nc\r",
        "large": b"0123456789abcdef" * 70_000,
    }
    for name, data in contents.items():
        (repo / name).write_bytes(data)
    put(repo / "run", "#!/bin/sh\n").chmod(0o755)
    put(repo / "again", "#!/bin/sh\n")
    commit(repo)
    expected = {name: data.decode("latin-1") for name, data in contents.items()}
    programs = {"run": "*#!/bin/sh\n", "again": "#!/bin/sh\n"}
    assert laid_out(repo, folder) == BASE | expected | programs


def test_the_work_tree_has_no_part_in_it(repo: Path, folder: Path) -> None:
    put(repo / "kept.py", "changed\n")
    put(repo / "new.py")
    put(repo / "staged.py")
    run(repo, "add", "staged.py")
    shutil.rmtree(repo / "sub")
    assert laid_out(repo, folder) == BASE


def test_attributes_change_nothing(repo: Path, folder: Path) -> None:
    put(repo / ".gitattributes", "* text eol=crlf ident export-subst\n*.py export-ignore\n")
    put(repo / "kept.py", "$Id$ $Format:%H$\n")
    commit(repo)
    assert laid_out(repo, folder)["kept.py"] == "$Id$ $Format:%H$\n"


def test_any_commit_can_be_laid_out(repo: Path, folder: Path) -> None:
    first = run(repo, "rev-parse", "HEAD").stdout.decode().strip()
    put(repo / "later.py")
    commit(repo)
    assert snapshot.lay_out(str(repo), str(folder), (), commit=first)
    assert shown(folder) == BASE


@pytest.mark.parametrize("batch", [(1, 1 << 20), (2, 1 << 20), (1000, 1), (1000, 9)])
def test_it_is_the_same_in_any_number_of_steps(
    repo: Path, folder: Path, batch: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"f{number}": "x" * (number % 4) + str(number // 2) for number in range(12)} | {"g": "", "h": ""}
    for name, text in files.items():
        put(repo / name, text)
    commit(repo)
    monkeypatch.setattr(snapshot, "_BATCH_OBJECTS", batch[0])
    monkeypatch.setattr(snapshot, "_BATCH_BYTES", batch[1])
    assert laid_out(repo, folder) == BASE | files


def packed(repo: Path) -> Path:
    run(repo, "gc", "-q")
    return repo


def worktree(repo: Path) -> Path:
    run(repo, "worktree", "add", "-q", "--detach", "../second tree")
    return repo.parent / "second tree"


def sparse(repo: Path) -> Path:
    run(repo, "sparse-checkout", "set", "--no-cone", "/kept.py")
    return repo


def shared(repo: Path) -> Path:
    run(repo.parent, "clone", "-q", "--shared", "repo", "clone")
    return repo.parent / "clone"


def sha256(repo: Path) -> Path:
    other = repo.parent / "sha256"
    run(repo.parent, "init", "-q", "--object-format=sha256", "sha256")
    for name in BASE:
        put(other / name)
    commit(other)
    return other


#: Repositories with the same files, kept in other ways.
KINDS: dict[str, Callable[[Path], Path]] = {
    "packed": packed,
    "another worktree": worktree,
    "sparse": sparse,
    "objects of another": shared,
    "sha256": sha256,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_repository_is_read(repo: Path, folder: Path, kind: str) -> None:
    assert laid_out(KINDS[kind](repo), folder) == BASE


def test_submodules_are_left_out(repo: Path, folder: Path) -> None:
    repository(repo.parent / "library", "code.py")
    run(repo, "submodule", "add", "-q", str(repo.parent / "library"), "inner")
    commit(repo)
    assert sorted(laid_out(repo, folder)) == [".gitmodules", "kept.py", "sub/other.py"]
    assert not (folder / "inner").exists()


def test_no_tool_finds_a_repository(repo: Path, folder: Path) -> None:
    laid_out(repo, folder)
    assert git.top(str(folder)) is None
    assert sorted(os.listdir(folder)) == [".hg", "kept.py", "sub"]
    assert os.listdir(folder / ".hg") == []


def test_a_marker_of_the_commits_own_stays(repo: Path, folder: Path) -> None:
    put(repo / ".hg")
    commit(repo)
    assert laid_out(repo, folder) == BASE | {".hg": "text\n"}


# Links.

#: Targets of a link at sub/deep/link, and whether it is made.
TARGETS = {
    "x.py": True,
    "./x.py": True,
    "../other.py": True,
    "../../kept.py": True,
    ".././../kept.py": True,
    "../..": True,
    "gone/x": True,
    "..x/y": True,
    "/etc/passwd": False,
    "/": False,
    "//etc": False,
    "../../../repo/kept.py": False,
    "../../..": False,
    "x/../../../..": False,
    "x/..": False,
    "./../../../x": False,
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("committed", [True, False])
def test_a_link_that_could_lead_out_is_left_out(
    repo: Path, folder: Path, target: str, *, committed: bool
) -> None:
    link = repo / "sub" / "deep" / "link"
    link.parent.mkdir()
    link.symlink_to(target)
    files = []
    if committed:
        commit(repo)
        link.unlink()
    else:
        files = ["sub/deep/link"]
    assert ("sub/deep/link" in laid_out(repo, folder, *files)) == TARGETS[target]
    if TARGETS[target]:
        assert os.readlink(folder / "sub/deep/link") == target
        assert (folder / "sub/deep/link").resolve().is_relative_to(folder)


def test_a_link_of_the_work_tree_replaces_one_that_led_elsewhere(repo: Path, folder: Path) -> None:
    (repo / "link").symlink_to("kept.py")
    commit(repo)
    (repo / "link").unlink()
    (repo / "link").symlink_to("/etc/passwd")
    assert laid_out(repo, folder, "link") == BASE


STEPS = st.lists(st.sampled_from(["..", ".", "", "a", "b", "c"]), max_size=6).map("/".join)
PLACES = st.sampled_from(["a", "b", "c", "a/b", "b/a", "a/b/c", "c/c/c"])


@given(links=st.dictionaries(PLACES, STEPS, max_size=6))
def test_links_that_are_made_stay_within_together(
    links: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("outside") / "x" / "y" / "snapshot"
    folder.mkdir(parents=True)
    with tree.Tree(str(folder)) as made:
        for place, target in links.items():
            made.put(tree.LINK, tuple(place.split("/")), os.fsencode(target))
    for parent, folders, names in os.walk(folder):
        for path in (Path(parent, name) for name in (*folders, *names)):
            if not in_a_circle(path):  # of which realpath makes any path
                assert Path(os.path.realpath(path)).is_relative_to(folder)


def in_a_circle(path: Path) -> bool:
    try:
        path.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


# The work tree's files over it.


def fifo(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def listening(path: Path) -> None:
    path.unlink()
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


def folder_for_file(repo: Path) -> None:
    (repo / "kept.py").unlink()
    put(repo / "kept.py" / "inner.py")


def file_for_folder(repo: Path) -> None:
    shutil.rmtree(repo / "sub")
    put(repo / "sub", "file\n")


def link_for_folder(repo: Path) -> None:
    shutil.rmtree(repo / "sub")
    put(repo.parent / "outside" / "other.py", "outside\n")
    (repo / "sub").symlink_to("../outside")


def link_for_file(repo: Path, target: str) -> None:
    (repo / "kept.py").unlink()
    (repo / "kept.py").symlink_to(target)


KEPT, OTHER = {"kept.py": "text\n"}, {"sub/other.py": "text\n"}
#: What is done after the commit, the files copied, and what the snapshot holds.
OVERLAYS: dict[str, tuple[Callable[[Path], object], tuple[str, ...], Shown]] = {
    "modified": (lambda repo: put(repo / "kept.py", "new"), ("kept.py",), OTHER | {"kept.py": "new"}),
    "shorter": (lambda repo: put(repo / "kept.py", ""), ("kept.py",), OTHER | {"kept.py": ""}),
    "new": (lambda repo: put(repo / "n/e/w.py"), ("n/e/w.py",), BASE | {"n/e/w.py": "text\n"}),
    "unlisted": (lambda repo: put(repo / "kept.py", "new"), ("sub/other.py",), BASE),
    "gone": (lambda repo: (repo / "kept.py").unlink(), ("kept.py",), OTHER),
    "gone with its folder": (lambda repo: shutil.rmtree(repo / "sub"), ("sub/other.py",), KEPT),
    "gone in both": (lambda repo: None, ("never.py", "no/never.py", "kept.py/never.py"), BASE),
    "a mode": (lambda repo: (repo / "kept.py").chmod(0o755), ("kept.py",), OTHER | {"kept.py": "*text\n"}),
    "rights": (lambda repo: (repo / "kept.py").chmod(0o4644), ("kept.py",), BASE),
    "a name in bytes": (lambda repo: put(repo / "\udcff\n"), ("\udcff\n",), BASE | {"\udcff\n": "text\n"}),
    "twice": (lambda repo: put(repo / "kept.py", "new"), ("kept.py",) * 2, OTHER | {"kept.py": "new"}),
    "a folder in place of a file": (folder_for_file, ("kept.py",), OTHER),
    "in a folder in place of a file": (
        folder_for_file,
        ("kept.py/inner.py",),
        OTHER | {"kept.py/inner.py": "text\n"},
    ),
    "both": (
        folder_for_file,
        ("kept.py/inner.py", "kept.py"),
        OTHER | {"kept.py/inner.py": "text\n"},
    ),
    "a file in place of a folder": (file_for_folder, ("sub",), KEPT | {"sub": "file\n"}),
    "what was in it": (file_for_folder, ("sub/other.py", "sub"), KEPT | {"sub": "file\n"}),
    "a link in place of a folder": (link_for_folder, ("sub",), KEPT),
    "through a link in place of a folder": (link_for_folder, ("sub/other.py",), KEPT),
    "a link": (lambda repo: link_for_file(repo, "sub"), ("kept.py",), OTHER | {"kept.py": "-> sub"}),
    "a link to itself": (
        lambda repo: link_for_file(repo, "kept.py"),
        ("kept.py",),
        OTHER | {"kept.py": "-> kept.py"},
    ),
    "a link out": (lambda repo: link_for_file(repo, "/etc/passwd"), ("kept.py",), OTHER),
    "a named pipe": (lambda repo: fifo(repo / "kept.py"), ("kept.py",), OTHER),
    "a socket": (lambda repo: listening(repo / "kept.py"), ("kept.py",), OTHER),
    "a folder": (lambda repo: None, ("sub",), BASE),
    "paths that lead elsewhere": (
        lambda repo: put(repo.parent / "x"),
        ("../x", "/etc/passwd", ".git/config", ".GIT/config", "sub/../../x", "", "sub/", "./kept.py", "."),
        BASE,
    ),
}


@pytest.mark.parametrize("case", OVERLAYS)
def test_files_are_as_in_the_work_tree(repo: Path, folder: Path, case: str) -> None:
    change, files, expected = OVERLAYS[case]
    change(repo)
    assert laid_out(repo, folder, *files) == expected


def test_a_file_below_what_the_commit_has_as_a_link(repo: Path, folder: Path) -> None:
    (repo / "link").symlink_to("sub")
    commit(repo)
    (repo / "link").unlink()
    put(repo / "link" / "other.py", "new\n")
    assert laid_out(repo, folder, "link/other.py") == BASE | {"link/other.py": "new\n"}


def test_a_file_that_cannot_be_read_is_removed(repo: Path, folder: Path) -> None:
    (repo / "kept.py").chmod(0)
    if os.access(repo / "kept.py", os.R_OK):
        pytest.skip("root reads everything")
    assert laid_out(repo, folder, "kept.py") == OTHER


def test_a_name_that_no_file_has_is_an_answer(repo: Path, folder: Path) -> None:
    assert not snapshot.lay_out(str(repo), str(folder), ("a\0b",))
    assert snapshot.lay_out(str(repo), str(folder), ("a" * 300, "a/" * 90 + "a"))


# Nothing leads out of the folder that is written to.


def test_a_link_that_somebody_puts_in_the_way_is_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "a", "mine\n")
    (tmp_path / "snapshot").mkdir()
    with tree.Tree(str(tmp_path / "snapshot")) as made:
        made.put(tree.FILE, ("b", "a"), b"1")
        made.put(tree.FILE, ("c", "a"), b"1")
        for name in ("b", "c"):
            shutil.rmtree(tmp_path / "snapshot" / name)
            (tmp_path / "snapshot" / name).symlink_to(tmp_path / "outside")
        (tmp_path / "snapshot" / "a").symlink_to(outside)
        made.remove(("b", "a"))
        assert made.read(("b", "a")) == ("", b"")
        made.put(tree.FILE, ("b", "a"), b"2")
        made.put(tree.PROGRAM, ("a",), b"3")
    assert shown(tmp_path / "outside") == {"a": "mine\n"}
    assert shown(tmp_path / "snapshot") == {"a": "*3", "b/a": "2", "c": f"-> {outside.parent}"}


def object_of(repo: Path, kind: str, data: bytes) -> str:
    done = subprocess.run(
        ["git", "-C", repo, "hash-object", "-t", kind, "-w", "--literally", "--stdin"],
        input=data,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def tree_of(repo: Path, *entries: tuple[str, str, str]) -> str:
    lines = (f"{mode} {name}".encode() + b"\0" + bytes.fromhex(named) for mode, name, named in entries)
    return object_of(repo, "tree", b"".join(lines))


def by_hand(repo: Path, *entries: tuple[str, str, str]) -> str:
    """Make HEAD a commit of a tree that git itself would not make."""
    made = run(repo, "commit-tree", "-m", "by hand", tree_of(repo, *entries)).stdout.decode().strip()
    run(repo, "update-ref", "HEAD", made)
    return made


def test_names_that_git_would_not_write_are_left_out(repo: Path, folder: Path) -> None:
    text, place = object_of(repo, "blob", b"evil\n"), object_of(repo, "blob", os.fsencode(folder.parent))
    inner = tree_of(repo, ("100644", "x", text))
    by_hand(
        repo,
        ("40000", "..", inner),
        ("100644", "../y", text),
        ("100644", "/etc/z", text),
        ("40000", ".", inner),
        ("40000", ".git", inner),
        ("40000", ".GIT", inner),
        ("100644", "sub/z", text),
        ("120000", "link", place),
        ("40000", "link", inner),
        ("100644", "same", text),
        ("40000", "same", inner),
        ("120000", "long", object_of(repo, "blob", b"x" * 5000)),
    )
    assert laid_out(repo, folder) == {"same/x": "evil\n", "sub/z": "evil\n"}
    assert os.listdir(folder.parent) == ["snapshot"]


def test_a_folder_deeper_than_can_be_removed_is_left_out(repo: Path, folder: Path) -> None:
    made = tree_of(repo, ("100644", "x", object_of(repo, "blob", b"deep\n")))
    for _ in range(100):
        made = tree_of(repo, ("40000", "d", made))
    by_hand(repo, ("40000", "d", made), ("100644", "kept.py", object_of(repo, "blob", b"text\n")))
    assert laid_out(repo, folder) == KEPT
    assert not (folder / "d").exists()


@pytest.mark.parametrize("kind", ["commit", "tag", "tree"])
def test_a_file_that_is_another_object_is_no_file(repo: Path, folder: Path, kind: str) -> None:
    run(repo, "config", "log.showSignature", "true")
    run(repo, "tag", "-a", "-m", "tag", "tag")
    named = run(repo, "rev-parse", {"tree": "HEAD^{tree}", "commit": "HEAD"}.get(kind, "tag")).stdout.decode()
    by_hand(repo, ("100644", "file", named.strip()))
    assert not snapshot.lay_out(str(repo), str(folder), ())


def test_folders_within_folders_without_end_are_too_large(
    repo: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tree_of(repo, ("100644", "x", object_of(repo, "blob", b"")))
    for _ in range(12):
        made = tree_of(repo, *(("40000", f"d{number}", made) for number in range(10)))
    by_hand(repo, ("40000", "d", made))
    monkeypatch.setattr(snapshot, "_LARGEST_LIST", 1 << 20)
    assert not snapshot.lay_out(str(repo), str(folder), ())
    assert os.listdir(folder) == []


# Nothing runs, and nothing of the repository changes.


def script(path: Path, body: str) -> Path:
    put(path, f"#!/bin/sh\n{body}\n").chmod(0o755)
    return path


def configured(attributes: str, *pairs: tuple[str, str]) -> Callable[[Path, Path], object]:
    def arrange(repo: Path, trap: Path) -> None:
        put(repo / ".gitattributes", attributes)
        commit(repo)
        for key, value in pairs:
            run(repo, "config", key, value.replace("TRAP", str(trap)))
        (repo / "kept.py").unlink()

    return arrange


def hooked(repo: Path, trap: Path) -> None:
    for hook in ("post-index-change", "post-checkout", "reference-transaction"):
        shutil.copy(trap, put(repo / ".git" / "hooks" / hook))
        (repo / ".git" / "hooks" / hook).chmod(0o755)


def partial(repo: Path, trap: Path) -> None:
    ssh = script(trap.with_name("ssh"), f'"{trap}" </dev/null; exit 1')
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", "ssh://example.invalid/x"),
        ("remote.origin.promisor", "true"),
        ("core.sshCommand", str(ssh)),
    ):
        run(repo, "config", key, value)
    gone = run(repo, "rev-parse", "HEAD:kept.py").stdout.decode().strip()
    (repo / ".git" / "objects" / gone[:2] / gone[2:]).unlink()


def signed(repo: Path, trap: Path) -> None:
    """Arrange a commit with a signature in place of a file: to show it is to have it verified."""
    run(repo, "config", "log.showSignature", "true")
    run(repo, "config", "gpg.program", str(trap))
    text = run(repo, "cat-file", "commit", "HEAD").stdout.decode()
    head, _, body = text.partition("\n\n")
    mark = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    named = object_of(repo, "commit", f"{head}\n{mark}\n\n{body}".encode())
    by_hand(repo, ("100644", "kept.py", named))


def converted(repo: Path, trap: Path) -> None:
    """Arrange a commit in place of a file: to show it is to show what it changed, through a program."""
    named = run(repo, "rev-parse", "HEAD").stdout.decode().strip()
    by_hand(repo, ("100644", "kept.py", named))
    put(repo / ".git" / "info" / "attributes", "* diff=evil\n")
    run(repo, "config", "diff.evil.textconv", str(trap))


CHECKOUT = ("checkout", "--", "kept.py")
#: What is arranged, with an executable trap, and a command of git's that falls into it.
TRAPS: dict[str, tuple[Callable[[Path, Path], object], tuple[str, ...]]] = {
    "filter.smudge": (
        configured("* filter=evil\n", ("filter.evil.smudge", "TRAP"), ("filter.evil.required", "true")),
        CHECKOUT,
    ),
    "filter.process": (configured("* filter=evil\n", ("filter.evil.process", "TRAP")), CHECKOUT),
    "a filter with = in its name": (configured("* filter=a=b\n", ("filter.a=b.smudge", "TRAP")), CHECKOUT),
    "core.fsmonitor": (configured("", ("core.fsmonitor", "TRAP")), ("status",)),
    "diff.external": (configured("", ("diff.external", "TRAP")), ("diff",)),
    "a driver's textconv": (
        configured("* diff=evil\n", ("diff.evil.textconv", "TRAP")),
        ("show", "HEAD:kept.py", "--textconv"),
    ),
    "an alias": (
        configured("", *((f"alias.{name}", "!TRAP") for name in ("show", "ls-tree", "rev-parse", "zz"))),
        ("zz",),
    ),
    "hooks": (hooked, CHECKOUT),
    "a partial clone": (partial, ("cat-file", "-p", "HEAD:kept.py")),
    "a signature": (signed, ("show", "HEAD:kept.py")),
    "a commit's textconv": (converted, ("show", "HEAD:kept.py")),
}


@pytest.mark.parametrize("case", TRAPS)
def test_nothing_of_the_repositorys_runs(repo: Path, folder: Path, case: str, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    trap = script(tmp_path / "trap", f'echo "$0 $*" >>"{ran}"; cat')
    arrange, command = TRAPS[case]
    arrange(repo, trap)
    ran.unlink(missing_ok=True)
    done = snapshot.lay_out(str(repo), str(folder), ())
    assert done == (case not in {"a partial clone", "a signature", "a commit's textconv"})
    assert not ran.exists(), ran.read_text()
    (repo / "kept.py").unlink(missing_ok=True)
    run(repo, *command, check=False)
    assert ran.exists(), "the trap is none: git itself does not run it"


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    found = {}
    for parent, _, names in os.walk(folder):
        for path in (Path(parent), *(Path(parent, name) for name in names)):
            status = path.lstat()
            data = path.read_bytes() if path.is_file() else b""
            found[str(path)] = (status.st_mtime_ns, status.st_ino, data)
    return found


@pytest.mark.parametrize("setting", [None, "core.splitIndex", "core.untrackedCache", "gc.auto"])
def test_nothing_of_the_repositorys_changes(repo: Path, folder: Path, setting: str | None) -> None:
    if setting is not None:
        run(repo, "config", setting, "1")
    put(repo / "kept.py", "new\n")
    put(repo / ".venv" / "x")
    before = state(repo)
    laid_out(repo, folder, "kept.py", linked=(".venv",))
    assert state(repo) == before
    assert os.listdir(folder.parent) == ["snapshot"]


def test_a_locked_index_does_not_matter(repo: Path, folder: Path) -> None:
    put(repo / ".git" / "index.lock")
    put(repo / ".git" / "index", "no index")
    assert laid_out(repo, folder) == BASE


def test_a_named_pipe_that_git_would_read_does_not_hold_it_up(
    repo: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_SECONDS", 5)
    run(repo, "config", "log.mailmap", "true")
    for name in (".mailmap", ".gitattributes", ".gitmodules", ".gitignore"):
        fifo(repo / name)
    assert laid_out(repo, folder) == BASE


# Where there is nothing to lay out, or too much.


@pytest.mark.parametrize("name", ["", "main", "--all", "HEAD~1", "HEAD:", "0" * 40, "f" * 64, "@", "-h"])
def test_a_commit_is_head_or_a_full_name(repo: Path, folder: Path, name: str) -> None:
    assert not snapshot.lay_out(str(repo), str(folder), (), commit=name)
    assert os.listdir(folder) == []


def test_there_is_no_commit_yet(tmp_path: Path, folder: Path) -> None:
    run(tmp_path, "init", "-q", "empty")
    assert not snapshot.lay_out(str(tmp_path / "empty"), str(folder), ())


def test_there_is_no_repository(tmp_path: Path, folder: Path) -> None:
    assert not snapshot.lay_out(str(tmp_path), str(folder), ())
    assert not snapshot.lay_out(str(tmp_path / "gone"), str(folder), ())


def test_there_is_no_git(repo: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not snapshot.lay_out(str(repo), str(folder), ())


def test_there_is_no_folder(repo: Path, tmp_path: Path) -> None:
    assert not snapshot.lay_out(str(repo), str(tmp_path / "gone"), ())


def test_a_commit_of_no_files_is_laid_out(tmp_path: Path, folder: Path) -> None:
    assert laid_out(repository(tmp_path / "empty"), folder) == {}


def test_an_object_is_missing(repo: Path, folder: Path) -> None:
    gone = run(repo, "rev-parse", "HEAD:kept.py").stdout.decode().strip()
    (repo / ".git" / "objects" / gone[:2] / gone[2:]).unlink()
    assert not snapshot.lay_out(str(repo), str(folder), ())


#: A bound, how low it is set for three files of 5 bytes each, and whether that is enough.
BOUNDS = [
    ("_MOST_FILES", 3, True),
    ("_MOST_FILES", 2, False),
    ("_MOST_BYTES", 15, True),
    ("_MOST_BYTES", 14, False),
    ("_LARGEST_LIST", 300, True),
    ("_LARGEST_LIST", 100, False),
]


@pytest.mark.parametrize(("bound", "value", "enough"), BOUNDS)
def test_a_commit_can_be_too_large(
    repo: Path, folder: Path, bound: str, value: int, monkeypatch: pytest.MonkeyPatch, *, enough: bool
) -> None:
    put(repo / "third.py")
    commit(repo)
    monkeypatch.setattr(snapshot, bound, value)
    assert snapshot.lay_out(str(repo), str(folder), ()) == enough


@pytest.mark.parametrize(("bound", "value", "enough"), BOUNDS[:4])
def test_the_files_of_the_work_tree_can_be_too_large(
    repo: Path, folder: Path, bound: str, value: int, monkeypatch: pytest.MonkeyPatch, *, enough: bool
) -> None:
    files = tuple(str(put(repo / f"new{number}.py").name) for number in range(3))
    monkeypatch.setattr(snapshot, bound, value)
    assert snapshot.lay_out(str(repo), str(folder), files) == enough


def test_it_can_take_too_long(repo: Path, folder: Path, tmp_path: Path) -> None:
    assert not snapshot.lay_out(str(repo), str(folder), (), seconds=-1)
    empty = repository(tmp_path / "empty")
    assert snapshot.lay_out(str(empty), str(folder), (), seconds=-1)
    put(empty / "new.py")
    assert not snapshot.lay_out(str(empty), str(folder), ("new.py",), seconds=-1)


def test_a_large_file_is_left_out(repo: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "LARGEST", 5)
    put(repo / "large.py", "123456")
    put(repo / "later.py", "1")
    commit(repo)
    put(repo / "later.py", "123456")
    put(repo / "kept.py", "12345")
    expected = OTHER | {"kept.py": "12345"}
    assert laid_out(repo, folder, "later.py", "kept.py") == expected


# Folders that are linked.


def test_ignored_folders_are_linked_where_they_are(repo: Path, folder: Path) -> None:
    put(repo / ".gitignore", "node_modules\n.venv\n")
    put(repo / "packages/a/index.js")
    commit(repo)
    for name in (".venv/bin/python", "node_modules/x/index.js", "packages/a/node_modules/y/index.js"):
        put(repo / name)
    put(repo / "packages/new/node_modules/z")
    linked = (".venv", "node_modules", "venv", "packages/a/node_modules", "packages/new/node_modules")
    found = laid_out(repo, folder, linked=linked)
    links = {name: text for name, text in found.items() if text.startswith("->")}
    expected = (".venv", "node_modules", "packages/a/node_modules")
    assert links == {name: f"-> {repo / name}" for name in expected}
    assert (folder / "packages/a/node_modules/y/index.js").is_file()


def test_what_the_commit_has_is_not_linked(repo: Path, folder: Path) -> None:
    put(repo / "node_modules" / "x.js")
    (repo / "venv").symlink_to("sub")
    put(repo / ".venv")
    commit(repo)
    (repo / ".venv").unlink()
    put(repo / ".venv" / "x")
    expected = BASE | {"node_modules/x.js": "text\n", "venv": "-> sub", ".venv": "text\n"}
    assert laid_out(repo, folder, linked=("node_modules", "venv", ".venv")) == expected


def test_what_is_no_folder_of_the_work_tree_is_not_linked(repo: Path, folder: Path) -> None:
    put(repo / "file")
    put(repo.parent / "outside" / "node_modules" / "x")
    (repo / "pack").symlink_to("../outside")
    fifo(repo / "pipe")
    odd = ("file", "pipe", "gone", "../outside", "/etc", ".git", "", ".", "pack/node_modules", "sub/../x")
    assert laid_out(repo, folder, linked=odd) == BASE


def test_packages_of_the_repository_itself_are_those_of_the_snapshot(repo: Path, folder: Path) -> None:
    """Else a check of the tree as it was would import a package as it is now."""
    put(repo / ".gitignore", "node_modules\n")
    for name in ("core", "app"):
        put(repo / "packages" / name / "index.ts", "old\n")
    commit(repo)
    put(repo / "packages" / "core" / "index.ts", "new\n")
    put(repo / "node_modules" / "react" / "index.js")
    put(repo / "node_modules" / "@types" / "node" / "index.d.ts")
    put(repo / "node_modules" / ".bin" / "tsc")
    (repo / "node_modules" / "@acme").mkdir()
    (repo / "node_modules" / "@acme" / "core").symlink_to("../../packages/core")
    (repo / "node_modules" / "app").symlink_to(repo / "packages" / "app")
    (repo / "node_modules" / "linked").symlink_to("react")
    (repo / "node_modules" / "away").symlink_to("/usr")
    found = laid_out(repo, folder, linked=("node_modules",))
    modules = repo / "node_modules"
    assert {name: text for name, text in found.items() if text.startswith("->")} == {
        "node_modules/.bin": f"-> {modules}/.bin",
        "node_modules/@acme/core": "-> ../../packages/core",
        "node_modules/@types/node": f"-> {modules}/@types/node",
        "node_modules/app": "-> ../packages/app",
        "node_modules/away": f"-> {modules}/away",
        "node_modules/linked": f"-> {modules}/linked",
        "node_modules/react": f"-> {modules}/react",
    }
    assert (folder / "node_modules/@acme/core/index.ts").read_text() == "old\n"


def test_a_virtual_environment_that_lies_elsewhere_is_linked(repo: Path, folder: Path) -> None:
    put(repo.parent / "elsewhere" / "bin" / "python")
    (repo / ".venv").symlink_to("../elsewhere")
    assert laid_out(repo, folder, linked=(".venv",)) == BASE | {".venv": f"-> {repo / '.venv'}"}
    assert (folder / ".venv" / "bin" / "python").is_file()


def test_folders_that_tools_import_from(repo: Path) -> None:
    for name in ("venv/x", "packages/a/node_modules/x", "packages/b/.venv/x", "other/node_modules/x"):
        put(repo / name)
    put(repo / "node_modules")
    put(repo.parent / "node_modules" / "x")
    roots = ("", "packages/b", "packages/a/src/deep", "packages/a", "gone", str(repo.parent))
    expected = ("venv", "packages/a/node_modules", "packages/b/.venv")
    assert snapshot.ignored_folders(str(repo), roots) == expected
    assert snapshot.ignored_folders(str(repo), ()) == ("venv",)

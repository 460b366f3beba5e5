"""The files that a command line writes, as far as it says so itself."""

import pytest

from codex_guard.model import Unscanned, Write
from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import walked
from codex_guard.writes import bash
from codex_guard.writes.bash import Written

PATCH = "*** Begin Patch\n*** Add File: new.txt\n+hi\n*** End Patch\n"
MOVE = "*** Begin Patch\n*** Update File: a\n*** Move to: b\n@@\n-x\n+y\n*** End Patch\n"


def written(command: str) -> Written:
    scope = Scope("/work/app", {"HOME": "/home/dev"}, "/work/app")
    return bash.written(walked(command, scope), "/work/app")


def heredoc(start: str, body: str = PATCH) -> str:
    return f"{start} <<'E'\n{body}E"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        # redirections
        ("echo hi > a", [("a", "add", "hi\n")]),
        ("echo -n hi >a", [("a", "add", "hi")]),
        ("echo hi >> a", [("a", "update", "hi\n")]),
        ("printf '%s=%s\\n' k v > a", [("a", "add", "k=v\n")]),
        ("echo \"a  b\" 'c' > a", [("a", "add", "a  b c\n")]),
        ("v=1; echo k=$v > a", [("a", "add", "k=1\n")]),
        ("echo k=$unknown > a", [("a", "add", "k=…\n")]),
        ("make > a 2> b", [("a", "add", None), ("b", "add", None)]),
        (
            "make &> a; make &>> b; make >| c; make >& d",
            [(n, o, None) for n, o in zip("abcd", ("add", "update", "add", "add"), strict=True)],
        ),
        ("> a", [("a", "add", "")]),
        (": > a", [("a", "add", "")]),
        ("exec 3<> a", [("a", "update", None)]),
        ("{ echo x; echo y; } > a", [("a", "add", "x\ny\n")]),
        ("(echo x; make) > a", [("a", "add", "x\n…\n")]),
        ("for i in 1 2; do echo $i; done > a", [("a", "add", "1\n2\n")]),
        ("for i in 1 2; do echo $i > f$i; done", [("f1", "add", "1\n"), ("f2", "add", "2\n")]),
        ("f() { echo $1 > $2; }; f x a", [("a", "add", "x\n")]),
        # heredocs
        ("cat > a <<E\nx $HOME\nE", [("a", "add", "x /home/dev\n")]),
        ("cat <<'E' > a\nx $HOME\nE", [("a", "add", "x $HOME\n")]),
        ("cat <<-E >> a\n\tx\n\tE", [("a", "update", "x\n")]),
        ("cat > a <<E\nx", [("a", "add", "x\n")]),
        ("cat <<A > a; cat <<B > b\n1\nA\n2\nB", [("a", "add", "1\n"), ("b", "add", "2\n")]),
        ("cat - <<< x > a", [("a", "add", "x\n")]),
        ("cat > a <<E\n$(date)\nE", [("a", "add", "…\n")]),
        ("cat b > a", [("a", "add", None)]),
        # tee
        ("echo x | tee a", [("a", "add", "x\n")]),
        ("echo x | tee -a a b", [("a", "update", "x\n"), ("b", "update", "x\n")]),
        ("echo x | tee --append a", [("a", "update", "x\n")]),
        ("echo x | tee -- -a", [("-a", "add", "x\n")]),
        ("echo x | sudo tee a > /dev/null", [("a", "add", "x\n")]),
        ("tee a <<E > b\nx\nE", [("b", "add", "x\n"), ("a", "add", "x\n")]),
        ("make | tee a", [("a", "add", None)]),
        ("echo x | cat | tee a | grep x > b", [("a", "add", "x\n"), ("b", "add", None)]),
        ("echo x | base64 -d > a", [("a", "add", None)]),
        # places
        ("cd src && echo x > a", [("src/a", "add", "x\n")]),
        ("cd src; cd ..; echo x > ./a", [("a", "add", "x\n")]),
        ("(cd src; echo x > a); echo y > b", [("src/a", "add", "x\n"), ("b", "add", "y\n")]),
        ("echo x > /work/app/src/../a", [("a", "add", "x\n")]),
        ("echo x > /etc/a", [("/etc/a", "add", "x\n")]),
        ("echo x > ~/a", [("/home/dev/a", "add", "x\n")]),
        ("echo x > ../a", [("../a", "add", "x\n")]),
        ("cd a || exit; echo x > b", [("a/b", "add", "x\n")]),
        ("cd a || true; echo x > b", [("a/b", "add", "x\n"), ("b", "add", "x\n")]),
        ("make > /dev/null 2>&1", []),
        # wrappers
        ("bash -lc 'echo x > a'", [("a", "add", "x\n")]),
        ("sudo sh -c 'echo x >> a'", [("a", "update", "x\n")]),
        ("echo 'echo x > a' | sh", [("a", "add", "x\n")]),
        ("eval 'echo x > a'", [("a", "add", "x\n")]),
        # patches
        (heredoc("apply_patch"), [("new.txt", "add", "hi\n")]),
        (heredoc("applypatch"), [("new.txt", "add", "hi\n")]),
        (heredoc("cd src && apply_patch"), [("src/new.txt", "add", "hi\n")]),
        (heredoc("cd /tmp/x; apply_patch"), [("../../tmp/x/new.txt", "add", "hi\n")]),
        (heredoc("cd src || apply_patch"), [("new.txt", "add", "hi\n")]),
        (
            heredoc("cd src && make || apply_patch"),
            [("new.txt", "add", "hi\n"), ("src/new.txt", "add", "hi\n")],
        ),
        (heredoc("cd $unknown && apply_patch"), [("new.txt", "add", "hi\n")]),
        (f"apply_patch '{PATCH}'", [("new.txt", "add", "hi\n")]),
        (f"bash -lc \"apply_patch <<'E'\n{PATCH}E\n\"", [("new.txt", "add", "hi\n")]),
        (heredoc("cat") + "\n" + heredoc("apply_patch"), [("new.txt", "add", "hi\n")]),
        (f"echo '{PATCH}' | apply_patch", [("new.txt", "add", "hi\n")]),
        # text is no write
        ("echo 'x > a'", []),
        ("cat <<'E'\necho x > a\nE", []),
        (heredoc("cat"), []),
        ("[[ a > b ]]; (( a > b ))", []),
    ],
)
def test_writes(command: str, expected: list[tuple[str, str, str | None]]) -> None:
    found = [(write.path, write.op, write.content) for write in written(command).writes]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_move_is_seen_from_the_folder_it_is_made_in() -> None:
    assert written(heredoc("cd src && apply_patch", MOVE)).writes == (
        Write("src/a", "move", "src/b", "y\n"),
        Write("src/b", "add", None, "y\n"),
    )


@pytest.mark.parametrize(
    ("command", "where"),
    [
        ("echo x > $file", "…"),
        ("echo x > out/$(date).txt", "out/….txt"),
        ("echo x | tee $file", "…"),
        ("cd $folder; echo x > a", "a"),
        ("apply_patch < change.patch", "apply_patch"),
        ("make | apply_patch", "apply_patch"),
        ('apply_patch "$patch"', "apply_patch"),
        ("echo x; )", "the command"),
    ],
)
def test_what_only_run_time_can_tell_is_said(command: str, where: str) -> None:
    assert [unscanned.where for unscanned in written(command).unscanned] == [where]


def test_what_is_known_is_told_beside_what_is_not() -> None:
    found = written("echo x > a; echo y > $b")
    assert found.writes == (Write("a", "add", None, "x\n"),)
    assert found.unscanned == (Unscanned("…", "its name is known at run time only"),)


def test_the_same_write_is_told_once() -> None:
    assert len(written("for i in 1 2 3; do echo x > a; done").writes) == 1

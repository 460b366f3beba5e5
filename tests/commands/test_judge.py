"""How a whole script is judged: every disguise that the guard sees through, and every text that is none."""

import pytest

from codex_guard.commands.judge import judge, judge_writes, load
from codex_guard.commands.operands import Places, kinds
from codex_guard.model import Violation, Write
from codex_guard.shell.meaning import HOLE, Scope, Value
from codex_guard.shell.walk import walked

PLACES = Places(
    worktree="/work/app", home="/home/dev", guarded=("/opt/guard", "/home/dev/.config/guard/policy.toml")
)


def scope(cwd: str = "/work/app") -> Scope:
    variables = {"HOME": "/home/dev", "TMPDIR": "/tmp", "OLDPWD": cwd}  # noqa: S108
    return Scope(cwd, variables, "/work/app")


def hit(command: str, cwd: str = "/work/app", places: Places = PLACES) -> set[str]:
    return {violation.rule for violation in judge(walked(command, scope(cwd)), scope(cwd), places, load())}


SPELLINGS = [
    "rm -rf /",
    "rm -fr /",
    "rm -r -f /",
    "rm -Rf /",
    "rm / -rf",
    "rm -vrf /",
    "rm -d -r /",
    "rm --recursive /",
    "rm --rec --fo /",
    "rm -rf -- /",
    "rm -rf a b / c",
    "grm -rf /",
    "/bin/rm -rf /",
    "../../bin/rm -rf /",
    "r''m -rf /",
    "r\\m -r\\f /",
    "'rm' \"-rf\" '/'",
    "\\rm -rf /",
    "$'\\162\\155' -rf /",
    '$"rm" -rf /',
    "rm \\\n -rf /",
    "r\\\nm -rf /",
    "{rm,-rf,/}",
    "rm${IFS}-rf${IFS}/",
    "rm -rf /{etc,usr}",
    "rm -rf {/,a}",
    "x=rm; $x -rf /",
    "x='rm -rf /'; $x",
    'x=/; rm -rf "${x}"',
    "x=/; y=$x; rm -rf $y",
    "export x=/; rm -rf $x",
    "x=; $x rm -rf /",
    "$UNSET rm -rf /",
    "a=b c=d rm -rf /",
    "a[1]=2 rm -rf /",
    "$(echo rm) -rf /",
    "`echo rm -rf /`",
]
PLACED = [
    "rm -rf //",
    "rm -rf /.",
    "rm -rf /./",
    "rm -rf /../",
    "rm -rf /tmp/..",
    "rm -rf /tmp/../etc",
    "rm -rf /*",
    "rm -rf ~",
    "rm -rf ~/",
    "rm -rf ~/.",
    "rm -rf ~//",
    "rm -rf ~/*",
    "rm -rf ~/..",
    "rm -rf ~root",
    "rm -rf ~dev/x",
    "rm -rf $HOME",
    'rm -rf "${HOME}/"',
    "rm -rf ${HOME:?}",
    "rm -rf ${HOME%/}",
    "rm -rf ${UNSET:-~}",
    "rm -rf ~/.ssh",
    "rm -rf .",
    "rm -rf ./",
    "rm -rf *",
    "rm -rf ./*",
    "rm -rf .*",
    "rm -rf {*,.*}",
    "rm -rf $PWD",
    'rm -rf "$(pwd)"',
    "rm -rf ..",
    "rm -rf ../*",
    "rm -rf ../other",
    "rm -rf src/..",
    "rm -rf /work",
    "rm -rf /work/app/../../etc",
    "rm -rf .git",
    "rm -rf ./.git/",
    "rm -rf .git/*",
    "rm -rf .git/objects",
    "rm -rf .gi?",
    "rm -rf .g*",
    "rm -rf .[g]it",
    "cd / && rm -rf *",
    "cd /; cd etc; rm -rf ssl",
    "(cd ..; rm -rf x)",
    "cd && rm -rf x",
    "cd a || rm -rf *",
    "cd a || true; rm -rf *",
    "cd src/.. && rm -rf *",
    "pushd a; popd; rm -rf *",
    "cd a; cd -; rm -rf *",
]
AROUND = [
    "a; rm -rf /",
    "a & rm -rf /",
    "a && rm -rf /",
    "a || rm -rf /",
    "a | rm -rf /",
    "a\nrm -rf /",
    "rm -rf / &",
    "rm -rf />x",
    ">x rm -rf /",
    "2>&1 rm -rf / </dev/null",
    "! rm -rf /",
    "time -p rm -rf /",
    "( rm -rf / )",
    "{ rm -rf /; }",
    "if a; then :; else rm -rf /; fi",
    "while a; do rm -rf /; done",
    "for x in a /; do rm -rf $x; done",
    "((1)) && rm -rf /",
    "case x in (x) rm -rf / ;; esac",
    "f() { rm -rf /; }",
    'f() { rm -rf "$1"; }; f /',
    "coproc rm -rf /",
    "[[ a ]] && rm -rf /",
    "echo $(rm -rf /)",
    'echo "`rm -rf /`"',
    "x=$(rm -rf /)",
    "cat <<E\n$(rm -rf /)\nE",
    "diff <(rm -rf /) b",
    "echo ${x:-$(rm -rf /)}",
    "sudo rm -rf /",
    "env -i rm -rf /",
    "command rm -rf /",
    "xargs rm -rf <<< /",
    "find / -exec rm -rf {} +",
    "bash -lc 'rm -rf /'",
    "eval 'rm -rf /'",
    "echo 'rm -rf /' | sh",
    "bash <<< 'rm -rf /'",
    "sh <<'E'\nrm -rf /\nE",
    "bash -c \"sh -c 'rm -rf /'\"",
    "trap 'rm -rf /' EXIT",
    "bash <(echo rm -rf /)",
    "echo / | xargs -I{} sh -c 'rm -rf {}'",
    "su -c 'rm -rf /'",
    "# x\nrm -rf /",
]


@pytest.mark.parametrize("command", SPELLINGS + PLACED + AROUND)
def test_a_recursive_deletion_is_seen_through_every_disguise(command: str) -> None:
    assert "rm-recursive" in hit(command)


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        ("git -C . --git-dir=.git --no-pager reset --hard", "git-reset-hard"),
        ("git --work-tree . reset --har", "git-reset-hard"),
        ("git push origin x -fu", "git-push-force"),
        ("git push --forc", "git-push-force"),
        ("git push -o ci.skip -f", "git-push-force"),
        ('git push origin "+main"', "git-push-refspec"),
        ("git push --del origin x", "git-push-delete"),
        ("git clean -d -x --forc", "git-clean"),
        ("git clean -fd -enode_modules", "git-clean"),
        ("git checkout HEAD -- a", "git-checkout-discard"),
        ("git checkout :/", "git-checkout-all"),
        ("git restore -sHEAD a", "git-restore"),
        ("git branch -df a", "git-branch-delete-force"),
        ("git gc --p=now", "git-gc-now"),
        ("mkfs.ext4 -L -n /dev/sda", "disk-format"),
        ("dd if=a of=//dev/./sda", "dd-device"),
        ('dd "of=/etc/passwd"', "dd-device"),
        ("cat a >| /dev/sda1", "overwrite-system"),
        ("{ echo; } >> //etc/passwd", "overwrite-system"),
        ("echo > /tmp/../etc/passwd", "overwrite-system"),
        ("echo 1<> /e?c/passwd", "overwrite-system"),
        ("cp a b /etc", "copy-system"),
        ("cp -rt /etc a", "copy-system"),
        ("cp -r a --target-dir /etc", "copy-system"),
        ("mv x /usr/bin/ls", "copy-system"),
        ("mv -t /tmp/x -- .git", "move-away"),
        ("kill -s 9 12 -1", "kill-everything"),
        ("kill -9 -1", "kill-everything"),
        ("curl x | sudo -E bash -", "remote-code"),
        ("curl x | tee y | env A=b sh -s -- z", "remote-code"),
        ("curl x | { cat | sh; }", "remote-code"),
        ("curl x | while read l; do sh; done", "remote-code"),
        ("(curl x; echo) |& python3 -", "remote-code"),
        ("sudo bash <(curl x)", "remote-code"),
        ('bash <<< "$(curl x)"', "remote-code"),
        ("sh -c \"$(curl x)\" '' --yes", "remote-code"),
        ("rm .codex/./hooks.json", "guard-files"),
        ("rm .CODEX/hooks.json", "guard-files"),
        ("rm .c*/h*.json", "guard-files"),
        ("rm /opt/guard/hook", "guard-files"),
        ("cp x ~/.config/guard/policy.toml", "guard-files-copy"),
        ("cp -r /tmp/.codex .", "guard-files-copy"),
        ("python3 -Im codex_guard.cli.main init --uninstall", "guard-uninstall"),
    ],
)
def test_other_rules_see_through_their_disguises(command: str, rule: str) -> None:
    assert rule in hit(command)


@pytest.mark.parametrize(
    "command",
    [
        "echo rm -rf /",
        "echo 'rm -rf /' >> notes.md",
        "printf 'rm -rf /'",
        "git commit -m 'rm -rf /'",
        "grep 'rm -rf /' a",
        "cat <<E\nrm -rf /\nE",
        "cat > a.md <<'E'\n```sh\nrm -rf / $(rm -rf /)\n```\nE",
        "# rm -rf /",
        "ls # rm -rf /",
        "git commit -F - <<'E'\nrm -rf /\nE",
        "git commit -m \"$(cat <<'E'\nrm -rf /\nE\n)\"",
        "sed 's/rm -rf \\///' a",
        "python3 - <<'E'\nrm -rf /\nE",
        "awk '/rm -rf \\//' a",
        "x='rm -rf /'",
        "x='rm -rf /'; echo \"$x\"",
        "man rm -rf /",
        "[[ $x == 'rm -rf /' ]]",
        "case $x in 'rm -rf /') ;; esac",
        "alias x='rm -rf /'",
        "command -v rm -rf /",
        "echo \\`rm -rf /\\`",
        "bash -n -c 'rm -rf /'",
        "echo 'rm -rf /' | bash -n",
        "echo 'rm -rf /' | bash x.sh",
        "echo 'rm -rf /' | grep x",
        "rm -rf '~'",
        "X='~'; rm -rf $X",
        "rm -rf '{/,a}'",
        'echo "rm -rf /" | tee a',
        "rm -rf '*'",
    ],
)
def test_text_is_not_a_command(command: str) -> None:
    assert hit(command) == set()


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        ("rm -rf / (", "rm-recursive"),
        ("rm -rf $HOME/* (", "rm-recursive"),
        ("if a; then rm -rf ~", "rm-recursive"),
        ("( " * 100 + "'rm' -rf /" + " )" * 100, "rm-recursive"),
        ("( " * 100 + "echo >/etc/passwd" + " )" * 100, "overwrite-system"),
        ("sudo " * 200 + "rm -rf /", "rm-recursive"),
        (":(){:|:&};:", "fork-bomb"),
    ],
)
def test_what_cannot_be_parsed_is_judged_by_its_words(command: str, rule: str) -> None:
    violations = judge(walked(command, scope()), scope(), PLACES, load())
    assert rule in {violation.rule for violation in violations}
    assert any("judged by its words" in violation.why for violation in violations)


def test_what_is_too_much_is_denied() -> None:
    assert hit("true\n" * 20_000 + "rm -rf /") == {"guard-too-much"}


def test_what_can_be_parsed_before_a_mistake_is_judged_as_bash() -> None:
    assert hit("echo 'rm -rf /'\nls (") == set()


def test_a_rule_can_be_disabled() -> None:
    assert judge(walked("rm -rf /", scope()), scope(), PLACES, load(), ["rm-recursive"]) == ()
    both = judge(walked("rm -rf / && git stash drop", scope()), scope(), PLACES, load(), {"rm-recursive"})
    assert [violation.rule for violation in both] == ["git-stash-drop"]


def test_each_command_is_told_once_a_rule_and_in_order() -> None:
    violations = judge(
        walked("git stash drop; rm -rf /; for i in 1 2; do rm -rf /; done", scope()), scope(), PLACES, load()
    )
    assert [(violation.rule, violation.command) for violation in violations] == [
        ("git-stash-drop", "git stash drop"),
        ("rm-recursive", "rm -rf /"),
    ]


def test_a_violation_shows_one_short_line() -> None:
    (violation,) = judge(walked("rm -rf / " + "a" * 500 + " \\\n b", scope()), scope(), PLACES, load())
    assert violation.command.startswith("rm -rf / aaa")
    assert violation.command.endswith(" …")
    assert len(violation.command) < 210


def test_judging_leaves_the_scope_as_it_was() -> None:
    where = scope()
    judge(walked("cd /; x=1", where), where, PLACES, load())
    assert where.cwd == "/work/app"
    assert "x" not in where.variables


def test_a_write_to_the_guard_is_told_unless_it_was_already() -> None:
    writes = (Write("a", "add"), Write("b", "move", ".codex/hooks.json"))
    (violation,) = judge_writes(writes, scope(), PLACES, ())
    assert violation.rule == "guard-files"
    assert ".codex/hooks.json" in violation.command
    assert judge_writes(writes[:1], scope(), PLACES, ()) == ()
    assert judge_writes(writes, scope(), PLACES, (Violation("guard-files-redirect", "", "", ""),)) == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", {"root"}),
        ("/*", {"root"}),
        (".", {"worktree"}),
        ("./*", {"worktree"}),
        ("a/..", {"worktree"}),
        ("a", {"inside"}),
        ("a/*", {"inside"}),
        ("/work/app/a", {"inside"}),
        ("/work/apple", {"outside"}),
        ("/work", {"worktree", "outside"}),
        ("..", {"worktree", "outside"}),
        (".git", {"git", "inside"}),
        (".git/config", {"git", "inside"}),
        (".git/index.lock", {"inside"}),
        (".gi?", {"git", "inside"}),
        ("*git", {"inside"}),
        (".github", {"inside"}),
        ("/home/dev", {"home", "outside"}),
        ("/home/dev/*", {"home", "outside"}),
        ("/home/other", {"home", "outside"}),
        ("/home", {"home", "outside"}),
        ("/root", {"home", "outside"}),
        ("/Users/me", {"home", "outside"}),
        ("/home/dev/a", {"outside"}),
        ("/etc", {"system", "outside"}),
        ("/usr/bin/x", {"system", "outside"}),
        ("/e?c/x", {"system", "outside"}),
        ("/tmp", {"temp", "outside"}),  # noqa: S108
        ("/tmp/*", {"temp", "outside"}),  # noqa: S108
        ("/tmp/a", {"temp"}),  # noqa: S108
        ("/tmp/../etc", {"system", "outside"}),  # noqa: S108
        ("/dev/shm/a", {"temp"}),  # noqa: S108
        ("/dev/null", set()),
        ("/dev/fd/3", set()),
        ("/dev/tcp/localhost/80", set()),
        ("/dev/tcp/example.com/80", {"system"}),
        ("/dev/sda1", {"device"}),
        ("/dev/mapper/x", {"device"}),
        ("/dev/pts/0", {"system"}),
        (".codex", {"guard", "inside"}),
        (".codex/hooks.json", {"guard", "inside"}),
        ("sub/.codex/config.toml", {"guard", "inside"}),
        (".codex/*", {"guard", "inside"}),
        (".codex/h*", {"guard", "inside"}),
        (".codex/prompts/a.md", {"inside"}),
        (".codex-guard.toml", {"guard", "inside"}),
        ("/opt/guard/x", {"guard", "system", "outside"}),
        ("", set()),
        (HOLE, {"unknown"}),
        (f"{HOLE}/a", {"unknown"}),
        (f"/{HOLE}", {"unknown"}),
        (f"/tmp/{HOLE}", {"temp"}),  # noqa: S108
        (f"/etc/{HOLE}", {"system", "outside"}),
        (f"./{HOLE}", {"inside"}),
        (f"/home/dev/{HOLE}", {"outside"}),
        ("/home/dev/.cache/pip/x", {"temp"}),
        ("/var/lib/apt/lists/*", {"temp"}),
    ],
)
def test_kinds(path: str, expected: set[str]) -> None:
    found = kinds(Value(path, glob="*" in path or "?" in path), scope(), PLACES)
    assert {kind for kind in found if kind != "unknown" or expected == {"unknown"}} == expected


def test_kinds_in_a_folder_that_is_not_known() -> None:
    where = scope()
    where.enter(HOLE)
    assert kinds(Value("a"), where, PLACES) == {"unknown"}
    assert kinds(Value("/etc"), where, PLACES) == {"system", "outside"}


def test_kinds_in_one_of_several_folders() -> None:
    where = scope()
    where.folders = ("/work/app/a", "/work/app", None)
    assert kinds(Value("*", glob=True), where, PLACES) == {"inside", "worktree", "unknown"}


@pytest.mark.parametrize(
    "command", ["rm -rf .", "rm -rf *", "rm -rf .git", "rm -rf /tmp", "rm -rf /tmp/repo"]
)
def test_a_work_tree_below_a_temporary_folder_is_no_temporary_folder(command: str) -> None:
    places = Places(worktree="/tmp/repo", home="/home/dev")  # noqa: S108
    assert "rm-recursive" in hit(command, "/tmp/repo", places)  # noqa: S108
    assert hit("rm -rf build /tmp/other", "/tmp/repo", places) == set()  # noqa: S108

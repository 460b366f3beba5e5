"""What a script would start, and where."""

import pytest

from codex_guard.shell.meaning import HOLE, Scope
from codex_guard.shell.walk import Walk


def walked(text: str) -> Walk:
    walk = Walk()
    walk.whole(text, Scope("/work/app", {"HOME": "/home/dev"}, "/work/app"))
    return walk


def commands(text: str) -> list[str]:
    """Give what is started, but for the programs that only start others; ``…`` is a hole."""
    wrappers = ("sudo", "env", "xargs", "find", "bash", "sh", "eval", "command", "timeout", "nice", "su", "…")
    found = [
        " ".join(value.text.replace(HOLE, "…") for value in invocation.argv)
        for invocation in walked(text).invocations
    ]
    return [command for command in found if command.split(" ")[0] not in wrappers]


def folders(text: str) -> list[str]:
    """Give the folders in which each ``x`` of the script can run."""
    return [
        "|".join(str(folder) for folder in invocation.scope.folders)
        for invocation in walked(text).invocations
        if invocation.argv[0].text == "x"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", ["/work/app"]),
        ("cd a && x", ["/work/app/a"]),
        ("cd a; x", ["/work/app/a"]),
        ("cd a\nx; cd ..; x", ["/work/app/a", "/work/app"]),
        ("cd; x", ["/home/dev"]),
        ("cd ~/a; x", ["/home/dev/a"]),
        ("cd -P -- a; x", ["/work/app/a"]),
        ("cd a; cd -; x", ["/work/app"]),
        ("cd $unknown; x", ["None"]),
        ("cd $unknown; cd /a; x", ["/a"]),
        ("command cd a; x", ["/work/app/a"]),
        ("eval 'cd a'; x", ["/work/app/a"]),
        ("pushd a; x; popd; x; popd; x", ["/work/app/a", "/work/app", "None"]),
        # a subshell keeps its folder to itself
        ("(cd a; x); x", ["/work/app/a", "/work/app"]),
        ("cd a | x; x", ["/work/app", "/work/app"]),
        ("cd a & x", ["/work/app"]),
        ("echo $(cd a; x); x", ["/work/app/a", "/work/app"]),
        ("bash -c 'cd a; x'; x", ["/work/app/a", "/work/app"]),
        ("{ cd a; x; }; x", ["/work/app/a", "/work/app/a"]),
        # && and ||
        ("cd a || x", ["/work/app"]),
        ("cd a || exit 1; x", ["/work/app/a"]),
        ("cd a || { echo no; exit 1; }; x", ["/work/app/a"]),
        ("cd a || true; x", ["/work/app/a|/work/app"]),
        ("cd a || cd b; x", ["/work/app/a|/work/app/b"]),
        ("cd a && make || x", ["/work/app|/work/app/a"]),
        ("cd a && make && x", ["/work/app/a"]),
        ("! cd a || x", ["/work/app/a"]),
        ("cd a && exit; x", ["/work/app"]),
        ("exit; x", ["/work/app"]),
        # branches and loops
        ("if cd a; then x; fi; x", ["/work/app/a", "/work/app/a|/work/app"]),
        ("if y; then cd a; else cd b; fi; x", ["/work/app/a|/work/app/b"]),
        ("if y; then exit; else cd b; fi; x", ["/work/app/b"]),
        ("while y; do cd a; x; done; x", ["/work/app/a", "/work/app/a|/work/app"]),
        ("for d in a b; do (cd $d && x); done", ["/work/app/a", "/work/app/b"]),
        ("for d in a b; do cd $d; x; cd ..; done; x", ["/work/app/a", "/work/app/b", "/work/app"]),
        ("case y in a) cd a;; b) cd b;; esac; x", ["/work/app/a|/work/app/b|/work/app"]),
        # functions
        ("f() { cd a; }; f; x", ["/work/app/a"]),
        ("f() { x; }; cd a; f", ["/work/app/a"]),
        ("f() { cd a || return; x; }; f; x", ["/work/app/a", "/work/app/a"]),
        # wrappers
        ("env -C a x", ["/work/app/a"]),
        ("sudo --chdir=/ x", ["/"]),
    ],
)
def test_folders(text: str, expected: list[str]) -> None:
    assert [set(found.split("|")) for found in folders(text)] == [set(each.split("|")) for each in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v=1; x $v", ["x 1"]),
        ("v=1 x $v", ["x …"]),
        ("v=1; v=$(ls); x $v", ["ls", "x …"]),
        ("v=1; v+=2; x $v", ["x 12"]),
        ("v=(a b); x $v", ["x a"]),
        ("v[1]=a; x $v", ["x …"]),
        ("v=~; w='~'; x $v $w", ["x /home/dev ~"]),
        ("export v=1; x $v", ["export v=1", "x 1"]),
        ("v=1; read v; x $v", ["read v", "x …"]),
        ("v=1; (v=2); x $v", ["x 1"]),
        ("v=1; bash -c 'x $v'", ["x 1"]),
        ("v=1 bash -c 'x $v'; x $v", ["x 1", "x …"]),
        ("HOME=/a; x ~", ["x /a"]),
        ("set -- a b; x $1; shift; x $1", ["set -- a b", "x a", "shift", "x b"]),
        ("for v in a b; do x $v; done", ["x a", "x b"]),
        ("for v in a $u; do x $v; done", ["x a", "x …"]),
        ("for v in *.c; do x $v; done", ["x ….c"]),
        ("for v in ~/[ab]*/y; do x $v; done", ["x /home/dev/…/y"]),
        ("for v in * 'a*'; do x \"$v\"; done", ["x a*", "x …"]),
        ("for v; do x $v; done", ["x …"]),
        ("v='x a'; $v; eval $v", ["x a", "x a"]),
        ("$SUDO x a", ["x a"]),
    ],
)
def test_variables(text: str, expected: list[str]) -> None:
    assert commands(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "sudo x /",
        "sudo -u root x /",
        "sudo -uroot x /",
        "sudo -nu root x /",
        "sudo --user=root -- x /",
        "sudo --user root x /",
        "sudo -E a=b x /",
        "env x /",
        "env - x /",
        "env -i a=b c='d e' x /",
        "env -u a x /",
        "env -S 'x /'",
        "env -S'x /'",
        "env -iS 'x /'",
        "env --split-string='a=b x' /",
        "command x /",
        "command -p -- x /",
        "builtin command x /",
        "timeout -k 5 -s KILL 5 x /",
        "timeout --signal=KILL 5 x /",
        "nice x /",
        "nice -n 5 x /",
        "nice -n5 x /",
        "nice -5 x /",
        "sudo env nice timeout 5 x /",
        "bash -c 'x /'",
        "bash -lc 'x /'",
        "bash -l -c 'x /'",
        "bash -c -l 'x /'",
        "bash -o pipefail -ec 'x /'",
        "bash --norc +e -c 'x /'",
        "/bin/sh -c 'x /'",
        "bash -c 'x $1' _ /",
        "bash -c 'x $0' /",
        "bash -c '\"$@\"' _ x /",
        'bash -c "bash -c \'bash -c \\"x /\\"\'"',
        "su -c 'x /'",
        "su - root -c 'x /'",
        "su root --command='x /'",
        "eval x /",
        "eval 'x /'",
        "eval -- 'x' '/'",
        "bash <<< 'x /'",
        "bash <<E\nx /\nE",
        "sudo bash -s <<'E'\nx /\nE",
        "bash /dev/stdin a <<< 'x /'",
        "{ bash; } <<< 'x /'",
        "find / -exec x {} \\;",
        "find / -exec x '{}' +",
        "find -L / -exec x {} \\;",
        "find / -exec sh -c 'x $1' _ {} \\;",
        "find / -exec sh -c 'x {}' \\;",
        "xargs x <<< /",
        "xargs -n 1 x <<< /",
        "xargs -I% x % <<< /",
        "xargs -I % sh -c 'x %' <<< /",
        "xargs -i x {} <<< /",
        "xargs --replace=@ x @ <<< /",
        "f() { x $1; }; f /",
        "f() { x /; }; f",
        "f() { x /; }",
        'function f { x "$@"; }; f /',
        "xargs -0 -r x <<< /",
        "bash <(printf 'x /')",
        "source <(printf 'x /')",
        "$(printf 'x /')",
        "`printf 'x /'`",
        "source <<< a <(printf 'x /')",
        "bash < <(printf 'x /')",
        "$'x' /",
        "{x,/}",
        "trap 'x /' EXIT",
    ],
)
def test_what_wrappers_start(text: str) -> None:
    assert "x /" in commands(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo 'x /' | sh", "x /"),
        ("echo 'x /' | sudo sh -x", "x /"),
        ("echo 'x /' | tee log | sh", "x /"),
        ("cat <<E | sh\nx /\nE", "x /"),
        ("cat <<< 'x /' | cat - | sh", "x /"),
        ("echo 'x /' | (cat | sh)", "x /"),
        ("printf 'x %s' / | bash", "x /"),
        ("echo / | xargs x", "x /"),
        ("find / | xargs x", "x /"),
        ("find / -name a | xargs x", "x /… /a"),
        ("find . -name a -exec x {} +", "x ./… ./a"),
        ("find . -name a -prune -o -name 'b*' -exec x {} +", "x ./… ./b*"),
        ("find . \\( -name a -o -name b \\) ! -name c -exec x {} +", "x ./… ./a ./b"),
        ("find . -exec echo -delete + -print", "echo -delete + -print"),
        ("ls / | xargs x", "x /"),
        ("cat list | xargs x", "x …"),
        ("watch -n 1 'x /'", "x /"),
        ("python3 -m x /", "x /"),
    ],
)
def test_what_pipes_feed(text: str, expected: str) -> None:
    assert expected in commands(text)


@pytest.mark.parametrize(
    "text",
    [
        "bash x.sh -c 'x /'",
        "bash -n -c 'x /'",
        "echo 'x /' | bash -n",
        "echo 'x /' | bash x.sh",
        "command -v x /",
        "echo 'x /' | cat",
        "cat <<E\nx /\nE",
        "bash -c 'echo \"x /\"'",
        "echo 'x /' | python3",
        "# x /",
        "sudo -u x",
        "echo 'x /'",
        "find . -name x",
        "grep 'x /' <(printf 'x /')",
        "printf 'x /' > x.sh",
        "alias y='x /'",
    ],
)
def test_what_is_not_started(text: str) -> None:
    assert "x /" not in commands(text)


@pytest.mark.parametrize(
    "text",
    [
        "echo $(x)",
        'echo "`x`"',
        "echo ${a:-$(x)}",
        "echo $(( $(x) ))",
        "(( $(x) ))",
        "[[ $(x) ]]",
        "v=$(x)",
        "v=(a $(x))",
        "v[$(x)]=1",
        "declare -a v=($(x))",
        "for i in $(x); do y; done",
        "case $(x) in y) ;; esac",
        "echo a > $(x)",
        "cat <<E\n$(x)\nE",
        "cat <<< $(x)",
        "diff <(x) y",
        "a > >(x)",
        'bash -c "$(x)"',
        "if x; then y; fi",
        "while x; do y; done",
        "coproc x",
        "{ x; } | y",
        "! x",
        "time x",
        "f() { x; }",
    ],
)
def test_what_stands_within(text: str) -> None:
    assert "x" in commands(text)


@pytest.mark.parametrize(
    "text",
    [
        ":(){ :|:& };:",
        "f() { f | f & }; f",
        "f() { (f | f) & }",
        "function f { f & }",
        "f() { g; }; g() { h & }; h() { f; }; f",
        "f() { g | g; }; g() { f; }",
        "while true; do a & done",
        "while :; do a & b; done",
        "until false; do a & done",
        "while [[ 1 ]]; do a & if b; then wait; fi; done",
        "while ((1)); do wait; a & disown; done",
    ],
)
def test_a_function_that_multiplies_is_told(text: str) -> None:
    assert walked(text).recursive


@pytest.mark.parametrize(
    "text",
    [
        "f() { g | h; }; f",
        "f() { a || f; }; f",
        "echo ':(){ :|:& };:'",
        "f() { g & }; g() { h; }; f",
        "while true; do a; done",
        "while true; do a & sleep 1; done",
        "while true; do a & wait; done",
        "while read l; do a & done",
        "while true; do a & read -r; done",
        "for i in 1 2; do a & done",
    ],
)
def test_a_function_that_calls_itself_is_walked_once(text: str) -> None:
    walk = walked(text)
    assert not walk.recursive
    assert len(walk.invocations) < 5


def test_a_function_that_is_called_is_not_walked_without_arguments() -> None:
    assert commands("f() { x $1; }; f a; f b") == ["f a", "x a", "f b", "x b"]


def test_targets() -> None:
    walk = walked("a >b 2>&1 >>c 2>/dev/null >&d; { e; } > f; > g")
    found = [(operator, value.text) for each in walk.invocations for operator, value in each.targets]
    assert found == [(">", "b"), (">>", "c"), (">", "/dev/null"), (">&", "d"), (">", "f"), (">", "g")]


@pytest.mark.parametrize(
    "text",
    [
        "true\n" * 30_000,
        "eval " * 200 + "x",
        "sudo " * 200 + "x",
        "for a in {1,2,3,4,5,6,7,8}; do " * 8 + "true" + "; done" * 8,
        "f() { g; g; g; }; g() { h; h; h; }; h() { i; i; i; }; " * 3 + "x=" + "a" * 50,
        "bash -c " * 50 + "x",
        "v=aaaaaaaaaa\n" + "v=$v$v\n" * 200 + "echo $v",
        "cd a\n" * 3_000,
    ],
)
def test_work_is_bounded_and_what_is_left_out_is_told(text: str) -> None:
    walk = walked(text)
    assert len(walk.invocations) < 40_000
    assert sum(len(value.text) for each in walk.invocations for value in each.argv) < 5_000_000
    if text.startswith(("true", "sudo", "for")):
        assert walk.unparsed

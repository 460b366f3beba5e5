"""What words become before anything runs."""

import pytest

from codex_guard.shell import braces
from codex_guard.shell.meaning import HOLE, Scope
from codex_guard.shell.printing import printed
from codex_guard.shell.walk import walked


def scope() -> Scope:
    known = {
        "HOME": "/home/dev",
        "TMPDIR": "/tmp",  # noqa: S108
        "x": "a b",
        "one": "1",
        "name": "one",
        "empty": "",
        "star": "*",
        "odd": "{a,b} ~",
    }
    return Scope("/work/app", known, "/work/app")


def words_of(text: str, where: Scope) -> list[str]:
    """Give a command's arguments, with ``…`` for a hole and ``*`` in front of what is a pattern."""
    invocations = [each for each in walked(f"x {text}", where).invocations if each.program == "x"]
    return [("*" if value.glob else "") + value.text.replace(HOLE, "…") for value in invocations[-1].argv[1:]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # variables
        ("$one", ["1"]),
        ("a${one}b", ["a1b"]),
        ("$unknown", ["…"]),
        ("a/$unknown/b", ["a/…/b"]),
        ("'$one' \"$one\"", ["$one", "1"]),
        ("$PWD", ["/work/app"]),
        ("$1 $@ $#", ["…", "…", "…"]),
        # splitting
        ("$x", ["a", "b"]),
        ('"$x"', ["a b"]),
        ("1$x", ["1a", "b"]),
        ("$empty", []),
        ('"$empty"', [""]),
        ("$empty''", [""]),
        ("$empty$one", ["1"]),
        ("rm${IFS}-rf$IFS/", ["rm", "-rf", "/"]),
        ("' a '", [" a "]),
        # operators
        ("${unknown:-z}", ["z"]),
        ("${one:-z}", ["1"]),
        ("${empty:-z} ${empty-z}", ["z"]),
        ("${unknown:=$one}", ["1"]),
        ("${one:?no} ${unknown:?no}", ["1", "…"]),
        ("${HOME%/} ${HOME#/home}", ["/home/dev", "/dev"]),
        ("${one:+z} ${empty:+z} ${empty+y} ${unknown+z}", ["z", "y", "z"]),
        ("${#one} ${#unknown} ${one[0]} ${one[1]}", ["1", "…", "1", "…"]),
        ("${!name} ${!one} ${!unknown} ${!na*}", ["1", "…", "…", "…"]),
        # patterns
        ("${HOME##*/} ${HOME%/*} ${HOME%%/*}x ${HOME#*/}", ["dev", "/home", "x", "home/dev"]),
        ("${HOME#[!/]} ${HOME#?[a-h]} ${HOME#*z}", ["/home/dev", "ome/dev", "/home/dev"]),
        (
            "${HOME/dev/x} ${HOME//e/_} ${HOME/#\\/home/} ${HOME/%dev/x}",
            ["/home/x", "/hom_/d_v", "/dev", "/home/x"],
        ),
        ("${HOME//[aeiou]/} ${HOME/o*d/} ${HOME//\\//:}", ["/hm/dv", "/hev", ":home:dev"]),
        ("\"${HOME/'home'/a}\" \"${x#* }\" ${x#'*'}", ["/a/dev", "b", "a", "b"]),
        ("${unknown#a} ${unknown/a/b} ${HOME/$unknown/a}", ["…", "…", "…"]),
        # cases and slices
        ("${HOME^^} ${HOME,,} ${name^} ${name@U} ${name~~}", ["/HOME/DEV", "/home/dev", "One", "ONE", "…"]),
        (
            "${HOME:1:4} ${HOME: -3} ${HOME:1:-4} ${HOME:6} ${HOME:$unknown}",
            ["home", "dev", "home", "dev", "…"],
        ),
        # arithmetic
        ("$((1 + 2 * 3)) $(((1 + 2) * 3)) $((one + 1)) $(($one << 4))", ["7", "9", "2", "16"]),
        ("$((-7 / 2)) $((7 % 3)) $((5 & 3)) $((-(2 + 1)))", ["-3", "1", "1", "-3"]),
        ("$((1 / 0)) $((1 +)) $((x)) $((010)) $((1 ? 2 : 3)) $((unknown + 1)) $((1 2))", ["…"] * 7),
        # substitutions
        ("$(pwd) `pwd`", ["/work/app", "/work/app"]),
        ("$(git rev-parse --show-toplevel)/x", ["/work/app/x"]),
        ("$(mktemp -d)", ["/tmp/…"]),  # noqa: S108
        ("$(echo a b)", ["a", "b"]),
        ('"$(printf "%s-%s" a b)"', ["a-b"]),
        ('"$(cat <<E\na $one\nE\n)"', ["a 1"]),
        ("$(ls) $(ls | cat) $(pwd | wc)", ["…"] * 3),
        ("$(pwd; ls) $(pwd | cat) $(pwd > x) $(cd .. && pwd)", ["/work/app", "…", "/work/app", "/work"]),
        ("$(false || echo a) $(echo a || echo b) $(mkdir -p x; echo c)", ["a", "a", "c"]),
        ("$(basename /a/b.c .c) $(dirname /a/b) $(dirname a) $(realpath ../x)", ["b", "/a", ".", "/work/x"]),
        ("$(dirname $unknown) $(basename a/$unknown) $(dirname $unknown/a)", ["…", "…", "…"]),
        ("$(which rm) $(command -v rm) $(type rm)", ["/usr/bin/rm", "/usr/bin/rm", "…"]),
        ("$(seq 3) $(seq 2 3) $(seq 1 2 5) $(whoami)", ["1", "2", "3", "2", "3", "1", "3", "5", "…"]),
        ("$(for i in a b; do echo $i; done) $(if a; then echo b; fi)", ["a", "b", "…"]),
        ('"$(echo a; date; echo b)"', ["a\n…\nb"]),
        # tilde
        ("~ ~/a ~+ ~root ~dev/x", ["/home/dev", "/home/dev/a", "/work/app", "/root", "/home/dev/x"]),
        ("a~ '~' \"~\" \\~ a=~", ["a~", "~", "~", "~", "a=~"]),
        # braces
        ("{a,b} a{b,c}d a{,b}", ["a", "b", "abd", "acd", "a", "ab"]),
        ("{a,b}{c,d} {a,{b,c}}", ["ac", "ad", "bc", "bd", "a", "b", "c"]),
        ("{a} {} {a,b", ["{a}", "{}", "{a,b"]),
        (
            "{1..3} {c..a} x{-1..1..2}y {1..x} {1..900}",
            ["1", "2", "3", "c", "b", "a", "x-1y", "x1y", "{1..x}", "{1..900}"],
        ),
        ("{{a,b} {a,b}} {}{a,b}", ["{a", "{b", "a}", "b}", "{}a", "{}b"]),
        (
            "'{a,b}' \"{a,b}\" \\{a,b} {a\\,b,c} {a,'b c'}",
            ["{a,b}", "{a,b}", "{a,b}", "a,b", "c", "a", "b c"],
        ),
        ("{~,/etc}", ["/home/dev", "/etc"]),
        # what a variable holds is not read again, but for patterns
        ("$odd", ["{a,b}", "~"]),
        ("$star", ["**"]),
        ("'*' \"$star\" \\*", ["*", "*", "*"]),
        ("a* [ab] ?", ["*a*", "*[ab]", "*?"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words_of(text, scope()) == expected


def test_positional_parameters() -> None:
    where = scope()
    where.arguments = ("a b", "c")
    assert words_of('"$1" "$@" x"$@"y $* $# $3 "$*"', where) == [
        *("a b", "a b", "c", "xa b", "cy", "a", "b", "c", "2", "a b c")
    ]
    assert words_of('"${@:2}" "${@:1:1}" $#', where) == ["c", "a b", "2"]
    where.arguments = ()
    assert words_of('"$@" $1 "$1"', where) == [""]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", "/work/app/a"),
        ("./a//b/.", "/work/app/a/b"),
        ("..", "/work"),
        ("../../../..", "/"),
        ("/a/../b", "/b"),
        ("//", "/"),
        (f"{HOLE}/..", HOLE),
        (f"a/{HOLE}", f"/work/app/a/{HOLE}"),
    ],
)
def test_path(path: str, expected: str) -> None:
    assert scope().path(path) == expected


def test_a_path_in_a_folder_that_is_not_known_is_not_known() -> None:
    where = scope()
    where.enter(HOLE)
    assert where.cwd is None
    assert where.path("a").startswith(HOLE)
    assert where.path("/a") == "/a"


def test_what_expansions_make_is_bounded() -> None:
    where = scope()
    where.variables["long"] = "x" * 100_000
    made = words_of(" ".join(['"$long"'] * 50), where)
    assert sum(map(len, made)) < 1_000_000
    assert made[-1] == "…"


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["echo", "a", "b"], "a b\n"),
        (["echo"], "\n"),
        (["echo", "-n", "a"], "a"),
        (["echo", "-en", "-n", r"a\tb"], "a\tb"),
        (["echo", "-neE", r"a\n"], r"a\n"),
        (["echo", "-x", "a"], "-x a\n"),
        (["echo", r"a\n"], "a\\n\n"),
        (["echo", "-e", r"\x41\0101\\n\q"], "AA\\n\\q\n"),
        (["echo", "-e", r"a\cb"], "a"),
        (["printf", "a", "b"], "a"),
        (["printf", r"%s\n", r"a\nb"], "a\\nb\n"),
        (["printf", "%b", r"a\nb"], "a\nb"),
        (["printf", r"\x41\101\n"], "AA\n"),
        (["printf", "%s-%s\n", "a", "b", "c"], "a-b\nc-\n"),
        (["printf", "--", "%%s%d%%", "5"], "%s5%"),
        (["printf", "%s"], ""),
        (["printf", "%5s", "a"], None),
        (["printf", "-v", "x", "a"], None),
        (["printf"], None),
        (["ls"], None),
        ([], None),
    ],
)
def test_printed(argv: list[str], expected: str | None) -> None:
    assert printed(argv) == expected


def test_braces_are_expanded_to_a_number() -> None:
    assert len(braces.expand("{a,b}" * 6, 64)) == 64
    assert len(braces.expand("{a,b}" * 1_000, 64)) < 200

"""What words become before anything runs."""

import pytest

from codex_guard.shell import braces
from codex_guard.shell.meaning import HOLE, Scope, values
from codex_guard.shell.parser import parse
from codex_guard.shell.printing import printed
from codex_guard.shell.tree import Command


def scope() -> Scope:
    known = {
        "HOME": "/home/dev",
        "TMPDIR": "/tmp",  # noqa: S108
        "x": "a b",
        "one": "1",
        "empty": "",
        "star": "*",
        "odd": "{a,b} ~",
    }
    return Scope("/work/app", known, "/work/app")


def words_of(text: str, where: Scope) -> list[str]:
    """Give a command's arguments, with ``…`` for a hole and ``*`` in front of what is a pattern."""
    command = parse(f"echo {text}").statements[0].pipeline.commands[0]
    assert isinstance(command, Command)
    given = [value for word in command.words[1:] for value in values(word, where)]
    return [("*" if value.glob else "") + value.text.replace(HOLE, "…") for value in given]


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
        ("${one:+z} ${#one} ${!one} ${one/1/2} ${one[0]}", ["…"] * 5),
        # substitutions
        ("$(pwd) `pwd`", ["/work/app", "/work/app"]),
        ("$(git rev-parse --show-toplevel)/x", ["/work/app/x"]),
        ("$(mktemp -d)", ["/tmp/…"]),  # noqa: S108
        ("$(echo a b)", ["a", "b"]),
        ('"$(printf "%s-%s" a b)"', ["a-b"]),
        ('"$(cat <<E\na $one\nE\n)"', ["a 1"]),
        ("$(ls) $(pwd; ls) $(pwd | cat) $(pwd > x) $((1 + 1))", ["…"] * 5),
        # tilde
        ("~ ~/a ~+ ~root ~dev/x", ["/home/dev", "/home/dev/a", "/work/app", "/root", "/home/dev/x"]),
        ("a~ '~' \"~\" \\~ a=~", ["a~", "~", "~", "~", "a=~"]),
        # braces
        ("{a,b} a{b,c}d a{,b}", ["a", "b", "abd", "acd", "a", "ab"]),
        ("{a,b}{c,d} {a,{b,c}}", ["ac", "ad", "bc", "bd", "a", "b", "c"]),
        ("{a} {} {a,b {1..3}", ["{a}", "{}", "{a,b", "{1..3}"]),
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

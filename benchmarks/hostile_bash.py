"""Times the parser, and the walk over what it made, on the worst Bash of 128 KiB that we can think of.

``python benchmarks/hostile_bash.py [KIB] [--only WORD]`` prints a row for each kind: bytes, milliseconds of
the parse alone and of the whole walk (which parses too), and whether all of it was read.
"""

# ruff: noqa: E402 - the path comes before the imports

import os
import sys

# A script's own folder comes first on the path, where secrets.py would stand for Python's own `secrets`.
_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [os.path.dirname(_HERE), *(place for place in sys.path if os.path.abspath(place) != _HERE)]

import argparse
import time
from collections.abc import Callable

from benchmarks.tables import show
from codex_guard.shell.meaning import Scope
from codex_guard.shell.parser import parse
from codex_guard.shell.walk import walked

_KIB = 128
_DEEP = 50  # levels, fewer than the parser reads


def _filled(begin: str, end: str, fill: str, levels: int = _DEEP) -> Callable[[int], str]:
    """Nest ``levels`` times, with ``fill`` in the middle as often as there is room."""
    return lambda size: (
        begin * levels + fill * ((size - levels * len(begin + end)) // len(fill)) + end * levels
    )


def _repeated(piece: str, before: str = "", behind: str = "") -> Callable[[int], str]:
    return lambda size: before + piece * (size // len(piece)) + behind


#: Each kind makes a text of about so many characters.
KINDS: dict[str, Callable[[int], str]] = {
    "one word": _repeated("a"),
    "words": _repeated("a "),
    "commands": _repeated("a;"),
    "lines": _repeated("a\n"),
    "and lists": _repeated("a&&", behind="a"),
    "pipeline": _repeated("a|", behind="a"),
    "semicolons": _repeated(";"),
    "bars": _repeated("|"),
    "ampersands": _repeated("&"),
    "newlines": _repeated("\n"),
    "blanks": _repeated(" ", behind="a"),
    "backslashes": _repeated("\\"),
    "joined lines": _repeated("\\\n", "a"),
    "joined lines, a command each": _repeated("a \\\n;"),
    "joined letters": _repeated("a\\\n"),
    "joined operators": _repeated("a &\\\n& ", behind="a"),
    "joined numbers": _repeated("1\\\n"),
    "numbers": _repeated("1"),
    "CRLF": _repeated("a b\r\n"),
    "comments": _repeated("# a\n"),
    "one comment": _repeated("#"),
    "assignments": _repeated("x=1 "),
    "elements": _repeated("x[1]=1 "),
    "an index": _repeated("[", "x"),
    "an index, closed": lambda size: "x" + "[" * (size // 2) + "]" * (size // 2) + "=1",
    "indices, open": _repeated("x[1;"),
    "an array": _repeated("a ", "x=(", ")"),
    "an array, open": _repeated("a ", "x=("),
    "single quotes": _repeated("''"),
    "quoted letters": _repeated("'a'"),
    "double quotes": _repeated('"a"'),
    "quote, open": _repeated("a", "'"),
    "quotes, open": _repeated("'a\n", behind="'"),
    "double quote, open": _repeated("a", '"'),
    "C quotes": _repeated("$'\\x41'"),
    "a C quote": _repeated("\\x41", "$'", "'"),
    "dollars": _repeated("$"),
    "parameters": _repeated("$x"),
    "braced parameters": _repeated("${x}"),
    "defaults": _repeated("${x:-a}"),
    "defaults, open": _repeated("${x:-"),
    "dollar braces": _repeated("${"),
    "quoted defaults, open": _repeated('"${x:-'),
    "quotes in quoted defaults": _repeated("'a'", '"${x:-', '}"'),
    "defaults, deep": _filled("${x:-", "}", "a"),
    "defaults, deep, quoted": _filled('"${x:-', '}"', "'a'"),
    "indices, deep": _filled("${x[", "]}", "1"),
    "an index of a parameter": _repeated("[", "${x", "}"),
    "substitutions": _repeated("$(a)"),
    "substitutions, open": _repeated("$("),
    "substitutions, deep": _filled("$(", ")", "a "),
    "substitutions, deep, quoted": _filled('"$(', ')"', "a "),
    "processes, open": _repeated("a <("),
    "processes, deep": _filled("a <(", ")", "a "),
    "backquotes": _repeated("`a`"),
    "backquotes, open": _repeated("`a "),
    "a backquote": _repeated("\\`", "`", "`"),
    "arithmetic": _repeated("$((1))"),
    "arithmetic, open": _repeated("$(("),
    "arithmetic, deep": _filled("$((", "))", "1+"),
    "arithmetic that is none": _repeated("$((a) )"),
    "arithmetic that is none, deep": _filled("$((", ") )", "a "),
    "commands in (( that are none": _repeated("((a) );"),
    "(( that are none, deep": _filled("((", ") )", "a ", 25),
    "parentheses in arithmetic": lambda size: "((" + "(" * (size // 2) + ")" * (size // 2) + "))",
    "brackets in arithmetic": _repeated("$["),
    "parentheses": _repeated("("),
    "parentheses, blanks between": _repeated("( "),
    "parentheses, deep": _filled("( ", ")", "a;"),
    "closing parentheses": _repeated(")"),
    "groups": _repeated("{ a; };"),
    "groups, open": _repeated("{ "),
    "groups, deep": _filled("{ ", "}", "a;"),
    "braces": _repeated("{a,b}"),
    "braces, deep": lambda size: "{a," * (size // 4) + "}" * (size // 4),
    "braces, open": _repeated("{a,"),
    "commas": _repeated(",", "{", "}"),
    "ifs, open": _repeated("if a; then "),
    "ifs, deep": _filled("if a; then ", " fi;", "a;"),
    "elifs": _repeated("elif a; then b; ", "if a; then b; ", "fi"),
    "whiles, open": _repeated("while a; do "),
    "fors": _repeated("for x in a b; do $x; done;"),
    "fors, deep": _filled("for x in a b; do ", " done;", "$x;", 25),
    "cases, open": _repeated("case a in b) "),
    "a case": _repeated("b) c;; ", "case a in ", "esac"),
    "patterns": _repeated("b|", "case a in ", "c) d;; esac"),
    "cases, deep": _filled("case a in b) ", ";; esac;", "a;", 25),
    "tests": _repeated("[[ a == b ]];"),
    "tests, open": _repeated("[[ "),
    "a test": _repeated("( a && ", "[[ "),
    "functions": _repeated("f() { a; };"),
    "functions, open": _repeated("f() { "),
    "functions, many calls": lambda size: "f() { a; };" + "f;" * (size // 2),
    "functions that call on": lambda size: (
        "".join(f"f{n}() {{ f{n + 1}; f{n + 1}; }};" for n in range(size // 24)) + "f0"
    ),
    "heredocs": _repeated("a <<E\nb\nE\n"),
    "heredocs of a line": lambda size: "a " + "<<E " * (size // 6) + "\n" + "E\n" * (size // 6),
    "heredocs of a line, open": _repeated("<<E "),
    "heredocs, open": _repeated("a <<E\n"),
    "a heredoc": _repeated("$x `a` \\\\\n", "a <<E\n", "E\n"),
    "a heredoc of joined lines": _repeated("\\\n", "a <<E\n"),
    "a heredoc of backslashes": _repeated("\\", "a <<E\n"),
    "a heredoc, open in each line": _repeated("$(\n", "a <<E\n"),
    "heredocs, deep": _filled("$(a <<E\n", "\nE\n)", "a\n", 25),
    "substitutions with heredocs": _repeated("$(a <<E\nb\nE)"),
    "redirections": _repeated(">a "),
    "descriptors": _repeated("1>&2 "),
    "named descriptors": _repeated("{x}>a "),
    "here-strings": _repeated("<<<a "),
    "redirections, open": _repeated("<"),
    "patterns with parentheses": _repeated("a@(b)"),
    "patterns with parentheses, open": _repeated("@("),
    "bangs": _repeated("! ", behind="a"),
    "times": _repeated("time ", behind="a"),
    "coprocs": _repeated("coproc "),
    "evals": _repeated("eval "),
    "evals, deep": _filled("eval ", "", "a "),
    "scripts in scripts": _repeated("bash -c 'a';"),
    "wrappers": _repeated("sudo ", behind="a"),
    "growing text": _repeated("x=$x$x;", "x=aaaaaaaa;"),
    "NUL": _repeated("\0"),
    "unicode": _repeated("é🐚 "),
}


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("kib", nargs="?", type=int, default=_KIB, help="size of each text")
    options.add_argument("--only", default="", help="kinds with this word in their name")
    given = options.parse_args()
    rows = []
    for kind, make in KINDS.items():
        if given.only in kind:
            text = make(given.kib * 1024)
            rows.append((kind, len(text.encode()), *_measured(text)))
    show("Hostile Bash", ("kind", "bytes", "parse ms", "walk ms", "read"), rows)
    return 0


def _measured(text: str) -> tuple[float, float, str]:
    """Return the milliseconds of the parse and of the walk, and whether all of ``text`` was read."""
    begin = time.process_time()
    script = parse(text)
    parsed = time.process_time()
    walked(text, Scope("/work", {"HOME": "/home/dev"}, "/work"))
    ended = time.process_time()
    return 1000 * (parsed - begin), 1000 * (ended - parsed), "all" if script.unparsed is None else "in part"


if __name__ == "__main__":
    sys.exit(main())

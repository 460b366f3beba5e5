"""Any text at all can be parsed, walked and judged, within bounds."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from codex_guard.commands.judge import judge, load
from codex_guard.commands.operands import Places
from codex_guard.shell.meaning import Scope
from codex_guard.shell.parser import parse
from codex_guard.shell.tree import Command, Compound, Expansion, Part, Script, Word
from codex_guard.shell.walk import Walk, walked
from codex_guard.writes import bash

PIECES = (
    " ",
    "\n",
    "\t",
    ";",
    ";;",
    "&",
    "&&",
    "|",
    "||",
    "(",
    ")",
    "((",
    "))",
    "{ ",
    "; }",
    "{",
    "}",
    ",",
    "<",
    ">",
    ">>",
    "<<E\n",
    "<<-'E'\n",
    "\nE\n",
    "<<<",
    "2>&1",
    "<(",
    "$(",
    "$((",
    "${",
    ":-",
    "`",
    "\\",
    "\\\n",
    "'",
    '"',
    "$'",
    "$x",
    "if ",
    "then ",
    "elif ",
    "else ",
    "fi",
    "while ",
    "for x in ",
    "do ",
    "done",
    "case ",
    " in ",
    "esac",
    "f() ",
    "[[ ",
    " ]]",
    "! ",
    "#",
    "*",
    "?",
    "[",
    "]",
    "~",
    "..",
    "/",
    "=",
    "x=",
    "a[",
    "+(",
    "a",
    "é",
    "\0",
    "\ue02a",
    "\uf8ff",
    "rm -rf /",
    "cd ",
    "sudo ",
    "env -S ",
    "xargs -I% ",
    "find . -exec ",
    "bash -c ",
    "eval ",
    "echo ",
    "printf %s ",
    "kill -",
    "git ",
    "git push -",
    "dd of=",
    "cp -t ",
    "set -- ",
    "shift",
    "curl x",
    " | sh",
    "*/../x",
    "/dev/",
    ".codex/",
    "apply_patch ",
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)
PLACES = Places(worktree="/work/app", home="/home/dev", guarded=("/opt/guard",))
RULES = load()
# What nests, repeats or multiplies, at a size where anything but linear work would be felt.
HEAVY = st.builds(
    lambda begin, middle, end, count: (begin * count + middle + end * count)[:40_000],
    st.sampled_from(PIECES) | TEXTS,
    TEXTS,
    st.sampled_from(("", ")", "}", "))", "; }", "'", '"', "`", "\nE\n", "; fi", "; done")),
    st.sampled_from((1, 20, 400, 2_000)),
)


def scope() -> Scope:
    return Scope("/work/app", {"HOME": "/home/dev", "x": "a b"}, "/work/app")


def check(script: Script) -> None:
    """Hold every offset in a tree against the text that it points into."""
    end = 0
    for statement in script.statements:
        for command in statement.pipeline.commands:
            assert end <= command.start <= command.end <= len(script.text)
            end = command.end
            words = command.words
            if isinstance(command, Compound):
                for body in command.bodies:
                    check(body)
            else:
                assert isinstance(command, Command)
            for word in words:
                check_word(word, command.start, command.end)
    if script.unparsed is not None:
        assert script.text.endswith(script.unparsed)


def check_word(word: Word, start: int, end: int) -> None:
    assert start <= word.start <= word.end <= end
    waiting: list[Part] = list(word.parts)
    while waiting:
        part = waiting.pop()
        if isinstance(part, Expansion):
            waiting.extend(part.parts)
            if part.script is not None:
                check(part.script)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_is_parsed_and_every_offset_is_in_it(text: str) -> None:
    script = parse(text)
    assert script.text == text
    check(script)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("rm */../x*")
@example("kill -")
@example("env -S")
@example("xargs -I")
@example("cp -t")
@example("find -exec")
@example("for ((;;)); do a; done")
@example("a[]=1 b")
def test_any_text_is_judged(text: str) -> None:
    judge(walked(text, scope()), scope(), PLACES, RULES)
    bash.written(walked(text, scope()), "/work/app")


@settings(max_examples=60, deadline=None)
@given(HEAVY)
@example("$(" * 20_000)
@example("((" * 20_000)
@example("echo " + "{a," * 10_000 + "}" * 10_000)
@example("a={a,b}" * 5_000)
@example("f() { f; f; }; " * 2_000 + "f")
@example("for a in {1..9} {a,b,c,d,e,f}; do " * 50 + "a" + "; done" * 50)
@example("x=aaaaaaaa; " + "x=$x$x; " * 1_000 + "echo $x $x $x")
@example("if a; then " * 3_000)
@example("`" + "\\`" * 2_000 + "\\\\\\`" * 2_000)
@example("cat <<E\n$(" * 2_000)
@example("cd a; " * 5_000 + "rm b")
@example("find " + "/ " * 5_000 + "-exec sh -c '{}{}{}' \\;")
def test_work_stays_bounded(text: str) -> None:
    walk = Walk()
    walk.whole(text, scope())
    assert len(walk.invocations) <= 30_000
    made = sum(len(value.text) for invocation in walk.invocations for value in invocation.argv)
    assert made <= 4_000_000 + 100 * len(text)
    judge(walked(text, scope()), scope(), PLACES, RULES)

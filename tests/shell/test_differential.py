"""The parser against real bash, which says what a script is, and shfmt, which says what stands in it.

What differs is listed here with its reason: bash itself was asked in each case.
"""

import os
import sysconfig
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from codex_guard.shell.parser import parse
from codex_guard.shell.tree import Command
from support import bashes, generated, scripts

_BOUNDED = settings(
    max_examples=100, deadline=None, derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip

_LARGEST = 60_000
_TEST_GRAMMAR = "what stands in [[ ]] is read as words, whatever its operators: more is accepted, none lost"
_ARITHMETIC = "arithmetic is no command: for and select may have any between (( and ))"
_SHFMT_CR = "bash has a carriage return as a character like any other; shfmt drops it"
_SHFMT_DEEP = "shfmt does not look into this one; bash runs it"
#: Where ours is another answer than both judges', and why it is to stay so.
EXPLAINED = {
    "!(a)": "with extended patterns off, as they are in a script's first line, this is a negated subshell",
    "a | ! b": "behind a pipe ! is read as a program's name, which there is none of",
    "a | time b": "behind a pipe bash runs the program time, where shfmt keeps the reserved word",
    "declare x[1]=(a)": "bash accepts the text and refuses to run it",
    "let x=(1)": "bash has it as an array; shfmt as an arithmetic expression",
    "${ a}": "newer bashes run what is in ${ }, and want a blank or ; before the brace",
    "`a \\`b \\\\\\`c\\\\\\`\\``": _SHFMT_DEEP,
    "cat <<-E\n\ta\\\n\tE\nE\n": "a joined line is no delimiter, which shfmt takes it for",
    'cat <<A "$(cat <<B)"\na\nA\nb\nB\n': "bash reads the inner heredoc's body first",
    "for a\n;do b; done": "only a sign too many",
    "for ((a)); do b; done": _ARITHMETIC,
    "for ((a;b)); do c; done": _ARITHMETIC,
    "for ((;;) ); do a; done": "bash accepts the text and runs nothing of it",
    "select ((;;)); do a; done": _ARITHMETIC,
    "[[ a =~ [(] ]]": _TEST_GRAMMAR,
    "[[ a =~ b>c ]]": _TEST_GRAMMAR,
    "[[ a =~ (b ]]": _TEST_GRAMMAR,
    "[[ a =~ b) ]]": _TEST_GRAMMAR,
    "[[ a\n&& b ]]": _TEST_GRAMMAR,
    "[[ a b ]]": _TEST_GRAMMAR,
    "[[ a == ]]": _TEST_GRAMMAR,
    "[[ && ]]": _TEST_GRAMMAR,
    "[[ ( a ]]": _TEST_GRAMMAR,
    "[[ a ; b ]]": _TEST_GRAMMAR,
    "[[ a | b ]]": _TEST_GRAMMAR,
    "[[ a & b ]]": _TEST_GRAMMAR,
    "[[ ]] ]]": "nobody compares with ]], and what stands behind the first one must not be lost",
    "[[ -f ]]": _TEST_GRAMMAR,
    "[[ a # x\n]]": _TEST_GRAMMAR,
    "[[ a -a b ]]": _TEST_GRAMMAR,
    "coproc a > b": "shfmt gives the redirection to the coproc, bash to the command",
    "coproc X=1 a": "shfmt takes the assignment for a word",
    "coproc ! a": "behind coproc ! is read as a program's name, which there is none of",
    "echo @($a|$(b))": _SHFMT_DEEP,
    "echo @(a`b`)": _SHFMT_DEEP,
    "echo @()": "empty parentheses are a function's, as they are without extended patterns",
    "echo *()": "empty parentheses are a function's, as they are without extended patterns",
    "a \r\n": _SHFMT_CR,
    "a \\\r\nb": _SHFMT_CR,
    "a\rb": _SHFMT_CR,
    "a &&\r\nb": _SHFMT_CR,
    "a\r": _SHFMT_CR,
    "a;\r\n": _SHFMT_CR,
    "a |\r\nb": _SHFMT_CR,
    "(\\\n(a))": "bash joins the lines before it looks for (( and shfmt after",
    '"$\\\n(a)"': "bash joins the lines before it looks for $( and shfmt after",
    "x\\\n=1 a": "shfmt writes the line's end into the name",
    "a #b\\\nc": "a comment's lines are not joined; shfmt joins them",
    "((a)\\\n)": "bash gives up where a join stands between the last parentheses",
}


def disagreement(script: str) -> str:
    """Say how our reading of a script differs from bash's or shfmt's; nothing where it does not."""
    tree = parse(script)
    accepted = tree.unparsed is None
    if accepted != bashes.accepts(script):
        return f"only {'we accept' if accepted else 'bash accepts'} it"
    judged = bashes.shfmt_tree(script) if accepted else None
    if judged is None:
        return ""
    ours = list(bashes.ours(tree))
    theirs = list(bashes.Theirs(script).statements(judged.get("Stmts", [])))
    return "" if ours == theirs else f"ours {ours}\ntheirs {theirs}"


def disagreements(texts: list[str]) -> dict[str, str]:
    bashes.bash(), bashes.shfmt()  # which skip here, not in a thread
    with ThreadPoolExecutor(4) as pool:
        return {text: said for text, said in zip(texts, pool.map(disagreement, texts), strict=True) if said}


@pytest.mark.parametrize(
    "kind", ["LISTS", "SIMPLE", "WORDS", "EXPANSIONS", "REDIRECTS", "HEREDOCS", "COMPOUNDS", "ENDS"]
)
def test_the_whole_grammar_is_read_as_bash_and_shfmt_read_it(kind: str) -> None:
    texts = getattr(scripts, kind)
    found = disagreements(texts)
    assert {text: said for text, said in found.items() if text not in EXPLAINED} == {}
    assert {text for text in EXPLAINED if text in texts} <= found.keys(), "an explanation explains nothing"


def test_explanations_are_of_scripts_that_are_compared() -> None:
    assert EXPLAINED.keys() <= set(scripts.ALL)


@_BOUNDED
@given(generated.SCRIPTS)
def test_what_a_grammar_makes_is_read_as_bash_and_shfmt_read_it(script: str) -> None:
    assert disagreement(script) == ""


@_BOUNDED
@given(generated.BROKEN)
def test_what_bash_accepts_is_never_refused(script: str) -> None:
    # Where a substitution leaves its heredoc open, bash accepts a && without a command behind a joined line.
    assume("$(<<" not in script)
    assert parse(script).unparsed is None or not bashes.accepts(script)


def _machine() -> Iterator[Path]:
    """Yield shell scripts of this machine, smaller ones only."""
    for folder in (
        "/etc",
        "/usr/bin",
        "/usr/lib",
        "/usr/share",
        "/var/lib/dpkg/info",
        sysconfig.get_path("purelib"),
    ):
        for root, _, names in os.walk(folder):
            for name in sorted(names):
                path = Path(root) / name
                shell = name.endswith((".sh", ".bash", ".postinst", ".prerm", ".postrm")) and path.is_file()
                if shell and path.stat().st_size < _LARGEST:
                    yield path


def test_scripts_of_this_machine_are_read_as_bash_and_shfmt_read_them() -> None:
    texts: dict[str, str] = {}
    for path in _machine():
        if len(texts) < 60:
            text = path.read_bytes().decode("utf-8", "replace")
            texts[text] = str(path)
    if not texts:
        pytest.skip("there are no shell scripts on this machine")
    found = disagreements(list(texts))
    assert {texts[text]: said for text, said in found.items()} == {}


#: Scripts of harmless builtins with a mistake in them: bash runs the lines before it.
MISTAKEN = [
    "echo 1\necho 2\n)", "echo 1; echo 2 )\necho 3", "echo 1\necho 2 | \n| echo 3",
    "echo 1\nif true; then echo 2; fi\nfi", "echo 1\nif true; then echo 2", "echo 1 && echo 2\n&& echo 3",
    "echo 1\necho 'a", 'echo 1\necho "a', "echo 1\necho $(echo 2", "echo 1\necho `echo 2",
    "echo 1; (echo 2\necho 3", "{ echo 1; }\n{ echo 2; } }\necho 3", "echo 1\n{ }\necho 2",
    "f() { echo 1; }\nf\nf(", "for x in 1 2; do echo $x; done\ndone", "for x in 1 2; do echo $x\necho 3",
    "case 1 in 1) echo 1;; esac\ncase 1 in 1) echo 2", "echo 1\n;; echo 2",
    "cat_() { echo 1; }\ncat_ <<E\nx\nE\necho 2\n(", "echo 1 <<E\nx", "echo 1; echo 2 <<E\nx\nE\n)\necho 3",
    "echo 1\necho ${x", "echo 1\n[[ a", "echo 1\n((1", "echo 1\nx=(1", "echo 1\nx=(1\necho 2",
    "echo 1\\\n2\n)", "echo 1 # )\n)\necho 2", "! echo 1\n!)", "echo 1 |\n", "echo 1 &&", "echo 1\n>",
    "echo 1\necho 2 > /dev/null\n> > x", "echo 1; then\necho 2", "echo 1\nthen echo 2", "time\necho 1\n)",
    "eval 'echo 1\n)'\necho 2", "echo 1\r\n)", "echo 1\n\n\n\n)",
    "if true; then echo 1; fi; if true; then echo 2; fi fi", "echo 1\nfunction", "echo 1\n() ()",
    "echo 1\necho a(b)", "echo 1 && ! echo 2\n)", "x=1\necho $x\nx=2 (", "echo $(echo 1)\necho $(",
    "echo $((1+1))\n$((", "echo 1\necho <(echo 2", "echo 1\n<<E", "echo 1\n<<", "echo 1\ncase",
    "echo 1\nfor", "echo 1\nselect", "while false; do :; done; echo 1\nwhile",
]  # fmt: skip


@pytest.mark.parametrize("script", MISTAKEN)
def test_what_bash_runs_before_a_mistake_is_in_the_tree(script: str) -> None:
    tree = parse(script)
    ran = bashes.printed(script)
    kept = script[: len(script) - len(tree.unparsed or "")]
    if tree.unparsed is None:
        assert bashes.accepts(script)
    assert bashes.printed(kept) == ran or len(bashes.printed(kept)) > len(ran)


def test_statements_before_a_mistake_hold_their_commands() -> None:
    tree = parse("echo 1\n( echo 2 )\n)")
    first = tree.statements[0].pipeline.commands[0]
    assert isinstance(first, Command)
    assert len(tree.statements) == 2
    assert tree.unparsed == ")"

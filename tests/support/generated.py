"""Scripts that a grammar makes: mostly what people write, in combinations that nobody does."""

from hypothesis import strategies as st

#: What stands for itself in any place of a word.
_PLAIN = (
    "a",
    "b1",
    "-x",
    "--y=z",
    "./c",
    "*.d",
    "é",
    "x=1",
    "[e]",
    "{f,g}",
    "~",
    "if",
    "do",
    "}",
    "in",
    "2",
    "%",
    "a#b",
    ":",
)
_NAMES = ("x", "y_1", "Z")
_OPERATORS = (":-", "-", ":=", ":+", "+", ":?", "#", "##", "%", "%%", "/", "//", "^", ",,")
_REDIRECTIONS = (">", ">>", "<", "2>", "&>", ">|", "<>", ">&", "2>&1 >", "{fd}>", "<<<", "3<")
_BLANKS = (" ", "  ", "\t", " \\\n", " \\\n\t")
_ENDS = ("; ", "\n", " ;\n", " # why; ' \" (\n", "\n\n")
_BETWEEN = (" && ", " || ", " | ", " |& ", " &&\n", " |\n", "; ", "\n", " & ", ";", "&&", "|")
_DELIMITERS = ("E", "'E'", '"E"', "\\E")


def _join(*parts: "st.SearchStrategy[str] | str") -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)


def _words(script: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Words whose substitutions hold ``script``."""
    name, plain = st.sampled_from(_NAMES), st.sampled_from(_PLAIN)
    single = st.sampled_from(("''", "'a b'", "'\"'", "'$x `'", "'a\nb'", "$'a\\'b'", "$'\\n'"))
    simple = (
        plain
        | single
        | _join("$", name)
        | _join("${", name, "}")
        | st.sampled_from(("$1", "$@", "$((1+2))", "\\ ", "a\\\nb"))
    )
    substituted = (
        _join(st.sampled_from(("$( ", "$(:; ")), script, ")")
        | _join("<(:;", script, ")")
        | _join("$(\n", script, "\n)")
    )
    operand = (
        plain | _join("$", name) | st.sampled_from(("'a b'", '"$x y"', "a\\}b", "{c}"[:-1], "[a-z]*", ""))
    )
    operated = _join("${", name, st.sampled_from(_OPERATORS), operand, "}") | _join(
        "${", name, st.sampled_from(("[0]}", "[@]}", "[$i]}", "[i+1]:-b}"))
    )
    quotable = (
        operated
        | _join("$( ", script, ")")
        | st.sampled_from(("a b", "'", '\\"', "\\\\", "$x", "${x[@]}", "#", ";", "$", "(", "a\nb"))
    )
    double = st.lists(quotable, max_size=3).map(lambda parts: '"' + " ".join(parts) + '"')
    return st.lists(simple | substituted | operated | double, min_size=1, max_size=3).map("".join)


def _commands(script: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    word, blank, end = _words(script), st.sampled_from(_BLANKS), st.sampled_from(_ENDS)
    name = st.sampled_from(_NAMES)
    redirect = _join(st.sampled_from(_REDIRECTIONS), st.sampled_from(("", " ")), word)
    assignment = _join(name, st.sampled_from(("=", "+=", "[0]=")), word)
    array = _join(name, "=(", st.lists(word, max_size=3).map(" ".join), ")")
    simple = st.lists(assignment, max_size=2).flatmap(
        lambda before: st.lists(word | redirect, max_size=4).flatmap(
            lambda rest: blank.map(lambda between: between.join([*before, "echo", *rest]))
        )
    )
    heredoc = st.sampled_from(_DELIMITERS).flatmap(
        lambda delimiter: _join(
            "cat <<", st.sampled_from(("", "-")), delimiter,
            st.sampled_from(("", " >f", " | sort", " && b", "; c", " # d")), "\n",
            st.sampled_from(("", "text\n", "it's $x\n", '\\$(a) "\n', " E\n", "rm x\n", "a \\\\\n")), "E\n",
        )
    )  # fmt: skip
    body = _join(script, end)
    compound = (
        _join("(", script, ")")
        | _join("{ ", body, "}")
        | _join("if ", body, "then ", body, "fi")
        | _join("if ", body, "then ", body, "elif ", body, "then ", body, "else ", body, "fi")
        | _join(st.sampled_from(("while ", "until ")), body, "do ", body, "done")
        | _join("for ", name, " in ", word, blank, word, end, "do ", body, "done")
        | _join("for ((i=0; i<3; i++)); do ", body, "done")
        | _join(
            "case ",
            word,
            " in ",
            st.sampled_from(("", "(")),
            st.sampled_from(("a", "'b c'|d", "*")),
            ") ",
            body,
            ";; *) ;; esac",
        )
        | _join("f() { ", body, "}")
        | _join("function g { ", body, "}")
        | _join("[[ ", st.sampled_from(("-f a", "$x == b*", "! a && ( b )", "$x =~ ^(a|b)$")), " ]]")
        | st.sampled_from(("((x = 1))", "((x > 1))"))
    )
    redirected = _join(compound, st.sampled_from(("", " > f", " 2>&1", " < g")))
    return simple | simple | array | redirected | _join(heredoc)


def _lists(script: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def joined(pair: tuple[list[str], list[str]]) -> str:
        text = pair[0][0]
        for between, command in zip(pair[1], pair[0][1:], strict=False):
            # Behind a heredoc's body a line begins, and nothing can go on.
            text += command if text.endswith("\n") else between + command
        return text

    commands = st.lists(_commands(script), min_size=1, max_size=3)
    return st.tuples(commands, st.lists(st.sampled_from(_BETWEEN), min_size=2, max_size=2)).map(joined)


def _replaced(text: str, at: int, size: int, instead: str) -> str:
    at %= len(text) + 1
    return text[:at] + instead + text[at + size :]


#: Scripts that are right, up to some unlucky meetings of their pieces.
SCRIPTS = _lists(_lists(_lists(st.just("echo a"))))
#: The same with a piece cut out, doubled or joined over two lines.
BROKEN = st.builds(
    _replaced, SCRIPTS, st.integers(0, 1000), st.integers(0, 3),
    st.sampled_from(("", "\\\n", "'", '"', ")", "(", ";", "&", "<<E", "}", "`", "$(", "\r")),
)  # fmt: skip

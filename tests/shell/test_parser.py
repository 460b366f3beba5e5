r"""The parser against tables of what real bash makes of a text.

A tree is written in one line: quoted text stands in «», a statement ends in ``;``, ``&``, ``&&`` or ``||``, a
compound command is ``kind{…}``, a heredoc ``<<[body]``, and what could not be parsed stands behind ``✗``.
"""

import pytest

from codex_guard.shell.parser import parse
from codex_guard.shell.tree import Assignment, Command, Compound, Expansion, Part, Redirect, Script, Word


def shown(script: Script) -> str:
    found = []
    for statement in script.statements:
        pipeline = statement.pipeline
        text = " | ".join(_command(command) for command in pipeline.commands)
        connector = f" {statement.connector}" if statement.connector else ""
        found.append(("! " if pipeline.negated else "") + text + connector)
    if script.unparsed is not None:
        found.append(f"✗{script.unparsed}")
    return " ".join(found) if len(found) < 2 else " ⏎ ".join(found)


def _command(command: Command | Compound) -> str:
    redirects = [_redirect(redirect) for redirect in command.redirects]
    if isinstance(command, Command):
        assignments = [_assignment(assignment) for assignment in command.assignments]
        return " ".join([*assignments, *(_word(word) for word in command.words), *redirects])
    head = [command.kind, *([command.name] if command.name else []), *(_word(word) for word in command.words)]
    bodies = [shown(body) for body in command.bodies]
    return " ".join([" ".join(head) + "{" + " / ".join(bodies) + "}", *redirects])


def _assignment(assignment: Assignment) -> str:
    sign = "+=" if assignment.append else "="
    if assignment.array is not None:
        return f"{assignment.name}{sign}({' '.join(_word(word) for word in assignment.array)})"
    return assignment.name + sign + (_word(assignment.value) if assignment.value else "")


def _redirect(redirect: Redirect) -> str:
    if redirect.heredoc is None:
        return redirect.descriptor + redirect.operator + _word(redirect.target)
    body = _parts(redirect.heredoc.parts) if redirect.heredoc.expands else f"«{redirect.heredoc.body}»"
    return f"{redirect.descriptor}{redirect.operator}[{body}]".replace("\n", "\\n")


def _word(word: Word) -> str:
    return _parts(word.parts)


def _parts(parts: tuple[Part, ...]) -> str:
    return "".join(_part(part) for part in parts)


def _part(part: Part) -> str:
    if not isinstance(part, Expansion):
        return f"«{part.text}»" if part.quoted else part.text
    if part.script is not None:
        text = ("<(" if part.kind == "process" else "$(") + shown(part.script) + ")"
    elif part.kind == "arithmetic":
        text = f"$(({_parts(part.parts)}))"
    else:
        text = f"${part.name}" if part.name else "${" + part.source[2:-1] + "}"
    return f"«{text}»" if part.quoted else text


WORDS = [
    ("echo a b", "echo a b"),
    ("  echo\ta  ", "echo a"),
    ("echo 'a  b'", "echo «a  b»"),
    ("echo ''", "echo «»"),
    ('echo ""', "echo «»"),
    ("r''m", "r«»m"),
    ("r'm'", "r«m»"),
    ('"rm" "-rf"', "«rm» «-rf»"),
    (r"r\m", "r«m»"),
    (r"\rm", "«r»m"),
    (r"echo it\'s", "echo it«'»s"),
    ("echo 'it'\"'\"'s'", "echo «it»«'»«s»"),
    (r"echo 'a\b'", "echo «a\\b»"),
    (r'echo "a\"b\$c\\d\e"', 'echo «a"b$c\\d\\e»'),
    ("echo a\\\nb", "echo ab"),
    ("echo a \\\n b", "echo a b"),
    ('echo "a\\\nb"', "echo «ab»"),
    ("echo 'a\\\nb'", "echo «a\\\nb»"),
    (r"$'\x72m'", "«rm»"),
    (r"$'\162\155'", "«rm»"),
    (r"$'\u0072\U0000006d'", "«rm»"),
    (r"$'a\nb\tc\\\''", "«a\nb\tc\\'»"),
    (r"$'\cA\e\q'", "«\x01\x1b\\q»"),
    ('$"rm"', "«rm»"),
    ("\"$'a'\"", "«$'a'»"),
    ("echo $", "echo $"),
    ('echo "a$"', "echo «a$»"),
    ("echo $%", "echo $%"),
    ("echo a#b", "echo a#b"),
    ("echo {a,b} ~ *?[x]", "echo {a,b} ~ *?[x]"),
    ("ls +(a|b) !(c)", "ls +(a|b) !(c)"),
    ("echo é\u00a0x", "echo é\u00a0x"),
]
JOINED = [
    ("r\\\nm x", "rm x"),
    ("!\\\n rm x", "! rm x"),
    ("x\\\n=1 rm x", "x=1 rm x"),
    ("a &\\\n& b |\\\n| c", "a && ⏎ b || ⏎ c"),
    ("a 2\\\n>\\\n>b", "a 2>>b"),
    ("i\\\nf a; th\\\nen b; f\\\ni", "if{a ; / b ;}"),
    ("{\\\n rm x; }", "{{rm x ;}"),
    ("echo $\\\n(rm x)", "echo $(rm x)"),
    ("echo $a\\\nb ${c\\\nd}", "echo $ab $cd"),
    ("echo $\\\n{a}", "echo $a"),
    ("case a in b) c;\\\n; esac", "case a b{c}"),
    ("a #b\\\nrm x", "a ⏎ rm x"),
    ("'a\\\nb'", "«a\\\nb»"),
]
EXPANSIONS = [
    ("echo ${x[rm x]}", "echo ${x[rm x]}"),
    ("echo ${x[a}; rm x; echo ]}", "echo ${x[a} ; ⏎ rm x ; ⏎ echo ]}"),
    ("echo $[1+$(rm x)]", "echo $((«1+»«$(rm x)»))"),
    ("echo ${ rm x; }", "echo $(rm x ;)"),
    ("echo ${| rm x; }", "echo $(rm x ;)"),
    ("echo \"${a:-'}'}\"", "echo «${a:-'}'}»"),
    ("echo \"${a//$'\\''/x}\"", "echo «${a//$'\\''/x}»"),
    ("echo $((a=')'))", "echo $((«a=»«')'»))"),
    ('echo $((echo "))"; rm x) )', "echo $(({echo «))» ; ⏎ rm x})"),
    ("[[ a == @($(rm x)) ]]", "[[ a == @($(rm x)){}"),
    ("echo $x${y}z", "echo $x$yz"),
    ('echo "$x"', "echo «$x»"),
    ('echo "a $x b"', "echo «a »«$x»« b»"),
    ("echo '$x'", "echo «$x»"),
    (r"echo \$x", "echo «$»x"),
    ("echo $1 $@ $* $# $? $$ $! $- $0", "echo $1 $@ $* $# $? $$ $! $- $0"),
    ("echo $12", "echo $12"),
    ("echo ${x:-a b}", "echo ${x:-a b}"),
    ('echo ${x:-"}"}', 'echo ${x:-"}"}'),
    ("echo ${x:-'}'}", "echo ${x:-'}'}"),
    ("echo ${x//(/b} ${#x} ${!x} ${x[@]} ${x^^}", "echo ${x//(/b} ${#x} ${!x} ${x[@]} ${x^^}"),
    ("echo $(rm x)", "echo $(rm x)"),
    ('echo "$(rm "x y")"', "echo «$(rm «x y»)»"),
    ('echo "$(echo ")")"', "echo «$(echo «)»)»"),
    ("echo $(a;b|c)", "echo $(a ; ⏎ b | c)"),
    ("echo $(a # )\n)", "echo $(a)"),
    ("echo $(case x in x) a;; esac)", "echo $(case x x{a})"),
    ("echo `rm x`", "echo $(rm x)"),
    (r"echo `a \`b\``", "echo $(a $(b))"),
    (r'echo "`echo \"a  b\"`"', "echo «$(echo «a  b»)»"),
    (r"echo `echo \"a\"`", 'echo $(echo «"»a«"»)'),
    ("echo '`rm`'", "echo «`rm`»"),
    ("echo $((1 + $x))", "echo $((«1 + »«$x»))"),
    ("echo $(( $(rm x) ))", "echo $((« »«$(rm x)»« »))"),
    ("echo $((echo a); b)", "echo $(({echo a} ; ⏎ b)"),
    ("diff <(a) >(b)", "diff <(a) <(b)"),
]
HEREDOCS = [
    ("cat <<E\na\nb\nE", "cat <<[«a\\nb\\n»]"),
    ("cat <<E\n$x $(rm)\nE", "cat <<[«$x»« »«$(rm)»«\\n»]"),
    ("cat <<'E'\n$x $(rm)\nE", "cat <<[«$x $(rm)\\n»]"),
    ('cat <<"E"\n$x\nE', "cat <<[«$x\\n»]"),
    ("cat <<\\E\n$x\nE", "cat <<[«$x\\n»]"),
    ("cat <<'E F'\nx\nE F", "cat <<[«x\\n»]"),
    ("cat <<''\na\n\necho b", "cat <<[«a\\n»] ⏎ echo b"),
    ("cat <<-E\n\ta\n\tE\nb", "cat <<-[«a\\n»] ⏎ b"),
    ("cat <<E\nx\nE \nE", "cat <<[«x\\nE \\n»]"),
    ("cat <<E\na\\\nb\nE", "cat <<[«ab\\n»]"),
    ("cat <<EE\nE\\\nE\nx", "cat <<[] ⏎ x"),
    ("cat <<E\na", "cat <<[«a\\n»]"),
    ("cat <<E", "cat <<E"),
    ("cat <<E && rm x\na\nE", "cat <<[«a\\n»] && ⏎ rm x"),
    ("cat <<E | sh\na\nE\nb", "cat <<[«a\\n»] | sh ⏎ b"),
    ("cat <<A <<B\n1\nA\n2\nB", "cat <<[«1\\n»] <<[«2\\n»]"),
    ("cat <<A; cat <<B\n1\nA\n2\nB", "cat <<[«1\\n»] ; ⏎ cat <<[«2\\n»]"),
    ('echo "$(cat <<E\nx\nE\n)"', "echo «$(cat <<[«x\\n»])»"),
    ("f() {\ncat <<E\nx\nE\n}", "function f{{{cat <<[«x\\n»]}}"),
    ("cat <<E\n`x\nE", "cat <<[$(✗`x\\n)]"),
    ('cat <<E\n"it\'s"\nE', 'cat <<[«"it\'s"\\n»]'),
    ("cat 3<<E\nx\nE", "cat 3<<[«x\\n»]"),
    ("cat <<<x <<< 'a b'", "cat <<<x <<<«a b»"),
    ("echo $(cat <<E\nx\nE)", "echo $(cat <<[«x\\n»])"),
    ("echo $(cat <<E\nx\nErm x)", "echo $(cat <<[«x\\n»] ⏎ rm x)"),
    ("echo $(cat <<-E\nx\n\tE rm x; y)\nz", "echo $(cat <<-[«x\\n»] ⏎ rm x ; ⏎ y) ⏎ z"),
    ("echo $(cat <<E\nx\nE\\\nrm x)\nE\n)", "✗echo $(cat <<E\nx\nE\\\nrm x)\nE\n)"),
    ("cat <<A $(cat <<B)\nb\nB\na\nA\nc", "cat $(cat <<[«b\\n»]) <<[«a\\n»] ⏎ c"),
    ("cat <<A $(b\n)\na\nA\nc", "cat $(b) <<[«a\\n»] ⏎ c"),
]
REDIRECTS = [
    ("a >b", "a >b"),
    ("a>b", "a >b"),
    (">b a", "a >b"),
    ("> b", ">b"),
    ("a 2>&1 >>b <c", "a 2>&1 >>b <c"),
    ("a2>b", "a2 >b"),
    ("a 2 >b", "a 2 >b"),
    ("a &>b &>>c", "a &>b &>>c"),
    ("a >&b <&3 >&-", "a >&b <&3 >&-"),
    ("a >|b <>c", "a >|b <>c"),
    ("a {fd}>b", "a {fd}>b"),
    ("a {x,y}>b", "a {x,y} >b"),
    ("a > >(b)", "a ><(b)"),
    ("a < <(b)", "a <<(b)"),
]
LISTS = [
    ("a; b", "a ; ⏎ b"),
    ("a & b", "a & ⏎ b"),
    ("a && b || c", "a && ⏎ b || ⏎ c"),
    ("a &&\n# why\nb", "a && ⏎ b"),
    ("a\n\nb\n", "a ⏎ b"),
    ("a | b |& c", "a | b | c"),
    ("a |\nb", "a | b"),
    ("! a", "! a"),
    ("! ! a", "a"),
    ("time -p a", "a"),
    ("! time a | b", "! a | b"),
    ("a # b; c", "a"),
    ("# a\nb", "b"),
    ("a;#b\nc", "a ; ⏎ c"),
    ("a \\\n#b", "a"),
    ("x=1", "x=1"),
    ("x=1 y='a b' cmd z=2", "x=1 y=«a b» cmd z=2"),
    ("x= y+=1 a[1]=2", "x= y+=1 a[1]=2"),
    ("x=$(a)", "x=$(a)"),
    ("x=(a 'b c'\n# why\nd) e", "x=(a «b c» d) e"),
    ("declare -a x=(a b) y", "x=(a b) declare -a y"),
    ("1x=2", "1x=2"),
    ("é=1 rm", "é=1 rm"),
    ("a=(rm -rf /)", "a=(rm -rf /)"),
    ("a+=(b 'c d')", "a+=(b «c d»)"),
    ("a=([0]=rm [k]=$x)", "a=([0]=rm [k]=$x)"),
    ("declare -a a=(rm) b", "a=(rm) declare -a b"),
    ("declare -A a=([x]=rm)", "a=([x]=rm) declare -A"),
    ("a[0]=rm", "a[0]=rm"),
    ("a[i; rm x]=1 b", "a[i; rm x]=1 b"),
    ('a["]"]=1 b', 'a["]"]=1 b'),
    ("a[" + "1+" * 200 + "1]=1 rm", "a[" + "1+" * 200 + "1]=1 rm"),
    ("eval a=(b)", "a=(b) eval"),
    ("time", ""),
    ("a; ! ; b", "a ; ⏎ !  ; ⏎ b"),
]
COMPOUNDS = [
    ("( a; b )", "({a ; ⏎ b}"),
    ("(a) > b", "({a} >b"),
    ("{ a; b; }", "{{a ; ⏎ b ;}"),
    ("{ a\n} 2>&1 | b", "{{a} 2>&1 | b"),
    ("if a; then b; fi", "if{a ; / b ;}"),
    ("if a\nthen b\nelif c; then d\nelse e; fi > f", "if{a / b / c ; / d / e ;} >f"),
    ("while a; do b; done < c", "while{a ; / b ;} <c"),
    ("until a; do b; done", "until{a ; / b ;}"),
    ("for x in a 'b c'; do d; done", "for x a «b c»{d ;}"),
    ("for x; do d; done", "for x{d ;}"),
    ("for x\ndo d\ndone", "for x{d}"),
    ("for x in a; { d; }", "for x a{d ;}"),
    ("for ((i=0;i<2;i++)); do a; done", "for «i=0;i<2;i++»{a ;}"),
    ("select x in a; do b; done", "select x a{b ;}"),
    ("case $x in a|b) c;; (d) e;& *) ;; esac", "case $x a b d *{c / e / }"),
    ("case x in a) b; esac", "case x a{b ;}"),
    ("case x in a) b;;& esac", "case x a{b}"),
    ("f() { a; }", "function f{{{a ;}}"),
    ("f () ( a )", "function f{({a}}"),
    ("function f { a; }", "function f{{{a ;}}"),
    ("function f() { a; } > b", "function f{{{a ;} >b}"),
    ("f() for x in a; do b; done", "function f{for x a{b ;}}"),
    (":(){ :|:& };:", "function :{{{: | : &}} ; ⏎ :"),
    ("coproc a b", "coproc{a b}"),
    ("coproc X { a; }", "coproc X{{{a ;}}"),
    ("[[ a == b && ! ( -f c ) ]] && d", "[[ a == b ! -f c{} && ⏎ d"),
    ("[[ $x =~ ^(1|2)$ ]]", "[[ $x =~ ^ 1 2 ${}"),
    ("[[ a < b ]]", "[[ a b{}"),
    ("((x = $(a)))", "(( «x = »«$(a)»{}"),
    ("((a); b)", "({({a} ; ⏎ b}"),
    ("echo if then { }", "echo if then { }"),
    ("if (a) then b; fi", "if{({a} / b ;}"),
    ("{ (a) }", "{{({a}}"),
    ("if a; then { b; } fi", "if{a ; / {{b ;}}"),
    ("function f (rm x)", "function f{({rm x}}"),
    ("f+() { a; }", "function f+{{{a ;}}"),
    ("coproc >a b", "coproc{b >a}"),
    ('"if" a', "«if» a"),
]
UNPARSED = [
    ("a; )", "a ; ⏎ ✗)"),
    ("a\nb 'c\nd", "a ⏎ ✗b 'c\nd"),
    ("a\nb (c)", "a ⏎ ✗b (c)"),
    ("a\nif b; then c", "a ⏎ ✗if b; then c"),
    ("a;; b", "a ⏎ ✗;; b"),
    ("a && && b", "a && ⏎ ✗&& b"),
    ("fi", "✗fi"),
    ("{ a", "✗{ a"),
    ("echo $(a", "✗echo $(a"),
    ("echo `a", "✗echo `a"),
    ("echo ${a", "✗echo ${a"),
    ('echo "a', '✗echo "a'),
    ("echo $'a", "✗echo $'a"),
    ("f() echo hi", "✗f() echo hi"),
    (":(){:|:&};:", "✗:(){:|:&};:"),
    ("[[ a", "✗[[ a"),
    ("a >", "✗a >"),
    ("a &&", "✗a &&"),
    ("{ }", "✗{ }"),
    ("a\n()", "a ⏎ ✗()"),
    ("a[1 b", "✗a[1 b"),
    ("in", "✗in"),
    ("if a; then b; else fi", "✗if a; then b; else fi"),
    ("if a; then b; else c; else d; fi", "✗if a; then b; else c; else d; fi"),
    ("case a in b c) d;; esac", "✗case a in b c) d;; esac"),
    ("f() g() { a; }", "✗f() g() { a; }"),
    ("echo $[1", "✗echo $[1"),
    ("", ""),
    ("\n# only a comment", ""),
]


@pytest.mark.parametrize(
    ("source", "tree"), WORDS + JOINED + EXPANSIONS + HEREDOCS + REDIRECTS + LISTS + COMPOUNDS + UNPARSED
)
def test_tree(source: str, tree: str) -> None:
    assert shown(parse(source)) == tree


@pytest.mark.parametrize("pair", ["()", "{}", "$()", "<()"])
def test_nesting_is_read_to_a_depth_that_no_one_writes_and_not_beyond(pair: str) -> None:
    begin, end = {"()": ("( ", " )"), "{}": ("{ ", "; }"), "$()": ("$(", ")"), "<()": ("a <(", ")")}[pair]
    for depth, whole in ((20, True), (100, False)):
        script = parse(begin * depth + "a" + end * depth)
        assert (script.unparsed is None) == whole


def test_offsets_point_at_what_was_written() -> None:
    source = "a 'b c' && { d $(e f); }"
    group = parse(source).statements[1].pipeline.commands[0]
    assert isinstance(group, Compound)
    assert source[group.start : group.end] == "{ d $(e f); }"
    inner = group.bodies[0].statements[0].pipeline.commands[0]
    assert isinstance(inner, Command)
    assert [source[word.start : word.end] for word in inner.words] == ["d", "$(e f)"]


def test_offsets_in_a_text_of_its_own_point_into_that() -> None:
    part = parse(r"x `a \`b\``").statements[0].pipeline.commands[0]
    assert isinstance(part, Command)
    expansion = part.words[1].parts[0]
    assert isinstance(expansion, Expansion)
    assert expansion.script is not None
    command = expansion.script.statements[0].pipeline.commands[0]
    assert expansion.script.text[command.start : command.end] == "a `b`"


@pytest.mark.parametrize(
    ("source", "parameter", "prefix", "index", "operator", "operand"),
    [
        ("$x", "x", "", None, "", ""),
        ("${x}", "x", "", None, "", ""),
        ("${a[@]}", "a", "", "@", "", ""),
        ("${a[b[0]]}", "a", "", "b[0]", "", ""),
        ("${a[0]:-b c}", "a", "", "0", ":-", "b c"),
        ("${!x}", "x", "!", None, "", ""),
        ("${!a[@]}", "a", "!", "@", "", ""),
        ("${#a[@]}", "a", "#", "@", "", ""),
        ("${#}", "#", "", None, "", ""),
        ("${##a}", "#", "", None, "#", "a"),
        ("${x:1:2}", "x", "", None, ":", "1:2"),
        ("${x//a/b}", "x", "", None, "//", "a/b"),
        ("${x/#a}", "x", "", None, "/#", "a"),
        ("${x%%.*}", "x", "", None, "%%", ".*"),
        ("${x^^}", "x", "", None, "^^", ""),
        ("${x@Q}", "x", "", None, "@", "Q"),
        ("${@:2}", "@", "", None, ":", "2"),
        ("${x\\\n:\\\n-a}", "x", "", None, ":-", "a"),
    ],
)
def test_a_parameter_is_read_in_its_pieces(
    source: str, parameter: str, prefix: str, index: str | None, operator: str, operand: str
) -> None:
    command = parse(source).statements[0].pipeline.commands[0]
    part = command.words[0].parts[0]
    assert isinstance(part, Expansion)
    assert (part.parameter, part.prefix, part.index, part.operator) == (parameter, prefix, index, operator)
    assert _parts(part.operand) == operand
    assert part.name == (parameter if not (prefix or index or operator) else None)

"""Any text at all can be read as a program of any language, within bounds."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codex_guard.shell import inline
from codex_guard.shell.invocation import Invocation, Start
from codex_guard.shell.meaning import Scope, Value

INTERPRETERS = {
    "python3": "-c", "perl": "-e", "ruby": "-e", "node": "-e", "php": "-r", "lua": "-e", "Rscript": "-e",
    "osascript": "-e", "pwsh": "-c", "awk": "--",
}  # fmt: skip
PIECES = (
    " ", "\n", "\n    ", ";", ",", ".", "->", "=>", "::", "(", ")", "[", "]", "{", "}", "'", '"', "'''",
    "`", "#", "//", "/*", "--[[", "<#", "\\", "\\x41", "\\u{41}", "=", ":=", "+", "-", "*", "%", "/", "|",
    "<", ">", "<<", "$", "$x", "@a", "%w[", "qw(", "qx{", "s/a/b/e", "f'{", "${", "#{", "{{", "}}", "x",
    "0", "1e3", "0x41", "é", "\x00", "for x in ", "for ", "foreach ", " in ", " of ", " as ", "def f(x): ",
    "function f(x) {", "sub f {", "lambda x: ", "import os as o\n", "from os import *\n",
    "import {a as b} from 'fs';", "const {a: b} = require('fs');", "return ", "os.system", "eval", "exec",
    "unlink", "open", "shutil.rmtree", "subprocess.run", "chr", "map", "getattr", "fs.rmSync", ".forEach",
    ".each {|x|", ".then", "pack('H*',", "glob", "socket.connect", "f(", "print", "sys.argv[",
    "base64.b64decode", "codecs.decode", "zlib.decompress", "{recursive: true}", "shell=True",
    "do shell script", "Remove-Item -Recurse ", "iex ", "getline", "printf", "/etc", "~",
    "http://a.example/x",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)
HEAVY = st.builds(
    lambda begin, middle, end, count: (begin * count + middle + end * count)[:30_000],
    st.sampled_from(PIECES) | TEXTS,
    TEXTS,
    st.sampled_from(("", ")", "]", "}", "'", '"', "`", "\n", ";")),
    st.sampled_from((1, 20, 400, 2_000)),
)


def started(interpreter: str, program: str) -> list[Start]:
    scope = Scope("/work/app", {"HOME": "/home/dev"}, "/work/app")
    argv = (Value(interpreter), Value(INTERPRETERS[interpreter]), Value(program), Value("/etc"))
    return inline.started(Invocation(argv, scope, program[:80]))


@pytest.mark.parametrize("interpreter", INTERPRETERS)
@settings(max_examples=120, deadline=None)
@given(program=TEXTS)
@example(program="a[0](")
@example(program="x = ")
@example(program="from os import")
@example(program="pack('H*',")
@example(program="f = lambda")
@example(program="'a'.decode()")
@example(program="os.chmod()")
@example(program="Path('a').rename()")
@example(program="chr(99999999)")
@example(program="x.join(")
@example(program="for")
@example(program="def f(x): f(x)\nf(1)")
@example(program="$#")
@example(program="s")
@example(program="import (")
def test_any_text_is_read(interpreter: str, program: str) -> None:
    for start in started(interpreter, program):
        assert (start.script is None) != (start.argv == ())


@pytest.mark.parametrize("interpreter", INTERPRETERS)
@settings(max_examples=12, deadline=None)
@given(program=HEAVY)
@example(program="(" * 30_000)
@example(program="f(" * 15_000)
@example(program="[x for x in " * 2_500)
@example(program="f'{" * 10_000)
@example(program="`${" * 10_000)
@example(program="x = x + x + 'aaaa'\n" * 1_500)
@example(program="exec('" * 5_000)
@example(program="/\\" * 15_000)
@example(program="$x[" * 7_000)
@example(program="def f(x): f(x); f(x)\n" * 1_000 + "f(1)")
@example(program="a=x=>" * 6_000)
@example(program="-" * 30_000)
@example(program="a.b" * 10_000)
@example(program="'''" + "\\" * 30_000)
def test_work_stays_bounded(interpreter: str, program: str) -> None:
    found = started(interpreter, program)
    assert len(found) <= 400
    made = sum(len(start.script or "") + sum(len(value.text) for value in start.argv) for start in found)
    assert made <= 400_000 + 60 * len(program)

"""Dotenv files that may be shown, with every value masked and all names kept."""

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codex_guard.guard import disk, dotenv
from codex_guard.model import Allow, Judgement, ToolEvent
from codex_guard.policy.policy import Policy

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
Note = Callable[[Judgement], str | None]
MASK = Policy(env_files="mask")
TELLING = 4  # characters of a value that is masked wherever it stands

# Which commands may show a dotenv file


@pytest.mark.parametrize(
    "command",
    [
        "cat .env",
        "cat -n .env",
        "tac .env",
        "nl .env",
        "head -n 5 .env",
        "tail -5 .env",
        "grep -n -A 2 '^DB_' .env",
        "grep -E -i 'a|c' .env",
        "rg --hidden DB_ .env",
        "cat .env .env.local",
        "cat .env 2>&1",
        "cat .env 2>/dev/null",
        "cat ./sub/../.env",
        "cd sub && cat ../.env",
        "cat .env | head -n 3",
        "cat .env | grep -v x | nl",
        "[ -f .env ] && cat .env",
        "ls -l .env; cat .env",
    ],
)
def test_what_prints_whole_lines_may_show_it(
    judge: Judge, tool: Tool, allowed: Note, reason: Said, command: str
) -> None:
    assert allowed(judge(tool("Bash", command), MASK)) is None
    assert "[credential-" in reason(judge(tool("Bash", command)))


@pytest.mark.parametrize(
    "command",
    [
        # pieces of lines, or something within them
        "head -c 30 .env",
        "head --bytes=30 .env",
        "head --byt 30 .env",
        "tail -c 30 .env",
        "tail +3c .env",
        "tac -s e .env",
        "tac --sep e .env",
        "nl -s= .env",
        "nl --number-separator== .env",
        "grep -o '=.*' .env",
        "grep -no '=.*' .env",
        "grep --only-matching '=.*' .env",
        "grep -b A .env",
        "grep --color=always 'A=s' .env",
        "grep --colour=always A .env",
        "rg -r '$1' 'A=(.)' .env",
        "rg --replace '$1' 'A=(.)' .env",
        "rg -p A=s .env",
        "rg --pretty A=s .env",
        "rg --json A .env",
        "rg -M 5 --max-columns-preview '' .env",
        "rg --max-columns 5 --max-columns-preview '' .env",
        "rg -E utf-16le '' .env",
        "rg --encoding utf-16le '' .env",
        "rg --pre base64 '' .env",
        # led to what does not show it plainly
        "cat .env | base64",
        "cat .env | tail -c 30",
        "cat .env | cat | rev",
        "cat .env | tee copy",
        "cat .env > copy",
        "cat .env > >(rev)",
        "exec > copy; cat .env",
        "exec &> copy; cat .env",
        "{ cat .env; } > copy",
        "(cat .env) >> copy",
        "while true; do cat .env; done > copy",
        "show() { cat .env; }; show > copy",
        "bash -c 'cat .env' > copy",
        "cat .env | while read line; do echo $line; done",
        "x=$(cat .env); echo $x",
        # shown in another way
        "base64 .env",
        "sort .env",
        "python3 -c \"print(open('.env').read()[::-1])\"",
        "node -e \"console.log(require('fs').readFileSync('.env').toString('hex'))\"",
        "sed s/=/:/ .env",
        # names that only run time knows
        "cat .e*",
        "cat .env .env.*",
        # gone, or with other values, when the output is masked
        "cat .env; rm .env",
        "cat .env; mv .env x",
        "cat .env; echo A=1 > .env",
        "cat .env; echo A=1 | tee .env",
        "cat .env; sed -i s/a/b/ .env",
        "cat .env; truncate -s 0 .env",
        "cd sub; cat ../.env; unlink ../.env",
        "cat .env; timeout 5 rm .env",
        # outside of the work tree
        "cat ../.env",
        "cat ~/.env",
    ],
)
def test_whatever_else_reads_it_is_denied(judge: Judge, tool: Tool, reason: Said, command: str) -> None:
    assert "[credential-" in reason(judge(tool("Bash", command), MASK))


@pytest.mark.parametrize("command", ["cat .env.example", "cat sub/.env.sample", "cat .env.d/notes", "ls -a"])
def test_what_is_no_dotenv_file_is_printed_as_it_is(judge: Judge, tool: Tool, command: str) -> None:
    for response in (None, "A=value\n"):
        assert judge(tool("Bash", command, response), MASK).decision == Allow()


# What is seen of it

BODY = """# a note
export A="first value"
  PORT = 80
B=plain-value # why
LINES='one of them
#two of them
FOO=three of them'
ESCAPED="a \\"b\\" c
MORE=\\"d\\" e
f \\t g"
yaml: of a kind
# OLD=once-real
# export OLDER='once more'
#  prose, = not a name
EMPTY=
NAKED=-----BEGIN X-----
MIIabcdefghij
kl+mn/opqrst==
uvwxyz==
-----END X-----
"json": "also a value",
"""
SEEN = """# a note
export A=<masked>
  PORT =<masked>
B=<masked>
LINES=<masked>
<masked>
<masked>
ESCAPED=<masked>
<masked>
<masked>
yaml: <masked>
# OLD=<masked>
# export OLDER=<masked>
#  prose, = not a name
EMPTY=
NAKED=<masked>
<masked>
<masked>
<masked>
<masked>
<masked>
"""


@pytest.fixture
def env(repo: Path) -> Path:
    path = repo / ".env"
    path.write_text(BODY)
    return path


def masked(path: Path, output: str) -> str:
    return dotenv.masked(output, (str(path),))


def test_names_and_notes_stay_and_values_go(env: Path) -> None:
    assert masked(env, BODY) == SEEN


@pytest.mark.parametrize("before", ["{}:", "{}-", ".env:{}:", ".env-{}-", "     {}\t", "a b/c-d.env-{}-"])
def test_what_stands_before_a_line_is_no_matter(env: Path, before: str) -> None:
    body = "".join(f"{before.format(number)}{line}\n" for number, line in enumerate(BODY.splitlines(), 1))
    seen = masked(env, body)
    for value in ("first", "80", "plain", "of them", "\\", "once", "MII", "kl+", "uvw", "also"):
        assert value not in seen
    assert f"{before.format(3)}  PORT =<masked>\n" in seen
    assert f"{before.format(15)}EMPTY=\n" in seen
    assert seen.count("\n") == BODY.count("\n")


def test_a_short_value_goes_behind_its_name_only(env: Path) -> None:
    assert masked(env, "PORT=80\nport 80, and 800\nEMPTY=\n") == "PORT=<masked>\nport 80, and 800\nEMPTY=\n"


def test_a_long_value_goes_wherever_it_stands(env: Path) -> None:
    assert masked(env, "x plain-value\nthe first value.\n") == "x <masked>\nthe <masked>.\n"


def test_values_of_all_the_files_are_masked(env: Path) -> None:
    other = env.with_name(".env.local")
    other.write_text("A=another value\nONLY=here\n")
    output = "A=another value\nPORT=80\nONLY=here\nfirst value\n"
    assert (
        dotenv.masked(output, (str(env), str(other)))
        == "A=<masked>\nPORT=<masked>\nONLY=<masked>\n<masked>\n"
    )


def test_nothing_is_shown_of_a_file_that_cannot_be_read(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = "cat: .env: No such file or directory"
    left_out = f"[left out: {env} cannot be read]"
    with monkeypatch.context() as patch:
        patch.setattr(disk, "LARGEST", 10)
        assert masked(env, BODY) == left_out
    env.unlink()
    assert masked(env, f"{BODY}{missing}\n") == f"{missing}\n{left_out}"
    env.mkdir()
    assert masked(env, "cat: .env: Is a directory\n") == "cat: .env: Is a directory\n"


def test_so_many_lines_are_shown_and_no_more(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dotenv, "_LINES", 2)
    assert masked(env, BODY) == "# a note\nexport A=<masked>\n[the rest is left out here]"
    assert masked(env, "a\nb") == "a\nb"


@pytest.mark.parametrize(
    "line", ["-" * 1_000_000 + "=x", "=" * 1_000_000, ": " * 500_000, "a-" * 500_000 + "=x"]
)
def test_a_hostile_line_ends(env: Path, line: str) -> None:
    assert masked(env, line) == line
    env.write_text(line)
    assert line[-8:] not in masked(env, line).removesuffix("=x")


def test_the_answer_says_whose_values_are_masked(judge: Judge, tool: Tool, reason: Said, env: Path) -> None:
    event = tool("Bash", "cat .env", BODY)
    told = reason(judge(event, MASK, secrets=("first value", "plain-value", "once-real")))
    assert "codex-guard masked the values of .env in this call's output." in told
    assert "export A=<masked>\n" in told
    assert "PORT =<masked>\n" in told


def test_an_output_in_another_form_is_masked_as_the_model_reads_it(
    judge: Judge, tool: Tool, reason: Said, env: Path
) -> None:
    said = {"content": [{"type": "text", "text": "PORT = 80\n"}]}
    assert "80" not in reason(judge(tool("Bash", "cat .env", said), MASK))


def test_where_the_policy_denies_nothing_is_masked(
    judge: Judge, tool: Tool, allowed: Note, env: Path
) -> None:
    assert allowed(judge(tool("Bash", "cat .env", "PORT = 80\n"))) is None


# Any file at all

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
LETTERS = "ab9Zé語=:;#/+-_.@!$%&*\\,{}()[]|~^ \"'`"
inline = (
    st.text(LETTERS, min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text[:1] not in ("", "#", '"', "'"))
)
lined = st.text(LETTERS + "\n\n\t", max_size=40)
PIECES = ("<masked>", "[left out", "here]")


def plain(text: str) -> tuple[str, str]:
    value = text.replace("\t#", " #").partition(" #")[0].strip()
    return text, value


def single(text: str) -> tuple[str, str]:
    value = text.replace("'", "")
    return f"'{value}'", value


def double(text: str) -> tuple[str, str]:
    spelled = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{spelled}"', f"{text}\n{spelled}"


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, str]:
    """Return lines of a dotenv file, and the value in them: as it is meant, and as it is written."""
    written, value = draw(
        st.one_of(
            inline.map(plain),
            lined.map(single),
            lined.map(double),
            st.sampled_from(["", '""']).map(lambda empty: (empty, "")),
        )
    )
    before = draw(st.sampled_from(["", "export ", "  ", "export\t"]))
    between = draw(st.sampled_from(["=", "=", "= ", " = ", ": "]))
    behind = draw(st.sampled_from(["", "", " # a note", "\t"]))
    return f"{before}{draw(NAMES)}{between}{written}{behind}", value


notes = st.sampled_from(["", "# a note", "#", "  # another: note", "; a third"]).map(lambda line: (line, ""))
bodies = st.lists(entries() | notes, max_size=8)
OPTIONS = (
    "cat",
    "cat -n",
    "head -n 3",
    "tail -n 3",
    "nl",
    "tac",
    "grep -n =",
    "grep -A2 -n a",
    "grep -HnB1 Z",
    "grep -v a",
)
BETWEEN = "\x1e"


def outputs(path: Path) -> list[str]:
    """Return what real programs print of a file."""
    script = f"; printf '{BETWEEN}'; ".join(f"{command} .env" for command in OPTIONS)
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=path.parent,
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return done.stdout.decode().split(BETWEEN)


@settings(max_examples=150)
@given(bodies, st.sampled_from(["\n", "\r\n"]))
@example([('A="\\"=x\ny=\\"z\nMII+/=="', '"=x\ny="z\nMII+/==\ny=\\"z')], "\n")
@example([("a=", ""), ("A='xyz\na=bcd'", "xyz\na=bcd")], "\n")
def test_no_value_is_seen_in_what_a_program_prints(entries: list[tuple[str, str]], end: str) -> None:
    values = {piece.strip() for _, value in entries for piece in value.split("\n")}
    telling = {
        value for value in values if len(value) >= TELLING and not any(value in piece for piece in PIECES)
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ".env"
        path.write_bytes("".join(f"{lines}\n" for lines, _ in entries).replace("\n", end).encode())
        printed = outputs(path)
        assert len(printed) == len(OPTIONS)
        for command, output in zip(OPTIONS, printed, strict=True):
            seen = masked(path, output)
            assert seen.count("\n") == output.count("\n")
            assert not [value for value in telling if value in seen], command

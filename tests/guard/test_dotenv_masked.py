"""Dotenv files with ``env_files = "mask"``: which commands may show them, and what of them is shown."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.model import Allow, Block, Judgement, ToolEvent
from codex_guard.policy.policy import Policy
from support.repositories import put

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
POLICY = Policy(env_files="mask")

SHOWN = [
    "cat .env", "cat ./.env", "/bin/cat .env", "cat -n .env .env.local", "cat .env | grep PORT",
    "cat .env 2>/dev/null", "cat .env 2>&1 | head -5", "head -n 3 .env", "head -3 .env", "tail -n +2 .env",
    "grep -n PORT .env", "grep -E '^(A|B)=' .env", "grep -i -A2 port .env", "grep --regexp=A .env",
    "grep -eA .env", "rg -n PORT .env", "nl -ba .env", "echo --- && cat .env", "pwd; cat .env || true",
    "cd . && cat -- .env",
]  # fmt: skip
DENIED = [
    # still running when its output is first read, of which a hook sees only the end
    "cat .env; sleep 60", "sleep 20; cat .env", "cat .env; make", "tail -f .env", "tail -fn1 .env",
    "tail --follow .env", "cat .env -", "cat .env .env.pipe", "cat .env /dev/zero", "less .env", "more .env",
    "bat .env", "cat .env & wait", "while :; do cat .env; done", "for i in 1 2; do cat .env; done",
    "cat .env; cat", "cat .env; make > build.log", "cat .env; rm other", "timeout 5 cat .env",
    "ls -R /; cat .env",
    "source .env; cat .env", "bash -c 'cat .env'", "echo .env | xargs cat", "{ cat .env; } | tail -n 1",
    "cat .env; read x", "cat .env; echo {1..99999999}", "grep -r . .env /",
    "cat .env; grep '\\(.*\\)*\\1' .env", "grep -f .env.pipe .env", "echo ok | cat .env",
    # another program than it looks
    "./cat .env", "PATH=.:$PATH cat .env", "export PATH=.; cat .env", "cat() { base64; }; cat .env",
    "alias cat=base64; cat .env", "rg --pre ./cat X .env", "LESSOPEN='|base64 %s' less .env",
    # the file is another by the time that the output is masked
    "cat .env && mv .env x", "cat .env; : > .env",
    # pieces of lines, or lines in another form
    "head -c 20 .env", "head --bytes=2 .env", "head --by=2 .env", "grep -o 'n.*' .env", "grep --only x .env",
    "grep -ob x .env", "cat .env | cut -c1-3", "cat -A .env", "cat -v .env", "nl -s= .env",
    "grep --color=always PORT .env", "echo -n x; cat .env", "echo 'x=\\c'; cat .env",
    "printf x; cat .env", "cat .env | xargs echo",
    # another file
    "cat .link", "cat .env ~/.aws/credentials", "grep -f .env .env.local", "cat .en?",
    "cat .env > x", "cat .env | tee x", "cat < .env", "echo $(cat .env)", "sudo cat .env", "eval 'cat .env'",
]  # fmt: skip


@pytest.fixture
def repo(repo: Path) -> Path:
    put(repo / ".env", "PORT=80\nA=not-so-secret-3\n")
    put(repo / ".env.local", "B=not-so-secret-4\n")
    os.mkfifo(repo / ".env.pipe")
    (repo / ".link").symlink_to(".env")
    (repo / ".env.link").symlink_to(put(repo / "notes.txt"))
    return repo


@pytest.mark.parametrize("command", SHOWN)
def test_what_shows_lines_and_nothing_besides(judge: Judge, tool: Tool, command: str) -> None:
    assert judge(tool("Bash", command), POLICY).decision == Allow()
    assert isinstance(judge(tool("Bash", command)).decision, Block)


@pytest.mark.parametrize("command", [*DENIED, "cat .env.link"])
@pytest.mark.usefixtures("repo")
def test_whatever_else_it_does_is_denied(judge: Judge, tool: Tool, command: str) -> None:
    put(Path(tool("Bash", "").cwd) / ".env.example", "A=\n")
    assert judge(tool("Bash", command), POLICY).decision == judge(tool("Bash", command)).decision


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("PORT=80", "PORT=<masked>"),
        ("export A='b c'", "export A=<masked>"),
        ('A="b\\"c d"', "A=<masked>"),
        ("# OLD=hunter2zz", "# OLD=<masked>"),
        ("#A=b", "#A=<masked>"),
        ("# a note", "# a note"),
        ("MY$A=weird-value", "<masked>"),
        ("L" * 90 + "=long-name", "<masked>"),
        ("no assignment", "<masked>"),
        ("A=b\r", "A=<masked>"),
    ],
)
def test_every_value_of_a_line_is_masked(
    judge: Judge, tool: Tool, reason: Said, repo: Path, line: str, shown: str
) -> None:
    (repo / ".env").write_text(f"X=other-value\n{line}\n", newline="")
    told = reason(judge(tool("Bash", "cat .env", f"X=other-value\n{line}\n"), POLICY))
    assert told.endswith(f"\nX=<masked>\n{shown}\n")


@pytest.mark.parametrize(
    "output",
    [
        "A=not-so\n... 12 bytes omitted ...\ncret-3\n",
        "A=not…9 tokens truncated…3",
        "\x1b[31mA\x1b[m=not-so-secret-3",
        "A\0=\0n\0o\0",
        "A=n\ufffdt",
    ],
)
def test_what_is_not_as_it_stands_in_the_file_is_left_out(
    judge: Judge, tool: Tool, reason: Said, output: str
) -> None:
    told = reason(judge(tool("Bash", "cat .env", output), POLICY))
    assert told.endswith("[the output is left out: codex-guard show FILE prints the names in it]")


def test_a_file_that_is_gone_meanwhile_or_an_output_in_another_form(
    judge: Judge, tool: Tool, reason: Said, repo: Path
) -> None:
    event = tool("Bash", "cat .env", {"output": "A=not-so-secret-3\n"})
    assert "not-so-secret" not in reason(judge(event, POLICY))
    (repo / ".env").unlink()
    assert "not-so-secret" not in reason(judge(tool("Bash", "cat .env", "A=not-so-secret-3\n"), POLICY))

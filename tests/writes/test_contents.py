"""What lands in files, and texts that name them: programs, diffs, sed scripts and patches."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codex_guard.model import BEHIND, Unscanned, Write
from codex_guard.shell.meaning import HOLE, Scope
from codex_guard.shell.walk import walked
from codex_guard.writes import bash, sed, table
from codex_guard.writes.bash import Written


def written(command: str) -> Written:
    scope = Scope("/work/app", {"HOME": "/home/dev"}, "/work/app")
    return bash.written(walked(command, scope), "/work/app")


def shown(found: Written) -> str:
    """Return writes as ``op path > new_path``."""
    return ", ".join([f"{w.op} {w.path}" + (f" > {w.new_path}" if w.new_path else "") for w in found.writes])


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("python3 -c \"open('a','w').write('x')\"", [("a", "add", "x")]),
        ("python3 -c \"open('a','a').write('x')\"", [("a", "update", "x")]),
        ("python3 -c \"f=open('a','w'); f.write('x'); f.write('y'); f.close()\"", [("a", "add", "xy")]),
        ("python3 -c \"f=open('a','w'); print('x', file=f)\"", [("a", "add", None)]),
        ("python3 -c \"open('a','w').write('x'+y)\"", [("a", "add", None)]),
        ("python3 -c \"open('a','w').write(f'{y}')\"", [("a", "add", None)]),
        ("python3 -c \"open('a', encoding='ascii', mode='w').write('x')\"", [("a", "add", "x")]),
        (
            "python3 - <<'E'\nwith open('a', 'w') as f:\n    f.write('x\\n')\n    f.write('y')\nE",
            [("a", "add", "x\ny")],
        ),
        (
            "python3 - <<'E'\nfrom pathlib import Path\ns = '''x\n'''\np = Path('a')\np.write_text(s)\nE",
            [("a", "add", "x\n")],
        ),
        ("python3 -c \"open('a','w').write('x'); open('a','a').write('y')\"", [("a", "update", None)]),
        ("node -e \"const c='x'; require('fs').writeFileSync('a', c)\"", [("a", "add", "x")]),
        ("node <<'E'\nfs = require('fs')\nfs.appendFileSync('a', 'x')\nE", [("a", "update", "x")]),
        ('ruby -e \'File.write("a", "x")\'', [("a", "add", "x")]),
        ('ruby -e \'File.write "a", "x"\'', [("a", "add", "x")]),
        ('ruby -e \'File.open("a", "w") { |f| f.puts "x" }\'', [("a", "add", "x\n")]),
        ('php -r \'file_put_contents("a", "x", FILE_APPEND);\'', [("a", "update", "x")]),
    ],
)
def test_what_an_interpreters_program_writes(
    command: str, expected: list[tuple[str, str, str | None]]
) -> None:
    assert [(write.path, write.op, write.content) for write in written(command).writes] == expected


def test_a_programs_own_text_is_not_what_it_writes() -> None:
    command = "python3 - <<'E'\nimport json\njson.dump({}, open('a', 'w'))\nE"
    assert written(command).writes == (Write("a", "add", None, None),)


def test_a_diff_tells_the_lines_that_it_adds() -> None:
    diff = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+b\n c\n@@ -9 +9 @@\n-d\n+++ e\n"
    assert written(f"patch -p1 <<'E'\n{diff}E").writes == (Write("x", "update", None, "b\n++ e\n"),)
    assert written(f"patch -R -p1 <<'E'\n{diff}E").writes == (Write("x", "update", None, "a\nd\n"),)


def test_git_applies_a_diff_from_the_root() -> None:
    diff = "diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n"
    assert shown(written(f"cd src && git apply <<'E'\n{diff}E")) == "add x"
    assert shown(written(f"git apply --directory=lib <<'E'\n{diff}E")) == "add lib/x"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ('"b/a\\tb"', "a\tb"),
        ('"b/\\303\\274"', "ü"),
        ('"b/a\\"b"', 'a"b'),
        ("b/a b\t2026-01-01", "a b"),
        ("b/d/x", "d/x"),
    ],
)
def test_names_in_diffs(name: str, path: str) -> None:
    diff = f"--- /dev/null\n+++ {name}\n@@ -0,0 +1 @@\n+a\n"
    assert written(f"git apply <<'E'\n{diff}E").writes == (Write(path, "add", None, "a\n"),)


@pytest.mark.parametrize(
    ("diff", "expected"),
    [
        ("rename from x\nrename to y\n", "move x > y, add y"),
        ("copy from x\ncopy to y\n", "add y"),
        ("deleted file mode 100644\n", "delete x"),
        ("old mode 100644\nnew mode 100755\n", "update x"),
    ],
)
def test_what_git_says_of_a_file_without_its_lines(diff: str, expected: str) -> None:
    head = "diff --git a/x b/y\n" if "y" in diff else "diff --git a/x b/x\n"
    assert shown(written(f"git apply <<'E'\n{head}{diff}E")) == expected


def test_a_copy_has_the_text_of_what_the_command_wrote() -> None:
    assert Write("c", "add", None, "x\n") in written("echo x > a; cp a c").writes
    assert Write("a", "move", "c", "x\n") in written("echo x > a; mv a c").writes
    assert Write("c", "add") in written("echo x > a; make > a; cp b c").writes
    assert Write("b", "add", None, "x\n") in written("echo x > a; cat a > b; echo y > a").writes
    assert Write("a", "add") in written("echo x | tee a; make > a").writes


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("w a", ["a"]),
        ("s/x/y/w a", ["a"]),
        ("s,x,y,gw a b\nw c", ["a b", "c"]),
        ("/x/,$ { w a\n}", ["a"]),
        ("\\,x,w a", ["a"]),
        ("s/[/]/w/; s/[^]/]/w/", []),
        ("s/\\//w a/", []),
        ("a\\\nw a\nw b", ["b"]),
        ("b w; tw", []),
        ("r w", []),
        ("y/w a/xyz/", []),
        ("s/x", []),
        ("", []),
    ],
)
def test_what_a_sed_script_writes(script: str, expected: list[str]) -> None:
    assert sed.files(script) == expected


def test_codex_starts_itself_for_a_patch() -> None:
    patch = "*** Begin Patch\n*** Add File: a\n+x\n*** End Patch"
    for start in ("/opt/arg0/apply_patch", "codex --codex-run-as-apply-patch"):
        assert written(f"{start} '{patch}'").writes == (Write("a", "add", None, "x\n"),)


def test_what_is_written_to_what_the_shell_has_open() -> None:
    assert written("exec > a; echo x; make; echo y >&2").writes == (
        Write("a", "add", None, ""),
        Write("a", "update", None, "x\n", BEHIND),
    )


def test_a_pattern_is_no_name() -> None:
    assert written("echo x > *.txt").unscanned == (Unscanned("*.txt", "its name is known at run time only"),)


def test_what_writes_nothing_loads_nothing() -> None:
    code = (
        "import sys\n"
        "from codex_guard.shell.meaning import Scope\n"
        "from codex_guard.shell.walk import walked\n"
        "from codex_guard.writes import bash\n"
        "before = set(sys.modules)\n"
        "bash.written(walked('ls src | head; cat a > b', Scope('/w', {}, '/w')), '/w')\n"
        "print(sorted(set(sys.modules) - before))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


_WORDS = st.sampled_from(
    ("-", "--", "-i", "-o", "-xf", "cf", "-p1", "-C", "-d", "a", "b.txt", "d/", ".", "..", "/", "''", "$x",
     "*.c", "--output=x", "--out=", "-=", "--=", "host:a", "s3://b/c", "http://e/a?b", "#", "'w x'", "-e",
     "'s/a/b/w'", "[", "+wq", "of=x", "of=", "add", "'*** Add File: a'", "-I{}", "'w $x'", ">$x", ">a",
     "mv", "apply", "config")
)  # fmt: skip
_LINES = st.sampled_from(
    ("--- a/x", "+++ b/y", "--- /dev/null", "@@ -1 +1 @@", "@@ -", "@@@@", "diff --git a/x b/x", '"', "+x",
     "diff --git ", "rename from a", "rename to b", "copy from", "deleted file mode", "-y", " z", "\\ No",
     '+++ "b\\303"', "w $x", "w", "wq", "")
)  # fmt: skip
_PROGRAMS = sorted(
    {"git", "python3 -c", "awk", *table.ROWS, *table.COPIERS, *table.EDITORS, *table.ARCHIVERS}
    | {*table.DOWNLOADERS, *table.PATCHERS, *table.OTHERS}
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_PROGRAMS), st.lists(_WORDS, max_size=6), st.lists(_LINES, max_size=6))
def test_any_command_gives_an_answer_without_holes(program: str, words: list[str], lines: list[str]) -> None:
    body = "".join(f"{line}\n" for line in lines)
    found = written(f"{program} {' '.join(words)} <<E\n{body}E")
    for write in found.writes:
        assert write.path
        assert HOLE not in f"{write.path}{write.new_path}{write.content}"
    assert HOLE not in "".join([unscanned.where for unscanned in found.unscanned])

"""The files that commands are said to write, held against those that bash and its programs really write.

Every command runs in a folder of its own, with files of an old date in it: whatever is new, gone or has a
younger date afterwards was written. What is said to be known must be exactly that, and no text may differ.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import walked
from codex_guard.writes import bash
from codex_guard.writes.bash import Written
from support import bashes

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="sed, cp and others are BSD's here")

_OLD = 1_000_000_000  # seconds since 1970
_FILES = {
    "a": "a\nb\nc\n",
    "b": "b\n",
    "c.txt": "one\n-- two\n",
    "src/app.py": "print(1)\n",
    "sub/x.txt": "x\n",
}
_DIFF = "--- a/src/app.py\n+++ b/src/app.py\n@@ -1 +1,2 @@\n-print(1)\n+print(2)\n+print(3)\n"
_NEW = "--- /dev/null\n+++ b/new/n.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n"
_GONE = "--- a/b\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n"
_RENAMED = (
    "diff --git a/b b/moved\nsimilarity index 50%\nrename from b\nrename to moved\n--- a/b\n+++ b/moved\n"
    "@@ -1 +1 @@\n-b\n+B\n"
)
_RULED = "--- c.txt\n+++ c.txt\n@@ -1,2 +1,2 @@\n one\n--- two\n+++ three\n"


def _fed(command: str, text: str) -> str:
    return f"{command} <<'E'\n{text}E"


#: All that these write is known beforehand.
KNOWN = (
    # redirections
    "echo x > n",
    "echo x >> a",
    "echo -e 'a\\tb' > n",
    "echo x >| a",
    "ls &> n",
    "ls nowhere 2> n",
    "ls nowhere &>> b",
    "echo x >& n",
    ": > a",
    "> a",
    "true > n",
    "echo x > n > m",
    "echo x > n 2> m",
    "echo x 2> n",
    "echo x 2> n >&2",
    "exec 3> n; echo x >&3",
    "exec > n; echo x; echo y",
    "exec 3>&1 > n; echo x >&3; echo z",
    "exec {fd}> n; echo x >&$fd",
    "exec 3<> a; echo x >&3",
    "echo x 1<> n",
    "{ echo x; echo y; } > n",
    "(echo x; ls) > n 2> m",
    "if true; then echo x; fi > n",
    'while read -r l; do echo "$l"; done < a > n',
    "for i in 1 2; do echo $i; done > n",
    "for i in 1 2; do echo $i > n$i; done",
    "case x in x) echo 1 > n;; esac",
    'f() { echo "$1" > "$2"; }; f x n; f y m',
    "f() { echo x; }; f > n",
    "echo x > n & wait",
    "[ 3 -gt 2 ] && echo x > n",
    "echo x 2>&1 > n",
    "echo x > /dev/null",
    'echo x > "$HOME/n"',
    "echo x > ~/n",
    "echo 'a > n'",
    "echo a \\> n",
    "[[ b > a ]]",
    "echo x > my\\ file.txt",
    "echo x > 'ü ñ.txt'",
    "echo x > $'tab\\tn'",
    'D=sub; echo x > "$D/n"',
    'echo x > "${N:-n}"',
    "echo x > ${N:=n}.txt",
    "p=n.tar.gz; echo x > ${p%%.*}",
    "cd sub && echo x > n",
    "cd sub; cd ..; echo x > n",
    "(cd sub; echo x > n); echo y > m",
    "pushd sub > /dev/null; echo x > n; popd > /dev/null; echo y > m",
    "mkdir -p d/e && cd d/e && echo x > n",
    "bash -c 'echo x > n'",
    "bash -c 'echo hi' > n",
    "sh -c 'echo $0 > $1' x n",
    "eval 'echo x > n'",
    "env A=1 sh -c 'echo $A > n'",
    "echo 'echo x > n' | sh",
    "echo 'echo x > n' > s.sh; sh s.sh",
    "echo 'echo x > n' > s.sh; . ./s.sh",
    "sh -s <<E\necho x > n\nE",
    "printf '%s\\n' one two > n",
    "printf 'x' >> b",
    "x=$(echo y > n); echo $x",
    "echo $(echo y > n) > m",
    "trap 'echo x > n' EXIT",
    # heredocs and here-strings
    "cat > n <<E\nx $HOME\nE",
    "cat > n <<'E'\nx $HOME\nE",
    "cat <<-E >> b\n\tx\n\tE",
    "cat <<A > n; cat <<B > m\n1\nA\n2\nB",
    "cat <<A <<B > n\n1\nA\n2\nB",
    "cat - <<< x > n",
    "cat > n <<E\nE",
    "cat <<'E' > s.sh\ncat > inner <<I\nx\nI\nE",
    "tee n <<< x > /dev/null",
    "cat <<E | tee n | cat > m\nx\nE",
    "cat <<E | grep x > n\nx\nE",
    "cat <<E | base64 -d > n\naGk=\nE",
    "dd of=n status=none <<E\nx\nE",
    # tee and streams
    "echo x | tee n m > /dev/null",
    "echo x | tee -a a n > o",
    "echo x | tee -- -n",
    "echo x | tee --append b",
    "ls | tee n",
    "echo x | tee >(cat > n) > m",
    "echo x > >(cat > n)",
    "cat a b > n",
    "cat < a > n",
    "sort a -o n",
    "sort -k1 -o a a",
    "sort --output=n a",
    "uniq a n",
    "shuf -o n a",
    "iconv -f utf-8 -t latin1 -o n a",
    "base64 a > n",
    "xxd a n",
    # editing in place
    "sed -i s/a/b/ a",
    "sed -i.bak s/a/b/ a c.txt",
    "sed -i'' -e s/a/b/ a",
    "sed --in-place=.orig s/a/b/ a",
    "sed -i 's/a/b/;s/b/c/' a b",
    "sed -i -E 's/(a)/\\1/' a",
    "sed -Ei -e s/a/b/ -- a",
    "sed s/a/b/ a",
    "sed -n 's/a/b/w n' a",
    "sed -n '/a/w n' a",
    "sed 's/[/w n]/b/' a",
    "sed -n -e 'w n' -e 'p' a > m",
    "sed -n '1{w n\n}' a",
    "perl -pi -e s/a/b/ a b",
    "perl -i.bak -pe s/a/b/ a",
    "perl -0777 -i -pe s/a/b/ a",
    "perl -ne print a > n",
    "printf '1d\\nw\\nq\\n' | ed -s a",
    "printf 'w n\\nq\\n' | ed -s a",
    "printf 'p\\nq\\n' | ed -s a",
    "ex -sc '1s/a/b/|x' a",
    "ex -s a <<E\n1d\nwq\nE",
    "vim -es -c 's/a/b/' -c wq a",
    "vim -es +'w! n' +q a",
    "sed -e 's/a/b/w n' -e 's/c/d/w m' a",
    "sed -i -e 's/a/b/' -e 's/c/d/' a && sed -n 2p b",
    "sed --expression=s/a/b/ --in-place a",
    "sed -i '/[/]/d;s/[]/]//w n' a",
    "perl -0pi -e s/a/b/ a",
    "vim -es -c '1s/a/b/' -c 'wq' a < /dev/null",
    # copies, moves, links
    "mv a{,.bak}",
    "cp a{,.bak}",
    "cp c.txt ./c2.txt",
    'touch n; ln n m; ln -s "$PWD/a" o',
    "mkdir -p d && mv src/app.py d && cp d/app.py .",
    "cp src/app.py sub/../n.py",
    "cat /dev/null > a",
    "truncate --size=0 a",
    "echo x | xargs -I{} sh -c 'echo {} > {}.txt'",
    'while read -r n; do touch "$n"; done <<E\np\nq\nE',
    "for i in 1 2; do cat > n$i.txt <<E\nn=$i\nE\ndone",
    "printf '%s' \"$(cat <<'E'\nx\nE\n)\" > n",
    "( umask 077; cat > n <<E\nk\nE\n)",
    "cat > n <<'E' && cat > m <<'F'\n1\nE\n2\nF",
    "bash <<'E'\ncat > n <<'F'\ny\nF\nE",
    "ls > >(tee n) 2> >(tee m >&2)",
    "cat <<'E' | python3 - > n\nprint(1)\nE",
    "echo '{}' > n.json; python3 -m json.tool n.json m.json",
    "timeout 5 cp a n",
    "[ -f nowhere ] || echo x > n",
    "test -f a && rm a",
    "echo x > n; cat n > m; echo y > n",
    'set -- n m; for f; do echo x > "$f"; done',
    "n=1; n=$((n+1)); echo x > n$n",
    'a=(n m); echo x > "${a[1]}"; touch "${a[@]}"',
    'f=sub/x.txt; cp "$f" "$(basename "$f" .txt).md"',
    'echo x > "$(dirname sub/x.txt)/n"',
    "alias w='echo x >'; echo y > n",
    "tar c a b > n.tar",
    "bzip2 -k a",
    "xz -zk a; xz -dc a.xz > n",
    "gzip -9f a b",
    "tar -cf n.tar a; tar --delete -f n.tar a",
    "cp a n",
    "cp a b sub/",
    "cp a b sub",
    "cp -t sub a b",
    "cp a .",  # the same file, which is refused
    "cp src/app.py .",
    "cp -p a sub/n",
    "mkdir d; cp a d",
    "mkdir -p d/e; cp a d/e; cp b d",
    "cp -T a n",
    "cp -S .b a n",
    "echo x > n; cp n m",
    "cat > n <<E\nx\nE\nmv n m",
    "mv a n",
    "mv a b sub/",
    "mv src/app.py sub/",
    "mv -t sub a",
    "mv -f a b",
    "mv c.txt d.txt && mv d.txt e.txt",
    "ln -s a n",
    "ln -sf ../a sub/",
    "ln a n",
    "cd sub && ln -s ../a",
    "install -D a d/e/n",
    "install -m 755 a n",
    "install -d d/e",
    "install -t sub a b",
    "dd if=a of=n status=none",
    "dd if=a of=b conv=notrunc status=none",
    "truncate -s 0 a",
    "truncate -s 5 n",
    "touch n m",
    "touch {n,m}.txt",
    "touch -c n",
    "touch -d '2020-01-01' n",
    "rm a b",
    "rm -f -- a nowhere/n && rm -rf sub/x.txt",
    "unlink a",
    "shred -u a",
    "mkdir -p d/e",
    "mkdir d && rmdir d",
    "chmod +x a",
    # diffs
    _fed("patch -p1 -s", _DIFF),
    _fed("patch -s src/app.py", _DIFF),
    _fed("patch -p1 -s", _DIFF + _NEW),
    _fed("patch -p1 -s", _GONE),
    _fed("patch -p0 -s", _RULED),
    _fed("patch -p1 -s --dry-run", _DIFF),
    _fed("patch -p1 -s -o n", _DIFF),
    _fed("cd src && patch -p2 -s", _DIFF),
    _fed("cat > p.diff", _DIFF) + "\npatch -p1 -s < p.diff",
    _fed("cat > p.diff", _DIFF) + "\npatch -p1 -s -i p.diff",
    _fed("git apply", _DIFF),
    _fed("git apply", _NEW + _GONE),
    _fed("git apply", _RENAMED),
    _fed("git apply --check", _DIFF),
    _fed("cd src && git apply", _DIFF),
    _fed(
        "git apply -R",
        _DIFF.replace("-print(1)\n+print(2)\n", "-print(9)\n+print(1)\n")
        .replace("1,2", "1")
        .replace("+print(3)\n", ""),
    ),
    _fed("patch -p1 -s -R", "--- a/b\n+++ b/b\n@@ -1 +1 @@\n-B\n+b\n"),
    _fed("patch -s", "--- c.txt.orig\n+++ c.txt\n@@ -1 +1 @@\n-one\n+One\n"),
    _fed("cat > p.diff", _DIFF) + "\ngit apply p.diff",
    # git
    "git mv a n",
    "git mv a b sub/",
    "git rm -q a",
    "git rm -q --cached a",
    "echo x > a; git checkout -- a",
    "echo x > a; git checkout -q HEAD -- a b; echo y > b",
    "echo x > a; git restore a",
    "git restore --staged a",
    "git checkout -q -b n",
    "git status; git diff; git log",
    "git diff --output=n HEAD",
    "git archive -o n.tar HEAD",
    "git -C sub mv x.txt y.txt",
    "git show HEAD:a > n",
    "git add -A && git commit -qm 'x > y'",
    # archives
    "tar cf n.tar a b",
    "tar -czf n.tgz -C src app.py",
    "tar cf n.tar a b && rm a b && tar xf n.tar a",
    "tar cf n.tar a && tar -xf n.tar -C sub a",
    "tar cf n.tar a && tar tf n.tar",
    "tar cf - a | cat > n.tar",
    "zip -q n a b",
    "zip -q n.zip a && unzip -qo n.zip a -d sub",
    "zip -q n.zip a && unzip -l n.zip",
    "gzip a",
    "gzip -k a && gzip -dc a.gz > n",
    "gzip a && gunzip a.gz",
    "bzip2 a; bunzip2 a.bz2",
    "xz -k a",
    "gzip -c a > n.gz",
    # programs
    "openssl rand -hex -out n 8",
    "ssh-keygen -q -t ed25519 -N '' -f n",
    "python3 -c \"open('n','w').write('x')\"",
    "python3 - <<E\nfrom pathlib import Path\nPath('n').write_text('x')\nE",
    "python3 - <<E\nimport os, shutil\nshutil.copy('a', 'n'); os.rename('b', 'm')\nos.remove('c.txt')\nE",
    'perl -e \'open(F, ">", "n"); print F "x"\'',
    "awk '{print > \"n\"}' a",
    "jq -n '{a: 1}' > n",
    "find . -name '*.txt' -print",
    "grep -n 'x > y' a",
    "echo a | xargs touch",
    "find sub -name x.txt -exec cp {} n.txt ';'",
    "echo n | while read -r f; do echo x > $f; done",
    "diff a b > n",
    "script -qc 'echo x' n > /dev/null",
    "set -e\ncd sub\ncat > p.py <<E\nimport os\nEOF\nE\n(cd .. && echo x > r)\ntee q <<E > /dev/null\nz\nE",
)

#: The program sees that there is nothing to do, or must not do it.
REFUSED = frozenset(("cp a .", "rm -f -- a nowhere/n && rm -rf sub/x.txt"))

#: A part of what these write can only be said to be unknown.
PARTLY = (
    "echo x > n$(date +%s)",
    "f=$(mktemp); echo x > $f; mv $f n",
    'echo x > "$RANDOM"',
    "sed -i s/x/y/ sub/*.txt",
    "rm sub/*.txt",
    "cp sub/*.txt src",
    "cp -r sub d",
    "cp -a sub/. src/",
    "tar cf n.tar a && tar xf n.tar -C sub",
    "tar cf n.tar a b; rm a; tar xf n.tar",
    "zip -q n.zip a && unzip -qo n.zip -d sub",
    "split -b 2 a",
    "split -l 1 -d a p.",
    "csplit -s a 2",
    "echo x > a; git stash -q",
    "echo x > a; git stash -q && git stash pop -q",
    "echo x > a; git checkout .",
    "echo x > a; git restore .",
    "echo x > a; git reset -q --hard",
    "git format-patch -q --root -o sub",
    "find . -name '*.txt' -exec sed -i s/x/y/ {} +",
    "patch -p1 -s < given.diff",
    "git apply given.diff",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with files, in a repository that has them committed."""
    folder = tmp_path_factory.mktemp("made")
    for name, text in {**_FILES, "given.diff": _DIFF}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    git = ["git", "-c", "user.name=n", "-c", "user.email=n@example.com", "-C", str(folder)]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    return folder


def _seen(folder: Path) -> dict[str, tuple[int, int]]:
    """Return every file by its name, with what changes when it is written."""
    found = {}
    for path in folder.rglob("*"):
        if ".git" not in path.relative_to(folder).parts and (path.is_symlink() or not path.is_dir()):
            status = path.lstat()
            found[str(path.relative_to(folder))] = (status.st_ino, status.st_mtime_ns)
    return found


def _touched(command: str, made: Path, folder: Path) -> set[str]:
    """Return the names of the files that ``command`` really writes, run by bash in ``folder``."""
    shutil.copytree(made, folder, symlinks=True)
    for path in folder.rglob("*"):
        os.utime(path, (_OLD, _OLD))
    before = _seen(folder)
    person = {
        f"GIT_{who}_{what}": "n@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    # It returns when nothing is left that could write: whatever runs on in the background holds the pipes.
    subprocess.run(
        [bashes.bash(), "--norc", "-c", command],
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **person},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
    )
    after = _seen(folder)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _said(command: str, folder: Path) -> Written:
    root = str(folder)
    return bash.written(walked(command, Scope(root, {"HOME": root}, root)), root)


def _paths(written: Written) -> set[str]:
    return {path for write in written.writes for path in (write.path, write.new_path) if path is not None}


def _programs_of(command: str) -> None:
    """Skip the test where a program is missing that only some machines have."""
    for name in (
        "patch",
        "ed",
        "ex",
        "vim",
        "zip",
        "unzip",
        "xz",
        "xxd",
        "jq",
        "openssl",
        "ssh-keygen",
        "bzip2",
    ):
        if f"{name} " in f" {command} " and shutil.which(name) is None:
            pytest.skip(f"there is no {name} on this machine")


@pytest.mark.parametrize("command", KNOWN)
def test_what_is_said_is_written(command: str, made: Path, tmp_path: Path) -> None:
    _programs_of(command)
    folder = tmp_path / "run"
    touched = _touched(command, made, folder)
    written = _said(command, folder)
    # What is written and then taken away again leaves nothing to see.
    passing = {write.path for write in written.writes if write.op in ("move", "delete")}
    assert touched <= _paths(written)
    unseen = {path for path in _paths(written) - touched - passing if command not in REFUSED}
    assert not unseen
    assert not written.unscanned
    for write in written.writes:
        twice = sum(write.path == each.path for each in written.writes) > 1
        if (
            write.content is not None
            and not twice
            and (folder / write.path).exists()
            and "…" not in write.content
        ):
            text = (folder / write.path).read_text()
            assert text == write.content if write.op == "add" else write.content in text


@pytest.mark.parametrize("command", PARTLY)
def test_what_is_not_known_is_said(command: str, made: Path, tmp_path: Path) -> None:
    _programs_of(command)
    folder = tmp_path / "run"
    touched = _touched(command, made, folder)
    written = _said(command, folder)
    gone = {write.path for write in written.writes if write.op in ("move", "delete")}
    assert _paths(written) - gone <= touched
    assert written.unscanned

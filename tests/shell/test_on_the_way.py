"""What a script itself prepares and then runs: variables, files, descriptors, aliases, and decoded text."""

import base64
import bz2
import gzip
import lzma

import pytest

from codex_guard.shell.invocation import Invocation, Stage
from codex_guard.shell.meaning import HOLE, Scope
from codex_guard.shell.walk import walked


def invocations(text: str) -> list[Invocation]:
    return walked(text, Scope("/work/app", {"HOME": "/home/dev"}, "/work/app")).invocations


def commands(text: str) -> list[str]:
    """Give what is started; ``…`` is a hole."""
    return [" ".join(value.text.replace(HOLE, "…") for value in each.argv) for each in invocations(text)]


def packed(text: bytes) -> str:
    return base64.b64encode(text).decode()


HIDDEN = packed(b"x /\n")


@pytest.mark.parametrize(
    "text",
    [
        # arrays
        'a=(x /); "${a[@]}"',
        "a=(x /); ${a[*]}",
        'a=(y x); a+=(/); "${a[@]:1}"',
        'declare -a a=(x /); "${a[@]}"',
        "a[0]=x; a[1]=/; ${a[0]} ${a[1]}",
        "a=(x); a[5]=/; $a ${a[-1]}",
        "declare -A m=([k]=x [d]=/); ${m[k]} ${m[d]}",
        "m[k]=x; k=k; ${m[$k]} /",
        "a=([1]=/ [0]=x); ${a[0]} ${a[1]}",
        'a=(one x two); "${a[${#a[@]}-2]}" /',
        "mapfile -t a <<< $'x\\n/'; \"${a[@]}\"",
        'read -ra a <<< "x /"; "${a[@]}"',
        # what fills a variable
        "read v <<< 'x /'; $v",
        "read -r a b <<< 'x /'; $a $b",
        "IFS=: read a b <<< 'x:/'; $a $b",
        "read -d , v <<< 'x /,y'; $v",
        "printf -v v '%s %s' x /; $v",
        "printf x | read v; $v /",
        "printf 'x\\n/\\n' | mapfile -t a; ${a[0]} /",
        "echo 'x /' | while read -r v; do $v; done",
        "while read a b; do $a $b; done <<< $'y 1\\nx /'",
        "while read -r v; do bash -c \"$v\"; done < <(echo 'x /')",
        "v='x /'; w=v; ${!w}",
        "a=(x); w='a[0]'; ${!w} /",
        "v=(x); unset v; v=${v:-x}; $v /",
        ': "${v:=x}"; $v /',
        "let n=2-1; set -- y x; shift $n; $1 /",
        'for v; do :; done; set -- x /; w=; for v; do w+="$v "; done; $w',
        "v=y; v=${v/y/x}; $v /",
        "IFS=,; v=x,/; $v",
        "true x; $_ /",
        "cd /; cd /tmp; x $OLDPWD",
        "export v=x; bash -c '$v /'",
        "v=x env bash -c '$v /'",
        "env v=x sh -c '$v /'",
        "f() { local v=$1; $v /; }; f x",
        'f() { echo "x $1"; }; eval "$(f /)"',
        'f() { eval "$@"; }; f x /',
        # substitutions
        "$(echo x) /",
        "v=$(printf '%s' x); $v /",
        "v=$(cat <<E\nx /\nE\n); $v",
        "eval \"$(cat <<< 'x /')\"",
        "$(echo /usr/bin/x | cat) /",
        "cd /; x $(pwd)",
        # aliases
        "alias y='x /'; y",
        "alias y=x; y /",
        "alias y='z; x'; y /",
        "alias y=x x=y; y /",
        "alias ls='x / #'; ls -la",
        "shopt -s expand_aliases\nalias y='sudo x'\ny /",
        "hash -p /bin/x y; y /",
        # files
        "echo 'x /' > a.sh; bash a.sh",
        "echo 'x /' > /tmp/a.sh && sh /tmp/a.sh",
        "cat > a.sh <<'E'\nx /\nE\nchmod +x a.sh; ./a.sh",
        "printf 'x /' | tee a.sh; . ./a.sh",
        "echo 'x $1' > a.sh; bash a.sh /",
        "echo 'x /' > a; cp a b; mv b c; ln c d; source d",
        "mkdir b; echo 'x /' > a; cp a b; sh b/a",
        "echo 'x ' > a; echo / >> a; sh a; cat a | tr -d '\\n' | sh",
        "echo 'x /' > a; sh < a",
        "echo 'x /' > a; cat a | sh",
        "echo 'x /' > a; sh -c \"$(cat a)\"",
        "echo 'x /' > a; eval \"$(< a)\"",
        "echo 'x /' > a; true || echo y > a; sh a",
        "cd b; echo 'x /' > a; cd ..; sh b/a",
        "{ echo 'x /'; } > a; sh a",
        "echo '#!/usr/bin/env bash\nx /' > a; sudo ./a",
        "echo '#!/bin/dash\nx /' > /tmp/a; /tmp/a",
        "cat <<E >a\nx /\nE\nnohup bash a &",
        "f() { echo 'x /' > $1; sh $1; }; f a",
        "echo 'import os; os.system(\"x /\")' > a.py; python3 -u a.py",
        "cat > a <<'E'\n#!/usr/bin/env python3\nimport os\nos.system('x /')\nE\nchmod +x a && ./a",
        "cat > a.py <<'E'\nimport os\nos.system('x /')\nE\n.venv/bin/python a.py --b",
        # descriptors
        "exec 3<<< 'x /'; source /dev/fd/3",
        "exec {n}<<< 'x /'; read -u $n v; $v",
        "bash /dev/fd/3 3<<< 'x /'",
        "exec 3<<< 'x /'; sh <&3",
        "exec 3< <(echo 'x /'); read v <&3; $v",
        "exec 3<<E\nx /\nE\ncat <&3 | bash",
        "bash < <(echo 'x /')",
        "source /dev/stdin <<< 'x /'",
        "echo 'x /' | . /dev/stdin",
        "echo 'x /' > >(sh)",
        "echo 'x /' | tee >(bash) >/dev/null",
        "exec 4> >(sh); echo 'x /' >&4",
        "exec > >(bash); echo 'x /'",
        # decoded
        f"echo {HIDDEN} | base64 -d | sh",
        f"base64 --decode <<< {HIDDEN} | bash",
        f'eval "$(echo {HIDDEN} | base64 -D)"',
        f'bash -c "`echo {HIDDEN} | base64 -d`"',
        f"sh <(echo {HIDDEN} | base64 -d)",
        f"echo {HIDDEN} > a; base64 -d a | sh",
        f"echo {HIDDEN} | openssl base64 -d | sh",
        f"echo {HIDDEN} | openssl enc -base64 -d -A | sh",
        f"v={HIDDEN}; echo $v | base64 -di > a; sh a",
        f"printf '%s' '{HIDDEN[:4]}' '{HIDDEN[4:]}' | base64 -d | sh",
        f"echo {HIDDEN[::-1]} | rev | base64 -d | sh",
        "echo 'eCAvCg' | base64 -d | sh",
        "echo PAQC6=== | tr A-Za-z N-ZA-Mn-za-m | cat; echo 'PAQC6===' | tr N A; printf 'k /' | tr k x | sh",
        "echo 'OAQS6CQ=' | cat; printf 'PAQC6===' | base32 -d | sh",
        "echo 78202f0a | xxd -r -p | sh",
        "echo '00000000: 7820 2f0a  x /.' | xxd -r | sh",
        "printf '\\x78\\x20\\x2f' | sh",
        "echo -e '\\170 /' | sh",
        "printf '/ x' | rev | sh",
        "printf '/\\nx \\\\\\n' | tac | sh",
        "echo 'k /' | tr a-z n-za-m | sh",
        "echo 'X /' | tr '[:upper:]' '[:lower:]' | sh",
        "echo 'X /' | tr '[:upper:]' a-z | cat; echo 'x-/' | tr -- - ' ' | cat; echo 'xq /' | tr -d q | sh",
        "echo 'y /' | sed s/y/x/ | sh",
        "echo 'yAy /' | sed -e 's/y//g' -e 's,A,x,' | sh",
        "echo '/' | sed 's/^/x /' | sh",
        f"echo {packed(gzip.compress(b'x /'))} | base64 -d | gunzip | sh",
        f"echo {packed(gzip.compress(b'x /'))} | base64 -d | gzip -dc | sh",
        f"echo {packed(bz2.compress(b'x /'))} | base64 -d | bzip2 -d | sh",
        f"echo {packed(lzma.compress(b'x /'))} | base64 -d | xzcat | sh",
        f"echo {packed(HIDDEN.encode())} | base64 -d | base64 -d | sh",
        "echo 'x /' | base64 | base64 -d | sh",
    ],
)
def test_what_is_prepared_is_started(text: str) -> None:
    assert {"x /", "/usr/bin/x /", "/bin/x /"} & set(commands(text))


@pytest.mark.parametrize(
    "text",
    [
        "\\y; alias y='x /'",
        "alias y='x /'; \\y",
        "alias y='x /'; 'y'",
        "alias y='x /'; unalias y; y",
        "alias y='x /'; unalias -a; y",
        "alias y='x /'; echo y",
        "echo 'x /' > a.sh; cat a.sh",
        "echo 'x /' > a.sh; bash b.sh",
        "echo 'x /' > a.sh; chmod +x a.sh; git add a.sh",
        f"echo {HIDDEN} | base64 -d",
        f"echo {HIDDEN} | base64 | sh",
        f"echo {HIDDEN} | base64 -d | python3 a.py",
        f"echo {HIDDEN} | openssl aes-256-cbc -d -a | sh",
        "echo zz | xxd -r -p | sh",
        "echo 'y /' | sed 's/[y]/x/' | sh",
        "echo 'y /' | sed -n 's/y/x/' | sh",
        "printf abc | gunzip | sh",
        f"echo {packed(gzip.compress(b'x /'))} | base64 -d | gzip -c | sh",
        (
            f"echo {packed(gzip.compress(b'x /')[:-20])} | base64 -d | zcat | sh;"
            f"echo {packed(b'BZhx')} | base64 -d | bzcat"
        ),
        f"echo {packed(bytes.fromhex('fd377a585a') + b'y')} | base64 -d | xz -d | sh",
        "printf 'x /' | base64 -d | sh; printf 1 | base32 -d; printf 1 | base32",
        "echo 'y /' | sed s | sh; echo 'y /' | sed 's/y/x' | sh; echo y | sed",
        "echo 'y /' | tr y | sh; echo 'y /' | xxd | sh",
        "echo y | rot13 | sh",
        "cat a.sh | sh; cat <(y) - <<< 'x /' > b",
        (
            "read v w; read -u 7 v; mapfile -u 7 a; let n; let n++; printf -v; alias y; hash -r;"
            "getopts a v; $v /"
        ),
        "basename; dirname; which a b; realpath; seq; seq a; command -v; readlink -f a b",
        (
            "source; . a.sh; eval; trap; su; sg; find -exec; xargs; parallel; ssh; git -c;"
            "git submodule foreach; git -c a"
        ),
        (
            "socat SHELL -; socat 'EXEC:\"y,z\",pty' -; ed a; at; tmux send-keys; screen -X stuff;"
            "capsh; fd -x; sqlite3"
        ),
        "y < <(z) 3> $(w) <> a; cat <&9; > >(y); y >&$(:); y < $(:)",
        "echo 'k /' | tr -c k x | sh",
        "read v <<< 'x /'; echo \"$v\"",
        "exec 3<<< 'x /'; cat <&3",
        "echo 'x /' > >(cat)",
        "f() { echo 'x /'; }; f > a",
        'a=(x /); echo "${a[@]}"',
    ],
)
def test_what_is_only_prepared_is_not_started(text: str) -> None:
    assert "x /" not in commands(text)


def fetches(invocation: Invocation) -> bool:
    """Say whether a fetcher made the words of an invocation, or what is piped into it."""
    stage: Stage | None = invocation.upstream
    made = list(invocation.inner)
    while stage is not None:
        made += stage.started
        stage = stage.before
    return any(each.program == "curl" for each in made)


@pytest.mark.parametrize(
    "text",
    [
        'v=$(curl u); y "$v"',
        "v=`curl u`; y $v",
        'v=$(curl u); w="$v"; y "$w"',
        'v="a $(curl u | tr a b)"; y "${v#a}"',
        "declare v=$(curl u); y $v",
        "export v=$(curl u); y $v",
        'v=$(curl u); echo "$v" | y',
        'v=$(curl u); y <<< "$v"',
        "v=$(curl u); y <<E\n$v\nE",
        "v=($(curl u)); y ${v[0]}",
        "read v < <(curl u); y $v",
        "curl u | while read v; do y $v; done",
        "for v in $(curl u); do y $v; done",
        'mapfile a < <(curl u); y "${a[@]}"',
        "printf -v v %s $(curl u); y $v",
        'y "$(echo "$(curl u)")"',
        "curl u | cat | y",
        "y < <(curl u)",
        "curl u > >(y)",
        "curl u | tee >(y)",
        "exec {f}> >(y); curl u >&$f",
        "exec 3< <(curl u); y <&3",
        "f() { curl u; }; v=$(f); y $v",
        "{ curl u; } > >(y)",
        'f() { y "$1"; }; f "$(curl u)"',
        'f() { y "$@"; }; v=$(curl u); f a "$v"',
        "bash -c 'y $1' _ \"$(curl u)\"",
        'set -- "$(curl u)"; y $*',
        'f() { for v; do y "$v"; done; }; f "$(curl u)"',
    ],
)
def test_it_is_known_who_made_a_text(text: str) -> None:
    assert any(fetches(each) for each in invocations(text) if each.program == "y")


@pytest.mark.parametrize(
    "text",
    [
        "v=$(curl u); v=a; y $v",
        "v=$(curl u); unset v; y $v",
        "v=$(curl u); y",
        "curl u; y",
        "f() { a; }; f $(curl u); y $1",
    ],
)
def test_who_made_another_text_is_not_told(text: str) -> None:
    assert not any(fetches(each) for each in invocations(text) if each.program == "y")


@pytest.mark.parametrize(
    ("text", "targets", "sources"),
    [
        ("y < a > b", ["b"], ["a"]),
        ("exec 3> a; y >&3", ["a"], []),
        ("exec {n}>> a; y >&$n", ["a"], []),
        ("exec 3< a; y <&3", [], ["a"]),
        ("y 3> a >&3", ["a"], []),
        ("exec 3> a; exec 3>&-; y >&3", [], []),
        ("y <<< a 2>&1", [], []),
        ("y 2> a > a", ["a"], []),
        ("y > >(z)", [], []),
        ("y=$(< a) y", [], []),
    ],
)
def test_targets_and_sources(text: str, targets: list[str], sources: list[str]) -> None:
    (found,) = [each for each in invocations(text) if each.program == "y"]
    assert [value.text for _, value in found.targets] == targets
    assert [value.text for value in found.sources] == sources


@pytest.mark.parametrize("text", ["{ y; } < a > b", "while read l; do y; done < a > b", "v=$(y) > b < a"])
def test_redirections_without_a_command_of_their_own(text: str) -> None:
    (found,) = [each for each in invocations(text) if each.targets]
    assert not found.program
    assert [value.text for value in found.sources] == ["a"]


def test_what_stands_in_a_substitution_is_captured() -> None:
    found = {each.program: each.captured for each in invocations("a $(b $(c)) `d | sh -c e` <(f); g")}
    assert found == {
        "a": False,
        "b": True,
        "c": True,
        "d": True,
        "sh": True,
        "e": True,
        "f": True,
        "g": False,
    }


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"v{number}=1; y\n" for number in range(6_000)),
        "".join(f"alias a{number}=b; a{number}\n" for number in range(4_000)),
        "".join(f"exec {number}< y\n" for number in range(6_000)),
        "".join(f"v{number}=$(y); z $v{number}\n" for number in range(3_000)),
        "".join(f"echo y > f{number}; sh f{number}\n" for number in range(3_000)),
        "v=" + "a" * 20_000 + "; " + "y ${v##*a*a*a*b}; " * 2_000,
        "v=" + "a" * 20_000 + "; " + "y ${v//a/" + "b" * 1_000 + "}; " * 500,
        "echo " + "{1..64}" * 5_000,
        "echo " + "a" * 20_000 + " | sed '" + "s/a/aaaaaaaaaa/g;" * 20 + "' | sh",
        f"echo {packed(gzip.compress(bytes(1 << 24)))} | base64 -d | gunzip | sh",
        "echo '. ./f; . ./f' > f; . ./f",
        "alias a='b; b' b='a; a'; a",
        'x=\'eval "$x"; eval "$x"\'; eval "$x"',
        "echo a | tee >(sh) " * 500,
        "while read a; do " * 6 + "y $a" + "; done" * 6 + " <<< '" + "a\n" * 5_000 + "'",
    ],
)
def test_work_is_bounded(text: str) -> None:
    walk = walked(text, Scope("/work/app", {}, "/work/app"))
    assert len(walk.invocations) < 20_000
    assert sum(len(value.text) for each in walk.invocations for value in each.argv) < 5_000_000
    assert sum(len(each.stdin or "") for each in walk.invocations) < 5_000_000
    copies = {id(each.scope.variables): len(each.scope.variables) for each in walk.invocations}
    assert sum(copies.values()) < 1_000_000

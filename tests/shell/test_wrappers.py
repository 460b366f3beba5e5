"""Programs that start others, in all their ways of being told to."""

import pytest

from codex_guard.shell import decoders, outputs
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import HOLE, Scope, Value
from codex_guard.shell.walk import walked
from codex_guard.shell.wrapped import specials, table, traits
from codex_guard.shell.wrapped.find import own
from codex_guard.shell.wrappers import PLAIN


def invocations(text: str) -> list[Invocation]:
    return walked(text, Scope("/work/app", {"HOME": "/home/dev"}, "/work/app")).invocations


def commands(text: str) -> list[str]:
    """Give what is started, behind where it runs if not here; ``…`` is a hole."""
    found = []
    for invocation in invocations(text):
        place = f"{invocation.elsewhere}: " if invocation.elsewhere else ""
        found.append(place + " ".join(value.text.replace(HOLE, "…") for value in invocation.argv))
    return found


@pytest.mark.parametrize(
    "text",
    [
        # users, limits, surroundings
        "doas -u a x /",
        "pkexec --user a x /",
        "runuser -u a -- x /",
        "runuser a -c 'x /'",
        "sg a 'x /'",
        "gosu a x /",
        "setpriv --reuid=1 --clear-groups x /",
        "chrt -f 1 x /",
        "taskset -c 0-3 x /",
        "ionice -c 3 x /",
        "prlimit --nofile=3 x /",
        "setarch x86_64 -R x /",
        "arch -arm64 x /",
        "linux64 x /",
        "gtimeout 5 x /",
        "/usr/bin/time -v x /",
        "stdbuf -oL x /",
        "cross-env A=b x /",
        "sshpass -p a x /",
        "proxychains4 -q x /",
        "faketime '1 day ago' x /",
        "busybox x /",
        "toybox x /",
        "caffeinate -i x /",
        "noglob x /",
        "exec -a a x /",
        "coproc x /",
        # boxes
        "fakeroot x /",
        "proot -r a x /",
        "firejail --net=none x /",
        "bwrap --ro-bind / / --dev /dev --unshare-all x /",
        "bwrap --bind a b -- x /",
        "unshare -r --fork x /",
        "nsenter -t 1 -m -u x /",
        "systemd-run --user -p A=b x /",
        "capsh --drop=all -- -c 'x /'",
        "dbus-run-session -- x /",
        "xvfb-run -a x /",
        "start-stop-daemon --start --exec /a/x -- /",
        "flock a x /",
        "flock -n a -c 'x /'",
        "script -qc 'x /' a",
        "script a -c 'x /'",
        "script -q a x /",
        # looking on
        "strace -f -o a x /",
        "ltrace -e a x /",
        "gdb -batch -ex run --args x /",
        "gdb -ex 'shell x /' -ex run a",
        "valgrind --tool=a x /",
        "perf stat -e a x /",
        "perf record -g -- x /",
        "hyperfine -w 3 'y a' 'x /'",
        "rlwrap -a x /",
        "unbuffer x /",
        "watchexec -e py 'x /'",
        "nodemon --exec 'x /'",
        "ls | entr -c x /",
        "concurrently 'y' 'x /'",
        # environments
        "uv run x /",
        "uv --directory a run --with b --python 3.12 x /",
        "uv tool run --from a x /",
        "uvx --from a x /",
        "pipx run x /",
        "poetry -C a run x /",
        "pdm run x /",
        "hatch -e a run x /",
        "pipenv run x /",
        "conda run -n a x /",
        "npx --yes x /",
        "npx -c 'x /'",
        "npm exec -- x /",
        "npm exec --package=a -- x /",
        "pnpm --filter a exec x /",
        "yarn exec x /",
        "bunx x /",
        "bundle exec x /",
        "mise exec node@20 -- x /",
        "asdf exec x /",
        "direnv exec . x /",
        "nix-shell -p a --run 'x /'",
        "nix develop .#a -c x /",
        "nix shell a b --command x /",
        "guix shell a -- x /",
        # secrets
        "dotenv -f a run x /",
        "dotenvx run -f a -- x /",
        "doppler run -p a -- x /",
        "doppler run --command 'x /'",
        "op run --env-file=a -- x /",
        "infisical run --env=a -- x /",
        "chamber exec a -- x /",
        "aws-vault exec a -- x /",
        "sops exec-env a 'x /'",
        "envchain a x /",
        # terminals
        "tmux new-session -d -s a 'x /'",
        "tmux new -d 'x /'",
        "tmux -L a splitw -h 'x /'",
        "tmux send-keys -t a 'x /' Enter",
        "tmux send -t a x Space / C-m",
        "screen -dmS a x /",
        "screen -S a -X stuff 'x /^M'",
        "xterm -T a -e x /",
        "gnome-terminal -- x /",
        # later
        "at now <<< 'x /'",
        "echo 'x /' | batch",
        "echo 'x /' | at noon",
        "PROMPT_COMMAND='x /'",
        "echo 'x /' | sudo -s",
        "sudo -iu a <<< 'x /'",
        "su - a <<< 'x /'",
        "echo 'x /' | chroot a",
        "export PROMPT_COMMAND='x /'",
        "echo 'x /' > a; BASH_ENV=a y",
        # items
        "parallel x ::: /",
        "parallel -j 4 'x {}' ::: / /a",
        "parallel ::: 'y' 'x /'",
        "parallel -I @ x @ ::: /",
        "parallel bash -c ::: 'x /'",
        "echo / | parallel x",
        "echo 'x /' | parallel",
        "echo 'x /' | xargs -I{} bash -c {}",
        "echo 'a,/' | xargs -d , x",
        "printf '/\\0' | xargs -0 -I @ x @",
        "fd -x x / ';'",
        "fd . / -X x",
        "find / -exec x {} + -o -print",
    ],
)
def test_what_is_started_here(text: str) -> None:
    found = [command.replace("/a/x", "x") for command in commands(text)]
    assert "x /" in found or {"x a /", "x …", "x / …"} & set(found)
    assert not any(invocation.elsewhere for invocation in invocations(text))


@pytest.mark.parametrize(
    "text",
    [
        # git
        "git -c alias.y='!x /' y",
        "git -c alias.y='!x' y /",
        "git -c alias.z=y -c alias.y='!x /' z",
        "git -C a -c core.pager='x /' log",
        "git -c core.sshCommand='x /' fetch",
        "git -c core.editor='x /' commit",
        "git -c diff.external='x /' diff",
        "git -c credential.helper='!x /' push",
        "git bisect run x /",
        "git submodule foreach --recursive 'x /'",
        "git submodule foreach x /",
        "git rebase -i --exec 'x /' HEAD~3",
        "git rebase --exec='x /' HEAD~3",
        "git rebase -x 'x /' main",
        "git filter-branch -f --tree-filter 'x /' HEAD",
        "git difftool -x 'x /'",
        "git grep -O'x /' a",
        "PAGER='x /' git log",
        "env GIT_SSH_COMMAND='x /' git fetch",
        "export GIT_EDITOR='x /'; git commit",
        "EDITOR='x /' crontab -e",
        # options that carry a command
        "tar cf a b --to-command='x /'",
        "tar -cI 'x /' -f a b",
        "tar --use-compress-program 'x /' -xf a",
        "tar -cf a --checkpoint=1 --checkpoint-action=exec='x /' b",
        "rsync -ae 'x /' a b",
        "rsync --rsh='x /' a b",
        "ssh -o ProxyCommand='x /' a",
        "ssh -voProxyCommand='x /' a",
        "ssh -o 'ProxyCommand x /' a",
        "ssh -oPermitLocalCommand=yes -o localcommand='x /' a",
        "scp -o ProxyCommand='x /' a b:c",
        "man -P 'x /' ls",
        "zip a b -T -TT 'x /'",
        "nc -e 'x /' a 1",
        "ncat --sh-exec 'x /' a 1",
        "ncat -c 'x /' -l 1",
        "socat TCP:a:1 EXEC:'x /',pty",
        "socat tcp-listen:1 system:'x /'",
        "mapfile -c 1 -C 'x /' a < b",
        "split --filter='x /' a",
        "rg --pre 'x /' a",
        "tcpdump -z 'x /' -G 1",
        # scripts of their own
        "vim -c ':!x /' a",
        "vim '+!x /' a",
        "nvim --cmd '!x /'",
        "ex -c '!x /' a",
        "ed a <<< '!x /'",
        "less '+!x /' a",
        "sed '1e x /' a",
        "sed -n -e 's/a/x \\//e' b",
        "sed 's,.*,x /,e' a",
        "psql -c '\\! x /'",
        "mysql -e 'system x /'",
        "sqlite3 a.db '.shell x /'",
        "sqlite3 a.db <<< '.system x /'",
    ],
)
def test_what_a_program_is_told_to_start(text: str) -> None:
    assert "x /" in commands(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ssh a x /", "host: x /"),
        ("ssh -p 22 -i k u@a 'x /'", "host: x /"),
        ("ssh a -p 22 -t 'cd /b && x /'", "host: x /"),
        ("ssh a bash -c '\"x /\"'", "host: x /"),
        ("ssh a <<< 'x /'", "host: x /"),
        ("ssh a bash -s <<< 'x /'", "host: x /"),
        ("echo 'x /' | ssh -T a", "host: x /"),
        ("docker exec -i a sh <<E\nx /\nE", "container: x /"),
        ("pdsh -w a,b x /", "host: x /"),
        ("docker run --rm -it -v a:/b -e A=b --name c alpine x /", "container: x /"),
        ("docker run --entrypoint sh alpine -c 'x /'", "container: x /"),
        ("docker --context a container run alpine x /", "container: x /"),
        ("docker exec -it -w /a box x /", "container: x /"),
        ("podman exec box sh -c 'x /'", "container: x /"),
        ("docker compose -f a.yml exec -T db x /", "container: x /"),
        ("docker-compose run --rm web x /", "container: x /"),
        ("kubectl -n a exec pod -c b -- x /", "pod: x /"),
        ("kubectl exec -it deploy/a -- sh -c 'x /'", "pod: x /"),
        ("oc exec pod -- x /", "pod: x /"),
        ("kubectl debug node/a -it --image=b -- x /", "pod: x /"),
        ("lxc exec a -- x /", "container: x /"),
        ("vagrant ssh -c 'x /'", "machine: x /"),
        ("wsl -d a -e x /", "machine: x /"),
        ("adb -s a shell x /", "machine: x /"),
        ("gcloud compute ssh a --zone b --command='x /'", "machine: x /"),
        ("fly ssh console -C 'x /'", "machine: x /"),
        ("ansible all -m shell -a 'x /'", "host: x /"),
    ],
)
def test_what_is_started_elsewhere(text: str, expected: str) -> None:
    assert expected in commands(text)


def test_elsewhere_nothing_is_known_of_this_machine() -> None:
    found = [each for each in invocations("v=1; cd /a; ssh b 'x $v ~ $PWD; cd /c; x'") if each.elsewhere]
    assert [value.text for value in found[0].argv] == ["x", HOLE, HOLE, HOLE]
    assert [each.scope.folders for each in found if each.program == "x"] == [(None,), ("/c",)]
    container = [each for each in invocations("docker exec -w /a b x") if each.elsewhere]
    assert container[0].scope.cwd == "/a"


@pytest.mark.parametrize(
    "text",
    [
        "git commit -m 'x /'",
        "git log --grep='x /' -- rebase",
        "git -c user.name='x /' commit",
        "git -c alias.y='!x /' status",
        "git grep 'x /' -- submodule",
        "git rebase --onto 'x /' a",
        "docker build -t x /",
        "docker run x",
        "docker ps --filter 'x /'",
        "docker logs x /",
        "kubectl get x /",
        "kubectl logs x /",
        "uv pip install x /",
        "npm run x /",
        "poetry add x /",
        "conda install -n x /",
        "nix develop x /",
        "ssh x",
        "rsync -a x /",
        "tar -cf x /",
        "vim x /",
        "vim -c 'set x /'",
        "sed 's/a/x \\//' b",
        "sed -n '/x/p' b",
        "psql -c 'select x /'",
        "socat TCP:x:/ -",
        "nc x /",
        "tmux attach -t x",
        "script x",
        "flock -u 9",
        "gdb x /",
        "find . -name x -print",
        "command -v x /",
        "ansible all -m copy -a 'x /'",
        "at -l x /",
        "parallel --version x",
        "rg 'x /' a",
        "fd x /",
        "man x",
        "watch",
        "tee -a x",
    ],
)
def test_what_is_only_named(text: str) -> None:
    assert all(command.removeprefix("container: ") not in ("x /", "x") for command in commands(text))


def test_an_alias_of_git_is_a_command_of_git() -> None:
    assert "git reset --hard HEAD" in commands("git -c alias.w='reset --hard' w HEAD")
    assert len(commands("git -c alias.w=w w")) == 2


def test_find_keeps_its_own_arguments() -> None:
    argv = tuple(Value(text) for text in "find . -exec echo -delete {} + -exec a ; -print".split())
    assert [value.text for value in own(argv)] == ["find", ".", "-exec", "-exec", "-print"]


def test_every_special_program_has_its_reader() -> None:
    readers = {specials._SAME.get(name, name) for name in traits.SPECIAL}
    assert readers == specials._READERS.keys() | specials._CARRIERS.keys()
    assert decoders._TABLE.keys() == outputs._DECODERS


def test_every_trait_is_one_of_a_program_in_the_table() -> None:
    keys = table.PREFIXES.keys()
    for name in ("OPERANDS_FIRST", "DASHED", "INTERSPERSED", "ASSIGN", "SCRIPTS", "REST", "PAIRS", "JOINED"):
        assert set(getattr(traits, name)) <= keys, name
    for name in ("SHELLS", "EACH", "ELSEWHERE", "FOLDERS", "QUERIES", "BUILTINS"):
        assert set(getattr(traits, name)) <= keys, name
    assert {key.partition(" ")[0] for key in keys if " " in key} <= table.GLOBALS.keys()


def test_what_is_plain_starts_nothing() -> None:
    tables = (table.PREFIXES, table.GLOBALS, table.SAME, traits.SPECIAL)
    assert PLAIN.isdisjoint(key.partition(" ")[0] for table in tables for key in table)

"""What is particular to some of the programs in ``table``, by their keys there."""

# Words that stand before the command: a time, a host, an image.
OPERANDS_FIRST = {
    "timeout": 1, "chroot": 1, "sg": 1, "gosu": 1, "su-exec": 1, "setuidgid": 1, "s6-setuidgid": 1,
    "envdir": 1, "chrt": 1, "taskset": 1, "faketime": 1, "setarch": 1, "flock": 1, "ssh": 1, "rsh": 1,
    "autossh": 1, "mosh": 1, "direnv exec": 1, "chamber exec": 1, "aws-vault exec": 1, "aws-okta exec": 1,
    "sops exec-env": 1, "sops exec-file": 1, "envchain": 1, "docker run": 1, "docker exec": 1,
    "docker compose run": 1, "docker compose exec": 1, "machinectl shell": 1, "limactl shell": 1,
    "apptainer exec": 1, "script": 1, "nvm exec": 1,
}  # fmt: skip
# The command stands behind two dashes only, or behind an option of REST.
DASHED = frozenset(
    ("kubectl exec", "kubectl run", "kubectl debug", "lxc exec", "incus exec", "multipass exec",
     "colima ssh", "distrobox enter", "mise exec", "mise x", "rtx exec", "doppler run", "op run",
     "infisical run", "teller run", "dotenvx run", "cpulimit", "guix shell", "gnome-terminal",
     "nix develop", "nix shell", "xterm", "konsole", "alacritty", "xfce4-terminal", "gdb", "lldb",
     "gcloud compute ssh", "fly ssh console", "vagrant ssh")
)  # fmt: skip
# Options are read behind that word, too.
INTERSPERSED = frozenset(("ssh", "autossh", "rsh", "mosh", "flock", "script", "sg", "setarch"))
# NAME=value before the command sets a variable.
ASSIGN = frozenset(("env", "sudo", "doas", "cross-env", "cross-env-shell"))
# Options whose value is a script.
SCRIPTS = {
    "runuser": "c command", "sg": "c", "flock": "c command", "script": "c command", "npx": "c call",
    "npm exec": "c call", "npm x": "c call", "nix-shell": "run command", "doppler run": "command",
    "vagrant ssh": "c command", "fly ssh console": "C command", "gcloud compute ssh": "command",
    "mise exec": "c command", "mise x": "c command", "nodemon": "x exec",
    "hyperfine": "p prepare c cleanup s setup", "konsole": "e", "xfce4-terminal": "e command",
    "chokidar": "c command", "mosh": "ssh",
}  # fmt: skip
# Options behind which everything is the command.
REST = {
    "nix develop": "c command", "nix shell": "c command", "xterm": "e", "konsole": "e",
    "alacritty": "e command", "xfce4-terminal": "x execute", "gdb": "args", "wsl": "e exec",
}  # fmt: skip
# Options that take two values.
PAIRS = {
    "bwrap": "bind ro-bind dev-bind bind-try ro-bind-try dev-bind-try symlink setenv file",
}  # fmt: skip
# What stands behind is joined by blanks and read as a script.
JOINED = frozenset(
    ("watch", "ssh", "rsh", "autossh", "pdsh", "dsh", "adb shell", "adb exec-out", "sops exec-env",
     "sops exec-file", "minikube ssh", "colima ssh", "cross-env-shell", "tmux new-session", "tmux new-window",
     "tmux split-window", "tmux respawn-pane", "tmux run-shell", "tmux display-popup", "heroku run",
     "heroku run:detached", "sg", "watchexec")
)  # fmt: skip
# Each argument is a script.
EACH = frozenset(("hyperfine", "concurrently"))
# Where it runs, if not on this machine.
ELSEWHERE = {
    "ssh": "host", "rsh": "host", "autossh": "host", "mosh": "host", "pdsh": "host", "dsh": "host",
    "docker run": "container", "docker exec": "container", "docker compose run": "container",
    "docker compose exec": "container", "lxc exec": "container", "incus exec": "container",
    "apptainer exec": "container", "devcontainer exec": "container", "heroku run": "container",
    "heroku run:detached": "container", "fly ssh console": "machine", "gcloud compute ssh": "machine",
    "multipass exec": "machine", "machinectl shell": "container", "limactl shell": "machine",
    "colima ssh": "machine", "minikube ssh": "machine", "vagrant ssh": "machine", "kubectl exec": "pod",
    "kubectl run": "pod", "kubectl debug": "pod", "adb shell": "machine", "adb exec-out": "machine",
    "wsl": "machine",
}  # fmt: skip
FOLDERS = {
    "env": "C chdir", "sudo": "D chdir", "run0": "D chdir", "systemd-run": "working-directory",
    "unshare": "wd", "nsenter": "wd", "bwrap": "chdir", "uv run": "directory", "poetry run": "C directory",
    "docker run": "w workdir", "docker exec": "w workdir", "docker compose run": "w workdir",
    "docker compose exec": "w workdir", "lxc exec": "cwd", "incus exec": "cwd",
}  # fmt: skip
# Asking where a command is starts nothing.
QUERIES = {"command": "vV"}
BUILTINS = frozenset(("command", "builtin", "noglob", "nocorrect"))
# What starts a shell where no command is given, with the options that this needs.
SHELLS = {
    "sudo": "s i shell login", "doas": "s", "ssh": "", "rsh": "", "autossh": "", "chroot": "",
    "unshare": "", "nsenter": "", "fakeroot": "", "script": "", "adb shell": "", "wsl": "",
    "minikube ssh": "", "vagrant ssh": "", "gcloud compute ssh": "", "machinectl shell": "",
    "nix-shell": "", "systemd-run": "S shell", "firejail": "", "proot": "",
}  # fmt: skip
# Package managers that start a project's tools by their names, and the tools that can destroy something.
MANAGERS = frozenset(("npm", "yarn", "pnpm", "bun"))
TOOLS = frozenset(
    ("prisma", "sequelize", "sequelize-cli", "typeorm", "knex", "drizzle-kit", "mikro-orm", "rimraf",
     "del-cli", "cdk", "aws-cdk", "cdktf", "sls", "serverless", "sst", "wrangler", "vercel", "netlify",
     "supabase", "firebase", "pulumi", "lerna", "semantic-release", "changeset", "vsce", "ovsx")
)  # fmt: skip
# Programs that take commands in ways of their own: see ``specials``.
SPECIAL = frozenset(
    ("tar", "gtar", "bsdtar", "cpio", "rsync", "ssh", "scp", "sftp", "man", "zip", "nc", "ncat", "netcat",
     "socat", "mapfile", "readarray", "sed", "gsed", "vim", "vi", "nvim", "view", "ex", "ed", "less",
     "more", "gdb", "lldb", "psql", "mysql", "sqlite3", "tmux", "screen", "at", "batch", "capsh",
     "start-stop-daemon", "fd", "fdfind", "rg", "fzf", "ansible", "split", "tcpdump", "openvpn")
)  # fmt: skip

"""Full names of modules and functions, and the names that stand for something known."""

#: What stands for a value that is known.
CONSTANTS = {
    "sys.executable": "python3", "process.execPath": "node", "os.sep": "/", "path.sep": "/",
    "os.devnull": "/dev/null", "DIRECTORY_SEPARATOR": "/", "RbConfig.ruby": "ruby", "File.SEPARATOR": "/",
    "PHP_BINARY": "php",
}  # fmt: skip
#: Everything that the environment holds.
ENVIRONMENT = frozenset(("os.environ", "process.env", "ENV", "_ENV", "os.environb", "Deno.env"))
ARGUMENTS = frozenset(("sys.argv", "process.argv", "ARGV", "argv", "Deno.args", "arg", "_SERVER.argv"))
# Parts of full names that say nothing.
_DROPPED = (
    "pathlib.",
    "builtins.",
    "__builtins__.",
    "CORE.GLOBAL.",
    "CORE.",
    "globalThis.",
    "global.",
    "window.",
)
_RENAMED = {
    "fs-extra.": "fs.", "graceful-fs.": "fs.", "fs.promises.": "fs.", "fs/promises.": "fs.",
    "promises.": "fs.", "posix.": "os.", "nt.": "os.",
    "shell.": "shelljs.",
}  # fmt: skip


def full(name: str) -> str:
    """Return a full name without what says nothing, and with its usual module."""
    for prefix in _DROPPED:
        name = name.removeprefix(prefix)
    for prefix, usual in _RENAMED.items():
        if name.startswith(prefix):
            name = usual + name.removeprefix(prefix)
    return name.replace(".default.", ".")

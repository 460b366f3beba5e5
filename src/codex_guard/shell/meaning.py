"""What is known before anything runs: values with holes, and the variables and folders of a place.

What only bash can know is a hole in a value's text, never a guess that it is harmless.
"""

from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from codex_guard.shell.invocation import Invocation
    from codex_guard.shell.streams import Opened
    from codex_guard.shell.tree import Script

    Item = TypeVar("Item")

HOLE = "\0"
_LONGEST = 1 << 19  # characters that all expansions of one walk may make
_MOST_FOLDERS = 6
_LONGEST_PATH = 4096  # which is the system's own limit
_MOST_ORIGINS = 50


class Value(Record):
    """One argument as bash would pass it. A HOLE in ``text`` stands for what is known at run time only.

    ``glob``: an unquoted pattern, which bash replaces with the names that match.
    """

    text: str
    glob: bool = False

    @property
    def known(self) -> bool:
        """Whether nothing is left to run time."""
        return HOLE not in self.text


class Scope:
    """Variables and the working folder while a script is read from top to bottom.

    ``folders`` are the folders it can be in, the likeliest first; None is one that is not known.
    ``arguments`` are ``$1`` and on, None where not known; ``pushed`` is what ``popd`` goes back to; ``last``
    is ``$_``. ``elsewhere`` names what it is on if not on this machine; ``captured``: in a substitution.
    ``origins`` are what ran to fill a variable, ``opened`` the descriptors that ``exec`` opened: these and
    ``arrays`` and ``aliases`` are shared between copies and never changed in place.

    All copies share ``fuel``, the texts of ``files`` that the script itself wrote, by their absolute paths,
    and ``outputs``: what the substitutions walked so far started and print, by the id of their script.
    """

    def __init__(self, cwd: str | None, variables: dict[str, str], root: str) -> None:
        self.folders: tuple[str | None, ...] = (cwd,)
        self.root = root
        self.variables = dict(variables)
        self._lent = False  # copies share the variables until one of them changes some
        self.arrays: dict[str, dict[str, str]] = {}
        self.aliases: dict[str, str] = {}
        self.origins: dict[str, tuple[Invocation, ...]] = {}
        self.opened: dict[str, Opened] = {}
        self.arguments: tuple[str, ...] | None = None
        self.pushed: tuple[str | None, ...] = ()
        self.last: str | None = None
        self.elsewhere = ""
        self.captured = False
        self.fuel = [_LONGEST]
        self.files: dict[str, tuple[str, ...]] = {}
        self.outputs: dict[int, tuple[Script, tuple[Invocation, ...], str | None]] = {}

    @property
    def cwd(self) -> str | None:
        """The folder it is most likely in."""
        return self.folders[0] if self.folders else None

    def copy(self) -> "Scope":
        """Return a scope of its own for a subshell."""
        self._lent = True
        scope = Scope.__new__(Scope)
        scope.__dict__.update(self.__dict__)
        return scope

    def within(self) -> "Scope":
        """Return a copy for a substitution, whose output is no output of the script's."""
        scope = self.copy()
        scope.captured = True
        return scope

    def apart(self) -> "Scope":
        """Return a copy for a walk of its own, to which no file and no substitution is known yet."""
        scope = self.copy()
        scope.files, scope.outputs = {}, {}
        return scope

    def away(self, where: str) -> "Scope":
        """Return a copy for another machine, where the folders and variables of this one mean nothing."""
        scope = self.copy()
        scope.elsewhere = where
        scope.folders, scope.variables, scope.arrays = (None,), {}, {}
        scope.files, scope.aliases, scope.opened, scope.pushed = {}, {}, {}, ()
        return scope

    def assign(self, name: str, text: str) -> None:
        """Set a variable; one of which nothing is known is forgotten."""
        self.forget(name)
        self.fuel[0] -= len(text)
        if self.fuel[0] >= 0 and (not text or text.strip(HOLE)):
            self._own()[name] = text

    def assign_array(self, name: str, elements: dict[str, str]) -> None:
        """Set an array, by index; the name alone stands for its first element."""
        self.forget(name)
        self.fuel[0] -= len(elements) + len(self.arrays)
        if self.fuel[0] >= 0:
            self.arrays = {**self.arrays, name: elements}

    def forget(self, name: str) -> None:
        """Make nothing known of a variable."""
        if name in self.variables:
            self._own().pop(name)
        if name in self.arrays:
            self.arrays = _without(self.arrays, name)
        if name in self.origins:
            self.origins = _without(self.origins, name)

    def remember(self, name: str, origins: "tuple[Invocation, ...]") -> None:
        """Note what ran to fill a variable."""
        self.fuel[0] -= len(self.origins) + len(origins) if origins else 0
        if origins and self.fuel[0] >= 0:
            self.origins = {**self.origins, name: origins[:_MOST_ORIGINS]}

    def alias(self, name: str, text: str | None) -> None:
        """Set an alias, or take it back."""
        self.fuel[0] -= len(self.aliases) + len(text or "")
        if text is None or self.fuel[0] < 0:
            self.aliases = _without(self.aliases, name)
        else:
            self.aliases = {**self.aliases, name: text}

    def _own(self) -> dict[str, str]:
        """Return the variables to change, first a copy where they are shared."""
        if self._lent:
            self.fuel[0] -= len(self.variables)
            self.variables, self._lent = dict(self.variables), False
        return self.variables

    def lookup(self, name: str) -> str | None:
        """Return a variable's or a positional parameter's text, or None where it is not known."""
        if name == "PWD":
            return self.cwd
        if name == "IFS":
            return self.variables.get(name, " \t\n")
        if name == "_":
            return self.last
        if name.isdecimal() or name in ("@", "*", "#"):
            return self._positional(name)
        known = self.variables.get(name)
        return known if known is not None or name not in self.arrays else self.arrays[name].get("0")

    def _positional(self, name: str) -> str | None:
        if self.arguments is None or name == "0":
            return self.variables.get(name)
        if name == "#":
            return str(len(self.arguments))
        if name in ("@", "*"):
            return " ".join(self.arguments)
        number = int(name[:6])
        return self.arguments[number - 1] if number <= len(self.arguments) else ""

    def path(self, text: str) -> str:
        """Return ``text`` as an absolute path without ``..``; it begins with a HOLE where unknown."""
        return _normal(text if text.startswith(("/", HOLE)) else f"{self.cwd or HOLE}/{text}")

    def paths(self, text: str) -> tuple[str, ...]:
        """Return every path that ``text`` can name, the likeliest first."""
        if len(self.folders) < 2 or text.startswith(("/", HOLE)):  # noqa: PLR2004 - a choice of folders
            return (self.path(text),)
        return tuple([_normal(f"{folder or HOLE}/{text}") for folder in self.folders])

    def enter(self, text: str) -> None:
        """Go to the folder ``text``, as ``cd`` does."""
        self.assign("OLDPWD", self.cwd or HOLE)
        paths = [None if HOLE in path or len(path) > _LONGEST_PATH else path for path in self.paths(text)]
        self.folders = either(tuple(paths))


def _without(items: "dict[str, Item]", name: str) -> "dict[str, Item]":
    return {key: item for key, item in items.items() if key != name}


def _normal(path: str) -> str:
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            if steps and steps[-1] != HOLE:
                steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return ("" if path.startswith(HOLE) else "/") + "/".join(steps)


def either(*choices: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Return the folders of all ``choices``, each once."""
    return tuple(dict.fromkeys(folder for folders in choices for folder in folders))[:_MOST_FOLDERS]

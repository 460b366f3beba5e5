"""One inline program while it is read: what its names stand for, and what it has started so far."""

from codex_guard.shell.inline import table, things
from codex_guard.shell.inline.options import Given
from codex_guard.shell.inline.things import Thing
from codex_guard.shell.invocation import Start
from codex_guard.shell.meaning import HOLE, Scope, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.shell.inline.tokens import Token

_LONGEST = 1 << 17  # characters of a program
_MOST = 200  # commands that one program starts
_DEEPEST_TEXT = 5  # programs within programs: exec("exec('…')")
_FETCHERS = frozenset(("curl", "wget"))
_SHELLS = frozenset(("sh", "bash", "zsh", "dash", "ksh", "ash", "cmd.exe", "cmd", "powershell"))


class Function(Thing):
    """A function that the program defines: its parameters, and its body among ``tokens``."""

    parameters: tuple[str, ...] = ()
    tokens: "tuple[list[Token], list[int]]" = ([], [])
    start: int = 0
    end: int = 0


class Program:
    """Names, folder and starts, shared by all texts that one program is read from.

    ``socket`` is (host, port) once it connects somewhere, ``attached`` whether it gives a shell to that.
    ``fetched`` is the last address that it downloads from, ``opaque`` whether it runs a text that is
    not known.
    """

    def __init__(self, language: str, given: Given, scope: Scope) -> None:
        self.language, self.given, self.scope = language, given, scope
        self.effects = table.effects(language)
        self.bound: dict[str, Thing] = {name: things.text(text) for name, text in given.variables}
        self.functions: dict[str, Function] = {}
        self.stars: list[str] = []
        self.running: set[str] = set()
        self.folder: str | None = None
        self.socket: tuple[str, str] | None = None
        self.attached = False
        self.fetched = ""
        self.opaque = False
        self.fuel = 1_000
        self.depth = 0
        self.starts: list[Start] = []
        self._seen: set[tuple[tuple[Value, ...], str | None, str | None]] = set()
        self._texts = 0

    def opened(self, text: str) -> bool:
        """Begin a text within the program; False where it is too deep or too long, and so judged roughly."""
        if self._texts >= _DEEPEST_TEXT or len(text) > _LONGEST:
            self.roughly(text)
            return False
        self._texts += 1
        return True

    def closed(self) -> None:
        """End the text that was opened last."""
        self._texts -= 1

    def roughly(self, text: str) -> None:
        """Hand on what is too much to be read: as a script that is none, it is judged by its words."""
        self.start(script=f"{text}\n)")

    def start(
        self, argv: tuple[Value, ...] = (), script: str | None = None, folder: str | None = None
    ) -> None:
        """Add a command or a script, unless nothing of it is known."""
        if folder is not None:
            folder = things.below(things.text(self.folder or ""), things.text(folder)).texts[0]
        else:
            folder = self.folder
        if script is not None and not script.strip(HOLE + " \n"):
            return
        if script is None and all(value.text == HOLE for value in argv):
            return
        key = (argv, script, folder)
        if key not in self._seen and len(self.starts) < _MOST:
            self._seen.add(key)
            self.starts.append(Start(argv, script, folder=folder))
        words = [value.text for value in argv] if script is None else script.split(None, 3)
        shell = bool(words) and words[0].rpartition("/")[2] in _SHELLS
        if words and words[0].rpartition("/")[2] in _FETCHERS:
            self.fetched = self.fetched or words[-1]
        self.attached = self.attached or (shell and (len(words) == 1 or words[1].startswith("-i")))

    def act(self, words: str, paths: tuple[Value, ...]) -> None:
        """Start the shell's own command for what is done to ``paths``, where any of them is known."""
        known = [
            value.replace(text="./" + value.text) if value.text.startswith("-") else value
            for value in paths
            if value.text not in (HOLE, "")
        ]
        if known:
            self.start((*(Value(word) for word in words.split()), *known))

    def remote(self, url: str) -> None:
        """Add that what comes from ``url`` is run."""
        self.start(script="curl " + quoted(url) + " | sh")

    def environment(self, name: str) -> Thing:
        """Return what an environment variable holds."""
        return things.text((self.scope.lookup(name) if name.isidentifier() else None) or HOLE)

    def expanded(self, path: str) -> str:
        """Return ``path`` with the home folder in place of ``~``."""
        head, slash, rest = path.partition("/")
        if head == "~":
            return (self.scope.lookup("HOME") or HOLE) + slash + rest
        return f"/home/{head[1:]}{slash}{rest}" if head[:1] == "~" else path

    def end(self) -> None:
        """Add what only the whole program tells: a shell behind a socket, a download that is run."""
        if self.fetched and self.opaque:
            self.remote(self.fetched)
        if self.socket is not None and self.attached:
            host, port = self.socket
            self.start(script=f"nc -e /bin/sh {quoted(host)} {quoted(port)}")


def quoted(text: str) -> str:
    """Return ``text`` as a shell takes it for one word."""
    return "'" + text.replace("'", "'\\''") + "'"

"""git, run as a process with everything a repository's configuration could start switched off."""

import os
import time

from codex_guard.errors import GuardError
from codex_guard.repo.process import Process

_SECONDS = 20
# What git may know of the environment: not a variable that points it elsewhere or makes it run things.
_KEPT = ("HOME", "XDG_CONFIG_HOME", "TMPDIR", "LANG")
_SET = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # In a partial clone git fetches a missing object, over ssh or a helper that the repository names.
    "GIT_NO_LAZY_FETCH": "1",  # git 2.44 and newer
    "GIT_ALLOW_PROTOCOL": "",  # none, for the others
    "GIT_NO_REPLACE_OBJECTS": "1",  # else `git replace` could give HEAD another content
    "GIT_GRAFT_FILE": "/dev/null",  # else .git/info/grafts could say that a new commit is an old one's parent
}
_SAFE = (
    "-c", "core.fsmonitor=false",  # else a program of the repository's choice
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",  # else the index would be written
    "-c", "core.trustctime=true", "-c", "core.checkStat=default",  # else a file could look unchanged
    "-c", "core.commitGraph=false",  # a file that says what the commits do not
    "-c", "log.showSignature=false",  # else the program that gpg.program names
    "-c", "status.submoduleSummary=false",
    "-c", "safe.bareRepository=explicit",  # a folder of the work tree that only looks like a repository
)  # fmt: skip
# What git says, in English, where there simply is no work tree. Any other failure is an error.
_NO_TREE = (
    b"not a git repository", b"must be run in a work tree", b"cannot use bare repository", b"cannot change to"
)  # fmt: skip


def top(cwd: str) -> str | None:
    """Return the top folder of the repository that ``cwd`` is in; None where there is none, or no git.

    Raises GuardError where git cannot read the repository, or does not trust its owner.
    """
    return top_in(asked_top(cwd).in_tree())


def asked_top(cwd: str) -> "Question":
    """Ask for the top folder, which ``top_in`` reads from the answer."""
    return Question(cwd, "rev-parse", "--show-toplevel")


def top_in(said: bytes) -> str | None:
    """Return the top folder in git's answer; None in an empty one."""
    return os.fsdecode(said).removesuffix("\n") or None


def at_head(path: str, most: int) -> bytes | None:
    """Return the contents of a file as the last commit has them, as ``at_commit`` does."""
    return at_commit(path, "HEAD", most)


def at_commit(path: str, commit: str, most: int) -> bytes | None:
    """Return the contents of a file as a commit has them, unfiltered. ``commit`` is HEAD or a full name.

    None where there are none to compare with: no repository, no such commit, a file that is not in it or is
    larger than ``most`` bytes, or a git that fails.
    """
    folder, name = _there(os.path.realpath(path))
    try:
        size = output(folder, "cat-file", "-s", f"{commit}:./{name}")
        if not size or int(size) > most:
            return None
        return output(folder, "cat-file", "blob", f"{commit}:./{name}")
    except GuardError:
        return None


def tracks(path: str) -> bool:
    """Say whether git tracks the file at ``path``, which is absolute.

    Outside a repository, and where git is not installed, it does not. Raises GuardError where git cannot
    read the repository.
    """
    folder, name = os.path.split(path)
    return bool(Question(folder, "--literal-pathspecs", "ls-files", "-z", "--", name).in_tree())


def ignores(path: str) -> bool:
    """Say whether git ignores the file at ``path``, which is absolute, and does not track it.

    Outside a repository, and where git is not installed or fails, it does not.
    """
    folder, name = _there(path)
    try:
        done = Question(folder, "check-ignore", "-q", "--", f"./{name}").ended()
    except GuardError:
        return False
    return done is not None and done.status == 0


def _there(path: str) -> tuple[str, str]:
    """Return the nearest folder of a path that is there, and the rest of the path."""
    folder, name = os.path.split(path)
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder, last = os.path.split(folder)
        name = os.path.join(last, name)
    return folder, name


def files(folder: str, *, no_ignore: bool) -> list[str]:
    """Return the files below ``folder`` in order: those git tracks or would track; with ``no_ignore`` all.

    Outside a repository, and with ``no_ignore``, every file counts, but for what lies in ``.git``. Of a
    repository within the repository (a submodule, a clone), its own files count.
    """
    if not no_ignore and top(folder) is not None:
        return _tracked(folder)
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        found += [os.path.join(parent, name) for name in sorted(names)]
    return found


def _tracked(folder: str) -> list[str]:
    listed = output(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    found = []
    # A conflict lists a path once for each of its sides.
    for name in dict.fromkeys(os.fsdecode(name) for name in listed.split(b"\0") if name):
        path = os.path.join(folder, name.removesuffix("/"))
        if os.path.islink(path) or os.path.isfile(path):
            found.append(path)
        elif os.path.lexists(os.path.join(path, ".git")):
            found += files(path, no_ignore=False)
        elif os.path.lexists(path) and not os.path.isdir(path):
            found.append(path)  # a named pipe or a socket: whoever reads it says that it cannot
    return found


def asked_filters(root: str) -> "Question":
    """Ask for the filters that are configured, which ``without_filters`` switches off."""
    return Question(root, "config", "--name-only", "-z", "--get-regexp", r"^filter\.", expected=(0, 1))


def without_filters(root: str, names: bytes) -> list[str]:
    """Return the options that empty every clean filter of the ``names``: `git status` would run them."""
    options = []
    for key in sorted({os.fsdecode(name) for name in names.split(b"\0")}):
        if "=" in key:
            # -c would end the key at the first "=", and the filter would run.
            raise GuardError(
                f"The git configuration of {root} has a filter with '=' in its name, which cannot be switched"
                " off: rename it."
            )
        if key.endswith((".clean", ".process", ".smudge")):
            options += ["-c", f"{key}="]
        elif key.endswith(".required"):
            options += ["-c", f"{key}=false"]
    return options


def output(folder: str, *arguments: str, expected: tuple[int, ...] = (0,)) -> bytes:
    """Run git and return what it printed; empty where its status is expected but not 0."""
    return Question(folder, *arguments, expected=expected).answer()


class Question:
    """Something that git is asked, and may be answering while others are asked."""

    def __init__(
        self, folder: str, *arguments: str, expected: tuple[int, ...] = (0,), most: int | None = None
    ) -> None:
        """Start git, if it is installed; more than ``most`` bytes are no answer. Raises GuardError."""
        self._folder = folder
        self._expected = expected
        self._until = time.monotonic() + _SECONDS
        self.process: _Bounded | None = None
        path = _path(folder)
        program = _program(path)
        if program is None:
            return
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        try:
            self.process = _Bounded(
                program, ["git", "-C", folder, *_SAFE, *arguments], environment | _SET | {"PATH": path}
            )
            self.process.most = most
        except (OSError, ValueError) as error:
            raise self._no_answer(error) from None

    def ended(self, *others: "Question") -> "Process | None":
        """Wait for the end, and read meanwhile what ``others`` answer. None where git is not installed.

        Raises GuardError.
        """
        if self.process is not None and self.process.status is None:
            others_ = [one.process for one in others if one.process is not None]
            try:
                self.process.finish(self._until, *[one for one in others_ if one.status is None])
            except (OSError, TimeoutError) as error:
                raise self._no_answer(error) from None
        return self.process

    def answer(self, *others: "Question") -> bytes:
        """Return what git prints, as ``output`` does."""
        done = self.ended(*others)
        if done is None:
            return b""
        if done.status not in self._expected:
            raise _failed(self._folder, done.status)
        return bytes(done.out) if done.status == 0 else b""

    def in_tree(self, *others: "Question") -> bytes:
        """Return what git prints; nothing where there is no work tree, or no git. Raises GuardError."""
        done = self.ended(*others)
        if done is None:
            return b""
        if done.status:
            if any(said in done.errors for said in _NO_TREE):
                return b""
            raise _failed(self._folder, done.status)
        return bytes(done.out)

    def drop(self) -> None:
        """Let go of an answer that nobody waits for."""
        if self.process is not None:
            self.process.kill()

    def _no_answer(self, error: Exception) -> GuardError:
        return GuardError(
            f"git did not answer in {self._folder!r} ({type(error).__name__}): try `git status` there."
        )


class _Bounded(Process):
    """A program that is ended when it has printed more than ``most`` bytes; None for any number of them."""

    most: int | None = None

    def read_from(self, handle: int) -> bool:
        more = super().read_from(handle)
        if self.most is not None and len(self.out) > self.most:
            self.kill()
            raise OSError(f"more than {self.most} bytes")
        return more


def _program(path: str) -> str | None:
    for folder in path.split(os.pathsep):
        program = os.path.join(folder, "git")
        if os.path.isfile(program) and os.access(program, os.X_OK):
            return program
    return None


def _failed(folder: str, status: int | None) -> GuardError:
    return GuardError(f"git failed in {folder!r} with status {status}: try `git status` there.")


def _path(folder: str) -> str:
    """Return PATH without the places where the repository could have a ``git`` of its own.

    These are relative entries, and folders of the work tree such as an activated environment's: of every
    work tree that the folder is in, since a repository can hold another. The home folder may be one, too,
    and holds the user's programs.
    """
    entries = [
        entry for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(entry)
    ]
    trees: list[str] = []
    tree, below = os.path.realpath(folder), ""
    while tree != below:
        if _holds_tree(tree) if trees else os.path.lexists(os.path.join(tree, ".git")):
            trees.append(os.path.join(tree, ""))
        tree, below = os.path.dirname(tree), tree
    within = tuple(trees)
    return os.pathsep.join(
        entry for entry in entries if not os.path.join(os.path.realpath(entry), "").startswith(within)
    )


def _holds_tree(folder: str) -> bool:
    """Say whether a folder further up is a work tree's top, and not the home folder."""
    own = os.path.join(folder, ".git")
    is_top = os.path.isfile(own) or os.path.lexists(os.path.join(own, "HEAD"))
    return is_top and folder != os.path.realpath(os.path.expanduser("~"))

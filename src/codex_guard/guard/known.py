"""The secrets that this machine holds: read anew for each event, and kept nowhere.

They stand in the environment, in the dotenv files of the work tree, and in the files where programs keep
their credentials. A source that is missing or cannot be read holds none.
"""

import os

from codex_guard import regular
from codex_guard.model import Finding, Secret, Text
from codex_guard.secrets import known as places
from codex_guard.secrets import settings
from codex_guard.secrets.known import Known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

_LARGEST = 256 << 10  # bytes that are read of one file
# No repository can make a scan slow.
_MOST = 100  # secrets of one source
_MOST_FILES = 16  # of one folder
_DOTENV = (".env", ".envrc")
_EXAMPLES = frozenset(("example", "sample", "template", "dist", "default", "defaults", "schema"))


def collect(cwd: str, worktree: str, files: tuple[str, ...] = ()) -> tuple[Known, ...]:
    """Return the secrets that the environment, the home folder and the work tree's files hold.

    Never raises: what cannot be read holds none. Each value is there once, and once more for each file of
    the work tree that holds it: which file that is decides whether it counts (see ``find``). ``files``
    are more files of assignments, absolute, below ``~`` or relative to the work tree.
    """
    found: dict[tuple[Secret, str | None], Known] = {}
    for known in (
        *_in_environment(),
        *_at_home(),
        *_in_worktree(cwd, worktree),
        *_in_listed(files, worktree),
    ):
        found.setdefault((known.secret, known.path), known)
    return tuple(found.values())


def find(texts: "Iterable[Text]", known: tuple[Known, ...], cwd: str) -> tuple[Finding, ...]:
    """Return the known secrets in the texts, in order.

    The values of a file that git tracks are everybody's, and do not count. Nor does a secret in the very
    file that it is known from: of a file's text, ``where`` is its name, relative to ``cwd``.
    """
    found: list[Finding] = []
    tracked: dict[str, bool] = {}
    for text in texts:
        stands = places.stands(text, known)
        if stands:
            own = _own(_real(os.path.join(cwd, text.where)), known) if text.file else {}
            counted = [
                stand
                for stand in stands
                if not (_is_tracked(stand.known.path, tracked) or _is_own(stand.known, own, tracked))
            ]
            found += places.findings(text, counted)
    return tuple(found)


def _own(file: str, known: tuple[Known, ...]) -> dict[Secret, str]:
    """Return the secrets that the file is known to hold, with the path that it is known by."""
    return {one.secret: one.path for one in known if one.path is not None and _real(one.path) == file}


def _is_own(known: Known, own: dict[Secret, str], tracked: dict[str, bool]) -> bool:
    return known.secret in own and not _is_tracked(own[known.secret], tracked)


def _is_tracked(path: str | None, asked: dict[str, bool]) -> bool:
    if path is None:
        return False
    if path not in asked:
        from codex_guard.errors import GuardError  # noqa: PLC0415 - only what was found in a text is asked for
        from codex_guard.repo import git  # noqa: PLC0415

        try:
            asked[path] = git.tracks(_real(path))
        except GuardError:
            asked[path] = False  # what git cannot say makes no secret public
    return asked[path]


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path


def _in_environment() -> "Iterator[Known]":
    number = 0
    for name, value in os.environ.items():
        if len(value) >= settings.SHORTEST and ("://" in value or settings.names_secret(name)):
            secret = settings.telling(name, value)
            if secret and number < _MOST:
                number += 1
                yield Known(f"{name} in the environment", Secret(secret, places.RULE))


def _in_worktree(cwd: str, worktree: str) -> "Iterator[Known]":
    for folder in dict.fromkeys((cwd, worktree)):
        try:
            names = sorted(name for name in os.listdir(folder) if name[:1] == "." and _is_source(name))
        except (OSError, ValueError):
            continue
        for name in names[:_MOST_FILES]:
            path = os.path.join(folder, name)
            shown = name if folder == worktree else os.path.relpath(path, worktree)
            read, wanted = (_assigned, _NPM) if name == ".npmrc" else (_named, ())
            yield from _in_file(path, shown, read, wanted, path)


def _in_listed(files: tuple[str, ...], worktree: str) -> "Iterator[Known]":
    for name in files:
        path = os.path.join(worktree, os.path.expanduser(name))
        yield from _in_file(path, name, _named, (), path)


def _is_source(name: str) -> bool:
    """Say whether a name is that of a file with secrets: ``.env.local``, and not ``.env.example``."""
    if name in _DOTENV or name == ".npmrc":
        return True
    parts = name.split(".")
    # The name is shown: one that is no ordinary name could say anything.
    plain = name.isascii() and name.replace(".", "").replace("-", "").replace("_", "").isalnum()
    return name.startswith(".env.") and plain and _EXAMPLES.isdisjoint(parts) and len(name) <= 64  # noqa: PLR2004


def _at_home() -> "Iterator[Known]":
    home = os.environ.get("HOME", "")
    if os.path.isabs(home):
        for name, read, wanted in _SOURCES:
            yield from _in_file(os.path.join(home, name), f"~/{name}", read, wanted)
    codex = os.environ.get("CODEX_HOME", "")
    if os.path.isabs(codex):
        yield from _in_file(os.path.join(codex, "auth.json"), "$CODEX_HOME/auth.json", _document, _CODEX)


def _in_file(
    path: str, shown: str, read: "Reader", wanted: tuple[str, ...], repository: str | None = None
) -> "Iterator[Known]":
    text = _text(path)
    if not text:
        return
    number = 0
    for name, value in read(text, wanted):
        secret = settings.telling(name, value)
        if secret:
            yield Known(f"{name} in {shown}", Secret(secret, places.RULE), repository)
            number += 1
            if number == _MOST:
                return


def _text(path: str) -> str:
    """Return the start of a regular file's text; empty where there is none."""
    return (regular.start(path, _LARGEST) or b"").decode("utf-8", "replace").removeprefix("\ufeff")


# The readers: a file's text and the lower-case names that count in it, to names and values.


def _named(text: str, _wanted: tuple[str, ...]) -> "Iterator[tuple[str, str]]":
    """Read assignments to names that say themselves that they are secrets, and URLs with a password."""
    for name, value in settings.assigned(text):
        if "://" in value or settings.names_secret(name):
            yield name, value


def _assigned(text: str, wanted: tuple[str, ...]) -> "Iterator[tuple[str, str]]":
    for name, value in settings.assigned(text):
        if name.lower() in wanted:
            yield name, value


def _document(text: str, wanted: tuple[str, ...]) -> "Iterator[tuple[str, str]]":
    """Read the JSON texts under one of the names, however deep."""
    from codex_guard.wire import fastjson  # noqa: PLC0415 - only where such a file is

    try:
        left: list[tuple[str, Any]] = [("", fastjson.loads(text))]
    except (ValueError, RecursionError):
        return
    while left:
        name, value = left.pop()
        if isinstance(value, str) and name:
            yield name, value
        elif isinstance(value, dict):
            left += ((name or (key if key.lower() in wanted else ""), item) for key, item in value.items())
        elif isinstance(value, list):
            left += ((name, item) for item in value)


def _words(text: str, wanted: tuple[str, ...]) -> "Iterator[tuple[str, str]]":
    """Read ``name value name value`` of a .netrc, on one line or many."""
    name = ""
    for word in text.split():
        if not name:
            name = word if word in {"machine", "login", "account", "password"} else ""
            continue
        if name in wanted:
            yield name, word.strip('"')
        name = ""


def _tagged(text: str, wanted: tuple[str, ...]) -> "Iterator[tuple[str, str]]":
    """Read the texts of XML elements."""
    from codex_guard.secrets.hidden import escapes  # noqa: PLC0415 - only where such a file is

    for name in wanted:
        for piece in text.split(f"<{name}>")[1:]:
            value = piece.partition("<")[0].strip()
            plain = escapes.unescaped(value, escapes.AMPERSAND)
            yield name, plain.body if plain else value


def _urls(text: str, _wanted: tuple[str, ...]) -> "Iterator[tuple[str, str]]":
    for line in text.splitlines():
        if "://" in line:
            yield "password", line.strip()


def _fifth(text: str, _wanted: tuple[str, ...]) -> "Iterator[tuple[str, str]]":
    r"""Read ``host:port:database:user:password``, where ``\:`` stands for a colon in a field."""
    for line in text.splitlines():
        fields = line.replace("\\\\", "\0").replace("\\:", "\1").split(":", 4)
        if len(fields) == 5 and line[0] != "#":  # noqa: PLR2004
            yield "password", fields[4].replace("\1", ":").replace("\0", "\\")


def _whole(text: str, _wanted: tuple[str, ...]) -> "Iterator[tuple[str, str]]":
    words = text.split()
    if len(words) == 1:
        yield "token", words[0]


if TYPE_CHECKING:
    Reader = Callable[[str, tuple[str, ...]], Iterable[tuple[str, str]]]
_CODEX = ("openai_api_key", "id_token", "access_token", "refresh_token")
_NPM = ("_authtoken", "_password", "_auth")
#: A file below the home folder, how it is read, and which names in it are those of secrets.
_SOURCES: "tuple[tuple[str, Reader, tuple[str, ...]], ...]" = (
    (".aws/credentials", _assigned, ("aws_secret_access_key", "aws_session_token")),
    (".netrc", _words, ("password",)),
    ("_netrc", _words, ("password",)),
    (".npmrc", _assigned, _NPM),
    (".pypirc", _assigned, ("password",)),
    (".docker/config.json", _document, ("auth", "identitytoken", "registrytoken")),
    (".git-credentials", _urls, ()),
    (".config/gh/hosts.yml", _assigned, ("oauth_token",)),
    (".config/hub", _assigned, ("oauth_token",)),
    (".pgpass", _fifth, ()),
    (".my.cnf", _assigned, ("password",)),
    (
        ".kube/config",
        _assigned,
        ("token", "client-key-data", "password", "id-token", "access-token", "refresh-token"),
    ),
    (".codex/auth.json", _document, _CODEX),
    (".cargo/credentials.toml", _assigned, ("token",)),
    (".terraform.d/credentials.tfrc.json", _document, ("token",)),
    (
        ".config/gcloud/application_default_credentials.json",
        _document,
        ("refresh_token", "client_secret", "private_key"),
    ),
    (".azure/msal_token_cache.json", _document, ("secret",)),
    (".huggingface/token", _whole, ()),
    (".cache/huggingface/token", _whole, ()),
    (".config/op/config", _document, ("accountkey",)),
    (".vault-token", _whole, ()),
    (".gem/credentials", _named, ()),
    (
        ".composer/auth.json",
        _document,
        ("password", "bearer", "github-oauth", "gitlab-oauth", "gitlab-token", "token"),
    ),
    (".m2/settings.xml", _tagged, ("password", "passphrase")),
    (".gradle/gradle.properties", _named, ()),
)

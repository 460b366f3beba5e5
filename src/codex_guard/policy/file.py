"""One policy file, read and checked against the keys there are."""

import os
import stat
import tomllib

from codex_guard.errors import GuardError
from codex_guard.policy.policy import KEYS, Key

Values = dict[str, object]

_LARGEST = 1 << 20
_LONGEST_NAME = 60  # characters of a key that is quoted back
_UNQUOTED = str.maketrans("", "", "\"'")
_SAYS = {"texts": "a list of texts", "bool": "true or false", "int": "a whole number", "text": "a text"}


def read(path: str, *, managed: bool) -> Values:
    """Return the file's values by their full names, such as ``checks.enabled``.

    ``managed`` files may hold the keys that only an organisation sets. Raises GuardError naming file,
    line and, for an unknown key, the nearest one there is.
    """
    raw = _raw(path)
    try:
        text = raw.decode("utf-8")
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise GuardError(f"The policy {path} is not UTF-8 text: save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise GuardError(f"The policy {path} is not valid TOML: {error}.") from error
    values: Values = {}
    for name, value in _flat(document):
        place = f"{path}:{_line(text, name)}"
        key = KEYS.get(name)
        if key is None:
            raise GuardError(f"{place}: there is no key {_shown(name)}{_nearest(name)}.")
        if key.managed and not managed:
            raise GuardError(f"{place}: {name!r} belongs into the organisation's policy only.")
        tables = key.kind == "tables"
        values[name] = _entries(path, text, name, value) if tables else _checked(place, key, value)
    return values


def _entries(path: str, text: str, name: str, value: object) -> object:
    from codex_guard.policy import entries  # noqa: PLC0415 - most policies have none

    plain = ["".join(line.translate(_UNQUOTED).split()) for line in text.splitlines()]
    inline = _line(text, name)
    headers = [at for at, line in enumerate(plain) if line.startswith(f"[[{name}]]")]

    def place(number: int, key: str) -> int:
        if number >= len(headers):
            return inline
        for at in range(headers[number] + 1, len(plain)):
            if plain[at].startswith("["):
                break
            if key and plain[at].partition("=")[0] == key:
                return at + 1
        return headers[number] + 1

    if name == "commands.rules":
        from codex_guard.policy import rules  # noqa: PLC0415 - few policies have some

        return rules.read(path, value, place)
    if name == "checks.commands":
        from codex_guard.policy import check_commands  # noqa: PLC0415 - few policies have some

        return check_commands.read(path, value, place)
    return entries.read(path, name, value, place)


def _raw(path: str) -> bytes:
    """Read the file whole. Without O_NONBLOCK, a named pipe in its place would hold every hook up."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise GuardError(f"The policy {path} is no regular file: replace it by one, or remove it.")
            raw = b""
            while len(raw) <= _LARGEST and (chunk := os.read(handle, _LARGEST)):
                raw += chunk
        finally:
            os.close(handle)
    except OSError as error:
        raise GuardError(
            f"The policy {path} cannot be read ({error.strerror}): correct it, or remove it."
        ) from error
    if len(raw) > _LARGEST:
        raise GuardError(f"The policy {path} is larger than 1 MiB: it is not a policy.")
    return raw


def _flat(document: dict[str, object]) -> list[tuple[str, object]]:
    pairs: list[tuple[str, object]] = []
    tables = {name.partition(".")[0] for name in KEYS if "." in name}
    for name, value in document.items():
        if isinstance(value, dict) and name in tables:
            pairs += [(f"{name}.{inner}", item) for inner, item in value.items()]
        else:
            pairs.append((name, value))
    return pairs


def _checked(place: str, key: Key, value: object) -> object:
    fits = {
        "texts": isinstance(value, list) and all(isinstance(item, str) and item for item in value),
        "bool": isinstance(value, bool),
        "int": isinstance(value, int) and not isinstance(value, bool) and key.least <= value <= key.most,
        "text": isinstance(value, str),
    }
    if not fits[key.kind]:
        limits = f" from {key.least} to {key.most}" if key.kind == "int" else ""
        raise GuardError(f"{place}: {key.name!r} must be {_SAYS[key.kind]}{limits}.")
    given = value if isinstance(value, list) else [value]
    for item in given:
        allowed = key.values or _names(key)
        if allowed and item not in allowed:
            raise GuardError(f"{place}: {key.name!r} takes {', '.join(allowed)}, not {_shown(item)}.")
    return value


def _names(key: Key) -> tuple[str, ...]:
    """Return the values of a key that are told elsewhere."""
    if key.name == "checks.tools":
        from codex_guard.checks.check import TOOLS  # noqa: PLC0415 - no hook but Stop needs the room

        return TOOLS
    return tuple(KEYS) if key.name == "locked" else ()


def _line(text: str, name: str) -> int:
    """Return the line on which the key (or its table) stands; 1 where it cannot be told."""
    table, _, leaf = name.rpartition(".")
    current, inline = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            current = stripped.strip("[] \t").partition("]")[0]
            if current == name:
                return number
        start = "".join(stripped.partition("=")[0].translate(_UNQUOTED).split())
        if (start == name and not current) or (current == table and start == leaf):
            return number
        if start == table and not current:
            inline = number  # checks = { enabled = ... }
    return inline


def _shown(name: object) -> str:
    text = str(name)
    return repr(text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + "…")


def _nearest(name: str) -> str:
    import difflib  # noqa: PLC0415 - only a mistyped key needs it

    leaf = name.rpartition(".")[2]
    leaves = {key.rpartition(".")[2]: key for key in KEYS}
    near = [leaves[leaf]] if leaf in leaves else difflib.get_close_matches(name, KEYS, n=1, cutoff=0.5)
    if not near:
        near = [leaves[match] for match in difflib.get_close_matches(leaf, leaves, n=1, cutoff=0.5)]
    return f"; did you mean {near[0]!r}?" if near else f"; the keys are {', '.join(KEYS)}"

"""One policy file, read and checked against the keys there are."""

import tomllib

from codex_guard.errors import GuardError
from codex_guard.policy.policy import KEYS, Key

Values = dict[str, object]

_LARGEST = 1 << 20
_SAYS = {"texts": "a list of texts", "bool": "true or false", "int": "a whole number", "text": "a text"}


def read(path: str, *, managed: bool) -> Values:
    """Return the file's values by their full names, such as ``checks.enabled``.

    ``managed`` files may hold the keys that only an organisation sets. Raises GuardError naming file,
    line and, for an unknown key, the nearest one there is.
    """
    try:
        with open(path, "rb") as file:
            raw = file.read(_LARGEST + 1)
        text = raw.decode("utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise GuardError(f"The policy {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise GuardError(f"The policy {path} is not UTF-8 text: save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise GuardError(f"The policy {path} is not valid TOML: {error}.") from error
    if len(raw) > _LARGEST:
        raise GuardError(f"The policy {path} is larger than 1 MiB: it is not a policy.")
    values: Values = {}
    for name, value in _flat(document):
        place = f"{path}:{_line(text, name)}"
        key = KEYS.get(name)
        if key is None:
            raise GuardError(f"{place}: there is no key {name!r}{_nearest(name)}.")
        if key.managed and not managed:
            raise GuardError(f"{place}: {name!r} belongs into the organisation's policy only.")
        values[name] = _checked(place, key, value)
    return values


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
        "int": isinstance(value, int) and not isinstance(value, bool) and value >= key.least,
        "text": isinstance(value, str),
    }
    if not fits[key.kind]:
        least = f" of at least {key.least}" if key.kind == "int" else ""
        raise GuardError(f"{place}: {key.name!r} must be {_SAYS[key.kind]}{least}.")
    given = value if isinstance(value, list) else [value]
    for item in given:
        allowed = key.values or (tuple(KEYS) if key.name == "locked" else ())
        if allowed and item not in allowed:
            raise GuardError(f"{place}: {key.name!r} takes {', '.join(allowed)}, not {item!r}.")
    return value


def _line(text: str, name: str) -> int:
    """Return the line on which the key (or its table) stands; 1 where it cannot be told."""
    table, _, leaf = name.rpartition(".")
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            current = stripped.strip("[] \t").partition("]")[0]
            if current == name:
                return number
        start = stripped.partition("=")[0].strip().replace('"', "").replace("'", "")
        if start == name or (current == table and start == leaf):
            return number
    return 1


def _nearest(name: str) -> str:
    import difflib  # noqa: PLC0415 - only a mistyped key needs it

    near = difflib.get_close_matches(name, KEYS, n=1, cutoff=0.5)
    if not near:
        leaf = name.rpartition(".")[2]
        leaves = {key.rpartition(".")[2]: key for key in KEYS}
        near = [leaves[match] for match in difflib.get_close_matches(leaf, leaves, n=1, cutoff=0.5)]
    return f"; did you mean {near[0]!r}?" if near else f"; the keys are {', '.join(KEYS)}"

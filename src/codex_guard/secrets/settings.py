"""Which values a file of settings gives to which names, and which of them are secrets. One tolerant reader.

A dotenv file, an INI file, YAML, TOML and Java properties say ``name separator value`` on a line; what
else they can say matters little to whom looks for passwords.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST = 8  # characters of a value that can be recognised as a secret
_LONGEST = 8192
_LONGEST_NAME = 80
_WORD = 16  # letters of the longest single word that is taken for a word
_NUMBER = 12  # digits from which on a number may be a secret
_PLACEHOLDER = 128  # characters of the longest value that may be a placeholder: none is written out longer
#: Parts of a name that call its value a secret; for these alone, words can be one: a passphrase.
_PASSWORDS = frozenset(("PASSWORD", "PASSWD", "PASS", "PWD", "PASSPHRASE", "SECRET"))
_SECRETS = _PASSWORDS | frozenset(
    ("KEY", "TOKEN", "PAT", "CREDENTIAL", "CREDENTIALS", "AUTH", "PRIVATE", "DSN", "APIKEY")
)
#: The same at the end of a part: PGPASSWORD, mavenPassword, GITHUBTOKEN.
_PASSPHRASES = ("PASSWORD", "PASSWD", "PASSPHRASE")
_ENDINGS = (*_PASSPHRASES, "TOKEN", "SECRET", "APIKEY")
#: A name that ends so says something about a secret: where it is, whose, of what kind.
_ABOUT = frozenset(
    ("ID", "IDS", "FILE", "PATH", "DIR", "FOLDER", "NAME", "HOST", "PORT", "USER", "USERNAME", "EMAIL",
     "TYPE", "TTL", "EXPIRY", "EXPIRES", "EXPIRATION", "ALGORITHM", "ALG", "HASHER", "LENGTH", "SIZE",
     "COUNT", "LIMIT", "ENABLED", "DISABLED", "SOCK", "SOCKET", "VERSION", "REGION", "METHOD", "METHODS",
     "PROVIDER", "BACKEND", "DOMAIN", "AUDIENCE", "ISSUER", "SCOPE", "SCOPES", "MODE", "URL", "URI",
     "ENDPOINT", "HEADER", "PREFIX", "STORE", "ALIAS", "MANAGER", "CLASS", "DRIVER", "SERVICE", "LEVEL",
     "TIMEOUT", "ARN", "FORMAT", "POLICY", "HELPER", "COMMAND", "CMD", "SERVER", "REALM", "FINGERPRINT")
)  # fmt: skip
_NOT = frozenset(("PUBLIC", "PUBLISHABLE", "GPG", "XAUTHORITY"))
_COMMON = frozenset(
    ("password", "passwort", "passw", "secret", "admin", "administrator", "postgres", "postgresql", "mysql",
     "mariadb", "mongo", "mongodb", "redis", "rabbitmq", "root", "test", "testing", "guest", "welcome",
     "qwerty", "letmein", "user", "demo", "dev", "develop", "default", "docker", "local",
     "localhost", "django", "laravel", "changeme", "dummy", "abc", "asdf", "iloveyou", "pass", "pwd")
)  # fmt: skip
_LOOK_ALIKES = str.maketrans("0134@$5", "oieaass")
_ENDS = "0123456789!@#$%^&*?.+-_=~"
#: How an absolute path begins; base64 can begin with a slash, too.
_TOPS = frozenset(
    (
        "Users",
        "Applications",
        "Library",
        "Volumes",
        "System",
        "home",
        "usr",
        "etc",
        "var",
        "opt",
        "tmp",
        "mnt",
    )
)
_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-:")
_SCHEMES = ("Bearer ", "Basic ", "token ", "Token ")


def assigned(text: str) -> "Iterator[tuple[str, str]]":
    """Yield name and value of every assignment, a value between quotes without them."""
    at, size = 0, len(text)
    while at < size:
        end = text.find("\n", at)
        end = end if end >= 0 else size
        line = text[at:end]
        split = _separator(line)
        name = _name(line[:split]) if split >= 0 else ""
        following = end + 1
        if name:
            value, behind = _value(text, at + split + 1, end)
            if behind > end:
                following = text.find("\n", behind) + 1 or size
            yield name, value
        at = following


def _separator(line: str) -> int:
    if line.lstrip()[:1] in {"", "#", ";"}:
        return -1
    equals, colon = line.find("="), line.find(": ")
    return min(equals, colon) if equals >= 0 and colon >= 0 else max(equals, colon)


def _name(written: str) -> str:
    """Return the name in ``export NAME``, ``- name``, ``"name"``, ``//host/:_name``; empty for none."""
    words = written.split()
    name = words[-1].strip("\"'").rpartition(":")[2] if words else ""
    plain = name.replace("_", "").replace("-", "").replace(".", "")
    return name if plain.isalnum() and name.isascii() and len(name) <= _LONGEST_NAME else ""


def _value(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the value that stands in ``text[start:end]`` or begins there, and where it ends."""
    line = text[start:end]
    start += len(line) - len(line.lstrip())
    quote = text[start : start + 1]
    if quote in {'"', "'"} and start < end:
        closing = _closing(text, start + 1, quote)
        if closing > start:
            value = text[start + 1 : closing]
            return (_without_escapes(value) if quote == '"' else value), closing
    return line.replace("\t#", " #").partition(" #")[0].strip(), end


def _closing(text: str, start: int, quote: str) -> int:
    """Return where a quote is closed; -1 where it is not within a value's length."""
    last = start + _LONGEST
    at = text.find(quote, start, last)
    while at >= 0 and quote == '"':
        behind = at
        while behind > start and text[behind - 1] == "\\":
            behind -= 1
        if (at - behind) % 2 == 0:
            break
        at = text.find(quote, at + 1, last)
    return at


def _without_escapes(value: str) -> str:
    if "\\" not in value:
        return value
    from codex_guard.secrets.hidden import escapes  # noqa: PLC0415 - few values have any

    plain = escapes.unescaped(value, escapes.BACKSLASH)
    return plain.body if plain else value


def url_password(value: str) -> str:
    """Return the password in ``scheme://user:password@host``; empty where there is none."""
    _, _, rest = value.partition("://")
    authority = rest.partition("/")[0] if "@" in rest.partition("/")[0] else rest
    password = authority.rpartition("@")[0].partition(":")[2]
    if "%" not in password:
        return password
    from codex_guard.secrets.hidden import escapes  # noqa: PLC0415 - few values have any

    plain = escapes.unescaped(password, escapes.PERCENT)
    if plain is None:
        return password
    try:
        return plain.body.encode("latin-1").decode()
    except UnicodeError:
        return plain.body


def names_secret(name: str) -> bool:
    """Say whether a name calls its value a secret: DB_PASSWORD does, DB_PASSWORD_FILE does not."""
    upper = name.upper()
    if not any(word in upper for word in _SECRETS):  # most names end here
        return False
    parts = _parts(upper)
    if parts[-1] in _ABOUT or not _NOT.isdisjoint(parts) or upper in {"PWD", "OLDPWD"}:
        return False
    return any(part in _SECRETS or part.endswith(_ENDINGS) for part in parts)


def telling(name: str, value: str) -> str:
    """Return the secret in a value that its name calls one; empty where it is too plain to be one.

    A person's words, a path, a host, a variable or what stands for a secret in examples is none. Of
    ``Bearer TOKEN`` the token is the secret, of a URL the password.
    """
    if "://" in value:
        value = url_password(value)
    value = value[value.find(" ") + 1 :] if value.startswith(_SCHEMES) else value
    if not SHORTEST <= len(value) <= _LONGEST or value.lower() in name.lower():
        return ""
    if value.isdigit() and len(value) < _NUMBER:
        return ""
    if _is_word(value) or _is_variable(value) or _is_path(value) or _is_host(value) or _is_common(value):
        return ""
    if _is_words(value) and not _names_password(name):
        return ""
    if len(value) <= _PLACEHOLDER:
        from codex_guard.secrets.confirm import is_placeholder  # noqa: PLC0415 - only for what is left

        if is_placeholder(value):
            return ""
    return value


def _parts(upper: str) -> list[str]:
    return upper.replace("-", "_").replace(".", "_").split("_")


def _names_password(name: str) -> bool:
    return any(part in _PASSWORDS or part.endswith(_PASSPHRASES) for part in _parts(name.upper()))


def _is_word(value: str) -> bool:
    return len(value) <= _WORD and value.isalpha() and (value.islower() or value.istitle())


def _is_words(value: str) -> bool:
    """Say whether a value is words: ``aws-secrets-manager``, ``Sign in here``, ``PRODUCTION``."""
    pieces = value.replace("-", " ").replace("_", " ").replace(".", " ").replace("/", " ").split()
    return all(
        piece.isalpha() and (piece.islower() or piece.isupper() or piece.istitle()) for piece in pieces
    )


def _is_variable(value: str) -> bool:
    if "${" in value or "$(" in value or "`" in value:
        return True
    return value[0] == "$" and value[1:].replace("_", "").isalnum() and not value[1].isdigit()


def _is_path(value: str) -> bool:
    if value.startswith(("~/", "./", "../")) or value[1:3] == ":\\" or ":/" in value:
        return True
    if value[0] != "/":
        return False
    return value.split("/")[1] in _TOPS or "." in value or value.islower()


def _is_host(value: str) -> bool:
    """Say whether a value is a host, with a port or not, or an address in numbers."""
    if "." not in value or not _HOST.issuperset(value):
        return False
    last = value.partition(":")[0].rpartition(".")[2]
    return last.isalpha() or value.replace(".", "").replace(":", "").isdigit()


def _is_common(value: str) -> bool:
    return value.strip(_ENDS).lower().translate(_LOOK_ALIKES) in _COMMON

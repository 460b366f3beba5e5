"""Is a candidate a secret? Entropy, placeholders, boundaries: what a regex cannot say."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_HEX = frozenset("0123456789abcdefABCDEF")
_RUN = 6  # as many equal characters in a row: 35 / 16**5 of random 40-digit hex has one
_SEQUENCE = 7  # as many rising or falling characters: abcdefg, 7654321
_ALPHABET = 16  # as many, where only a whole alphabet says that a token is made up: abcdefghijklmnop
_INTERLEAVED = 8  # characters of two runs, one in the other
_EVERY = 4  # as many of either
_STEPS = frozenset((-1, 0, 1))
# Words that people put where a secret would stand. All lower case.
_PLACEHOLDERS = (
    "example", "placeholder", "changeme", "change_me", "change-me", "redacted", "masked",
    "your-", "your_", "yourkey", "yourtoken", "yourapi", "yourpass", "yoursecret", "insert", "replace",
    "dummy", "notreal", "not-a-real", "not_a_real", "xxxx", "fakekey", "faketoken", "fake-", "fake_",
    "sample", "todo", "my-secret", "mysecret", "my_secret", "supersecret", "<masked:", "...", "****",
    "qwxhzgrpbjpvcgvuihnlc2ftzq",  # RFC 7617's own example
)  # fmt: skip
# Secrets that documentation of their own makers prints: they open nothing, or what everyone may open.
_DOCUMENTED = (
    "eby8vdm02xnocqflquwjpllmetlcdxj1ouzft50usrz6",  # Azurite's storage key
    "c2y6ydjf5/r+ob0n8a7cgv30vrdjiwehlm+4qdu5de2nq9",  # the Cosmos DB emulator's key
    "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",  # Hardhat's and Anvil's first account
    "6leixactaaaaagg-vfi1tnrwxmznfuojj4wifjwe",  # reCAPTCHA's key for tests
    "4ec39hqlyjwdarjtt1zdp7dc",  # Stripe's
    "16c7e42f292c6912e7710c838347ae178b4a",  # GitHub's
    "sflkxwrjsmekkf2qt4fwpmejf36pok6yjv_adqssw5c",  # jwt.io's
    "2yotnfzfejr1zcsicmwpaa", "tgzv3jokf0xg5qx2tlkwia",  # RFC 6749
    "dbjftjez4cvp-mb92k27uhbuju1p1r_ww1gfwfoejxk",  # RFC 7636
    "jbswy3dpehpk3pxp", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",  # the key URI format's, RFC 6238
    "3ax6xnjp29jd6fds4gc373sgvjxteol0",  # Mailgun's
    "mwyyzdflmmu2n2rm", "uyfcxcpkjhpec2i9", "1f2d1e2e67df", "s!b\\*d$zdsb",  # Kubernetes'
    "00qcjal4mlv-wpxm",  # Okta's, of which the middle varies
    "33f!!lloppa", "hal+9ooo_da!sy",  # NuGet's
)  # fmt: skip
_OPENERS = ("${", "{{", "$(", "%(", "<%", "#{", "@{", "$[[", "[[", "<<")
_INSIDE = "".join(sorted(_WORD)) + " .-:=%"
_AFTER_NAME = "}:|?)[(,+-'\"/>]"


def entropy(text: str) -> float:
    """Return the Shannon entropy of ``text`` in bits per character; 0.0 for an empty text."""
    from math import log2  # noqa: PLC0415 - a clean text never comes here

    size = len(text)
    counts = [text.count(character) for character in set(text)]
    return -sum(count / size * log2(count / size) for count in counts)


def holds(check: str, value: str) -> bool:
    """Say whether a value has the proof that its format asks for; False where it asks for none."""
    if not check:
        return False
    from codex_guard.secrets.proof import checksum  # noqa: PLC0415 - few formats have a proof of their own

    return checksum.holds(check, value)


def is_placeholder(value: str, *, formatted: bool = False, owned: bool = False) -> bool:
    """Say whether ``value`` is what documentation and templates put in a secret's place.

    One patterned stretch is enough where only a name says that it is a secret. A value that is
    ``formatted`` as a provider's secrets are is one all the same, unless most of it repeats itself or
    spells the alphabet; one that is ``owned``, beside a provider's name, unless most of it repeats itself.
    """
    lowered = value.lower()
    if any(word in lowered for word in _PLACEHOLDERS) or is_documented(value):
        return True
    if _holds_template(value) or (value[:1], value[-1:]) == ("<", ">"):
        return True
    if owned:
        return _patterned(lowered, _RUN, len(value)) * 2 > len(value)
    if formatted:
        spelled = _patterned(lowered, len(value), _ALPHABET) > 0
        return _patterned(lowered, _RUN, _SEQUENCE if spelled else _ALPHABET) * 2 > len(value)
    return _patterned(lowered, _RUN, _SEQUENCE) > 0 or _interleaved(lowered)


def is_documented(value: str) -> bool:
    """Say whether ``value`` is, or ends with, an example that its maker's documentation prints."""
    lowered = value.lower()
    return any(example in lowered for example in _DOCUMENTED)


def _interleaved(value: str) -> bool:
    """Say whether two runs stand one in the other: ``a1b2c3d4e5f6``, ``000102030405``, ``aA1bB2cC3dD4``."""
    if len(value) < _INTERLEAVED:
        return False
    halves = value[::2], value[1::2]
    if all(_patterned(half, _EVERY, _EVERY) * 4 >= len(half) * 3 for half in halves):
        return True
    letters, digits = _once(filter(str.isalpha, value)), _once(filter(str.isdigit, value))
    return bool(letters) and all(
        _patterned(half, _RUN, _RUN) * 4 >= len(half) * 3 for half in (letters, digits)
    )


def _once(characters: "Iterable[str]") -> str:
    """Return the characters, of equal ones in a row the first."""
    text = "".join(characters)
    return "".join(this for before, this in zip(" " + text, text, strict=False) if this != before)


def _holds_template(value: str) -> bool:
    """Say whether a variable is to be put in: ``${NAME}``, ``{{ name }}``, ``$(command)``, ``%(name)s``."""
    for opener in _OPENERS:
        at = value.find(opener)
        while at >= 0:
            inside = value[at + len(opener) : at + 80]
            name = inside.lstrip(" %=-")
            size = len(name) - len(name.lstrip(_INSIDE))
            if size and (name[size : size + 1] or "}") in _AFTER_NAME:
                return opener != "{{" or "}}" in inside or not name[size : size + 1]
            at = value.find(opener, at + 1)
    return False


def _patterned(value: str, same: int, steps: int) -> int:
    """Count the characters in runs of one character, or of rising or falling ones, that are so long."""
    if value.isascii():  # one look in C code: nearly no value has any
        codes = value.encode()
        moves = bytes([(after - before) & 255 for before, after in zip(codes, codes[1:], strict=False)])  # noqa: RUF007 - an import
        runs = bytes(same - 1), b"\1" * (steps - 1), b"\xff" * (steps - 1)
        if not any(run in moves for run in runs):
            return 0
    found = 0
    start, step = 0, None
    for at in range(1, len(value) + 1):
        this = ord(value[at]) - ord(value[at - 1]) if at < len(value) else None
        if this == step and this in _STEPS:
            continue
        if step is not None and at - start >= (same if step == 0 else steps):
            found += at - start
        start, step = (at - 1, this) if this in _STEPS else (at, None)
    return found


def is_bounded(text: str, start: int, end: int) -> bool:
    r"""Say whether ``text[start:end]`` is a word of its own.

    An escape before it (``\n``, ``\u003d``, ``%3D``, ``ESC[0m``) is a boundary although it ends in a
    letter or digit.
    """
    if end < len(text) and text[end] in _WORD:
        return False
    if start == 0 or text[start - 1] not in _WORD:
        return True
    before = text[max(0, start - 12) : start]
    if len(before) > 1 and before[-2] == "\\" and before[-1] in "nrtbfv0":
        return True
    if len(before) > 5 and before[-6:-4] == "\\u" and set(before[-4:]) <= _HEX:  # noqa: PLR2004
        return True
    if len(before) > 2 and before[-3] == "%" and before[-1] in _HEX and before[-2] in _HEX:  # noqa: PLR2004
        return True
    _, escape, tail = before.rpartition("\x1b[")
    return bool(escape) and tail.endswith("m") and set(tail[:-1]) <= set("0123456789;")

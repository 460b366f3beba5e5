"""What a policy adds to the rules: packs that are off by default, packs of its own, and internal names."""

from codex_guard.errors import MISSING_INDEX, GuardError
from codex_guard.secrets.index import Index, Row

_INTERNAL = "internal-name"
_REVOKE = "https://cwe.mitre.org/data/definitions/200.html"
_SHORTEST = 3  # characters of a name that are no wildcard: fewer stand in every text


def extended(
    index: Index, packs: tuple[str, ...], internal: tuple[str, ...], files: tuple[str, ...] = ()
) -> Index:
    """Return the index with what a policy adds to it.

    ``packs``: our own, by name. ``internal``: names, in which ``*`` is a wildcard. ``files``: packs by
    their paths (see ``own``). Raises GuardError for a name that is too short to look for, and for a file
    that cannot be read or has a mistake.
    """
    try:
        from codex_guard import _index  # noqa: PLC0415 - its absence is an error for a person
    except ImportError as error:
        raise GuardError(MISSING_INDEX) from error
    rows = list(index.rows)
    keywords = list(index.keywords)
    always = list(index.always)
    for pack in dict.fromkeys(packs):
        always += range(len(rows), len(rows) + len(_index.PACKS[pack]))
        rows += _index.PACKS[pack]
    for name in dict.fromkeys(internal):
        keyword = max(name.lower().split("*"), key=len)
        if len(keyword.strip()) < _SHORTEST:
            raise GuardError(
                f"secrets.internal: the name {name!r} needs {_SHORTEST} characters in a row that are no *."
            )
        keywords.append((keyword, (len(rows),)))
        rows.append(_row(name, keyword))
    whole = index.replace(keywords=tuple(keywords), rows=tuple(rows), always=tuple(always))
    if not files:
        return whole
    from codex_guard.secrets.rules import own  # noqa: PLC0415 - reading TOML costs 15 ms

    return own.added(whole, own.rules(files))


def _row(name: str, keyword: str) -> Row:
    """Return the rule for one name: ``*.corp.acme.com`` is any host below that domain."""
    from re import escape  # noqa: PLC0415 - few policies list names

    pattern = r"[\w-]{0,80}".join(escape(piece) for piece in name.split("*"))
    # Rows are entries in their order: see index.Entry.
    return (
        _INTERNAL, "Name that is internal to the organisation", "medium", _REVOKE,
        rf"(?i)(?<![\w-]){pattern}(?![\w-])", "", "", False, False, "", 0, 0.0, 200,
        len(keyword) + 200, False, False, True, 0,
    )  # fmt: skip

"""What is to be checked at a turn's end."""

from codex_guard.record import Record


class Asked(Record):
    """What is to be checked: ``files`` changed, relative to the repository's ``top``.

    ``older`` are files that differ from the last commit, too, or are gone, and did so before the turn began;
    ``gone`` are files that are not there any more since. ``commit`` is the one that the turn began at, empty
    for the last one.
    """

    top: str
    files: tuple[str, ...]
    older: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    commit: str = ""

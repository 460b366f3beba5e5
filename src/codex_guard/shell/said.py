"""What a list of commands prints altogether."""

from codex_guard.shell.meaning import HOLE, Scope


class Said:
    """Collects the output of statements in turn; what ``||`` leads to speaks where nothing did before it."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._texts: list[str | None] = []
        self._joined = ""

    def add(self, text: str | None, connector: str) -> None:
        """Take in what a statement prints; ``connector`` stands behind it."""
        if self._joined != "||" or not (self._texts and self._texts[-1]):
            self._texts.append(text)
        self._joined = connector

    def text(self) -> str | None:
        """Return all that was printed."""
        return collected(self._texts, self._scope)


def collected(texts: list[str | None], scope: Scope) -> str | None:
    """Join what was printed, with a hole for what is not known; None where nothing is."""
    if len(texts) == 1:
        return texts[0]
    if None in texts and not any(texts):
        return None
    text = "".join([HOLE + "\n" if each is None else each for each in texts])
    scope.fuel[0] -= len(text)
    return text if scope.fuel[0] >= 0 else None

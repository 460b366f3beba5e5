"""Scanning texts under a policy: which rules count, which findings, and what this machine itself knows."""

import os

from codex_guard.model import Finding, Secret, Text
from codex_guard.policy.policy import Policy
from codex_guard.record import Record
from codex_guard.secrets import index, search

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from codex_guard.secrets.index import Index
    from codex_guard.secrets.known import Known

_PASSES = 4
_TELLING = 8  # characters of a value: a shorter one stands in other words
_MOST_ENCODED = 200  # values of one text that are looked for in other forms: each costs a pass
_BY_NAME = "generic-"  # rules that know a secret by its name only


class Scanner(Record):
    """The rules of a policy, and the secrets that the machine is known to hold, for the texts of one event.

    Known secrets are read anew for each event and kept nowhere else. ``cwd`` is the folder that the names
    of files start from.
    """

    rules: "Index"
    policy: Policy
    cwd: str
    known: "tuple[Known, ...]" = ()

    def texts(self, texts: list[Text]) -> tuple[Finding, ...]:
        """Return the findings in several texts, in order."""
        found: list[Finding] = []
        for text in texts:
            findings = search.scan(
                text, self.rules, self.policy.disabled_secret_rules, self.policy.strictness
            )
            found += self._with_known(text, findings) if self.known else findings
        return tuple(found)

    def masked(self, body: str, findings: tuple[Finding, ...]) -> str:
        """Return the scanned ``body`` masked, so that it passes when it is judged again.

        Of findings that overlap one is kept; what another said of the rest shows once that one is masked.
        A value goes wherever it stands, also encoded: only a name may have told it in one place.
        """
        from codex_guard.secrets.masking import mask  # noqa: PLC0415 - a clean text never comes here

        for _ in range(_PASSES):
            body = _without_encoded(mask(body, findings), findings)
            findings = self.texts([Text("", body)])
            if not findings:
                break
        return body

    def _with_known(self, text: Text, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Add the known secrets: instead of what a name alone tells there, and beside all else."""
        from codex_guard.guard import known  # noqa: PLC0415 - most machines hold none

        stands = known.find([text], self.known, self.cwd)
        if not stands:
            return findings
        formats = [finding for finding in findings if not finding.rule.startswith(_BY_NAME)]
        names = [finding for finding in findings if finding.rule.startswith(_BY_NAME)]
        return _joined(text.body, _joined(text.body, formats, list(stands)), names)


def _joined(body: str, told: "Iterable[Finding]", more: list[Finding]) -> tuple[Finding, ...]:
    """Add what overlaps nothing of ``told``; what does makes that longer, so that nothing of it stays behind.

    The findings on either side are in order and do not overlap each other.
    """
    joined: list[Finding] = []
    both = [*((one, 0) for one in told), *((one, 1) for one in more)]
    ranked = sorted(both, key=lambda item: item[0].start)
    rank = 0
    for one, of in ranked:
        if not joined or one.start >= joined[-1].end:
            joined.append(one)
            rank = of
            continue
        before = joined[-1]
        start, end = before.start, max(before.end, one.end)
        best, rank = (one, of) if of < rank else (before, rank)
        if (best.start, best.end) != (start, end):
            best = best.replace(start=start, end=end, spelled=Secret(body[start:end], best.rule))
        joined[-1] = best
    return tuple(joined)


def _without_encoded(body: str, findings: tuple[Finding, ...]) -> str:
    """Mask what holds a found value in another form: its base64, its hex, escapes, reversed."""
    from codex_guard.secrets import known  # noqa: PLC0415 - a clean text never comes here

    values = {finding.secret: known.Known(str(finding.secret), finding.secret) for finding in findings}
    told = tuple(one for one in values.values() if len(one.secret.reveal()) >= _TELLING)[:_MOST_ENCODED]
    at = len(body)
    for stand in sorted(known.stands(Text("", body), told), key=lambda one: -one.end):
        if stand.end <= at:
            body = body[: stand.start] + stand.known.name + body[stand.end :]
            at = stand.start
    return body


def scanner(policy: Policy, cwd: str, worktree: str | None = None) -> Scanner:
    """Return the scanner for an event in ``cwd``, whose work tree is looked for where it is not given.

    Raises GuardError for what the policy adds to the rules and is no good.
    """
    rules = index.load()
    if policy.packs or policy.internal or policy.rule_files:
        from codex_guard.secrets.rules import optional  # noqa: PLC0415 - few policies ask for one

        rules = optional.extended(rules, policy.packs, policy.internal, policy.rule_files)
    if not policy.known_secrets or "known-secret" in policy.disabled_secret_rules:
        return Scanner(rules, policy, cwd)
    from codex_guard.guard import known  # noqa: PLC0415 - a policy may do without

    tree = worktree if worktree is not None else worktree_of(cwd)
    return Scanner(rules, policy, cwd, known.collect(cwd, tree, policy.known_files))


def worktree_of(cwd: str) -> str:
    """Return the nearest folder with a ``.git``; ``cwd`` itself outside of one."""
    folder = cwd
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return cwd
        folder = parent
    return folder


def is_loosened(policy: Policy) -> bool:
    """Say whether the policy allows anything that is found: most do not, and need not be asked further."""
    return bool(policy.allow or policy.ignore or policy.allowed_paths or policy.stores)


def once(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings with each value once, the first: for texts that were looked at in two ways."""
    return tuple({finding.secret: finding for finding in reversed(findings)}.values())[::-1]


def counted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that count: those that nothing suppresses."""
    return tuple(finding for finding in findings if finding.suppressed is None)

"""Every rule there is, with its page, and whether the policy here goes by it."""

from pathlib import Path

from codex_guard import build
from codex_guard.commands import pack as command_pack
from codex_guard.commands.pack import Pack
from codex_guard.errors import GuardError
from codex_guard.model import GUARDS
from codex_guard.policy.policy import Policy
from codex_guard.record import Record
from codex_guard.secrets import index, search
from codex_guard.secrets.index import Entry
from codex_guard.secrets.rules import own
from codex_guard.secrets.rules import pack as secret_pack
from codex_guard.secrets.rules.pack import Rule
from codex_guard.secrets.strictness import LENIENT

_LONGEST_NAME = 60  # characters of a name that is quoted back
_SPECIAL = (
    (
        "known-secret",
        "Secret of this machine",
        "critical",
        "Its value stands in the environment, in a dotenv file or in a program's file of credentials.",
    ),
    (
        "internal-name",
        "Name that is internal to the organisation",
        "medium",
        "It is one of the names that a policy lists in secrets.internal.",
    ),
)


class Special(Record):
    """What a finding is called that no pack's rule makes, and ``how`` it comes about."""

    how: str


class Listed(Record):
    """One rule: ``kind`` is ``secret`` or ``command``, ``level`` its severity or tier.

    ``provider`` is empty where there is none. ``origin`` is the pack it stands in. ``off`` says why the
    policy does not go by it, or only in part; empty where it does. ``keywords`` are those of an ``Entry``.
    """

    id: str
    kind: str
    level: str
    provider: str
    title: str
    origin: str
    off: str
    page: Rule | Pack | Entry | Special
    keywords: tuple[str, ...] = ()


def read(policy: Policy) -> tuple[Listed, ...]:
    """Return all rules, secrets first, in the order of packs. Raises GuardError for a pack with a mistake."""
    folder = build.patterns()
    found: dict[str, Listed] = {}
    for path in sorted((folder / "secrets").glob("*.toml")):
        for rule in secret_pack.read_pack(path):
            found[rule.id] = _secret(rule, _origin(folder, path), policy)
    found |= {one.id: one for one in _compiled(found, policy)}
    for path in sorted((folder / "optional").glob("*.toml")):
        asked = path.stem in policy.packs
        why = "" if asked else f'its pack is off until a policy asks for it: secrets.packs = ["{path.stem}"]'
        for rule in secret_pack.read_pack(path, optional=True):
            found[rule.id] = _secret(rule, _origin(folder, path), policy, why)
    for identity, title, severity, how in _SPECIAL:
        why = _off(identity, policy)
        found[identity] = Listed(identity, "secret", severity, "", title, "codex-guard", why, Special(how))
    for name in policy.rule_files:
        for rule in own.rules((name,)):
            found[rule.id] = _secret(rule, str(own.path_of(name)), policy)
    return (*found.values(), *_commands(folder, policy))


def named(rules: tuple[Listed, ...], identity: str) -> tuple[Listed, ...]:
    """Return the rules of that id. Raises GuardError with the nearest ones."""
    found = tuple(rule for rule in rules if rule.id == identity)
    if not found:
        raise GuardError(
            f"There is no rule {shown(identity)}{nearest(identity, [rule.id for rule in rules])}"
            " `codex-guard rules` lists all."
        )
    return found


def nearest(name: str, known: list[str]) -> str:
    """Return a sentence's end with up to three names that are like ``name``, or that hold it."""
    import difflib  # noqa: PLC0415 - only a mistyped name needs it

    lowered = name.lower()[:_LONGEST_NAME]
    holding = [one for one in known if len(lowered) > 2 and lowered in one.lower()]  # noqa: PLR2004
    near = list(dict.fromkeys(difflib.get_close_matches(lowered, known, n=3, cutoff=0.5) + holding))[:3]
    return f": did you mean {' or '.join(map(repr, near))}?" if near else "."


def shown(name: str) -> str:
    """Return a name that a person gave, quoted, without any secret that was pasted in its place."""
    text = search.masked(name, index.load())
    return repr(text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + "…")


def printable(text: str) -> str:
    """Return text in one line: whatever would move a terminal's cursor or colour it is spelled out."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _origin(folder: Path, path: Path) -> str:
    return str(Path("patterns") / path.relative_to(folder))


def _secret(rule: Rule, origin: str, policy: Policy, why: str = "") -> Listed:
    off = why or _off(rule.id, policy, named=rule.generic or bool(rule.says))
    return Listed(rule.id, "secret", rule.severity, rule.provider, rule.title, origin, off, rule)


def _compiled(found: dict[str, Listed], policy: Policy) -> list[Listed]:
    """Return the rules that the index holds and no pack: those that the build makes."""
    whole = index.load()
    entries = {number: whole.entry(number) for number, name in enumerate(whole.ids()) if name not in found}
    keywords: dict[int, list[str]] = {number: [] for number in entries}
    for keyword, asking in whole.asked() if entries else ():
        for number in asking:
            if number in keywords:
                keywords[number].append(keyword)
    return [
        Listed(
            entry.id,
            "secret",
            entry.severity,
            "",
            entry.title,
            "compiled at build time",
            _off(entry.id, policy, named=entry.generic),
            entry,
            tuple(keywords[number]),
        )
        for number, entry in entries.items()
    ]


def _commands(folder: Path, policy: Policy) -> list[Listed]:
    found = []
    for path in sorted((folder / "commands").glob("*.toml")):
        for rule in command_pack.read_pack(path):
            off = "by commands.disabled_rules" if rule.id in policy.disabled_command_rules else ""
            if rule.tier not in policy.command_tiers and not rule.id.startswith(GUARDS):
                off = f'its tier is off: commands.tiers names those that count, such as "{rule.tier}"'
            origin = _origin(folder, path)
            found.append(Listed(rule.id, "command", rule.tier, "", rule.title, origin, off, rule))
    for one in policy.command_rules:
        page = Pack(**{field: getattr(one.rule, field) for field in one.rule._fields})
        title = f"{one.rule.title} (allowed)" if one.allows else one.rule.title
        found.append(Listed(page.id, "command", page.tier, "", title, f"{one.file}:{one.line}", "", page))
    return found


def _off(identity: str, policy: Policy, *, named: bool = False) -> str:
    """Say why a policy does not go by a rule; ``named``: the rule goes by more than a format."""
    if identity in policy.disabled_secret_rules:
        if identity in policy.disabled_prompt_rules:
            return "by secrets.disabled_rules"
        return "by the repository's secrets.disabled_rules, but for prompts, where a repository has no say"
    if identity == "known-secret" and not policy.known_secrets:
        return "by secrets.known"
    if identity == "internal-name" and not policy.internal:
        return "as long as no policy lists names in secrets.internal"
    if named and policy.strictness == LENIENT:
        return 'by secrets.strictness = "lenient", which goes by formats alone'
    return ""

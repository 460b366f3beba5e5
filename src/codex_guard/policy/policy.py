"""The merged policy, and what each of its keys means."""

from codex_guard.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.checks.own import Command
    from codex_guard.commands.own import Own
    from codex_guard.policy.entries import Allowed, Ignored


class Policy(Record):
    """What the guard goes by, all layers merged.

    ``on_error``: ``block`` or ``allow`` when a hook itself fails (organisation only).
    ``disabled_secret_rules``, ``disabled_command_rules``: ids of rules that are switched off;
    ``disabled_prompt_rules``: those for prompts, which a repository has no say in.
    ``allowed_paths``: gitignore patterns of files that may hold secrets, relative to the repository;
    ``stores``: of those that may while git ignores them.
    ``strictness``: how much is taken for a secret (see ``secrets.strictness``). ``known_secrets``: whether
    what this machine holds as secrets is recognised; ``known_files``: more files that hold some.
    ``history``: ``mask`` overwrites the secrets of a blocked prompt in Codex's history, ``leave`` does not.
    ``packs``: optional packs of rules; ``internal``: names that are not to leave the organisation;
    ``rule_files``: packs of the organisation's and the person's own, by their paths.
    ``allow``: values that are allowed, by fingerprint; ``ignore``: files in which some rules do not count.
    ``command_tiers``: the tiers of rules for commands that count; ``command_rules``: those of policies, a
    layer after the other. ``env_files``: ``deny`` denies commands that print dotenv files, ``mask`` lets them
    run and masks every value in what they print.
    ``writers``: patterns of the names of tools whose arguments name files that they write.
    ``checks``: whether Stop runs its checks; ``check_tools``: which of them, None for those that a
    repository configures; ``check_commands``: checks of policies. ``check_rounds``: how often a turn is
    continued for failures; ``check_seconds``: what one check may take, ``check_total`` what all may.
    ``check_baseline``: what failures are compared with, since only new ones count: ``head`` runs the checks
    on the tree before the turn where that was not done yet, ``cache`` goes by earlier runs only, with
    ``none`` all count. ``check_missing``: whether a tool that is not installed is only said (``say``) or a
    failure (``fail``). ``check_sandbox``: ``codex`` runs checks inside Codex's sandbox, and where there is
    none only codex-guard's own tools; ``skip`` does that, too, and runs nothing where there is none;
    ``none`` runs the repository's own as the user.
    """

    on_error: str = "block"
    disabled_secret_rules: frozenset[str] = frozenset()
    disabled_prompt_rules: frozenset[str] = frozenset()
    disabled_command_rules: frozenset[str] = frozenset()
    allowed_paths: tuple[str, ...] = ()
    stores: tuple[str, ...] = (".env*",)
    strictness: str = "standard"
    known_secrets: bool = True
    known_files: tuple[str, ...] = ()
    history: str = "mask"
    packs: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()
    rule_files: tuple[str, ...] = ()
    allow: "tuple[Allowed, ...]" = ()
    ignore: "tuple[Ignored, ...]" = ()
    command_tiers: tuple[str, ...] = ("core", "infra")
    command_rules: "tuple[Own, ...]" = ()
    env_files: str = "deny"
    writers: tuple[str, ...] = ()
    checks: bool = True
    check_tools: tuple[str, ...] | None = None
    check_commands: "tuple[Command, ...]" = ()
    check_rounds: int = 3
    check_seconds: int = 120
    check_total: int = 180
    check_baseline: str = "head"
    check_missing: str = "say"
    check_sandbox: str = "codex"


class Key(Record):
    """One key of a policy file: where it goes in ``Policy`` and which values it takes.

    ``kind`` is ``texts``, ``bool``, ``int``, ``text`` or ``tables``; an ``int`` lies between ``least`` and
    ``most``. ``strictest`` are the values that a lower layer may still choose where the organisation locked
    the key; with none, only the organisation's holds. A ``personal`` key is locked for every repository,
    since what it loosens is the person's machine. A list that ``adds`` goes on with those of the layers
    before.
    """

    name: str
    field: str
    kind: str
    values: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    strictest: tuple[object, ...] = ()
    managed: bool = False
    personal: bool = False
    adds: bool = False


#: Below the deadline of the Stop hook (three quarters of its 300 seconds), which ends no checks.
MOST_SECONDS = 200


KEYS = {
    key.name: key
    for key in (
        Key("on_error", "on_error", "text", values=("block", "allow"), managed=True),
        Key("locked", "", "texts", managed=True),
        Key("secrets.disabled_rules", "disabled_secret_rules", "texts"),
        Key("secrets.allowed_paths", "allowed_paths", "texts", adds=True),
        Key("secrets.stores", "stores", "texts"),
        Key(
            "secrets.strictness",
            "strictness",
            "text",
            values=("lenient", "standard", "strict"),
            strictest=("strict",),
            personal=True,
        ),
        Key("secrets.known", "known_secrets", "bool", strictest=(True,), personal=True),
        Key("secrets.known_files", "known_files", "texts", adds=True),
        # The history is the person's own file, wherever they work.
        Key(
            "secrets.history", "history", "text", values=("mask", "leave"), strictest=("mask",), personal=True
        ),
        Key("secrets.packs", "packs", "texts", values=("pii",), adds=True),
        Key("secrets.internal", "internal", "texts", adds=True),
        # Whoever wrote the repository must not bring rules that take the place of ours.
        Key("secrets.rule_files", "rule_files", "texts", personal=True, adds=True),
        Key("secrets.allow", "allow", "tables"),
        Key("secrets.ignore", "ignore", "tables"),
        Key("commands.disabled_rules", "disabled_command_rules", "texts"),
        Key("commands.tiers", "command_tiers", "texts", values=("core", "infra", "niche")),
        Key("commands.rules", "command_rules", "tables"),
        Key(
            "commands.env_files",
            "env_files",
            "text",
            values=("deny", "mask"),
            strictest=("deny",),
            personal=True,
        ),
        Key("tools.writers", "writers", "texts", adds=True),
        Key("checks.enabled", "checks", "bool", strictest=(True,)),
        Key("checks.tools", "check_tools", "texts"),  # those of checks.check.TOOLS
        Key("checks.commands", "check_commands", "tables"),
        Key("checks.rounds", "check_rounds", "int", least=1, most=100),
        Key("checks.seconds", "check_seconds", "int", least=1, most=MOST_SECONDS),
        Key("checks.total_seconds", "check_total", "int", least=1, most=MOST_SECONDS),
        Key(
            "checks.baseline", "check_baseline", "text", values=("head", "cache", "none"), strictest=("none",)
        ),
        Key("checks.missing", "check_missing", "text", values=("say", "fail"), strictest=("fail",)),
        Key(
            "checks.sandbox",
            "check_sandbox",
            "text",
            values=("codex", "none", "skip"),
            strictest=("codex", "skip"),
            personal=True,
        ),
    )
}

"""Rules from the patterns of detect-secrets' own plugins, compiled into the index. Never on a hook's path.

The library (Apache-2.0) is a requirement of the build alone: what a hook loads are rows of the index, like
those of ``patterns/``. A borrowed rule speaks only where ours say nothing: it ranks below them, and does not
match what begins as one of ours does. So a rule of ours that is switched off stays off.
"""

import re
from collections.abc import Iterable
from importlib import metadata
from typing import Any

from codex_guard.errors import GuardError
from codex_guard.record import Record
from codex_guard.secrets.rules import backtracking, literals
from codex_guard.secrets.rules.pack import Rule
from codex_guard.secrets.rules.sre import kinds, parser

#: What the ids of borrowed rules begin with, and those of what the library itself finds in ``scan``.
PREFIX = "detect-secrets-"
_PAGE = "https://github.com/Yelp/detect-secrets"
_END = 512  # rounds of a repeat that has no end of its own
_FARTHEST = 2_048  # characters from a keyword to an end of the match
_NARROW = 12  # characters: a group that never holds more is a part of a secret, not the secret
_FLAGS = ((re.IGNORECASE, "ia"), (re.VERBOSE, "x"), (re.DOTALL, "s"))
_OPEN_REPEAT = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?:\{(?P<least>\d+),\}|(?P<sign>[+*]))(?P<how>[+?]?)", re.DOTALL
)
_REFERENCE = re.compile(r"\\[1-9]|\(\?P|\(\?\(")  # to a group by number or name: it would be another's

#: Plugins that are left out, and why. The reasons of the others are found by ``_fault``.
LEFT_OUT = {
    "ArtifactoryDetector": "a match takes along what stands around the token",
    "BasicAuthDetector": "any text between :// and @: ours look at the value, too",
    "IPPublicDetector": "an address is no secret",
    "NpmDetector": "the value runs to the end of the line",
    "PrivateKeyDetector": "the first line of a key says nothing of what follows: ours read the key",
}
#: Words of many programs: of 1,500 Python files that were installed "key" stood in 46 %, "pass" in 34 %.
_EVERYWHERE = frozenset(
    ("api", "auth", "http", "https", "key", "pass", "password", "pwd", "secret", "token", "www")
)
#: Where the credentials are taken back; for other plugins the library's own page.
_REVOKE = {
    "AWSKeyDetector": "https://console.aws.amazon.com/iam/home#/security_credentials",
    "AzureStorageKeyDetector": (
        "https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage"
    ),
    "CloudantDetector": "https://cloud.ibm.com/iam/apikeys",
    "GitHubTokenDetector": "https://github.com/settings/tokens",
    "GitLabTokenDetector": "https://gitlab.com/-/user_settings/personal_access_tokens",
    "MailchimpDetector": "https://admin.mailchimp.com/account/api/",
    "OpenAIDetector": "https://platform.openai.com/api-keys",
    "PypiTokenDetector": "https://packaging.python.org/en/latest/specifications/pypirc/#using-a-pypi-token",
    "SendGridDetector": "https://app.sendgrid.com/settings/api_keys",
    "SlackDetector": "https://api.slack.com/apps",
    "SoftlayerDetector": "https://cloud.ibm.com/iam/apikeys",
    "SquareOAuthDetector": "https://developer.squareup.com/apps",
    "StripeDetector": "https://dashboard.stripe.com/apikeys",
}


class Borrowed(Record):
    """The rules, in the order of their ids, and a line for the version and for each pattern left out."""

    rules: tuple[Rule, ...]
    notes: tuple[str, ...]


def read(ours: Iterable[Rule]) -> Borrowed:
    """Return what the installed library's own plugins give beside our rules.

    Raises GuardError where the library is not installed.
    """
    try:
        from detect_secrets.core.plugins.util import (  # noqa: PLC0415 - its absence is an error for a person
            get_mapping_from_secret_type_to_class,
        )
        from detect_secrets.plugins.base import RegexBasedDetector  # noqa: PLC0415
    except ImportError as error:
        raise GuardError(
            "The index takes in the patterns of detect-secrets, which is not installed here:"
            " run `pip install 'detect-secrets>=1.5'` in this environment, and build again."
        ) from error
    get_mapping_from_secret_type_to_class.cache_clear()  # it may know plugins of somebody's baseline
    plugins = get_mapping_from_secret_type_to_class()
    return of_plugins(
        [plugins[kind] for kind in sorted(plugins) if issubclass(plugins[kind], RegexBasedDetector)],
        metadata.version("detect-secrets"),
        tuple(ours),
    )


def of_plugins(plugins: list[Any], version: str, ours: tuple[Rule, ...] = ()) -> Borrowed:
    """Return a rule for each pattern of the plugins that can be one, and what is wrong with the others."""
    rules: list[Rule] = []
    notes = [f"With patterns of detect-secrets {version}, but for these:"]
    for plugin in plugins:
        for number, pattern in enumerate(plugin.denylist, 1):
            name = slug(plugin.secret_type) + (f"-{number}" if number > 1 else "")
            try:
                rule = _beyond(_rule(plugin, name, ended(pattern)), ours)
                reason = _fault(plugin, rule)
            except re.error:
                reason = "it does not compile once its repeats have an end"
            if reason:
                notes.append(f"{name}: {reason}.")
            else:
                rules.append(rule)
    rules.sort(key=lambda rule: rule.id)
    return Borrowed(tuple(rules), tuple(notes))


def slug(kind: str) -> str:
    """Return the id of the library's secret type: lower-case letters, digits and dashes."""
    words = re.findall(r"[a-z0-9]+", kind.lower())
    return PREFIX + ("-".join(words) or "other")[:60]


def ended(pattern: re.Pattern[str]) -> str:
    """Return a compiled pattern as one text, flags included, in which every repeat has an end.

    The library searches line by line, we a whole text: so a line's ends are where ``^`` and ``$`` match.
    """

    def end(found: re.Match[str]) -> str:
        if not (found["least"] or found["sign"]):
            return found[0]
        least = int(found["least"] or found["sign"] == "+")
        return f"{{{least},{max(_END, least)}}}{found['how']}"

    flags = "".join(letters for flag, letters in _FLAGS if pattern.flags & flag)
    return f"(?{flags}m)" + _OPEN_REPEAT.sub(end, _split(pattern.pattern)[1])


def _fault(plugin: Any, rule: Rule) -> str:
    """Say why a pattern cannot be a rule; empty where it can."""
    if plugin.__name__ in LEFT_OUT:
        return LEFT_OUT[plugin.__name__]
    if {"analyze_string", "analyze_line"} & vars(plugin).keys():
        return "the plugin judges in code what its pattern finds"
    if not rule.keywords:
        return "no text of three characters or more stands in every match"
    common = sorted(_EVERYWHERE.intersection(rule.keywords))
    if common:
        return f"it would be tried on every text with {' or '.join(common)}"
    return " ".join(fault.rstrip(".") for fault in backtracking.faults(rule.regex))


def _rule(plugin: Any, name: str, regex: str) -> Rule:
    reach = min(_FARTHEST, _widths(regex)[0])
    return Rule(
        id=name,
        provider=plugin.__name__.removesuffix("Detector"),
        title=f"{plugin.secret_type} (detect-secrets)",
        severity="medium",
        opens=(plugin.__doc__ or plugin.secret_type).strip(),
        revoke=_REVOKE.get(plugin.__name__, _PAGE),
        source=_PAGE,
        keywords=literals.keywords(regex),
        hit=(),
        miss=(),
        regex=regex,
        group=_group(regex),
        before=reach,
        after=reach,
        generic=True,
    )


def _beyond(rule: Rule, ours: tuple[Rule, ...]) -> Rule:
    """Return the rule so that it does not match where a format of ours that begins alike does."""
    known = [
        other.regex
        for other in ours
        if other.regex
        and not (other.generic or _REFERENCE.search(other.regex))
        and any(
            own.startswith(theirs) or theirs.startswith(own)
            for own in other.keywords
            for theirs in rule.keywords
        )
    ]
    if not known:
        return rule
    flags, pattern = _split(rule.regex)
    before = "".join(f"(?!{_scoped(regex)})" for regex in known)
    group = rule.group and rule.group + sum(re.compile(regex).groups for regex in known)
    return rule.replace(regex=f"(?{flags}){before}{pattern}", group=group)


def _scoped(regex: str) -> str:
    """Return a regex with flags of its own, whatever those of the regex that it is put in."""
    flags, pattern = _split(regex)
    off = "".join(sorted(set("imsx") - set(flags)))
    return f"(?{flags}{'-' + off if off else ''}:{pattern})"


def _split(regex: str) -> tuple[str, str]:
    """Return the flags that a regex begins with, and the rest of it."""
    found = re.match(r"\(\?([aimsux]+)\)", regex)
    return (found[1], regex[found.end() :]) if found else ("", regex)


def _group(regex: str) -> int:
    """Return the group that holds the secret: the first that is wide enough; 0 for the whole match.

    The library reports the groups of a pattern that has some, and so of ``(ghp|gho)_[A-Za-z0-9]{36}`` three
    letters.
    """
    return next((number for number, width in enumerate(_widths(regex)) if number and width > _NARROW), 0)


def _widths(regex: str) -> list[int]:
    """Return how wide the whole match and each group can be."""
    tree = parser.parse(regex)
    widths = [int(tree.getwidth()[1])] + [0] * (tree.state.groups - 1)
    waiting = [tree]
    while waiting:
        for kind, value in waiting.pop():
            if kind is kinds.SUBPATTERN and value[0]:
                widths[value[0]] = int(value[3].getwidth()[1])
            waiting += _parts(kinds, kind, value)
    return widths


def _parts(kinds: Any, kind: Any, value: Any) -> list[Any]:
    if kind is kinds.SUBPATTERN:
        return [value[3]]
    if kind is kinds.BRANCH:
        return list(value[1])
    return [value[2]] if kind in {kinds.MAX_REPEAT, kinds.MIN_REPEAT} else []

"""What detect-secrets finds by a format, we find too, or a table says why not."""

from collections.abc import Iterator

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_line
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.ip_public import IPPublicDetector
from detect_secrets.plugins.private_key import PrivateKeyDetector
from detect_secrets.settings import transient_settings

from codex_guard import borrowed
from codex_guard.build import patterns
from codex_guard.model import Text
from codex_guard.secrets.index import load
from codex_guard.secrets.rules.pack import Rule, read_packs
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import scan

#: The oracle: every plugin that knows a format. The others guess from entropy and from names; its plugin for
#: public IP addresses is left out, because an address is no secret (its own default filters drop them, too).
PLUGINS = {
    kind: plugin
    for kind, plugin in get_mapping_from_secret_type_to_class().items()
    if issubclass(plugin, RegexBasedDetector) and plugin is not IPPublicDetector
}
RULES = read_packs(patterns() / "secrets")
#: The index has rules that are the oracle's own patterns: what they find shows nothing.
BORROWED = frozenset(rule.id for rule in borrowed.read(RULES).rules)

#: How a value may stand in a text; ``@`` is the value.
AROUND = (
    "@",
    "KEY=@",
    '"key": "@",',
    "export TOKEN='@'",
    "  - @  # from the log",
    'token = "@"',
    "see @ there",
)
ALONE = ("@", "\t@", "{{ @ }}", "> @")
#: Values that the plugins look for by themselves.
VALUES = {
    "Artifactory Credentials": ("AKCp{alnum:69}", "AKC{alnum:20}", "APA{alnum:30}"),
    "AWS Access Key": ("AKIA{base32:16}", "ASIA{base32:16}"),
    "Azure Storage Account access key": ("AccountKey={base64:86}==",),
    "Basic Auth Credentials": ("https://deploy:{alnum:16}@git.acme.io/app",),
    "Discord Bot Token": ("M{alnum:23}.{alnum:6}.{base64url:27}",),
    "GitHub Token": ("ghp_{crc62:36}", "gho_{alnum:36}", "ghs_{alnum:36}"),
    "GitLab Token": ("glpat-{base64url:20}", "glrt-{base64url:20}", "glptt-{hex:40}"),
    "JSON Web Token": ("{jwt}",),
    "Mailchimp Access Key": ("{hex:32}-us12",),
    "NPM tokens": ("//registry.acme.io/:_authToken=npm_{alnum:36}",),
    "OpenAI Token": ("sk-{alnum:20}T3BlbkFJ{alnum:20}",),
    "PyPI Token": ("pypi-AgEIcHlwaS5vcmc{base64url:160}",),
    "SendGrid API Key": ("SG.{base64url:22}.{base64url:43}",),
    "Slack Token": (
        "xoxb-{digits:12}-{digits:12}-{alnum:24}",
        "https://hooks.slack.com/services/T{upper:9}/B{upper:9}/{alnum:24}",
    ),
    "Square OAuth Secret": ("sq0csp-{base64url:43}",),
    "Stripe Access Key": ("sk_live_{alnum:24}", "rk_live_{alnum:24}"),
    "Telegram Bot Token": ("{digits:9}:AA{base64url:33}", "{digits:9}:{base64url:35}"),
    "Twilio API Key": ("AC{hex:32}", "SK{hex:32}"),
}
#: Lines with the names that the plugins look for.
LINES = {
    "AWS Access Key": ('aws_secret_access_key = "{base64:40}"', "AWS_TOKEN: '{base64:40}'"),
    "Cloudant Credentials": (
        "cloudant_password = '{hex:64}'",
        'cloudant_apikey: "{hex:64}"',
        "https://acme:{hex:64}@acme.cloudant.com",
    ),
    "IBM COS HMAC Credentials": ('cos_hmac_secret_access_key = "{hex:48}"', "secret_access_key: '{hex:48}'"),
    "IBM Cloud IAM Key": ('ibm_cloud_api_key = "{alnum:44}"', "iam-key: {alnum:44}"),
    "Private Key": (
        "k = '{dash:5}BEGIN RSA PRIVATE KEY{dash:5}\\n{base64:640}\\n{dash:5}END RSA PRIVATE KEY{dash:5}'",
        "{dash:5}BEGIN PRIVATE KEY{dash:5}",
        "PuTTY-User-Key-File-2: ssh-rsa",
    ),
    "SoftLayer Credentials": (
        "softlayer_api_key = '{lower:64}'",
        "https://api.softlayer.com/soap/v3/{lower:64}",
    ),
}
TEMPLATES: list[tuple[str, str, tuple[str, ...]]]
TEMPLATES = [(kind, template, AROUND) for kind, templates in VALUES.items() for template in templates]
TEMPLATES += [(kind, template, ALONE) for kind, templates in LINES.items() for template in templates]

_HEADER = "the first line of a key without the key"
#: What the oracle alone finds in these lines, and why we let it be. An entry without need fails.
NOT_OURS = {
    "AKC{alnum:20}": "an API key of Artifactory begins with AKCp and has 73 characters",
    "APA{alnum:30}": "an encrypted password of Artifactory opens nothing without the server's own key",
    "M{alnum:23}.{alnum:6}.{base64url:27}": "other texts look like it, so we ask for a name near it",
    "{digits:9}:{base64url:35}": "behind the colon of a bot's token stands AA",
    "AC{hex:32}": "an account's number, which Twilio shows in addresses",
    "SK{hex:32}": "a key's number, which opens nothing without the key's secret",
    "{dash:5}BEGIN PRIVATE KEY{dash:5}": _HEADER,
    "PuTTY-User-Key-File-2: ssh-rsa": _HEADER,
    "https://api.softlayer.com/soap/v3/{lower:64}": "no rule looks for a key in this old interface's address",
}
#: What the oracle alone finds in the rules' own examples, by rule and kind, and why.
NOT_IN_EXAMPLES = {
    ("twilio-credentials", "Twilio API Key"): "the account's number: the secret behind it is what we find",
}


@pytest.fixture(autouse=True)
def oracle() -> Iterator[None]:
    with transient_settings({"plugins_used": [{"name": plugin.__name__} for plugin in PLUGINS.values()]}):
        yield


def kinds(text: str) -> set[str]:
    """Return the kinds of what the oracle finds in a text."""
    return {secret.type for line in text.split("\n") for secret in scan_line(line)}


def kinds_alone(text: str) -> set[str]:
    """Return the kinds of what the oracle finds in a text where none of our findings is."""
    ours = scan(Text("text", text), load(), BORROWED)
    alone, start = set(), 0
    for line in text.split("\n"):
        for secret in scan_line(line):
            at = start + line.index(secret.secret_value)
            # It points at a private key's first line, we at what follows it.
            end = (
                len(text) if secret.type == PrivateKeyDetector.secret_type else at + len(secret.secret_value)
            )
            if not any(finding.start < end and at < finding.end for finding in ours):
                alone.add(secret.type)
        start += len(line) + 1
    return alone


def test_the_lines_exercise_every_plugin() -> None:
    assert VALUES.keys() | LINES.keys() == PLUGINS.keys()


@pytest.mark.parametrize(("kind", "template", "around"), TEMPLATES)
def test_lines(kind: str, template: str, around: tuple[str, ...]) -> None:
    lines = [shape.replace("@", expand(template)) for shape in around]
    assert [line for line in lines if kind in kinds(line)], "the oracle finds nothing: mend the template"
    alone = [shape for shape, line in zip(around, lines, strict=True) if kinds_alone(line)]
    assert bool(alone) is (template in NOT_OURS), alone


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_our_own_examples(rule: Rule) -> None:
    alone = {(rule.id, kind) for template in rule.hit for kind in kinds_alone(expand(template))}
    assert alone == {entry for entry in NOT_IN_EXAMPLES if entry[0] == rule.id}


def test_every_entry_is_of_something() -> None:
    assert NOT_OURS.keys() <= {template for _, template, _ in TEMPLATES}
    assert {rule for rule, _ in NOT_IN_EXAMPLES} <= {rule.id for rule in RULES}

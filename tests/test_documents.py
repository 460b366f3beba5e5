"""What the documents count is what there is."""

import re
from pathlib import Path

from codex_guard.build import patterns
from codex_guard.commands import pack as command_pack
from codex_guard.policy.policy import KEYS
from codex_guard.secrets.rules import pack as secret_pack

TOP = Path(__file__).parent.parent


def test_the_readme_counts_the_rules_as_they_are() -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    found = re.search(r"(\d+) rules for credentials .* and (\d+) for commands", readme)
    assert found is not None
    secrets = secret_pack.read_packs(patterns() / "secrets")
    commands = command_pack.read_packs(patterns() / "commands")
    assert (int(found[1]), int(found[2])) == (len(secrets), len(commands))
    services = len({rule.provider for rule in secrets})
    assert f"{len(secrets)} rules for credentials of {services} services" in readme
    formats, named = sum(bool(rule.regex) for rule in secrets), sum(bool(rule.value) for rule in secrets)
    assert f"| {formats} formats: " in readme
    assert f"| {named} kinds of keys without a format |" in readme


def test_the_readme_shows_every_policy_key() -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    for name, key in KEYS.items():
        shown = f"[[{name}]]" if key.kind == "tables" else f"{name.rpartition('.')[2]} = "
        assert shown in readme, name


def test_no_file_names_a_package_registry() -> None:
    hosts = ("pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js")
    for path in TOP.rglob("*"):
        hidden = any(part in {".git", ".venv", ".cache"} for part in path.relative_to(TOP).parts)
        if path.suffix in {".toml", ".md", ".cfg", ".json", ".lock"} and path.is_file() and not hidden:
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not [host for host in hosts if host in text], path

"""SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (sections below are its)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from codex_guard.checks.reports.decoded import document, mapping, mappings, text, whole
from codex_guard.checks.reports.entry import UNNAMED, Entry

_DEEPEST = 8  # base folders within base folders
_ARGUMENTS = 20  # placeholders of a message
_LONGEST_ARGUMENT = 1_000


def entries(output: str) -> Iterator[Entry]:
    """Yield the results of levels error and warning, by their first place; suppressed ones are none."""
    for run in mappings(mapping(document(output)).get("runs")):
        rules = mappings(mapping(mapping(run.get("tool")).get("driver")).get("rules"))
        named = {text(rule.get("id")): rule for rule in rules}
        for result in mappings(run.get("results")):
            rule = _rule(result, rules, named)
            if not _fails(result, rule):
                continue
            code = text(result.get("ruleId")) or text(rule.get("id"), UNNAMED)
            yield *_place(result, run), code, _message(result, rule)


def _rule(
    result: dict[str, Any], rules: list[dict[str, Any]], named: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return the rule of a result by its index or its id (3.52), or an empty one."""
    reference = mapping(result.get("rule"))
    index = result.get("ruleIndex", reference.get("index"))
    if isinstance(index, int) and 0 <= index < len(rules):
        return rules[index]
    return named.get(text(result.get("ruleId")) or text(reference.get("id")), {})


def _fails(result: dict[str, Any], rule: dict[str, Any]) -> bool:
    """Say whether a result counts: by its kind (3.27.9), level (3.27.10), suppressions and baseline."""
    if result.get("kind", "fail") != "fail" or result.get("baselineState") == "absent":
        return False
    # A suppression that is only asked for, or was refused, hides nothing; one without a status does.
    if any(one.get("status", "accepted") == "accepted" for one in mappings(result.get("suppressions"))):
        return False
    usual = mapping(rule.get("defaultConfiguration")).get("level")
    return text(result.get("level"), text(usual, "warning")) in {"error", "warning"}


def _place(result: dict[str, Any], run: dict[str, Any]) -> tuple[str, int, int]:
    """Return path, line and column of the first location (3.28)."""
    first = next(iter(mappings(result.get("locations"))), {})
    physical = mapping(first.get("physicalLocation"))
    artifact = mapping(physical.get("artifactLocation"))
    index, artifacts = artifact.get("index"), run.get("artifacts")
    if "uri" not in artifact and isinstance(artifacts, list) and isinstance(index, int):
        known = artifacts[index] if 0 <= index < len(artifacts) else None
        artifact = mapping(mapping(known).get("location"))
    region = mapping(physical.get("region"))
    path = _path(artifact, mapping(run.get("originalUriBaseIds")))
    return path, whole(region.get("startLine")), whole(region.get("startColumn"))


def _path(artifact: dict[str, Any], bases: dict[str, Any]) -> str:
    """Return the path of an artifact: its URI behind those of its bases (3.4.4, 3.14.14), decoded."""
    path = _local(text(artifact.get("uri")))
    for _ in range(_DEEPEST):
        artifact = mapping(bases.get(text(artifact.get("uriBaseId"))))
        if path.startswith("/") or not artifact:
            break
        base = _local(text(artifact.get("uri")))
        path = f"{base.rstrip('/')}/{path}" if base else path
    return path


def _local(uri: str) -> str:
    """Return the path of a relative reference or a ``file:`` URI (RFC 8089), whatever host it names."""
    if uri[:5].lower() == "file:":
        uri = uri[5:]
        if uri.startswith("//"):
            _, _, rest = uri[2:].partition("/")
            uri = f"/{rest}"
    return unquote(uri)


def _message(result: dict[str, Any], rule: dict[str, Any]) -> str:
    """Return a message's text, or the rule's of that id with its arguments in place (3.11)."""
    message = mapping(result.get("message"))
    written = text(message.get("text"))
    if written:
        return written
    strings = mapping(rule.get("messageStrings"))
    written = text(mapping(strings.get(text(message.get("id")))).get("text"))
    arguments = message.get("arguments")
    for at, argument in enumerate(arguments[:_ARGUMENTS] if isinstance(arguments, list) else ()):
        written = written.replace(f"{{{at}}}", text(argument)[:_LONGEST_ARGUMENT], 1)
    return written or text(mapping(rule.get("shortDescription")).get("text"))

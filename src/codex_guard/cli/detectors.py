"""A repository's own detect-secrets setup for ``scan``: its baseline and plugins, run by the library itself.

A baseline is the repository's to write, and the library runs code that it names: plugins and filters in
files, filters by any import path. Here none of that runs unless a person asks for it. The filter that asks
providers whether what was found is valid never runs: a secret stays on this machine. Hooks know none of this.
"""

import hashlib
import json
import os
import re
import sys
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from typing import Any

from codex_guard.borrowed import slug
from codex_guard.errors import GuardError
from codex_guard.guard import disk
from codex_guard.model import Finding, Secret, Text
from codex_guard.policy.policy import Policy
from codex_guard.record import Record

NAME = ".secrets.baseline"
_PAGE = "https://github.com/Yelp/detect-secrets"
_AGAIN = "make it anew with `detect-secrets scan`, or name another with --baseline"
_MISSING = (
    "is a baseline of detect-secrets, which is not installed here, so neither it nor its plugins count:"
    " install codex-guard[detect-secrets]."
)
_OWN_CODE = (
    "names code of the repository's own, which did not run: {}."
    " Say --plugins if you trust it, or --no-plugins if not."
)
_LIBRARY_FILTERS = "detect_secrets.filters."
_VERIFYING = ".is_ignored_due_to_verification_policies"
_ALLOWLIST = "detect_secrets.filters.allowlist.is_line_allowlisted"
#: Types that say nothing of what a value is for: of several for one value, another is shown.
_GUESSES = ("Base64 High Entropy String", "Hex High Entropy String", "Secret Keyword")
_LINE_END = re.compile(r"\r\n?|\n")  # where the library ends a line, too
_LONGEST = 80  # characters that are shown of a name that the repository gives


class Options(Record):
    """What a person said.

    ``baseline`` is a file's name, or None; ``plugins``: code of the repository's own may run, None where
    nothing was said; ``no_allow``: what is allowed counts all the same.
    """

    baseline: str | None
    plugins: bool | None
    no_allow: bool


class Detectors:
    """The library, set up as a baseline says. Only within ``opened``."""

    def __init__(self, file: str, name: str, tree: str, results: Any, *, no_allow: bool) -> None:
        self.file, self.name, self.tree, self.no_allow = os.path.realpath(file), name, tree, no_allow
        #: By file and SHA-1 of a value: whether it is a secret, as somebody said, or None.
        self.results: dict[tuple[str, str], bool | None] = {}
        self.digests = frozenset(secret.secret_hash for _, secret in results)
        for path, secret in results:
            place = os.path.normpath(path), secret.secret_hash
            said = {self.results.get(place), secret.is_secret}
            self.results[place] = True if True in said else False if False in said else None

    def added(self, text: Text, findings: tuple[Finding, ...], policy: Policy) -> tuple[Finding, ...]:
        """Return the findings in a file with those of the library, in order, and which the baseline knows.

        What both found is there once, as ours. Raises GuardError where a plugin fails.
        """
        path = os.path.relpath(text.where, self.tree)
        if path.split(os.sep)[0] == ".." or text.where == "-":
            return findings
        if os.path.realpath(text.where) == self.file:
            # What it holds of values are their digests.
            return tuple(finding for finding in findings if finding.secret.reveal() not in self.digests)
        ours = _Ours(findings)
        findings += tuple(
            found
            for found in self._found(text, path)
            if found.rule not in policy.disabled_secret_rules and not ours.hold(found)
        )
        marked = (self._marked(finding, path) for finding in findings)
        return tuple(sorted(marked, key=lambda finding: finding.start))

    def _found(self, text: Text, path: str) -> Iterator[Finding]:
        from detect_secrets.core.scan import scan_file  # noqa: PLC0415 - where there is a baseline

        try:
            with chdir(self.tree):  # the patterns of filters are about names from there
                secrets = list(scan_file(path))
        except Exception as error:  # a plugin is anybody's code
            raise GuardError(
                f"{text.where} was not scanned by detect-secrets, which failed ({type(error).__name__}): try"
                " `detect-secrets scan` on it."
            ) from error
        if not secrets:
            return
        lines = _Lines(text.body)
        seen: set[tuple[int, str]] = set()
        for secret in sorted(secrets, key=lambda secret: (secret.type in _GUESSES, secret.type)):
            place = secret.line_number, secret.secret_value
            if secret.secret_value and place not in seen:
                seen.add(place)
                yield _finding(text, secret, lines)

    def _marked(self, finding: Finding, path: str) -> Finding:
        value = finding.secret.reveal().encode("utf-8", "surrogatepass")
        place = path, hashlib.sha1(value, usedforsecurity=False).hexdigest()
        if self.no_allow or place not in self.results or self.results[place]:
            return finding
        said = "in" if self.results[place] is None else "marked as no secret in"
        return finding.replace(suppressed=f"{said} {self.name}")


@contextmanager
def opened(options: Options, tree: str) -> Iterator[Detectors | None]:
    """Set the library up for the tree of files whose top is ``tree``; None where there is no baseline.

    Raises GuardError for a baseline that cannot be read, or that asks for what the library does not have.
    """
    name = options.baseline or NAME
    file = os.path.abspath(options.baseline or os.path.join(tree, NAME))
    text = disk.read(file, name)
    if text is None and options.baseline is None:
        yield None
        return
    if not isinstance(text, Text):
        reason = "there is no such file" if text is None else text.reason
        raise GuardError(f"The baseline {name} cannot be read: {reason}: {_AGAIN}.")
    try:
        from detect_secrets.core.log import log  # noqa: PLC0415 - an extra, and slow
    except ImportError:
        print(f"codex-guard: {name} {_MISSING}", file=sys.stderr)
        yield None
        return
    with ExitStack() as stack:
        stack.callback(setattr, log, "disabled", log.disabled)
        log.disabled = True  # what it says is for its own users, and in its own words
        document = _document(name, text.body)
        try:
            with chdir(tree):
                results = _set_up(stack, document, options, name)
        except GuardError:
            raise
        except Exception as error:  # the library tries what a baseline says, and code may run
            raise GuardError(
                f"The baseline {name} is none that detect-secrets can use ({type(error).__name__}): {_AGAIN}."
            ) from error
        yield Detectors(file, name, tree, results, no_allow=options.no_allow)


def _document(name: str, body: str) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        where = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise GuardError(f"The baseline {name} is no JSON{where}: {_AGAIN}.") from error
    for key, kind in {"version": str, "plugins_used": list, "results": dict}.items():
        if not isinstance(document, dict) or not isinstance(document.get(key), kind):
            raise GuardError(
                f"The baseline {name} has no {key!r}, or not as detect-secrets writes it: {_AGAIN}."
            )
    return dict(document)


def _set_up(stack: ExitStack, document: dict[str, Any], options: Options, name: str) -> Any:
    """Configure the library until the stack is left; return the baseline's results."""
    from detect_secrets.core import baseline  # noqa: PLC0415 - where there is a baseline
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: PLC0415
    from detect_secrets.core.secrets_collection import SecretsCollection  # noqa: PLC0415
    from detect_secrets.settings import get_plugins, transient_settings  # noqa: PLC0415

    left: list[str] = []
    if not options.plugins:
        # The library would load these files to bring a baseline of before 1.0 up to date.
        left += document.pop("custom_plugin_paths", None) or []
    document = baseline.upgrade(document)
    config = {"plugins_used": _plugins(document["plugins_used"], options, left)}
    if "filters_used" in document:
        config["filters_used"] = _filters(document["filters_used"], options, left)
    if left and options.plugins is None:
        print(f"codex-guard: {name} {_OWN_CODE.format(_shown(left))}", file=sys.stderr)
    # The library remembers the plugins that it knows, whatever its settings are by now.
    get_mapping_from_secret_type_to_class.cache_clear()
    stack.callback(get_mapping_from_secret_type_to_class.cache_clear)
    settings = stack.enter_context(transient_settings(config))
    if options.no_allow:
        settings.disable_filters(_ALLOWLIST)
    known = {plugin.__name__ for plugin in get_mapping_from_secret_type_to_class().values()}
    unknown = [plugin for plugin in settings.plugins if plugin not in known]
    if unknown:
        raise GuardError(
            f"The baseline {name} names plugins that this detect-secrets does not have: {_shown(unknown)}."
            " Update it, or take them out of the baseline."
        )
    get_plugins()  # so that what is wrong with one is said before anything is scanned
    return SecretsCollection.load_from_baseline(document)


def _plugins(used: list[dict[str, Any]], options: Options, left: list[str]) -> list[dict[str, Any]]:
    own = [plugin for plugin in used if "path" in plugin]
    if options.plugins or not own:
        return used
    left += [plugin["path"] for plugin in own]
    return [plugin for plugin in used if "path" not in plugin]


def _filters(used: list[dict[str, Any]], options: Options, left: list[str]) -> list[dict[str, Any]]:
    used = [one for one in used if not one["path"].endswith(_VERIFYING)]
    own = [one["path"] for one in used if not one["path"].startswith(_LIBRARY_FILTERS)]
    if options.plugins:
        return used
    left += own
    return [one for one in used if one["path"] not in own]


class _Ours:
    """What our own search found in a text, asked for by place and by value."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.spans = sorted((finding.start, finding.end) for finding in findings)
        self.values = {(finding.line, finding.secret) for finding in findings}

    def hold(self, found: Finding) -> bool:
        """Say whether it is of the same place, or of the same value on the same line."""
        if (found.line, found.secret) in self.values:
            return True
        if found.end - found.start != len(found.secret.reveal()):
            return False  # its place is the whole line
        at = bisect_left(self.spans, (found.end, 0)) - 1
        return at >= 0 and self.spans[at][1] > found.start


class _Lines:
    """Where the lines of a text begin: as the library counts them, and as we do, by line feeds alone."""

    def __init__(self, body: str) -> None:
        ends = [end.span() for end in _LINE_END.finditer(body)]
        self.starts = [0, *(end for _, end in ends)]
        self.ends = [*(start for start, _ in ends), len(body)]
        self.feeds = [end - 1 for _, end in ends if body[end - 1] == "\n"]

    def span(self, number: int) -> tuple[int, int]:
        """Return the offsets of a line by the library's number, which can be beyond an altered file's end."""
        at = min(max(number, 1), len(self.starts)) - 1
        return self.starts[at], self.ends[at]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset, from 1 on."""
        before = bisect_left(self.feeds, offset)
        return before + 1, offset - (self.feeds[before - 1] + 1 if before else 0) + 1


def _finding(text: Text, secret: Any, lines: _Lines) -> Finding:
    """Return a secret of the library's as a finding: its place, or its whole line where it stands altered."""
    value = secret.secret_value
    line_start, line_end = lines.span(secret.line_number)
    start = text.body.find(value, line_start, line_end)
    end = start + len(value)
    if start < 0:
        start, end = line_start, line_end
    line, column = lines.place(start)
    rule = slug(secret.type)
    return Finding(
        rule=rule,
        title=f"{_shown([secret.type])} (detect-secrets)",
        severity="medium",
        revoke=_PAGE,
        where=text.where,
        line=line,
        column=column,
        start=start,
        end=end,
        secret=Secret(value, rule),
    )


def _shown(names: list[str]) -> str:
    """Return names that the repository gives as they may be printed."""
    shown = ["".join(c if c.isprintable() else "?" for c in str(name))[:_LONGEST] for name in names[:3]]
    return ", ".join(shown) + (" and more" if len(names) > len(shown) else "")

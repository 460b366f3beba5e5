"""``codex-guard rule ID``: what a rule finds or denies, how, and what to do then."""

import argparse
import json
import os
from collections.abc import Iterator
from functools import partial

from codex_guard.cli import catalogue
from codex_guard.cli.catalogue import Listed, Special
from codex_guard.commands.pack import Pack
from codex_guard.policy import layers
from codex_guard.secrets import index, search
from codex_guard.secrets.index import Entry
from codex_guard.secrets.naming import names
from codex_guard.secrets.rules.pack import Rule

_WIDTH = 10  # characters of a heading
# What a command rule's lists say.
_LISTED = {
    "texts": "Where an argument is one of {}.",
    "except_texts": "Unless an argument is one of {}.",
    "statements": "Where a database is to do one of: {}.",
    "requests": "Where it asks a server for {}.",
    "contains": "Where an argument or its input holds {}.",
    "made_by": "Where a substitution in it, or the pipe before it, starts {}.",
    "targets": "Output redirected to places of these kinds: {}.",
}
_SAYS = {names.PASSWORD: "a password", names.SECRET: "a secret", names.KEY: "a key of no kind told"}
_FIELDS = "Fields in braces, such as {alnum:36}, stand for made-up characters; {{ and }} for braces."


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb and its options."""
    parser = verbs.add_parser(
        "rule",
        help="print a rule's page: what it finds, how, and what to do then",
        description=(
            "Print a rule's page: what it finds or denies, how, what to do then, and whether it is on here."
        ),
    )
    parser.add_argument("id", metavar="ID", help="as findings and denials show it in brackets")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="text for people, json for programs"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the page. Returns 0. Raises GuardError, with the nearest ids, where there is no such rule."""
    found = catalogue.named(catalogue.read(layers.load(os.getcwd())), options.id)
    if options.format == "json":
        print(json.dumps([_values(rule) for rule in found], indent=2))
    else:
        print("\n\n".join("\n".join(_page(rule)) for rule in found))
    return 0


def _values(rule: Listed) -> dict[str, object]:
    """Return the page as JSON has it: the pack's own keys, and where the rule stands here."""
    values: dict[str, object] = {"id": rule.id, "kind": rule.kind, "title": rule.title}
    page = rule.page
    values |= {field: getattr(page, field) for field in page._fields}
    if isinstance(page, Rule):
        values |= {"hit": _examples(page.hit), "miss": _examples(page.miss)}
    if isinstance(page, Entry):
        values["keywords"] = rule.keywords
    if isinstance(page, Special):
        values["severity"] = rule.level
    return values | {"pack": rule.origin, "on": not rule.off, "off": rule.off}


def _page(rule: Listed) -> Iterator[str]:
    yield f"{rule.title} [{rule.id}]"
    yield ""
    page = rule.page
    if isinstance(page, Pack):
        yield from _of_command(page)
    elif isinstance(page, Special):
        yield from _rows(("Severity", rule.level), ("Found", page.how))
    else:
        yield from _of_secret(page, rule)
    yield from _rows(("Pack", rule.origin), ("Here", f"off: {rule.off}" if rule.off else "on"))
    if isinstance(page, Pack):
        yield from _listed("It denies:", page.deny)
        yield from _listed("It allows:", page.allow)
    elif isinstance(page, Rule):
        yield from _listed("It finds:", _examples(page.hit))
        yield from _listed("It does not find:", _examples(page.miss))
        yield from ("", _FIELDS)


def _of_secret(page: Rule | Entry, rule: Listed) -> Iterator[str]:
    keywords = page.keywords if isinstance(page, Rule) else rule.keywords
    yield from _rows(("Provider", rule.provider), ("Severity", page.severity))
    if isinstance(page, Rule):
        yield from _rows(("Opens", page.opens))
    yield from _rows(("Revoke", page.revoke))
    if isinstance(page, Rule):
        yield from _rows(("Source", page.source))
    yield from _rows(("Found", " ".join(_how(page, keywords))))
    yield from _rows(
        ("Regex", page.regex),
        ("Value", page.value),
        ("Checksum", page.check),
        ("Keywords", ", ".join(keywords)),
    )


def _how(page: Rule | Entry, keywords: tuple[str, ...]) -> Iterator[str]:
    """Yield sentences on how a rule finds what it finds."""
    if page.regex:
        yield (
            "By its format, looked for around the keywords."
            if keywords
            else "By its format, looked for in the whole of every text."
        )
        if page.group:
            yield f"The secret itself is group {page.group} of the regex."
    elif page.value:
        yield (
            "As the whole value of a key, token or the like that is named after the provider: the keywords"
            " are its names, and the value has the provider's shape."
        )
    else:
        yield f"By its name alone, which says that it is {_SAYS[page.says]}; the value must look like one."
    if page.alone:
        yield "The provider's name may itself be the value's name (alone)."
    if page.sole and page.regex:
        yield "Whatever else begins so is no secret (sole)."
    elif page.sole:
        yield "The provider never had keys of another shape, so another value of that name is none (sole)."
    if page.generic:
        yield "Other text has that format too, so the value must look drawn by chance (generic)."
    if page.structured:
        yield "The format itself is the proof, so placeholder words inside it prove nothing (structured)."
    if page.check:
        yield (
            "What fails the checksum is none."
            if page.structured
            else "What fails the checksum is told as low: cut short, mistyped or made up."
        )
    if page.entropy:
        yield f"Its Shannon entropy is {page.entropy:g} bits per character or more."
    if not page.bounded:
        yield "It may be part of a longer word."


def _of_command(page: Pack) -> Iterator[str]:
    yield from _rows(("Tier", page.tier), ("Why", page.why), ("Instead", page.instead))
    yield from _rows(*(("Suggests", command) for command in page.suggest))
    yield from _rows(("Denies", " ".join(_denies(page))))


def _denies(page: Pack) -> Iterator[str]:
    """Yield sentences on what a command must have for the rule to deny it."""
    if page.programs:
        yield f"Any of the programs {', '.join(page.programs)}."
    if page.words:
        yield f"With the subcommand {' '.join(page.words)}."
    for flag in page.flags:
        yield f"With the option {_spelled(flag)}."
    if page.unless:
        yield f"Unless an option is given: {', '.join(map(_spelled, page.unless))}."
    if page.operands:
        what = {"read": "it reads", "written": "it writes"}.get(page.role, "it is given")
        yield f"Where a place {what} is of these kinds: {', '.join(page.operands)}."
    for field, said in _LISTED.items():
        if items := getattr(page, field):
            yield said.format(", ".join(items))
    if page.shown:
        yield "Where it is printed, and not taken into a variable or an argument."
    if page.special:
        yield f"A check of its own: {page.special}."


def _spelled(flag: str) -> str:
    """Return a flag's spellings with their dashes."""
    return " or ".join(
        one if one == "--" else f"-{one}" if len(one) == 1 else f"--{one}" for one in flag.split("|")
    )


def _examples(templates: tuple[str, ...]) -> tuple[str, ...]:
    """Return templates as they may be shown: an organisation's pack may hold a whole token by mistake."""
    return tuple(map(partial(search.masked, index=index.load()), templates))


def _rows(*pairs: tuple[str, str]) -> Iterator[str]:
    for heading, text in pairs:
        if text:
            yield f"  {heading:<{_WIDTH}}{catalogue.printable(text)}"


def _listed(heading: str, items: tuple[str, ...]) -> Iterator[str]:
    yield from ("", heading, *(f"  {catalogue.printable(item)}" for item in items))

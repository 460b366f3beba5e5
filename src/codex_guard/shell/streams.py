"""Redirections: what a command reads, where its output goes, and the descriptors that stay open."""

from codex_guard.record import Record
from codex_guard.shell import expansion, files
from codex_guard.shell.invocation import Feed, Stage
from codex_guard.shell.meaning import Scope, Value
from codex_guard.shell.tree import Redirect, Script

_FIRST_FREE = 10  # bash's own choice for {name}>file


class Opened(Record):
    """An open descriptor.

    ``feed`` is what can be read from it and ``source`` the file it comes from; ``target`` is where it writes,
    ``script`` what reads that in a ``>(…)``.
    """

    feed: Feed
    source: Value | None = None
    target: tuple[str, Value] | None = None
    script: Script | None = None


class Streams(Record):
    """What the redirections of one command come to.

    ``opened`` are all open descriptors by number; ``targets`` and ``sources`` the files that are written and
    read; ``scripts`` run in ``>(…)`` on the output; ``away``: nothing of its output is left for a pipe.
    """

    feed: Feed
    opened: dict[str, Opened]
    targets: tuple[tuple[str, Value], ...] = ()
    sources: tuple[Value, ...] = ()
    scripts: tuple[Script, ...] = ()
    away: bool = False


def redirected(redirects: tuple[Redirect, ...], scope: Scope, feed: Feed) -> Streams:
    """Return the streams of a command that would read ``feed``; its substitutions were walked before."""
    scope.fuel[0] -= len(scope.opened)
    opened = dict(scope.opened) if scope.fuel[0] >= 0 else {}
    targets: list[tuple[str, Value]] = []
    sources: list[Value] = []
    scripts: list[Script] = []
    away = False
    for redirect in redirects:
        descriptor = _descriptor(redirect, scope, opened)
        if redirect.operator.startswith("<") and redirect.operator != "<>":
            found = _read(redirect, scope, feed, opened)
            if found.source is not None:
                sources.append(found.source)
            if descriptor == "0":
                feed = found.feed
        else:
            found = _written(redirect, scope, opened)
            if found.target is not None and found.target not in targets:
                targets.append(found.target)
            if found.script is not None:
                scripts.append(found.script)
            away |= descriptor in ("1", "&")
        opened[descriptor] = found
    return Streams(feed, opened, tuple(targets), tuple(sources), tuple(scripts), away)


def _descriptor(redirect: Redirect, scope: Scope, opened: dict[str, Opened]) -> str:
    given = redirect.descriptor
    if given.startswith("{"):
        number = str(_FIRST_FREE + len(opened))
        scope.assign(given[1:-1], number)
        return number
    if redirect.operator.startswith("&"):
        return "&"
    return given or ("0" if redirect.operator.startswith("<") else "1")


def _read(redirect: Redirect, scope: Scope, feed: Feed, opened: dict[str, Opened]) -> Opened:
    target = redirect.target
    if redirect.heredoc is not None:
        heredoc = redirect.heredoc
        return Opened(
            Feed(None, expansion.text_of(heredoc.parts, scope) if heredoc.expands else heredoc.body)
        )
    if redirect.operator == "<<<":
        return Opened(Feed(None, expansion.text_of(target.parts, scope) + "\n"))
    script = expansion.process(target, "<")
    if script is not None:
        known = scope.outputs.get(id(script))
        return Opened(Feed(Stage(known[1]), known[2]) if known is not None else Feed())
    value = next(iter(expansion.values(target, scope)), None)
    if value is None:
        return Opened(Feed())
    if redirect.operator == "<&":
        return opened.get(value.text.rstrip("-"), Opened(feed if value.text == "0" else Feed()))
    if value.text in files.STDIN:
        return Opened(feed)
    texts = files.read(value.text, scope)
    return Opened(Feed(None, texts[-1] if texts else None), value)


def _written(redirect: Redirect, scope: Scope, opened: dict[str, Opened]) -> Opened:
    script = expansion.process(redirect.target, ">")
    if script is not None:
        return Opened(Feed(), script=script)
    value = next(iter(expansion.values(redirect.target, scope)), None)
    if value is None:
        return Opened(Feed())
    number = value.text.rstrip("-")
    if redirect.operator == ">&" and (number.isdigit() or value.text == "-"):
        return opened.get(number, Opened(Feed()))
    return Opened(Feed(), target=(redirect.operator, value))

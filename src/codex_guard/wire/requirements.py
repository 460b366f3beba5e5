"""Codex's requirements.toml: the hooks as an organisation enforces them."""

import json
from pathlib import PurePath

from codex_guard.errors import GuardError
from codex_guard.wire.command import EXECUTABLES, Install, handler


def text(how: Install, *, only_managed: bool) -> str:
    """Return a complete requirements.toml with the hooks, for absolute paths.

    ``only_managed`` drops every hook that is not managed. ``hooks = true`` is pinned: without it, a user's
    or a repository's configuration could switch the managed hooks off. Raises GuardError for paths that
    TOML cannot hold.
    """
    lines = [
        "# /etc/codex/requirements.toml, made by `codex-guard init --managed`.",
        "# Codex runs these hooks without asking for trust, whatever users and repositories configure.",
    ]
    if only_managed:
        lines.append("allow_managed_hooks_only = true")
    folder = str(PurePath(how.launcher or "/").parent)
    lines += ["", "[features]", "hooks = true", "", "[hooks]", f"managed_dir = {_quoted(folder)}"]
    for event in EXECUTABLES:
        item = handler(event, how)
        lines += ["", f"[[hooks.{event}]]", "", f"[[hooks.{event}.hooks]]"]
        lines += [
            f"{key} = {_quoted(value) if isinstance(value, str) else value}" for key, value in item.items()
        ]
    document = "\n".join(lines) + "\n"
    try:
        document.encode("utf-8")
    except UnicodeEncodeError:
        raise GuardError(
            f"codex-guard is installed at {folder!r}, which is not UTF-8 and so cannot stand in a TOML file:"
            " install it elsewhere."
        ) from None
    return document


def _quoted(value: str) -> str:
    """Return a TOML basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

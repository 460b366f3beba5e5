"""What git starts where it is told to: aliases and programs of ``-c``, ``rebase --exec``, ``bisect run``."""

from codex_guard.shell.invocation import Invocation, Start
from codex_guard.shell.meaning import Value
from codex_guard.shell.wrapped.prefixes import option, takes_value

_GLOBALS = takes_value("Cc git-dir work-tree namespace exec-path config-env super-prefix")
# Settings whose value git runs, by the last word of their name.
_RUN = frozenset(
    ("pager", "sshcommand", "editor", "fsmonitor", "askpass", "external", "command", "textconv", "cmd",
     "helper", "program", "smudge", "clean", "process", "gitproxy", "driver", "sendemailcmd", "tocmd")
)  # fmt: skip
# Options whose value a subcommand runs.
_OPTIONS = {
    "rebase": takes_value("x exec"),
    "filter-branch": takes_value(
        " env-filter tree-filter index-filter parent-filter msg-filter commit-filter tag-name-filter setup"
    ),
    "difftool": takes_value("x extcmd"),
    "grep": takes_value("O open-files-in-pager"),
    "clone": takes_value("u upload-pack"),
    "fetch": takes_value(" upload-pack"),
}


def started(invocation: Invocation) -> list[Start]:
    """Return the commands that git runs in addition to itself."""
    argv = invocation.argv
    settings: dict[str, str] = {}
    at = 1
    while at < len(argv) and argv[at].text.startswith("-"):
        name, given = option(argv[at].text, _GLOBALS)
        at += 1
        if given is None and at < len(argv):
            given = argv[at].text
            at += 1
        if name == "c":
            key, _, value = (given or "").partition("=")
            settings[key.lower()] = value
    found = [
        Start(script=value.removeprefix("!"))
        for key, value in settings.items()
        if key.rpartition(".")[2] in _RUN and not key.startswith("alias.") and _is_command(value)
    ]
    if at >= len(argv):
        return found
    name = argv[at].text.lower()
    alias = settings.get(f"alias.{name}")
    if alias is not None:
        return [*found, *_aliased(name, alias, argv[:at], argv[at + 1 :])]
    return [*found, *_subcommand(argv[at].text, argv[at + 1 :])]


def _is_command(value: str) -> bool:
    return bool(value) and value.lower() not in (
        "true",
        "false",
        "always",
        "never",
        "auto",
        "0",
        "1",
        "cat",
        "store",
    )


def _aliased(name: str, alias: str, before: tuple[Value, ...], rest: tuple[Value, ...]) -> list[Start]:
    """Return what an alias stands for: a shell's command behind ``!``, or git's own."""
    if alias.startswith("!"):
        numbered = " ".join([f'"${{{at}}}"' for at in range(1, len(rest) + 1)])
        return [Start(script=f"{alias[1:]} {numbered}", arguments=(Value("git"), *rest))]
    words = tuple([Value(word.strip("'\"")) for word in alias.split()])
    if not words:
        return []
    if words[0].text.startswith("-"):
        return [Start((Value("git"), *words, *rest))]
    # The other settings stay, for an alias of an alias; this one would go on for ever.
    kept: list[Value] = []
    for value in before:
        if value.text.lower().removeprefix("-c").startswith(f"alias.{name}="):
            if kept[-1].text == "-c":
                kept.pop()
        else:
            kept.append(value)
    return [Start((*kept, *words, *rest))]


def _subcommand(name: str, rest: tuple[Value, ...]) -> list[Start]:
    texts = [value.text for value in rest]
    if name == "bisect" and texts[:1] == ["run"]:
        return [Start(rest[1:])] if rest[1:] else []
    if name == "submodule" and "foreach" in texts:
        command = [
            text
            for text in texts[texts.index("foreach") + 1 :]
            if text not in ("--recursive", "--quiet", "-q")
        ]
        return [Start(script=" ".join(command))] if command else []
    names = _OPTIONS.get(name, frozenset[str]())
    # ext:: is followed by a command, in which a percent sign stands before each blank.
    helpers = [text[5:].replace("% ", "\\ ") for text in texts if text.startswith("ext::")]
    found = [Start(script=text) for text in helpers]
    at = 0
    while at < len(rest):
        text = rest[at].text
        at += 1
        if text.startswith("-") and text != "--":
            key, given = option(text, names)
            if key in names and (given is not None or at < len(rest)):
                found.append(Start(script=given if given is not None else rest[at].text))
                at += given is None
    return found

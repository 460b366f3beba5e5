"""Programs that start other programs: what they would start."""

from codex_guard.shell import files, inline
from codex_guard.shell.invocation import Invocation, Start
from codex_guard.shell.meaning import HOLE, Value

SHELLS = frozenset(
    ("sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "rbash", "mksh", "csh", "tcsh", "yash")
)
#: What is typed most, and starts nothing else: it is in no table.
PLAIN = frozenset(
    ("", "ls", "cat", "cd", "echo", "printf", "pwd", "grep", "head", "tail", "wc", "sort", "uniq", "cut",
     "tr", "tee", "jq", "diff", "mkdir", "cp", "mv", "rm", "touch", "chmod", "test", "[", "true", "false",
     "export", "stat", "file", "which", "curl", "kill", "ps", "sleep", "basename", "dirname", "pytest",
     "mypy", "ruff", "tsc", "make", "pip", "pip3")
)  # fmt: skip
_LINES = frozenset("0123456789,$p")
_SOURCES = frozenset(("source", "."))
_FINDERS = frozenset(("find", "gfind"))
_SUBSCRIPTED = frozenset(("test", "[", "printf", "read", "unset", "mapfile", "readarray"))
_SWITCHERS = frozenset(("su", "runuser"))
# Letters behind which an interpreter finds its program or module.
_INLINE = {"python": "cm", "perl": "eE", "ruby": "e", "node": "ep", "php": "r", "osascript": "e", "pwsh": "c"}
# What git is given where it starts a command of the user's choice.
_GIT = frozenset(
    ("bisect", "submodule", "rebase", "filter-branch", "difftool", "mergetool", "grep", "clone", "fetch")
)


def started(invocation: Invocation) -> list[Start]:
    """Return what ``invocation`` starts, as far as it can be known."""
    program, argv = invocation.program, invocation.argv
    if program in SHELLS:
        return _shell(invocation)
    if program in _SUBSCRIPTED and any("[" in value.text for value in argv[1:]):
        from codex_guard.shell.variables import subscripts  # noqa: PLC0415 - rare

        return subscripts(invocation)
    if program in _SOURCES:
        texts = [*invocation.fed, *_sourced(invocation)]
        return [Start(script=text, arguments=argv[1:] if argv[2:] else None, here=True) for text in texts]
    if program in ("eval", "trap"):
        rest = argv[2:] if argv[1:2] == (Value("--"),) else argv[1:]
        text = " ".join([value.text for value in (rest if program == "eval" else rest[:1])])
        return [Start(script=text, here=program == "eval")]
    if program in _FINDERS:
        from codex_guard.shell.wrapped import find  # noqa: PLC0415 - for find only

        return [Start(command) for command in find.executed(argv)]
    if inline.language(program):
        return _interpreted(invocation)
    if program == "git":
        return _git(invocation)
    found = _tabled(invocation)
    if not found and "/" in argv[0].text and invocation.scope.files:
        return _script_file(invocation)
    # `$SUDO rm …`, where the variable may well be empty.
    return [Start(argv[1:])] if program == HOLE and len(argv) > 1 else found


def _sourced(invocation: Invocation) -> tuple[str, ...]:
    """Return the texts of the file that is sourced, where the script wrote it or feeds it."""
    if len(invocation.argv) < 2:  # noqa: PLR2004 - the builtin and the file
        return ()
    path = invocation.argv[1].text
    if path in files.STDIN:
        return (invocation.stdin,) if invocation.stdin is not None else ()
    return files.read(path, invocation.scope)


def _tabled(invocation: Invocation) -> list[Start]:
    """Return what a program of the tables starts."""
    program = invocation.program
    if program in ("xargs", "gxargs", "parallel"):
        from codex_guard.shell.wrapped import xargs  # noqa: PLC0415 - only where it turns up

        return xargs.started(invocation)
    if program in PLAIN or only_looks(invocation):
        return []
    from codex_guard.shell.wrapped import prefixes  # noqa: PLC0415 - not for what starts nothing
    from codex_guard.shell.wrapped.traits import SPECIAL  # noqa: PLC0415

    found: list[Start] = []
    if program in _SWITCHERS:
        found = [Start(script=text) for text in _switched(invocation.argv)]
        if program == "su" and not found and prefixes.reads(invocation):
            found = [Start((Value("sh"),))]
    if program in SPECIAL:
        from codex_guard.shell.wrapped import specials  # noqa: PLC0415 - rare

        found = specials.started(invocation)
    return found or prefixes.started(invocation)


def only_looks(invocation: Invocation) -> bool:
    """Say whether a search or a listing of lines is one of the usual, which start nothing."""
    texts = [value.text for value in invocation.argv[1:]]
    if invocation.program == "rg":
        return not any(text.startswith("--pre") for text in texts)
    return invocation.program == "sed" and texts[:1] == ["-n"] and not set("".join(texts[1:2])) - _LINES


def _git(invocation: Invocation) -> list[Start]:
    texts = [value.text for value in invocation.argv[1:]]
    if _GIT.isdisjoint(texts) and not any(
        text.startswith(("-c", "--config-env", "--exec-path")) for text in texts
    ):
        return []
    from codex_guard.shell.wrapped import git  # noqa: PLC0415 - rare among git's uses

    return git.started(invocation)


def _script_file(invocation: Invocation) -> list[Start]:
    """Return what a file starts that the script itself wrote and now runs by its path."""
    found: list[Start] = []
    for text in files.read(invocation.argv[0].text, invocation.scope):
        head = text.partition("\n")[0]
        interpreter = head[2:].split() if head.startswith("#!") else []
        if interpreter[:1] == ["/usr/bin/env"]:
            interpreter = interpreter[1:]
        if interpreter and interpreter[0].rpartition("/")[2] not in SHELLS:
            found.append(Start((*(Value(word) for word in interpreter), *invocation.argv)))
        else:
            found.append(Start(script=text, arguments=invocation.argv))
    return found


def _interpreted(invocation: Invocation) -> list[Start]:
    """Return what an interpreter starts: its program is an argument, its input, or a file just written."""
    argv = invocation.argv
    found = [*(_module(argv) if invocation.program.startswith("python") else ()), *inline.started(invocation)]
    if invocation.scope.files and not found:
        for at, value in enumerate(argv[1:], 1):
            for text in files.read(value.text, invocation.scope) if not value.text.startswith("-") else ():
                program = invocation.replace(argv=(argv[0], Value("-"), *argv[at + 1 :]), stdin=text)
                found += inline.started(program)
            if not value.text.startswith("-"):
                break
    return found


def reads_stdin(invocation: Invocation) -> bool:
    """Say whether a shell or interpreter takes its program from standard input."""
    if invocation.program in SHELLS:
        return _read_shell(invocation.argv)[2]
    letters = next((found for name, found in _INLINE.items() if invocation.program.startswith(name)), "")
    for value in invocation.argv[1:]:
        if not value.text.startswith("-") or value.text == "-":
            return value.text in files.STDIN
        if not value.text.startswith("--") and not set(letters).isdisjoint(value.text):
            return False
    return not any(value.text in ("--eval", "--print", "--version", "--help") for value in invocation.argv)


def _module(argv: tuple[Value, ...]) -> list[Start]:
    """Return what ``python -m NAME …`` starts, as if NAME were a program."""
    for at, value in enumerate(argv[1:-1], 1):
        if not value.text.startswith("-") or "c" in value.text:
            break
        if value.text.endswith("m"):
            name = argv[at + 1].text
            program = "codex-guard" if name.startswith("codex_guard") else name
            return [Start((Value(program), *argv[at + 2 :]))]
    return []


def _shell(invocation: Invocation) -> list[Start]:
    script, arguments, stdin = _read_shell(invocation.argv)
    if script is not None:
        return [Start(script=script, arguments=arguments)]
    if stdin:
        return [Start(script=invocation.stdin, arguments=arguments)] if invocation.stdin else []
    known = files.read(arguments[0].text, invocation.scope) if arguments else ()
    return [Start(script=text, arguments=arguments) for text in (*invocation.fed, *known)]


def _read_shell(argv: tuple[Value, ...]) -> tuple[str | None, tuple[Value, ...] | None, bool]:
    """Return a shell's ``-c`` script, its arguments from ``$0`` on, and whether it reads stdin."""
    at, letters = 1, ""
    while at < len(argv):
        text = argv[at].text
        if text in ("--", "-") or text[:1] not in ("-", "+"):
            at += text in ("--", "-")
            break
        at += 1
        if text.startswith("--"):
            name, equals, value = text.partition("=")
            if name == "--command":
                return (value if equals else argv[at].text if at < len(argv) else None), None, False
            at += text in ("--rcfile", "--init-file")
        else:
            if text[0] == "+":
                letters = "".join([letter for letter in letters if letter not in text])
            letters += text[1:] if text[0] == "-" else ""
            at += text.count("o") + text.count("O")
    rest = argv[at:]
    if "n" in letters:  # it only reads
        return None, None, False
    if "c" in letters:
        return (rest[0].text if rest else None), rest[1:], False
    if "s" in letters or not rest:
        return None, (argv[0], *rest), True
    return None, rest, rest[0].text in files.STDIN


def _switched(argv: tuple[Value, ...]) -> list[str]:
    """Return the script that ``su -c`` runs; su takes its options in any place."""
    for at, value in enumerate(argv):
        name, equals, text = value.text.partition("=")
        if name in ("-c", "--command"):
            return [text] if equals else [argv[at + 1].text] if at + 1 < len(argv) else []
    return []

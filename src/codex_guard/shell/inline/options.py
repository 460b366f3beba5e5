"""An interpreter's arguments: the program text among them, and what that program is given itself."""

from codex_guard.record import Record
from codex_guard.shell.invocation import Invocation
from codex_guard.shell.meaning import Value

# Short options behind which the program stands, and those that take another value.
_PROGRAM = {
    "python": "c", "perl": "eE", "ruby": "e", "node": "ep", "php": "rBRE", "lua": "e", "r": "e",
    "osascript": "e", "awk": "e",
}  # fmt: skip
_TAKES = {"python": "mWX", "perl": "", "ruby": "rICE", "node": "rC", "php": "dfcztS", "lua": "l", "r": "",
          "osascript": "ls", "awk": "Fvfi"}  # fmt: skip
# What stands behind these letters is theirs up to the argument's end, and never the next argument.
_ATTACHED = {"perl": "iMmFIC0lxVDd", "ruby": "iFKTWx0", "php": "", "python": "", "node": ""}
_LONG = frozenset(("--eval", "--print", "--source", "--run", "--process-code", "--execute"))
_LONG_TAKES = frozenset(("--require", "--import", "--loader", "--define", "--file", "--field-separator",
                         "--assign", "--encoding", "--ext"))  # fmt: skip
_STDIN = frozenset(("-", "/dev/stdin", "/proc/self/fd/0", "/dev/fd/0"))


class Given(Record):
    """The ``texts`` of the programs, the ``arguments`` for them, and the variables that ``-v`` sets."""

    texts: tuple[str, ...] = ()
    arguments: tuple[Value, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()


def given(language: str, invocation: Invocation) -> Given:
    """Return what the interpreter is given to run: on its command line, on standard input, or fed."""
    argv = invocation.argv[1:]
    if language == "pwsh":
        return _powershell(invocation)
    if language == "node" and argv and argv[0].text in ("eval", "run", "repl", "exec"):
        if argv[0].text == "eval":
            operands = [value for value in argv[1:] if not value.text.startswith("-")]
            return Given(tuple([value.text for value in operands[:1]]), tuple(operands[1:]))
        argv = argv[1:]
    texts, rest, variables, module = _read(language, argv)
    if language == "awk":
        # Without -e and -f the first operand is the program; standard input is data.
        if texts or module:
            return Given(tuple(texts), tuple(rest), tuple(variables))
        return Given(tuple([value.text for value in rest[:1]]), tuple(rest[1:]), tuple(variables))
    if texts:
        return Given(("\n".join(texts),), tuple(rest))
    if module:
        return Given()
    if not rest or rest[0].text in _STDIN:
        read: tuple[str, ...] = (invocation.stdin,) if invocation.stdin else ()
    else:
        read = invocation.fed
    return Given(tuple([_code(text) if language == "php" else text for text in read]), tuple(rest[1:]))


def _code(text: str) -> str:
    """Return PHP's code alone, where it stands within a page."""
    if "<?" not in text:
        return text
    pieces = [piece.partition("?>")[0] for piece in text.split("<?")[1:]]
    return ";\n".join([piece.removeprefix("php").removeprefix("=") for piece in pieces])


def _read(
    language: str, argv: tuple[Value, ...]
) -> tuple[list[str], list[Value], list[tuple[str, str]], bool]:
    """Return program texts, operands, variables, and whether the program stands in a file or module."""
    texts: list[str] = []
    variables: list[tuple[str, str]] = []
    elsewhere = False
    at = 0
    while at < len(argv):
        text = argv[at].text
        if text == "--" or not text.startswith("-") or text == "-":
            at += text == "--"
            break
        at += 1
        following = argv[at].text if at < len(argv) else ""
        if text.startswith("--"):
            name, equals, value = text.partition("=")
            if name in _LONG:
                texts.append(value if equals else following)
            elsewhere = elsewhere or name == "--file"
            at += not equals and (name in _LONG or name in _LONG_TAKES)
            continue
        letter, value, attached = _cluster(language, text[1:])
        value = value if attached else following
        at += bool(letter) and not attached
        if letter and letter in _PROGRAM[language]:
            texts.append(value)
        elif letter == "v" and language == "awk":
            name, _, value = value.partition("=")
            variables.append((name, value))
        if (language, letter) in (("python", "m"), ("awk", "f"), ("php", "f")):
            elsewhere = True
        if language == "python" and letter in ("c", "m"):
            break  # what follows belongs to the program
    return texts, list(argv[at:]), variables, elsewhere


def _cluster(language: str, letters: str) -> tuple[str, str, bool]:
    """Return the option in a cluster that takes a value, the value, and whether it stands in the cluster."""
    takes = _PROGRAM[language] + _TAKES[language]
    if language == "node" and letters == "pe":
        return "p", "", False
    for at, letter in enumerate(letters):
        if letter in _ATTACHED.get(language, ""):
            if letter in "0l":  # digits belong to it; behind them other letters may follow
                continue
            return "", "", True
        if letter in takes:
            rest = letters[at + 1 :]
            # Perl, Ruby and Python run what stands right behind the letter: -e1.
            return letter, rest, bool(rest)
    return "", "", True


def _powershell(invocation: Invocation) -> Given:
    argv = invocation.argv[1:]
    for at, value in enumerate(argv):
        name = value.text.lower().lstrip("-/")
        rest = tuple(argv[at + 1 :])
        if not value.text.startswith(("-", "/")):
            # What is no option is a command for powershell, and a file for pwsh.
            return Given() if invocation.program.startswith("pwsh") else Given((_words(argv[at:]),))
        if name and "command".startswith(name) and rest:
            return Given((invocation.stdin or "",)) if rest[0].text == "-" else Given((_words(rest),))
        if name in ("e", "ec", "enc", "encodedcommand") and rest:
            from codex_guard.shell.inline.powershell import encoded  # noqa: PLC0415 - for PowerShell only

            return Given((encoded(rest[0].text),))
        if name and "file".startswith(name) and rest[:1] != (Value("-"),):
            return Given()
    return Given((invocation.stdin,)) if invocation.stdin else Given()


def _words(values: tuple[Value, ...]) -> str:
    return " ".join([value.text for value in values])

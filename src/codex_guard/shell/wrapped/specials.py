"""Programs that take a command in their own way: in an option's value, a script of theirs, or their input."""

from codex_guard.shell.invocation import Invocation, Start
from codex_guard.shell.meaning import HOLE, Value
from codex_guard.shell.wrapped import socat
from codex_guard.shell.wrapped.prefixes import option, takes_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# Options whose value is a command, all others that take a value, and the marks that a command begins behind.
_CARRIERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "tar": ("IF to-command use-compress-program checkpoint-action rsh-command info-script rmt-command",
    "fCTXbgKLNVH file directory", ("exec=",)),
    "cpio": (" rsh-command", "CEFHIMOR", ()),
    "rsync": ("e rsh rsync-path", "fBTM filter exclude include", ()),
    "ssh": ("o", "BbcDEeFIiJLlmOpQRSWw", ("proxycommand=", "localcommand=", "knownhostscommand=",
    "remotecommand=")),
    "scp": ("oS", "cFiJlPX", ("proxycommand=", "localcommand=")),
    "sftp": ("oS", "BbcDFiJlPRsX", ("proxycommand=", "localcommand=")),
    "man": ("PH pager html", "CRLmMSseErTdp", ()),
    "zip": (" TT unzip-command", "bint", ()),
    "nc": ("ec exec sh-exec", "ghiIoOPpqsTVwXx", ()),
    "mapfile": ("C", "dnOsuc", ()),
    "vim": ("c cmd", "tuiwWTUS", ("system(", "!")),
    "gdb": (" ex eval-command iex", "xpd command", ("shell ", "!", "pipe ", "make ")),
    "psql": ("c command", "dfhpUvPFRTLo dbname file host port username", ("\\!",)),
    "mysql": ("e execute", "uphPDS user password host port database", ("\\!", "system ")),
    "rg": (" pre hostname-bin", "egtTjmMABCr regexp glob type", ()),
    "fzf": (" preview bind", "qnd query nth delimiter", ("execute(", "reload(", "become(",
    "execute-silent(", "")),
    "split": (" filter", "abClntC suffix-length bytes lines number", ()),
    "tcpdump": ("z", "cCEFGijMrsTVwWyZ", ()),
    "openvpn": (" up down route-up ipchange tls-verify", " config", ()),
}  # fmt: skip
_SAME = {
    "gtar": "tar", "bsdtar": "tar", "ncat": "nc", "netcat": "nc", "readarray": "mapfile", "vi": "vim",
    "nvim": "vim",
    "view": "vim", "ex": "vim", "lldb": "gdb", "gsed": "sed", "fdfind": "fd", "batch": "at", "more": "less",
}  # fmt: skip
_LOWERED = ("ssh", "scp", "sftp")  # ssh takes its settings in any case
_KEYS = {"Space": " ", **dict.fromkeys(("Enter", "C-m", "KPEnter", "C-j", "C-c", "C-d", "Escape"), "\n")}
_ESCAPED = "\x01"  # a delimiter with a backslash, for a while
_ADDRESS = " \t0123456789,$!{"
_PARTS = 3  # times that s///'s delimiter stands in it
_MOST = 200  # commands of one program


def started(invocation: Invocation) -> list[Start]:
    """Return what a program of ``wrapped.SPECIAL`` starts besides what stands behind its options."""
    name = _SAME.get(invocation.program, invocation.program)
    found = _carried(name, invocation.argv) if name in _CARRIERS else []
    if name in _READERS:
        found += _READERS[name](invocation)
    return found[:_MOST]


def _carried(name: str, argv: tuple[Value, ...]) -> list[Start]:
    """Return the commands in the values of options."""
    carry, others, marks = _CARRIERS[name]
    carriers = takes_value(carry)
    names = carriers | takes_value(others)
    found: list[Start] = []
    at = 1
    while at < len(argv):
        text = argv[at].text
        at += 1
        if text == "--":
            break
        if name == "vim" and text.startswith("+"):
            key, given = "c", text[1:]
        elif text.startswith("-") and len(text) > 1:
            key, value = option(text, names)
            if value is None and at < len(argv):
                value = argv[at].text
                at += 1
            given = value or ""
        else:
            continue
        if key in carriers and given:
            found += [Start(script=command) for command in _marked(name, given, marks)]
    return found


def _marked(name: str, text: str, marks: tuple[str, ...]) -> list[str]:
    """Return the command behind a mark; without marks, all of ``text`` is one."""
    if not marks:
        return [text]
    compared = text
    if name in _LOWERED:  # ssh takes a blank for the sign, too
        key, sign, rest = text.partition("=") if "=" in text.partition(" ")[0] else text.partition(" ")
        text = key.strip() + (sign and "=") + rest
        compared = text.lower()
    for mark in marks:
        place = compared.find(mark)
        if place >= 0:
            rest = text[place + len(mark) :]
            return [rest.strip("()'\" ") if mark == "system(" else rest]
    return [text] if name == "tar" and "=" not in text else []


def _edited(invocation: Invocation) -> list[Start]:
    """Return what sed starts: the command ``e``, or the flag ``e`` of ``s///e``, which runs what it makes."""
    scripts: list[str] = []
    texts = [value.text for value in invocation.argv[1:]]
    for at, text in enumerate(texts):
        if text in ("-e", "--expression"):
            scripts += texts[at + 1 : at + 2]
        elif text.startswith("--expression="):
            scripts.append(text.partition("=")[2])
    if not scripts:
        scripts = [text for text in texts if not text.startswith("-")][:1]
    found: list[Start] = []
    for line in _rules("\n".join(scripts)):
        rule = line.lstrip(_ADDRESS)
        if rule.startswith("/") and "/" in rule[1:]:  # an address
            rule = rule[1:].partition("/")[2].lstrip()
        if rule.startswith("e ") or rule == "e":
            found.append(Start(script=rule[1:].strip() or invocation.stdin or ""))
        elif rule[:1] == "s" and len(rule) > 1:
            pieces = rule[2:].replace("\\" + rule[1], _ESCAPED).split(rule[1])
            if len(pieces) == 3 and "e" in pieces[2].partition("w")[0]:  # noqa: PLR2004 - old, new and flags
                found.append(Start(script=pieces[1].replace(_ESCAPED, rule[1]).replace("\\n", "\n")))
    return found


def _rules(script: str) -> list[str]:
    """Split a script of sed at its line ends and semicolons, but for those within ``s;old;new;``."""
    found: list[str] = []
    for line in script.split("\n"):
        pieces = line.split(";")
        while pieces:
            rule = pieces.pop(0)
            head = rule.lstrip(_ADDRESS)
            if head == "s" and pieces:  # s;old;new;
                rule += ";" + pieces.pop(0)
                head += ";"
            if head[:1] == "s" and len(head) > 1:
                while pieces and head.replace("\\" + head[1], "").count(head[1]) < _PARTS:
                    rule += ";" + pieces.pop(0)
                    head = rule.lstrip(_ADDRESS)
            found.append(rule)
            if len(found) > _MOST:
                return found
    return found


def _paged(invocation: Invocation) -> list[Start]:
    """Return what ``less +!command`` runs."""
    texts = [value.text for value in invocation.argv[1:] if value.text.startswith("+")]
    return [Start(script=text.lstrip("+!")) for text in texts if "!" in text[:3]]


def _from_input(invocation: Invocation) -> list[Start]:
    """Return what ``at`` will run, which it reads."""
    return [Start(script=invocation.stdin)] if invocation.stdin else []


def _line_edited(invocation: Invocation) -> list[Start]:
    """Return the lines that ``ed`` reads and hands to a shell."""
    lines = (invocation.stdin or "").split("\n")[:_MOST]
    return [Start(script=line.lstrip()[1:]) for line in lines if line.lstrip().startswith("!")]


def _queried(invocation: Invocation) -> list[Start]:
    """Return what ``sqlite3`` runs for ``.shell`` and ``.system``."""
    texts = [value.text for value in invocation.argv[1:]] + (invocation.stdin or "").split("\n")[:_MOST]
    found = [text.strip().partition(" ") for text in texts]
    return [Start(script=rest) for name, _, rest in found if name in (".shell", ".system") and rest]


def _keyed(invocation: Invocation) -> list[Start]:
    """Return what ``tmux send-keys`` types into a shell."""
    texts = [value.text for value in invocation.argv]
    at = next(
        (at for at, text in enumerate(texts) if text in ("send-keys", "send", "if-shell", "pipe-pane")), None
    )
    if at is None:
        return []
    typed: list[str] = []
    rest = iter(texts[at + 1 :])
    for text in rest:
        if text in ("-t", "-N"):
            next(rest, None)
        elif not text.startswith("-"):
            typed.append(_KEYS.get(text, text))
    return [Start(script=" ".join(typed))] if typed else []


def _stuffed(invocation: Invocation) -> list[Start]:
    """Return what ``screen -X stuff`` types into a shell."""
    texts = [value.text for value in invocation.argv]
    if "stuff" not in texts[:-1]:
        return []
    return [Start(script=texts[texts.index("stuff") + 1].replace("\\n", "\n").replace("^M", "\n"))]


def _capable(invocation: Invocation) -> list[Start]:
    """Return the shell that ``capsh`` starts with what stands behind its dashes."""
    texts = [value.text for value in invocation.argv]
    at = next((at for at, text in enumerate(texts) if text in ("--", "==")), None)
    return [Start((Value("bash"), *invocation.argv[at + 1 :]))] if at is not None else []


def _daemon(invocation: Invocation) -> list[Start]:
    texts = [value.text for value in invocation.argv]
    rest = invocation.argv[texts.index("--") + 1 :] if "--" in texts else ()
    found: list[Start] = []
    for at, text in enumerate(texts[:-1]):
        if text in ("-x", "--exec", "-a", "--startas"):
            found.append(Start((invocation.argv[at + 1], *rest)))
        elif text.startswith(("--exec=", "--startas=")):
            found.append(Start((Value(text.partition("=")[2]), *rest)))
    return found


def _found(invocation: Invocation) -> list[Start]:
    """Return what ``fd -x`` starts with each file that it meets."""
    argv = invocation.argv
    at = next(
        (at for at, value in enumerate(argv) if value.text in ("-x", "-X", "--exec", "--exec-batch")), None
    )
    if at is None or at + 1 >= len(argv):
        return []
    from codex_guard.shell.wrapped.xargs import filled  # noqa: PLC0415 - rare

    folders = [value for value in argv[1:at] if not value.text.startswith("-")][1:]
    command = argv[at + 1 :]
    ends = [number for number, value in enumerate(command) if value.text == ";"]
    command = command[: ends[0]] if ends else command
    item = folders[0] if len(folders) == 1 and argv[1].text in (".", "") else Value(HOLE)
    if any("{" in value.text for value in command):
        return [Start(filled(filled(command, "{}", item), "{/}", item))]
    return [Start((*command, item))]


def _everywhere(invocation: Invocation) -> list[Start]:
    """Return the command that ``ansible`` runs on its hosts."""
    texts = [value.text for value in invocation.argv]
    modules = [texts[at + 1] for at, text in enumerate(texts[:-1]) if text in ("-m", "--module-name")]
    if modules and modules[-1].rpartition(".")[2] not in ("shell", "command", "raw"):
        return []
    given = [texts[at + 1] for at, text in enumerate(texts[:-1]) if text in ("-a", "--args")]
    return [Start(script=text, elsewhere="host") for text in given[-1:]]


_READERS: "dict[str, Callable[[Invocation], list[Start]]]" = {
    "sed": _edited,
    "less": _paged,
    "man": _paged,
    "at": _from_input,
    "ed": _line_edited,
    "sqlite3": _queried,
    "tmux": _keyed,
    "screen": _stuffed,
    "capsh": _capable,
    "start-stop-daemon": _daemon,
    "fd": _found,
    "ansible": _everywhere,
    "socat": socat.started,
}

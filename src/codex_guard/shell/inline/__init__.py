"""Programs given to interpreters on a command line: the commands that they would start.

Nothing but this page is imported until an interpreter turns up with a program to read.
"""

from codex_guard.shell.invocation import Invocation, Start

_LANGUAGES = {
    "python": "python", "pypy": "python", "ipython": "python", "pythonw": "python", "jython": "python",
    "perl": "perl", "ruby": "ruby", "jruby": "ruby", "node": "node", "nodejs": "node", "bun": "node",
    "deno": "node", "tsx": "node", "ts-node": "node", "php": "php", "php-cli": "php", "lua": "lua",
    "luajit": "lua", "Rscript": "r", "osascript": "osascript", "pwsh": "pwsh", "powershell": "pwsh",
    "pwsh-preview": "pwsh", "awk": "awk", "gawk": "awk", "mawk": "awk", "nawk": "awk", "original-awk": "awk",
}  # fmt: skip


def language(program: str) -> str:
    """Return the language that ``program`` interprets; empty where it is no interpreter."""
    return _LANGUAGES.get(program.removesuffix(".exe").rstrip("0123456789."), "")


def started(invocation: Invocation) -> list[Start]:
    """Return what a program on the command line, or on standard input, would start or destroy.

    What destroys, reads or writes without starting anything is given as the shell's own command for it:
    ``shutil.rmtree(P)`` as ``rm -r P``. A text that is known at run time only is a HOLE.
    """
    if len(invocation.argv) < 2 and invocation.stdin is None:  # noqa: PLR2004 - nothing but the interpreter
        return []
    spoken = language(invocation.program)
    if spoken == "python" and invocation.argv[1:2] and invocation.argv[1].text == "-m":
        return []  # a module, which is walked as a program of its own
    from codex_guard.shell.inline import options  # noqa: PLC0415 - for interpreters only

    given = options.given(spoken, invocation)
    if not given.texts:
        return []
    if spoken == "pwsh":
        from codex_guard.shell.inline import powershell  # noqa: PLC0415 - for PowerShell only

        return [start for text in given.texts for start in powershell.started(text, invocation.scope)]
    from codex_guard.shell.inline import reader  # noqa: PLC0415 - for programs only

    return reader.started(spoken, given, invocation.scope)

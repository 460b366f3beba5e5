"""The command lines that Codex runs: fail-closed wrappers around the executables.

Codex takes every exit but 0 and 2 for "go ahead", so each command is a small POSIX-sh script that turns
127 (not installed), 126, a signal and any other status into exit 2 with a sentence. It reads the same
in bash, sh and zsh: one program, one quoted script, quoted arguments.
"""

import shlex

from codex_guard.record import Record
from codex_guard.wire.events import JUDGED_STATUS, JUDGED_VARIABLE, TIMEOUTS

#: The executables by event, in the order in which a turn meets them.
EXECUTABLES = {
    "UserPromptSubmit": "codex-guard-user-prompt-submit",
    "PreToolUse": "codex-guard-pre-tool-use",
    "PostToolUse": "codex-guard-post-tool-use",
    "SubagentStop": "codex-guard-stop",
    "Stop": "codex-guard-stop",
}
_STATUS = {
    "UserPromptSubmit": "codex-guard: scanning the prompt",
    "PreToolUse": "codex-guard: checking the call",
    "PostToolUse": "codex-guard: scanning what was written",
    "SubagentStop": "codex-guard: checking a subagent's work",
    "Stop": "codex-guard: checking the work",
}
_ENDS = ("SubagentStop", "Stop")
# Where the interpreter cannot be told -I: what makes Python load other code, or behave otherwise.
_NEUTRAL = (
    "unset PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONUSERBASE PYTHONPYCACHEPREFIX PYTHONPLATLIBDIR"
    " PYTHONWARNINGS PYTHONINSPECT PYTHONBREAKPOINT PYTHONOPTIMIZE PYTHONEXECUTABLE PYTHONCASEOK"
    " PYTHONDEVMODE PYTHONVERBOSE PYTHONDEBUG PYTHONPROFILEIMPORTTIME PYTHONHASHSEED PYTHONTRACEMALLOC; "
    "export PYTHONNOUSERSITE=1 PYTHONSAFEPATH=1 PYTHONUTF8=1; "
)
# A user's shell options reach every sh through SHELLOPTS, where sh is bash.
_OPTIONS = "set +eux; "
_STARTED = f'{JUDGED_VARIABLE}={JUDGED_STATUS} "$@"; '
_JUDGED = (
    f"s=$?; case $s in {JUDGED_STATUS}) exit 0;; 2) exit 2;; "
    '126|127) m="cannot be started: is codex-guard installed? {install}";; '
    '*) m="stopped with status $s before it could judge.";; esac; '
)
_BLOCKED = 'echo "codex-guard: the {event} hook $m" >&2; exit 2'
# The event is kept for _STOP_ENDS. A variable ``e`` from outside would be exported with it, and be too long
# to start anything; the default path (-p) keeps out a ``cat`` of the repository's, where PATH leads there.
_KEEP_EVENT = 'unset e; e=$(command -p cat 2>/dev/null || cat); printf %s "$e" | '
# A turn that every end of which fails would never end: the second failure in a row lets it.
_STOP_ENDS = 'case $e in *\\"stop_hook_active\\":true*|*\\"stop_hook_active\\":\\ true*) echo "{{\\"systemMessage\\":\\"codex-guard: the Stop hook $m The turn ends unchecked.\\"}}"; exit 0;; esac; '  # noqa: E501
# No package index is named: whoever registers the name there first would be installed.
_INSTALL_REPOSITORY = "Install it as its README says, so that it is on PATH, or ask who added this hook."
_INSTALL_ABSOLUTE = "Reinstall it and run codex-guard init again."
_MARK = "codex-guard"


class Install(Record):
    """How hooks are started: by name, found on PATH, or by an interpreter's and the launcher's paths."""

    interpreter: str | None = None
    launcher: str | None = None


def hook_command(event: str, install: Install) -> str:
    """Return the command line for an event's hook."""
    executable = EXECUTABLES[event]
    if install.interpreter is None or install.launcher is None:
        started: tuple[str, ...] = (executable,)
        before, hint = _NEUTRAL, _INSTALL_REPOSITORY
    else:
        name = executable.removeprefix("codex-guard-")
        # A file's name is UTF-8 to us whatever the locale says: PYTHONUTF8 does not reach an isolated Python.
        started = (install.interpreter, "-X", "utf8", "-I", "-S", install.launcher, name)
        before, hint = "", _INSTALL_ABSOLUTE
    judged = _JUDGED.format(install=hint)
    blocked = _BLOCKED.format(event=event)
    if event in _ENDS:
        script = f"{_OPTIONS}{before}{_KEEP_EVENT}{_STARTED}{judged}{_STOP_ENDS.format()}{blocked}"
    else:
        script = f"{_OPTIONS}{before}{_STARTED}{judged}{blocked}"
    return shlex.join(("/bin/sh", "-c", script, _MARK, *started))


def is_ours(command: object) -> bool:
    """Say whether a hook's command is one that ``hook_command`` makes, of this version or another."""
    return isinstance(command, str) and command.startswith("/bin/sh -c '") and f"' {_MARK} " in command


def handler(event: str, install: Install) -> dict[str, object]:
    """Return a hook handler as hooks.json and requirements.toml hold it. The timeout is in whole seconds."""
    return {
        "type": "command",
        "command": hook_command(event, install),
        "timeout": TIMEOUTS[event],
        "statusMessage": _STATUS[event],
    }

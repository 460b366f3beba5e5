"""The one error that is meant for a person."""


class GuardError(Exception):
    """Something a person can act on: ``str(error)`` is one sentence saying what, where and what next.

    The sentence is shown to the user and may reach the model and the ledger, so whoever raises it
    keeps file contents, prompts and commands out of it.
    """


MISSING_INDEX = (
    "codex-guard's rule index is missing, so nothing can be judged: reinstall codex-guard, or run"
    " `make index` in a checkout."
)

"""``codex-guard``: the verbs, and the one place that turns an error into an exit code."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from codex_guard import __version__
from codex_guard.cli import demo, init, replay, scan
from codex_guard.errors import GuardError

_VERBS = (init, demo, scan, replay)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb. Returns 0, 1 where it found what it looks for, 2 where it could not do its work."""
    parser = argparse.ArgumentParser(
        prog="codex-guard", description="Secret scanning, dangerous-command and validation hooks for Codex."
    )
    parser.add_argument("--version", action="version", version=f"codex-guard {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for verb in _VERBS:
        verb.add_to(verbs)
    chosen = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        status = run(chosen)
        sys.stdout.flush()
    except GuardError as error:
        print(f"codex-guard: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("codex-guard: interrupted.", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader has seen enough; Python must not complain while it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())

"""``codex-guard``: the verbs, and the one place that turns an error into an exit code."""

import argparse
import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence

from codex_guard import __version__
from codex_guard.cli import allow, check, demo, explain, init, replay, rule, rules, scan, scrub, show
from codex_guard.errors import GuardError

_VERBS = (init, demo, check, scan, show, scrub, explain, allow, rule, rules, replay)


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
    for stream in (sys.stdout, sys.stderr):
        # A file's name need not be text, and a terminal need not know every character.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
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
    except OSError as error:
        place = f" ({error.filename})" if isinstance(error.filename, str) else ""
        print(f"codex-guard: {error.strerror or type(error).__name__}{place}.", file=sys.stderr)
        return 2
    except Exception as error:  # noqa: BLE001 - an error's message can hold what was being judged
        frames = "".join(traceback.format_tb(error.__traceback__))
        print(
            f"{frames}codex-guard: an internal error ({type(error).__name__}): please report it.",
            file=sys.stderr,
        )
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())

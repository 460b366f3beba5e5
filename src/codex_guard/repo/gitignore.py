"""Patterns of gitignore, by which policies name files.

https://git-scm.com/docs/gitignore#_pattern_format
"""

import os
import sys
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def matcher(lines: tuple[str, ...]) -> "Callable[[str], bool]":
    """Return what says whether a path, relative to the patterns' folder, is matched.

    Raises ValueError for what is no pattern.
    """
    import re  # noqa: PLC0415 - pathspec loads it
    import warnings  # noqa: PLC0415

    try:
        import pathspec  # noqa: PLC0415 - 30 ms, paid only where a pattern is compared
    except ImportError:
        # Started without site: the package's folder is known, its neighbours' may not be (editable install).
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        prefix = os.path.dirname(os.path.dirname(sys.executable))
        sys.path.append(os.path.join(prefix, "lib", version, "site-packages"))
        import pathspec  # noqa: PLC0415
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the regex that pathspec makes of [[x], for stderr
            return pathspec.GitIgnoreSpec.from_lines(lines).match_file
    except re.error as error:  # of a range such as [z-a]
        raise ValueError(str(error)) from error

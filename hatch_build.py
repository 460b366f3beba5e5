"""Build hook: compiles patterns/ into modules of src/codex_guard, for wheels and editable installs."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexBuildHook(BuildHookInterface):  # type: ignore[misc]
    """Puts the compiled rule index into what is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch's signature
        """Compile in an interpreter of its own, so that the source tree is never imported into hatch.

        It sees what this one sees: an isolated build's requirements may stand on a path that only pip knows.
        """
        root = Path(self.root)
        places = [str(root / "src"), *sys.path]
        code = f"import sys; sys.path[:] = {places!r}; from codex_guard.build import main; sys.exit(main())"
        subprocess.run([sys.executable, "-I", "-c", code], check=True, cwd=root)  # noqa: S603 - our own code
        build_data["artifacts"] += ["src/codex_guard/_index.py", "src/codex_guard/_commands.py"]

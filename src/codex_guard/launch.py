"""Starts a hook without ``site``: ``python -I -S .../launch.py pre-tool-use [--timeout=SECONDS]``.

That is the form that absolute hook commands use: no environment variable, no user site, no ``.pth``
file, nothing of the working folder is read, and start-up is 2 ms shorter.
"""

import sys

HOOKS = {
    "user-prompt-submit": "user_prompt_submit",
    "pre-tool-use": "pre_tool_use",
    "post-tool-use": "post_tool_use",
    "stop": "stop",
}


def main() -> None:
    """Run the hook that the first argument names; the rest is the hook's."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    module = HOOKS.get(name)
    if module is None:
        sys.stderr.write(f"codex-guard: launch.py needs the name of a hook: {', '.join(HOOKS)}.\n")
        sys.exit(2)
    packages = __file__.rpartition("/")[0].rpartition("/")[0]
    sys.path.append(packages)
    if not packages.endswith("-packages"):
        # An editable install: the environment's other packages are not beside this one.
        prefix = sys.executable.rpartition("/")[0].rpartition("/")[0]
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        sys.path.append(f"{prefix}/lib/{version}/site-packages")
    sys.argv = [name, *sys.argv[2:]]
    __import__(f"codex_guard.hooks.{module}", fromlist=["main"]).main()


if __name__ == "__main__":
    main()

"""Real repositories for tests."""

import subprocess
from pathlib import Path

AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")


Done = subprocess.CompletedProcess[bytes]


def run(folder: Path, *arguments: str, check: bool = True) -> Done:
    command = ["git", "-C", str(folder), *AUTHOR, *arguments]
    return subprocess.run(command, check=check, capture_output=True, timeout=60)


def put(path: Path, text: str = "text\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def repository(folder: Path, *names: str) -> Path:
    """Return a repository with a commit of these files."""
    folder.mkdir(parents=True, exist_ok=True)
    run(folder, "init", "-q")
    for name in names:
        put(folder / name)
    run(folder, "add", "--all")
    run(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder

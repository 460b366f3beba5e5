"""Files and programs for tests that need a repository, without what the machine itself has."""

from pathlib import Path

import pytest


def grow(root: Path, files: dict[str, str]) -> Path:
    """Write files below ``root``, by their names."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
    return root


def program(path: Path, mode: int = 0o755) -> str:
    """Write a program that does nothing, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return str(path)


def bare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave a machine with nothing installed but what is put into the folder that this returns."""
    machine = folder / "machine" / "bin"
    machine.mkdir(parents=True)
    monkeypatch.setenv("PATH", str(machine))
    for name in ("GOPATH", "GOBIN", "CARGO_HOME", "RUSTUP_HOME"):
        monkeypatch.delenv(name, raising=False)
    return machine

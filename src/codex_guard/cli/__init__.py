"""The ``codex-guard`` command, one verb a module."""

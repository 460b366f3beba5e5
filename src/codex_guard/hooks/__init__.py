"""The four executables that Codex runs, over one runner."""

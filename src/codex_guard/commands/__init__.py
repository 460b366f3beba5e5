"""Dangerous commands: what a script would run, judged by rules. Pure."""

"""Codex's own JSON and files: the only room that knows how Codex spells anything."""

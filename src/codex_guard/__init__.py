"""Guard for OpenAI Codex sessions: secrets, dangerous commands, and validation at a turn's end."""

__version__ = "0.1.0"

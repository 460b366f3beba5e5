"""How ``codex-guard check`` prints its report: for people, for programs, for GitHub."""

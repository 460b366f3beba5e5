"""What the guard remembers: the audit log, the install's key, and each session's state."""

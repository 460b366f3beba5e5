"""Which files a tool call writes, and with what. Pure: nothing is read from disk."""

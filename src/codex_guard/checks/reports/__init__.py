"""Reading what validators print: one module a format, each yielding raw entries; ``read`` makes failures."""

"""The git repository of a session, asked so that nothing in it can answer with code."""

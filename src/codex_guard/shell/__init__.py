"""Bash text to a tree, and what its words mean before anything runs. Pure and bounded."""

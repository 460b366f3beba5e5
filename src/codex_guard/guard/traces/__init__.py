"""What sessions leave in Codex's own folder, and masking the secrets in it so that nothing moves.

A masked character becomes as many ``*`` as it has bytes: readers know places in these files by line, and
Codex's own databases know places in rollouts by byte. Nothing here is loaded before a secret is found.
"""

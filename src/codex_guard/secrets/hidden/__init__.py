"""Reading what stands disguised: encodings, escapes, split and reversed text."""

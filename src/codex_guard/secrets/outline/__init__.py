"""What a file of settings holds, without its values: names and structure. Pure."""

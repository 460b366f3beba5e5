"""What a name tells: reading a name and its value, and judging both."""

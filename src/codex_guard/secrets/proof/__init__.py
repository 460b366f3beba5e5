"""What a format proves by itself: checksums and structure."""

"""Rules as people write them: packs, read and checked. Never on a clean path."""

"""The four executables that Codex runs, over one runner."""

import gc

# A hook makes few cycles and ends soon: collecting while its rules load costs every call a millisecond.
gc.set_threshold(100_000, 10, 10)

"""Python's own parse of a regex, which typing knows nothing of. Never on a hook's path."""

import importlib
from typing import Any

parser: Any = importlib.import_module("re._parser")
kinds: Any = importlib.import_module("re._constants")

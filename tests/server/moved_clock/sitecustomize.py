# SPDX-License-Identifier: Apache-2.0
"""A clock that a test moves: the seconds in a file are added to the time of every process."""

import os
import time
from pathlib import Path

_now = time.time
_file = Path(os.environ["MOVED_CLOCK"])


def moved() -> float:
    """Return the time, moved by the seconds in the file."""
    return _now() + float(_file.read_text() or 0)


time.time = moved

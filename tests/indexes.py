# SPDX-License-Identifier: Apache-2.0
"""One folder for the indexes of names of all processes of a run.

An index is found by what it was made of, so that processes may share it, and to make one of all
lists takes most of a minute: whoever comes first makes it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from bilat.parties.match import index_file

#: Environment variable with the folder; workers and servers inherit it from the first process.
VARIABLE = "BILAT_TEST_INDEXES"


def begin() -> None:
    """Make the folder, unless a process before made it, for as long as this process runs."""
    index_file.MOST_KEPT = 100  # of all tests; a user's folder has fewer
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="bilat-indexes-")
        atexit.register(shutil.rmtree, os.environ[VARIABLE], ignore_errors=True)


def share(holdings: Path) -> Path:
    """Let a folder of holdings have the indexes that all share; return the folder."""
    holdings.mkdir(parents=True, exist_ok=True)
    link = holdings / "index"
    if not link.exists():
        link.symlink_to(os.environ[VARIABLE], target_is_directory=True)
    return holdings

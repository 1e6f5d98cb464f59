# SPDX-License-Identifier: Apache-2.0
"""One folder for the answers of measures and the pages of plans of all processes of a run.

All claims of a day take a dozen seconds, and many tests, servers and commands ask them: whoever comes
first works an answer out. The folder is new in every run, so that a test sees what the code does now.
A test that patches anything neither reads nor keeps answers; nor does one that runs the same code
in another way (``BILAT_CACHE=off`` in its own environment).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from bilat.files import cache

#: Environment variable with the folder; workers, servers and commands inherit it from the first process.
VARIABLE = "BILAT_TEST_ANSWERS"


def begin() -> None:
    """Make the folder, unless a process before made it, for as long as this process runs."""
    cache.SHIPPED = Path(os.devnull)  # nothing of a release
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="bilat-answers-")
        atexit.register(shutil.rmtree, os.environ[VARIABLE], ignore_errors=True)
    os.environ["BILAT_CACHE"] = os.environ[VARIABLE]
    cache.folder("answers")  # a folder that is there is not begun with the answers of a release


def stop_while_patched() -> None:
    """Let no answer of patched code into the folder, and no answer out of it to a test that patches."""
    patch = pytest.MonkeyPatch.setattr

    def setattr_without_answers(self: pytest.MonkeyPatch, *given: Any, **named: Any) -> None:
        if os.environ.get("BILAT_CACHE") == os.environ[VARIABLE]:
            self.setenv("BILAT_CACHE", "off")
        patch(self, *given, **named)

    pytest.MonkeyPatch.setattr = setattr_without_answers  # type: ignore[assignment, method-assign]

# SPDX-License-Identifier: Apache-2.0
"""A HiGHS that says nothing: its first instance prints a banner on the standard output of the process."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from functools import cache

import highspy


@cache
def _greeted() -> bool:
    """Let the banner of the first instance go to nowhere, so that ``--json`` prints JSON alone."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # no standard output: nowhere to print to
        highspy.Highs()
        return True
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()
        with suppress(OSError, TypeError):  # no C library by that name (Windows): the banner stays
            ctypes.CDLL(None).fflush(None)
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
    return True


def quiet_solver() -> highspy.Highs:
    """A new solver without output."""
    _greeted()
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    return solver

# SPDX-License-Identifier: Apache-2.0
"""The forms of a test, one module each: which windows it reads, and the one figure it makes of them."""

from bilat.verdicts.forms import change, gap, level, trend
from bilat.verdicts.forms.question import PendingTest

#: Forms that compare a figure with thresholds; ``trend`` has a test of its own.
FIGURES = {"level": level, "change": change, "gap": gap}

__all__ = ["FIGURES", "PendingTest", "trend"]

# SPDX-License-Identifier: Apache-2.0
"""How many of the findings of a family may be false."""

from __future__ import annotations

import numpy as np

from bilat.diversion.legs import Array

#: The false discovery rate at which a hub, a group or a leap is flagged.
FLAG_Q = 0.10


def benjamini_hochberg(p: Array) -> Array:
    """Return the false discovery rate at which each hypothesis is rejected.

    Equal to ``scipy.stats.false_discovery_control``, whose import costs half a second: a sixth of
    what the default question takes.

    Parameters
    ----------
    p
        p-values, one a hypothesis.
    """
    if not len(p):
        return np.empty(0)
    order = np.argsort(p)
    rates = p[order] * len(p) / np.arange(1, len(p) + 1)
    falling = np.minimum.accumulate(rates[::-1])[::-1]
    adjusted = np.empty(len(p))
    adjusted[order] = falling
    return np.minimum(adjusted, 1.0)

# SPDX-License-Identifier: Apache-2.0
"""What each hub took beyond the expected in all the goods asked, rises and falls together.

Where leg two is not held no single rise may stand out from chance, and a sum of the largest rises would be a sum of
luck. The sum over all goods is not picked: what rose by chance is paid for by what fell.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bilat.diversion.legs import Array

#: The normal quantile of an 80% interval.
Q80 = 1.2815515655446004


def net_by_hub(hub: Array, excess: Array, names: list[str]) -> dict[str, dict[str, Any]]:
    """Hub -> ``pairs``, ``diverted`` (the sum, USD), ``low`` and ``high`` (80%), of hubs whose sum is above zero.

    The interval treats the goods as drawn anew: the sum of n goods has the variance n times that of one. What moved
    all goods of a hub alike is in the counterfactual or not at all.
    """
    found = {}
    for code in np.unique(hub).tolist():
        e = excess[hub == code]
        total, error = float(e.sum()), float(np.sqrt(len(e)) * e.std())
        if total > 0:
            found[names[code]] = {
                "flags": 0,
                "pairs": len(e),
                "diverted": round(total),
                "low": round(max(0.0, total - Q80 * error)),
                "high": round(total + Q80 * error),
            }
    return found

# SPDX-License-Identifier: Apache-2.0
"""When a series broke: the one change of level in its logarithm that leaves the least squares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def break_date(periods: Sequence[str], values: Sequence[float], offset: float) -> str | None:
    """The first period of the new level; None for fewer than five periods or a flat series.

    ``ruptures``' dynamic programme with ``jump=1`` (its default of 5 misplaces months) on
    ln(value + offset). ``periods`` must be complete: absent months are zeros, not gaps.
    """
    if len(periods) < 5 or np.ptp(values) <= 0:
        return None
    import ruptures

    signal = np.log(np.asarray(values, dtype=float) + offset).reshape(-1, 1)
    at = (
        ruptures.Dynp(model="l2", jump=1, min_size=2 if len(periods) >= 12 else 1)
        .fit(signal)
        .predict(n_bkps=1)[0]
    )
    return periods[at]

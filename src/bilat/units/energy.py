# SPDX-License-Identifier: Apache-2.0
"""Physical units of energy."""

from __future__ import annotations

import calendar

#: Barrels in a tonne of crude oil: the average that MEES uses for China's customs figures.
BARRELS_PER_TONNE = 7.33


def days_in(period: str) -> int:
    """Days in a year ``2023`` or a month ``2025-06``."""
    year = int(period[:4])
    if len(period) == 4:
        return 366 if calendar.isleap(year) else 365
    return calendar.monthrange(year, int(period[5:7]))[1]


def million_barrels_a_day(megatonnes: float, period: str) -> float:
    """Million tonnes in a year or month -> million barrels a day."""
    return megatonnes * BARRELS_PER_TONNE / days_in(period)


def megatonnes(million_barrels_a_day: float, period: str) -> float:
    """Million barrels a day over a year or month -> million tonnes."""
    return million_barrels_a_day * days_in(period) / BARRELS_PER_TONNE

# SPDX-License-Identifier: Apache-2.0
"""Units: what kind of figure a unit is for; money and physical units of energy."""

from bilat.units.unit import (
    EUR,
    PERCENT,
    RATIO,
    SHARE,
    USD,
    Kind,
    Unit,
    count,
    index,
    money,
    of_one_year,
    percent,
    quantity,
    ratio,
    share,
)

__all__ = [
    "EUR",
    "PERCENT",
    "RATIO",
    "SHARE",
    "USD",
    "Kind",
    "Unit",
    "count",
    "index",
    "money",
    "of_one_year",
    "percent",
    "quantity",
    "ratio",
    "share",
]
